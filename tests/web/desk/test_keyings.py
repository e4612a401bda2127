"""Forms on paper at the desk: printed with codes of their own, keyed twice, what differs, what is spoiled."""

import re
from http import HTTPStatus

import pypdfium2
import zxingcpp
from flask import Flask

from survey.actions import keyings, meetings
from survey.actions.house import House
from survey.domain.keyings import lines
from survey.domain.questionnaires import Kind
from survey.domain.slips import pretty
from survey.store import keyings as kept
from survey.store import meetings as stored
from tests.conftest import NOW, make_meeting, on_sqlite
from tests.forms_for_tests import Pile, make_pile
from tests.web.desk.desks_for_tests import Desk, sit_down, text_in, words


def fields(pile: Pile, code: str, letter: str = "k", **changes: str) -> dict[str, str]:
    """The page of a form as it is sent."""
    return {"code": code} | {f"{letter}{name}": text for name, text in pile.typed(code, **changes).items()}


def said(desk: Desk, path: str, **sent: object) -> str:
    """The words after a form was sent, wherever it leads."""
    answer = desk.send(path, **sent)
    if answer.status_code == HTTPStatus.SEE_OTHER:
        answer = desk.client.get(answer.location)
        assert answer.status_code == HTTPStatus.OK
    return words(answer)


