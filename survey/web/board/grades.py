"""What was graded in a published round, for whoever sees a unit: the grades themselves, and the two lists that follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from survey.actions import grades as verbs
from survey.actions.grades import Points
from survey.domain.grades import Decision, Grading, ladder
from survey.domain.questionnaires import Audience
from survey.office.figures import Verdict
from survey.office.gradings import Graded, below, graded, members
from survey.store import grades
from survey.store.engine import Connection
from survey.web.board.changes import Then, narrows
from survey.web.board.doubts import doubtful
from survey.web.board.figures import Rate
from survey.web.board.publications import Seen
from survey.web.board.roll_ups import Reading
from survey.web.doors import staff
from survey.web.points import exact
from survey.web.questionnaires import noted
from survey.web.words import round_name

# So many units that are too few are named; the rest are a number.
MOST_FEW = 50
# Units that are asked for by name; of more all decisions of the round are read.
_MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """One unit or member on a list.

    Attributes
    ----------
    unit : str
        The name of a member's unit; "" of a unit.
    decision : Decision or None
        None where the thresholds alone put it there.
    grade : str
        What was decided; before a decision what the figures come to, where the scheme has no grades of its own.
    result : str
        What the figures come to.
    score : str
        "" where there is none to say.
    since : str
        The name of the first of the rounds without a break in which it was below the thresholds; "" on the other list.
    is_alone : bool
        Whether its score holds bonus points that whoever applied for them approved.
    is_doubtful : bool
        Whether it is a unit of whom nothing but the best was said: to be looked into before it is commended.
    """

    key: str
    label: str
    note: str
    unit: str
    rate: Rate | None
    decision: Decision | None
    grade: str
    result: str
    score: str = ""
    since: str = ""
    is_alone: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Few:
    """Units of whose ballots too few came back: the names of the first, and how many there are."""

    names: tuple[str, ...]
    all: int


@dataclass(frozen=True, slots=True)
class Lists:
    """Both lists of a unit and all below it.

    Attributes
    ----------
    few : Few
        Units of whose ballots too few came back: on neither.
    open_units, open_members : int
        Shown by themselves and without a decision.
    until : date
        The day by which what is poor must be put right.
    units_between, members_between : int
        Below the narrow threshold but not the wide one, and not on the list of those to be put right.
    """

    grading: Grading
    best: str
    commended: tuple[Listed, ...]
    poor: tuple[Listed, ...]
    few: Few
    open_units: int
    open_members: int
    until: date
    units_between: int = 0
    members_between: int = 0


def lists_of(db: Connection, seen: Seen, then: Sequence[Then]) -> Lists:
    """The lists of the unit of a page."""
    reading = seen.reading
    assert reading is not None
    sees = staff().sees
    inside = [unit for unit in reading.inside(seen.unit) if sees(unit)]
    decided = _decided(db, seen, inside)
    keys = [key for unit in inside for key in reading.roll.own(unit)]
    grading, rungs = grades.of_round(db, seen.planned.id), ladder(reading.scheme)
    best = [key for key in keys if _grade(reading, key, decided) == rungs[0]]
    given = {key: each.grade for key, each in decided.items()}
    poor = [key for key in keys if _is_poor(reading, key, given, rungs)]
    about = frozenset(reading.made.targets[key].unit for key in (*best, *poor))
    points = verbs.points(db, seen.planned.id, None if reading.scheme.below else about)
    listed = set(poor)
    apart = [key for key in keys if _stands(reading, key) is Verdict.BASIC and key not in listed]
    units_between, members_between = (sum(key.startswith(kind) for key in apart) for kind in ("u", "m"))
    units_open, members_open = (sum(key not in decided and key.startswith(kind) for key in keys) for kind in ("u", "m"))
    return Lists(
        grading, rungs[0], _listed(reading, best, decided, points), _listed(reading, poor, decided, points, then=then), _few(reading, inside),
        units_open, members_open, grading.until(seen.day), units_between, members_between,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day by which whoever is on the list must be put right, and who of a unit and its members is on it."""

    until: date
    keys: frozenset[str] = frozenset()


def deadline_of(db: Connection, seen: Seen) -> Deadline | None:
    """Of the unit of a page; None when the round is not published."""
    reading = seen.reading
    if reading is None:
        return None
    grading, decided = grades.at_unit(db, seen.planned.id, seen.unit)
    rungs = ladder(reading.scheme)
    return Deadline(grading.until(seen.day), frozenset(key for key in reading.roll.own(seen.unit) if _is_poor(reading, key, decided, rungs)))


def open_keys(db: Connection, seen: Seen) -> Mapping[Audience, tuple[str, ...]]:
    """The units and the members of a unit and all below it that are shown by themselves and have no decision."""
    reading = seen.reading
    assert reading is not None
    inside = [unit for unit in reading.inside(seen.unit) if staff().sees(unit)]
    decided = _decided(db, seen, inside)
    keys = [key for unit in inside for key in reading.roll.own(unit) if key not in decided]
    return {kind: tuple(key for key in keys if key.startswith("m") is (kind is Audience.MEMBER)) for kind in (Audience.UNIT, Audience.MEMBER)}


