"""A branch of a published round by itself: its questions and groups, its place among others, its members side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from analysis.satisfaction import Role, percent
from survey.domain.publications import Held, Named, audience_of
from survey.web.board.changes import Change, Then, change
from survey.web.board.figures import Rate
from survey.web.board.roll_ups import Line, Part, Reading
from survey.web.board.round_weights import weighing_of
from survey.web.board.weights import Weighing
from survey.web.doors import staff
from survey.web.questionnaires import noted
from survey.web.words import group_name


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the table of groups, as a meeting has it: too few with `ballots` None; then those shown together."""

    names: tuple[str, ...]
    ballots: int | None
    sheet: Part | None


@dataclass(frozen=True, slots=True)
class Person:
    """A member, by himself."""

    key: str
    label: str
    note: str
    part: Part


@dataclass(frozen=True, slots=True)
class Roll:
    """Members who were asked the same, in the order of the list."""

    section: str
    lines: tuple[Line, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What a branch is put beside: the units right below the same unit, or those of its sector, with its own among them."""

    what: str
    units: int
    rate: Rate

    @property
    def at(self) -> Decimal:
        """Where its 满意率 lies on a bar of one's own, in per cent of all answers but abstentions: that is what bars are of."""
        return percent(self.rate.figures.satisfied, sum(each.ballots for each in self.rate.segments if each.css != Role.ABSTAIN)) or Decimal(0)


@dataclass(frozen=True, slots=True)
class Branch:
    """What is said of one unit by itself; `part` is None when only its members were rated."""

    key: str
    part: Part | None
    ballots: int
    groups: tuple[Group, ...]
    beside: tuple[Compared, ...]
    past: tuple[Change, ...]
    rolls: tuple[Roll, ...]
    meetings: tuple[Held, ...]
    weighing: Weighing | None = None


def branch_of(reading: Reading, unit: int, then: Sequence[Then], *, sees: Callable[[int], bool] | None = None) -> Branch | None:
    """A unit that was rated, it or its members; None when nothing of it is shown by itself. What lies around it is told of units
    the reader `sees`: those of who asks, unless it is said otherwise."""
    sees = sees or staff().sees
    keys = reading.roll.own(unit)
    if not keys:
        return None
    key = f"u{unit}"
    part = reading.target(key) if key in keys else None
    members = [each for each in keys if each.startswith("m")]
    held = tuple(each for each in held_about(reading, unit) if sees(each.unit))
    return Branch(
        key, part, reading.ballots(keys[0]), groups_of(reading, key) if part is not None else (), _beside(reading, unit, sees) if part is not None else (),
        past(reading, then, key) if part is not None else (), _rolls(reading, members), held,
        weighing_of(reading, key) if part is not None else None,
    )  # fmt: skip


def held_about(reading: Reading, unit: int) -> tuple[Held, ...]:
    """The meetings that rated a unit or its members."""
    return reading.held_about.get(unit, ())


def groups_of(reading: Reading, key: str) -> tuple[Group, ...]:
    """The groups that voted about one target; nothing when all of them are one."""
    found = reading.roll.groups(reading.roll.about(reading.roll.unit_of(key)))
    rows: list[Group] = []
    for names, atoms in sorted(found.items(), key=lambda each: len(each[0])):
        said = tuple(group_name(name) for name in names)
        part = reading.parts(atoms, targets={key})[audience_of(key)]
        if part.whole is not None:
            rows += [Group((name,), None, None) for name in said if len(said) > 1]
            rows.append(Group(said, reading.roll.ballots(atoms), part))
    return tuple(rows) if len(rows) > 1 else ()


def past(reading: Reading, then: Sequence[Then], key: str) -> tuple[Change, ...]:
    """Earlier rounds, the last first."""
    return tuple(change(reading, each, key) for each in then)


def alike(reading: Reading, key: str) -> Roll | None:
    """The members of a unit who were asked what this one was asked."""
    keys = [each for each in reading.roll.own(reading.made.targets[key].unit) if each.startswith("m")]
    return next((roll for roll in _rolls(reading, keys) if any(each.key == key for each in roll.people)), None)


def _beside(reading: Reading, unit: int, sees: Callable[[int], bool]) -> tuple[Compared, ...]:
    place = reading.roll.place(unit)
    around = reading.roll.children[place.parent] if place.parent is not None and sees(place.parent) else ()
    beside = [each.id for each in around if f"u{each.id}" in reading.standings and sees(each.id)]
    fields = [each for each in reading.of_sector.get(place.sector, ()) if sees(each)]
    found = []
    for what, units in (("siblings", beside), ("sector", fields)):
        rate = reading.pooled(f"u{each}" for each in units)
        if len(units) > 1 and rate is not None and rate.valid:
            found.append(Compared(what, len(units), rate))
    return tuple(found)


def _rolls(reading: Reading, keys: Sequence[str]) -> tuple[Roll, ...]:
    people = [_person(reading, key) for key in keys]
    asked = {each.key: [line.question for line in each.part.lines] for each in people}
    # One after the other on the list are asked alike as a rule; a kind that stands in two places gets one table all the same.
    order = {repr(questions): place for place, questions in reversed([*enumerate(asked.values())])}
    people.sort(key=lambda each: order[repr(asked[each.key])])
    return tuple(
        Roll(some[0].part.lines[0].section, some[0].part.lines, tuple(some))
        for some in (list(each) for _asked, each in groupby(people, lambda each: repr(asked[each.key])))
        if some[0].part.lines
    )


def _person(reading: Reading, key: str) -> Person:
    named: Named = reading.made.targets[key]
    return Person(key, named.label, noted(named.note), reading.target(key))
