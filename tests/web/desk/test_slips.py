"""Slips at the desk: the sheet of slips, printing anew, voiding, links, the poster, the scrutineer's slip."""

import re
from urllib.parse import unquote

import pypdfium2
import zxingcpp
from flask import Flask

from survey.actions import ballots
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.slips import SlipState, pretty
from survey.store import meetings as kept
from tests.conftest import Hall, make_meeting
from tests.web.desk.desks_for_tests import Desk, codes_in, sit_down, text_in, words


def opened(app: Flask, house: House, **options: object) -> tuple[Hall, Desk, list[int]]:
    """An open meeting without slips, the secretary at the desk, the ids of its groups."""
    hall = make_meeting(house, slips_too=False, **options)  # type: ignore[arg-type]
    with house.store.read() as db:
        ids = [group.id for group in kept.get(db, hall.meeting).groups]
    return hall, sit_down(app, house, "secretary"), ids


def test_the_sheet_of_one_group_carries_codes_that_vote(app: Flask, house: House) -> None:
    hall, desk, (workers, members) = opened(app, house)
    sheet = desk.send(f"/{hall.meeting}/slips", group=workers, n="6")
    assert sheet.status_code == 200 and sheet.mimetype == "application/pdf"
    assert sheet.headers["Cache-Control"] == "no-store"
    name = re.search(r"filename\*=UTF-8''(.+)$", sheet.headers["Content-Disposition"])
    assert name and unquote(name.group(1)) == "票签 机修车间党支部第三季度评议会 群众代表.pdf"
    codes = codes_in(sheet.data)
    assert len(set(codes)) == 6
    assert ballots.look(house, codes[0]).group_name == "群众代表"
    assert "群众代表" in text_in(sheet.data) and pretty(codes[0]) in text_in(sheet.data)
    assert hall.vote(codes[0])
    page = desk.open(f"/{hall.meeting}").text
    assert f'name="group" value="{members}"' in page and 'name="n" value="6"' in page


def test_the_codes_are_in_the_document_and_nowhere_else(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house)
    codes = codes_in(desk.send(f"/{hall.meeting}/slips", group=workers, n="6").data)
    for path in ("", "/void-slips", f"/groups/{workers}/reprint", "/screen", "/box", "/screen/code"):
        page = desk.open(f"/{hall.meeting}{path}").text
        assert not [code for code in codes if code in page or pretty(code) in page], path


def test_a_second_click_on_print_makes_no_second_slips(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house)
    assert len(codes_in(desk.send(f"/{hall.meeting}/slips", group="all").data)) == 12
    again = desk.send(f"/{hall.meeting}/slips", group="all")
    one = desk.send(f"/{hall.meeting}/slips", group=workers, n="1")
    for answer in (again, one):
        assert answer.status_code == 409
        assert "“群众代表”最多还能发 0 张" in words(answer)
        assert f'/desk/meetings/{hall.meeting}' in answer.text
    with house.store.read() as db:
        assert kept.get(db, hall.meeting).codes == 12


def test_numbers_that_cannot_be_are_refused_in_a_sentence(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house)
    for n, status in (("", 400), ("viele", 400), ("-3", 400), ("1001", 400), ("0", 400), ("7", 409)):
        answer = desk.send(f"/{hall.meeting}/slips", group=workers, n=n)
        assert answer.status_code == status, n
        assert f'name="n" value="{n}"' in answer.text and 'id="print-wrong"' in answer.text, n
    assert desk.send(f"/{hall.meeting}/slips", group="999", n="1").status_code == 404


def test_who_comes_late_gets_a_slip_after_the_numbers_are_raised(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house)
    desk.send(f"/{hall.meeting}/slips", group="all")
    fields = {"group": ["群众代表", "党员"], "due": ["8", "6"], "present": ["7", "6"]}
    assert desk.send(f"/{hall.meeting}/groups", **fields).status_code == 303
    page = desk.read(f"/{hall.meeting}")
    assert "还可以做 1 张" in page
    assert "填写人数：群众代表 应到 8 人、实到 7 人，党员 应到 6 人、实到 6 人" in page, "in the order of the meeting"
    assert len(codes_in(desk.send(f"/{hall.meeting}/slips", group=workers, n="1").data)) == 1


def test_printing_anew_voids_the_old_slips_while_the_box_is_empty(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house)
    old = codes_in(desk.send(f"/{hall.meeting}/slips", group=workers, n="6").data)
    assert "作废“群众代表”的 6 张票签" in desk.read(f"/{hall.meeting}/groups/{workers}/reprint")
    new = codes_in(desk.send(f"/{hall.meeting}/groups/{workers}/reprint").data)
    assert len(new) == 6 and not set(old) & set(new)
    assert ballots.look(house, old[0]).state is SlipState.VOID
    hall.vote(new[0])
    assert "作废重印" not in desk.read(f"/{hall.meeting}")
    for answer in (desk.open(f"/{hall.meeting}/groups/{workers}/reprint"), desk.send(f"/{hall.meeting}/groups/{workers}/reprint")):
        assert answer.status_code == 409 and "单张票签可以输入票签码作废" in words(answer)
    assert ballots.look(house, new[1]).state is SlipState.FRESH


