"""A round over a tree of branches and the crowd that fills it; what was done is kept apart from what the house says of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Lock, local

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from survey.actions import ballots, groups, meetings, pauses, results, slips
from survey.actions.house import House
from survey.domain.plans import Standing
from survey.domain.slips import Way
from survey.store import meetings as kept
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.tables import MeetingRow
from tests.conftest import NOW, Hall, person

GROUP = "群众代表"
PRESENT = 9
FEWEST, MOST = 6, 8
PHONES = 4
# What becomes of a meeting; most are counted.
WAYS = ("counted", "paused", "ends", "void", "waits", *("counted",) * 5)


@dataclass
class Own:
    """One branch as the story knows it: where its meeting stands, and what was marked there."""

    unit: int
    above: str
    members: int
    meeting: int = 0
    standing: Standing = Standing.NONE
    scrutineer: str = ""
    group: int = 0
    codes: tuple[str, ...] = ()
    # Name of a field on the ballot: its target, its question, how many answers it offers.
    fields: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    voted: set[str] = field(default_factory=set)
    marks: Counter[tuple[str, str, int]] = field(default_factory=Counter)


@dataclass
class Tree:
    """A committee with general branches and their branches, none of which anybody has drawn up before."""

    house: House
    hall: Hall
    root: int = 0
    heads: dict[str, int] = field(default_factory=dict)
    branches: dict[str, Own] = field(default_factory=dict)

    def plant(self, heads: int, each: int) -> None:
        """So many general branches, each with so many branches of none to three members."""
        self.root = self._units([("河东党委", "committee", self.hall.root)])["河东党委"]
        names = [f"第{n + 1}总支" for n in range(heads)]
        self.heads = self._units([(name, "general_branch", self.root) for name in names])
        rows = [(f"{name}第{n + 1}支部", "branch", self.heads[name]) for name in names for n in range(each)]
        ids = self._units(rows)
        for place, (name, _kind, _above) in enumerate(rows):
            self.branches[name] = Own(ids[name], names[place // each], place % 4)
        people = [
            {"unit_id": own.unit, "name": f"甲{n}", "kind": "plain", "position": "", "code": ""}
            for own in self.branches.values() for n in range(own.members)
        ]  # fmt: skip
        with self.house.store.write() as db:
            db.execute(insert(MemberRow), people)
        # What an account sees was read before there was any of this.
        self.hall.secretary = person(self.house, "secretary")

    def _units(self, rows: Sequence[tuple[str, str, int]]) -> dict[str, int]:
        with self.house.store.write() as db:
            values = [{"name": name, "kind": kind, "parent_id": above, "code": "", "sector": "rural"} for name, kind, above in rows]
            db.execute(insert(UnitRow), values)
            found = db.execute(select(UnitRow.name, UnitRow.id).where(UnitRow.name.in_([name for name, _, _ in rows])))
            return {row.name: row.id for row in found}

    def find_meetings(self, round_id: int) -> None:
        """The drafts that one click made, each where there was none."""
        with self.house.store.read() as db:
            rows = db.execute(select(MeetingRow.unit_id, MeetingRow.id).where(MeetingRow.round_id == round_id).order_by(MeetingRow.id))
            newest = {row.unit_id: row.id for row in rows}
        for own in self.branches.values():
            if own.standing in (Standing.NONE, Standing.VOID):
                assert newest[own.unit] != own.meeting, "it is a meeting of its own"
                own.meeting, own.standing = newest[own.unit], Standing.DRAFT
                own.voted, own.marks = set(), Counter()

    def at(self, standing: Standing, *, above: str = "") -> list[Own]:
        """Branches whose meeting stands there."""
        return [own for own in self.branches.values() if own.standing is standing and above in ("", own.above)]


class Crowd:
    """People at phones of their own, a few at a time, all of them at the web application."""

    def __init__(self, app: Flask, seed: int) -> None:
        self._app, self._dice, self._own, self._lock = app, Random(seed), local(), Lock()
        self.tries = 0

    def vote(self, halls: Sequence[Own]) -> None:
        """Six to eight of each hall, all halls through each other; every seventh sends his ballot twice."""
        ballots = [
            (own, code, {name: self._dice.randrange(options) for name, (_, _, options) in own.fields.items()})
            for own in halls for code in own.codes[: self._dice.randint(FEWEST, MOST)]
        ]  # fmt: skip
        self._dice.shuffle(ballots)
        with ThreadPoolExecutor(PHONES) as pool:
            list(pool.map(lambda each: self._cast(each[0], *each[1]), enumerate(ballots)))

    def refused(self, own: Own, why: str) -> None:
        """Somebody comes too late or while it pauses: his slip stays as it is, and he is told."""
        answer = self._phone().post(f"/b/{own.codes[-1]}", data={"0.0": "0", "go": "cast"})
        assert answer.status_code == 409 and why in answer.text

    def _cast(self, number: int, own: Own, code: str, marks: dict[str, int]) -> None:
        form = {**{name: str(mark) for name, mark in marks.items()}, "go": "cast"}
        answer = self._phone().post(f"/b/{code}", data=form)
        assert answer.status_code == 303, answer.status
        if number % 7 == 0:
            again = self._phone().post(f"/b/{code}", data={**form, **dict.fromkeys(marks, "0")})
            assert again.status_code == 409 and "这张票签已经用过" in again.text
        with self._lock:
            self.tries += 1 + (number % 7 == 0)
            own.voted.add(code)
            own.marks.update((*own.fields[name][:2], mark) for name, mark in marks.items())

    def _phone(self) -> FlaskClient:
        if not hasattr(self._own, "client"):
            self._own.client = self._app.test_client(use_cookies=False)
        client: FlaskClient = self._own.client
        return client


@dataclass
class Clerk:
    """Whoever runs the halls of a tenth of the round, each as far as it comes."""

    tree: Tree
    crowd: Crowd

    def open(self, halls: Sequence[Own]) -> None:
        """Numbers, opening, slips for everybody who came."""
        house, ask = self.tree.house, {"by": self.tree.hall.secretary, "now": NOW}
        for own in halls:
            groups.change(house, own.meeting, [(GROUP, 20, PRESENT)], **ask)  # type: ignore[arg-type]
            own.scrutineer = meetings.open_box(house, own.meeting, **ask) or ""  # type: ignore[arg-type]
            with house.store.read() as db:
                (group,) = kept.get(db, own.meeting).groups
            own.group = group.id
            own.codes = slips.issue(house, own.meeting, own.group, n=PRESENT, way=Way.SHEET, **ask)  # type: ignore[arg-type]
            own.standing = Standing.OPEN
            paper = house.paper(ballots.look(house, own.codes[0]).paper or "")
            asked = {name: (paper.targets[t], paper.questions(paper.targets[t])[q]) for name, (t, q) in paper.fields.items()}
            own.fields = {
                name: (target.key, each.key, len(paper.scale(each).options)) for name, (target, each) in asked.items() if each.scale
            }

    def finish(self, halls: Sequence[Own], *, way: Mapping[int, str]) -> Iterator[None]:
        """Each in its way; between the steps somebody may look."""
        house, by = self.tree.house, self.tree.hall.secretary
        for own in (each for each in halls if way[each.meeting] in ("paused", "void")):
            pauses.pause(house, own.meeting, by=by, now=NOW)
            self.crowd.refused(own, "现在暂停投票")
        yield
        for own in halls:
            if way[own.meeting] == "void":
                meetings.void(house, own.meeting, reason="停电", scrutineer=own.scrutineer, by=by, now=NOW)
                own.standing = Standing.VOID
            elif way[own.meeting] == "paused":
                pauses.resume(house, own.meeting, by=by, now=NOW)
            elif way[own.meeting] == "ends":
                # Its minute has gone by, and nobody has looked at it since.
                pauses.close_soon(house, own.meeting, by=by, now=datetime.now(UTC) - timedelta(minutes=2))
                self.crowd.refused(own, "评议已经结束")
                own.standing = Standing.CLOSED
        yield
        for own in halls:
            if way[own.meeting] in ("counted", "paused"):
                meetings.close(house, own.meeting, by=by, now=NOW)
                own.standing = Standing.CLOSED
        yield
        self.count([own for own in halls if own.standing is Standing.CLOSED])

    def count(self, halls: Sequence[Own]) -> None:
        """What was left over is counted by hand, then the box."""
        house, by, now = self.tree.house, self.tree.hall.secretary, datetime.now(UTC)
        for own in halls:
            meetings.set_leftovers(house, own.meeting, {own.group: PRESENT - len(own.voted)}, by=by, now=now)
            results.count(house, own.meeting, own.scrutineer, by=by, now=now)
            own.standing = Standing.COUNTED
