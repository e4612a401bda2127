"""Every figure of a published round against the ballots that were cast, and against the arithmetic of any table."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

from analysis.command import main as analyse
from survey.actions.house import House
from survey.domain.publication_files import COUNTS
from survey.domain.roll_ups import RollUp
from survey.domain.rounds import JOINT, Scheme
from survey.office.figure_tables import BELOW, OWN
from survey.office.figure_tables import table as written
from survey.store import members
from tests.conftest import on_sqlite
from tests.publications_for_tests import parts
from tests.townships_for_tests import GROUPS, Branch, Township

# 满意 and 基本满意 of the questionnaire's one scale; 不了解 is a valid answer.
GOOD, BASIC = 0, 1
_Key = tuple[str, str, str, str, str]


def table(town: Township) -> list[dict[str, str]]:
    """The table as it is read back."""
    text = b"".join(written(RollUp(town.look().made))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def share(part: int, whole: int, places: int) -> str:
    """Half up, by hand."""
    return "" if not whole else f"{int(Fraction(part * 10**places, whole) + Fraction(1, 2)) / 10**places:.{places}f}"


def told(marks: Iterable[tuple[tuple[str, str, int], int]], slots: Counter[tuple[str, str]]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Target, question and figures of what was marked: each question, and ("") all of a target."""
    sums: dict[tuple[str, str], Counter[int]] = {spot: Counter() for spot in slots}
    for (target, question, answer), n in marks:
        sums[target, question][answer] += n
        sums[target, ""][answer] += n
    for (target, question), answers in sums.items():
        valid, good, wide = answers.total(), answers[GOOD], answers[GOOD] + answers[BASIC]
        rates = (share(good, valid, 6), share(wide, valid, 6), share(100 * good, valid, 2), share(100 * wide, valid, 2))
        yield target, question, (str(slots[target, question]), str(valid), str(slots[target, question] - valid), str(good), str(wide - good), *rates)


def expected(town: Township) -> dict[_Key, tuple[str, ...]]:
    """What the table must say, from the ballots alone."""
    with town.house.store.read() as db:
        people = {branch.unit: [f"m{each.id}" for each in members.of_units(db, [branch.unit])] for branch in town.branches}
    asked = {key[0]: sorted({q for each in town.branches for marks in each.marks.values() for t, q, _ in marks if t[0] == key[0]}) for key in "um"}
    found: dict[_Key, tuple[str, ...]] = {}

    def add(unit: int, reach: str, group: str, some: list[tuple[Branch, tuple[str, ...]]]) -> None:
        marks: list[tuple[tuple[str, str, int], int]] = []
        slots: Counter[tuple[str, str]] = Counter()
        for branch, names in some:
            ballots = sum(branch.ballots[name] for name in names)
            for target in (f"u{branch.unit}", *people[branch.unit]):
                pooled = f"{target[0]}*"
                for spot in {target, pooled} if reach == OWN and target[0] == "m" else {target if reach == OWN else pooled}:
                    for question in asked[target[0]]:
                        slots[spot, question] += ballots
                        slots[spot, ""] += ballots
                    for name in names:
                        marks += [((spot, q, a), n) for (t, q, a), n in branch.marks[name].items() if t == target]
        for target, question, figures in told(marks, slots):
            found[str(unit), reach, target, group, question] = figures

    shown = [branch for branch in town.branches if branch.returned >= 5]
    joined = [(branch, GROUPS) for branch in town.branches if branch.returned < 5]
    atoms = {
        branch.unit: [(branch, (name,)) for name in GROUPS] if min(branch.ballots.values()) >= 5 else [(branch, GROUPS)] for branch in shown
    }
    for branch in shown:
        add(branch.unit, OWN, "", atoms[branch.unit])
        for _branch, names in atoms[branch.unit] if len(atoms[branch.unit]) > 1 else ():
            add(branch.unit, OWN, names[0], [(branch, names)])
    for name, unit in {**town.tree.heads, "": town.tree.root}.items():
        inside = [each for branch in shown if name in ("", branch.above) for each in atoms[branch.unit]] + ([] if name else joined)
        add(unit, BELOW, "", inside)
        for names in dict.fromkeys(names for _branch, names in inside):
            add(unit, BELOW, JOINT.join(names), [each for each in inside if each[1] == names])
    return found


