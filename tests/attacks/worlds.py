"""A township of two published rounds, in worlds that differ only in what may not be shown, and everything anybody may see of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.actions import ballots
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Source
from survey.domain.staff import StaffRole
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.rounds import change_scheme
from survey.store.tables import MeetingRow, RoundRow
from tests.attacks.test_disclosure import settled
from tests.conftest import hire
from tests.townships_for_tests import GROUPS, Township
from tests.web.desk.desks_for_tests import sit_down

# What the ballots of both groups of a branch say, one sign a ballot: + satisfied with everything, x with nothing, - not a mark.
Said = tuple[str, str]
# By round and by place of the branch.
World = Sequence[Sequence[Said]]
# What was answered, by who asked for what: status, the headers that tell of the body, the body.
Pages = dict[str, tuple[int, tuple[str | None, ...], bytes]]
_HEADERS = ("Content-Type", "Content-Length", "Content-Disposition", "ETag")
_LAID_OUT = (".pdf", ".docx", ".xlsx")
_ANSWERS = {"+": "0", "x": "2"}
# Groups that weigh unlike, and scores made of them: whoever sees a weighted figure beside the pooled one has one equation more.
SCHEME = Scheme(
    weights=((GROUPS[0], 70), (GROUPS[1], 30)), trim_ends=True, below=30, bonus=5, league=True, quota=(1, 3),
    sources=(Source("群众评", 50, GROUPS[:1]), Source("党员评", 30, GROUPS[1:]), Source("领导评", 20)), grades=(("优秀", 90.0), ("合格", 60.0), ("不合格", 0.0)),
)  # fmt: skip

# Tried on what is published, and on what is only counted.
OTHER_RULES: Mapping[str, object] = {
    "base": "known", "satisfied_at": "50", "basic_at": "40", "decimals": "1", "validity": "any", "missing": "share", "quorum": "0", "spoil": "row",
    "trim_ends": "0", "trim": "10", "league": "0", "ties": "competition", "group": list(GROUPS), "weight": ["50", "50"],
}  # fmt: skip


class Two(Township):
    """Two rounds; between them a branch with all its members goes to the other head, and a member to another branch."""

    _signs: Iterator[str] = iter("")

    def plan(self, name: str, begin: date) -> None:
        super().plan(name, begin)
        with self.house.store.write() as db:
            assert change_scheme(db, self.round, SCHEME)

    def vote_all(self, said: Sequence[Said]) -> None:
        """Every meeting, counted."""
        for branch, both in zip(self.branches, said, strict=True):
            self._signs = iter("".join(both))
            self.hold_one(branch, (len(both[0]), len(both[1])))

    def cast(self, code: str, marks: Counter[tuple[str, str, int]]) -> None:
        sign = next(self._signs)
        paper = self.house.paper(ballots.look(self.house, code).paper or "")
        kinds = {name: paper.questions(paper.targets[t])[q].kind for name, (t, q) in paper.fields.items()}
        answer = _ANSWERS.get(sign)
        ballots.cast(self.house, code, {name: [answer] for name, kind in kinds.items() if kind is Kind.RATING and answer})
        for name, (t, q) in paper.fields.items() if answer else ():
            target, question = paper.targets[t], paper.questions(paper.targets[t])[q]
            if kinds[name] is Kind.RATING and target.audience is not Audience.GENERAL:
                marks[target.key, question.key, int(answer or 0)] += 1

    def turn_over(self) -> None:
        """What happens between the rounds."""
        first, _second = self.tree.heads.values()
        with self.house.store.write() as db:
            db.execute(update(UnitRow).where(UnitRow.id == self.branches[3].unit).values(parent_id=first))
            gone = select(MemberRow.id).where(MemberRow.unit_id == self.branches[2].unit).order_by(MemberRow.id).limit(1)
            moved = db.execute(gone).scalar_one()
            db.execute(update(MemberRow).where(MemberRow.id == moved).values(unit_id=self.branches[4].unit))


def act_out(config: Config, place: Path, world: World, *, publish: bool = True) -> Pages:
    """The rounds of a world, and everything any page or file says of it; or only what is said before the first is published."""
    place.mkdir()
    here = replace(config, instance=place, keyroom=place.with_suffix(".keys"), database=f"sqlite:///{place / 'pingyi.db'}")
    house = open_house(here, random=Random(20260918))
    house.store.upgrade()
    town = Two(house)
    app = create_app(here, random=Random(7), testing=True)
    hire(house, "head", "王总支", role=StaffRole.LEADER, unit=next(iter(town.tree.heads.values())))
    hire(house, "root", "王委员", role=StaffRole.LEADER, unit=town.tree.root)
    pages: Pages = {}
    for turn, said in enumerate(world):
        if turn:
            town.turn_over()
            town.plan("2026 年第四季度评议", date(2026, 10, 1))
        town.vote_all(said)
        # Before there is anything to see: the preview, what is refused, what a leader is told.
        pages |= {f"before {turn} {key}": each for key, each in refusals(app, town)}
        if publish:
            town.publish()
    if publish:
        pages |= dict(walk(app, town))
        pages |= {f"after {key}": each for key, each in refusals(app, town)}
    app.extensions["house"].store.close()
    house.store.close()
    return pages


def refusals(app: Flask, town: Two) -> Iterator[tuple[str, tuple[int, tuple[str | None, ...], bytes]]]:
    """The preview, and the sentences that forms and addresses are refused with."""
    desk, base = sit_down(app, town.house, "secretary"), f"rounds/{town.round}"
    yield "preview", _of(desk.client.get(f"/desk/{base}/publish"))
    yield "refused", _of(desk.client.post(f"/desk/{base}/publish", data={"csrf_token": desk.token(), "seen": "0" * 64}))
    yield "other rules", _of(desk.client.post(f"/desk/{base}/scheme", data={"csrf_token": desk.token(), "try": "1", **OTHER_RULES}))
    few = town.branches[1].unit
    for path in ("figures.csv", "publication.zip", f"units/{few}", f"units/{few}/trend.svg", f"members/m{few}", "compare?unit=0"):
        yield path, _of(desk.client.get(f"/board/{base}/{path}"))


def walk(app: Flask, town: Two) -> Iterator[tuple[str, tuple[int, tuple[str | None, ...], bytes]]]:
    """Every address of desk and board about these rounds, and about the meetings that hide something, by everybody who may see it."""
    with town.house.store.read() as db:
        rounds = tuple(db.execute(select(RoundRow.id).where(RoundRow.unit_id == town.tree.root).order_by(RoundRow.id)).scalars())
        own = [town.branches[at].unit for at in (1, 2, 5)]
        hiding = list(db.execute(select(MeetingRow.id).where(MeetingRow.unit_id.in_(own)).order_by(MeetingRow.id)).scalars())
        people = list(db.execute(select(MemberRow.id).where(MemberRow.unit_id.in_(own[:2])).order_by(MemberRow.id)).scalars())
    values: dict[str, Sequence[object]] = {
        "round_id": rounds, "period": ("2026Q3", "2026Y"), "unit_id": (town.tree.root, next(iter(town.tree.heads.values())), *own), "kind": ("svg",),
        "key": (f"u{own[0]}", *(f"m{each}" for each in people)), "meeting_id": hiding,
    }  # fmt: skip
    for login, language in (("secretary", ""), ("root", "?lang=en"), ("head", "")):
        client = sit_down(app, town.house, login).client
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or not _fits(rule):
                continue
            # Pictures and laid out files hold what the page prints beside them, for each who may see it alike.
            if login != "secretary" and (rule.endpoint.startswith("desk") or rule.arguments & {"meeting_id", "kind"} or rule.rule.endswith(_LAID_OUT)):
                continue
            # What is laid out page by page takes long: of the second round, of whom it hides the most. So do two who see the same.
            some = {name: each[-1:] for name, each in values.items()} if rule.rule.endswith(_LAID_OUT) else values
            some = {**some, "round_id": rounds[-1:]} if language else some
            for address in _addresses(rule.rule, sorted(rule.arguments), some):
                yield f"{login} {address}{language}", _of(client.get(f"{address}{language}"))
        for address in _asked(rounds, town) if not language else ():
            yield f"{login} {address}", _of(client.get(address))


def _fits(rule: Rule) -> bool:
    """Whether a page is about rounds or periods, or about the results of one meeting as a whole."""
    is_round = bool(rule.arguments & {"round_id", "period"}) and rule.arguments <= {"round_id", "period", "unit_id", "key", "kind"}
    return rule.endpoint.startswith(("board", "desk")) and (is_round or (rule.arguments == {"meeting_id"} and rule.endpoint.startswith("board")))


def _asked(rounds: Sequence[int], town: Two) -> Iterator[str]:
    """Orders and comparisons: pages that are asked something."""
    few, fewer = town.branches[1].unit, town.branches[5].unit
    for number in rounds:
        for query in ("sort=narrow", "sort=wide&up=1", "sort=members", "sort=returned&up=1", "sort=order", "below=all"):
            yield f"/board/rounds/{number}/units/{town.tree.root}?all=1&{query}"
        yield f"/board/rounds/{number}/compare?unit={few}&unit={fewer}&unit={town.branches[0].unit}"
    yield "/desk/journal"
    yield "/board"


def _addresses(rule: str, names: Sequence[str], values: Mapping[str, Sequence[object]]) -> Iterator[str]:
    if not names:
        yield rule
        return
    for value in values[names[0]]:
        yield from _addresses(re.sub(rf"<[^<>]*\b{names[0]}>", str(value), rule), names[1:], values)


def _of(page: TestResponse) -> tuple[int, tuple[str | None, ...], bytes]:
    # A page's own length follows from its tokens, and is that of what is left without them.
    body = settled(page.data)
    return page.status_code, tuple(page.headers.get(name) for name in _HEADERS if name != "Content-Length" or body == page.data), body