def test_single_slips_are_voided_by_their_codes_all_or_none(app: Flask, house: House) -> None:
    hall = make_meeting(house)
    desk = sit_down(app, house, "secretary")
    first, second, third, *_rest = next(iter(hall.codes.values()))
    hall.vote(first)
    path = f"/{hall.meeting}/void-slips"
    for typed, status, said in (
        ("", 400, "还没有输入票签码"),
        (f"{second}\nABC", 404, "“ABC”不是这场评议会的票签"),
        (f"{second}\n{pretty(first)}", 409, "的票已经在票箱里"),
    ):
        answer = desk.send(path, codes=typed)
        assert answer.status_code == status and said in words(answer) and "一张也没有作废" in words(answer)
        assert typed in answer.text
    assert ballots.look(house, second).state is SlipState.FRESH
    done = desk.send(path, codes=f"{pretty(second).lower()}，{third}\n{third}")
    assert done.status_code == 303 and "已作废 2 张" in words(desk.client.get(done.location))
    assert ballots.look(house, second).state is ballots.look(house, third).state is SlipState.VOID
    assert "还可以做 2 张" in desk.read(f"/{hall.meeting}")


def test_a_link_is_shown_once_and_the_journal_does_not_list_it(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house)
    before = desk.read(f"/{hall.meeting}").count("李秘书")
    page = desk.send(f"/{hall.meeting}/links", group=workers)
    found = re.search(r'value="http://127\.0\.0\.1:8000/b/(\w{12})"', page.text)
    assert page.status_code == 200 and found
    assert "谁发出链接，谁就知道发给了谁" in words(page) and "还可做 1 个" in words(page)
    hall.vote(found.group(1))
    assert desk.read(f"/{hall.meeting}").count("李秘书") == before
    assert found.group(1) not in desk.open(f"/{hall.meeting}").text
    assert "再做一个" not in words(desk.send(f"/{hall.meeting}/links", group=workers))
    full = desk.send(f"/{hall.meeting}/links", group=workers)
    assert full.status_code == 409 and "票签不能比人多" in words(full)
    desk.send(f"/{hall.meeting}/close")
    assert "结束评议，共做出链接 2 个" in desk.read(f"/{hall.meeting}")


def test_the_poster_leads_to_the_code_page(app: Flask, house: House) -> None:
    hall, desk, _groups = opened(app, house)
    poster = desk.open(f"/{hall.meeting}/poster")
    assert poster.headers["Cache-Control"] == "no-store"
    assert "UTF-8''%E6%B5%B7%E6%8A%A5" in poster.headers["Content-Disposition"]
    pdf = pypdfium2.PdfDocument(poster.data)
    page = pdf[0]
    assert [each.text for each in zxingcpp.read_barcodes(page.render(scale=2).to_pil())] == ["http://127.0.0.1:8000/"]
    page.close()
    pdf.close()


def test_there_is_no_poster_where_the_code_turns_over(app: Flask, house: House) -> None:
    hall, desk, _groups = opened(app, house, entry=Entry.SCREEN)
    assert desk.open(f"/{hall.meeting}/poster").status_code == 404
    assert "海报" not in desk.read(f"/{hall.meeting}")


def test_the_scrutineers_slip_is_printed_from_the_answer_to_the_opening(app: Flask, house: House) -> None:
    hall = make_meeting(house, open_box=False)
    desk = sit_down(app, house, "secretary")
    answer = desk.send(f"/{hall.meeting}/open")
    code = re.search(r'name="scrutineer" value="(\w{12})"', answer.text)
    assert code and "监票签只在这一页给一次" in words(answer)
    assert f'action="/desk/meetings/{hall.meeting}/scrutineer"' in answer.text
    slip = desk.send(f"/{hall.meeting}/scrutineer", scrutineer=code.group(1))
    assert slip.mimetype == "application/pdf" and slip.headers["Cache-Control"] == "no-store"
    assert pretty(code.group(1)) in text_in(slip.data)
    assert code.group(1) not in desk.open(f"/{hall.meeting}").text
    wrong = desk.send(f"/{hall.meeting}/scrutineer", scrutineer="000000000000")
    assert wrong.status_code == 403 and "监票码不对" in words(wrong)


def test_in_open_mode_a_paper_slip_can_be_had_but_how_many_took_theirs_is_not_told(app: Flask, house: House) -> None:
    hall, desk, (workers, _members) = opened(app, house, entry=Entry.SCREEN)
    assert len(codes_in(desk.send(f"/{hall.meeting}/slips", group=workers, n="1").data)) == 1
    full = desk.send(f"/{hall.meeting}/slips", group=workers, n="6")
    assert full.status_code == 409 and "已经领完，或者不够这么多张" in words(full)
    said = re.search(r'id="print-wrong"[^>]*>([^<]+)', full.text)
    assert said and not re.search(r"\d", said.group(1))
    assert desk.open(f"/{hall.meeting}/groups/{workers}/reprint").status_code == 404
    assert desk.send(f"/{hall.meeting}/groups/{workers}/reprint").status_code == 404
