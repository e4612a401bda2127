"""Every form that makes or changes something, sent twice, after each other or at the same moment: it works once, and nobody is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.actions import batches, drafts, meetings, scores
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.meetings import Entry
from survey.domain.scores import Bonus, BonusState
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from survey.store import members, units
from survey.store.tables import JournalRow
from tests.attacks.forms import forms
from tests.conftest import NOW, TODAY, Hall, hire, make_people, on_sqlite, person
from tests.rounds_for_tests import batch, plan_round, publish_one
from tests.web.desk.desks_for_tests import TWO_GROUPS, Desk, sit_down, words

_MEMBER = {"kind": "working", "position": "", "code": "", "since": ""}
_UNIT = {"kind": "branch", "sector": "", "code": ""}


@dataclass(frozen=True)
class Twice:
    """A form: the page it stands on, how its address ends (else as the page's), a field it must hold, what is typed, by whom."""

    page: str
    ends: str = ""
    typed: dict[str, object] = field(default_factory=dict)
    holds: str = "once"
    login: str = "admin"


def of_units(house: House, hall: Hall) -> Iterator[Twice]:
    """What is done to units and members, in an order in which each can be sent."""
    here = "/desk/units"
    for name in ("新支部", "并入的", "停用的"):
        yield Twice(f"{here}/{hall.root}/add", typed={**_UNIT, "name": name})
    with house.store.read() as db:
        made = {unit.name: unit.id for unit in units.all_units(db)}
        first, second, third = (each.id for each in members.of_units(db, [hall.branch])[:3])
    yield Twice(f"{here}/{made['新支部']}/edit", typed={**_UNIT, "name": "改名支部"})
    yield Twice(f"{here}/{made['新支部']}/move?to={hall.branch}")
    yield Twice(f"{here}/{made['并入的']}/merge?to={hall.other_branch}")
    yield Twice(f"{here}/{made['停用的']}/close")
    yield Twice(f"{here}/{made['停用的']}/reopen")
    yield Twice(f"{here}/{hall.branch}/contacts?q=张三", typed={"act": "add"})
    yield Twice(f"{here}/{hall.branch}/contacts", typed={"act": "remove"})
    yield Twice(f"/desk/members/in/{hall.branch}", typed={**_MEMBER, "name": "新党员"})
    yield Twice(f"/desk/members/{first}/edit", typed={**_MEMBER, "name": "改了名"})
    yield Twice(f"/desk/members/{second}/leave", typed={"day": TODAY.isoformat()})
    yield Twice(f"/desk/members/{second}/back", typed={"unit": hall.branch, "day": TODAY.isoformat()})
    moving = {"member": third, "unit": hall.root, "day": TODAY.isoformat(), "sure": "1"}
    yield Twice(f"/desk/members/{third}/move", "/members/move", moving)
    yield Twice("/desk/lists", typed={"key": "", "label": "矿区", "act": "add"}, holds="label")


def of_meetings(house: House, hall: Hall) -> Iterator[Twice]:
    """The way of a meeting of one officer, and a survey."""
    here = "/desk/meetings"
    five = {"unit": hall.branch, "day": TODAY.isoformat(), "place": "", "entry": "slips", "questionnaire": "five_goods_five_leads", "title": ""}
    yield Twice(f"{here}/new", typed={**five, **TWO_GROUPS})
    asked = {"unit": hall.root, "questionnaire": "satisfaction_survey", "entry": "link", "most": "20", "title": "", "until": ""}
    yield Twice("/desk/surveys/new", typed=asked)
    groups = [("甲", 9, 8), ("乙", 4, 2)]
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, groups, one_officer=True)
    made = meetings.create(house, new, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        enough, few = (group.id for group in kept.get(db, made).groups)
    yield Twice(f"{here}/{made}", "/merge", {"group": few, "into": enough})
    yield Twice(f"{here}/{made}/weights", typed={"weight_0": "5"})
    for act in ("open", "draft", "open", "pause"):
        yield Twice(f"{here}/{made}/{act}", typed={"scrutineer": ""})
    yield Twice(f"{here}/{made}", "/resume")
    yield Twice(f"{here}/{made}/close", typed={"how": "soon"})
    for how in ("more", "open"):
        yield Twice(f"{here}/{made}", "/closing", {"how": how})
        yield Twice(f"{here}/{made}/close", typed={"how": "soon"})
    for act in ("close", "reopen"):
        yield Twice(f"{here}/{made}" if act == "close" else f"{here}/{made}/{act}", "/closing" if act == "close" else "", {"how": "now", "scrutineer": ""})
    yield Twice(f"{here}/{made}/void", typed={"reason": "发错了", "scrutineer": ""})
    made = meetings.create(house, replace(new, one_officer=False, groups=[("甲 + 乙", 9, 8)]), by=hall.secretary, now=NOW)
    word = meetings.open_with(house, made, key_on_slip=True, by=hall.secretary, now=NOW)
    yield Twice(f"{here}/{made}/rehearse", typed={"box_key": word.key})


def of_papers(house: House, hall: Hall) -> Iterator[Twice]:
    """Questionnaires."""
    here = "/desk/questionnaires"
    yield Twice(f"{here}/new", typed={"title": "新问卷", "source": "empty"})
    yield Twice("/desk/library/five_goods_five_leads", f"{here}/new")
    made = drafts.begin(house, library()["five_goods_five_leads"], by=hall.secretary, now=NOW)
    yield Twice(f"{here}/{made}/finish")
    for act in ("copy", "share", "shelve"):
        yield Twice(f"{here}/{made}/versions", f"/{act}")


def of_rounds(house: House, hall: Hall) -> Iterator[Twice]:
    """Rounds; what they make is counted where meetings are made, since each has its own line."""
    yield Twice("/desk/rounds/new", typed={"name": "新的一轮"})
    made = plan_round(house, hall.root, by=hall.secretary)
    yield Twice(f"/desk/rounds/{made}/edit", typed={"name": "改名"})
    yield Twice(f"/desk/rounds/{made}/scheme", typed={"satisfied_at": "85", "save": "1"}, holds="satisfied_at")
    batches.make(house, made, batch(hall.root), by=hall.secretary, now=NOW)
    yield Twice(f"/desk/rounds/{made}/take-back")
    alone = meetings.create(house, meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, (("群众代表", 8, 6),)), by=hall.secretary, now=NOW)
    with house.store.read() as db:
        loose = kept.get(db, alone).round
    yield Twice(f"/desk/rounds/loose/{loose}")
    batches.make(house, made, batch(hall.root, only={hall.branch}), by=hall.secretary, now=NOW)
    with house.store.read() as db:
        own = max(each.id for each in kept.of_units(db, [hall.branch]))
    yield Twice(f"/desk/meetings/{own}/place", typed={"place": "二楼"})
    graded = publish_one(house, hall.branch, by=hall.secretary)
    here = f"/desk/rounds/{graded}/grades/{hall.branch}"
    yield Twice(f"{here}/scores", typed={"points": "90"})
    yield Twice(f"{here}/bonuses", typed={"who": f"u{hall.branch}", "bonus": "1", "reason": "救灾"})
    asked = Bonus(0, f"u{hall.branch}", hall.branch, 100, "抗旱", BonusState.ASKED, "", NOW)
    scores.apply(house, graded, scores.Applying(asked, "一支部"), by=hall.secretary, now=NOW)
    for how in ("approve", "refuse"):
        yield Twice(f"{here}/bonuses", "/2", {"how": how}, holds="how")
    yield Twice(f"{here}/adopt")
    yield Twice(f"/desk/rounds/{graded}/grades", f"/{hall.branch}", {"grade": ["A", "A", "B", "B", "B"], "reason": ["", "", *["名额所限"] * 3]})
    yield Twice(f"/desk/rounds/{graded}/grades/put-right", typed={"day": "2026-12-01"})
    yield Twice(f"/desk/rounds/{graded}/grades/end")
    yield Twice(f"/desk/rounds/{graded}/grades/end", "/reopen", {"reason": "漏了一个"})
    yield Twice("/desk/me", "/email", {"email": "guan@example.org"}, holds="email")


