"""Voting in an election on the phone: never more than K, written names among them, with and without a script."""

import json
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from survey.domain.elections import Election, Majority
from survey.store import results
from tests.browser.conftest import Face, Served
from tests.browser.test_access import faults
from tests.conftest import on_sqlite
from tests.elections_for_tests import form, hold


def tick(page: Page, *places: str) -> None:
    for place in places:
        page.locator(f"label:has([name='0.0'][value='{place}'])").click()


@on_sqlite
def test_a_full_ballot_takes_no_further_tick_or_name(
    served: Served, new_phone: Callable[..., BrowserContext], face: Face, scripts: bool
) -> None:
    hall = hold(served.house, form(election=Election(2, Majority.HALF_PRESENT, write_ins=2)))
    ((group, codes),) = hall.codes.items()
    page = new_phone(**face.window, java_script_enabled=scripts, color_scheme=face.scheme).new_page()
    page.goto(served.ballot(codes[0]))
    expect(page.get_by_text(face.say("应选 %(n)s 名", n=2)).first).to_be_visible()
    first, second = (page.locator(f"[name='0.0.w{n}']") for n in (1, 2))
    tick(page, "0")
    first.fill("周 八")
    if scripts:
        # One tick and one name are two: the other box is shut, and a further tick goes out again by itself.
        expect(second).to_be_disabled()
        tick(page, "1")
        expect(page.locator("[name='0.0'][value='1']")).not_to_be_checked()
        expect(page.get_by_text(face.say("最多选 {most} 个，请先去掉一个再选别的。").replace("{most}", "2"))).to_be_visible()
        tick(page, "0")
        expect(page.get_by_text(face.say("已选 {k} 个，还可以选 {left} 个").replace("{k}", "1").replace("{left}", "1"))).to_be_visible()
        expect(second).to_be_enabled()
        tick(page, "0")
        page.reload()
        expect(first).to_have_value("周 八")
    else:
        # Without a script too much can be put down, and the review says so and leads back.
        tick(page, "1")
        page.get_by_role("button", name=face.say("检查并提交")).click()
        expect(page.get_by_role("alert")).to_contain_text(face.say("最多选 %(most)s 个", most=2))
        page.get_by_role("button", name=face.say("返回修改")).last.click()
        expect(first).to_have_value("周 八")
        tick(page, "1")
    if scripts:
        assert faults(page) == []
    page.get_by_role("button", name=face.say("检查并提交")).click()
    expect(page.get_by_text("赵一").filter(has_text="周八").last).to_be_visible()
    page.get_by_role("button", name=face.say("提交评议票")).click()
    expect(page.get_by_role("heading", name=face.say("已投入票箱，谢谢您"))).to_be_visible()
    hall.close({group: len(codes) - 1})
    hall.count()
    with served.house.store.read() as db:
        counts = [each for some in results.counts(db, hall.meeting).values() for each in some]
        seal = json.loads((results.seal(db, hall.meeting) or ("{}", ""))[0])
    # One of four candidates was ticked, on one ballot; one ballot tells nobody's name.
    assert [(c.option, c.ballots) for c in counts if c.option >= 0] == [(0, 1)] and "written" not in seal
