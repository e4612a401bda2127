"""Accounts: invitations by one-time link, rights by subtree, lock and unlock, the last admin, one's own logins."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.actions import accounts, invitations, staff
from survey.actions.house import House
from survey.actions.invitations import GOOD_FOR, Chosen, Invited
from survey.domain.refusals import BadField, BadInvitation, BadLogin, LastAdmin, Locked, NotAllowed, NotFound, Repeated
from survey.domain.staff import StaffRole
from survey.store import invitations as kept
from survey.store import staff as people
from survey.store.engine import BUSY_SECONDS
from survey.store.staff import account
from tests.attacks.test_faults_locks import held
from tests.conftest import PASSWORD, Hall, hire, make_people, on_sqlite, person
from tests.web.desk.desks_for_tests import Desk, sit_down, words

# The pages ask the machine for the time.
NOW = datetime.now(UTC)
GOOD = "denglong hema banshou"
SECRETARY, ADMIN, LEADER = StaffRole.SECRETARY, StaffRole.ADMIN, StaffRole.LEADER


@pytest.fixture
def hall(house: House) -> Hall:
    """A township whose branch 机修车间 has an admin of its own, too."""
    made = make_people(house)
    hire(house, "branch admin", "支管", role=ADMIN, unit=made.branch)
    return made


def send(desk: Desk, path: str, **fields: object) -> TestResponse:
    """A form with a good token, sent anywhere on the desk."""
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', desk.client.get("/desk/me").text)
    assert found is not None
    return desk.client.post(path, data={"csrf_token": found.group(1), **fields})


def invited(house: House, hall: Hall, *, by: str = "admin", unit: int | None = None, form: str = "") -> Invited:
    place = (SECRETARY, unit if unit is not None else hall.branch)
    return invitations.invite(house, "新人", place=place, by=person(house, by), now=NOW, form=form)


def chosen(login: str = "xinren", password: str = GOOD) -> Chosen:
    return Chosen(login, password, password)


def test_an_invited_person_chooses_name_and_password_and_is_in(app: Flask, house: House, hall: Hall) -> None:
    admin = sit_down(app, house, "admin")
    page = send(admin, "/desk/staff/invite", name="新人", role="secretary", unit=str(hall.branch), form="a form")
    link = re.search(r'value="http://127.0.0.1:8000(/desk/invitation/[0-9a-f]{40})"', page.text)
    assert link and "<svg" in page.text and "只显示这一次" in words(page)
    nobody = app.test_client()
    form = nobody.get(link[1])
    assert "新人，您好，请开通账号" in words(form) and "机修车间党支部" in words(form)
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form.text)
    assert token
    fields = {"csrf_token": token[1], "login": "xinren", "new_password": "woaini1314", "again_password": "woaini1314"}
    weak = nobody.post(link[1], data=fields)
    assert weak.status_code == 400 and "太容易猜" in words(weak) and 'value="xinren"' in weak.text
    done = nobody.post(link[1], data={**fields, "new_password": GOOD, "again_password": GOOD})
    assert done.status_code == 303 and nobody.get("/desk").status_code == 200
    assert person(house, "xinren").unit == hall.branch
    again = app.test_client().get(link[1])
    assert again.status_code == 404 and "这个链接不能用" in words(again)


def test_the_link_is_nowhere_in_the_store(house: House, hall: Hall) -> None:
    made = invited(house, hall)
    assert len(made.key) == 40, "160 bits"
    with house.store.read() as db:
        (row,) = kept.below(db, hall.root)
    assert made.key.encode() not in row.digest and bytes.fromhex(made.key) not in row.digest and len(row.digest) == 32


def test_unknown_used_withdrawn_and_run_out_links_read_alike(app: Flask, house: House, hall: Hall) -> None:
    used, withdrawn, late = (invited(house, hall) for _ in range(3))
    invitations.accept(house, used.key, chosen(), now=NOW)
    invitations.withdraw(house, withdrawn.invitation.digest.hex(), by=person(house, "admin"), now=NOW)
    with pytest.raises(BadInvitation):
        invitations.look(house, late.key, now=NOW + GOOD_FOR)
    pages = {words(app.test_client().get(f"/desk/invitation/{key}")) for key in (used.key, withdrawn.key, "0" * 40, "x", "长")}
    assert len(pages) == 1 and "请管理员再发一个" in pages.pop()


def test_of_two_who_use_one_link_at_once_one_gets_in(house: House, hall: Hall) -> None:
    """Guards: the removal inside the transaction in actions.invitations.accept."""
    made, gate = invited(house, hall), threading.Barrier(2)

    def use(login: str) -> bool:
        gate.wait()
        try:
            invitations.accept(house, made.key, chosen(login), now=NOW)
        except BadInvitation:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, ("erster", "zweiter"))) == [False, True]
    with house.store.read() as db:
        assert sum(account(db, login) is not None for login in ("erster", "zweiter")) == 1


def test_of_two_who_take_one_login_name_at_once_one_gets_it(house: House, hall: Hall) -> None:
    """Guards: the lock in actions.staff.insert: without it the second one ends in a fault."""
    gate = threading.Barrier(2)

    def use(key: str) -> bool:
        gate.wait()
        try:
            invitations.accept(house, key, chosen(), now=NOW)
        except BadField as refused:
            assert refused.facts["why"] == "twice"
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, [invited(house, hall).key for _ in range(2)])) == [False, True]


def test_a_double_click_gives_the_same_link_and_one_invitation(house: House, hall: Hall) -> None:
    first, second = (invited(house, hall, form="f" * 32) for _ in range(2))
    assert first.key == second.key
    with house.store.read() as db:
        assert len(kept.below(db, hall.root)) == 1
    assert invited(house, hall, form="g" * 32).key != first.key
    invitations.accept(house, first.key, chosen(), now=NOW)
    with pytest.raises(Repeated):
        invited(house, hall, form="f" * 32)
    with pytest.raises(BadInvitation):
        invitations.look(house, first.key, now=NOW)


def test_a_link_is_worth_no_more_than_whoever_gave_it(house: House, hall: Hall) -> None:
    made = invited(house, hall, by="branch admin")
    admin, branch_admin = person(house, "admin"), person(house, "branch admin")
    accounts.change(house, branch_admin.id, place=(SECRETARY, hall.branch), by=admin, now=NOW)
    with pytest.raises(BadInvitation):
        invitations.accept(house, made.key, chosen(), now=NOW)
    accounts.change(house, branch_admin.id, place=(ADMIN, hall.branch), by=admin, now=NOW)
    invitations.look(house, made.key, now=NOW)
    accounts.lock(house, branch_admin.id, by=admin, now=NOW)
    with pytest.raises(BadInvitation):
        invitations.look(house, made.key, now=NOW)


def test_a_forgotten_password_is_set_anew_by_link_and_every_login_ends(app: Flask, house: House, hall: Hall) -> None:
    clerk = sit_down(app, house, "secretary")
    admin, secretary = person(house, "admin"), person(house, "secretary")
    old = invitations.invite_back(house, secretary.id, by=admin, now=NOW)
    made = invitations.invite_back(house, secretary.id, by=admin, now=NOW)
    with pytest.raises(BadInvitation):
        invitations.look(house, old.key, now=NOW)
    assert clerk.client.get("/desk").status_code == 200, "asking for it changes nothing"
    page = app.test_client().get(f"/desk/invitation/{made.key}")
    assert "请设新密码" in words(page) and 'name="login"' not in page.text
    invitations.accept(house, made.key, chosen(""), now=NOW)
    assert clerk.client.get("/desk").status_code == 303
    assert staff.log_in(house, "secretary", GOOD, now=NOW)
    with pytest.raises(BadLogin):
        staff.log_in(house, "secretary", PASSWORD, now=NOW)
    with pytest.raises(NotAllowed):
        invitations.invite_back(house, admin.id, by=admin, now=NOW)


def test_locking_ends_every_login_at_once_and_unlocking_lets_in_again(app: Flask, house: House, hall: Hall) -> None:
    phone, desk = sit_down(app, house, "secretary"), sit_down(app, house, "secretary")
    admin = sit_down(app, house, "admin")
    secretary = person(house, "secretary")
    assert "他现在的登录全部结束" in words(admin.client.get(f"/desk/staff/{secretary.id}/lock"))
    assert send(admin, f"/desk/staff/{secretary.id}/lock").status_code == 303
    assert [each.client.get("/desk").status_code for each in (phone, desk)] == [303, 303]
    with pytest.raises(Locked):
        staff.log_in(house, "secretary", PASSWORD, now=NOW)
    with pytest.raises(BadLogin):
        staff.log_in(house, "secretary", "not this one", now=NOW)
    with pytest.raises(NotAllowed):
        invitations.invite_back(house, secretary.id, by=person(house, "admin"), now=NOW)
    assert send(admin, f"/desk/staff/{secretary.id}/unlock").status_code == 303
    assert staff.log_in(house, "secretary", PASSWORD, now=NOW)


def test_nobody_touches_himself_or_whoever_stands_above(house: House, hall: Hall) -> None:
    admin, below = person(house, "admin"), person(house, "branch admin")
    for by, whom, why in ((admin, admin, NotAllowed), (below, below, NotAllowed), (below, admin, NotFound), (person(house, "secretary"), below, NotAllowed)):
        with pytest.raises(why):
            accounts.lock(house, whom.id, by=by, now=NOW)
        with pytest.raises(why):
            accounts.change(house, whom.id, place=(LEADER, hall.branch), by=by, now=NOW)
    with pytest.raises(NotFound):
        accounts.change(house, person(house, "leader").id, place=(ADMIN, hall.root), by=below, now=NOW)
    with pytest.raises(NotFound):
        invited(house, hall, by="branch admin", unit=hall.root)
    accounts.change(house, person(house, "leader").id, place=(ADMIN, hall.branch), by=below, now=NOW)
    assert person(house, "leader").role is ADMIN


def test_the_last_admin_of_the_root_stays_one_whoever_tries(house: House, hall: Hall) -> None:
    """Two admins who each take away the other's rights at the same moment: one of them remains."""
    hire(house, "second", "副管", role=ADMIN, unit=hall.root)
    pair, gate = (person(house, "admin"), person(house, "second")), threading.Barrier(2)

    def demote(n: int) -> bool:
        gate.wait()
        try:
            accounts.change(house, pair[1 - n].id, place=(LEADER, hall.root), by=pair[n], now=NOW)
        except (LastAdmin, NotAllowed):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, (0, 1))) == [False, True]
    with house.store.read() as db:
        (left,) = people.admins_of(db, hall.root)
    hire(house, "third", "三管", role=ADMIN, unit=hall.root)
    third = person(house, "third")
    accounts.lock(house, left, by=third, now=NOW)
    with pytest.raises(LastAdmin), house.store.write() as db:
        accounts._check_not_last(db, accounts.look(db, third.id, by=third))


