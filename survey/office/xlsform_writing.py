"""A questionnaire as an XLSForm: what other programs know stands in their columns, what only we know in columns of our own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from analysis.cells import Book, Cell
from survey.domain.elections import Election, election_json
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Scale, Section
from survey.office.xlsform_rules import between, either

SURVEY = (
    "type", "name", "label", "hint", "required", "relevant", "constraint", "parameters", "appearance", "key", "audience", "only", "election",
)  # fmt: skip
CHOICES = ("list_name", "name", "label", "role", "points", "list_key", "list_label")
# Other programs want a list where the candidates are only known when the meeting opens.
_POOL = ("（开会时照名单）",)
SETTINGS = ("form_title", "form_id", "key", "source", "purpose")
_NO_NAME = re.compile(r"[^A-Za-z0-9_]+")
_WIDTHS: Mapping[str, int] = {
    "label": 44,
    "hint": 30,
    "relevant": 30,
    "constraint": 30,
    "form_title": 40,
    "source": 40,
    "type": 22,
}

_Row = dict[str, Cell]


def write_xlsform(form: Questionnaire) -> bytes:
    """The form as a workbook that reads back as the same form."""
    lists = _Lists(form)
    book = Book(form.title)
    _fill(book, "survey", SURVEY, _survey(form, lists))
    _fill(book, "choices", CHOICES, lists.rows)
    names = _Names()
    settings: _Row = {
        "form_title": form.title, "form_id": names.of(form.key, "form"), "key": form.key, "source": form.source, "purpose": form.purpose,
    }  # fmt: skip
    _fill(book, "settings", SETTINGS, [settings])
    return book.bytes()


class _Names:
    """Names that any program takes: letters and digits, no two alike."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def of(self, key: str, fallback: str) -> str:
        plain = _NO_NAME.sub("_", key).strip("_") or fallback
        plain = plain if plain[0].isalpha() else f"{fallback}_{plain}"
        found, number = plain, 1
        while found.lower() in self._used:
            number += 1
            found = f"{plain}_{number}"
        self._used.add(found.lower())
        return found


class _Lists:
    """The lists of answers: one for each scale, one for each different set of candidates."""

    def __init__(self, form: Questionnaire) -> None:
        self._names = _Names()
        self._scales: dict[str, str] = {}
        self._candidates: dict[tuple[str, ...], str] = {}
        self.rows: list[_Row] = []
        for scale in form.scales:
            self._scales.setdefault(scale.key, self._scale(scale))

    def of(self, question: Question) -> str:
        """The list a question offers."""
        if question.kind is Kind.RATING:
            # A scale that is not there yet: the form is unfinished.
            return self._scales.get(question.scale) or self._names.of(question.scale, "scale")
        found = self._candidates.get(question.candidates)
        if found is None:
            found = self._candidates[question.candidates] = self._names.of(f"{question.key}_answers", "answers")
            for place, candidate in enumerate(question.candidates or _POOL, start=1):
                self.rows.append({"list_name": found, "name": str(place), "label": candidate})
        return found

    def _scale(self, scale: Scale) -> str:
        name = self._names.of(scale.key, "scale")
        for option in scale.options:
            points = option.points
            # A workbook holds 15 digits of a number.
            exact = points is None or float(f"{points:.15G}") == points
            self.rows.append({
                "list_name": name, "name": str(option.code), "label": option.label, "role": option.role.value,
                "points": points if exact else repr(points), "list_key": scale.key, "list_label": scale.label,
            })  # fmt: skip
        return name


def _survey(form: Questionnaire, lists: _Lists) -> Iterator[_Row]:
    names = _Names()
    for section in form.sections:
        # What is about a unit or a member is asked as often as there are such.
        frame = "group" if section.audience is Audience.GENERAL else "repeat"
        name = names.of(section.key, "section")
        yield {
            "type": f"begin_{frame}", "name": name, "label": section.title, "key": section.key, "audience": section.audience.value,
            "only": " ".join(section.only),
        }  # fmt: skip
        if section.help:
            yield {"type": "note", "name": names.of(f"{section.key}_note", "note"), "label": section.help}
        own: dict[str, str] = {}
        for question in section.questions:
            own[question.key] = names.of(question.key, "question")
            yield _question(question, section, lists, own)
        yield {"type": f"end_{frame}", "name": name}


def _question(question: Question, section: Section, lists: _Lists, names: Mapping[str, str]) -> _Row:
    row: _Row = {
        "type": _TYPES[question.kind], "name": names[question.key], "label": question.text, "hint": question.help,
        "required": "yes" if question.required else "", "key": question.key, "election": _election(question.election),
    }  # fmt: skip
    match question.kind:
        case Kind.RATING:
            row |= {"type": f"select_one {lists.of(question)}"}
        case Kind.CHOICE:
            several = question.choose != 1
            row["type"] = f"select_{'multiple' if several else 'one'} {lists.of(question)}"
            most = str(question.choose) if several and question.choose != question.offered else ""
            row["constraint"] = between(str(question.least or ""), most, of="count-selected(.)")
        case Kind.SCORE:
            row["parameters"] = "start=0 end=100 step=1"
        case Kind.NUMBER | Kind.DATE:
            row["constraint"] = between(*(_bound(question.kind, value) for value in (question.low, question.high)))
        case Kind.OPINION:
            row["appearance"] = "multiline"
    condition = question.show_if
    if condition is not None:
        asked = next((each for each in section.questions if each.key == condition.question), None)
        ticked = asked is not None and asked.kind is Kind.CHOICE
        values = [str(option + 1) if ticked else str(option) for option in condition.options]
        several = ticked and asked is not None and asked.choose != 1
        row["relevant"] = either(names.get(condition.question, condition.question), values, several=several)
    return row


_TYPES: Mapping[Kind, str] = {
    Kind.RATING: "select_one", Kind.CHOICE: "select_one", Kind.SCORE: "range", Kind.NUMBER: "integer", Kind.DATE: "date",
    Kind.OPINION: "text",
}  # fmt: skip


def _election(election: Election) -> str:
    return " ".join(f"{name}={value}" for name, value in election_json(election).items())


def _bound(kind: Kind, value: int | None) -> str:
    if value is None:
        return ""
    return f"date('{date.fromordinal(value).isoformat()}')" if kind is Kind.DATE else str(value)


def _fill(book: Book, title: str, columns: Sequence[str], rows: Iterable[_Row]) -> None:
    page = book.sheet(title)
    head = book.style(bold=True, bottom=1)
    wrapped = book.style(text_wrap=True, valign="top")
    for place, column in enumerate(columns):
        page.set_column(place, place, _WIDTHS.get(column, 14))
        book.write(page, 0, place, column, head)
    page.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            book.write(page, number, place, row.get(column), wrapped)
