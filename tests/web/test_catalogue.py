"""The English catalogue says every sentence of the product, and no other."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po

from survey.web.languages import CATALOGUE, LIBRARY

ROOT = Path(__file__).parent.parent.parent

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\uff01-\uff5e\u3001-\u3011]")
# The name of the thing, the name of the language, and what a member list says in its cells in any language.
MAY_STAY = (
    "评议", "中文", "姓名", "单位", "编号", "序号", "所在党支部", "副书记", "书记", "委员", "张三", "李四",
)  # fmt: skip
# Documents are told how to `say` a sentence, and `mark` what they will say.
KEYWORDS = DEFAULT_KEYWORDS | {"say": None, "mark": None}
HOW = {".py": "python", ".html": "jinja2.ext:babel_extract"}
MEND = "Run make messages (or pybabel as it does) and write what is missing into messages.po."

Key = tuple[str | None, str]


@cache
def said(*suffixes: str) -> tuple[tuple[Key, str], ...]:
    """Every sentence that goes through gettext, by context and text, with the plural form or nothing; of some kinds of files."""
    return tuple(_said(suffixes))


def _said(suffixes: tuple[str, ...]) -> Iterator[tuple[Key, str]]:
    for folder in ("survey", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (suffixes or HOW):
                continue
            for _line, message, _comments, context in extract_from_file(HOW[path.suffix], path, KEYWORDS):
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


def test_a_sign_of_per_cent_breaks_no_page() -> None:
    """Templates fill in every sentence, code those with values; there a bare % is no sign but the beginning of a value."""
    english = {(message.context, strings(message.id)[0]): strings(message.string) for message in catalogue() if message.id}
    for suffix in HOW:
        for key, plural in said(suffix):
            if suffix == ".html" or "%(" in key[1]:
                for text in (key[1], plural, *english[key]):
                    assert "%" not in re.sub(r"%\(\w+\)[sd]|%%", "", text), (text, "Write %% for the sign.")


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


def test_no_sentence_is_said_only_inside_an_f_string() -> None:
    """Before Python 3.12 the extraction does not look into these: what stands nowhere else would never get its English."""
    found = {text for (_context, text), _plural in said()}
    for path in sorted((ROOT / "survey").rglob("*.py")):
        for formatted in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)):
            for node in ast.walk(formatted):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", *KEYWORDS):
                    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
                    assert not texts or found & set(texts), (path.name, node.lineno, texts, "Take it out of the f-string.")


def test_two_english_sentences_beside_each_other_are_kept_apart() -> None:
    """Chinese has no blank between sentences, so the English brings its own: at the end of the first, or before the second."""
    beside = re.compile(r"_\('([^']*。)'[^{}]*\}\}(?:\{%(?! *el).*?%\}|</?b>)*(?=\{\{-? *_\('([^']*)')")
    english = {strings(message.id)[0]: strings(message.string)[-1] for message in catalogue() if message.id}
    pages = sorted((ROOT / "templates").rglob("*.html"))
    pairs = [(path.name, pair) for path in pages for pair in beside.findall(path.read_text("utf-8"))]
    assert len(pairs) > 20
    for name, (first, second) in pairs:
        assert english[first].endswith(" ") or english[second].startswith(" "), (name, first, second)


def test_the_ready_questionnaires_have_their_english() -> None:
    """Every text of the library that is shown, and no other."""
    wanted = {text for path in (ROOT / "survey" / "library").glob("*.json") for text in shown(json.loads(path.read_text("utf-8")))}
    with LIBRARY.open("rb") as text:
        kept = {str(message.id): str(message.string) for message in read_po(text, locale="en") if message.id}
    assert set(kept) == wanted
    for english in kept.values():
        assert english and not HAN.search(english), english


def shown(thing: object) -> Iterator[str]:
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key in ("title", "label", "text", "source", "help") and value:
                yield str(value)
            elif key == "candidates":
                yield from map(str, value)
            else:
                yield from shown(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from shown(value)


def test_no_page_says_a_chinese_sentence_without_gettext() -> None:
    """In the web rooms a string with Chinese letters goes through gettext, or is one of these few."""
    few = {"中文", "，"}
    for path in sorted((ROOT / "survey" / "web").rglob("*.py")):
        parsed = ast.parse(path.read_text("utf-8"))
        spoken = {
            id(argument)
            for node in ast.walk(parsed)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext", "pgettext")
            for argument in node.args
        } | {id(node.value) for node in ast.walk(parsed) if isinstance(node, ast.Expr)}
        for node in ast.walk(parsed):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
                bare = node.value in few or "lang=en" in node.value
                assert bare or not HAN.search(node.value), (path.name, node.lineno, node.value)