def test_the_list_shows_the_subtree_and_nothing_else(app: Flask, house: House, hall: Hall) -> None:
    below = sit_down(app, house, "branch admin")
    text = words(below.client.get("/desk/staff"))
    assert "支管" in text and "王领导" in text and "管管" not in text and "青山小学" not in text
    other = person(house, "other")
    for path in (f"/desk/staff/{other.id}", f"/desk/staff/{other.id}/lock", "/desk/staff/999999", "/desk/staff/9999999999"):
        assert below.client.get(path).status_code == 404, path
    assert send(below, f"/desk/staff/{other.id}/lock").status_code == 404
    found = words(sit_down(app, house, "admin").client.get("/desk/staff?q=小学"))
    assert "找到 1 个账号" in found
    for login in ("secretary", "leader"):
        assert sit_down(app, house, login).client.get("/desk/staff").status_code == 403


def test_an_invitation_of_another_subtree_cannot_be_withdrawn(app: Flask, house: House, hall: Hall) -> None:
    made = invited(house, hall, unit=hall.other_branch)
    path = f"/desk/staff/invitations/{made.invitation.digest.hex()}/withdraw"
    assert send(sit_down(app, house, "branch admin"), path).status_code == 404
    assert send(sit_down(app, house, "admin"), path).status_code == 303
    assert send(sit_down(app, house, "admin"), path).status_code == 404


