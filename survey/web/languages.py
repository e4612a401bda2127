"""Which language a page speaks: Chinese, or English when the switch or the browser clearly asks for it.

The catalogue is kept as text and read into memory at the start, so that a checkout, an editable install and the wheel
all speak without a step that compiles something.
"""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast
from urllib.parse import urlencode

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, has_app_context, has_request_context, request, session
from flask_babel import Babel, Domain

LANGUAGES = ("zh", "en")
_ENGLISH = Path(__file__).parent.parent / "translations" / "en" / "LC_MESSAGES"
CATALOGUE = _ENGLISH / "messages.po"
LIBRARY = _ENGLISH / "library.po"
_TAGS = {"zh": "zh-CN", "en": "en"}
_NAMES = {"zh": "中文", "en": "English"}
_CHOSEN = "lang"


def choose_language() -> str:
    """`?lang=`, then what staff chose before, then what the browser clearly prefers.

    A voter's choice travels in the address alone: the booth keeps nothing about anybody.
    """
    if not has_request_context():
        return LANGUAGES[0]
    asked = request.args.get("lang", "")
    if asked not in LANGUAGES and request.blueprint != "booth":
        asked = session.get(_CHOSEN, "")
    return asked if asked in LANGUAGES else _preferred()


def language_tag() -> str:
    """The language of this page as `<html lang>` wants it."""
    return _TAGS[choose_language()]


def direction() -> str:
    """Which way this page runs, as `<html dir>` wants it."""
    return Locale.parse(choose_language()).text_direction


def switch_to(**kept: str) -> dict[str, str]:
    """The other language: its address, which keeps these parts of the query, its tag and its name."""
    other = LANGUAGES[1 - LANGUAGES.index(choose_language())]
    return {"href": f"?{urlencode({**kept, 'lang': other})}", "tag": _TAGS[other], "name": _NAMES[other]}


def language_name(language: str) -> str:
    """What a language calls itself; KeyError when no page speaks it."""
    return _NAMES[language]


def keep_language_only() -> None:
    """Empty the session of staff, but go on in the language that was chosen."""
    chosen = session.get(_CHOSEN)
    session.clear()
    if chosen in LANGUAGES:
        session[_CHOSEN] = chosen


def speak(app: Flask) -> None:
    """Let every page choose its language, know its tag and offer the other one."""
    babel = Babel(app, locale_selector=choose_language)
    babel.domain_instance = _domain("messages", CATALOGUE)
    app.extensions["library_words"] = _domain("library", LIBRARY)
    app.before_request(_remember)
    app.context_processor(lambda: {"language_tag": language_tag(), "direction": direction(), "other_language": _switch()})


def library() -> Domain:
    """The texts of the ready questionnaires; outside a page they stay Chinese."""
    return cast(Domain, current_app.extensions["library_words"]) if has_app_context() else Domain([])


def _domain(name: str, catalogue: Path) -> Domain:
    # Chinese is what stands in the source: its catalogue is empty, and nothing is looked for on the disk.
    domain = Domain([], name)
    domain.cache["en", name] = _read(catalogue)
    return domain


@cache
def _read(catalogue: Path) -> Translations:
    """A catalogue, read once a process: nothing changes it while it is in use."""
    compiled = BytesIO()
    with catalogue.open("rb") as text:
        write_mo(compiled, read_po(text, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


def _remember() -> None:
    """Staff chose by the switch: their session goes on like that. No voter has one."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and request.blueprint not in (None, "booth"):
        session[_CHOSEN] = asked


def _switch() -> dict[str, str] | None:
    """None on the answer to a form, which may hold what is shown only once; the language was chosen before it."""
    if request.method not in ("GET", "HEAD"):
        return None
    return switch_to(**{name: value for name, value in request.args.items() if name != "lang"})


def _preferred() -> str:
    """English when the browser puts it before Chinese, which is spoken to everybody else."""
    quality = dict.fromkeys(LANGUAGES, 0.0)
    for tag, q in request.accept_languages:
        language = tag.lower().split("-")[0]
        if language in quality:
            quality[language] = max(quality[language], q)
    return "en" if quality["en"] > quality["zh"] else "zh"
