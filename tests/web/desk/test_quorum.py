"""A round that wants more than half of those due: said before opening and at closing, refused at the count, and mended."""

import pytest
from flask import Flask

from survey.actions import groups, meetings, results
from survey.actions.house import House
from survey.domain.refusals import BadSheet
from survey.domain.rounds import Scheme
from survey.store import meetings as kept
from survey.store import rounds
from tests.conftest import NOW, Hall, make_meeting
from tests.web.desk.desks_for_tests import sit_down, words


def strict(house: House, *, due: int, present: int) -> Hall:
    """An opened meeting of one group under the rule, every slip made."""
    hall = make_meeting(house, groups=(("群众代表", due, present),), open_box=False)
    groups.weigh(house, hall.meeting, {}, rules=groups.Rules(quorum=True), by=hall.secretary, now=NOW)
    return hall


def test_the_gate_is_said_early_stops_the_count_and_opens_when_the_number_is_mended(app: Flask, house: House) -> None:
    hall = strict(house, due=12, present=6)
    desk = sit_down(app, house, "secretary")
    at = f"/{hall.meeting}"
    assert "实到超过应到的一半才能计票" in desk.read(at)
    assert "实到还没有超过应到的一半" in desk.read(f"{at}/open")
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    assert "应到 12 人，实到 6 人" in desk.read(f"{at}/close")
    hall.close()
    with pytest.raises(BadSheet):
        hall.count()
    refused = desk.send(f"{at}/count", scrutineer=hall.scrutineer)
    assert refused.status_code == 409 and "到会人数不过半，不能计票" in words(refused) and f"{at}/reopen" in refused.text
    meetings.reopen(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    groups.change(house, hall.meeting, [("群众代表", 12, 7)], by=hall.secretary, now=NOW)
    assert "实到还没有超过应到的一半" not in desk.read(f"{at}/close")
    hall.close()
    results.count(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)


def test_the_rule_is_set_beside_the_weights_and_stays_when_only_those_change(app: Flask, house: House) -> None:
    hall = make_meeting(house, open_box=False)
    desk = sit_down(app, house, "secretary")
    desk.send(f"/{hall.meeting}/weights", quorum="half", weight_0="60", weight_1="40")
    desk.send(f"/{hall.meeting}/weights", weight_0="50", weight_1="50")
    with house.store.read() as db:
        scheme = rounds.get(db, kept.get(db, hall.meeting).round).scheme
    assert scheme.quorum and dict(scheme.weights) == {"群众代表": 50, "党员": 50}
    assert "定到会人数：实到超过应到的一半才能计票" in desk.read(f"/{hall.meeting}")
    desk.send(f"/{hall.meeting}/weights", quorum="none")
    assert "定到会人数：不作要求" in desk.read(f"/{hall.meeting}")


def test_a_scheme_without_the_rule_keeps_its_old_digest_and_half_is_not_more_than_half() -> None:
    assert "quorum" not in Scheme().as_json() and Scheme(quorum=True).sha256() != Scheme().sha256()
    assert [Scheme(quorum=True).lacks(due=12, present=present) for present in (5, 6, 7)] == [True, True, False]
    assert not Scheme().lacks(due=12, present=1)
