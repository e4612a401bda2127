"""A round over three hundred branches, filled by a crowd through the web and balanced; its board is right at every moment."""

import csv
import io
import json
import re
from collections import Counter
from itertools import cycle
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from survey.actions import meetings
from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.plans import Standing
from survey.store import meetings as kept
from survey.store import results as counted
from survey.urn import codes
from tests.attacks.visitors import balanced
from tests.conftest import NOW, make_people
from tests.rounds_for_tests import plan_round
from tests.stories.rounds import FEWEST, GROUP, MOST, PRESENT, WAYS, Clerk, Crowd, Own, Tree
from tests.web.desk.desks_for_tests import Desk, sit_down

TENTHS = 10
_LABELS = {
    Standing.NONE: "没有评议会", Standing.DRAFT: "准备", Standing.OPEN: "评议中", Standing.CLOSED: "已封箱",
    Standing.COUNTED: "已计票", Standing.VOID: "已作废",
}  # fmt: skip


class Board:
    """What the board says of the round: its page, a page of each part of it, and both files."""

    def __init__(self, client: FlaskClient, round_id: int, tree: Tree) -> None:
        self._client, self._path, self._tree = client, f"/board/rounds/{round_id}", tree
        self.looks = 0

    def compare(self, *, files: bool = False) -> None:
        """Every number held against the story's own."""
        page = self._read("")
        assert self._figures(page) == self._own("")
        rows = {re.sub("<[^>]*>", "", name): cells for name, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page)}
        for head in self._tree.heads:
            assert self._line(rows[head]) == self._shown(head), head
        head = list(self._tree.heads)[self.looks % len(self._tree.heads)]
        assert self._figures(self._read(f"?under={self._tree.heads[head]}")) == self._own(head)
        if files:
            self._compare_files()
        self.looks += 1

    def _compare_files(self) -> None:
        rows = list(csv.reader(io.StringIO(self._client.get(f"{self._path}/coverage.csv").data.decode("utf-8-sig"))))
        said = {row[0]: (row[7], int(row[5])) for row in rows[1:]}
        assert said == {name: (_LABELS[own.standing], own.members) for name, own in self._tree.branches.items()}
        book = load_workbook(io.BytesIO(self._client.get(f"{self._path}/coverage.xlsx").data))
        sums = {row[0]: list(row[1:]) for row in book.worksheets[0].values}
        header, order = sums["单位"], ["单位数", *_LABELS.values(), "党员人数", "已评党员"]
        for name, head in (("合计", ""), *((each, each) for each in self._tree.heads)):
            own = self._own(head)
            assert [sums[name][header.index(each)] for each in order] == [own[each] for each in order], name
        assert {row[0]: row[7] for row in list(book.worksheets[1].values)[1:]} == {name: stage for name, (stage, _) in said.items()}

    def _read(self, more: str) -> str:
        answer = self._client.get(self._path + more)
        assert answer.status_code == 200, more
        return answer.text

    def _figures(self, page: str) -> dict[str, int]:
        return {name: int(re.sub("<[^>]*>", "", n)) for name, n in re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page)}

    def _own(self, above: str) -> dict[str, int]:
        """The story's own sum, of all or of one part."""
        some = [own for own in self._tree.branches.values() if above in ("", own.above)]
        found = Counter(own.standing for own in some)
        done = sum(own.members for own in some if own.standing is Standing.COUNTED)
        return {"单位数": len(some), **{label: found[each] for each, label in _LABELS.items()},
                "党员人数": sum(own.members for own in some), "已评党员": done}  # fmt: skip

    def _shown(self, above: str) -> list[str]:
        """The same as the line of a part says it: a void meeting is none."""
        own = self._own(above)
        numbers = [own["单位数"], own["没有评议会"] + own["已作废"], *(own[_LABELS[each]] for each in (Standing.DRAFT, Standing.OPEN, Standing.CLOSED, Standing.COUNTED))]
        return [*(str(n) for n in numbers), f"{own['已评党员']} / {own['党员人数']}"]

    def _line(self, cells: str) -> list[str]:
        return [re.sub("<[^>]*>", "", cell) for cell in re.findall(r'<td class="n[^>]*>(.*?)</td>', cells)]


