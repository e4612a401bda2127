"""One questionnaire as one JSON file, to the published schema (JSON Schema, Draft 2020-12)."""

import json
import math
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from survey.domain.questionnaire_json import as_json, read
from survey.domain.questionnaires import Questionnaire
from survey.domain.readings import BadForm, Fate, Misfit, Note, Reading
from survey.domain.refusals import BadField
from survey.domain.texts import line

MOST_BYTES = 2 << 20
_DEEPEST = 20
_MOST_MISFITS = 20


def schema() -> bytes:
    """The published schema, as it stands in its file."""
    return (files("survey.office") / "questionnaire.schema.json").read_bytes()


def write_json(form: Questionnaire) -> bytes:
    """A questionnaire as a file."""
    return (json.dumps(as_json(form), ensure_ascii=False, indent=1) + "\n").encode()


def read_json(data: bytes) -> Reading:
    """The questionnaire in a file; it may be unfinished. What nobody can see is taken out of its texts, and told.

    Raises
    ------
    BadForm
        It is no JSON, too large or too deep, or does not fit the schema; names every place.
    """
    values = _parsed(data)
    if isinstance(values, dict):
        values.pop("$schema", None)
    misfits = [_misfit(each) for each in _some(_validator().iter_errors(values))]
    if misfits:
        raise BadForm("misfits", misfits=tuple(misfits))
    notes: list[Note] = []
    kept = _cleaned(values, "", notes)
    try:
        return Reading(read(kept), tuple(notes))
    except BadField as fault:
        raise BadForm("shape", said=str(fault.facts.get("fault", ""))[:200]) from fault


def _parsed(data: bytes) -> Any:
    if len(data) > MOST_BYTES:
        raise BadForm("too_large", most=MOST_BYTES >> 20)
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadForm("encoding") from fault
    if not text.strip("\0 \t\r\n"):
        raise BadForm("empty")
    _check_depth(text)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as fault:
        raise BadForm("syntax", row=fault.lineno, column=fault.colno) from fault
    except ValueError as fault:
        # Python reads no whole number of more than 4,300 digits.
        raise BadForm("number", said="") from fault


def _check_depth(text: str) -> None:
    """Brackets outside texts; a reader that calls itself would run out of room."""
    depth = 0
    inside = escaped = False
    for letter in text:
        if inside:
            inside = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in "[{":
            depth += 1
            if depth > _DEEPEST:
                raise BadForm("deep", most=_DEEPEST)
        elif letter in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadForm("twice", said=line(name)[:60])
        found[name] = value
    return found


def _no_number(said: str) -> float:
    raise BadForm("number", said=said)


def _finite(said: str) -> float:
    value = float(said)
    if not math.isfinite(value):
        raise BadForm("number", said=said[:40])
    return value


@cache
def _validator() -> Any:
    """The schema's, with whole numbers as we write them: 1.0 is none."""
    whole = Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _checker, value: isinstance(value, int) and not isinstance(value, bool)
    )
    kind = extend(Draft202012Validator, type_checker=whole)
    loaded = json.loads(schema())
    kind.check_schema(loaded)
    return kind(loaded, format_checker=FormatChecker(["date"]))


def _some(errors: Iterator[ValidationError]) -> list[ValidationError]:
    """The first in the order of the file: a file of another kind would give thousands."""
    found = []
    for error in errors:
        found.append(error)
        if len(found) >= _MOST_MISFITS:
            break
    return sorted(found, key=lambda error: [str(step).zfill(6) for step in error.absolute_path])


def _misfit(error: ValidationError) -> Misfit:
    said = error.instance if isinstance(error.instance, str | int | float) else ""
    limit = error.validator_value
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        said = next((name for name in error.instance if name not in known), "")
    if error.validator == "required":
        said = next((name for name in error.validator_value if name not in error.instance), "")
    wanted = ", ".join(map(str, limit)) if isinstance(limit, list) else limit
    return Misfit(tuple(error.absolute_path), str(error.validator), line(str(said))[:60], str(wanted)[:120])


def _cleaned(value: Any, place: str, notes: list[Note]) -> Any:
    """Every text as one line, with a note where that changed it."""
    if isinstance(value, str):
        kept = line(value)
        if kept != value:
            notes.append(Note(0, kept[:100], Fate.CHANGED, "unseen", detail=place))
        return kept
    if isinstance(value, Mapping):
        return {name: _cleaned(each, f"{place}.{name}" if place else str(name), notes) for name, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each, f"{place}[{number}]", notes) for number, each in enumerate(value, start=1)]
    return value
