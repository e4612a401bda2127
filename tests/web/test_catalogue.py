"""The English catalogue says every sentence of the product, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from survey.web.languages import CATALOGUE

ROOT = Path(__file__).parent.parent.parent

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\uff01-\uff5e\u3001-\u3011]")
# The name of the thing, the name of the language, and the names of columns that a list may have.
MAY_STAY = ("评议", "中文", "姓名", "单位", "编号", "序号", "所在党支部")
HOW = {".py": "python", ".html": "jinja2.ext:babel_extract"}
MEND = "Run make messages (or pybabel as it does) and write what is missing into messages.po."

Key = tuple[str | None, str]


def said() -> Iterator[tuple[Key, str]]:
    """Every sentence that goes through gettext, by context and text, with the plural form or nothing."""
    for folder in ("survey", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in HOW:
                continue
            for _line, message, _comments, context in extract_from_file(HOW[path.suffix], path, DEFAULT_KEYWORDS):
                parts = (message,) if isinstance(message, str) else message
                yield (context, parts[0]), parts[1] if len(parts) > 1 else ""


def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as text:
        return read_po(text, locale="en")


def strings(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)  # type: ignore[arg-type]


def test_nothing_is_missing_and_nothing_is_unused() -> None:
    wanted = {key for key, _plural in said()}
    kept = {(message.context, strings(message.id)[0]) for message in catalogue() if message.id}
    assert not wanted - kept, MEND
    assert not kept - wanted, MEND


def test_every_sentence_has_its_english_and_none_is_a_guess() -> None:
    for message in catalogue():
        if message.id:
            assert all(text.strip() for text in strings(message.string)), (message.id, MEND)
            assert not message.fuzzy, message.id
            assert len(strings(message.string)) == (2 if message.pluralizable else 1), message.id
    assert not catalogue().obsolete


def test_the_english_has_the_values_of_the_chinese() -> None:
    value = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
    for message in catalogue():
        if message.id:
            # A plural may say “one” instead of the number.
            for text in strings(message.string)[-1:]:
                assert sorted(set(value.findall(text))) == sorted(set(value.findall(strings(message.id)[-1]))), message.id
            assert not list(message.check()), message.id


def test_the_english_has_no_chinese_letter() -> None:
    for message in catalogue():
        for text in strings(message.string) if message.id else ():
            for word in MAY_STAY:
                text = text.replace(word, "")
            assert not HAN.search(text), text


def test_a_plural_is_asked_for_with_both_forms_alike() -> None:
    """Chinese has one form; two that differ would be a slip of the pen."""
    for (_context, first), plural in said():
        assert plural in ("", first), first


def test_no_chinese_is_written_past_the_catalogue() -> None:
    """In templates everything but the mark goes through gettext; in scripts there is no sentence at all."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        text = re.sub(r"\b(_|ngettext|pgettext)\((\s*'[^']*',?)+", "", text)
        text = text.replace('<span class="mark" aria-hidden="true">评</span>', "")
        assert not HAN.search(text), (path.name, HAN.findall(text)[:20])
    for path in sorted((ROOT / "static").rglob("*.js")):
        text = re.sub(r"/\*.*?\*/|^\s*//.*$", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        assert not HAN.search(text), (path.name, HAN.findall(text)[:20])
