"""A questionnaire written in Excel in XLSForm's form, read with an account row by row.

References
----------
https://xlsform.org/en/ref-table/: the columns and types. Our own columns (key, audience, only, election, role, points,
list_key, list_label, source, purpose) say what an XLSForm cannot.
"""

import re
from dataclasses import dataclass, field, replace

from survey.domain.questionnaires import Audience, Condition, Question, Questionnaire, Scale, Section
from survey.domain.readings import Fate, Note, Reading
from survey.office.xlsform_lists import lists
from survey.office.xlsform_questions import Taken, question
from survey.office.xlsform_rows import Row, Sheet, Sheets, sheets
from survey.office.xlsform_rules import condition

_FRAME = re.compile(r"(begin|end)[_ ]+(group|repeat|loop)(?:\s+over\s+\S+)?", re.IGNORECASE)
_KNOWN = frozenset((
    "type", "name", "label", "hint", "required", "relevant", "constraint", "parameters", "appearance", "key", "audience", "only", "choice_filter",
    "list_name", "role", "points", "list_key", "list_label", "form_title", "form_id", "source", "purpose", "default_language", "version",
    "disabled", "sms_keyword", "election",
))  # fmt: skip
_SHORTENED = 300


@dataclass(slots=True)
class _Frame:
    """A group that is open."""

    title: str
    is_section: bool
    relevant: str


@dataclass(slots=True)
class _Part:
    """A section being filled; `names` are what conditions call its questions."""

    key: str
    title: str
    audience: Audience = Audience.GENERAL
    only: tuple[str, ...] = ()
    help: str = ""
    questions: list[Question] = field(default_factory=list)
    names: dict[str, Taken] = field(default_factory=dict)
    is_told: bool = False


def read_xlsform(data: bytes, filename: str, *, title: str) -> Reading:
    """The form in a workbook, which may be unfinished, and the account. `title` is for one that has none.

    Raises
    ------
    BadFile, BadForm
        It is no workbook that may be opened, or holds no sheet of questions.
    """
    return _Walk(sheets(data, filename), title).reading()