def of_accounts(house: House, hall: Hall) -> Iterator[Twice]:
    """Accounts."""
    hire(house, "clerk", "小周", role=StaffRole.SECRETARY, unit=hall.branch)
    clerk = person(house, "clerk").id
    yield Twice(f"/desk/staff/{clerk}", typed={"role": "leader", "unit": hall.branch}, holds="role")
    yield Twice(f"/desk/staff/{clerk}/lock")
    yield Twice(f"/desk/staff/{clerk}", "/unlock")


@pytest.mark.parametrize("at_once", [False, True], ids=["again", "at_once"])
def test_a_form_sent_twice_works_once_and_both_lead_to_the_same_page(app: Flask, house: House, at_once: bool) -> None:
    hall = make_people(house)
    desks = [sit_down(app, house, "admin") for _ in range(2)]
    wrong: list[object] = []
    for every in (of_units, of_meetings, of_papers, of_rounds, of_accounts):
        for form in every(house, hall):
            before = done(house)
            first, second = send(desks, form, at_once=at_once)
            led = first.status_code == second.status_code == 303 and first.location == second.location
            once = done(house) == before + 1
            if not led or not once or desks[0].client.get(first.location).status_code != 200:
                wrong.append((form, done(house) - before, [(each.status, each.location, words(each)[-200:]) for each in (first, second)]))
    assert not wrong


@on_sqlite
def test_any_key_is_good_and_other_words_are_another_form(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    before = done(house)
    for place, key in enumerate(("", "\0", "\ufffd", "长" * 10_000, "<script>", "' OR 1=1 --")):
        for name in (f"甲{place}", f"乙{place}"):
            fields = {**_UNIT, "name": name, "once": key, "csrf_token": desk.token()}
            answer = desk.client.post(f"/desk/units/{hall.root}/add", data=fields)
            assert answer.status_code == 303, (key[:9], words(answer))
    assert done(house) == before + 12


def send(desks: list[Desk], form: Twice, *, at_once: bool):
    """The same form from two windows of one person; the page says where it goes and what it carries unseen."""
    page = desks[0].client.get(form.page)
    ends = form.ends or urlsplit(form.page).path
    found = [each for each in forms(page.text, form.page) if each.method == "POST" and each.action.endswith(ends)]
    sent = next((each for each in found if {"once", form.holds} <= set(each.data())), None)
    assert sent is not None, (form, words(page))
    barrier = Barrier(2)

    def press(desk: Desk):
        token = desk.token()
        if at_once:
            barrier.wait(30)
        return desk.client.post(sent.action, data={**sent.data(), **form.typed, "csrf_token": token})

    if not at_once:
        return [press(desk) for desk in desks]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(press, desks))


def done(house: House) -> int:
    """How many acts the journal knows: every verb writes one line."""
    with house.store.read() as db:
        return db.execute(select(func.count()).select_from(JournalRow)).scalar_one()
