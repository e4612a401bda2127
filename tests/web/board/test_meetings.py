"""Pages of results: figures as by hand, nothing before the count, nothing of few, nothing of other subtrees."""

import hashlib
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text as sql

from survey.actions import meetings as verbs
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Validity
from tests.conftest import NOW, make_meeting, on_sqlite
from tests.domain.papers_for_tests import form
from tests.web.board.meetings_for_tests import PARTY, WORKERS, counted

Browse = Callable[[str], FlaskClient]


def routes(base: str, keys: tuple[str, ...]) -> list[str]:
    """Every address of one meeting."""
    own = ["", "?sort=rate", "/opinions", "/trackers", "/print", "/chart.svg", "/chart.png", "/members.svg",
           "/members.png?page=1", "/results.xlsx", "/results.csv", "/seal.json"]
    return [base + each for each in own] + [f"{base}/targets/{key}{end}" for key in keys for end in ("", ".svg", ".png")]


def text(page: str) -> str:
    """What a page says, without marks and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def row(page: str, label: str) -> list[str]:
    """The cells of the table row with this heading."""
    found = re.search(rf"<th scope=\"row\">(?:<a [^>]+>|<b>)?{label}\s*<.*?</tr>", page, re.S)
    assert found, label
    return [text(cell).strip() for cell in re.findall(r"<td.*?</td>", found[0], re.S)]


def test_the_page_shows_the_figures_one_reckons_by_hand(house: House, browse: Browse) -> None:
    meeting = counted(house)
    page = browse("leader").get(meeting.base).text
    # 11 of 12 came back. The branch's first question: 8 满意, 1 基本满意, 1 不满意, 1 不了解.
    # narrow 8/11 = 72.727… → 72.73, wide 9/11 = 81.818… → 81.82.
    assert row(page, "领导班子好")[1:] == ["8", "1", "1", "1", "0", "72.73", "81.82", "11"]
    # All five: 8 + 4 × 11 = 52 of 55 = 94.545… → 94.55; wide 53/55 = 96.363… → 96.36.
    assert row(page, "5 题合计")[1:] == ["52", "1", "1", "1", "0", "94.55", "96.36", "55"]
    # First group 27/30 = 90, wide 28/30 = 93.333…; second 25/25.
    assert row(page, "群众代表")[1:] == ["90.00", "93.33", "30"]
    assert row(page, "党员")[1:] == ["100.00", "100.00", "25"]
    # Who reads English reads the groups of the house in English.
    assert row(browse("leader").get(f"{meeting.base}?lang=en").text, "Public representatives")[1:] == ["90.00", "93.33", "30"]
    said = text(page)
    assert "应到 14 实到 12 发出 11 收回 11 有效 11 弃权 0" in said
    # 回收率 11/11; 参评率 11/14 = 78.571… → 78.57.
    assert "100.00%" in said and "78.57%" in said


def test_a_member_on_the_threshold_is_satisfied_and_one_below_is_not(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    # First member, first question: 6 基本满意, 5 不满意. All five: 44/55 = 80 exactly, wide 50/55 = 90.909… → 90.91.
    first = client.get(f"{meeting.base}/targets/{meeting.members[0]}").text
    assert row(first, "带头学习提高")[1:] == ["0", "6", "5", "0", "0", "0.00", "54.55", "11"]
    assert row(first, "5 题合计")[1:] == ["44", "6", "5", "0", "0", "80.00", "90.91", "55"]
    assert '<span class="badge done">满意</span>' in first
    # Second member: one left the first question open, 54/54 of 11 ballots; blank is told apart from an answer.
    second = client.get(f"{meeting.base}/targets/{meeting.members[1]}").text
    assert row(second, "带头学习提高")[1:] == ["10", "0", "0", "0", "1", "100.00", "100.00", "10"]
    assert row(second, "5 题合计")[1:] == ["54", "0", "0", "0", "1", "100.00", "100.00", "54"]


@on_sqlite
def test_counts_that_are_not_those_of_the_seal_are_not_shown(house: House, browse: Browse) -> None:
    """Guards: actions.seals.is_altered: who writes the database changes no figure unseen."""
    meeting = counted(house)
    acts = (
        ("UPDATE counts SET ballots = ballots + 1 WHERE option = 0", "UPDATE counts SET ballots = ballots - 1 WHERE option = 0"),
        ("UPDATE counts SET option = 77 WHERE option = 1", "UPDATE counts SET option = 1 WHERE option = 77"),
        ("UPDATE groups SET returned = returned + 1", "UPDATE groups SET returned = returned - 1"),
        ("UPDATE groups SET due = due + 1", "UPDATE groups SET due = due - 1"),
        ("INSERT INTO counts SELECT group_id, target, question, 66, meeting_id, 1 FROM counts WHERE option = 1", "DELETE FROM counts WHERE option = 66"),
        ("UPDATE seals SET body = replace(body, '2026', '2025')", "UPDATE seals SET body = replace(body, '2025', '2026')"),
    )
    client = browse("leader")
    for wrong, right in acts:
        with house.store.write() as db:
            assert db.execute(sql(wrong)).rowcount
        refused = client.get(meeting.base)
        assert refused.status_code == 409 and "结果被人改过" in refused.text, wrong
        assert client.get(f"{meeting.base}/handin.zip").status_code == 409
        with house.store.write() as db:
            db.execute(sql(right))
    assert client.get(meeting.base).status_code == 200


def test_every_rate_stands_with_its_base(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    for address in ("", f"/targets/{meeting.members[0]}", "/print"):
        said = text(client.get(meeting.base + address).text)
        assert "分母是有效答案，“不了解”算在内" in said
        assert "满意率到 80% 评为“满意”" in said and "到 60%" in said
        assert "表里的“以上率”就是基本满意以上率" in said, address


def test_members_stand_by_roster_and_by_rate_on_request(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    by_roster, by_rate = (client.get(meeting.base + query).text for query in ("", "?sort=rate"))

    def order(page: str) -> list[str]:
        heat = page[page.index("list heat") :]
        return list(dict.fromkeys(re.findall(r"/targets/(m\d+)\"", heat)))

    assert "按花名册排，不是名次" in by_roster and "按满意率从高到低排" in by_rate
    assert tuple(order(by_roster)) == meeting.members
    # The first of the roster is the only one below 100 %: he comes last.
    assert tuple(order(by_rate)) == (*meeting.members[1:], meeting.members[0])


def test_small_groups_are_shown_together_and_never_alone(house: House, browse: Browse) -> None:
    groups = (("群众代表", 9, 7), ("党员", 6, 5), ("服务对象", 5, 5))
    bad = {f"f0_{question}": "2" for question in range(5)}
    votes = (({},) * 7, (bad, bad, {}), ({}, {}))  # type: ignore[var-annotated]
    meeting = counted(house, votes, groups=groups)
    client = browse("leader")
    page = client.get(meeting.base).text
    assert row(page, "党员") == ["人数不足"] and row(page, "服务对象") == ["人数不足"]
    # 3 + 2 ballots: 15 of 25 answers 满意 = 60.00.
    assert row(page, "以上 2 类合并")[1:] == ["60.00", "60.00", "25"]
    assert row(page, "群众代表")[1:] == ["100.00", "100.00", "35"]
    # A part alone would read 5/15 = 33.33: nowhere.
    for address in routes(meeting.base, (meeting.branch,)):
        assert "33.33" not in client.get(address).get_data(as_text=False).decode("utf-8", "replace")
    table = client.get(f"{meeting.base}/results.csv").data.decode("utf-8-sig")
    for line in table.splitlines():
        if ",党员," in line or ",服务对象," in line:
            assert line.endswith(",0") and re.fullmatch(r"[^,]*,[^,]*,[^,]+,[^,]+,+0", line), line


def test_fewer_than_five_ballots_show_the_accounting_and_nothing_else(house: House, browse: Browse) -> None:
    votes = ((WORKERS[2], WORKERS[0]), (PARTY[0], PARTY[1]))
    meeting = counted(house, votes)
    client = browse("leader")
    page = client.get(meeting.base).text
    assert "应到 14 实到 12 发出 4 收回 4 有效 4 弃权 人数不足" in text(page)
    assert "收回的票不到 5 张" in page and "seal.json" in page
    assert client.get("/board").text.count("人数不足") == 1
    for address in [*routes(meeting.base, (meeting.branch, *meeting.members, "g")), "/board"]:
        answer = client.get(address)
        shown = answer.data.decode("utf-8", "replace")
        for figure in ("领导班子好", "带头学习提高", "办事再快一点", "<svg class=\"stack\"", "满意率</dt>", "张三"):
            assert figure not in shown, f"{figure} at {address}"
        quiet = ("", "?sort=rate", "/trackers", "/seal.json")
        assert answer.status_code == (200 if address in [meeting.base + end for end in quiet] or address == "/board" else 409)
    assert '"counts":[]' in client.get(f"{meeting.base}/seal.json").text


def test_there_is_no_result_before_the_count(house: House, browse: Browse) -> None:
    hall = make_meeting(house, open_box=False)
    client, base = browse("leader"), f"/board/meetings/{hall.meeting}"
    keys = (f"u{hall.branch}", "m1", "g")

    def says(stage: str) -> None:
        for address in routes(base, keys):
            answer = client.get(address)
            assert answer.status_code == 409
            assert "计票以前没有结果" in answer.text and stage in answer.text, address
        assert browse("other").get(base).status_code == 404
        assert "还没有计过票的评议会" in client.get("/board").text

    says("准备")
    hall.scrutineer = verbs.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    says("评议中")
    verbs.close(house, hall.meeting, by=hall.secretary, now=NOW)
    says("已封箱")
    verbs.void(house, hall.meeting, reason="重开", scrutineer=hall.scrutineer, by=hall.secretary, now=NOW)
    assert "已经作废" in client.get(base).text


def test_another_subtree_does_not_exist(house: House, browse: Browse) -> None:
    meeting = counted(house)
    keys = (meeting.branch, *meeting.members, "g")
    for login, status in (("other", 404), ("leader", 200), ("secretary", 200), ("admin", 200)):
        client = browse(login)
        for address in routes(meeting.base, keys[:-1]):
            assert client.get(address).status_code == status, f"{login} at {address}"
        assert ("机修车间" in client.get("/board").text) == (status == 200)
    token = re.compile(r'name="csrf_token" value="[^"]+"')
    both = (browse("other").get(f"/board/meetings/{each}").text for each in (meeting.hall.meeting, 999))
    hidden, missing = (token.sub("", text) for text in both)
    assert hidden == missing


@pytest.mark.parametrize("end", ["", "/targets/x9", "/targets/g", "/targets/g.svg", "/members.svg?page=2", "/chart.pdf"])
def test_what_is_not_there_is_a_sentence(house: House, browse: Browse, end: str) -> None:
    meeting = counted(house)
    address = f"{meeting.base}{end}" if end else "/board/meetings/999"
    answer = browse("leader").get(address)
    assert answer.status_code == 404 and "这里没有这个页面" in answer.text


def test_the_seal_is_what_its_digest_says_and_holds_every_tracker(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("leader")
    sealed = client.get(f"{meeting.base}/seal.json")
    assert hashlib.sha256(sealed.data).hexdigest() in client.get(meeting.base).text
    page = client.get(f"{meeting.base}/trackers").text
    assert all(f"<code>{tracker[:5]}-{tracker[5:]}</code>" in page for tracker in meeting.trackers), "as slips and phones show it"
    own = meeting.trackers[0]
    spelled = f"{own[:5]} {own[5:]}".lower()
    assert "在里面，这张票已经计入" in client.get(f"{meeting.base}/trackers", query_string={"find": spelled}).text
    assert "不在里面" in client.get(f"{meeting.base}/trackers?find=AAAAAAAAAA").text
    odd = client.get(f"{meeting.base}/trackers", query_string={"find": "<b>100%(x)s"}).text
    assert "“&lt;b&gt;100%(x)s”不在里面" in odd and "<b>100" not in odd


def test_opinions_stand_under_their_target_and_cannot_write_marks(house: House, browse: Browse) -> None:
    votes = (({"f5_0": "<script>alert(1)</script>"}, *WORKERS[1:]), PARTY)
    meeting = counted(house, votes)
    client = browse("leader")
    page = client.get(f"{meeting.base}/opinions").text
    assert "办事再快一点" in page and "<h2>意见建议</h2>" in page
    assert "&lt;script&gt;" in page and "<script" not in page
    assert "2 条" in text(client.get(meeting.base).text)


def test_no_page_needs_script_or_inline_style(house: House, browse: Browse) -> None:
    meeting = counted(house)
    client = browse("secretary")
    for end in ("", "?sort=rate", "/opinions", "/trackers", "/print", f"/targets/{meeting.members[0]}"):
        answer = client.get(meeting.base + end)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", answer.text), end
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_the_desk_is_offered_to_those_who_run_meetings(house: House, browse: Browse) -> None:
    counted(house)
    assert 'href="/desk"' in browse("secretary").get("/board").text
    assert 'href="/desk"' not in browse("leader").get("/board").text


def test_scores_and_grades_of_another_scale(house: House, browse: Browse) -> None:
    votes = (tuple({"f0_5": points} for points in ("90", "85", "80", "95", "100", "")), ())
    meeting = counted(house, votes, questionnaire="virtues")
    page = browse("leader").get(f"{meeting.base}/targets/{meeting.members[0]}").text
    # (90 + 85 + 80 + 95 + 100) / 5 = 90.00; one gave no score.
    assert re.search(r"<b>90.00</b> 分.*平均分，5 人打分，1 人未打", page)
    assert "优秀" in page
    assert re.search(r"90.00 <small>5 人</small>", browse("leader").get(meeting.base).text)
    assert "满意率到 80% 评为“满意”" in browse("leader").get(meeting.base).text
    assert "这场没有评支部" in browse("leader").get("/board").text


@on_sqlite
def test_of_six_scores_the_highest_and_the_lowest_are_left_out_and_pages_say_so(house: House, browse: Browse) -> None:
    votes = (tuple({"f0_5": points, "f1_5": points if place else ""} for place, points in enumerate(("60", "85", "80", "95", "100", "80"))), ())
    scheme = Scheme(trim_ends=True, validity=Validity.HALF, points=(("four_grades", 0, 70.0),))
    meeting = counted(house, votes, questionnaire="virtues", scheme=scheme)
    client = browse("leader")
    pages = {end: text(client.get(meeting.base + end).text) for end in ("", "/print", f"/targets/{meeting.members[0]}")}
    # (85 + 80 + 95 + 80) / 4 = 85.00 of six; the five of the next member are left as they are: 440 / 5.
    assert "85.00 分 去掉一个最高分和一个最低分的平均分，6 人打分，0 人未打" in pages[f"/targets/{meeting.members[0]}"]
    assert "85.00 6 人" in pages[""] and "88.00 5 人" in pages[""] and "85.00" in pages["/print"]
    for page in (pages[""], pages["/print"]):
        assert "打分多于 5 人的，平均分去掉一个最高分和一个最低分。" in page and "选得不到一半的，对他算弃权。" in page
    assert ",85.00," in client.get(f"{meeting.base}/results.csv").text


def test_choices_are_shown_by_candidate(house: House, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(library(), "all", form())
    votes = (({"f1_1": "0"}, {"f1_1": "0"}, {"f1_1": "2"}, {}, {}, {}), ())  # type: ignore[var-annotated]
    meeting = counted(house, votes, questionnaire="all")
    client = browse("leader")
    # Three of six ballots chose anybody: 2 of 3 = 66.666…, 1 of 3 = 33.333…
    for end in ("", "/print", "/results.csv", f"/targets/{meeting.members[0]}"):
        answer = client.get(meeting.base + end)
        assert answer.status_code == 200, end
    page = answer.text
    assert [row(page, name)[1:] for name in ("甲", "乙", "丙")] == [["2", "66.67"], ["0", "0.00"], ["1", "33.33"]]
    assert "占比的分母是答了这题的 3 张票，没答的 3 张" in page


def test_a_number_no_key_can_have_is_not_there(house: House, browse: Browse) -> None:
    counted(house)
    for number in (0, 2**31, 2**63, 2**70):
        assert browse("secretary").get(f"/board/meetings/{number}").status_code == 404
