"""The ballot over HTTP, without JavaScript: shown, reviewed, changed, cast, and every way it is refused."""

import html
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from survey.actions import ballots, meetings, results, slips
from survey.actions.house import House
from survey.app import create_app
from survey.config import Config
from survey.domain.slips import SlipState, pretty
from survey.store import ballots as box
from survey.store import results as counted
from survey.web.limits import MOST_BODY
from tests.conftest import NOW, Hall, make_meeting
from tests.web.booth.halls import every_kind, make_hall, paper_of, satisfied


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def codes_of(hall: Hall) -> list[str]:
    return [code for codes in hall.codes.values() for code in codes]


def in_box(hall: Hall) -> int:
    with hall.house.store.read() as db:
        return box.in_box(db, hall.meeting)


def hidden(page: str) -> dict[str, list[str]]:
    """What the hidden fields of a page would send."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def lines(page: str) -> list[str]:
    """The lines of a review: name and what was chosen."""
    rows = re.findall(r"<li><button[^>]*><b>(.*?)</b><span>(.*?)</span>", page)
    return [f"{who} {re.sub('<[^>]+>', ' ', what).strip()}" for who, what in rows]


@contextmanager
def away(house: House) -> Iterator[None]:
    """The tables are gone for a while, as when the database is being restored."""
    with house.store.write() as db:
        db.execute(text("ALTER TABLE slips RENAME TO slips_away"))
    yield
    with house.store.write() as db:
        db.execute(text("ALTER TABLE slips_away RENAME TO slips"))


def test_looking_at_a_ballot_changes_nothing_and_any_spelling_of_the_code_will_do(
    client: FlaskClient, house: House
) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    for spelling in (code, pretty(code), code.lower(), code.replace("0", "o").replace("1", "l"), f"%20{code}"):
        assert client.get(f"/b/{spelling}").status_code == 200
    assert ballots.look(house, code).state is SlipState.FRESH
    assert in_box(hall) == 0


def test_branch_first_then_members_and_nothing_is_chosen_beforehand(client: FlaskClient, house: House) -> None:
    hall = make_hall(house, n=24)
    page = client.get(f"/b/{codes_of(hall)[0]}").text
    assert page.index("支部“五个好”") < page.index("党员“五带头”") < page.index("意见建议")
    assert page.count('type="radio"') == 25 * 5 * 4
    assert " checked" not in re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    assert "/ 25" in page
    assert '<legend><span class="unseen">张三：</span><span>带头学习提高</span></legend>' in page


def test_a_ballot_without_javascript_is_reviewed_changed_and_cast(client: FlaskClient, house: House) -> None:
    hall = make_hall(house, n=2)
    code = codes_of(hall)[0]
    given = satisfied(paper_of(house, code)) | {"1.1": "1", "3.0": "路灯 <坏了>"}
    del given["2.4"], given["2.3"]
    review = client.post(f"/b/{code}", data=given | {"go": "review"})
    assert review.status_code == 200
    assert lines(review.text) == [
        "机修车间党支部 五项满意",
        "张三 满意 4，基本满意 1",
        "张建国 满意 3，还有 2 项没选",
        "意见建议 路灯 &lt;坏了&gt;",
    ]
    assert "还有 1 处没有评完" in review.text
    kept = hidden(review.text)
    assert kept == {name: [value] for name, value in given.items()}
    edit = client.post(f"/b/{code}", data=kept | {"go": "edit"})
    assert edit.text.count(" checked>") == len(given) - 1
    assert "路灯 &lt;坏了&gt;</textarea>" in edit.text
    assert in_box(hall) == 0
    cast = client.post(f"/b/{code}", data=kept | {"go": "cast"})
    assert (cast.status_code, cast.headers["Location"]) == (303, f"/b/{code}/in")
    assert in_box(hall) == 1


def test_a_post_that_does_not_say_cast_casts_nothing(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    assert client.post(f"/b/{code}", data={"0.0": "0"}).status_code == 200
    assert client.post(f"/b/{code}", data=b"0.0=0", content_type="text/plain").status_code == 415
    assert in_box(hall) == 0


def test_the_thanks_page_shows_the_tracker_and_no_answer(client: FlaskClient, house: House) -> None:
    hall = make_hall(house, n=2)
    code = codes_of(hall)[0]
    client.post(f"/b/{code}", data=satisfied(paper_of(house, code)) | {"go": "cast", "3.0": "路灯坏了"})
    page = client.get(f"/b/{code}/in").text
    tracker = ballots.look(house, code).tracker
    assert tracker is not None and f"{tracker[:5]}-{tracker[5:]}" in page
    assert "满意" not in page and "路灯" not in page and code not in page
    assert "计票后只留下每题各选项的票数，票和钥匙一并销毁" in page


def test_there_is_no_thanks_before_the_ballot_is_in(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    answer = client.get(f"/b/{code}/in")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/b/{code}")


def test_what_was_cast_by_phone_is_what_is_counted(client: FlaskClient, house: House) -> None:
    hall = make_hall(house, n=2, form=every_kind())
    group, codes = next(iter(hall.codes.items()))
    given = {"0.0": "5", "0.2": "1", "0.3": "86", "1.0": "2", "1.1": "100", "3.0": ["1", "3"]}
    for code in codes:
        assert client.post(f"/b/{code}", data=given | {"go": "cast"}).status_code == 303
    hall.close()
    results.count(house, hall.meeting, hall.scrutineer, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        counts = {(c.target[0], c.question, c.option): c.ballots for c in counted.counts(db, hall.meeting)[group]}
    n = len(codes)
    assert (counts["u", "a", 5], counts["u", "c", 1], counts["u", "d", 86], counts["m", "g", 100]) == (n, n, n, n)


def test_every_kind_of_question_is_reviewed_in_words(client: FlaskClient, house: House) -> None:
    hall = make_hall(house, n=1, form=every_kind())
    code = codes_of(hall)[0]
    given = {"0.0": "0", "0.1": "0", "0.2": "0", "0.3": "86", "0.4": "再快些", "1.0": "5", "2.0": ["0", "2"]}
    page = client.post(f"/b/{code}", data=given | {"go": "review"}).text
    assert lines(page) == [
        "机修车间党支部 很满意 2，是 1 总体打分 86 分  再快些",
        "张三 不了解 1，还有 1 项没选".replace("不了解 1", "不了解"),
        "征求意见 最该先办的事：修路灯、建食堂",
    ]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"0.0": "0"}, "承诺是否兑现 还没有选"),
        ({"0.2": "0", "0.3": "101"}, "分数要填 0 到 100 的整数"),
        ({"0.2": "0", "2.0": ["0", "1", "2"]}, "最多选 2 个"),
        ({"0.2": "0", "0.4": "长" * 600, "2.1": "长" * 600}, "最多 1000 字，现在有 1200 字"),
        ({"0.2": "0", "0.0": ["1", "2"]}, "同一题选了两个答案"),
        ({"0.2": "0", "9.9": "1"}, "这一项不在评议票上"),
        ({"0.2": "9"}, "选了票上没有的答案"),
    ],
)
def test_an_answer_the_box_refuses_is_told_and_the_rest_is_kept(
    client: FlaskClient, house: House, given: dict[str, str], sentence: str
) -> None:
    hall = make_hall(house, n=1, form=every_kind())
    code = codes_of(hall)[0]
    for go in ("review", "cast"):
        answer = client.post(f"/b/{code}", data=given | {"go": go, "1.1": "77"})
        assert answer.status_code == 400
        assert sentence in answer.text
        assert hidden(answer.text)["1.1"] == ["77"]
        assert 'value="cast"' not in answer.text
    assert in_box(hall) == 0


def test_two_taps_on_send_give_one_ballot_and_the_same_tracker(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    assert client.post(f"/b/{code}", data={"go": "cast", "0.0": "0"}).status_code == 303
    again = client.post(f"/b/{code}", data={"go": "cast", "0.0": "2"})
    tracker = ballots.look(house, code).tracker
    assert again.status_code == 409
    assert tracker is not None and f"{tracker[:5]}-{tracker[5:]}" in again.text
    assert in_box(hall) == 1


def test_a_used_slip_says_so(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    hall.vote(code)
    answer = client.get(f"/b/{code}")
    assert answer.status_code == 409
    assert "这张票签已经用过" in answer.text and "一张票签投一次，这张的票已经在票箱里。" in answer.text


def test_an_unknown_code_says_so(client: FlaskClient, house: House) -> None:
    make_meeting(house)
    for code in ("0000-0000-0000", "U", "%00", "x" * 500, "%ff%fe", "评议"):
        for answer in (client.get(f"/b/{code}"), client.post(f"/b/{code}", data={"go": "cast"})):
            assert answer.status_code == 404
            assert "查不到这张票签" in answer.text


def test_a_closed_box_says_so_and_so_does_a_counted_one(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    for each in codes_of(hall)[1:]:
        hall.vote(each)
    hall.close()
    for answer in (client.get(f"/b/{code}"), client.post(f"/b/{code}", data={"go": "cast"})):
        assert answer.status_code == 409
        assert "评议已经结束" in answer.text and "不再收票" in answer.text
    meetings.set_leftovers(house, hall.meeting, dict.fromkeys(hall.codes, 0), by=hall.secretary, now=NOW)
    hall.count()
    answer = client.get(f"/b/{code}")
    assert answer.status_code == 404
    assert "已经计票，票签已随票一并销毁" in answer.text


def test_a_void_slip_and_a_void_meeting_say_so(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    (first, *_), (second, *_) = hall.codes.values()
    group = next(iter(hall.codes))
    slips.void_group(house, hall.meeting, group, by=hall.secretary, now=NOW)
    answer = client.get(f"/b/{first}")
    assert answer.status_code == 410 and "这张票签已经作废" in answer.text
    meetings.void(house, hall.meeting, reason="停电", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    for answer in (client.get(f"/b/{second}"), client.post(f"/b/{second}", data={"go": "cast"})):
        assert answer.status_code == 410 and "这场评议会已经作废" in answer.text


def test_with_the_database_away_the_answers_stay_on_the_page_and_go_in_later(client: FlaskClient, house: House) -> None:
    hall = make_hall(house, n=2)
    code = codes_of(hall)[0]
    given = satisfied(paper_of(house, code)) | {"3.0": '第一行\n第二行 "引号" & <尖>'}
    with away(house):
        assert client.get(f"/b/{code}").status_code == 503
        answer = client.post(f"/b/{code}", data=given | {"go": "cast"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "再投一次" in answer.text and "您填的都还在这一页上" in answer.text
    kept = hidden(answer.text)
    assert kept == {name: [value] for name, value in (given | {"go": "cast"}).items()}
    assert client.post(f"/b/{code}", data=kept).status_code == 303
    assert in_box(hall) == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"a" * (MOST_BODY + 1), "application/x-www-form-urlencoded", 413),
        ("&".join(f"{i}.0=0" for i in range(9_000)).encode() + b"&go=cast", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"0.0=0"] * 10_000) + b"&go=cast", "application/x-www-form-urlencoded", 413),
        (b"go=cast&0.0=" + b"%ff%fe%00", "application/x-www-form-urlencoded", 400),
        (b"go=cast&\xff\xfe=\x00", "application/x-www-form-urlencoded; charset=utf-16", 415),
        ("go=cast&3.0=好".encode("gb18030"), "application/x-www-form-urlencoded", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"--x\r\nbroken", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (b"go=cast&0.0=%F0%9F%98%80&3.0=" + b"%E9%95%BF" * 1001, "application/x-www-form-urlencoded", 400),
    ],
)
def test_malformed_input_is_never_a_fault_and_never_a_ballot(
    client: FlaskClient, house: House, body: bytes, kind: str, status: int
) -> None:
    hall = make_hall(house, n=2)
    code = codes_of(hall)[0]
    answer = client.post(f"/b/{code}", data=body, content_type=kind)
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert in_box(hall) == 0


class Broken:
    """A house whose every room breaks down, with a code in its last words."""

    def __init__(self, code: str) -> None:
        self._code = code

    @property
    def pepper(self) -> bytes:
        raise ZeroDivisionError(f"secret {self._code}")


def test_a_fault_of_ours_is_a_plain_page_and_the_log_has_the_route_and_the_type_alone(
    app: Flask, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]

    app.extensions["house"] = Broken(code)
    with caplog.at_level(logging.DEBUG):
        answers = [
            app.test_client().get(f"/b/{code}", headers={"User-Agent": "WeChat secret"}),
            app.test_client().post(f"/b/{code}", data={"go": "cast", "0.0": "3"}),
        ]
    for answer in answers:
        assert answer.status_code == 500
        assert "这一步没有做成" in answer.text
    assert hidden(answers[1].text) == {"go": ["cast"], "0.0": ["3"]}
    assert [record.getMessage() for record in caplog.records] == [
        "booth.ballot ZeroDivisionError",
        "booth.cast ZeroDivisionError",
    ]
    assert all(record.exc_info is None for record in caplog.records)


def test_over_plain_http_the_ballot_says_so_and_over_https_it_does_not(config: Config, house: House, app: Flask) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    assert "本场经会场局域网传送，未加密" in app.test_client().get(f"/b/{code}").text
    secure = create_app(replace(config, url="https://vote.example.org"), random=Random(7), testing=True)
    assert "未加密" not in secure.test_client().get(f"/b/{code}").text
    secure.extensions["house"].store.close()


def test_large_letters_and_language_go_along_in_the_address(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = codes_of(hall)[0]
    page = client.get(f"/b/{code}?big=1&lang=en&other=1").text
    assert '<html lang="en" dir="ltr" class="elder">' in page
    assert client.post(f"/b/{code}?big=1", data={"go": "cast"}).headers["Location"] == f"/b/{code}/in?big=1"
