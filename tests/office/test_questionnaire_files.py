"""A questionnaire as a JSON file: there and back, to the published schema, and what is no questionnaire is told by its place."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from survey.actions.questionnaires import library
from survey.domain.elections import Pool
from survey.domain.questionnaire_json import as_json
from survey.domain.questionnaires import Questionnaire
from survey.domain.readings import BadForm, Misfit
from survey.office.questionnaire_files import MOST_BYTES, read_json, schema, write_json
from tests.questionnaires_for_tests import questionnaires

QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def ready() -> dict[str, Any]:
    """The first questionnaire of the library, to be spoilt."""
    return json.loads(json.dumps(as_json(next(iter(library().values())))))  # type: ignore[no-any-return]


def refused(data: bytes) -> BadForm:
    with pytest.raises(BadForm) as caught:
        read_json(data)
    return caught.value


def misfit(values: dict[str, Any]) -> Misfit:
    """The first value that does not fit."""
    found = refused(json.dumps(values).encode()).facts["misfits"]
    assert isinstance(found, tuple)
    assert isinstance(found[0], Misfit)
    return found[0]


@given(questionnaires(pools=tuple(Pool)))
@QUICK
def test_any_questionnaire_survives_its_json_file_and_fits_the_schema(form: Questionnaire) -> None:
    assert read_json(write_json(form)).form == form
    assert list(Draft202012Validator(json.loads(schema())).iter_errors(as_json(form))) == []


def test_everything_in_the_library_survives_its_json_file_without_a_note() -> None:
    for form in library().values():
        reading = read_json(write_json(form))
        assert (reading.form, reading.notes) == (form, ())


@given(st.dictionaries(st.sampled_from(("key", "title", "scales", "sections", "source")), ANY_JSON))
@QUICK
def test_whatever_json_there_is_is_read_or_refused(values: dict[str, Any]) -> None:
    try:
        read_json(json.dumps(values).encode())
    except BadForm as refusal:
        assert refusal.why in ("misfits", "number", "syntax")


@given(st.binary(max_size=60))
@QUICK
def test_whatever_bytes_there_are_are_read_or_refused(data: bytes) -> None:
    refused(data)


def test_a_value_that_does_not_fit_is_named_with_its_place_and_its_rule() -> None:
    def spoilt(section: int, question: int, **values: object) -> dict[str, Any]:
        form = ready()
        form["sections"][section]["questions"][question].update(values)
        return form

    place = ("sections", 1, "questions", 2)
    assert misfit(spoilt(1, 2, kind="rateing")) == Misfit(
        (*place, "kind"), "enum", "rateing", "rating, score, choice, number, date, opinion"
    )
    assert misfit(spoilt(1, 2, requierd=True)) == Misfit(place, "additionalProperties", "requierd", "False")
    assert misfit(spoilt(1, 2, choose=1.0)).rule == "type"
    assert misfit(spoilt(1, 2, choose=10**400)).rule == "maximum"
    assert misfit(spoilt(1, 2, required=1)).rule == "type"
    assert misfit(spoilt(1, 2, text="长" * 501)).rule == "maxLength"
    assert misfit(spoilt(1, 2, kind="date", low="2026-02-30")).rule == "format"
    assert misfit(spoilt(1, 2, kind="number", high="5")).rule == "type"
    missing = ready()
    del missing["sections"][1]["questions"][2]["text"]
    assert misfit(missing) == Misfit(place, "required", "text", "key, kind, text")
    assert refused(json.dumps([ready()]).encode()).why == "misfits"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"), (b"\xef\xbb\xbf \n", "empty"), (b"\xff\xfe\x00\xd8", "encoding"), ("长".encode("gb18030"), "encoding"),
        (b'{"key": ', "syntax"), (b'{"key": "a",}', "syntax"), (b'{"key": "a", "key": "b"}', "twice"), (b'{"points": NaN}', "number"),
        (b'{"points": -Infinity}', "number"), (b'{"points": 1e999}', "number"), (b'{"points": ' + b"9" * 5000 + b"}", "number"),
        (b"[" * 100_000, "deep"), (b'{"a":' * 30 + b"1" + b"}" * 30, "deep"), (b"[" + b" " * MOST_BYTES, "too_large"),
        (b'"[[[[[[[[[[[[[[[[[[[[[[[[[[[["', "misfits"), (b'"\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[["', "misfits"), (b"PK\x03\x04", "syntax"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_questionnaire_says_why(data: bytes, why: str) -> None:
    assert refused(data).why == why


def test_a_broken_file_names_the_line_and_the_column() -> None:
    assert refused(b'{"key": "a",\n "title": }').facts == {"why": "syntax", "row": 2, "column": 11}


def test_a_mark_at_the_beginning_and_utf_16_are_read() -> None:
    text = write_json(next(iter(library().values()))).decode()
    for encoding in ("utf-8-sig", "utf-16"):
        assert read_json(text.encode(encoding)).form == next(iter(library().values()))


def test_what_nobody_can_see_goes_out_of_a_text_and_is_told() -> None:
    form = ready()
    form["title"] = "五\ud800个\u202e好\u0000\n五带头"
    reading = read_json(json.dumps(form).encode())
    assert reading.form.title == "五个好 五带头"
    assert [(note.why, note.detail) for note in reading.notes] == [("unseen", "title")]


def test_an_unfinished_form_is_read_too() -> None:
    form = read_json(b'{"key": "", "title": "", "scales": [], "sections": []}').form
    assert (form.title, form.sections) == ("", ())