def test_everybody_sees_his_own_logins_and_ends_them(app: Flask, house: House, hall: Hall) -> None:
    here, there, other = (sit_down(app, house, "leader") for _ in range(3))
    stranger = sit_down(app, house, "secretary")
    page = here.client.get("/desk/me")
    assert words(page).count("Firefox · Linux") == 3 and "就是这里" in words(page)
    key = re.search(r"/desk/me/logins/([0-9a-f]{64})/end", page.text)
    assert key
    assert send(stranger, f"/desk/me/logins/{key[1]}/end").status_code == 404, "not his"
    assert send(here, f"/desk/me/logins/{key[1]}/end").status_code == 303
    assert sorted(each.client.get("/board").status_code for each in (there, other)) == [200, 303]
    assert send(here, "/desk/me/logins/end").status_code == 303
    assert [each.client.get("/board").status_code for each in (there, other)] == [303, 303]
    assert here.client.get("/board").status_code == stranger.client.get("/board").status_code == 200


def test_a_new_password_of_ones_own_takes_the_old_one_and_ends_the_other_logins(app: Flask, house: House, hall: Hall) -> None:
    here, there = sit_down(app, house, "leader"), sit_down(app, house, "leader")

    def change(old: str, new: str, again: str = "") -> TestResponse:
        return send(here, "/desk/me/password", old_password=old, new_password=new, again_password=again or new)

    assert "密码不对" in words(change("wrong", GOOD))
    assert "两次输入的密码不一样" in words(change(PASSWORD, GOOD, "another one here"))
    assert "太容易猜" in words(change(PASSWORD, "机修车间党支部机修车间党支部"))
    assert "和旧密码一样" in words(change(PASSWORD, PASSWORD))
    assert there.client.get("/board").status_code == 200
    assert change(PASSWORD, GOOD).status_code == 303
    assert (here.client.get("/board").status_code, there.client.get("/board").status_code) == (200, 303)
    assert staff.log_in(house, "leader", GOOD, now=NOW)


