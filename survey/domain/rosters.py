"""A member list against what is known: what would be added, changed, refused. Nothing is written here."""

import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from survey.domain.units import MEMBER_KINDS, SECTORS, UNIT_KINDS, Member, MemberKind, Unit, UnitKind

LONGEST_NAME = 100
LONGEST_POSITION = 100
LONGEST_CODE = 60
# The dot inside Uyghur, Kazakh and Tibetan names is typed in many ways.
_DOTS = dict.fromkeys(map(ord, "·•‧∙⋅・･.．"), None)
T = TypeVar("T", bound=str)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One row of a member list, all text; `number` is the row in the file. Without a name it is about a unit only.

    `fault` is why the row could not be read at all, `at_fault` the text or the column that is to blame.
    """

    number: int
    name: str
    unit: str
    code: str = ""
    kind: str = ""
    position: str = ""
    parent: str = ""
    sector: str = ""
    unit_kind: str = ""
    sheet: str = ""
    fault: str = ""
    at_fault: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not taken: its number, a key for the reason, the text at fault, the other row of a pair."""

    number: int
    why: str
    text: str = ""
    other: int | None = None
    sheet: str = ""
    other_sheet: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A member before and after."""

    number: int
    before: Member
    after: Member
    sheet: str = ""


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
    known = _Known(members, {line.code for line in lines})
    refused = list(_pairs(lines))
    bad = {(refusal.sheet, refusal.number) for refusal in refused}
    added: list[tuple[int, Member]] = []
    changed: list[Change] = []
    unchanged = 0
    for line in lines:
        if (line.sheet, line.number) in bad:
            continue
        found = _read(line, names)
        before = known.find(line, found) if isinstance(found, Member) else found
        if isinstance(before, Refusal):
            refused.append(before)
        elif isinstance(found, Member) and before is None:
            added.append((line.number, found))
        elif isinstance(found, Member) and before is not None:
            after = _after(before, found, line)
            if after == before:
                unchanged += 1
            else:
                changed.append(Change(line.number, before, after, line.sheet))
    order = {sheet: place for place, sheet in enumerate(dict.fromkeys(line.sheet for line in lines))}
    refused.sort(key=lambda refusal: (order[refusal.sheet], refusal.number))
    return Plan(tuple(names.added), tuple(added), tuple(changed), unchanged, tuple(refused))


def fold(text: str) -> str:
    """How names are compared: full width is half width, and spaces, case and the kind of middle dot do not count."""
    if text.isalpha() and unicodedata.is_normalized("NFKC", text):
        return text.casefold()
    return "".join(unicodedata.normalize("NFKC", text).translate(_DOTS).casefold().split())


class _Known:
    """The members there are, each meant by one row at most."""

    def __init__(self, members: Iterable[Member], codes: Container[str]) -> None:
        self._by_code: dict[str, Member] = {}
        self._by_name: dict[tuple[int, str], tuple[Member, ...]] = {}
        self._taken: set[int] = set()
        for member in members:
            # What a code says is certain: a row without one must not take away the member another row names by code.
            if member.code and member.code in codes:
                self._by_code.setdefault(member.code, member)
            else:
                key = (member.unit, fold(member.name))
                self._by_name[key] = (*self._by_name.get(key, ()), member)

    def find(self, line: RosterLine, found: Member) -> Member | Refusal | None:
        """The member a row is about, None for a new one, a refusal when there could be two."""
        if found.code in self._by_code:
            return self._by_code[found.code]
        same = [
            each
            for each in self._by_name.get((found.unit, fold(found.name)), ())
            if each.id not in self._taken and not (found.code and each.code)
        ]
        if len(same) > 1:
            return _refuse(line, "name_known_twice", found.name)
        self._taken.update(each.id for each in same)
        return same[0] if same else None


def _after(before: Member, found: Member, line: RosterLine) -> Member:
    """A cell left empty changes nothing, and neither does another way to write the same name."""
    return replace(
        before,
        unit=found.unit,
        name=before.name if fold(before.name) == fold(found.name) else found.name,
        kind=found.kind if line.kind else before.kind,
        position=found.position or before.position,
        code=found.code or before.code,
    )


def _pairs(lines: Sequence[RosterLine]) -> Iterable[Refusal]:
    """Rows that could be the same person: equal codes, or one name twice in a unit and not a code for each."""
    people = [line for line in lines if line.name and not line.fault]
    for same in _equal([line for line in people if line.code], lambda line: line.code):
        for line, other in _with_other(same):
            yield _refuse(line, "code_twice", line.code, other)
    for same in _equal(people, lambda line: f"{fold(line.unit)}\n{fold(line.name)}"):
        coded = next((line for line in same if line.code), None)
        for line, other in _with_other(same):
            if not line.code:
                yield _refuse(line, "name_twice_one_code" if coded else "name_twice", line.name, coded or other)


def _equal(lines: Sequence[RosterLine], key: Callable[[RosterLine], str]) -> Iterable[list[RosterLine]]:
    """Rows that share a key. Nearly all share it with nobody: hashes find the few that may, and keep the others out."""
    seen: set[int] = set()
    again: set[int] = set()
    for line in lines:
        mark = hash(key(line))
        (again if mark in seen else seen).add(mark)
    several: dict[str, list[RosterLine]] = {}
    for line in lines if again else ():
        text = key(line)
        if hash(text) in again:
            several.setdefault(text, []).append(line)
    return [same for same in several.values() if len(same) > 1]


def _with_other(same: Sequence[RosterLine]) -> Iterable[tuple[RosterLine, RosterLine]]:
    """Each row of several with another one of them: the first, for the first the second."""
    yield same[0], same[1]
    for line in same[1:]:
        yield line, same[0]


def _read(line: RosterLine, names: "_Names") -> Member | Refusal | None:
    """The member a row is about, None for a row about a unit, or why it cannot be taken."""
    if line.fault:
        return _refuse(line, line.fault, line.at_fault)
    if not line.unit:
        return _refuse(line, "no_unit", line.name)
    if line.name and not any(each.isalpha() for each in line.name):
        return _refuse(line, "no_name", line.name)
    for text, most, why in (
        (line.name, LONGEST_NAME, "too_long"), (line.unit, LONGEST_NAME, "too_long"),
        (line.position, LONGEST_POSITION, "position_long"), (line.code, LONGEST_CODE, "code_long"),
    ):  # fmt: skip
        if len(text) > most:
            return _refuse(line, why, text[:20])
    kind = _lookup(MEMBER_KINDS, line.kind, MemberKind.WORKING)
    if kind is None and line.name:
        return _refuse(line, "unknown_kind", line.kind[:40])
    unit = names.find(line)
    if isinstance(unit, Refusal):
        return unit
    if not line.name:
        return None
    return Member(0, unit, line.name, kind or MemberKind.WORKING, line.position, line.code)


class _Names:
    """Units by name below a root, growing as rows name new ones."""

    def __init__(self, units: Iterable[Unit], root: Unit) -> None:
        self._by_name: dict[str, list[Unit]] = {}
        self._root = root
        self.added: list[Unit] = []
        for unit in units:
            self._by_name.setdefault(fold(unit.name), []).append(unit)

    def find(self, line: RosterLine) -> int | Refusal:
        """The id of the row's unit, a new one included."""
        known = self._by_name.get(fold(line.unit), [])
        if len(known) > 1:
            return _refuse(line, "unit_known_twice", line.unit)
        if known:
            return known[0].id
        sector = _lookup(SECTORS, line.sector, None)
        if sector is None and line.sector:
            return _refuse(line, "unknown_sector", line.sector[:40])
        kind = _lookup(UNIT_KINDS, line.unit_kind, UnitKind.BRANCH)
        if kind is None:
            return _refuse(line, "unknown_unit_kind", line.unit_kind[:40])
        parents = self._by_name.get(fold(line.parent), []) if line.parent else [self._root]
        if len(parents) != 1:
            return _refuse(line, "unknown_parent", line.parent[:40])
        unit = Unit(-1 - len(self.added), parents[0].id, kind, line.unit, "", sector)
        self.added.append(unit)
        self._by_name[fold(line.unit)] = [unit]
        return unit.id


def _refuse(line: RosterLine, why: str, text: str, other: RosterLine | None = None) -> Refusal:
    if other is None:
        return Refusal(line.number, why, text, sheet=line.sheet)
    return Refusal(line.number, why, text, other.number, line.sheet, other.sheet)


def _lookup(labels: Mapping[T, str], text: str, default: T | None) -> T | None:
    """The value whose label or own name the text is, 党员 at its end left out or not; `default` for an empty text."""
    if not text:
        return default
    asked = fold(text)
    return next((value for value, label in labels.items() if asked in (label, label.removesuffix("党员"), str(value))), None)
