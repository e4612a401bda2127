"""Two branches with a meeting at every stage, and a browser for each role of each of them and for nobody."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.actions import ballots, drafts, meetings, results, screens, slips
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.keyings import NAMELESS, Spoil
from survey.domain.meetings import BOXED, Entry, Stage
from survey.domain.questionnaires import Audience, Condition, Kind, Question, Section
from survey.domain.slips import Way
from survey.domain.staff import Staff, StaffRole
from survey.store import meetings as kept
from survey.store import members
from survey.store.tables import Base
from survey.web.doors import Who
from tests.conftest import Hall, hire, make_people, person
from tests.houses_for_tests import furnish
from tests.rounds_for_tests import plan_round
from tests.web.desk.desks_for_tests import sit_down

_CONDITIONAL = Section(
    "first", "先问", Audience.GENERAL,
    (
        Question("pick", Kind.CHOICE, "选一个", candidates=("甲", "乙"), choose=1),
        Question("why", Kind.OPINION, "为什么", show_if=Condition("pick", (0,))),
    ),
)  # fmt: skip
GROUPS = (("群众代表", 9, 6), ("党员", 6, 5))
VOTES = 9
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass
class Camp:
    """A branch: its meetings by stage with everything a thief would like to have of them."""

    unit: int
    members: list[int]
    word: str
    meetings: dict[str, int] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)
    scrutineers: dict[str, str] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    door: str = ""
    proposal: str = ""
    draft: int = 0
    staff: int = 0
    round: int = 0

    def values(self, stage: str) -> dict[str, Any]:
        """What the addresses about this branch are made of."""
        return {
            "meeting_id": self.meetings[stage], "unit_id": self.unit, "group_id": self.groups[stage][0],
            "key": f"u{self.unit}", "kind": "svg", "member_id": self.members[0], "draft_id": self.draft, "staff_id": self.staff,
            "number": 1, "round_id": self.round, "token": "0" * 40, "ref": f"d{self.draft}", "period": "2026H2",
        }  # fmt: skip

    def fields(self, stage: str) -> dict[str, Any]:
        """Fields for any form about a meeting of this branch, each as good as it can be."""
        groups = self.groups[stage]
        return {
            "group": str(groups[0]), "n": "1", "scrutineer": self.scrutineers.get(stage, ""), "reason": "试试",
            "code": self.scrutineers.get(stage, ""), "codes": "\n".join(self.codes.get(stage, [])[-1:]),
            "key": self.proposal, **{f"left_{group}": "0" for group in groups},
        }  # fmt: skip


@dataclass
class Visitor:
    """Somebody at a browser."""

    name: str
    client: FlaskClient
    role: StaffRole | None = None
    _token: str = ""

    @property
    def token(self) -> str:
        """A good token of his session."""
        if not self._token:
            page = self.client.get("/board" if self.role else "/desk/login").text
            found = _TOKEN.search(page)
            assert found, self.name
            self._token = found.group(1)
        return self._token

    def ask(self, method: str, path: str, fields: Mapping[str, Any] | None = None) -> TestResponse:
        """A request; a form goes with a good token."""
        data = {"csrf_token": self.token, **(fields or {})} if method == "POST" else None
        return self.client.open(path, method=method, data=data)


@dataclass
class World:
    """The house, the two branches, and who comes by."""

    app: Flask
    house: House
    hall: Hall
    here: Camp
    there: Camp
    visitors: dict[str, Visitor]

    def insiders(self) -> Iterator[Visitor]:
        """The three roles of the first branch."""
        yield from (self.visitors[f"{role.value} here"] for role in StaffRole)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything the database holds."""
        with self.house.store.read() as db:
            return {
                table.name: sorted((tuple(row) for row in db.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }


def make_world(app: Flask, house: House) -> World:
    """Both branches get the same: drafts, open boxes by slips and by screen, a sealed, a counted and a void one."""
    hall, camps = furnish(house, "world", _people)
    visitors = {"nobody": Visitor("nobody", app.test_client())}
    for login in [f"{role.value} {place}" for role in StaffRole for place in ("here", "there")] + ["secretary", "admin"]:
        visitors[login] = Visitor(login, sit_down(app, house, login).client, person(house, login).role)
    for camp, place in zip(camps, ("here", "there"), strict=True):
        camp.proposal = _propose(visitors[f"secretary {place}"], camp)
        form = replace(library()["five_goods"], title=f"{camp.word}问卷", sections=(_CONDITIONAL, *library()["five_goods"].sections))
        camp.draft = drafts.begin(house, form, by=person(house, f"secretary {place}"), now=datetime.now(UTC))
        drafts.finish(house, camp.draft, seen=1, by=person(house, f"secretary {place}"), now=datetime.now(UTC))
    return World(app, house, hall, *camps, visitors)


def _people(house: House) -> tuple[Hall, list[Camp]]:
    """Everything that comes before the browsers."""
    hall = make_people(house)
    camps = [_camp(house, hall, unit, word) for unit, word in ((hall.branch, "甲方的事"), (hall.other_branch, "乙方的事"))]
    for camp, place in zip(camps, ("here", "there"), strict=True):
        for role in StaffRole:
            hire(house, f"{role.value} {place}", camp.word, role=role, unit=camp.unit)
        # Locking and moving is tried on somebody nobody logs in as.
        hire(house, f"idle {place}", camp.word, role=StaffRole.LEADER, unit=camp.unit)
        camp.staff = person(house, f"idle {place}").id
        camp.round = plan_round(house, camp.unit, by=hall.secretary, name=camp.word)
    return hall, camps


def _camp(house: House, hall: Hall, unit: int, word: str) -> Camp:
    with house.store.read() as db:
        camp = Camp(unit, [member.id for member in members.of_units(db, [unit])], word)
    for stage, entry in (
        ("draft", Entry.SLIPS), ("open", Entry.SLIPS), ("screen", Entry.SCREEN), ("closed", Entry.SLIPS),
        ("ready", Entry.SLIPS), ("counted", Entry.SLIPS), ("void", Entry.SLIPS),
    ):  # fmt: skip
        add_meeting(house, camp, stage, by=hall.secretary, entry=entry)
    return camp


def add_meeting(house: House, camp: Camp, stage: str, *, by: Staff, entry: Entry = Entry.SLIPS) -> int:
    """One more meeting of a branch, taken as far as its stage; most of its slips are cast."""
    now = datetime.now(UTC)
    new = meetings.NewMeeting(camp.unit, now.date() - timedelta(days=1), "会场", entry, GROUPS, title=f"{camp.word} {stage}")
    made = camp.meetings[stage] = meetings.create(house, new, by=by, now=now)
    with house.store.read() as db:
        camp.groups[stage] = [group.id for group in kept.get(db, made).groups]
    if stage == "draft":
        return made
    camp.scrutineers[stage] = meetings.open_box(house, made, by=by, now=now) or ""
    if entry is Entry.SCREEN:
        with house.store.read() as db:
            camp.door = kept.get(db, made).door
        return made
    both = zip(camp.groups[stage], GROUPS, strict=True)
    forms = int(stage == "closed")
    if forms:
        camp.forms += slips.issue(house, made, camp.groups[stage][0], n=forms, way=Way.PAPER, by=by, now=now)
    codes = [
        code
        for place, (group, (_, _, n)) in enumerate(both)
        for code in slips.issue(house, made, group, n=n - (forms if not place else 0), way=Way.SHEET, by=by, now=now)
    ]
    for code in codes[:VOTES]:
        vote(house, code, camp.word)
    camp.codes[stage] = codes
    if stage == "void":
        meetings.void(house, made, reason=camp.word, scrutineer=camp.scrutineers[stage], by=by, now=now)
    if stage in ("closed", "ready", "counted"):
        meetings.close(house, made, by=by, now=now)
    if stage in ("ready", "counted"):
        meetings.set_leftovers(house, made, dict.fromkeys(camp.groups[stage], 0), by=by, now=now)
    if stage == "counted":
        results.count(house, made, camp.scrutineers[stage], by=by, now=now)
    return made


def vote(house: House, code: str, word: str) -> None:
    """A ballot with every rating 满意, and a word about the first target that takes words."""
    look = ballots.look(house, code)
    paper = house.paper(look.paper or "")
    kinds = {name: paper.questions(paper.targets[t])[q].kind.value for name, (t, q) in paper.fields.items()}
    answers = {name: ["0" if kind == "rating" else word] for name, kind in kinds.items() if kind in ("rating", "opinion")}
    ballots.cast(house, code, answers)


def _propose(visitor: Visitor, camp: Camp) -> str:
    """A list that was brought and is not confirmed yet."""
    file = (BytesIO(f"姓名,单位\n{camp.word}新人,新单位{camp.unit}\n某人,\n".encode()), "名单.csv")
    page = visitor.ask("POST", "/desk/units/import", {"file": file}).text
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found, page
    return found.group(1)


def guarded(app: Flask) -> list[tuple[str, Rule]]:
    """Every method of every route that is not for anyone."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
        if rule.endpoint != "static" and getattr(app.view_functions[rule.endpoint], "admits", None) is not Who.ANYONE
    ]


def address(rule: Rule, values: Mapping[str, Any]) -> str:
    """The address of a route. A route with a part that nobody has a value for must be thought about first."""
    unknown = rule.arguments - values.keys()
    assert not unknown, f"{rule.rule}: say in tests/attacks/visitors.py what {unknown} may be"
    built = rule.build({name: values[name] for name in rule.arguments})
    assert built is not None, rule.rule
    return built[1]


def current_door(world: World, camp: Camp) -> str:
    """What the screen of a meeting in open mode shows now."""
    return f"/m/{camp.door}/{screens.turn(world.house, camp.door, datetime.now(UTC))}"


def stages() -> tuple[str, ...]:
    """The meetings each branch has."""
    return ("draft", "open", "screen", "closed", "ready", "counted", "void")


def balanced(house: House) -> list[str]:
    """What does not add up: ballots against spent slips, slips against codes made, spoiled forms against void slips, keyed forms
    against fresh ones."""
    wrong = []
    with house.store.read() as db:
        rows = {table.name: db.execute(select(table)).all() for table in Base.metadata.sorted_tables}
    minted: dict[int, int] = {}
    for row in rows["issues"]:
        minted[row.group_id] = minted.get(row.group_id, 0) + row.minted
    for meeting in rows["meetings"]:
        stage = Stage(meeting.stage)
        for group in (row for row in rows["groups"] if row.meeting_id == meeting.id):
            spoiled = [(Spoil(row.reason), row.forms, row.answers) for row in rows["spoils"] if row.group_id == group.id]
            torn = sum(forms for reason, forms, _ in spoiled if reason not in NAMELESS)
            keyed = {row.digest for row in rows["keyed"] if row.group_id == group.id}
            fresh = {slip.digest for slip in rows["slips"] if slip.group_id == group.id and slip.state == "fresh"}
            states = [slip.state for slip in rows["slips"] if slip.group_id == group.id]
            inside = sum(ballot.group_id == group.id for ballot in rows["ballots"])
            made = minted.get(group.id, 0)
            if stage in BOXED and (inside != states.count("spent") or len(states) != made):
                wrong.append(f"group {group.id}: {inside} ballots, {states.count('spent')} spent of {len(states)}, made {made}")
            if stage in BOXED and states.count("void") != group.voided + torn:
                wrong.append(f"group {group.id}: {states.count('void')} void, {group.voided} noted and {torn} spoiled")
            # Slips of a void meeting stay, so that a phone can say that it is void.
            left = len(states) if stage in (Stage.COUNTED, Stage.DRAFT) else 0
            if stage not in BOXED and (inside or left or keyed):
                wrong.append(f"group {group.id}: {inside} ballots, {left} slips, {len(keyed)} keyed in a {stage} meeting")
            if stage in BOXED and not keyed <= fresh:
                wrong.append(f"group {group.id}: {len(keyed - fresh)} forms keyed that are not to be cast")
            if any(min(forms, answers) < 0 for _, forms, answers in spoiled) or (stage is Stage.DRAFT and spoiled):
                wrong.append(f"group {group.id}: {spoiled} spoiled in a {stage} meeting")
            if group.present > group.due or made - group.voided > group.due:
                wrong.append(f"group {group.id}: {made} codes for {group.due} due")
    return wrong
