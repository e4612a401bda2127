"""Files to take away: the same figures as the pages, safe in a spreadsheet, named in Chinese."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import unquote

import openpyxl
from flask.testing import FlaskClient

from survey.actions.house import House
from tests.web.board.meetings_for_tests import Counted, counted

Browse = Callable[[str], FlaskClient]


def long_table(client: FlaskClient, meeting: Counted) -> dict[tuple[str, str, str, str], dict[str, str]]:
    """Rows of the .csv by unit, member, group and item."""
    rows = csv.DictReader(io.StringIO(client.get(f"{meeting.base}/results.csv").data.decode("utf-8-sig")))
    return {(r["unit"], r["member"], r["group"], r["item"]): r for r in rows}


def test_the_table_holds_the_figures_one_reckons_by_hand(house: House, browse: Browse) -> None:
    meeting = counted(house)
    table = long_table(browse("leader"), meeting)
    unit = "机修车间党支部"
    # 8 of 11 满意 = 0.727273, wide 9 of 11 = 0.818182; all five 52 of 55 = 0.945455, wide 53 of 55 = 0.963636.
    one, every = table[unit, "", "", "领导班子好"], table[unit, "", "", "*"]
    assert (one["narrow"], one["wide"], one["narrow_percent"], one["wide_percent"]) == ("0.727273", "0.818182", "72.73", "81.82")
    assert (every["narrow"], every["wide"], every["valid"], every["ballots"]) == ("0.945455", "0.963636", "55", "11")
    assert [one[f"n_{label}"] for label in ("满意", "基本满意", "不满意", "不了解")] == ["8", "1", "1", "1"]
    # Points 100, 80, 0 over the ten who know: (8 × 100 + 80) / 10 = 88.00 分.
    assert one["score"] == "88.00"
    assert table[unit, "", "党员", "*"]["narrow_percent"] == "100.00"
    # Targets 1 + 4 members, 5 questions and their sum each, for everybody and two groups.
    assert len(table) == 5 * 6 * 3


def test_page_table_and_workbook_say_the_same(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    table = long_table(client, meeting)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{meeting.base}/results.xlsx").data))
    head, *lines = book["结果"].iter_rows(values_only=True)
    seen = 0
    for line in lines:
        cells = dict(zip(head, line, strict=True))
        item = "*" if cells["题目"] == "合计" else cells["题目"]
        row = table[cells["单位"], cells["党员"] or "", cells["类别"] or "", item]
        assert f"{cells['满意率 %']:.2f}" == row["narrow_percent"] and f"{cells['以上率 %']:.2f}" == row["wide_percent"]
        assert (str(cells["有效"]), str(cells["收回"]), str(cells["满意"])) == (row["valid"], row["ballots"], row["n_满意"])
        seen += 1
    assert seen == len(table)
    for key in (meeting.branch, *meeting.members):
        page = client.get(f"{meeting.base}/targets/{key}").text
        label = re.search(r"<h1>(.*?)</h1>", page)
        assert label
        wanted = [r for r in table.values() if r["group"] == "" and (r["member"] or r["unit"]) == label[1]]
        assert len(wanted) == 6
        for row in wanted:
            name = "5 题合计" if row["item"] == "*" else row["item"]
            found = re.search(rf'<th scope="row">{name}</th>.*?<b>([\d.]+)</b></td>.*?>([\d.]+)</td><td[^>]*>(\d+)</td></tr>', page, re.S)
            assert found and found.groups() == (row["narrow_percent"], row["wide_percent"], row["valid"])
            assert round(Decimal(row["narrow"]) * 100, 2) == Decimal(row["narrow_percent"])


def test_the_workbook_holds_the_accounting_and_the_digest_of_the_seal(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{meeting.base}/results.xlsx").data))
    said = dict(book["会议"].iter_rows(min_row=2, values_only=True))
    assert (said["应到"], said["实到"], said["发出"], said["收回"], said["有效"], said["弃权"]) == (14, 12, 11, 11, 11, 0)
    # 11 of 11, and 11 of 14 = 78.571… → 78.57.
    assert (said["回收率 %"], said["参评率 %"]) == (100.0, 78.57)
    assert said["封存记录的 SHA-256"] in client.get(meeting.base).text


def test_the_workbook_has_charts_of_its_own_with_the_same_figures(house: House, browse: Browse) -> None:
    meeting = counted(house)
    data = browse("leader").get(f"{meeting.base}/results.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["会议", "机修车间党支部", "党员", "结果"]
    # 72.73 and 81.82 of 11 as on the page; all five 52 of 55; the first of the roster 44 of 55 = 80.
    branch = {row[0]: row[1:] for row in book["机修车间党支部"].iter_rows(min_row=4, values_only=True)}
    assert branch["领导班子好"][:8] == (8, 1, 1, 1, 11, 0, 72.73, 81.82)
    assert branch["合计"][:8] == (52, 1, 1, 1, 55, 0, 94.55, 96.36)
    first = next(book["党员"].iter_rows(min_row=4, values_only=True))
    assert first[1:9] == (44, 6, 5, 0, 55, 0, 80.0, 90.91)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 2


def test_files_have_chinese_names_and_a_plain_one_for_old_readers(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    for end, kind in (("results.csv", "csv"), ("results.xlsx", "xlsx"), ("seal.json", "seal.json")):
        named = client.get(f"{meeting.base}/{end}").headers["Content-Disposition"]
        assert f'filename="meeting-{meeting.hall.meeting}.{kind}"' in named and named.isascii()
        assert unquote(named.split("filename*=UTF-8''")[1]) == f"机修车间党支部 2026-09-18 评议结果.{kind}"
