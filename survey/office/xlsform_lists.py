"""The lists of answers of an XLSForm: candidates of a choice, or a scale when they have roles or everybody knows them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from survey.domain.known_scales import known, levels
from survey.domain.questionnaires import MOST_CODE, Option, Role, Scale
from survey.domain.readings import Fate, Note
from survey.office.xlsform_rows import Row, Sheet

_ROLES: Mapping[str, Role] = {role.value: role for role in Role} | {
    "满意": Role.SATISFIED, "基本满意": Role.BASIC, "不满意": Role.UNSATISFIED, "不了解": Role.UNKNOWN, "弃权": Role.ABSTAIN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answers:
    """One list: the names other rows know its answers by, their labels, and the scale that is written beside them."""

    name: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    scale: Scale | None

    def as_scale(self, *, likert: bool, roles: bool) -> tuple[Scale | None, str]:
        """The scale of a question with these answers, and what was guessed; None when they are candidates.

        Where the form has a column of roles, only that makes a scale.
        """
        if self.scale is not None or roles:
            return self.scale, ""
        options = known(self.labels)
        why = "known_scale"
        if not options and likert and len(self.labels) > 1:
            options, why = levels(self.labels), "guessed_scale"
        return (Scale(self.name, self.name, options) if options else None), why if options else ""

    def codes(self, scale: Scale | None, values: tuple[str, ...]) -> tuple[int, ...] | None:
        """What a ballot holds for answers named in a condition; None when one is not in the list."""
        if not set(values) <= set(self.names):
            return None
        places = [self.names.index(value) for value in values]
        if scale is None:
            return tuple(places)
        codes = {option.label: option.code for option in scale.options}
        if scale is self.scale:
            return tuple(scale.options[place].code for place in places)
        return tuple(codes[self.labels[place]] for place in places)


def lists(sheet: Sheet, notes: list[Note]) -> dict[str, Answers]:
    """Every list of the sheet `choices`, with an account of the rows that cannot be used."""
    rows: dict[str, list[Row]] = {}
    for row in sheet.rows:
        if not row["list_name"]:
            text = row["label"] or row["name"]
            if text:
                notes.append(Note(row.number, text, Fate.LEFT, "no_list_name", sheet=sheet.title))
            continue
        if not row["label"] and not row["name"]:
            notes.append(Note(row.number, row["list_name"], Fate.LEFT, "no_label", sheet=sheet.title))
            continue
        rows.setdefault(row["list_name"], []).append(row)
        why = "" if row["label"] else "name_as_label"
        fate = Fate.CHANGED if why else Fate.TAKEN
        notes.append(
            Note(
                row.number,
                row["label"] or row["name"],
                fate,
                why or "answer",
                detail=row["list_name"],
                sheet=sheet.title,
            )
        )
    return {name: _answers(name, each, sheet, notes) for name, each in rows.items()}


def _answers(name: str, rows: list[Row], sheet: Sheet, notes: list[Note]) -> Answers:
    names = tuple(row["name"] or row["label"] for row in rows)
    labels = tuple(row["label"] or row["name"] for row in rows)
    scale = None
    if any(row["role"] for row in rows):
        own = all(each.isdecimal() and len(each) < 4 and int(each) <= MOST_CODE for each in names)
        codes = [int(each) for each in names] if own and len(set(names)) == len(names) else list(range(len(rows)))
        options = tuple(
            Option(code, label, _role(row, sheet, notes), _points(row, sheet, notes))
            for code, label, row in zip(codes, labels, rows, strict=True)
        )
        scale = Scale(rows[0]["list_key"] or name, rows[0]["list_label"] or name, options)
    return Answers(name, names, labels, scale)


def _role(row: Row, sheet: Sheet, notes: list[Note]) -> Role:
    said = row["role"].lower()
    if said not in _ROLES:
        notes.append(Note(row.number, row["label"], Fate.CHANGED, "role", detail=row["role"], sheet=sheet.title))
    return _ROLES.get(said, Role.BASIC)


def _points(row: Row, sheet: Sheet, notes: list[Note]) -> float | None:
    said = row["points"]
    if not said:
        return None
    try:
        points = float(said)
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        notes.append(Note(row.number, row["label"], Fate.CHANGED, "points", detail=said, sheet=sheet.title))
        return None
    return int(points) if points == int(points) else points
