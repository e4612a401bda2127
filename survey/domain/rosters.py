"""A member list against what is known: what would be added, changed, refused. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from survey.domain.units import MEMBER_KINDS, SECTORS, UNIT_KINDS, Member, MemberKind, Sector, Unit, UnitKind

LONGEST_NAME = 100
T = TypeVar("T", MemberKind, Sector, UnitKind)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row of a member list, all text; `number` is the row in the file. Without a name it is about a unit only."""

    number: int
    name: str
    unit: str
    code: str = ""
    kind: str = ""
    position: str = ""
    parent: str = ""
    sector: str = ""
    unit_kind: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken: its number, a key for the reason, the text at fault, the other row of a pair."""

    number: int
    why: str
    text: str = ""
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A member before and after."""

    number: int
    before: Member
    after: Member


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. New units carry negative ids, which new members and units refer to."""

    units: tuple[Unit, ...]
    added: tuple[tuple[int, Member], ...]
    changed: tuple[Change, ...]
    unchanged: int
    refused: tuple[Refusal, ...]

    @property
    def is_empty(self) -> bool:
        """Nothing would be written."""
        return not (self.units or self.added or self.changed)


def plan(lines: Sequence[RosterLine], units: Iterable[Unit], members: Iterable[Member], *, root: Unit) -> Plan:
    """Compare a member list with the units below `root` and their members.

    The key of a member is his code when the row has one, else unit and name. Rows with equal keys are refused, both.
    A unit that is not there yet is added under the parent the row names, else under `root`.
    """
    names = _Names(units, root)
    known = tuple(members)
    by_code = {member.code: member for member in known if member.code}
    by_name: dict[tuple[int, str], list[Member]] = {}
    for member in known:
        by_name.setdefault((member.unit, member.name), []).append(member)
    refused = list(_pairs(lines))
    bad = {refusal.number for refusal in refused}
    added: list[tuple[int, Member]] = []
    changed: list[Change] = []
    unchanged = 0
    for line in lines:
        if line.number in bad:
            continue
        found = _read(line, names)
        if isinstance(found, Refusal):
            refused.append(found)
        elif found is not None:
            before = by_code.get(found.code) if found.code else None
            same_name = by_name.get((found.unit, found.name), [])
            if before is None and len(same_name) > 1:
                refused.append(Refusal(line.number, "name_known_twice", found.name))
                continue
            if before is None and same_name and (not found.code or not same_name[0].code):
                before = same_name[0]
            if before is None:
                added.append((line.number, found))
                continue
            after = _after(before, found, line)
            if after == before:
                unchanged += 1
            else:
                changed.append(Change(line.number, before, after))
    refused.sort(key=lambda refusal: refusal.number)
    return Plan(tuple(names.added), tuple(added), tuple(changed), unchanged, tuple(refused))


def _after(before: Member, found: Member, line: RosterLine) -> Member:
    """A cell left empty changes nothing."""
    return replace(
        before,
        unit=found.unit,
        name=found.name,
        kind=found.kind if line.kind else before.kind,
        position=found.position or before.position,
        code=found.code or before.code,
    )


def _pairs(lines: Sequence[RosterLine]) -> Iterable[Refusal]:
    seen: dict[tuple[str, ...], RosterLine] = {}
    told: set[int] = set()
    for line in lines:
        if not line.name:
            continue
        key = ("code", line.code) if line.code else ("name", line.unit, line.name)
        first = seen.setdefault(key, line)
        if first is not line:
            why = "code_twice" if line.code else "name_twice"
            if first.number not in told:
                yield Refusal(first.number, why, line.code or line.name, line.number)
                told.add(first.number)
            yield Refusal(line.number, why, line.code or line.name, first.number)


def _read(line: RosterLine, names: "_Names") -> Member | Refusal | None:
    """The member a row is about, None for a row about a unit, or why it cannot be taken."""
    if not line.unit:
        return Refusal(line.number, "no_unit", line.name)
    if len(line.name) > LONGEST_NAME or len(line.unit) > LONGEST_NAME:
        return Refusal(line.number, "too_long", line.name[:20])
    kind = _lookup(MEMBER_KINDS, line.kind, MemberKind.WORKING)
    if kind is None:
        return Refusal(line.number, "unknown_kind", line.kind)
    unit = names.find(line)
    if isinstance(unit, Refusal):
        return unit
    if not line.name:
        return None
    return Member(0, unit, line.name, kind, line.position, line.code)


class _Names:
    """Units by name below a root, growing as rows name new ones."""

    def __init__(self, units: Iterable[Unit], root: Unit) -> None:
        self._by_name: dict[str, list[Unit]] = {}
        self._root = root
        self.added: list[Unit] = []
        for unit in units:
            self._by_name.setdefault(unit.name, []).append(unit)

    def find(self, line: RosterLine) -> int | Refusal:
        """The id of the row's unit, a new one included."""
        known = self._by_name.get(line.unit, [])
        if len(known) > 1:
            return Refusal(line.number, "unit_known_twice", line.unit)
        if known:
            return known[0].id
        sector = _lookup(SECTORS, line.sector, None)
        if sector is None and line.sector:
            return Refusal(line.number, "unknown_sector", line.sector)
        kind = _lookup(UNIT_KINDS, line.unit_kind, UnitKind.BRANCH)
        if kind is None:
            return Refusal(line.number, "unknown_unit_kind", line.unit_kind)
        parents = self._by_name.get(line.parent, []) if line.parent else [self._root]
        if len(parents) != 1:
            return Refusal(line.number, "unknown_parent", line.parent)
        unit = Unit(-1 - len(self.added), parents[0].id, kind, line.unit, "", sector)
        self.added.append(unit)
        self._by_name[line.unit] = [unit]
        return unit.id


def _lookup(labels: Mapping[T, str], text: str, default: T | None) -> T | None:
    """The value whose label or own name the text is; `default` for an empty text."""
    if not text:
        return default
    return next((value for value, label in labels.items() if text in (label, str(value))), None)
