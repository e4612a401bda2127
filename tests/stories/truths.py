"""What three rounds of a township must say, reckoned by hand from who marked what: fractions of whole numbers, rounded as a pupil does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Source
from tests.townships_for_tests import GROUPS, Branch

JOINT = " + ".join(GROUPS)
# Of the library's five goods: satisfied, basic, unsatisfied earn this; who does not know earns nothing.
POINTS = {0: 100, 1: 80, 2: 0}
QUESTIONS = {"u": [f"good{n}" for n in range(1, 6)], "m": [f"lead{n}" for n in range(1, 6)]}
# What the groups weigh beside each other, and what each of them is worth of the 100 points that grades go by.
WEIGHTS, SHARES = dict(zip(GROUPS, (70, 30), strict=True)), dict(zip(GROUPS, (60, 40), strict=True))
GRADES = (("优秀", 60.0), ("合格", 45.0), ("不合格", 0.0))
SCHEME = Scheme(
    weights=tuple(WEIGHTS.items()), sources=tuple(Source(f"{name}评", share, (name,)) for name, share in SHARES.items()), grades=GRADES
)
Cells = tuple[str, ...]
Key = tuple[int, str, str, str, str]
# Branches that count somewhere: by which of their groups, and about whom.
Some = list[tuple[Branch, tuple[str, ...], list[str]]]


@dataclass
class Round:
    """What the story knows of a round: who is shown by himself, who is joined with whom and counts from which unit on."""

    number: int
    heads: dict[int, int]
    branches: list[Branch]
    joined: dict[int, tuple[int, ...]] = field(default_factory=dict)
    lost: int = 0

    def shown(self) -> list[Branch]:
        return [branch for branch in self.branches if branch.returned >= 5]


@dataclass
class Truth:
    """Figures by hand, from who marked what."""

    members: dict[int, list[int]]
    root: int

    def rows(self, one: Round) -> Iterator[tuple[Key, Cells]]:
        """Every line the file must have."""
        for branch in one.shown():
            for group, names in self.parts(branch):
                for key in (f"u{branch.unit}", *(f"m{each}" for each in self.members[branch.unit])):
                    yield from self.table((branch.unit, "own", key, group), [(branch, names, [key])])
                people = [f"m{each}" for each in self.members[branch.unit]]
                if people:
                    yield from self.table((branch.unit, "own", "m*", group), [(branch, names, people)])
        for node in (self.root, *sorted(set(one.heads.values()))):
            for group, cells in self.below(one, node).items():
                for kind in "um":
                    some = [(branch, names, self.keys(branch, kind)) for branch, names in cells]
                    if any(keys for _, _, keys in some):
                        yield from self.table((node, "below", f"{kind}*", group), some)

    def keys(self, branch: Branch, kind: str) -> list[str]:
        return [f"u{branch.unit}"] if kind == "u" else [f"m{each}" for each in self.members[branch.unit]]

    def targets(self, branch: Branch) -> list[str]:
        """Itself and its members."""
        return [f"u{branch.unit}", *(f"m{each}" for each in self.members[branch.unit])]

    def parts(self, branch: Branch) -> list[tuple[str, tuple[str, ...]]]:
        """All groups, and each of them where all are enough."""
        alone = min(branch.ballots.values()) >= 5
        return [("", GROUPS), *([(name, (name,)) for name in GROUPS] if alone else [])]

    def below(self, one: Round, node: int) -> dict[str, list[tuple[Branch, tuple[str, ...]]]]:
        """What counts at a unit, all together and by the groups that are told apart."""
        inside = [branch for branch in one.shown() if node in (self.root, one.heads[branch.unit])]
        together = [one.branches[at] for unit, places in one.joined.items() if node in (unit, self.root) for at in places]
        found: dict[str, list[tuple[Branch, tuple[str, ...]]]] = {}
        for branch in inside:
            for group, names in self.parts(branch)[1:] or [(JOINT, GROUPS)]:
                found.setdefault(group, []).append((branch, names))
        for branch in together:
            found.setdefault(JOINT, []).append((branch, GROUPS))
        whole = [(branch, GROUPS) for branch in (*inside, *together)]
        return {} if not whole else {"": whole, **(found if len(found) > 1 else {})}

    def table(self, who: tuple[int, str, str, str], some: Some) -> Iterator[tuple[Key, Cells]]:
        whole, most = Counter[int](), 0
        for question in QUESTIONS[who[2][0]]:
            marks, slots = self.marks(some, question)
            whole, most = whole + marks, most + slots
            yield (*who, question), figures(marks, slots)
        narrow, wide = Fraction(whole[0], whole.total()), Fraction(whole[0] + whole[1], whole.total())
        verdict = "satisfied" if narrow >= Fraction(4, 5) else "basic" if wide >= Fraction(3, 5) else "below"
        yield (*who, ""), (*figures(whole, most)[:-1], verdict)

    def weighted(self, branch: Branch, key: str) -> tuple[str, str, str, str] | None:
        """Both rates as the groups weigh, the score of 100 and its grade; None where the groups are not told apart."""
        if len(self.parts(branch)) == 1:
            return None
        narrow, wide, score = Fraction(0), Fraction(0), Fraction(0)
        for name in GROUPS:
            whole = sum((self.marks([(branch, (name,), [key])], question)[0] for question in QUESTIONS[key[0]]), Counter[int]())
            narrow += Fraction(WEIGHTS[name] * whole[0], 100 * whole.total())
            wide += Fraction(WEIGHTS[name] * (whole[0] + whole[1]), 100 * whole.total())
            earned = sum(points * whole[answer] for answer, points in POINTS.items())
            score += Fraction(SHARES[name] * earned, 100 * sum(whole[answer] for answer in POINTS))
        printed = half_up(score, 2)
        return half_up(100 * narrow, 2), half_up(100 * wide, 2), printed, next(label for label, lowest in GRADES if Decimal(printed) >= Decimal(str(lowest)))

    def marks(self, some: Some, question: str) -> tuple[Counter[int], int]:
        marks, slots = Counter[int](), 0
        for branch, names, keys in some:
            for name in names:
                slots += branch.ballots[name] * len(keys)
                for (target, asked, answer), n in branch.marks[name].items():
                    marks[answer] += n if target in keys and asked == question else 0
        return marks, slots


def half_up(share: Fraction, decimals: int) -> str:
    """As a pupil rounds."""
    return f"{Decimal(int(share * 10**decimals + Fraction(1, 2))).scaleb(-decimals):f}"


def figures(marks: Counter[int], slots: int) -> Cells:
    valid, known = marks.total(), sum(marks[answer] for answer in POINTS)
    rates = [Fraction(each, valid) for each in (marks[0], marks[0] + marks[1])]
    points = half_up(Fraction(sum(marks[answer] * each for answer, each in POINTS.items()), known), 2)
    printed = (*(half_up(each, 6) for each in rates), *(half_up(100 * each, 2) for each in rates))
    return (*map(str, (slots, valid, slots - valid, marks[0], marks[1])), *printed, points, "")
