"""A member list against what is known: what would be added, changed, refused. Nothing is written here."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from survey.domain.members import Stay, fault_of_day, read_day
from survey.domain.roster_known import Found, Known, after_of
from survey.domain.roster_places import Places, meaning
from survey.domain.rosters import (
    LONGEST_CODE,
    LONGEST_NAME,
    LONGEST_POSITION,
    Change,
    Plan,
    Refusal,
    RosterLine,
    Step,
    fold,
    refuse,
    result,
)  # fmt: skip
from survey.domain.terms import BUILT_IN, TermList, Terms
from survey.domain.units import Member, MemberKind, Unit

_EVERY = 4000
# What people write under 类别 and what is none: whether somebody is a full member yet, or none at all.
_STANDING = frozenset(("正式党员", "正式", "预备党员", "预备", "中共党员", "党员", "中共正式党员", "中共预备党员"))
_OUTSIDE = frozenset(("入党积极分子", "积极分子", "发展对象", "群众", "共青团员", "团员", "入党申请人"))


@dataclass(frozen=True, slots=True)
class Books:
    """What is known before a list comes: the units below a root and all who ever were in them, the words, the day."""

    units: Iterable[Unit]
    members: Iterable[Member]
    root: Unit
    today: date
    terms: Terms = field(default=BUILT_IN)


def plan(lines: Sequence[RosterLine], books: Books) -> Plan:
    """Compare a member list with the units below a root and their members.

    The key of a member is his code when the row has one, else unit and name. Rows with equal keys are refused, both.
    A unit that is not there yet is added under the parent the row names, else under the root. Who had left and is on the
    list again comes back. Who is in a unit of the list and not on it is `missing`.
    """
    return result(plan_steps(lines, books))


def plan_steps(lines: Sequence[RosterLine], books: Books) -> Generator[Step, None, Plan]:
    """The same, step by step."""
    places = Places(books.units, books.root, books.terms)
    reader = _Reader(places, books)
    whole = 2 * len(lines)
    found: list[Found] = []
    for line in lines:
        found.append(reader.read(line))
        if len(found) % _EVERY == 0:
            yield "compare", len(found), whole
    known = Known(books.members, {line.code for line in lines})
    known.pair(lines, found)
    outcome = _Outcome(known, places, books.today)
    for number, (line, each) in enumerate(zip(lines, found, strict=True)):
        outcome.take(line, each)
        if number % _EVERY == 0:
            yield "compare", len(lines) + number, whole
    return outcome.plan(lines)


class _Reader:
    """What a row says: the member it is about, None for a row about a unit, or why it cannot be taken."""

    def __init__(self, places: Places, books: Books) -> None:
        self._places, self._today = places, books.today
        self._kinds = books.terms.labels(TermList.MEMBER_KIND, retired=True)
        self._meant: dict[str, str | None] = {}

    def read(self, line: RosterLine) -> Found:
        """One row."""
        why = self._fault(line)
        if why is not None:
            return why
        unit = self._places.find(line)
        if isinstance(unit, Refusal):
            return unit
        if not line.name:
            return None
        kind = self._kind(line.kind)
        since, left = (self._day(text) for text in (line.since, line.left))
        return Member(0, unit, line.name, kind or MemberKind.WORKING, line.position, line.code, since, left)

    def _fault(self, line: RosterLine) -> Refusal | None:
        if line.fault:
            return refuse(line, line.fault, line.at_fault)
        if not line.unit:
            return refuse(line, "no_unit", line.name)
        if line.name and not any(each.isalpha() for each in line.name):
            return refuse(line, "no_name", line.name)
        for text, most, why in (
            (line.name, LONGEST_NAME, "too_long"), (line.unit, LONGEST_NAME, "too_long"),
            (line.position, LONGEST_POSITION, "position_long"), (line.code, LONGEST_CODE, "code_long"),
        ):  # fmt: skip
            if len(text) > most:
                return refuse(line, why, text[:20])
        if line.name and line.kind and self._kind(line.kind) is None:
            folded = fold(line.kind)
            why = "kind_standing" if folded in _STANDING else "kind_outside" if folded in _OUTSIDE else "unknown_kind"
            return refuse(line, why, line.kind[:40])
        return self._fault_of_days(line) if line.since or line.left else None

    def _fault_of_days(self, line: RosterLine) -> Refusal | None:
        for text in (line.since, line.left):
            day = self._day(text)
            if text and day is None:
                return refuse(line, "bad_day", text[:40])
            if day is not None and fault_of_day(day, today=self._today):
                return refuse(line, "day_away", text[:40])
        since, left = self._day(line.since), self._day(line.left)
        if since is not None and left is not None and left < since:
            return refuse(line, "left_before", line.left[:40])
        return None

    def _kind(self, text: str) -> str | None:
        if text not in self._meant:
            self._meant[text] = meaning(self._kinds, text, MemberKind.WORKING)
        return self._meant[text]

    @staticmethod
    def _day(text: str) -> date | None:
        return read_day(text) if text else None


class _Outcome:
    """What comes of the rows, one after the other."""

    def __init__(self, known: Known, places: Places, today: date) -> None:
        self._known, self._places, self._today = known, places, today
        self._used: set[int] = set()
        self._listed: set[int] = set()
        self._refused: list[Refusal] = []
        self._blamed: set[str] = set()
        self._added: list[tuple[int, Member]] = []
        self._changed: list[Change] = []
        self._unchanged = 0

    def take(self, line: RosterLine, found: Found) -> None:
        """One row."""
        if found is None:
            # A row about a unit: it is wanted for itself.
            unit = self._places.find(line)
            self._used.add(unit) if isinstance(unit, int) else None
            return
        if isinstance(found, Refusal):
            self._refuse(line, found)
            return
        if found.id:
            before: Member | Refusal | None = self._known.take(found)
        else:
            before = self._known.find(line, found)
        if isinstance(before, Refusal):
            self._refuse(line, before)
            return
        self._used.add(found.unit)
        self._listed.add(found.unit)
        if before is None:
            self._added.append((line.number, found))
        elif before is found:
            self._unchanged += 1
        else:
            self._compare(line, before, found)

    def plan(self, lines: Sequence[RosterLine]) -> Plan:
        """All of it, refusals in the order of the file."""
        order = {sheet: place for place, sheet in enumerate(dict.fromkeys(line.sheet for line in lines))}
        self._refused.sort(key=lambda refusal: (order[refusal.sheet], refusal.number))
        missing = tuple(
            member for unit in sorted(self._listed) for member in self._known.present.get(unit, ())
            if member.id not in self._known.taken and not self._blamed & {fold(member.name), member.code}
        )  # fmt: skip
        return Plan(
            self._places.kept(self._used), tuple(self._added), tuple(self._changed), self._unchanged, tuple(self._refused),
            tuple(self._places.changed.values()), missing,
        )  # fmt: skip

    def _refuse(self, line: RosterLine, refusal: Refusal) -> None:
        self._refused.append(refusal)
        # Whoever is meant by a row that is not taken is on the list all the same.
        self._blamed.update(text for text in (fold(line.name), line.code) if text)

    def _compare(self, line: RosterLine, before: Member, found: Member) -> None:
        after = after_of(before, found, line)
        stay = None
        goes = after.unit != before.unit and after.left_on is None
        returns = before.left_on is not None and after.left_on is None
        if goes or (returns and (found.since is None or found.since >= (before.left_on or found.since))):
            start = found.since or self._today
            until = before.left_on or start
            if (before.since and until < before.since) or start < until:
                self._refuse(line, refuse(line, "since_before", start.isoformat()))
                return
            after = replace(after, since=start)
            stay = Stay(0, before.id, before.unit, before.since, until)
        if after.left_on is not None and after.since is not None and after.left_on < after.since:
            self._refuse(line, refuse(line, "left_before", after.left_on.isoformat()))
        elif after == before:
            self._unchanged += 1
        else:
            self._changed.append(Change(line.number, before, after, line.sheet, stay))