def scanned(document: bytes) -> list[str]:
    """What a scanner reads from the forms, page after page."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        return [each.text for page in pdf for each in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    finally:
        pdf.close()


def test_the_printed_form_asks_what_the_phone_asks_and_its_code_and_tracker_are_its_own(app: Flask, house: House) -> None:
    hall = make_meeting(house, slips_too=False)
    desk = sit_down(app, house, "secretary")
    with house.store.read() as db:
        group, _other = (each.id for each in stored.get(db, hall.meeting).groups)
        door = stored.get(db, hall.meeting).door
    sheet = desk.send(f"/{hall.meeting}/forms", group=group, n="3")
    assert sheet.status_code == HTTPStatus.OK and sheet.mimetype == "application/pdf"
    codes, text = scanned(sheet.data), text_in(sheet.data)
    assert len(set(codes)) == 3
    for code in codes:
        mark = keyings.tracker(house, code)
        assert pretty(code) in text and f"{mark[:5]}-{mark[5:]}" in text
    for words_there in ("领导班子好", "机修车间党支部", "张三", f"127.0.0.1:8000/t/{door}", "群众代表"):
        assert words_there in text
    assert "做出“群众代表”纸质评议表 3 张" in desk.read(f"/{hall.meeting}")
    for n, status in (("4", HTTPStatus.CONFLICT), ("0", HTTPStatus.BAD_REQUEST), ("三", HTTPStatus.BAD_REQUEST)):
        refused = desk.send(f"/{hall.meeting}/forms", group=group, n=n)
        assert refused.status_code == status and f'value="{n}"' in refused.text
    # A phone that types the code is told what it is.
    for answer in (app.test_client().post("/", data={"code": codes[0]}), app.test_client().get(f"/b/{codes[0]}")):
        assert answer.status_code == HTTPStatus.CONFLICT and "这是纸质评议表" in words(answer)


@on_sqlite
def test_forms_for_a_few_leave_the_slips_of_the_others_the_next_step(app: Flask, house: House) -> None:
    hall = make_meeting(house, slips_too=False)
    desk, here = sit_down(app, house, "secretary"), f"/{hall.meeting}"
    with house.store.read() as db:
        first, _second = (each.id for each in stored.get(db, hall.meeting).groups)
    assert "有人要用笔填，请先在下面打印纸质评议表。" in desk.read(here) and "结束评议" not in desk.read(here)
    desk.send(f"{here}/forms", group=first, n="4")
    page = desk.read(here)
    assert "打印 8 张票签" in page and "结束评议" in page, "whoever wants no slips is not kept from the end"
    desk.send(f"{here}/slips", group="all")
    page = desk.read(here)
    assert "还有 8 张票没有收回" in page and "实到 6 人，已做票签 2 张、纸表 4 张" in page
    assert re.search(r"群众代表 8 6 2 4 0 党员 6 6 6 0 0", page), "slips, forms, links"
    assert desk.open(f"{here}/box").json["people"] == 8, "the wall waits for phones"  # type: ignore[index]
    assert "做出 4 张，封箱以后录入" in desk.read(f"{here}/close")
    desk.send(f"{here}/close", how="now")
    assert "做出票签 2 张、纸表 4 张" in desk.read(here)
    assert desk.open(f"{here}/box").json["people"] == 12  # type: ignore[index]
    assert "共 12 张，含纸质表 4 张" in desk.read(f"{here}/screen"), "why there are more than before"


def test_a_form_goes_through_both_keyings_into_the_box(app: Flask, house: House) -> None:
    pile = make_pile(house)
    here, code = f"/{pile.hall.meeting}/paper", pile.forms[0]
    first, second = sit_down(app, house, "secretary"), sit_down(app, house, "admin")
    page = first.send(f"{here}/form", code=pretty(code))
    asked = lines(keyings.find(house, pile.hall.meeting, code, by=pile.hall.secretary, now=NOW).paper)
    assert page.status_code == HTTPStatus.OK and page.text.count('name="k') == len(asked)
    assert code not in page.request.path and "第一遍录好了" in words(page)
    assert "第一遍存好了" in said(first, f"{here}/key", **fields(pile, code))
    assert "第一遍也是您录的" in words(first.send(f"{here}/form", code=code))
    assert "第一遍是别人录的" in words(second.send(f"{here}/form", code=code))
    assert "投进票箱" in said(second, f"{here}/key", **fields(pile, code))
    assert pile.keyed() == kept.Keyed(done=1)
    for path in ("form", "key"):
        again = second.send(f"{here}/{path}", code=code, **{"k0.0": "1"})
        assert again.status_code == HTTPStatus.CONFLICT and "这张表已经在票箱里" in words(again)


def test_a_first_keying_sent_twice_is_no_second_keying(app: Flask, house: House) -> None:
    """Guards: `once()` in the form: a double click or a reload must not agree with itself and cast."""
    pile = make_pile(house)
    desk, here, code = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}/paper", pile.forms[0]
    page = desk.send(f"{here}/form", code=code)
    once = re.search(r'name="once" value="(\w+)"', page.text)
    assert once is not None
    sent = fields(pile, code) | {"once": once.group(1)}
    answers = [desk.send(f"{here}/key", **sent) for _ in range(3)]
    assert len({(answer.status_code, answer.location) for answer in answers}) == 1
    assert pile.keyed() == kept.Keyed(once=1)


def test_what_cannot_be_read_stands_marked_and_nothing_typed_is_lost(app: Flask, house: House) -> None:
    pile = make_pile(house)
    desk, here, code = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}/paper", pile.forms[0]
    wrong = desk.send(f"{here}/key", **fields(pile, code, f0_0="7", f0_1="", f0_2="x"))
    assert wrong.status_code == HTTPStatus.CONFLICT and wrong.text.count('aria-invalid="true"') == 2
    assert 'name="k0.0" value="7"' in wrong.text and 'name="k0.2" value="x"' in wrong.text
    assert "表上没有这一格，只有 1 到 4。" in words(wrong) and pile.keyed() == kept.Keyed()


def test_differences_stand_side_by_side_and_are_settled_one_by_one(app: Flask, house: House) -> None:
    pile = make_pile(house)
    desk, here, code = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}/paper", pile.forms[0]
    said(desk, f"{here}/key", **fields(pile, code, f0_0="2", f1_0="x"))
    page = desk.send(f"{here}/key", **fields(pile, code, f0_0="3", f1_0="0"))
    assert "两遍有 2 处不一样" in words(page) and pile.keyed().once == 1
    assert re.findall(r"<dd>(.+?)</dd>", page.text) == ["基本满意", "不满意", "多选或看不清", "未选"]
    shown = set(re.findall(r'name="(s[0-9.]+)"', page.text))
    assert shown == {"s0.0", "s1.0"}
    sent = fields(pile, code, f0_0="3", f1_0="0") | {"settle": "1", "s0.0": "9", "s1.0": "0"}
    wrong = desk.send(f"{here}/key", **sent)
    assert wrong.status_code == HTTPStatus.CONFLICT and 'name="s0.0" value="9"' in wrong.text
    assert "两遍有 2 处不一样" in words(wrong) and wrong.text.count('aria-invalid="true"') == 1
    assert "两遍都是您录的" in said(desk, f"{here}/key", **{**sent, "s0.0": "3"})
    assert pile.keyed() == kept.Keyed(done=1, alone=1, settled=1)
    # Another pair of eyes, and what was not alike is not said to be.
    said(sit_down(app, house, "admin"), f"{here}/key", **fields(pile, pile.forms[1]))
    again = fields(pile, pile.forms[1], f0_0="2") | {"settle": "1", "s0.0": "2"}
    assert "核定好了，这张表的票已经投进票箱。" in said(desk, f"{here}/key", **again)


@on_sqlite
def test_a_first_keying_is_thrown_away_and_a_spoiled_form_counted_and_taken_back(app: Flask, house: House) -> None:
    pile = make_pile(house)
    desk, here, code = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}/paper", pile.forms[0]
    assert "没有第一遍可以丢掉" in said(desk, f"{here}/drop", code=code)
    said(desk, f"{here}/key", **fields(pile, code))
    assert "第一遍已经丢掉" in said(desk, f"{here}/drop", code=code)
    assert "还没有选原因" in said(desk, f"{here}/spoil", code=code)
    assert "已记为无效" in said(desk, f"{here}/spoil", code=code, reason="torn")
    group = str(pile.groups[0])
    assert "还没有选类别" in said(desk, f"{here}/spoil", reason="foreign")
    said(desk, f"{here}/spoil", reason="foreign", group=group)
    assert "没有编码的无效表" in desk.read(f"{here}/spoil")
    assert "已减去一张" in said(desk, f"{here}/unspoil", reason="foreign", group=group)
    for reason in ("foreign", "torn", "nothing"):
        assert "没有记过这样的表" in said(desk, f"{here}/unspoil", reason=reason, group=group)
    assert pile.keyed() == kept.Keyed(spoiled=1)


@on_sqlite
def test_the_page_of_the_meeting_leads_to_the_keying_and_past_it(app: Flask, house: House) -> None:
    """Guards: Next.KEY in desk.steps: what surely went out and was not keyed comes first, and need not come back."""
    pile = make_pile(house, forms=2)
    desk, here = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}"
    assert "纸质评议表也数在内" in desk.read(here)
    left = {f"left_{pile.groups[0]}": "0", f"left_{pile.groups[1]}": "0"}
    desk.send(f"{here}/leftovers", **left)
    assert "一张也没有交回，去计票" in desk.read(here)
    said(desk, f"{here}/paper/key", **fields(pile, pile.forms[0]))
    page = desk.read(here)
    assert "只录一遍 1 张" in page and "去计票" not in page
    refused = said(desk, f"{here}/count", scrutineer=pile.hall.scrutineer)
    assert "只录了一遍，所以没有计票" in refused
    for code in (pile.forms[0], pile.forms[1], pile.forms[1]):
        said(desk, f"{here}/paper/key", **fields(pile, code))
    assert "可以计票了" in desk.read(here)
    desk.send(f"{here}/count", scrutineer=pile.hall.scrutineer)
    assert "结果出来了" in desk.read(here)


@on_sqlite
def test_every_kind_of_question_can_be_keyed(app: Flask, house: House) -> None:
    pile = make_pile(house, questionnaire="recommend_members")
    paper = keyings.find(house, pile.hall.meeting, pile.forms[0], by=pile.hall.secretary, now=NOW).paper
    assert Kind.CHOICE in {asked.question.kind for asked in lines(paper)} or lines(paper)
    desk, here = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}/paper"
    page = desk.send(f"{here}/form", code=pile.forms[0])
    assert page.text.count('name="k') == len(lines(paper))


@on_sqlite
def test_nothing_is_keyed_before_the_box_is_closed_nor_by_others(app: Flask, house: House) -> None:
    pile = make_pile(house)
    meetings.reopen(house, pile.hall.meeting, pile.hall.scrutineer, by=pile.hall.secretary, now=NOW)
    desk, here = sit_down(app, house, "secretary"), f"/{pile.hall.meeting}/paper"
    for path in ("", "/spoil"):
        assert desk.open(f"{here}{path}").status_code == HTTPStatus.CONFLICT
    for path in ("form", "key", "drop", "spoil", "unspoil"):
        assert desk.send(f"{here}/{path}", code=pile.forms[0], **{"k0.0": "1"}).status_code == HTTPStatus.CONFLICT
    stranger = sit_down(app, house, "other")
    assert stranger.open(here).status_code == HTTPStatus.NOT_FOUND