@on_sqlite
def test_what_is_weighted_is_made_of_groups_that_stand_beside_it_and_nothing_else(house: House) -> None:
    """The trap “weighted minus pooled”: with a group that is not shown there would be one equation more than figures."""
    weights = dict(zip(GROUPS, (70, 30), strict=True))
    town = Township(house, scheme=Scheme(weights=tuple(weights.items()), decimals=1))
    town.hold()
    lines = table(town)
    key = ("unit", "reach", "target", "form", "section", "question")
    groups: dict[tuple[str, ...], dict[str, dict[str, str]]] = {}
    for row in lines:
        groups.setdefault(tuple(row[each] for each in key), {})[row["group"]] = row
    weighed = [some for some in groups.values() if some[""]["weighted_narrow"]]
    for some in weighed:
        assert some.keys() == {"", *GROUPS}
        for rate, count in (("narrow", ("satisfied",)), ("wide", ("satisfied", "basic"))):
            shares = {name: Fraction(sum(int(some[name][each]) for each in count), int(some[name]["valid"])) for name in GROUPS}
            exact = sum((weights[name] * shares[name] for name in GROUPS), Fraction(0))
            assert some[""][f"weighted_{rate}_percent"] == share(exact.numerator, exact.denominator, 1)
            assert some[""][f"weighted_{rate}"] == share(exact.numerator, 100 * exact.denominator, 6)
    # The first and the last branch, and the first head, below which only the first branch is shown by itself.
    shown = {(some[""]["unit"], some[""]["reach"]) for some in weighed}
    first = next(iter(town.tree.heads.values()))
    assert shown == {(str(town.branches[0].unit), OWN), (str(town.branches[-1].unit), OWN), (str(first), BELOW)}
    assert not any(row["weighted_narrow"] for row in lines if row["group"]), "of one group nothing is weighted"
    # Whoever has groups only together has nothing weighted, in any of its rows.
    for some in groups.values():
        assert not any(JOINT in name for name in some) or some[""]["weighted_narrow"] == ""
    assert len(weighed) == sum(len(some) > 1 and not any(JOINT in name for name in some) for some in groups.values())


@on_sqlite
def test_every_figure_is_that_of_the_ballots_and_any_table_tells_the_same(house: House, tmp_path: Path) -> None:
    town = Township(house)
    town.hold()
    lines = table(town)
    columns = ("slots", "valid", "blank", "satisfied", "basic", "narrow", "wide", "narrow_percent", "wide_percent")
    found = {(row["unit"], row["reach"], row["target"], row["group"], row["question"]): tuple(row[each] for each in columns) for row in lines}
    assert len(found) == len(lines)
    wanted = expected(town)
    assert found.keys() == wanted.keys() and len(found) > 150
    for key, figures in found.items():
        assert figures == wanted[key], key
    (tmp_path / "counts.csv").write_bytes(parts(town.look().made)[COUNTS])
    said = ["--items", "answer", "--unit", "unit", "--member", "target", "--count", "ballots", "--fewest", "0"]
    scale = ["--levels", "0,1,2", "--satisfied", "0", "--basic", "1", "--dont-know", "3"]
    assert analyse([str(tmp_path / "counts.csv"), "--out", str(tmp_path / "out"), *said, *scale]) == 0
    with (tmp_path / "out" / "satisfaction.csv").open(encoding="utf-8-sig", newline="") as file:
        other = {(row["unit"], row["member"]): row for row in csv.DictReader(file) if row["member"] and not row["group"] and row["item"] == "*"}
    own = [row for row in lines if row["reach"] == OWN and row["target"][1:] != "*" and not row["group"] and not row["question"]]
    assert len(own) == len([key for key in other if key[0] != "0"]) > 5
    for row in own:
        same = other[row["unit"], row["target"]]
        assert (same["narrow"], same["wide"], same["valid"]) == (row["narrow"], row["wide"], row["valid"])
