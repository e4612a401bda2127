"""A township with a round to be published, small meetings among its branches, and what everybody marked there."""

import hashlib
import zlib
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from survey.actions import ballots, batches, meetings, publications, results, slips
from survey.actions.groups import change as change_groups
from survey.actions.house import House
from survey.actions.publication_counts import write
from survey.domain.publication_files import COUNTS, MANIFEST, ROUND, manifest, round_json
from survey.domain.publications import Publication
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rosters import result
from survey.domain.rounds import Scheme
from survey.domain.slips import Way
from survey.store.publications import Published
from survey.store.tables import MeetingRow
from tests.conftest import NOW, make_people
from tests.publications_for_tests import read
from tests.rounds_for_tests import USUAL, batch, plan_round
from tests.stories.rounds import Tree

RELEASE = "1.2.3"
GROUPS = ("群众代表", "党员")
# The scale of the library's five goods: satisfied, basic, unsatisfied, don't know, in this order of codes.
SATISFIED, BASIC = 0, 1


@dataclass
class Branch:
    """A branch as the test knows it: what every group marked, by target, question and answer."""

    unit: int
    above: str
    meeting: int = 0
    ballots: dict[str, int] = field(default_factory=dict)
    marks: dict[str, Counter[tuple[str, str, int]]] = field(default_factory=dict)
    # Ballot by ballot the answers to questions about targets.
    rows: dict[str, list[dict[tuple[str, str], int]]] = field(default_factory=dict)

    @property
    def returned(self) -> int:
        return sum(self.ballots.values())


class Township:
    """Two heads with three branches each; some meetings have fewer than five ballots."""

    # Ballots of both groups: two small meetings below the first head, one below the second.
    SIZES = ((6, 7), (2, 1), (3, 1), (9, 2), (1, 2), (5, 5))

    def __init__(self, house: House, *, heads: int = 2, each: int = 3, scheme: Scheme = USUAL) -> None:
        self.house, self.dice, self.scheme = house, Random(6), scheme
        hall = make_people(house)
        self.tree = Tree(house, hall)
        self.tree.plant(heads, each)
        self.by = hall.secretary
        self.plan("2026 年第三季度评议", date(2026, 7, 1))

    def plan(self, name: str, begin: date) -> None:
        """A round of three months, with a draft for each branch."""
        days = (begin, begin + timedelta(days=91))
        self.round = plan_round(self.house, self.tree.root, by=self.by, name=name, names=GROUPS, days=days, scheme=self.scheme)
        batches.make(self.house, self.round, batch(self.tree.root), by=self.by, now=NOW)
        self.branches = [Branch(own.unit, own.above) for own in self.tree.branches.values()]
        for branch in self.branches:
            with self.house.store.read() as db:
                chosen = (MeetingRow.unit_id == branch.unit, MeetingRow.round_id == self.round)
                branch.meeting = db.execute(select(MeetingRow.id).where(*chosen)).scalar_one()

    def hold(self) -> None:
        """Every meeting, counted."""
        for branch, sizes in zip(self.branches, self.SIZES, strict=True):
            self.hold_one(branch, sizes)

    def hold_one(self, branch: Branch, sizes: tuple[int, int]) -> None:
        """The meeting of one branch, counted."""
        word = self.open(branch)
        self.vote(branch, sizes)
        self.count(branch, word)

    def open(self, branch: Branch) -> str:
        rows = [(name, 20, 10) for name in GROUPS]
        change_groups(self.house, branch.meeting, rows, by=self.by, now=NOW)
        return meetings.open_box(self.house, branch.meeting, by=self.by, now=NOW) or ""

    def vote(self, branch: Branch, sizes: tuple[int, int]) -> None:
        with self.house.store.read() as db:
            groups = meetings.meetings.get(db, branch.meeting).groups
        for group, n in zip(groups, sizes, strict=True):
            branch.ballots[group.name], branch.marks[group.name], branch.rows[group.name] = n, Counter(), []
            for code in slips.issue(self.house, branch.meeting, group.id, n=n, way=Way.SHEET, by=self.by, now=NOW):
                marks = branch.marks[group.name]
                before = marks.copy()
                self.cast(code, marks)
                branch.rows[group.name].append({(target, question): answer for target, question, answer in marks - before})

    def cast(self, code: str, marks: Counter[tuple[str, str, int]]) -> None:
        paper = self.house.paper(ballots.look(self.house, code).paper or "")
        answers = {}
        for name, (t, q) in paper.fields.items():
            target, question = paper.targets[t], paper.questions(paper.targets[t])[q]
            if question.kind is Kind.RATING and self.dice.random() < 0.9:
                code_of = self.dice.choice(sorted(paper.codes(question)))
                answers[name] = [str(code_of)]
                if target.audience is not Audience.GENERAL:
                    marks[target.key, question.key, code_of] += 1
        ballots.cast(self.house, code, answers)

    def count(self, branch: Branch, word: str) -> None:
        meetings.close(self.house, branch.meeting, by=self.by, now=NOW)
        with self.house.store.read() as db:
            groups = meetings.meetings.get(db, branch.meeting).groups
        meetings.set_leftovers(self.house, branch.meeting, {group.id: 0 for group in groups}, by=self.by, now=NOW)
        results.count(self.house, branch.meeting, word, by=self.by, now=NOW)

    def preview(self) -> publications.Preview:
        with self.house.store.read() as db:
            return publications.preview(db, self.round, release=RELEASE, by=self.by)

    def look(self) -> publications.Preview:
        """The preview, with the counts that a publication of it would have."""
        with self.house.store.read() as db:
            found, gathered = result(publications.gather(db, self.round, release=RELEASE, by=self.by))
            if not found.made.atoms:
                return found
            written = result(write(db, found.made, gathered))
        bodies = {ROUND: round_json(found.made), COUNTS: zlib.decompress(written.packed)}
        bodies[MANIFEST] = manifest({name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()})
        return replace(found, made=replace(found.made, marks=read(bodies).marks))

    def look_back(self) -> Publication:
        """The round as it was published."""
        with self.house.store.read() as db:
            return read(publications.publications.bodies(db, self.round))

    def publish(self) -> Published:
        """What is counted by now."""
        return publications.publish(self.house, self.round, self.look().seen, release=RELEASE, by=self.by, now=NOW)


def published(house: House, scheme: Scheme = USUAL) -> Township:
    """A township whose round is held, counted and published."""
    made = Township(house, scheme=scheme)
    made.hold()
    made.publish()
    return made


def rates(marks: Counter[tuple[str, str, int]], kind: str = "") -> tuple[str, str, int]:
    """Both rates as printed and their base, by hand, halves up in whole numbers; of units ("u"), of members ("m"), of all."""
    counted = Counter[int]()
    for (target, _question, answer), n in marks.items():
        counted[answer] += n if target.startswith(kind) else 0
    valid = counted.total()
    narrow, wide = ((2 * 10_000 * good + valid) // (2 * valid) for good in (counted[SATISFIED], counted[SATISFIED] + counted[BASIC]))
    return f"{narrow // 100}.{narrow % 100:02}", f"{wide // 100}.{wide % 100:02}", valid
