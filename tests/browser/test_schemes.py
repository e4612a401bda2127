"""The rules of a round in a real browser: examples and effects follow what is typed, and nothing is saved before its button."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from survey.domain.rounds import Scheme
from survey.store import plans
from tests.browser.conftest import Face, Served, sit_down
from tests.browser.test_desk_meetings import reads_well
from tests.conftest import make_people, on_sqlite
from tests.rounds_for_tests import plan_round


@on_sqlite
def test_examples_follow_what_is_typed_and_only_the_button_saves(served: Served, new_phone: Callable[..., BrowserContext], face: Face) -> None:
    hall = make_people(served.house)
    made = plan_round(served.house, hall.root, by=hall.secretary)
    page = sit_down(served, new_phone(**face.window, bypass_csp=True), "secretary")
    page.goto(f"{served.url}/desk/rounds/{made}/scheme")
    expect(page.locator("#live-changes")).to_contain_text(face.say("和现在的规则一样，还没有改动。"))
    page.locator("[name=satisfied_at]").fill("50")
    expect(page.locator("#live-changes")).to_contain_text(face.say("满意率到 %(at)s%%，评为满意", at="50"))
    expect(page.locator("#live-lines")).to_contain_text(face.say("基本满意线比满意线还高，两条线大概填反了。"))
    page.locator("[name=basic_at]").fill("40")
    expect(page.locator("#live-lines .alert")).to_have_count(0)
    reads_well(page)
    with served.house.store.read() as db:
        assert plans.get(db, made).scheme == Scheme()
    page.get_by_role("button", name=face.say("保存成第 %(n)s 版", n=2)).click()
    expect(page.locator(".versions")).to_contain_text(face.say("第 %(n)s 版", n=2))
    with served.house.store.read() as db:
        assert plans.get(db, made).scheme == Scheme(satisfied_at=0.5, basic_at=0.4)
