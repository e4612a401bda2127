"""Member lists out of .xlsx, .xls and text files: the sheets that hold one, every cell as text, and what was left aside."""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from survey.domain.rosters import RosterLine, Step, code_of, fold, result
from survey.office.columns import Header, doubled, find_header, is_header_again
from survey.office.files import BadFile
from survey.office.grids import Grid, Numbered, fault_of, shown
from survey.office.lists import grids_of
from survey.office.merges import Merges
from survey.office.notes import captioned_unit, is_note, titled_unit

MOST_ROWS = 200_000
# A header stands below a title, a note and perhaps a date, never deeper.
HEADER_WITHIN = 30
_MOST_ASIDE = 1000
_EVERY = 2000
_LONGEST_HEAD = 40

_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACED = re.compile(f"(?<=[{_CJK}])\\s+(?=[{_CJK}])")


@dataclass(frozen=True, slots=True)
class SheetRead:
    """One sheet of the file: how many rows were taken from it, or why none.

    `other` is the sheet that says the same, or the column that stands twice.
    """

    title: str
    rows: int = 0
    why: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is about the list and not in it: a total, a signature, the header once more."""

    number: int
    text: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a file. Lines name their sheet when more than one was read; columns have the names the file gives them."""

    lines: tuple[RosterLine, ...]
    sheets: tuple[SheetRead, ...]
    aside: tuple[Aside, ...]
    taken: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A list on one sheet. `unit` is what a caption or the sheet's title says, for lists without that column."""

    title: str
    header: Header
    unit: str
    rows: list[Numbered]
    aside: list[Aside]
    merges: Merges

    @property
    def has_unit(self) -> bool:
        """Something says which unit its people belong to."""
        return bool(self.unit) or "unit" in self.header.fields


def read_list(data: bytes, filename: str) -> Reading:
    """Every list in a file whose header we know, whatever stands above, below and beside it.

    Lists of members win over lists of units, unless these say what lies above each: then they come first. A sheet whose
    people all stand on another one is passed over.

    Raises
    ------
    BadFile
        The file is of a kind we do not read, harmful or broken, or there is no list in it.
    """
    return result(read_steps(data, filename))


def read_steps(data: bytes, filename: str) -> Generator[Step, None, Reading]:
    """The same, step by step."""
    found: list[_Part | SheetRead] = []
    with grids_of(data, filename, _known) as grids:
        room = MOST_ROWS
        for grid in grids:
            if grid.hidden:
                found.append(SheetRead(grid.title, why="hidden"))
            else:
                found.append((yield from _part(grid, filename, room=room)))
            room -= len(found[-1].rows) if isinstance(found[-1], _Part) else 0
    chosen = _chosen(found)
    parts = [each for each in chosen if isinstance(each, _Part)]
    if not parts:
        raise _nothing([each for each in chosen if isinstance(each, SheetRead)], filename)
    lines = {place: tuple(_lines(part, named=len(parts) > 1)) for place, part in enumerate(parts)}
    repeated = _repeated(lines) if len(parts) > 1 else {}
    told = []
    for each in chosen:
        if isinstance(each, _Part):
            place = parts.index(each)
            other = parts[repeated[place]].title if place in repeated else ""
            each = SheetRead(each.title, why="repeated", other=other) if other else SheetRead(each.title, len(lines[place]))
        told.append(each)
    kept = sorted((place for place in lines if place not in repeated), key=lambda place: parts[place].header.is_members)
    aside = tuple(each for place in kept for each in parts[place].aside)
    taken, unused = _columns([parts[place].header for place in kept])
    return Reading(tuple(chain.from_iterable(lines[place] for place in kept)), tuple(told), aside, taken, unused)