def test_a_login_nobody_uses_ends_after_twelve_hours_and_seen_is_by_the_minute(house: House, hall: Hall) -> None:
    begin = datetime(2026, 9, 18, 6, 0, 30, tzinfo=UTC)
    key = staff.log_in(house, "leader", PASSWORD, now=begin, device="Edge · Windows")
    for hours in (11, 22):
        assert staff.entered(house, key, now=begin + timedelta(hours=hours)) is not None
    with house.store.read() as db:
        found = people.colleague(db, person(house, "leader").id)
    assert found and found.seen == (begin + timedelta(hours=22)).replace(second=0)
    assert staff.entered(house, key, now=begin + timedelta(hours=34)) is None
    staff.log_in(house, "secretary", PASSWORD, now=begin + timedelta(hours=40))
    assert staff.entered(house, key, now=begin + timedelta(hours=22)) is None, "swept away"


@on_sqlite
def test_who_only_looks_is_not_held_up_by_whoever_writes(house: House, hall: Hall) -> None:
    """Guards: `at_once` in store.engine.write: that somebody is there is written later, and nobody waits ten seconds for it."""
    key = staff.log_in(house, "leader", PASSWORD, now=NOW)
    with held(house):
        start = monotonic()
        assert staff.entered(house, key, now=NOW + timedelta(hours=1)) is not None
        assert monotonic() - start < BUSY_SECONDS / 2
    assert staff.entered(house, key, now=NOW + timedelta(hours=2)) is not None
    with house.store.read() as db:
        found = people.colleague(db, person(house, "leader").id)
    assert found and found.seen == (NOW + timedelta(hours=2)).replace(second=0, microsecond=0)
