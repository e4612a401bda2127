"""Three rounds of a township with small meetings, a void one, one that is counted too late, a branch that moves, and opinions in all of them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from survey.actions import ballots, meetings
from survey.actions.house import House
from survey.domain.questionnaires import Audience, Kind
from survey.domain.staff import StaffRole
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.rounds import change_scheme
from tests.conftest import NOW, hire
from tests.stories.truths import SCHEME, Round, Truth
from tests.townships_for_tests import Branch, Township

# Nobody has a name that another has, so that a line of any page or file says by itself about whom it is; in the order of the list.
SURNAMES, GIVEN = "赵钱孙李周吴", "东北南"
_TURNS, _PLACES = "甲乙丙", "子丑寅卯辰巳"
# The first branch in the first round: it falls from there, and yet is well thought of.
_BRIGHT = (97, 2, 1, 0)
# Every fourth writes nothing.
_SILENT = 4


class Year(Township):
    """Each branch is thought of differently, and every round a little better."""

    turn = 0
    # In a careful meeting nothing is left open, and mostly one answers every question as one feels about the branch.
    is_careful = False

    def __init__(self, house: House) -> None:
        # By round and unit what was written there.
        self.said: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        self._heard: defaultdict[tuple[int, int], int] = defaultdict(int)
        super().__init__(house)

    def plan(self, name: str, begin: date) -> None:
        """By rules that weigh the groups and make scores of them."""
        super().plan(name, begin)
        with self.house.store.write() as db:
            assert change_scheme(db, self.round, SCHEME)

    def cast(self, code: str, marks: dict[tuple[str, str, int], int]) -> None:
        """Mostly satisfied, in the branches of higher numbers less; now and then an answer is left open, mostly something is written."""
        paper = self.house.paper(ballots.look(self.house, code).paper or "")
        unit = int(next(target.key for target in paper.targets if target.audience is Audience.UNIT)[1:])
        place = [branch.unit for branch in self.branches].index(unit)
        answers = {}
        good = 95 - 12 * place + 4 * self.turn
        shares = _BRIGHT if place == self.turn == 0 else (good, 12, 100 - good, 5)
        mood = self.dice.choices((0, 1, 2), shares[:3])[0] if self.is_careful else None
        for name, (t, q) in paper.fields.items():
            target, question = paper.targets[t], paper.questions(paper.targets[t])[q]
            if question.kind is Kind.RATING and (self.is_careful or self.dice.random() < 0.9):
                answer = mood if mood is not None and self.dice.random() < 0.8 else self.dice.choices((0, 1, 2, 3), shares)[0]
                answers[name] = [str(answer)]
                marks[target.key, question.key, answer] += 1
            elif question.kind is Kind.OPINION and (said := self._opinion(unit, place)):
                answers[name] = [said]
        ballots.cast(self.house, code, answers)

    def _opinion(self, unit: int, place: int) -> str:
        """None of them is another's, or a part of another's."""
        self._heard[self.round, unit] += 1
        n = self._heard[self.round, unit]
        if n % _SILENT == 0:
            return ""
        self.said[self.round, unit].append(f"盼修路{_TURNS[self.turn]}{_PLACES[place]}{n:02}")
        return self.said[self.round, unit][-1]


@dataclass
class Story:
    """What was done: a truth without the house; `late` was counted when the last round was published already."""

    truth: Truth
    rounds: list[Round]
    names: dict[int, str]
    late: Branch
    said: Mapping[tuple[int, int], list[str]]


def hold(town: Year, publish: Callable[[Truth, Round], None]) -> Story:
    """Three rounds, each published as it is held."""
    house = town.house
    first, second = town.tree.heads.values()
    units = [branch.unit for branch in town.branches]
    members = {unit: _named(house, unit, SURNAMES[at]) for at, unit in enumerate(units)}
    for login, unit in (("head", first), ("branch", units[3])):
        hire(house, login, "王领导", role=StaffRole.LEADER, unit=unit)
    truth, heads = Truth(members, town.tree.root), {unit: first if at < 3 else second for at, unit in enumerate(units)}

    # Two small meetings below the first head and one below the second: four and three and three, joined at the root.
    town.SIZES = ((6, 7), (2, 1), (3, 1), (9, 2), (1, 2), (5, 5))
    town.hold()
    rounds = [Round(town.round, dict(heads), town.branches, {town.tree.root: (1, 2, 4)})]
    publish(truth, rounds[-1])

    town.turn, town.SIZES = 1, ((7, 5), (2, 1), (3, 1), (9, 9), (5, 2), (5, 5))
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    town.hold()
    rounds.append(Round(town.round, dict(heads), town.branches, {first: (1, 2)}))
    publish(truth, rounds[-1])

    # The fifth branch now belongs to the first head; one meeting is small alone, one is void, one is not held until later.
    with house.store.write() as db:
        db.execute(update(UnitRow).where(UnitRow.id == units[4]).values(parent_id=first))
    heads[units[4]], town.turn = first, 2
    town.plan("2027 年第一季度评议", date(2027, 1, 1))
    for at, sizes in ((0, (8, 6)), (1, (2, 1)), (4, (6, 5)), (5, (9, 3))):
        town.hold_one(town.branches[at], sizes)
    word = town.open(town.branches[2])
    town.vote(town.branches[2], (6, 6))
    meetings.void(house, town.branches[2].meeting, reason="停电", scrutineer=word, by=town.by, now=NOW)
    late = town.branches[3]
    rounds.append(Round(town.round, dict(heads), [each for each in town.branches if each not in (town.branches[2], late)], {}, 3))
    publish(truth, rounds[-1])
    names = {town.tree.root: "河东党委", **{unit: name for name, unit in town.tree.heads.items()}, **{own.unit: name for name, own in town.tree.branches.items()}}
    return Story(truth, rounds, names, late, town.said)


def _named(house: House, unit: int, surname: str) -> list[int]:
    with house.store.write() as db:
        found = list(db.execute(select(MemberRow.id).where(MemberRow.unit_id == unit).order_by(MemberRow.id)).scalars())
        for given, member in zip(GIVEN, found, strict=False):
            db.execute(update(MemberRow).where(MemberRow.id == member).values(name=f"{surname}{given}"))
    return found
