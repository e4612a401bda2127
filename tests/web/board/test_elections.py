"""An election by votes: page, print, files, pictures, protocol and seal say the same."""

import csv
import io
import json
import re
from collections.abc import Callable
from http import HTTPStatus

from flask.testing import FlaskClient
from openpyxl import load_workbook

from survey.actions.house import House
from survey.domain.elections import Election, Majority
from tests.conftest import on_sqlite
from tests.elections_for_tests import cast, form, hold
from tests.web.board.meetings_for_tests import counted
from tests.web.board.test_protocols import text_in, words_in
from tests.web.desk.desks_for_tests import words

Browse = Callable[[str], FlaskClient]
# 12 present, 10 ballots: 赵一 8, 钱二 7, 孙三 3, 李四 0. More than half of 12 is 7.
TICKS = (*(("0", "1"),) * 7, ("0", "2"), ("2",), ("2",))


@on_sqlite
def test_every_page_and_file_says_who_is_elected(house: House, browse: Browse) -> None:
    hall = hold(house, form(election=Election(2, Majority.HALF_PRESENT)))
    cast(hall, TICKS)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    rule = "应选 2 名。得票超过实到人数的一半才当选：实到人数是 12，要有 7 票。"
    for path in ("", "/print"):
        said = words(client.get(base + path))
        assert rule in said and "当选：赵一、钱二。" in said and "满意率 %" not in said
        rows = re.sub(r"\s+", " ", said)
        # 8/12 = 66.67, 7/12 = 58.33, 3/12 = 25.00.
        for row in ("赵一 1 8 66.67 当选", "钱二 2 7 58.33 当选", "孙三 3 3 25.00 未当选，票数不够", "李四 4 0 0.00"):
            assert row in rows, (path, row)
    table = list(csv.DictReader(io.StringIO(client.get(f"{base}/votes.csv").text.removeprefix("\ufeff"))))
    assert [(r["candidate"], r["votes"], r["rank"], r["outcome"]) for r in table] == [
        ("赵一", "8", "1", "elected"), ("钱二", "7", "2", "elected"), ("孙三", "3", "3", "short"), ("李四", "0", "4", "short"),
    ]  # fmt: skip
    assert {(r["base"], r["needed"]) for r in table} == {("12", "7")}
    book = load_workbook(io.BytesIO(client.get(f"{base}/results.xlsx").data))
    assert [row[:3] for row in book["得票 1"].iter_rows(min_row=2, max_row=5, values_only=True)] == [
        (1, "赵一", 8), (2, "钱二", 7), (3, "孙三", 3), (4, "李四", 0),
    ]  # fmt: skip
    for kind, read in (("pdf", text_in), ("docx", words_in)):
        flat = re.sub(r"\s+", " ", read(client.get(f"{base}/protocol.{kind}").data))
        assert "赵一 1 8 66.67 当选" in flat and "当选：赵一、钱二。" in flat and "评定" not in flat
    picture = client.get(f"{base}/polls/1.svg")
    assert picture.status_code == HTTPStatus.OK and "选支部委员" in picture.text
    assert client.get(f"{base}/polls/1.png").data.startswith(b"\x89PNG")
    assert client.get(f"{base}/polls/2.svg").status_code == HTTPStatus.NOT_FOUND
    (sealed,) = json.loads(client.get(f"{base}/seal.json").data)["elections"]
    assert (sealed["seats"], sealed["base"], sealed["needed"], sealed["open"]) == (2, 12, 7, 0)
    assert sealed["votes"] == [
        ["赵一", 8, 1, "elected"], ["钱二", 7, 2, "elected"], ["孙三", 3, 3, "short"], ["李四", 0, 4, "short"],
    ]  # fmt: skip


@on_sqlite
def test_a_tie_at_the_last_seat_is_named_and_elects_nobody(house: House, browse: Browse) -> None:
    hall = hold(house, form(election=Election(2)))
    cast(hall, (*(("0", "1"),) * 3, *(("0", "2"),) * 3, ("3",)))
    said = words(browse("leader").get(f"/board/meetings/{hall.meeting}"))
    assert "应选 2 名。得票多的当选。" in said
    assert "当选：赵一。钱二、孙三票数相同，名额不够，都不当选，要在其中再投一次。还缺 1 名。" in said
    # The next ballot is prepared at the desk: whoever sits there is led to it.
    asks = f'href="/desk/meetings/{hall.meeting}">去准备再次投票'
    assert asks not in browse("leader").get(f"/board/meetings/{hall.meeting}").text
    page = browse("secretary").get(f"/board/meetings/{hall.meeting}").text
    assert asks in page and '<p class="alert look">当选' in page
    assert re.search(r"钱二 2 3 \S+ 票数相同，待再投 孙三 2 3 \S+ 票数相同，待再投 李四 4 1", said)


@on_sqlite
def test_too_few_ballots_tell_nothing_of_an_election_not_even_in_the_seal(house: House, browse: Browse) -> None:
    hall = hold(house, form(election=Election(2)))
    cast(hall, TICKS[:4])
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    assert "当选" not in words(client.get(base))
    assert client.get(f"{base}/votes.csv").status_code == HTTPStatus.CONFLICT
    assert "elections" not in json.loads(client.get(f"{base}/seal.json").data)


@on_sqlite
def test_a_vote_on_each_member_is_one_election_with_yes_no_and_abstain(house: House, browse: Browse) -> None:
    yes, no, none = "0", "1", "2"
    # Four members, 12 present: 7 of 11 ballots agree to the first (more than half of 12), 6 to the second (half exactly).
    votes = (
        *({"f0_0": yes, "f1_0": yes, "f2_0": yes, "f3_0": none},) * 6,
        {"f0_0": yes, "f1_0": no, "f2_0": yes, "f3_0": none},
        *({"f0_0": no, "f1_0": none, "f2_0": yes, "f3_0": ""},) * 4,
    )
    meeting = counted(house, (votes[:6], votes[6:]), questionnaire="vote_on_members")
    client = browse("leader")
    said = words(client.get(meeting.base))
    paper_order = re.findall(r"(\S+)(?: \S+)? (\d) (\d+) (\d+) (\d+) (\d+\.\d+) (当选|未当选，票数不够)", said)
    assert [row[1:5] for row in paper_order] == [("1", "11", "0", "0"), ("2", "7", "4", "0"), ("3", "6", "1", "4"), ("4", "0", "0", "7")]
    assert [row[6] for row in paper_order] == ["当选", "当选", "未当选，票数不够", "未当选，票数不够"]
    assert "得票超过实到人数的一半才当选：实到人数是 12，要有 7 票。" in said and "满意率" not in said.replace("满意率 = ", "")
    assert "反对" in text_in(client.get(f"{meeting.base}/protocol.pdf").data)
    assert len(list(csv.reader(io.StringIO(client.get(f"{meeting.base}/votes.csv").text)))) == 5