class _Walk:
    """The rows from the first to the last."""

    def __init__(self, found: Sheets, title: str) -> None:
        self.found = found
        self.notes: list[Note] = []
        self.answers: list[Note] = []
        self.lists = lists(found.choices, self.answers)
        self.roles = found.choices.has("role")
        self.scales: dict[str, Scale] = {each.scale.key: each.scale for each in self.lists.values() if each.scale}
        self.settings = found.settings.rows[0] if found.settings.rows else Row(0, {})
        self.title = self.settings["form_title"] or title
        self.parts: list[_Part] = []
        self.frames: list[_Frame] = []
        self.pending = ""

    def reading(self) -> Reading:
        if not self.settings["form_title"]:
            self.notes.append(Note(0, self.title, Fate.CHANGED, "no_title"))
        if self.found.others:
            names = [name or "label" for name in self.found.others]
            self.notes.append(
                Note(0, self.found.language or "label", Fate.LEFT, "languages", detail="、".join(names)[:_SHORTENED])
            )
        for sheet in (self.found.survey, self.found.choices, self.found.settings):
            self._columns(sheet)
        for row in self.found.survey.rows:
            self._row(row)
        if self.pending:
            self.notes.append(Note(0, self.pending, Fate.LEFT, "note_last", sheet="survey"))
        sections = tuple(
            Section(p.key, p.title, p.audience, tuple(p.questions), p.only, p.help)
            for p in self.parts
            if p.questions or p.is_told
        )
        settings = self.settings
        key = settings["key"] or settings["form_id"] or "xlsform"
        form = Questionnaire(
            key, self.title, tuple(self.scales.values()), sections, settings["source"], settings["purpose"]
        )
        return Reading(form, (*self.notes, *self.answers))

    def _columns(self, sheet: Sheet) -> None:
        for column in sheet.columns:
            if column and column not in _KNOWN and any(row[column] for row in sheet.rows):
                self.notes.append(Note(0, column, Fate.LEFT, "column", detail=column, sheet=sheet.title))

    def _row(self, row: Row) -> None:
        kind = row["type"].strip()
        frame = _FRAME.fullmatch(kind)
        if not kind or kind.startswith("#"):
            if row["label"] or row["name"]:
                self._note(row, Fate.LEFT, "no_type" if not kind else "comment")
        elif row["disabled"].lower() in ("yes", "true", "是"):
            self._note(row, Fate.LEFT, "disabled")
        elif frame and frame[1].lower() == "begin":
            self._begin(row, frame[2].lower())
        elif frame:
            if self.frames:
                self.frames.pop()
        elif kind.lower() in ("note", "add note prompt"):
            self._said(row)
        else:
            self._asked(row)

    def _begin(self, row: Row, kind: str) -> None:
        """A group with a label is a section; one without only keeps questions together on a screen."""
        section = bool(row["label"] or row["audience"])
        self.frames.append(_Frame(row["label"], section, row["relevant"]))
        changed = ""
        if section:
            outer = [frame.title for frame in self.frames if frame.title]
            audience = row["audience"].lower()
            known = audience in set(Audience)
            part = _Part(
                self._key(row["key"] or row["name"] or "section"),
                " · ".join(outer) or row["name"],
                is_told=bool(audience),
            )
            part.audience = Audience(audience) if known else Audience.GENERAL
            part.only = tuple(each for each in re.split(r"[\s,，;；]+", row["only"]) if each)
            self.parts.append(part)
            changed = "audience" if audience and not known else ""
        if kind in ("repeat", "loop") and not row["audience"]:
            changed = "repeat"
        if row["relevant"] and section:
            changed = "group_relevant"
        as_what = "section" if section else "group"
        self._note(
            row, Fate.CHANGED if changed else Fate.TAKEN, changed or as_what, detail=row["relevant"] or row["audience"]
        )

    def _said(self, row: Row) -> None:
        """Words without an answer: help of the section, or of the question that follows."""
        part = self._part()
        if row["relevant"]:
            self._note(row, Fate.CHANGED, "note_relevant", detail=row["relevant"])
        else:
            self._note(row, Fate.TAKEN, "note")
        if part.questions:
            self.pending = f"{self.pending} {row['label']}".strip()
        else:
            part.help = f"{part.help} {row['label']}".strip()

    def _asked(self, row: Row) -> None:
        taken = question(row, self.lists, roles=self.roles)
        if taken.question is None:
            self._note(row, Fate.LEFT, taken.left, detail=row["type"])
            return
        part = self._part()
        changed = list(taken.changed)
        made = replace(taken.question, key=_unique(taken.question.key, {each.key for each in part.questions}))
        if self.pending:
            made = replace(made, help=f"{self.pending} {made.help}".strip())
            self.pending = ""
        if taken.scale is not None:
            made = replace(made, scale=self._scale(taken.scale))
        made = replace(made, show_if=self._condition(row, part, changed))
        part.questions.append(made)
        part.names.setdefault(row["name"] or made.key, replace(taken, question=made))
        for why, detail in changed:
            self._note(row, Fate.CHANGED, why, detail=detail)
        if not changed:
            self._note(row, Fate.TAKEN, "question", detail=made.kind.value)

    def _condition(self, row: Row, part: _Part, changed: list[tuple[str, str]]) -> Condition | None:
        """The condition of a question, or of the group around it; what cannot be asked is told, and the question stands for all."""
        said = [text for text in (*(frame.relevant for frame in self.frames), row["relevant"]) if text]
        if not said:
            return None
        whole = " and ".join(said)
        asked = condition(said[0]) if len(set(said)) == 1 else None
        if asked is None:
            changed.append(("condition_form", whole))
            return None
        before = part.names.get(asked.name)
        if before is None or before.question is None or before.answers is None:
            elsewhere = any(asked.name in each.names for each in self.parts)
            why = "condition_kind" if before else "condition_section" if elsewhere else "condition_unknown"
            changed.append((why, whole))
            return None
        codes = before.answers.codes(before.scale, asked.values)
        if codes is None:
            changed.append(("condition_answer", whole))
            return None
        return Condition(before.question.key, tuple(dict.fromkeys(codes)))

    def _part(self) -> _Part:
        """The section that questions now belong to: that of the innermost group which is one, or a new one behind it."""
        inside = [frame for frame in self.frames if frame.is_section]
        title = " · ".join(frame.title for frame in inside if frame.title) or self.title
        last = self.parts[-1] if self.parts else None
        if last is None or (last.title != title and not (inside and last.is_told)):
            last = _Part(self._key("section"), title)
            self.parts.append(last)
        return last

    def _scale(self, scale: Scale) -> str:
        kept = self.scales.get(scale.key)
        if kept is None or kept.options == scale.options:
            self.scales[scale.key] = kept or scale
            return scale.key
        key = _unique(scale.key, set(self.scales))
        self.scales[key] = replace(scale, key=key)
        return key

    def _key(self, wanted: str) -> str:
        return _unique(wanted, {part.key for part in self.parts})

    def _note(self, row: Row, fate: Fate, why: str, *, detail: str = "") -> None:
        text = row["label"] or row["name"] or row["type"]
        self.notes.append(Note(row.number, text[:_SHORTENED], fate, why, detail[:_SHORTENED], "survey"))


def _unique(wanted: str, used: set[str]) -> str:
    """A key nobody has yet."""
    stem = wanted[:50]
    found, number = wanted if len(wanted) <= 60 else stem, 1
    while found in used:
        number += 1
        found = f"{stem}_{number}"
    return found