def _decided(db: Connection, seen: Seen, inside: Iterable[int]) -> Mapping[str, Decision]:
    # Who is shown in a round that was published long ago may belong to another unit today.
    mine = set(inside)
    found = grades.decisions(db, seen.planned.id, mine if len(mine) <= _MOST_ASKED else None)
    return {key: each for key, each in found.items() if each.unit in mine}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The grades of a unit: the units right below it and its own members, each with its decision; those of which too few
    ballots came back, so that they have none; and those whose bonus points the same person applied for and approved."""

    grading: Grading
    units: tuple[tuple[Graded, Decision | None], ...]
    members: tuple[tuple[Graded, Decision | None], ...]
    over: str
    few: Few
    alone: tuple[str, ...] = ()


def sheet_of(db: Connection, seen: Seen) -> Sheet:
    """What was graded at a unit."""
    reading = seen.reading
    assert reading is not None
    shown = [key for key in below(reading.roll, seen.unit) if staff().sees(reading.made.targets[key].unit)]
    keys = shown, members(reading.roll, seen.unit)
    about = frozenset(reading.made.targets[key].unit for some in keys for key in some)
    points = verbs.points(db, seen.planned.id, None if reading.scheme.below else about)
    some = tuple(graded(reading.roll, each, exact(points)) for each in keys)
    decided = grades.decisions(db, seen.planned.id, about)
    units, own = (tuple((each, decided.get(each.key)) for each in _ordered(rows, league=reading.scheme.league)) for rows in some)
    here = [seen.unit, *(place.id for place in reading.roll.children.get(seen.unit, ()) if staff().sees(place.id))]
    alone = tuple(reading.made.targets[key].label for some in keys for key in some if key in points.approved.alone)
    return Sheet(grades.of_round(db, seen.planned.id), units, own, grades.overrun(db, seen.planned.id, seen.unit), _few(reading, here), alone)


def _few(reading: Reading, units: Iterable[int]) -> Few:
    names = [reading.roll.place(unit).name for unit in reading.few(units)]
    return Few(tuple(names[:MOST_FEW]), len(names))


def _ordered(rows: Sequence[Graded], *, league: bool) -> Iterable[Graded]:
    return sorted(rows, key=lambda each: each.rank or len(rows) + 1) if league else rows


def _grade(reading: Reading, key: str, decided: Mapping[str, Decision]) -> str:
    """The decision; before one the verdict, unless the scheme has grades of its own: those are for the office to decide."""
    if key in decided:
        return decided[key].grade
    stands = _stands(reading, key)
    return stands.value if stands is not None and not reading.scheme.grades else ""


def _stands(reading: Reading, key: str) -> Verdict | None:
    return reading.standings.verdict(reading.roll.spots[key]) if key in reading.standings else None


def _is_poor(reading: Reading, key: str, decided: Mapping[str, str], rungs: Sequence[str]) -> bool:
    """Decided to be, or below both thresholds; the best grade, decided with its reason, takes off this list."""
    is_below = _stands(reading, key) is Verdict.BELOW
    if key not in decided:
        return is_below
    grade = decided[key]
    return grade == rungs[-1] or (is_below and bool(reading.scheme.grades) and grade != rungs[0])


def _listed(
    reading: Reading, keys: Iterable[str], decided: Mapping[str, Decision], points: Points, *, then: Sequence[Then] | None = None
) -> tuple[Listed, ...]:
    """Units before members, each in the order of the tree: no order of merit."""
    some = sorted(keys, key=lambda key: key.startswith("m"))
    # Where the scheme has grades of its own the score earns them, else the thresholds.
    earned = {each.key: each for each in graded(reading.roll, some, exact(points))} if reading.scheme.grades else {}
    found, is_doubtful = [], doubtful(reading)
    for key in some:
        named = reading.made.targets[key]
        is_member = key.startswith("m")
        stands = _stands(reading, key)
        unit = reading.roll.place(named.unit).name if is_member else ""
        since = _since(reading, then, key) if then is not None and stands is Verdict.BELOW else ""
        each, grade = earned.get(key), _grade(reading, key, decided)
        result = decided[key].result if key in decided else each.result if each is not None else grade
        score = "" if each is None or each.score is None else f"{each.score}"
        is_alone = key in points.approved.alone
        found.append(Listed(key, named.label, noted(named.note), unit, reading.rate(key), decided.get(key), grade, result, score, since, is_alone, is_doubtful(key)))
    return tuple(found)


def _since(reading: Reading, then: Sequence[Then], key: str) -> str:
    """How far back it was below without a break, as far as the rounds may be compared: by the rules that make rates and
    thresholds, whatever weights, totals and grades there were. "" where that is this one."""
    since = ""
    for each in then:
        why, _before, _after = narrows(reading, each.reading, key)
        if why is not None or _stands(each.reading, key) is not Verdict.BELOW:
            break
        since = round_name(each.listed)
    return since
