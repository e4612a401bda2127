"""How far the figures of a meeting can be trusted: of the meeting, never of a person, and never of a part of an atom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from analysis.quality import (
    ENOUGH_FOR_ALPHA,
    FEWEST_FOR_ALPHA,
    Cell,
    Consistency,
    Finding,
    Side,
    Straight,
    chance,
    findings,
    read,
    straight,
    together,
)
from survey.domain.elections import NO_ELECTION
from survey.domain.meetings import Line
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import UNRATED, Audience, Kind, Question, Role
from survey.domain.results import Count, Whole
from survey.domain.rounds import FEWEST, Scheme
from survey.store.results import Returned
from survey.web.board.others import NO_DATA, share

_SIDES = (Audience.UNIT, Audience.MEMBER)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a counted meeting, by group: ballots, counts, figures of whole rows. `parts` are the groups of every
    atom by the names under which it is shown."""

    returned: Mapping[int, Returned]
    counts: Mapping[int, Sequence[Count]]
    wholes: Mapping[int, Sequence[Whole]]
    parts: Mapping[tuple[str, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha in the middle of `many`, as printed. Without one `why` says what stands against it: `one` question,
    `few` rows, `merged` groups, `alike` answers; `is_rough` when it rests on few rows."""

    middle: float | None
    value: str
    many: int
    why: str
    reading: Consistency | None
    is_rough: bool


@dataclass(frozen=True, slots=True)
class Lined:
    """Straight rows as printed. `left_out` says for how many targets and atoms there is none that can be told; without any
    `why` says what stands against it: `one` question, or `few` rows that are complete or known to be."""

    found: Straight | None
    share: str
    left_out: int
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """One column of the table: what was said about units, or about members."""

    audience: Audience
    side: Side
    offers_unknown: bool
    unknown: str
    open: str
    lined: Lined
    chance: str
    alpha: Alpha


@dataclass(frozen=True, slots=True)
class GroupTold:
    """One atom: straight rows and alpha, in the order of the columns."""

    names: tuple[str, ...]
    ballots: int
    sides: tuple[tuple[Lined, Alpha], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A unit's figures, and the 满意率 of the `n` others right below the same unit, in per cent as printed."""

    narrow: str
    wide: str
    valid: int
    n: int
    low: str
    lower: str
    upper: str
    high: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The whole section: what deserves a second look, the columns, the groups when there are several, the sisters when they
    are published."""

    findings: tuple[Finding, ...]
    sides: tuple[Told, ...]
    groups: tuple[GroupTold, ...]
    beside: Beside | None = None

    @property
    def has_merged(self) -> bool:
        """Whether some groups are only shown together."""
        return any(len(group.names) > 1 for group in self.groups)


def measure(paper: Paper, kept: Kept, total: Line, scheme: Scheme) -> Quality | None:
    """The quality of a meeting that may be shown; None when it asked for no rating of units or members."""
    asked = {audience: _asked(paper, audience) for audience in _SIDES}
    tables = [_Table(paper, kept, asked[audience], scheme) for audience in _SIDES if asked[audience]]
    if not tables:
        return None
    columns = tuple(table.told() for table in tables)
    groups = tuple(
        GroupTold(names, sum(kept.returned[g].returned for g in inside), tuple(table.part(inside) for table in tables))
        for names, inside in kept.parts.items()
    )
    found = findings(
        [column.side for column in columns],
        valid=total.valid, returned=total.returned, issued=total.issued, due=total.due,
    )
    return Quality(found, columns, groups if len(kept.returned) > 1 else ())


class _Table:
    """One side of a paper, with its cells by group and target."""

    def __init__(self, paper: Paper, kept: Kept, targets: Sequence[Target], scheme: Scheme) -> None:
        self._paper, self._kept, self._targets, self._scheme = paper, kept, targets, scheme
        self._questions = {target.key: _rated(paper, target) for target in targets}
        self._sums: dict[tuple[int, str, str], dict[int, int]] = {}
        for group, counts in kept.counts.items():
            for count in counts:
                marks = self._sums.setdefault((group, count.target, count.question), {})
                marks[count.option] = marks.get(count.option, 0) + count.ballots
        self._wholes = {(group, each.target): each for group, wholes in kept.wholes.items() for each in wholes}

    def told(self) -> Told:
        """The column of all groups together: a sum of whole atoms."""
        lines = self._lines(self._kept.parts.values())
        alpha = self._alpha(self._kept.parts.values())
        side = self._side(lines.found, alpha.middle)
        roles = {o.role for each in self._questions.values() for q in each for o in self._paper.scale(q).options}
        return Told(
            audience=self._targets[0].audience,
            side=side,
            offers_unknown=Role.UNKNOWN in roles,
            unknown=share(side.unknown, side.answers, scheme=self._scheme),
            open=share(side.blank, side.slots, scheme=self._scheme),
            lined=lines,
            chance=NO_DATA if side.chance is None else f"{_rounded(Decimal(100 * side.chance), Decimal(1))}",
            alpha=alpha,
        )

    def part(self, inside: tuple[int, ...]) -> tuple[Lined, Alpha]:
        """What needs whole rows, of one atom."""
        return self._lines([inside]), self._alpha([inside])

    def _side(self, lines: Straight | None, alpha: float | None) -> Side:
        slots = blank = answers = satisfied = unknown = 0
        ballots = sum(back.returned for back in self._kept.returned.values())
        for target in self._targets:
            for question in self._questions[target.key]:
                roles = {option.code: option.role for option in self._paper.scale(question).options}
                marks = self._marks(self._kept.returned, target, question)
                said = {code: n for code, n in marks.items() if roles[code] is not Role.ABSTAIN}
                answers += sum(said.values())
                satisfied += sum(n for code, n in said.items() if roles[code] is Role.SATISFIED)
                unknown += sum(n for code, n in said.items() if roles[code] is Role.UNKNOWN)
                if question.show_if is None:
                    slots, blank = slots + ballots, blank + ballots - sum(marks.values())
        return Side(slots, blank, answers, satisfied, unknown, lines, self._chance(), alpha)

    def _lines(self, parts: Iterable[tuple[int, ...]]) -> Lined:
        atoms = [[group for group in inside if self._kept.returned[group].returned] for inside in parts]
        wanted = [(target, atom) for atom in atoms for target in self._targets if self._has_rows(target)]
        found = [straight([self._cell(group, target) for group in atom], fewest=FEWEST) for target, atom in wanted]
        sum_of = together([each for each in found if each is not None])
        said = NO_DATA if sum_of is None else share(sum_of.hits, sum_of.rows, scheme=self._scheme)
        why = "" if sum_of else "few" if found else "one"
        return Lined(sum_of, said, sum(each is None for each in found), why)

    def _chance(self) -> float | None:
        each = [
            chance([self._marks(self._kept.returned, target, question) for question in self._questions[target.key]])
            for target in self._targets if self._has_rows(target)
        ]
        known = [share_ for share_ in each if share_ is not None]
        return sum(known) / len(known) if known else None

    def _alpha(self, parts: Iterable[tuple[int, ...]]) -> Alpha:
        """The alphas of groups that are shown by themselves: variances of groups cannot be joined, so of others there is none."""
        targets = [target for target in self._targets if self._has_rows(target)]
        cells = [self._cell(inside[0], target) for inside in parts if len(inside) == 1 for target in targets]
        enough = [cell for cell in cells if cell.scored >= FEWEST_FOR_ALPHA]
        known = [(cell.alpha, cell.scored) for cell in enough if cell.alpha is not None]
        if not known:
            why = "one" if not targets else "alike" if enough else "few" if cells else "merged"
            return Alpha(None, NO_DATA, 0, why, None, is_rough=False)
        middle = median(alpha for alpha, _rows in known)
        is_rough = any(rows < ENOUGH_FOR_ALPHA for _alpha, rows in known)
        return Alpha(middle, f"{_rounded(Decimal(middle), _HUNDREDTH)}", len(known), "", read(middle), is_rough=is_rough)

    def _has_rows(self, target: Target) -> bool:
        """Whether rows say something: two questions or more, by one scale."""
        questions = self._questions[target.key]
        return len(questions) > 1 and len({question.scale for question in questions}) == 1

    def _cell(self, group: int, target: Target) -> Cell:
        back, whole = self._kept.returned[group], self._wholes.get((group, target.key))
        questions = self._questions[target.key]
        marks = [self._marks([group], target, question) for question in questions]
        unscored = []
        for question, given in zip(questions, marks, strict=True):
            scale = self._paper.scale(question)
            scored = {o.code for o in scale.options if _is_scored(o.role, self._scheme.earns(scale.key, o.code, o.points))}
            unscored.append(sum(n for code, n in given.items() if code not in scored))
        return Cell(
            ballots=back.returned,
            abstained=back.abstained,
            blanks=tuple(back.returned - sum(given.values()) for given in marks),
            unscored=tuple(unscored),
            straight=whole.straight if whole else None,
            alpha=whole.alpha if whole else None,
        )

    def _marks(self, groups: Iterable[int], target: Target, question: Question) -> dict[int, int]:
        found: dict[int, int] = {}
        for group in groups:
            for code, n in self._sums.get((group, target.key, question.key), {}).items():
                found[code] = found.get(code, 0) + n
        return found


def _asked(paper: Paper, audience: Audience) -> list[Target]:
    """The targets of a side that are rated, not voted on."""
    targets = [target for target in paper.targets if target.audience is audience and _rated(paper, target)]
    return [target for target in targets if all(each.election == NO_ELECTION for each in _rated(paper, target))]


def _rated(paper: Paper, target: Target) -> list[Question]:
    return [question for question in paper.questions(target) if question.kind is Kind.RATING]


def _is_scored(role: Role, points: float | None) -> bool:
    return role not in UNRATED and points is not None


def _rounded(number: Decimal, step: Decimal) -> Decimal:
    return number.quantize(step, ROUND_HALF_UP)
