"""The member list on its way out: what the import reads, in its own words, so that it comes back and changes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.cells import Cell, csv_bytes
from survey.domain.roster_places import way
from survey.domain.terms import TermList, Terms
from survey.domain.units import UNIT_KINDS, Member, Unit
from survey.office.columns import MEMBER_COLUMNS, UNIT_COLUMNS
from survey.office.tables import Rows, rows_xlsx

_MEMBERS = ("name", "unit", "parent", "kind", "position", "code", "since")
_UNITS = ("unit", "parent", "unit_kind", "sector", "unit_code")
# One table for both: a row without a name is about a unit.
_ALL = (*_MEMBERS, "unit_kind", "sector", "unit_code")


@dataclass(frozen=True, slots=True)
class Books:
    """Open units of a subtree, parents first, and the words of the house; its members come a few at a time."""

    units: Sequence[Unit]
    root: int
    terms: Terms


def roster_xlsx(books: Books, members: Iterable[Member]) -> bytes:
    """A sheet of units and one of members, in Chinese on every page: so it is read back."""
    units = ([row[field] for field in _UNITS] for row in _unit_rows(books))
    people = ([row[field] for field in _MEMBERS] for row in _member_rows(books, members))
    return rows_xlsx([
        Rows("单位", tuple(UNIT_COLUMNS[field][0] for field in _UNITS), units, (28, 36, 10, 14, 14)),
        Rows("党员名单", tuple(MEMBER_COLUMNS[field][0] for field in _MEMBERS), people, (12, 28, 36, 16, 16, 14, 12)),
    ])  # fmt: skip


def roster_csv(books: Books, members: Iterable[Member]) -> bytes:
    """The same in one table: a row for each unit, then one for each member."""
    units = ([row.get(field, "") for field in _ALL] for row in _unit_rows(books))
    people = ([row.get(field, "") for field in _ALL] for row in _member_rows(books, members))
    return csv_bytes([MEMBER_COLUMNS[field][0] for field in _ALL], _both(units, people))


def in_order(units: Iterable[Unit], root: int) -> tuple[Unit, ...]:
    """Open units as they hang below a root, each after the one above it."""
    below: dict[int | None, list[Unit]] = {}
    top: list[Unit] = []
    for unit in units:
        if unit.id == root:
            top.append(unit)
        elif not unit.is_closed:
            below.setdefault(unit.parent, []).append(unit)
    found: list[Unit] = []
    waiting = top
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting.extend(reversed(below.get(here.id, ())))
    return tuple(found)


def _both(*some: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    for each in some:
        yield from each


def _unit_rows(books: Books) -> Iterator[Mapping[str, str]]:
    ways = _ways(books)
    labels = books.terms.labels(TermList.SECTOR, retired=True)
    for unit in books.units:
        yield {
            "unit": unit.name, "parent": ways.get(unit.parent or 0, "") if unit.id != books.root else "",
            "unit_kind": UNIT_KINDS[unit.kind], "sector": labels.get(unit.sector or "", ""), "unit_code": unit.code,
        }  # fmt: skip


def _member_rows(books: Books, members: Iterable[Member]) -> Iterator[Mapping[str, str]]:
    ways = _ways(books)
    units = {unit.id: unit for unit in books.units}
    labels = books.terms.labels(TermList.MEMBER_KIND, retired=True)
    for member in members:
        unit = units.get(member.unit)
        if unit is not None and member.left_on is None:
            yield {
                "name": member.name, "unit": unit.name, "parent": ways.get(unit.parent or 0, "") if unit.id != books.root else "",
                "kind": labels.get(member.kind, member.kind), "position": member.position, "code": member.code,
                "since": member.since.isoformat() if member.since else "",
            }  # fmt: skip


def _ways(books: Books) -> dict[int, str]:
    """The way down to each unit, written as the import reads it."""
    names: dict[int, tuple[str, ...]] = {}
    for unit in books.units:
        names[unit.id] = (*names.get(unit.parent or 0, ()), unit.name)
    return {number: way(each) for number, each in names.items()}
