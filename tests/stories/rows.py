"""What only whole ballots tell, by hand: how many answer every question alike, and whether the answers of one person go together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from statistics import median

from tests.stories.truths import POINTS, QUESTIONS, Truth, half_up
from tests.townships_for_tests import GROUPS, Branch

# Answers of one ballot to the questions about one target, None where it was left open.
Row = tuple[int | None, ...]
FEWEST, FEWEST_SCORED, MANY_SCORED = 5, 10, 30


def told_of_rows(truth: Truth, branch: Branch) -> Iterator[str]:
    """What the page of a meeting prints of whole ballots, a line of a table each."""
    kinds = "um" if truth.members[branch.unit] else "u"
    parts = truth.parts(branch)[1:] or [("、".join(GROUPS), GROUPS)]
    sides = [[f"{_alike(truth, branch, kind, [some])}", _agreeing(truth, branch, kind, [some])] for _name, some in parts for kind in kinds]
    for at, (name, some) in enumerate(parts):
        cells = [cell for side in sides[at * len(kinds) : (at + 1) * len(kinds)] for cell in side]
        yield f"{name} {sum(branch.ballots[each] for each in some)} 票 {' '.join(cells)}"
    every = [some for _name, some in parts]
    alike = [(_alike(truth, branch, kind, every), _chance(truth, branch, kind)) for kind in kinds]
    yield "每题选得一样 直线作答 " + " ".join(found if found[0] == "–" else f"{found} 碰巧约 {chance}%" for found, chance in alike)
    yield "前后一致 克龙巴赫系数（Cronbach’s alpha） " + " ".join(_agreeing(truth, branch, kind, every) for kind in kinds)


def _alike(truth: Truth, branch: Branch, kind: str, parts: Sequence[Sequence[str]]) -> str:
    """Rows with five times the same answer, of those that are complete; of a target where their number follows from the counts."""
    found = [_straight([_rows(branch, (name,), key) for name in some]) for some in parts for key in truth.keys(branch, kind)]
    hits, rows = (sum(each[at] for each in found if each) for at in (0, 1))
    if not rows:
        return "– 答全的票太少，或者说不准有几张"
    return f"{half_up(Fraction(100 * hits, rows), 2)}% {hits}/{rows}{'' if all(found) else ' 没有算全'}"


def _straight(groups: Sequence[Sequence[Row]]) -> tuple[int, int] | None:
    rows = [row for group in groups for row in group]
    full = [row for row in rows if None not in row]
    hits, gaps = sum(len({*row}) == 1 for row in full), [*map(_open, zip(*rows, strict=True))]
    # Gaps in one question lie on as many ballots; in several they may share some: then a group's share has to be one of a single number.
    is_known = sum(map(bool, gaps)) <= 1
    if not is_known and len(groups) == 1:
        might = range(max(1, len(rows) - sum(gaps)), len(rows) - max(gaps) + 1)
        is_known = [base for base in might if full and hits * base % len(full) == 0] == [len(full)]
    return (hits, len(full)) if is_known and len(full) >= FEWEST else None


def _chance(truth: Truth, branch: Branch, kind: str) -> str:
    """Straight rows if nobody's answers had to do with each other, in the mean of the targets."""
    shares = []
    for key in truth.keys(branch, kind):
        marks = [truth.marks([(branch, GROUPS, [key])], question)[0] for question in QUESTIONS[kind]]
        shares.append(sum(prod(Fraction(each[answer], each.total()) for each in marks) for answer in (0, 1, 2, 3)))
    return half_up(Fraction(100 * sum(shares), len(shares)), 0)


def _agreeing(truth: Truth, branch: Branch, kind: str, parts: Sequence[Sequence[str]]) -> str:
    """Cronbach's alpha, in the middle of those that may be told: of groups by themselves, where ten rows at least earn points everywhere."""
    alone = [_rows(branch, some, key) for some in parts if len(some) == 1 for key in truth.keys(branch, kind)]
    if not alone:
        return "– 合并显示，算不了"
    # However the gaps and those who do not know lie: so many rows are left if each of them is on another ballot.
    enough = [(len(rows) - sum(row.count(None) + row.count(3) for row in rows), rows) for rows in alone]
    known = [(n, found) for n, rows in enough if n >= FEWEST_SCORED and (found := _alpha(rows)) is not None]
    if not known:
        return "– 都选得一样，算不出" if any(n >= FEWEST_SCORED for n, _rows in enough) else "– 答全的票不到十张"
    many = f" {len(known)} 个里居中的" if len(known) > 1 else ""
    middle = median(found for _n, found in known)
    return f"{'-' if middle < 0 else ''}{half_up(abs(middle), 2)}{many}{' 票少，只供参考' if any(n < MANY_SCORED for n, _found in known) else ''}"


def _alpha(rows: Sequence[Row]) -> Fraction | None:
    """Of so many items: by how much the variance of the sums is more than that of the items by themselves (Cronbach 1951)."""
    points = [[POINTS[each] for each in row if each in POINTS] for row in rows]
    full = [row for row in points if len(row) == len(rows[0])]
    items, whole = len(rows[0]), _variance([sum(row) for row in full])
    return Fraction(items, items - 1) * (1 - sum(map(_variance, zip(*full, strict=True))) / whole) if whole else None


def _variance(values: Sequence[int]) -> Fraction:
    return sum((each * each for each in values), Fraction(0)) / len(values) - Fraction(sum(values), len(values)) ** 2


def _rows(branch: Branch, names: Sequence[str], key: str) -> list[Row]:
    """Ballots with a mark somewhere, as to one target."""
    every = [ballot for name in names for ballot in branch.rows[name] if ballot]
    return [tuple(ballot.get((key, question)) for question in QUESTIONS[key[0]]) for ballot in every]


def _open(column: Sequence[int | None]) -> int:
    return Counter(column)[None]
