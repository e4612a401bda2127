"""A town whose people and names are of one alphabet, with meetings in every stage, and every address one can open there."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from flask import Flask

from survey.actions import (
    ballots,
    batches,
    drafts,
    meetings,
    pauses,
    publications,
    rated,
    results,
    screens,
    slips,
    staff,
    units,
)
from survey.actions import members as lists
from survey.actions.groups import change as change_groups
from survey.actions.house import House
from survey.actions.trees import Ask
from survey.domain.drafts import remove_question
from survey.domain.meetings import Entry
from survey.domain.members import seen
from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Section
from survey.domain.rosters import RosterLine
from survey.domain.scheme_parts import Source
from survey.domain.slips import Way
from survey.domain.staff import Staff, StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import members
from tests.conftest import NOW, PASSWORD, TODAY, person
from tests.houses_for_tests import furnish
from tests.rounds_for_tests import GRADED, batch, plan_round
from tests.web.town_forms import CHINESE as CHINESE
from tests.web.town_forms import LATIN as LATIN
from tests.web.town_forms import Names, own_survey
from tests.web.town_forms import own_form as own_form


@dataclass
class Town:
    """Meetings by the stage they are in; `codes` are slips: fresh, voided, spent, and one of the group of two."""

    house: House
    names: Names
    root: int
    branch: int
    secretary: Staff
    meetings: dict[str, int] = field(default_factory=dict)
    scrutineers: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    forms: list[str] = field(default_factory=list)
    gone: int = 0
    done: str = ""
    drafts: list[int] = field(default_factory=list)
    round: int = 0
    published: int = 0


def make_town(house: House, names: Names) -> Town:
    """One committee, two branches, one person for each role, and a meeting in every stage."""
    return furnish(house, names, lambda empty: _built(empty, names))


def _built(house: House, names: Names) -> Town:
    root = units.found(house, Unit(0, None, UnitKind.COMMITTEE, names.root), now=NOW)
    for login, role in (("secretary", StaffRole.SECRETARY), ("admin", StaffRole.ADMIN), ("leader", StaffRole.LEADER)):
        staff.add(house, login, name=names.people[0], role=role, unit=root, password=PASSWORD, now=NOW)
    lines = [
        RosterLine(2 + i + 10 * b, name, branch, sector="国有企业", position=names.position if not i else "", code=f"{b}{i}")
        for b, branch in enumerate(names.branches)
        for i, name in enumerate(names.people)
    ]
    units.take_over(house, lines, by=person(house, "secretary"), now=NOW)
    secretary = person(house, "secretary")
    with house.store.read() as db:
        branch = next(unit.id for unit in units.units.all_units(db) if unit.name == names.branches[0])
    town = Town(house, names, root, branch, secretary)
    two = ((names.groups[0], 12, 10), (names.groups[1], 8, 6))
    one = ((names.groups[0], 12, 10),)
    _draft(town, "draft", one, present=10)
    _draft(town, "few", ((names.groups[0], 12, 3),), present=3)
    _voting(town, "open", two, cast=3)
    _voting(town, "screen", two, entry=Entry.SCREEN)
    _voting(town, "closing", two, cast=6)
    _voting(town, "counting", two, cast=6)
    _voting(town, "own", one, cast=10, form=own_form(names))
    _voting(town, "counted", two, cast=16)
    _voting(town, "merged", two, cast=11)
    _voting(town, "shy", one, cast=3)
    _draft(town, "void", one, present=10)
    asked = ((names.groups[0], 12, 12),)
    _draft(town, "ask draft", asked, present=12, questionnaire=own_survey(names), entry=Entry.LINK)
    _voting(town, "ask open", asked, form=own_survey(names), entry=Entry.LINK)
    _voting(town, "ask slips", asked, form=own_survey(names), cast=2)
    _voting(town, "ask closed", asked, form=own_survey(names), cast=6)
    _voting(town, "ask counted", asked, form=own_survey(names), cast=9)
    _several(town)
    _finish(town)
    # Its key stands on the scrutineer's slip alone, and nobody has tried it yet.
    _draft(town, "on slip", one, present=10)
    meetings.open_with(house, town.meetings["on slip"], key_on_slip=True, by=secretary, now=NOW)
    town.gone = _gone(town)
    town.drafts = [*_drafts(town)]
    town.round = _round(town)
    town.published = _published(town)
    return town


def _round(town: Town) -> int:
    """A round over all that no rule fits whole: the committee has nothing to be asked, one branch a draft, the other none."""
    rules = (("branch", "", "five_goods_five_leads"),)
    made = plan_round(town.house, town.root, by=town.secretary, name=town.names.meeting, rules=rules, names=town.names.groups)
    batches.make(town.house, made, batch(town.root, only={town.branch}, title=town.names.meeting), by=town.secretary, now=NOW)
    return made


def _published(town: Town) -> int:
    """A round of one branch that was counted and published."""
    house, by = town.house, town.secretary
    scheme = replace(GRADED, sources=(Source("S", 60, tuple(town.names.groups)), Source("T", 40)))
    made = plan_round(house, town.root, by=by, name=town.names.words[0], names=town.names.groups, scheme=scheme)
    batches.make(house, made, batch(town.root, only={town.branch}, title=town.names.words[1]), by=by, now=NOW)
    with house.store.read() as db:
        (meeting,) = (each.id for each in meetings.meetings.of_units(db, [town.branch]) if each.round == made)
    change_groups(house, meeting, [(town.names.groups[0], 12, 10)], by=by, now=NOW)
    town.meetings["published"] = meeting
    town.scrutineers["published"] = meetings.open_box(house, meeting, by=by, now=NOW) or ""
    with house.store.read() as db:
        (group,) = meetings.meetings.get(db, meeting).groups
    for number, code in enumerate(slips.issue(house, meeting, group.id, n=7, way=Way.SHEET, by=by, now=NOW)):
        _vote(town, code, number)
    meetings.close(house, meeting, by=by, now=NOW)
    meetings.set_leftovers(house, meeting, {group.id: 0}, by=by, now=NOW)
    results.count(house, meeting, town.scrutineers["published"], by=by, now=NOW)
    with house.store.read() as db:
        seen = publications.preview(db, made, release="", by=by).seen
    publications.publish(house, made, seen, release="", by=by, now=NOW)
    return made


def _drafts(town: Town) -> Iterator[int]:
    """A questionnaire of its own with two finished versions, and one with everything at fault and something taken out."""
    house, by = town.house, town.secretary
    made = drafts.begin(house, own_form(town.names), by=by, now=NOW)
    drafts.finish(house, made, seen=1, by=by, now=NOW)
    drafts.share(house, made, True, by=by, now=NOW)
    retitled, _fresh = drafts.change(
        house, made, lambda work: replace(work, form=replace(work.form, title=town.names.words[10])), seen=1, by=by, now=NOW
    )
    drafts.finish(house, made, seen=retitled.revision, by=by, now=NOW)
    yield made
    w = town.names.words
    broken = Section("p", "", Audience.MEMBER, (Question("r", Kind.RATING, ""), Question("s", Kind.DATE, w[8])))
    made = drafts.begin(house, Questionnaire("", w[0], (), (broken,)), by=by, now=NOW)
    drafts.change(house, made, lambda work: remove_question(work, "p", "s"), seen=1, by=by, now=NOW)
    yield made


def _draft(town: Town, key: str, groups: tuple[tuple[str, int, int], ...], *, present: int, **more: object) -> None:
    title = f"{town.names.meeting} {len(town.meetings) + 1}"
    new = meetings.NewMeeting(town.branch, TODAY, town.names.place, more.pop("entry", Entry.SLIPS), groups, title, **more)  # type: ignore[arg-type]
    assert sum(group[2] for group in groups) == present
    town.meetings[key] = meetings.create(town.house, new, by=town.secretary, now=NOW)


def _voting(
    town: Town, key: str, groups: tuple[tuple[str, int, int], ...], *, cast: int = 0, form: Questionnaire | None = None,
    entry: Entry = Entry.SLIPS,
) -> None:  # fmt: skip
    more: dict[str, object] = {"questionnaire": form} if form else {}
    _draft(town, key, groups, present=sum(group[2] for group in groups), entry=entry, **more)
    meeting = town.meetings[key]
    town.scrutineers[key] = meetings.open_box(town.house, meeting, by=town.secretary, now=NOW) or ""
    if entry is not Entry.SLIPS:
        return
    with town.house.store.read() as db:
        made = meetings.meetings.get(db, meeting).groups
    forms = 2 if key == "closing" else 0
    codes = [
        code for group in made
        for code in slips.issue(town.house, meeting, group.id, n=group.present - forms, way=Way.SHEET, by=town.secretary, now=NOW)
    ]  # fmt: skip
    for group in made if forms else ():
        town.forms += slips.issue(town.house, meeting, group.id, n=forms, way=Way.PAPER, by=town.secretary, now=NOW)
    for number, code in enumerate(codes[:cast]):
        _vote(town, code, number)
    if key == "open":
        town.codes = {"spent": codes[0], "fresh": codes[-1], "void": codes[-2]}
        slips.void_codes(town.house, meeting, [codes[-2]], by=town.secretary, now=NOW)
    if key == "own":
        town.codes["late"] = codes[-1]
    if key == "ask slips":
        town.codes |= {"ask": codes[-1], "asked": codes[0]}


def _several(town: Town) -> None:
    """The committee rates both branches; and one of its meetings pauses."""
    at_root, by = replace(town, branch=town.root), town.secretary
    for key, cast in (("several", 9), ("paused", 1)):
        _draft(at_root, key, ((town.names.groups[0], 12, 10),), present=10)
        with town.house.store.read() as db:
            below = [unit.id for unit in units.units.all_units(db) if unit.id != town.root]
        rated.choose_units(town.house, town.meetings[key], below, by=by, now=NOW)
        town.scrutineers[key] = meetings.open_box(town.house, town.meetings[key], by=by, now=NOW) or ""
        with town.house.store.read() as db:
            (group,) = meetings.meetings.get(db, town.meetings[key]).groups
        for number, code in enumerate(slips.issue(town.house, town.meetings[key], group.id, n=10, way=Way.SHEET, by=by, now=NOW)[:cast]):
            _vote(town, code, number)
    pauses.pause(town.house, town.meetings["paused"], by=by, now=NOW)


def _vote(town: Town, code: str, number: int) -> None:
    paper = town.house.paper(ballots.look(town.house, code).paper or "")
    answers: dict[str, list[str]] = {}
    for name, (t, q) in paper.fields.items():
        kind = paper.questions(paper.targets[t])[q].kind
        given = {Kind.OPINION: town.names.opinion, Kind.SCORE: "70", Kind.NUMBER: str(20 + number), Kind.DATE: f"2026-09-1{number % 10}"}
        answers[name] = [str((t + q + number) % 4) if kind is Kind.RATING else given.get(kind, str((number + 1) % 2))]
        if kind is Kind.CHOICE and paper.questions(paper.targets[t])[q].least:
            answers[name] = ["0", "1"]
    ballots.cast(town.house, code, answers)


def _finish(town: Town) -> None:
    house, by = town.house, town.secretary
    for key in ("closing", "counting", "own", "counted", "merged", "shy", "several", "ask closed", "ask counted"):
        meetings.close(house, town.meetings[key], by=by, now=NOW)
    for key, left in (("counting", 4), ("own", 0), ("counted", 0), ("merged", 0), ("shy", 0), ("several", 0), ("ask closed", 6), ("ask counted", 3)):
        with house.store.read() as db:
            made = meetings.meetings.get(db, town.meetings[key]).groups
        meetings.set_leftovers(house, town.meetings[key], {group.id: min(left, group.codes) for group in made}, by=by, now=NOW)
    for key in ("own", "counted", "merged", "shy", "several", "ask counted"):
        results.count(house, town.meetings[key], town.scrutineers[key], by=by, now=NOW)
    meetings.void(house, town.meetings["void"], reason=town.names.reason, scrutineer="", by=by, now=NOW)


def _gone(town: Town) -> int:
    """Somebody who moved and left, so that his page has a past."""
    ask = Ask(town.secretary, NOW, TODAY)
    lists.add(town.house, town.root, lists.Wanted(town.names.people[0], "working", since=TODAY), ask)
    with town.house.store.read() as db:
        (found,) = members.of_units(db, [town.root])
    lists.edit(town.house, found.id, lists.Wanted(town.names.words[0], "retired", since=TODAY), replace(ask, seen=seen(found)))
    lists.move(town.house, [found.id], town.branch, day=TODAY, ask=ask)
    town.done = lists.leave(town.house, found.id, day=TODAY, ask=ask)
    return found.id


def addresses(app: Flask, town: Town) -> Iterator[str]:
    """Every page and file there is to GET: each route with every value that leads somewhere, and a few that do not."""
    with town.house.store.read() as db:
        made = {number: meetings.meetings.get(db, number) for number in town.meetings.values()}
        people = [member.id for member in members.of_units(db, [town.branch])]
    door = made[town.meetings["screen"]].door
    mark = screens.turn(town.house, door, datetime.now(UTC))
    values: dict[str, list[object]] = {
        "meeting_id": list(made), "unit_id": [town.root, town.branch], "kind": ["svg"], "code": [*town.codes.values(), "0" * 12],
        "draft_id": town.drafts, "round_id": [town.round, town.published], "door": [door, made[town.meetings["ask open"]].door], "mark": [mark, "stale"], "group_id": [made[town.meetings["draft"]].groups[0].id],
    }  # fmt: skip
    values["member_id"] = [people[0], town.gone]
    values["staff_id"], values["token"] = [town.secretary.id], ["0" * 40]
    values["ref"] = ["cadres_and_members", "recommend_members", "satisfaction_survey", f"d{town.drafts[0]}", "nothing"]
    values["number"], values["period"] = [1, 2], ["2026H2", "2026Y", "1999Y", "2026Q3"]
    values["key"] = [f"u{town.branch}", f"m{people[0]}", "g", "g2", town.done]
    with app.test_request_context():
        adapter = app.create_url_adapter(None) or app.url_map.bind("127.0.0.1")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in ("static", "health"):
                continue
            found: list[dict[str, object]] = [{}]
            for name in sorted(rule.arguments):
                found = [{**each, name: value} for each in found for value in values[name]]
            for each in found:
                yield adapter.build(rule.endpoint, each)
    yield f"/desk/rounds/loose/{made[town.meetings['counted']].round}"
    yield from ("/nothing/here", "/desk/nothing", "/desk/units?q=a", "/desk/meetings/1/void?lost=1", f"/desk/rounds/new?source={town.round}", "/board?page=2",
                f"/board/meetings/{town.meetings['counted']}?sort=rate", f"/board/meetings/{town.meetings['own']}/trackers?find=ABC",
                f"/board/rounds/{town.published}/compare?unit={town.branch}&of={town.root}")  # fmt: skip
