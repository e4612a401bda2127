"""The tree to look at, and a member list from the upload to the rows."""

import json
import re
from io import BytesIO

import openpyxl
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient

from survey.actions import proposals
from survey.actions.house import House
from survey.actions.trees import Ask
from survey.actions.units import found
from survey.domain.rosters import Refusal
from survey.domain.staff import StaffRole
from survey.domain.units import Unit, UnitKind
from survey.store import members, units
from survey.web.desk.reasons import _REASONS, reason
from tests.conftest import NOW, TODAY, hire, make_people, on_sqlite, person
from tests.web.desk.test_staff import log_in, token

HEADER = ("编号", "姓名", "所在党支部", "职务", "类别")


def sheet(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    data = BytesIO()
    with xlsxwriter.Workbook(data) as book:
        page = book.add_worksheet()
        for number, row in enumerate((header, *rows)):
            page.write_row(number, 0, row)
    return data.getvalue()


def preview(client: FlaskClient, data: bytes, name: str = "名单.xlsx") -> tuple[int, str]:
    form = {"csrf_token": token(client.get("/desk/units/import").get_data(as_text=True)), "file": (BytesIO(data), name)}
    answer = client.post("/desk/units/import", data=form)
    return answer.status_code, answer.get_data(as_text=True)


def confirm(client: FlaskClient, page: str) -> str:
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    fields = {"csrf_token": token(page), "key": key[1]}
    return client.post("/desk/units/import/confirm", data=fields).get_data(as_text=True)


def names(house: House) -> set[tuple[str, str]]:
    with house.store.read() as db:
        tree = {unit.id: unit.name for unit in units.all_units(db)}
        return {(tree[m.unit], m.name) for m in members.of_units(db, tree)}


def test_nothing_is_written_before_the_confirmation(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    before = names(house)
    data = sheet(
        ("", "张三", "机修车间党支部", "组织委员", ""),
        ("", "新一", "新成立党支部", "", "离退休党员"),
        ("", "重名", "机修车间党支部", "", ""),
        ("", "重名", "机修车间党支部", "", ""),
        ("", "怪人", "机修车间党支部", "", "外星人"),
        header=(*HEADER, "性别", "备注"),
    )
    status, page = preview(client, data)
    assert status == 200
    assert "用到的列：编号、姓名、所在党支部、职务、类别。 未使用的列：性别、备注。" in page
    assert "将增加 1 人，改动 1 人" in page and "新建 1 个单位" in page and "不能用的 3 行" in page
    assert "第 4–5 行" in page and "在同一单位的第 5 行也有" in page
    assert "没有“外星人”这种类别" in page
    assert names(house) == before
    done = confirm(client, page)
    assert "增加 1 人，改动 1 人" in done
    assert names(house) == before | {("新成立党支部", "新一")}


def test_the_same_list_again_changes_nothing(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    data = sheet(("007", "新一", "机修车间党支部", "", ""))
    confirm(client, preview(client, data)[1])
    before = names(house)
    status, page = preview(client, data)
    assert status == 200 and "没有要写入的" in page and "有 4 人不在名单上" in page
    assert names(house) == before


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    good = sheet(("", "新一", "机修车间党支部", "", ""))
    for data, name in (
        (b"", "空.xlsx"),
        (good[: len(good) // 2], "半.xlsx"),
        (b"%PDF-1.7", "名单.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "坏.xls"),
        ("甲,乙\n1,2\n".encode(), "没有姓名.csv"),
    ):
        status, page = preview(client, data, name)
        assert status == 400, name
        assert "这份文件不能导入" in page and "Traceback" not in page
    nothing = client.post(
        "/desk/units/import", data={"csrf_token": token(client.get("/desk/units/import").get_data(as_text=True))}
    )
    assert nothing.status_code == 400 and "还没有选文件" in nothing.get_data(as_text=True)


def test_a_key_that_was_changed_writes_nothing_and_one_that_was_used_nothing_more(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    _, page = preview(client, sheet(("", "新一", "机修车间党支部", "", "")))
    before = names(house)
    for key in ("", "x" * 40, "\0", "机"):
        answer = client.post("/desk/units/import/confirm", data={"csrf_token": token(page), "key": key})
        assert answer.status_code == 400 and "什么也没有写入" in answer.get_data(as_text=True)
    assert names(house) == before
    assert "增加 1 人" in confirm(client, page)
    after = names(house)
    again = confirm(client, page)
    assert "名单已经写入" in again and "撤回这一步" in again and names(house) == after, "a second click sees what the first did"


def test_an_oversized_file_is_a_sentence(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    whole = b"x" * (37 * 1024 * 1024)
    answer = client.post("/desk/units/import", data=whole, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413 and "内容太大" in answer.get_data(as_text=True)


def test_the_template_comes_back_as_it_went(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    status, page = preview(client, client.get("/desk/units/import/template.xlsx").data)
    assert status == 200 and "将增加" in page


def test_the_outline_is_searched_and_ends_at_the_subtree(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    outline = client.get("/desk/units").get_data(as_text=True)
    assert "机修车间党支部" in outline and "4 名党员" in outline
    assert "李四" in client.get("/desk/units?q=李四").get_data(as_text=True)
    assert "没有找到" in client.get("/desk/units?q=没有的人").get_data(as_text=True)
    assert "支部书记" in client.get(f"/desk/units/{hall.branch}").get_data(as_text=True)
    assert client.get("/desk/units/999").status_code == 404


def test_the_first_refused_rows_are_on_the_page_and_all_of_them_in_a_file(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    kinds = ("外星人", "火星人")
    rows = [("", f"新{number}", "机修车间党支部", "", kinds[number % 2] if number < 100 else f"怪{number}") for number in range(300)]
    status, page = preview(client, sheet(("", "好人", "机修车间党支部", "", ""), *rows))
    assert status == 200 and "不能用的 300 行" in page
    # What is refused for one reason is told once: twice fifty rows, and the first of two hundred reasons.
    assert "第 3、5、7、9、11、13、15、17、19、21、23、25 行等，共 50 行" in page and page.count("外星人") == 1
    assert page.count("火星人") == 1 and "另有 152 行没有列出，都在下面的表格文件里" in page
    assert len(page) < 30_000
    key = re.search(r'/desk/units/import/([0-9a-f]{32})/refused.xlsx"', page)
    assert key
    data = client.get(f"/desk/units/import/{key[1]}/refused.xlsx").data
    found = list(openpyxl.load_workbook(BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert found[0] == ("行", "原因") and [row[0] for row in found[1:]] == list(range(3, 303))
    assert client.get(f"/desk/units/import/{'0' * 32}/refused.xlsx").status_code == 404
    other = app.test_client()
    log_in(other, "admin")
    assert other.get(f"/desk/units/import/{key[1]}/refused.xlsx").status_code == 404
    assert "什么也没有写入" in confirm(other, page.replace(token(page), token(other.get("/desk/units/import").text)))


def test_a_list_of_several_sheets_says_what_was_read_and_what_was_not(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    book = openpyxl.Workbook()
    book.worksheets[0].title = "封面"
    for title, rows in (("一支部", [("姓名",), ("新一",), ("合计：1人",)]), ("二支部", [("姓名",), ("新一",), ("1",)])):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    data = BytesIO()
    book.save(data)
    status, text = preview(client, data.getvalue())
    assert status == 200 and "将增加 2 人" in text and "新建 2 个单位" in text
    for said in ("空的，没有读。", "读了 1 行。", "“一支部”第 3 行", "合计：1人", "“二支部”第 3 行", "姓名一格是“1”"):
        assert said in text, said
    assert "增加 2 人" in confirm(client, text)
    assert {("一支部", "新一"), ("二支部", "新一")} <= names(house)
    assert "没有要写入的" in preview(client, data.getvalue())[1]


def test_every_reason_is_a_whole_sentence_that_says_what_to_do(app: Flask) -> None:
    with app.test_request_context():
        for key in _REASONS:
            said = reason(Refusal(2, key, "字", 3, "一支部", "二支部"))
            assert said.endswith("。") and ("请" in said or "可以" in said), said


def test_a_long_work_streams_lines_and_the_last_one_is_the_page(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    data = sheet(*(("", f"新人{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n}", f"第{n // 50}党支部", "", "") for n in range(4500)))
    form = {"csrf_token": token(client.get("/desk/units/import").text), "file": (BytesIO(data), "名单.xlsx"), "progress": "1"}
    lines = streamed(client, "/desk/units/import", form)
    assert [set(line) for line in lines] == [{"said", "share"}] * (len(lines) - 1) + [{"page"}] and len(lines) >= 2
    page = str(lines[-1]["page"])
    assert "将增加 4500 人" in page and all(str(line["said"]).endswith("。") for line in lines[:-1])
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    done = streamed(client, "/desk/units/import/confirm", {"csrf_token": token(page), "key": key[1], "progress": "1"})
    assert "增加 4500 人" in str(done[-1]["page"]) and len(names(house)) == 4508
    # What cannot be read is told on a page as well, and an error of the form before it begins.
    broken = streamed(client, "/desk/units/import", {"csrf_token": token(page), "file": (BytesIO(data[:900]), "半.xlsx"), "progress": "1"})
    assert "这份文件不能导入" in str(broken[-1]["page"])
    missing = client.post("/desk/units/import", data={"csrf_token": token(page), "progress": "1"})
    assert missing.status_code == 400 and missing.mimetype == "text/html"


def streamed(client: FlaskClient, path: str, form: dict[str, object]) -> list[dict[str, object]]:
    """The lines of a stream."""
    answer = client.post(path, data=form)
    assert answer.status_code == 200 and answer.mimetype == "text/plain" and answer.headers["X-Accel-Buffering"] == "no"
    return [json.loads(text) for text in answer.text.splitlines()]


def test_who_goes_away_in_the_middle_has_written_nothing(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    _, page = preview(client, sheet(*(("", f"新人{n}", "新党支部", "", "") for n in range(50))))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    before = names(house)
    secretary = person(house, "secretary")
    for stop in range(1, 50):
        steps = proposals.confirm_steps(house, key[1], Ask(secretary, NOW, TODAY))
        taken = sum(1 for _ in zip(range(stop), steps, strict=False))
        steps.close()
        if taken < stop:
            break
        assert names(house) == before, stop
    assert len(names(house)) == len(before) + 50, "and who stays to the end has written all of it"


def test_a_whole_list_lets_the_others_leave_is_reported_and_taken_back(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    before = names(house)
    rows = (("", "张三", "机修车间党支部", "组长", ""), ("", "新人", "机修车间党支部", "", ""), ("", "怪人", "机修车间党支部", "", "正式党员"))
    _, page = preview(client, sheet(*rows))
    assert "有 3 人不在名单上" in page and "李四" in page and "“正式党员”说的是转正没有" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    book = openpyxl.load_workbook(BytesIO(client.get(f"/desk/units/import/{key[1]}/report.xlsx").data))
    told = {each.title: [row[:6] for row in each.iter_rows(values_only=True)][1:] for each in book}
    assert [row[1] for row in told["增加"]] == ["新人"] and [row[0] for row in told["不在名单上"]] == ["李四", "王五", "赵六"]
    assert told["改动"] == [(2, "张三", "职务", "支部书记", "组长")] and told["不能用的行"][0][1] == 4
    fields = {"csrf_token": token(page), "key": key[1], "whole": "1"}
    done = client.post("/desk/units/import/confirm", data=fields).text
    assert "增加 1 人，改动 1 人" in done and "3 人记为离开" in done
    assert {name for unit, name in names(house) if unit == "机修车间党支部"} == {"张三", "新人"}
    back = re.search(r'action="(/desk/members/done/\w+)"', done)
    assert back
    client.post(back[1], data={"csrf_token": token(page)})
    assert names(house) == before
    with house.store.read() as db:
        assert [member.position for member in members.of_units(db, [hall.branch]) if member.name == "张三"] == ["支部书记"]


def test_what_is_exported_is_imported_and_changes_nothing(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    for name in ("members.xlsx", "members.csv"):
        answer = client.get(f"/desk/units/export.{name.partition('.')[2]}")
        assert answer.status_code == 200 and f'filename="{name}"' in answer.headers["Content-Disposition"]
        _, page = preview(client, answer.data, name)
        assert "没有要写入的" in page and "这份名单和已有的完全一样。" in page, name
        assert "下载差异表" not in page, "there is no difference"
    assert "导出名单" in client.get("/desk/units/import").text


@on_sqlite
def test_where_nobody_is_listed_there_is_nothing_to_export(app: Flask, house: House) -> None:
    root = found(house, Unit(0, None, UnitKind.COMMITTEE, "空的党委"), now=NOW)
    hire(house, "first", "小周", role=StaffRole.SECRETARY, unit=root)
    client = app.test_client()
    log_in(client, "first")
    for page in ("/desk/units/import", "/desk/units"):
        text = client.get(page).text
        assert "导入名单" in text and "导出名单" not in text, page


def test_a_unit_is_found_by_typing_when_there_are_many(app: Flask, house: House) -> None:
    make_people(house)
    client = app.test_client()
    log_in(client, "secretary")
    rows = [("", "", f"第{n}党支部", "", "") for n in range(120)]
    confirm(client, preview(client, sheet(*rows, ("", "新人", "第7党支部", "", "")))[1])
    page = client.get("/desk/meetings/new").text
    assert page.partition('<select id="unit"')[2].partition("</select>")[0].count("<option value=") == 101 and 'name="find_unit"' in page and "共 123 个" in page
    found = client.post("/desk/meetings/new", data={"csrf_token": token(page), "find_unit": "第119", "find": "1", "place": "礼堂"}).text
    assert "第119党支部" in found and "第118党支部" not in found and 'value="礼堂"' in found
    said = client.get("/desk/units/choices?q=第7党支部&rated=1").json
    assert said is not None and [(each["name"], each["members"]) for each in said["choices"]] == [("第7党支部", 1)]
