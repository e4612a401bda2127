"""Ticks, numbers, days and abstaining: one figure on the page, in print, in the table and in the workbook."""

import csv
import io
import json
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient

from survey.actions import ballots
from survey.actions.house import House
from survey.domain.questionnaires import Kind, Question
from survey.domain.rounds import Scheme
from survey.web.board.others import chosen
from tests.conftest import Hall, on_sqlite
from tests.web.board.test_round_results import text_of
from tests.web.booth.halls import make_hall, whole_form

Browse = Callable[[str], FlaskClient]
# Ten workers and five members; field 0.0 is the branch, 3.x the part about the voter with 2 members on the paper.
WORKERS = (
    *({"0.0": "0", "0.3": "0", "0.4": "0", "3.0": "0", "3.1": str(years), "3.3": f"2026-0{1 + years % 3}-05"} for years in range(1, 8)),
    {"0.0": "2", "0.1": ["0", "3"], "0.2": "食堂", "0.4": "4", "3.1": "41", "4.0": ["0", "1", "2"]},
    {"0.0": "2", "0.1": ["0"], "0.4": "4", "3.1": "2", "3.2": "-7", "4.0": ["1", "2"]},
    {"0.0": "4"},
)
MEMBERS = ({"0.0": "0", "3.1": "9"}, {"0.0": "1"}, {"0.0": "0"}, {"0.0": "0"}, {"0.0": "3", "3.1": "60"})


@pytest.fixture
def hall(house: House) -> Hall:
    """The meeting, counted."""
    made = make_hall(house, n=2, form=whole_form(), groups=(("群众代表", 12, 10), ("党员", 6, 5)))
    for codes, votes in zip(made.codes.values(), (WORKERS, MEMBERS), strict=True):
        for code, each in zip(codes, votes, strict=True):
            answers = {name: value if isinstance(value, list) else [value] for name, value in each.items()}
            ballots.cast(house, code, answers)
    made.close()
    made.count()
    return made


def table(client: FlaskClient, hall: Hall) -> list[dict[str, str]]:
    text = client.get(f"/board/meetings/{hall.meeting}/results.csv").text
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@on_sqlite
def test_every_kind_reads_the_same_on_the_page_in_print_and_in_the_files(hall: Hall, browse: Browse) -> None:
    client = browse("secretary")
    base = f"/board/meetings/{hall.meeting}"
    page, printed = client.get(base).text, client.get(f"{base}/print").text
    rows = {(row["group"], row["item"]): row for row in table(client, hall)}
    # 1 to 7, 41 and 2 from the workers, 9 and 60 from the members: eleven numbers, 140 together; the sixth is 5.
    years = rows["", "关于您：您在这里工作几年"]
    assert (years["valid"], years["blank"], years["mean"], years["median"]) == ("11", "4", "12.73", "5.00")
    ticked = rows["", "哪里不满意：学习"]
    assert (ticked["valid"], ticked["blank"], ticked["marked"]) == ("2", "13", "2")
    # Seven workers and three members of fourteen say 满意; the one who abstains is in no base.
    first = rows["", "工作怎么样"]
    assert (first["valid"], first["blank"], first["n_弃权"], first["narrow_percent"]) == ("14", "0", "1", "71.43")
    for text in (page, printed):
        for said in ("平均 12.73，中位数 5.00", "71.43", "只问“工作怎么样”选“基本满意”或“不满意”的", "分母是答了这题的 11 张票"):
            assert said in text, said
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}/results.xlsx").data), read_only=True, data_only=True)
    cells = {str(row[3]): row for row in book["结果"].iter_rows(values_only=True) if row[2] is None}
    assert cells["关于您：您在这里工作几年"][-2:] == (12.73, 5)
    assert "弃权" in [cell for row in book["机修车间党支部"].iter_rows(values_only=True) for cell in row]


@on_sqlite
def test_no_number_is_shown_by_itself_or_by_group_on_any_page_or_in_any_file(hall: Hall, browse: Browse) -> None:
    client = browse("secretary")
    base = f"/board/meetings/{hall.meeting}"
    rows = table(client, hall)
    assert any(row["group"] == "群众代表" and row["item"] == "工作怎么样" for row in rows)
    free = ("您在这里工作几年", "办公室冬天几度", "最近一次办事是哪一天")
    assert not [row for row in rows if row["group"] and any(name in row["item"] for name in free)]
    seal = json.loads(client.get(f"{base}/seal.json").text)
    assert not [c for atom in seal["counts"] for c in atom["counts"] if c[1] in ("years", "degrees", "since")]
    assert sum(n for *_, n in seal["classes"]) == 11 + 7, "the one temperature is nobody's business"
    # What is read: a random token may hold any two characters.
    page = text_of(client.get(base).text)
    assert "人数不足" in page and "-7" not in page
    for row in rows:
        assert "：60" not in row["item"] and "：41" not in row["item"], row


@on_sqlite
def test_the_median_of_a_day_is_not_told(hall: Hall, browse: Browse) -> None:
    row = next(row for row in table(browse("secretary"), hall) if row["item"] == "关于您：最近一次办事是哪一天")
    assert (row["valid"], row["mean"], row["median"], row["shown"]) == ("7", "", "", "1")


def test_a_count_of_an_older_release_has_all_ballots_for_its_base() -> None:
    several = Question("q", Kind.CHOICE, "几个", candidates=("甲", "乙"), choose=2)
    assert chosen(several, {0: 3, 1: 1}, ballots=9, scheme=Scheme())[0] == 9
    assert chosen(several, {0: 3, 1: 1, -1: 4}, ballots=9, scheme=Scheme())[0] == 4
