"""Reminders of a round: a text for each unit that is not done and one for all, and mail to those who gave an address."""

from dataclasses import replace
from random import Random

from flask import Flask

from survey.actions import batches, emails
from survey.actions.house import House
from survey.app import create_app
from survey.config import Config, Smtp
from survey.domain.staff import StaffRole
from tests.conftest import NOW, Hall, hire, make_people, on_sqlite, person
from tests.mails_for_tests import mail_server
from tests.rounds_for_tests import batch, plan_round
from tests.web.desk.desks_for_tests import sit_down, words

pytestmark = on_sqlite


def a_round(house: House) -> tuple[Hall, int]:
    """A round with a draft for one branch; its secretary has an address, that of the other one has none."""
    hall = make_people(house)
    hire(house, "zhou", "小周", role=StaffRole.SECRETARY, unit=hall.branch)
    hire(house, "wu", "小吴", role=StaffRole.SECRETARY, unit=hall.other_branch)
    emails.change(house, "zhou@example.org", by=person(house, "zhou"), now=NOW)
    made = plan_round(house, hall.root, by=hall.secretary)
    batches.make(house, made, batch(hall.root, only={hall.branch}), by=hall.secretary, now=NOW)
    return hall, made


def test_every_unit_that_is_not_done_has_its_text_and_all_have_one(app: Flask, house: House) -> None:
    _hall, made = a_round(house)
    page = words(sit_down(app, house, "secretary").client.get(f"/desk/rounds/{made}/reminders"))
    assert "机修车间党支部：“2026 年第三季度评议”评议会还没有开，请定好日期和地点，开会并计票。最后一天是 2026 年 9 月 30 日。" in page
    assert "青山小学党支部：“2026 年第三季度评议”还没有评议会" in page and "请登录 http://127.0.0.1:8000/desk 办理" in page
    assert "还有 2 个单位没有评完：" in page
    assert "请管理员设 PINGYI_SMTP" in page and "没有填邮箱的：1 位" in page


def test_mail_goes_to_the_secretaries_of_units_that_are_not_done_once(house: House, config: Config) -> None:
    _hall, made = a_round(house)
    with mail_server() as box:
        app = create_app(replace(config, smtp=Smtp("127.0.0.1", box.port, "pingyi@example.org")), random=Random(7), testing=True)
        desk = sit_down(app, house, "secretary")
        fields = {"csrf_token": desk.token(), "once": "a" * 32}
        first, second = (desk.client.post(f"/desk/rounds/{made}/reminders", data=fields) for _ in range(2))
        assert first.status_code == second.status_code == 303 and first.location == second.location
    ((to, letter),) = box.letters
    assert to == "zhou@example.org" and letter["Subject"] == "2026 年第三季度评议：机修车间党支部还没有评完"
    assert "评议会还没有开" in letter.get_content() and "http://127.0.0.1:8000/desk" in letter.get_content()
    page = words(desk.client.get(first.location))
    assert "提醒邮件发出 1 封" in page and "小周（机修车间党支部）" in page
    assert "发 1 封提醒邮件" in page


def test_who_was_not_reached_is_named_with_the_reason(house: House, config: Config) -> None:
    _hall, made = a_round(house)
    with mail_server(unknown=frozenset({"zhou@example.org"})) as box:
        app = create_app(replace(config, smtp=Smtp("127.0.0.1", box.port, "pingyi@example.org")), random=Random(7), testing=True)
        desk = sit_down(app, house, "secretary")
        answer = desk.client.post(f"/desk/rounds/{made}/reminders", data={"csrf_token": desk.token()})
    page = words(desk.client.get(answer.location))
    assert "没有发出 1 封" in page and "小周（机修车间党支部）：邮件服务器不收这个邮箱" in page
    other = plan_round(house, _hall.root, by=_hall.secretary)
    assert desk.client.get(answer.location.replace(f"/{made}/", f"/{other}/")).status_code == 404


def test_an_address_is_ones_own_and_kept_as_typed_when_it_cannot_be(app: Flask, house: House) -> None:
    make_people(house)
    desk = sit_down(app, house, "secretary")
    bad = desk.client.post("/desk/me/email", data={"csrf_token": desk.token(), "email": "李秘书@例子"})
    assert bad.status_code == 400 and "这不像一个邮箱" in words(bad) and 'value="李秘书@例子"' in bad.text
    good = desk.client.post("/desk/me/email", data={"csrf_token": desk.token(), "email": " li@example.org "})
    assert good.status_code == 303 and 'value="li@example.org"' in desk.client.get(good.location).text
    holder = person(house, "secretary")
    assert "li@example.org" in sit_down(app, house, "admin").client.get(f"/desk/staff/{holder.id}").text
    assert desk.client.post("/desk/me/email", data={"csrf_token": desk.token(), "email": ""}).status_code == 303
    assert "li@example.org" not in desk.client.get("/desk/me").text
