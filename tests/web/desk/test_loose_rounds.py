"""Meetings whose round nobody planned become one that is published like any other, and stay what they were."""

import pytest
from flask import Flask

from survey.actions import loose_rounds, meetings, publications
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.refusals import NotFound
from survey.domain.staff import StaffRole
from survey.store import loose_rounds as kept
from survey.store import plans, rounds
from tests.conftest import NOW, TODAY, hire, on_sqlite, person
from tests.web.board.meetings_for_tests import counted
from tests.web.desk.desks_for_tests import sit_down, words


def test_the_meetings_of_a_unit_become_a_round_of_its_own_and_those_of_others_stay(app: Flask, house: House) -> None:
    hall = counted(house).hall
    with house.store.read() as db:
        before = meetings.meetings.get(db, hall.meeting)
        old = rounds.get(db, before.round)
    other = meetings.create(house, meetings.NewMeeting(hall.other_branch, TODAY, "", Entry.SLIPS, (("群众代表", 8, 6),), questionnaire="five_goods_five_leads"), by=hall.secretary, now=NOW)
    hire(house, "here", "王书记", role=StaffRole.SECRETARY, unit=hall.branch)
    by = person(house, "here")
    desk = sit_down(app, house, "here")
    files = [desk.client.get(f"/board/meetings/{hall.meeting}/{name}").data for name in ("handin.zip", "seal.json", "results.csv")]
    assert "有的评议会没有定过轮次" in words(desk.client.get("/desk/rounds")) and old.name.split(" · ")[0] in words(desk.client.get("/desk/rounds/loose"))
    path = f"/desk/rounds/loose/{before.round}"
    assert "1 场评议会，合成由" in words(desk.client.get(path)) and "已经计票的有 1 场" in words(desk.client.get(path))
    made = int(desk.client.post(path, data={"csrf_token": desk.token()}).location.rpartition("/")[2])
    with house.store.read() as db:
        planned, moved, stays = plans.get(db, made), meetings.meetings.get(db, hall.meeting), meetings.meetings.get(db, other)
        assert kept.of_unit(db, hall.branch) == () and [each.id for each in kept.of_unit(db, hall.root)] == [before.round]

    assert (planned.name, planned.period, planned.scheme, planned.frozen, planned.unit) == (old.name, old.period, old.scheme, True, hall.branch)
    assert (moved.round, stays.round) == (made, before.round) and planned.plan.units == (hall.branch,)
    assert files == [desk.client.get(f"/board/meetings/{hall.meeting}/{name}").data for name in ("handin.zip", "seal.json", "results.csv")]
    with house.store.read() as db:
        seen = publications.preview(db, made, release="", by=by)
    assert len(seen.made.meetings) == 1 and not seen.running
    publications.publish(house, made, seen.seen, release="", by=by, now=NOW)
    assert desk.client.get(f"/board/rounds/{made}/units/{hall.branch}").status_code == 200
    with pytest.raises(NotFound):
        loose_rounds.gather(house, before.round, by=by, now=NOW)


@on_sqlite
def test_nobody_gathers_a_planned_round_or_what_he_has_no_part_in(app: Flask, house: House) -> None:
    hall = counted(house).hall
    with house.store.read() as db:
        loose = meetings.meetings.get(db, hall.meeting).round
    hire(house, "beside", "王书记", role=StaffRole.SECRETARY, unit=hall.other_branch)
    desk = sit_down(app, house, "beside")
    assert "没有这样的评议会" in words(desk.client.get("/desk/rounds/loose")) and "有的评议会没有定过" not in words(desk.client.get("/desk/rounds"))
    assert desk.client.get(f"/desk/rounds/loose/{loose}").status_code == 404 and desk.client.post(f"/desk/rounds/loose/{loose}", data={"csrf_token": desk.token()}).status_code == 404
    made = loose_rounds.gather(house, loose, by=hall.secretary, now=NOW)
    assert sit_down(app, house, "secretary").client.get(f"/desk/rounds/loose/{made}").status_code == 404
