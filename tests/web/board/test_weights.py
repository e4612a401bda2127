"""Weighted figures on pages and in files: as by hand, never for a part of an atom, and what the groups really weigh."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import openpyxl
from flask.testing import FlaskClient

from survey.actions import groups, meetings, results, slips
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.scheme_parts import Missing
from survey.domain.slips import Way
from survey.store import meetings as kept
from survey.store import rounds
from tests.conftest import NOW, TODAY, Hall, make_people, on_sqlite
from tests.web.board.test_meetings import row, text

Browse = Callable[[str], FlaskClient]
WEIGHTS = {"群众代表": 30, "党员": 70}
HAPPY, SO_SO, UNHAPPY = "0", "1", "2"


def held(house: House, votes: dict[str, list[str]], weights: dict[str, int], missing: Missing = Missing.SHARE) -> Hall:
    """A counted meeting whose groups gave one answer a ballot to everything about the first member, and 满意 elsewhere."""
    hall = make_people(house)
    wanted = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, [(name, 20, 20) for name in votes], one_officer=True)
    hall.meeting = meetings.create(house, wanted, by=hall.secretary, now=NOW)
    groups.weigh(house, hall.meeting, weights, by=hall.secretary, now=NOW)
    with house.store.write() as db:
        the_round = rounds.get(db, kept.get(db, hall.meeting).round)
        assert rounds.change_scheme(db, the_round.id, replace(the_round.scheme, missing=missing))
    meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        made = kept.get(db, hall.meeting).groups
    left = {}
    for group, marks in zip(made, votes.values(), strict=True):
        codes = slips.issue(house, hall.meeting, group.id, n=20, way=Way.SHEET, by=hall.secretary, now=NOW)
        for code, mark in zip(codes, marks, strict=False):
            hall.vote(code, **{f"f1_{question}": mark for question in range(5)})
        left[group.id] = 20 - len(marks)
    hall.close(left)
    results.count(house, hall.meeting, "", by=hall.secretary, now=NOW)
    return hall


def test_the_weighted_rate_is_the_mean_of_the_groups_and_stands_beside_the_pooled_one(house: House, browse: Browse) -> None:
    votes = {"群众代表": [HAPPY] * 12 + [UNHAPPY] * 4, "党员": [HAPPY] * 1 + [SO_SO] * 1 + [UNHAPPY] * 4}
    hall = held(house, votes, WEIGHTS)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    page = client.get(base).text
    # First member: groups 12/16 = 75 and 1/6 = 16.67; pooled 13/22 = 59.09; weighted 0.3 × 75 + 0.7 × 16.666… = 34.1666… → 34.17.
    narrow = Fraction(30, 100) * Fraction(12, 16) + Fraction(70, 100) * Fraction(1, 6)
    assert f"{float(100 * narrow):.2f}" == "34.17"
    first = next(line for line in page.split("<tr") if "targets/m" in line)
    assert "59.09" in first and "34.17" in first
    assert row(page, "加权")[1:] == ["100.00", "100.00", "–"]
    target = client.get(first.split('href="')[1].split('"')[0]).text
    # wide: 12/16 and 2/6: 0.225 + 0.2333… = 45.83.
    assert row(target, "加权")[1:] == ["34.17", "45.83", "–"]
    # Nominal 30 and 70; of the ballots 16/22 = 72.73 and 6/22 = 27.27.
    # Effect: only the first member differs, by −0.25 and −5/6: 0.3 × 0.25 / (0.3 × 0.25 + 0.7 × 5/6) = 11.39 and 88.61.
    assert row(page, "群众代表")[1:] != [] and "30.00" in text(page) and "72.73" in text(page)
    weights = page[page.index("占票数") :]
    assert row(weights, "群众代表") == ["30", "30.00", "72.73", "11.39"]
    assert row(weights, "党员") == ["70", "70.00", "27.27", "88.61"]
    assert "“群众代表”的名义权重是 30.00%，实际影响是 11.39%，相差很大" in text(page)
    assert "评定按合计，不按加权" in text(page)


def test_files_and_print_say_the_same(house: House, browse: Browse) -> None:
    votes = {"群众代表": [HAPPY] * 12 + [UNHAPPY] * 4, "党员": [HAPPY] * 1 + [SO_SO] * 1 + [UNHAPPY] * 4}
    hall = held(house, votes, WEIGHTS)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    table = list(csv.DictReader(io.StringIO(client.get(f"{base}/results.csv").data.decode("utf-8-sig"))))
    found = [each for each in table if each["group"] == "[加权]" and each["narrow_percent"] == "34.17"]
    assert len(found) == 6, "the first member: five questions and all together"
    assert {(each["narrow"], each["wide_percent"], each["valid"]) for each in found} == {("0.341667", "45.83", "")}
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}/results.xlsx").data))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows(values_only=True) for cell in line]
    assert 34.17 in cells and "权重：群众代表" in cells
    printed = text(client.get(f"{base}/print").text)
    assert "34.17" in printed and "权重：群众代表 30" in printed


def test_no_weighted_figure_while_a_group_is_shown_merged(house: House, browse: Browse) -> None:
    hall = held(house, {"群众代表": [HAPPY] * 9, "党员": [UNHAPPY] * 4}, WEIGHTS)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    page = text(client.get(base).text)
    assert "“群众代表、党员”里有不到 5 张票的类别，只能合并显示，所以不给加权的数字" in page
    assert "实际影响" not in page and "[加权]" not in client.get(f"{base}/results.csv").text


def test_the_weight_of_a_group_that_nobody_voted_in_is_shared_and_the_page_says_so(house: House, browse: Browse) -> None:
    hall = held(house, {"群众代表": [HAPPY] * 6 + [UNHAPPY] * 2, "党员": []}, WEIGHTS)
    page = browse("leader").get(f"/board/meetings/{hall.meeting}").text
    assert "“党员”没有可用的答案，它的权重由其他各类按比例分担" in text(page)
    assert row(page[page.index("占票数") :], "党员") == ["70", "–", "0.00", "–"]
    assert row(page, "党员") == ["没有收回票"]


@on_sqlite
def test_a_missing_group_withholds_what_is_weighted_where_the_scheme_says_so(house: House, browse: Browse) -> None:
    hall = held(house, {"群众代表": [HAPPY] * 6 + [UNHAPPY] * 2, "党员": []}, WEIGHTS, Missing.WITHHOLD)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    page = client.get(base).text
    assert "“党员”没有可用的答案，按计票规则不给加权的数字" in text(page) and "由其他各类按比例分担" not in text(page)
    assert row(page, "加权")[1:] == ["–", "–", "–"]
    assert "[加权]" not in client.get(f"{base}/results.csv").text and "有一类没有可用的答案，就不给加权的数字。" in text(page)


def test_without_weights_no_page_speaks_of_them(house: House, browse: Browse) -> None:
    hall = held(house, {"群众代表": [HAPPY] * 6, "党员": [HAPPY] * 6}, {})
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    for page in (base, f"{base}/print", f"{base}/results.csv"):
        assert "加权" not in client.get(page).text


def test_weights_that_do_not_sum_to_a_hundred_are_told(house: House, browse: Browse) -> None:
    hall = held(house, {"群众代表": [HAPPY] * 6, "党员": [HAPPY] * 6}, {"群众代表": 3, "党员": 1})
    assert "权重合起来是 4，不是 100，已按比例折算" in text(browse("leader").get(f"/board/meetings/{hall.meeting}").text)
