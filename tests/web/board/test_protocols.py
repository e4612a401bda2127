"""计票报告单: every number, rule, digest, act and tracker of a count, with room for signatures, in PDF and in Word."""

import io
import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import text

from survey.actions.house import House
from survey.store import journal
from tests.conftest import make_meeting, on_sqlite
from tests.web.board.meetings_for_tests import counted
from tests.web.desk.desks_for_tests import text_in

Browse = Callable[[str], FlaskClient]


def words_in(data: bytes) -> str:
    """Paragraphs and cells of a Word file; a row of a table as one line."""
    file = Document(io.BytesIO(data))
    rows = [" ".join(cell.text for cell in row.cells) for table in file.tables for row in table.rows]
    return "\n".join([*(each.text for each in file.paragraphs), *rows])


@on_sqlite
def test_the_protocol_holds_every_number_digest_act_and_tracker(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    with house.store.read() as db:
        head = journal.head(db, meeting.hall.meeting).hex()
    page = client.get(meeting.base).text
    sealed = re.search(r'<code class="seal">([0-9a-f]{64})</code>', page)
    assert sealed and "protocol.pdf" in page and "protocol.docx" in page
    for kind, read in (("pdf", text_in), ("docx", words_in)):
        answer = client.get(f"{meeting.base}/protocol.{kind}")
        assert answer.status_code == HTTPStatus.OK and "attachment" in answer.headers["Content-Disposition"]
        said = read(answer.data)
        flat = re.sub(r"\s+", " ", said)
        assert "计票报告单" in said and "机修车间党支部第三季度评议会" in flat
        # Due, present, issued, returned, spoiled, valid; 6 + 5 ballots of 12 slips, one left over.
        for row in ("群众代表 8 6 6 6 0 6", "党员 6 6 5 5 0 5", "合计 14 12 11 11 0 11"):
            assert row in flat, (kind, row)
        # 52 of 55 answers about the branch are 满意, 53 at least 基本满意: the figures of the page.
        assert re.search(r"机修车间党支部 55 94\.55 96\.36 满意", flat), kind
        squeezed = re.sub(r"\s", "", said)
        assert sealed.group(1) in squeezed and head in squeezed
        for tracker in meeting.trackers:
            assert f"{tracker[:5]}-{tracker[5:]}" in said
        assert "计票，收回 11 张" in flat and "开始评议，实到 12 人" in flat
        for who in ("主持人", "计票人", "监票人"):
            assert who in said


@on_sqlite
@pytest.mark.parametrize("sql", ["UPDATE journal SET detail = replace(detail, '12', '13') WHERE act = 'open'", "UPDATE journal SET link = NULL"])
def test_a_protocol_of_acts_that_were_changed_says_so(house: House, browse: Browse, sql: str) -> None:
    """Guards: the chain and the link of the count in the seal, both asked in web.board.protocols."""
    meeting = counted(house)
    client = browse("leader")
    for expected in ("这里只记工作人员做了什么", "和计票时封存的不一样"):
        assert expected in words_in(client.get(f"{meeting.base}/protocol.docx").data)
        with house.store.write() as db:
            db.execute(text(sql))


@on_sqlite
def test_with_too_few_ballots_the_protocol_shows_no_result(house: House, browse: Browse) -> None:
    few = counted(house, (({}, {}), ({"f0_0": "2"},)))
    said = text_in(browse("leader").get(f"{few.base}/protocol.pdf").data)
    assert "不显示任何结果" in said and "人数不足" in said
    assert "张三" not in said and "评定" not in said


@on_sqlite
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_before_the_count_and_for_another_branch_there_is_no_protocol(house: House, browse: Browse, kind: str) -> None:
    hall = make_meeting(house)
    address = f"/board/meetings/{hall.meeting}/protocol.{kind}"
    assert browse("leader").get(address).status_code == HTTPStatus.CONFLICT
    assert browse("other").get(address).status_code == HTTPStatus.NOT_FOUND
