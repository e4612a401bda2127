"""The three sheets of an XLSForm as rows by column name, out of .xlsx or .xls; every cell is one line of text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from survey.domain.readings import BadForm
from survey.domain.texts import line
from survey.office.files import FileKind, kind_of
from survey.office.grids import Grid, shown
from survey.office.old_workbooks import old_workbook
from survey.office.workbooks import workbook

MOST_ROWS = 20_000
_ALIASES: Mapping[str, str] = {
    "list name": "list_name", "caption": "label", "relevance": "relevant", "value": "name", "command": "type", "tag": "name", "skippable": "required",
    "title": "form_title", "id_string": "form_id", "set form title": "form_title", "set form id": "form_id", "media": "media",
}  # fmt: skip
_CHINESE = re.compile(r"zh|chinese|中文|汉语|简体|cn", re.IGNORECASE)
_TRANSLATED = ("label", "hint")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet, its cells by column; labels and hints in the chosen language."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `columns` are those that hold anything, as they are named in the file."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def has(self, column: str) -> bool:
        """Whether there is such a column, even an empty one."""
        return column in self.columns


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was read: the language that was chosen ("" when there is but one) and those that were not."""

    survey: Sheet
    choices: Sheet
    settings: Sheet
    language: str
    others: tuple[str, ...]


def sheets(data: bytes, filename: str) -> Sheets:
    """The sheets of an XLSForm.

    Raises
    ------
    BadFile, BadForm
        It is no workbook that may be opened, or has no sheet of questions.
    """
    with _grids(data, filename) as grids:
        tables = {grid.title.strip().lower(): _table(grid) for grid in grids}
    named = [tables[title] for title in ("survey", *tables) if title in tables]
    survey = next((each for each in named if "type" in map(_base, each[0])), None)
    if survey is None:
        raise BadForm("no_survey", said="、".join(list(tables)[:10])[:200])
    default = ""
    for _, cells in tables.get("settings", ((), []))[1][:1]:
        default = dict(zip(tables["settings"][0], cells, strict=False)).get("default_language", "")
    names = list(
        dict.fromkeys(_language(name) for name in survey[0] if _base(name) in _TRANSLATED and _base(name) != "")
    )
    language = _chosen(survey, names, default)
    others = tuple(name for name in names if name != language)
    empty: tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]] = ((), [])
    made = [_sheet(title, tables.get(title, empty), [language, *others]) for title in ("choices", "settings")]
    return Sheets(_sheet("survey", survey, [language, *others]), made[0], made[1], language, others)


@contextmanager
def _grids(data: bytes, filename: str) -> Iterator[Sequence[Grid]]:
    match kind_of(data, filename):
        case FileKind.WORKBOOK:
            with workbook(data, filename, line, apostrophes=False) as grids:
                yield grids
        case FileKind.OLD_WORKBOOK:
            with old_workbook(data, filename, line) as grids:
                yield grids
        case FileKind.TEXT:
            raise BadForm("not_workbook")


def _table(grid: Grid) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    """The names of the columns and the rows below; rows without a cell are left out."""
    header: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in grid.rows():
        texts = tuple(shown(cell) for cell in cells)
        if not any(texts):
            continue
        if not header:
            header = texts
            continue
        rows.append((number, texts))
        if len(rows) > MOST_ROWS:
            raise BadForm("too_many_rows", most=MOST_ROWS)
    return header, rows


def _base(column: str) -> str:
    """label::English (en) is label."""
    name = re.split(r"::?", column.strip().lower(), maxsplit=1)[0].strip()
    return _ALIASES.get(name, _ALIASES.get(name.replace("_", " "), name.replace(" ", "_")))


def _language(column: str) -> str:
    parts = re.split(r"\s*::?\s*", column.strip(), maxsplit=1)
    return parts[1] if len(parts) > 1 else ""


def _chosen(
    survey: tuple[tuple[str, ...], Sequence[tuple[int, tuple[str, ...]]]], names: Sequence[str], default: str
) -> str:
    """Chinese when it is there, then what the form itself calls its first, then the plain column."""
    filled = {
        _language(name)
        for place, name in enumerate(survey[0])
        if _base(name) == "label"
        and any(cells[place : place + 1] != ("",) and cells[place : place + 1] for _, cells in survey[1])
    }
    for name in names:
        if name in filled and _CHINESE.search(name):
            return name
    for name in (default, "", *names):
        if name in filled:
            return name
    return ""


def _sheet(
    title: str, table: tuple[tuple[str, ...], Sequence[tuple[int, tuple[str, ...]]]], languages: Sequence[str]
) -> Sheet:
    header, body = table
    rows = []
    used: set[str] = set()
    for number, cells in body:
        found: dict[str, str] = {}
        for wanted in reversed(languages or [""]):
            for name, cell in zip(header, cells, strict=False):
                base = _base(name)
                if cell and (base not in _TRANSLATED or _language(name) == wanted):
                    # media::image and the like keep their whole name, so that they can be spoken of.
                    key = base if base in _TRANSLATED or not _language(name) else name.strip().lower()
                    found[key] = cell
        used |= set(found)
        rows.append(Row(number, found))
    columns = dict.fromkeys([_base(name) for name in header if not _language(name)] + sorted(used))
    return Sheet(title, tuple(columns), tuple(rows))