def _columns(headers: Iterable[Header]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of some lists that were read, and those that were not, each name once."""
    taken: dict[str, None] = {}
    unused: dict[str, None] = {}
    for header in headers:
        for place, cell in enumerate(header.cells):
            name = " ".join(cell.split())[:_LONGEST_HEAD]
            if name:
                (taken if place in header.fields.values() else unused)[name] = None
    return tuple(taken), tuple(unused)


def _chosen(found: Sequence[_Part | SheetRead]) -> list[_Part | SheetRead]:
    """Members rather than units alone; and where some lists say which unit they are about, not those that do not."""
    parts = [each for each in found if isinstance(each, _Part)]
    members = any(part.header.is_members for part in parts)
    placed = any(part.has_unit for part in parts if part.header.is_members == members)
    chosen: list[_Part | SheetRead] = []
    for each in found:
        is_tree = isinstance(each, _Part) and not each.header.is_members and "parent" in each.header.fields
        if isinstance(each, _Part) and each.header.is_members != members and not is_tree:
            chosen.append(SheetRead(each.title, why="units_only"))
        elif isinstance(each, _Part) and placed and not each.has_unit:
            chosen.append(SheetRead(each.title, why="no_unit"))
        else:
            chosen.append(each)
    return chosen


def _known(rows: Sequence[Numbered]) -> int:
    header = find_header([row for row in rows if row[0] <= HEADER_WITHIN])
    return len(header.fields) if header else 0


def _part(grid: Grid, filename: str, *, room: int) -> Generator[Step, None, _Part | SheetRead]:
    """The list of a sheet, or why there is none."""
    rows = grid.rows()
    above: list[Numbered] = []
    beyond: list[Numbered] = []
    for row in rows:
        if row[0] > HEADER_WITHIN:
            beyond.append(row)
            break
        above.append(row)
    header = find_header(above)
    if header is None:
        return SheetRead(grid.title, why="no_header" if above or beyond else "blank")
    twice = doubled(header.cells)
    if twice:
        return SheetRead(grid.title, why="twice", other=twice)
    kept: list[Numbered] = []
    aside: list[Aside] = []
    below = chain((row for row in above if row[0] > header.last), beyond, rows)
    for number, cells in _body(header, below, title=grid.title, aside=aside):
        kept.append((number, cells))
        if len(kept) % _EVERY == 0:
            yield "read", MOST_ROWS - room + len(kept), 0
        if len(kept) > room:
            raise BadFile("too_many_rows", file=filename, most=MOST_ROWS)
    if not kept:
        return SheetRead(grid.title, why="no_rows")
    unit = captioned_unit([row for row in above if row[0] < header.last]) or titled_unit(grid.title)
    return _Part(grid.title, header, unit, kept, aside, Merges(grid.spans()))


def _body(header: Header, rows: Iterable[Numbered], *, title: str, aside: list[Aside]) -> Iterator[Numbered]:
    """Rows someone could stand in, cut down to the fields we know; the others go aside or, when empty, nowhere."""
    places = tuple(header.fields.values())
    for number, cells in rows:
        values = tuple(cells[place] if place < len(cells) else "" for place in places)
        if is_note(cells, header.fields) or is_header_again(header, cells):
            if len(aside) < _MOST_ASIDE:
                aside.append(Aside(number, " ".join(shown(cell) for cell in cells if shown(cell))[:60], title))
        elif any(values):
            yield number, values


def _lines(part: _Part, *, named: bool) -> Iterator[RosterLine]:
    """The rows as the domain knows them; a column that is not there is ''. The rows are used up."""
    labels = {field: part.header.cells[place] for field, place in part.header.fields.items()}
    part.rows.reverse()
    drained = (part.rows.pop() for _ in range(len(part.rows)))
    sheet = part.title if named else ""
    name_column = part.header.fields.get("name", -1)
    for number, cells in part.merges.fill(drained, tuple(part.header.fields.values())):
        if part.merges.top(name_column, number) is not None:
            # One person over several rows: his name stands in the first.
            continue
        values = dict(zip(part.header.fields, cells, strict=True))
        if "unit" not in values:
            values["unit"] = part.unit
        line = _line(number, values, sheet)
        faulty = next((field for field, cell in values.items() if fault_of(cell)), None)
        if faulty is not None:
            yield replace(line, fault=fault_of(values[faulty]), at_fault=labels.get(faulty, ""))
        elif part.header.is_members and not line.name and (line.code or line.position):
            yield replace(line, fault="name_missing")
        elif line.name or line.unit:
            yield line


def _line(number: int, values: Mapping[str, str], sheet: str) -> RosterLine:
    texts = {field: shown(cell) for field, cell in values.items()}
    for field in ("name", "unit", "parent"):
        # Names of two characters are often spread with a space to the width of three.
        texts[field] = _SPACED.sub("", texts.get(field, ""))
    for field in ("code", "unit_code"):
        if texts.get(field):
            texts[field] = code_of(texts[field])
    return RosterLine(number, sheet=sheet, **texts)


def _repeated(lines: Mapping[int, Sequence[RosterLine]]) -> dict[int, int]:
    """Sheets all whose people stand on another sheet too, with that sheet: of two equal ones the later."""
    people = {
        place: {(fold(line.unit), fold(line.name), line.code) for line in some} for place, some in lines.items()
    }
    found: dict[int, int] = {}
    for place in people:
        for other in people:
            same = people[place] == people[other]
            if other != place and other not in found and people[place] <= people[other] and (not same or other < place):
                found[place] = other
                break
    return found


def _nothing(told: Sequence[SheetRead], filename: str) -> BadFile:
    """Why there is no list in a file, by its sheets."""
    twice = next((each.other for each in told if each.why == "twice"), None)
    if twice is not None:
        return BadFile("twice", file=filename, column=twice)
    if any(each.why == "no_rows" for each in told):
        return BadFile("no_rows", file=filename)
    hidden = next((each.title for each in told if each.why == "hidden"), None)
    if hidden is not None:
        return BadFile("only_hidden", file=filename, sheet=hidden)
    return BadFile("no_header", file=filename)