def check_counted(house: House, own: Own) -> int:
    """Accounting, trackers and every count of a counted meeting are what was done there; how many ballots it had."""
    with house.store.read() as db:
        seal = counted.seal(db, own.meeting)
        counts = counted.counts(db, own.meeting)[own.group]
        stage = kept.get(db, own.meeting).stage
    assert stage is Stage.COUNTED and seal is not None
    body, ballots = json.loads(seal[0]), len(own.voted)
    lines = [{"due": 20, "present": PRESENT, "issued": ballots, "returned": ballots}] * 2
    assert [{key: line[key] for key in lines[0]} for line in body["accounting"]] == lines
    assert body["trackers"] == sorted(codes.tracker(house.pepper, codes.slip_digest(house.pepper, code)) for code in own.voted)
    marks = {(each.target, each.question, each.option): each.ballots for each in counts if (each.target, each.question) in asked(own)}
    assert {key: n for key, n in marks.items() if n} == own.marks
    return ballots


def asked(own: Own) -> set[tuple[str, str]]:
    """The ratings of a meeting."""
    return {(target, question) for target, question, _ in own.fields.values()}


@pytest.mark.parametrize(("database", "heads", "each"), [("sqlite", 10, 30), ("postgres", 3, 10)], indirect=["database"])
def test_a_round_is_filled_by_a_crowd_and_balances_and_its_board_is_right_at_every_moment(
    app: Flask, house: House, heads: int, each: int
) -> None:
    """Guards: the standing of a unit in survey.store.coverage, and the accounting of many meetings side by side."""
    hall = make_people(house)
    tree = Tree(house, hall)
    tree.plant(heads, each)
    made = plan_round(house, tree.root, by=hall.secretary, names=(GROUP, "党员"))
    desk = sit_down(app, house, "secretary")
    board, crowd, dice = Board(desk.client, made, tree), Crowd(app, seed=300), Random(30)
    clerk = Clerk(tree, crowd)
    board.compare(files=True)
    click(desk, made, tree)
    board.compare()
    halls, ways = list(tree.branches.values()), cycle(WAYS)
    dice.shuffle(halls)
    for tenth in range(TENTHS):
        some = halls[tenth::TENTHS]
        some, not_yet = some[1:], some[:1]
        way = {own.meeting: next(ways) for own in some}
        clerk.open(some)
        crowd.vote(some)
        for _step in clerk.finish(some, way=way):
            board.compare()
        board.compare(files=True)
        assert all(own.standing is Standing.DRAFT for own in not_yet)
    again(desk, made, tree, clerk)
    board.compare(files=True)
    assert balanced(house) == []
    ballots = sum(check_counted(house, own) for own in tree.at(Standing.COUNTED))
    assert all(FEWEST <= len(own.voted) <= MOST for own in tree.at(Standing.COUNTED))
    print(f"{len(halls)} branches, {ballots} ballots counted of {crowd.tries} sent, {board.looks} looks at the board")


def click(desk: Desk, made: int, tree: Tree) -> None:
    """One click makes a meeting for every unit that has none."""
    answer = desk.client.post(f"/desk/rounds/{made}/meetings", data={"csrf_token": desk.token(), "scope": "all"})
    assert answer.status_code == 303
    tree.find_meetings(made)


def again(desk: Desk, made: int, tree: Tree, clerk: Clerk) -> None:
    """The void ones get another meeting, what was left waiting is finished: nobody is left out."""
    void = tree.at(Standing.VOID)
    click(desk, made, tree)
    assert {own.standing for own in void} == {Standing.DRAFT}
    some = tree.at(Standing.DRAFT)
    clerk.open(some)
    clerk.crowd.vote(some)
    for own in tree.at(Standing.OPEN):
        own.standing = Standing.CLOSED
        meetings.close(tree.house, own.meeting, by=tree.hall.secretary, now=NOW)
    clerk.count(tree.at(Standing.CLOSED))
    assert len(tree.at(Standing.COUNTED)) == len(tree.branches)
