"""How far the figures of a meeting can be trusted, as its page tells: by hand, of the meeting, never of a part of an atom."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import update

from survey.actions import ballots
from survey.actions.house import House
from survey.domain.questionnaires import Audience, Kind
from survey.domain.staff import StaffRole
from survey.store.office_tables import UnitRow
from tests.conftest import hire, on_sqlite
from tests.townships_for_tests import Branch, Township
from tests.web.board.meetings_for_tests import UNSATISFIED, Counted, counted
from tests.web.board.test_meetings import row, text

Browse = Callable[[str], FlaskClient]
# Of one branch alone, five questions.
BRANCH = "five_goods"
NOTHING = {f"f0_{question}": "" for question in range(5)}
HALF = {f"f0_{question}": UNSATISFIED for question in range(3)}


def section(browse: Browse, meeting: Counted, query: str = "") -> str:
    """The section of the page, from its heading to its end."""
    page = browse("leader").get(meeting.base + query).text
    return page[page.index('id="quality"') : page.index("</details>")]


@on_sqlite
def test_the_section_says_what_one_reckons_by_hand(house: House, browse: Browse) -> None:
    meeting = counted(house)
    found = section(browse, meeting)
    said = text(found)
    # 11 of 14 came: 78.57, below 80; 11 of 11 slips came back.
    assert "来的人少：参评率 78.57%，不到八成。" in said and "票没有收齐" not in said
    assert "有 1 处值得先看一眼：来的人少" in text(browse("leader").get(meeting.base).text)
    assert row(found, "回收率")[0] == "100.00% 11/11" and row(found, "参评率")[0] == "78.57% 11/14"
    # One of 5 × 11 answers about the branch is “don't know”; one of 4 × 5 × 11 about members was left open.
    assert row(found, "不了解")[:2] == ["1.82% 1/55", "0.00% 0/219"]
    assert row(found, "未选")[:2] == ["0.00% 0/55", "0.45% 1/220"]
    # The branch: 3 of 6 and 5 of 5. Each question by itself: 8/11 × 1 × 1 × 1 × 1 = 73 %.
    # Members: nobody about the first, 6 of 6 about the second, 11 of 11 about each other one: 28 of 39. The five about the
    # second with one gap are four complete rows, too few. By itself: (0 + 1 + 1 + 1) / 4 = 75 %.
    assert row(found, "每题选得一样")[:2] == ["72.73% 8/11 碰巧约 73%", "71.79% 28/39 没有算全 碰巧约 75%"]
    assert "有 1 处没有算进去" in said
    assert row(found, "前后一致")[:2] == ["– 答全的票不到十张"] * 2
    groups = found[found.index("各类评议人") :]
    assert row(groups, "群众代表") == ["50.00% 3/6", "– 答全的票不到十张", "75.00% 18/24", "– 答全的票不到十张"]
    assert row(groups, "党员")[0] == "100.00% 5/5" and row(groups, "党员")[2] == "66.67% 10/15 没有算全"
    english = text(section(browse, meeting, "?lang=en"))
    assert "Few came: turnout is 78.57%, below 80%." in english and "leaves out 1 place where" in english


@on_sqlite
def test_alpha_and_straight_rows_of_a_group_that_stands_by_itself(house: House, browse: Browse) -> None:
    # Five give 100 everywhere, five 0, 0, 0, 100, 100; two cast an empty ballot. Of 60 answers 10 are open.
    meeting = counted(house, (({},) * 5 + (HALF,) * 5 + (NOTHING,) * 2,), groups=(("群众代表", 12, 12),), questionnaire=BRANCH)
    found = section(browse, meeting)
    assert row(found, "未选")[0] == "16.67% 10/60" and "未选的多" in text(found)
    # Straight: 5 of 10. By themselves: a half three times, one twice: 12.5 % → 13.
    assert row(found, "每题选得一样")[0] == "50.00% 5/10 碰巧约 13%"
    # Variances of questions 3 × 0.25, of sums 500 and 200 2.25 (in 100²): 5/4 × (1 − 0.75 / 2.25) = 0.8333.
    assert row(found, "前后一致")[0] == "0.83 票少，只供参考"
    assert "各类评议人" not in text(found) and "对党员" not in text(found)


@on_sqlite
def test_groups_shown_together_have_common_rows_and_no_alpha(house: House, browse: Browse) -> None:
    votes = (({},) * 6 + (HALF,) * 6, ({},) * 3)
    meeting = counted(house, votes, groups=(("群众代表", 20, 12), ("党员", 6, 6)), questionnaire=BRANCH)
    found = section(browse, meeting)
    # About the branch 6 of 12 and 3 of 3 rows are straight; neither share is said, nor the alpha of the twelve.
    assert row(found, "每题选得一样")[0].startswith("60.00% 9/15 ")
    groups = found[found.index("各类评议人") :]
    assert row(groups, "群众代表、党员") == ["60.00% 9/15", "– 合并显示，算不了"]
    assert groups.count('scope="row"') == 1 and "50.00" not in text(found) and "0.83" not in found
    assert "合并显示的几类没有“前后一致”" in text(found)


@on_sqlite
def test_twenty_ballots_of_nothing_but_the_best_are_worth_a_second_look(house: House, browse: Browse) -> None:
    meeting = counted(house, (({},) * 20,), groups=(("群众代表", 20, 20),), questionnaire=BRANCH)
    page = browse("leader").get(meeting.base).text
    assert text(page).count("都一样好，值得再看一眼") == 2
    assert "20 张票，每道题都选了最好的" in text(page)
    assert row(page, "前后一致")[0] == "– 都选得一样，算不出"


@on_sqlite
def test_where_all_is_well_the_section_stays_closed_and_says_so(house: House, browse: Browse) -> None:
    meeting = counted(house, (({},) * 19,), groups=(("群众代表", 19, 19),), questionnaire=BRANCH)
    page = browse("leader").get(meeting.base).text
    assert "没有看出要多留心的地方" in page and 'class="wonder"' not in page and 'id="quality">' in page


@on_sqlite
def test_of_one_question_no_row_is_straight_and_there_is_no_alpha(house: House, browse: Browse) -> None:
    found = section(browse, counted(house, (({},) * 12,), groups=(("群众代表", 12, 12),), questionnaire="four_grades"))
    assert row(found, "每题选得一样")[0] == "– 不够两道题" and row(found, "前后一致")[0] == "– 不够两道题"


@on_sqlite
def test_nothing_is_said_of_a_meeting_with_too_few_ballots(house: House, browse: Browse) -> None:
    meeting = counted(house, (({},) * 4,), groups=(("群众代表", 8, 8),), questionnaire=BRANCH)
    page = browse("leader").get(meeting.base).text
    assert "人数不足" in page and 'id="quality"' not in page and "每题选得一样" not in page


class Street(Township):
    """Seven branches beside each other; in each so many ballots are content with nothing, of the others everybody with all."""

    SIZES = ((5, 5),) * 6 + ((2, 1),)
    DISCONTENT = (9, 1, 1, 2, 2, 3, 0)

    def vote(self, branch: Branch, sizes: tuple[int, int]) -> None:
        self.left = self.DISCONTENT[self.branches.index(branch)]
        super().vote(branch, sizes)

    def cast(self, code: str, marks: object) -> None:
        self.left -= 1
        paper = self.house.paper(ballots.look(self.house, code).paper or "")
        rated = {
            name: paper.targets[t].audience for name, (t, q) in paper.fields.items()
            if paper.questions(paper.targets[t])[q].kind is Kind.RATING
        }  # fmt: skip
        bad = {name for name, audience in rated.items() if audience is Audience.UNIT and self.left >= 0}
        ballots.cast(self.house, code, {name: [UNSATISFIED if name in bad else "0"] for name in rated})


@on_sqlite
def test_a_branch_stands_beside_its_sisters_once_these_are_published(house: House, browse: Browse) -> None:
    """Guards: web.board.sisters: nothing of other meetings before publication, and nothing of sisters to who may not see them."""
    town = Street(house, heads=1, each=7)
    town.hold()
    client, pages = browse("secretary"), [f"/board/meetings/{branch.meeting}" for branch in town.branches]
    assert "同级单位" not in client.get(pages[0]).text
    town.publish()
    # 10, 90, 90, 80, 80, 70 per cent; the seventh is too few. Beside the first lie 70, 80, 80, 90, 90: 10 is beyond 80 − 15.
    first = client.get(pages[0]).text
    assert row(first, "和同级单位比")[0] == "满意率 10.00%，以上率 10.00%，有效 50。 另外 5 个单位的满意率在 70.00 到 90.00，中间一半在 80.00 到 90.00"
    assert "同级中间一半在 80.00% 到 90.00%" in text(first) and "离同级单位远" in first
    # Beside the second lie 10, 70, 80, 80, 90: 90 is within 80 + 15.
    second = client.get(pages[1]).text
    assert row(second, "和同级单位比")[0] == "满意率 90.00%，以上率 90.00%，有效 50。 另外 5 个单位的满意率在 10.00 到 90.00，中间一半在 70.00 到 80.00"
    assert "离同级单位远" not in second
    assert "同级单位" not in client.get(pages[6]).text
    hire(house, "own", "王书记", role=StaffRole.LEADER, unit=town.branches[0].unit)
    own = browse("own").get(pages[0]).text
    assert 'id="quality"' in own and "同级单位" not in own
    # One of the five goes over to another head: whoever sees the first alone is told nothing of it any more.
    hire(house, "head", "王总支", role=StaffRole.LEADER, unit=next(iter(town.tree.heads.values())))
    assert "同级单位" in browse("head").get(pages[0]).text
    with house.store.write() as db:
        db.execute(update(UnitRow).where(UnitRow.id == town.branches[1].unit).values(parent_id=town.tree.root))
    assert "同级单位" not in browse("head").get(pages[0]).text and "同级单位" in client.get(pages[0]).text
