"""Everything three rounds may say of anybody, by hand: a line of a page or a file is looked up by whom and what it names."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from tests.stories.sheets import DUE
from tests.stories.truths import POINTS, QUESTIONS, SHARES, WEIGHTS, Cells, Round, Some, Truth, figures, half_up
from tests.stories.years import GIVEN, SURNAMES, Story
from tests.townships_for_tests import GROUPS, Branch

TEXTS = {
    **dict(zip(QUESTIONS["u"], ("领导班子好", "党员队伍好", "工作机制好", "工作业绩好", "群众反映好"), strict=True)),
    **dict(zip(QUESTIONS["m"], ("带头学习提高", "带头争创佳绩", "带头服务群众", "带头遵纪守法", "带头弘扬正气"), strict=True)),
}
TURNS = ("2026 年第三季度评议", "2026 年第四季度评议", "2027 年第一季度评议")
# What the groups weigh and earn, as it is printed; nobody, and everybody.
WEIGHED = {f"{each}.00" for each in (0, *WEIGHTS.values(), *SHARES.values(), 100)}
SPANS = {"2026H2": (0, 1), "2026Y": (0, 1), "2027H1": (2,), "2027Y": (2,)}
# The meeting that was counted too late for its round.
LATE = "late"
# What stands beside a branch: those below the same unit, and those of its sector.
SIBLINGS, SECTOR = "同级", "同领域"


# Meetings are called after the quarter the first round was of; and of whom nothing is told in a round, that is named.
_ELSEWHERE = re.compile(r"20\d\d 年第.季度评议会|(没有评到|人数不足)：20\d\d 年第.季度评议")


@dataclass(frozen=True)
class Fact:
    """One figure: in which round (or half-year), of which unit and target in it, by whom, of which question."""

    turn: str
    unit: int
    key: str
    group: str
    question: str
    cells: Cells

    @property
    def told(self) -> Cells:
        """As it is printed: both rates and their base."""
        return self.cells[7], self.cells[8], self.cells[1]


@dataclass(frozen=True)
class About:
    """What a page is about, unless a line of it names another."""

    turn: str
    unit: int
    key: str = ""
    # Units that may be named on it.
    inside: tuple[int, ...] = ()
    group: str = ""
    question: str = ""


@dataclass
class Ledger:
    """All figures there are, by hand."""

    story: Story
    sees: frozenset[int]
    facts: dict[tuple[str, str], list[Fact]] = field(default_factory=dict)
    _known: dict[tuple[int, str], set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in self._all():
            self.facts.setdefault((each.turn, each.question), []).append(each)

    @cached_property
    def every(self) -> list[Fact]:
        """One by one."""
        return [each for some in self.facts.values() for each in some]

    @cached_property
    def people(self) -> dict[str, tuple[int, str]]:
        """By name the unit and the key of a member."""
        found = {}
        for surname, (unit, members) in zip(SURNAMES, self.story.truth.members.items(), strict=True):
            found.update({f"{surname}{given}": (unit, f"m{each}") for given, each in zip(GIVEN, members, strict=False)})
        return found

    def allowed(self, above: str, line: str, about: About) -> list[Fact]:
        """Of what a line tells by its own words and those above it, and else by its page."""
        about, kinds = self._named(above, line, about)
        if about.turn == TURNS[-1] and about.unit == self.story.late.unit:
            about = replace(about, turn=LATE)
        found = []
        for each in self.facts.get((about.turn, about.question), ()):
            whom = each.key == about.key if about.key else each.key in (f"u{each.unit}", *kinds)
            if each.unit == about.unit and whom and each.group == about.group:
                found.append(each)
        return found

    def numbers(self, above: str, line: str, about: About) -> set[str]:
        """Any other figure that such a line may have: rates of all its questions and groups, now and then, how far they moved, what
        is made of them, and how many came back."""
        named, _kinds = self._named(above, line, about)
        together = self._numbers(about.unit, "m*") if about.key else set()
        return WEIGHED | together | self._numbers(named.unit, named.key) | self._numbers(about.unit, about.key)

    def _numbers(self, unit: int, key: str) -> set[str]:
        if (unit, key) not in self._known:
            mine = [each for each in self.every if each.unit == unit and key in ("", each.key)]
            by: dict[tuple[str, ...], list[Cells]] = {}
            for each in mine:
                by.setdefault((each.key, each.group, each.question), []).append(each.cells)
            found = {each.cells[at] for each in mine for at in (7, 8, 9)}
            found |= {f"{abs(Decimal(now[at]) - Decimal(then[at]))}" for some in by.values() for then, now in combinations(some, 2) for at in (7, 8)}
            self._known[unit, key] = found | set(self._made(unit, {each.key for each in mine}))
        return self._known[unit, key]

    def _made(self, unit: int, keys: set[str]) -> Iterator[str]:
        """What is made of several of them: weighted rates, scores with their parts, return and turnout."""
        story = self.story
        rounds = (*story.rounds, Round(0, {story.late.unit: story.truth.root}, [story.late]))
        for one in rounds:
            inside = [each for each in one.branches if unit in (each.unit, one.heads[each.unit], story.truth.root)]
            yield from _back(inside)
            for branch in (each for each in inside if each.unit == unit and each.returned >= 5):
                for key in keys & set(story.truth.targets(branch)):
                    yield from story.truth.weighted(branch, key) or ()
                    yield from _apart(story.truth, branch, key)
                    yield from _weighed(story.truth, branch, key)
                    yield from _parts(story.truth, branch, key)
                yield from _effects(story.truth, branch)
            groups = story.truth.below(one, unit)
            for kind in "um" if set(groups) == {"", *GROUPS} else "":
                yield from _means([_whole(story.truth, [(b, names, story.truth.keys(b, kind)) for b, names in groups[name]], kind) for name in GROUPS])
        for places in SPANS.values():
            yield from _back([each for at in places for each in rounds[at].branches if unit in (each.unit, rounds[at].heads[each.unit], story.truth.root)])

    def _named(self, above: str, line: str, about: About) -> tuple[About, tuple[str, ...]]:
        # Meetings are called after the quarter the first round was of.
        left = _ELSEWHERE.sub("", line)
        for turn in TURNS:
            about = replace(about, turn=turn) if turn in left else about
        for key, text in TEXTS.items():
            about = replace(about, question=key) if text in f"{above} {left}" else about
        for name, (unit, key) in self.people.items():
            about = replace(about, unit=unit, key=key) if name in left else about
        names = [unit for unit, name in self.story.names.items() if name in left]
        if names and not about.key.startswith("m"):
            about = replace(about, unit=max(names, key=lambda unit: len(self.story.names[unit])), key="")
        for group in (*GROUPS, SIBLINGS, SECTOR):
            about = replace(about, group=group) if group in re.split(r"[\s“”（(]|给", left) else about
        # All members of a branch together, on the sheet of each.
        about = replace(about, key="m*") if re.search(r"名党员合计|名党员合在一", left) else about
        kind = about.question[:1] and ("u" if about.question.startswith("good") else "m")
        return about, (f"{kind}*",) if kind else ("u*",) if "单位满意率" in line else ("m*",) if "党员满意率" in line else ("u*", "m*")

    def _all(self) -> Iterator[Fact]:
        story = self.story
        late = Round(0, {story.late.unit: story.truth.root}, [story.late])
        for turn, one in (*zip(TURNS, story.rounds, strict=True), (LATE, late)):
            for (unit, _reach, key, group, question), cells in story.truth.rows(one):
                yield Fact(turn, unit, key, group, question, cells)
            yield from self._beside(turn, one) if one is not late else ()
        for span, places in SPANS.items():
            yield from self._over(span, [story.rounds[at] for at in places])

    def _beside(self, turn: str, one: Round) -> Iterator[Fact]:
        mine = [each for each in one.shown() if each.unit in self.sees]
        for branch in mine:
            near = [each for each in mine if one.heads[each.unit] == one.heads[branch.unit] in self.sees]
            for what, some in ((SIBLINGS, near), (SECTOR, mine)):
                whole: Some = [(each, GROUPS, [f"u{each.unit}"]) for each in some]
                yield from (Fact(turn, branch.unit, f"u{branch.unit}", what, "", cells) for question, cells in self._told([whole], "u") if not question)

    def _over(self, span: str, rounds: Sequence[Round]) -> Iterator[Fact]:
        truth = self.story.truth
        spots: dict[tuple[int, str], list[Some]] = {}
        for one in rounds:
            for branch in one.shown():
                people = [f"m{each}" for each in truth.members[branch.unit]]
                for key, keys in ((f"u{branch.unit}", [f"u{branch.unit}"]), *((each, [each]) for each in people), ("m*", people)):
                    spots.setdefault((branch.unit, key), []).append([(branch, GROUPS, keys)])
            for node in (truth.root, *set(one.heads.values())):
                for kind in "um":
                    some = [(branch, names, truth.keys(branch, kind)) for branch, names in truth.below(one, node).get("", [])]
                    spots.setdefault((node, f"{kind}*"), []).append(some)
        for (unit, key), some in spots.items():
            for question, cells in self._told(some, key[0]):
                yield Fact(span, unit, key, "", question, cells)

    def _told(self, every: Sequence[Some], kind: str) -> Iterator[tuple[str, Cells]]:
        whole, most = Counter[int](), 0
        for question in QUESTIONS[kind]:
            found = [self.story.truth.marks(some, question) for some in every]
            marks, slots = sum((marks for marks, _most in found), Counter[int]()), sum(slots for _marks, slots in found)
            whole, most = whole + marks, most + slots
            if marks:
                yield question, figures(marks, slots)
        if whole:
            yield "", figures(whole, most)


def _back(some: Sequence[Branch]) -> Iterator[str]:
    """How many of the slips came back, and of those who were due; everybody who was given one sent it."""
    back = sum(each.returned for each in some)
    if back:
        yield half_up(Fraction(100 * back, DUE * len(some)), 2)


def _whole(truth: Truth, some: Some, kind: str) -> Counter[int]:
    return sum((truth.marks(some, question)[0] for question in QUESTIONS[kind]), Counter[int]())


def _means(groups: Sequence[Counter[int]]) -> Iterator[str]:
    """Rates of groups as they weigh."""
    if all(groups):
        for good in ((0,), (0, 1)):
            mean = sum(Fraction(weight * sum(each[at] for at in good), each.total()) for weight, each in zip(WEIGHTS.values(), groups, strict=True))
            yield half_up(Fraction(mean), 2)


def _weighed(truth: Truth, branch: Branch, key: str) -> Iterator[str]:
    """Each question and all of them, rates and points, as the groups weigh; where one of them has no answer, as the other says."""
    for questions in (*([each] for each in QUESTIONS[key[0]]), QUESTIONS[key[0]]):
        told = [(weight, sum((truth.marks([(branch, (name,), [key])], each)[0] for each in questions), Counter[int]())) for name, weight in WEIGHTS.items()]
        for good, of in (({0: 100}, (0, 1, 2, 3)), ({0: 100, 1: 100}, (0, 1, 2, 3)), (POINTS, tuple(POINTS))):
            heard = [(weight, Fraction(sum(marks[at] * each for at, each in good.items()), sum(marks[at] for at in of))) for weight, marks in told if any(marks[at] for at in of)]
            if heard:
                yield half_up(Fraction(sum(weight * each for weight, each in heard), sum(weight for weight, _each in heard)), 2)


def _parts(truth: Truth, branch: Branch, key: str) -> Iterator[str]:
    """What each group brings to the 100 points."""
    for name, share in SHARES.items():
        marks = _whole(truth, [(branch, (name,), [key])], key[0])
        known = sum(marks[answer] for answer in POINTS)
        if known:
            yield half_up(Fraction(share * sum(marks[answer] * points for answer, points in POINTS.items()), 100 * known), 2)


def _apart(truth: Truth, branch: Branch, key: str) -> Iterator[str]:
    """How far a question lies from the others together, and one group from the other; as the printed ones differ."""
    told = {question: truth.marks([(branch, GROUPS, [key])], question)[0] for question in QUESTIONS[key[0]]}
    sides = [(told[question], _whole(truth, [(branch, GROUPS, [key])], key[0]) - told[question]) for question in told]
    sides.append(tuple(_whole(truth, [(branch, (name,), [key])], key[0]) for name in GROUPS))
    for one, other in sides:
        if one and other:
            rates = [half_up(Fraction(100 * each[0], each.total()), 2) for each in (one, other)]
            yield from (*rates, f"{abs(Decimal(rates[0]) - Decimal(rates[1]))}")


def _effects(truth: Truth, branch: Branch) -> Iterator[str]:
    """Of the ballots, and of what makes members differ, so much is of each group."""
    for name in GROUPS:
        yield half_up(Fraction(100 * branch.ballots[name], branch.returned), 2)
    people = [f"m{each}" for each in truth.members[branch.unit]]
    rates = [[_whole(truth, [(branch, (name,), [key])], "m") for name in GROUPS] for key in people]
    if len(rates) > 1 and all(map(all, rates)):
        columns = [[weight * Fraction(row[at][0], row[at].total()) for row in rates] for at, weight in enumerate(WEIGHTS.values())]
        whole = [sum(row) for row in zip(*columns, strict=True)]
        middle = sum(whole) / len(whole)
        spread = sum((each - middle) ** 2 for each in whole)
        for column in columns if spread else ():
            effect = 100 * sum(each * (total - middle) for each, total in zip(column, whole, strict=True)) / spread
            yield half_up(abs(Fraction(effect)), 2)
