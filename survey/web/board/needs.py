"""Which units need help, why, since when and how sure that is: what a leader asks of a round before anything else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile

from analysis.standouts import Sure, sure
from survey.domain.publications import Named
from survey.office.figures import Verdict
from survey.office.gradings import is_all_best
from survey.web.board.branches import Group, groups_of
from survey.web.board.changes import Change, Then, change, narrows
from survey.web.board.figures import Rate
from survey.web.board.reasons import divided_of, weak_of
from survey.web.board.roll_ups import Line, Reading

MOST = 6
# So many rounds back the weakest question is followed.
_BACK = 2
# So many points of per cent since the last round are worth a word.
FELL = 10


@dataclass(frozen=True, slots=True)
class Weakest:
    """The weakest question of a unit: there, over all units around it (`all`, None where it was asked nowhere else), and there
    in earlier rounds, the first of them first. `is_far` when it stands out; `is_alike` when no other question is better."""

    line: Line
    rate: Rate
    all: Rate | None
    past: tuple[Rate, ...]
    is_far: bool
    is_alike: bool
    sure: Sure


@dataclass(frozen=True, slots=True)
class Need:
    """A unit that does not reach the line of 满意, or fell far.

    Attributes
    ----------
    turns : int
        For how many rounds without a break it has not reached that line, this one included; 0 when it does.
    since : Then or None
        The first of those rounds, when there is more than this one.
    change : Change or None
        Since the last round; None where nothing may be compared.
    groups : (lowest, highest) or None
        When they lie far apart.
    kinds : int
        How many groups are shown by themselves.
    ballots, questions : int
        How many ballots its rate comes from, and how many questions.
    due : int
        How many were expected at its meetings; 0 where they are not its own alone.
    """

    key: str
    label: str
    rate: Rate
    weakest: Weakest | None
    turns: int
    since: Then | None
    change: Change | None
    groups: tuple[Group, Group] | None
    kinds: int
    ballots: int
    questions: int
    due: int


def needs(reading: Reading, around: int, keys: Sequence[str], then: Sequence[Then]) -> tuple[tuple[Need, ...], int]:
    """Those of some units that need help, the lowest 满意率 first, of whom MOST are told more; and how many there are.

    Parameters
    ----------
    around : int
        The unit whose questions theirs are put beside.
    """
    found = needing(reading, keys, then)
    some = found[:MOST]
    for one in (reading, *(each.reading for each in then[:_BACK])):
        one.roll.ahead([one.roll.unit_of(key) for key in some if key in one.roll.spots])
    return tuple(_told(reading, around, key, then) for key in some), len(found)


def needing(reading: Reading, keys: Sequence[str], then: Sequence[Then]) -> list[str]:
    """Those of some units that need help, the lowest 满意率 first."""
    found = {key: narrow for key in keys if _needs(reading, key, then) and (narrow := reading.standings.narrow(key)) is not None}
    return sorted(found, key=lambda key: found[key])


def spotless(reading: Reading, keys: Sequence[str]) -> tuple[tuple[Named, Rate], ...]:
    """Some of the units about which nobody said anything but 满意, of many answers: how these came about is worth a look."""
    full = [key for key in keys if is_spotless(reading, key)]
    return tuple((reading.made.targets[key], rate) for key in full[:MOST] if (rate := reading.rate(key)) is not None)


def is_spotless(reading: Reading, key: str) -> bool:
    """Whether all answers about a unit that is shown by itself are 满意, and there are many."""
    satisfied, _wide, valid = reading.standings.answers(reading.roll.spots[key])
    return is_all_best(satisfied, valid)


def _needs(reading: Reading, key: str, then: Sequence[Then]) -> bool:
    if _is_under(reading, key):
        return True
    _why, before, after = narrows(reading, then[0].reading, key) if then else (None, None, None)
    return before is not None and after is not None and before - after >= FELL


def _is_under(reading: Reading, key: str) -> bool:
    """Whether it has answers and does not reach the line of 满意."""
    return key in reading.standings and reading.standings.verdict(reading.roll.spots[key]) in (Verdict.BASIC, Verdict.BELOW)


def _told(reading: Reading, around: int, key: str, then: Sequence[Then]) -> Need:
    rate = reading.rate(key)
    assert rate is not None, "whoever needs help has answers"
    moved, groups = [change(reading, each, key) for each in then], groups_of(reading, key)
    under = list(takewhile(lambda each: each.why is None and _is_under(each.then.reading, key), moved)) if _is_under(reading, key) else []
    return Need(
        key, reading.made.targets[key].label, rate, _weakest(reading, around, key, moved), len(under) + 1 if _is_under(reading, key) else 0,
        under[-1].then if under else None, moved[0] if moved and moved[0].narrow is not None else None, divided_of(groups), sum(each.sheet is not None for each in groups),
        reading.ballots(key), len([line for line, rate in reading.target(key).rated if rate.valid]), _due(reading, key),
    )  # fmt: skip


def _due(reading: Reading, key: str) -> int:
    """How many were expected where a unit was rated; 0 where that is held above it, or counted with the units below it."""
    unit = reading.roll.unit_of(key)
    return 0 if reading.roll.children.get(unit) else reading.roll.accounting(unit).due


def _weakest(reading: Reading, around: int, key: str, moved: Sequence[Change]) -> Weakest | None:
    part = reading.target(key)
    told = [each for each in part.rated if each[1].valid]
    if not told:
        return None
    line, rate = min(told, key=lambda each: _narrow(each[1]))
    past, before = tuple(_past(line, moved[:_BACK], key)), [*_past(line, moved[:1], key)]
    known = sure(_counts(rate), _counts(before[0]) if before else None, Fraction(str(reading.scheme.satisfied_at)))
    is_alike = all(_narrow(each) == _narrow(rate) for _line, each in told)
    # The same question over all of them: by its text, for forms differ and say the same.
    others = [whole for other, whole in reading.node(around).units.rated if other.question.text == line.question.text and whole.valid]
    return Weakest(line, rate, others[0] if len(others) == 1 else None, past, line in [each for each, _rate in weak_of(part)], is_alike, known)


def _past(line: Line, moved: Sequence[Change], key: str) -> Iterator[Rate]:
    for each in reversed([one for one in moved if one.why is None]):
        yield from [was for other, was in each.then.reading.target(key).rated if other.question.text == line.question.text and was.valid][:1]


def _counts(rate: Rate) -> tuple[int, int]:
    return rate.figures.satisfied, rate.valid


def _narrow(rate: Rate) -> Fraction:
    return Fraction(rate.figures.satisfied, rate.valid)

