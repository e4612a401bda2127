"""Rows that count: half or all of a row must be marked where the scheme says so, and what does not count is blank."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from survey.domain.ballots import Marks, Opened, fill
from survey.domain.elections import Election
from survey.domain.papers import Paper, Target, read_paper, targets, used
from survey.domain.questionnaires import BLANK, Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.results import tally
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Validity
from survey.domain.units import Unit, UnitKind
from survey.domain.valid_rows import valid_rows
from tests.domain.papers_for_tests import form, paper

PAPER = paper()
# The branch is asked two ratings, each member points and a choice.
ANSWERS = (
    {"0.0": ["0"], "0.1": ["1"], "1.0": ["90"], "1.1": ["0"]},
    {"0.1": ["2"], "1.1": ["1"], "3.0": ["好"]},
    {},
)  # fmt: skip


def counted(of: Paper, rule: Validity, *answers: dict[str, list[str]]) -> Counter[tuple[str, str]]:
    """Answers that count, by target and question."""
    opened = [Opened(fill(of, each, must=False), "A" * 10) for each in answers]
    found = tally(of, opened, Scheme(validity=rule))
    sums: Counter[tuple[str, str]] = Counter()
    for each in found.counts:
        sums[each.target, each.question] += each.ballots if each.option >= 0 else 0
    assert (found.returned, found.abstained) == (len(answers), sum(not each for each in answers))
    assert [each.text for each in found.opinions] == [text for each in answers for text in each.get("3.0", ())]
    return sums


def test_one_of_two_is_half_and_not_all() -> None:
    assert counted(PAPER, Validity.ANY, *ANSWERS) == {("u1", "good1"): 1, ("u1", "good2"): 2, ("m1", "score"): 1, ("m1", "pick"): 2}
    # Who ticked somebody and gave him no points said nothing that counts about him.
    half = {("u1", "good1"): 1, ("u1", "good2"): 2, ("m1", "score"): 1, ("m1", "pick"): 1}
    assert counted(PAPER, Validity.HALF, *ANSWERS) == half
    assert counted(PAPER, Validity.ALL, *ANSWERS) == {**half, ("u1", "good2"): 1}


def test_what_was_not_asked_is_not_missed_and_general_questions_stand() -> None:
    parts = [
        {"key": "unit", "title": "评支部", "audience": "unit", "questions": [
            {"key": "a", "kind": "rating", "text": "总的", "scale": "four"},
            {"key": "b", "kind": "rating", "text": "哪里不好", "scale": "four", "show_if": {"question": "a", "options": [2]}},
        ]},
        {"key": "g", "title": "其他", "audience": "general", "questions": [
            {"key": "c", "kind": "rating", "text": "会场", "scale": "four"}, {"key": "d", "kind": "rating", "text": "时间", "scale": "four"},
        ]},
    ]  # fmt: skip
    made = form(sections=parts)
    chosen = targets(made, [(Unit(1, None, UnitKind.BRANCH, "一支部"), [])])
    asked = Paper(7, 3, "评议会", "群众代表", "题", "0" * 64, chosen, *used(made, chosen), texts=False)
    # Who is satisfied was not asked further; who is not and left it open said too little. In general both answers stand.
    found = counted(asked, Validity.ALL, {"0.0": ["0"], "1.0": ["0"]}, {"0.0": ["2"], "1.0": ["0"]}, {"0.0": ["2"], "0.1": ["2"]})
    assert found == {("u1", "a"): 2, ("u1", "b"): 1, ("g", "c"): 2}


def test_a_vote_stands_whatever_was_left_open_beside_it() -> None:
    yes = Scale("yes", "是否", (Option(0, "是", Role.SATISFIED), Option(1, "否", Role.UNSATISFIED)))
    asked = (
        Question("a", Kind.RATING, "带头", "yes"), Question("b", Kind.RATING, "服务", "yes"),
        Question("e", Kind.CHOICE, "推荐谁", candidates=("甲", "乙"), choose=1, election=Election(seats=1)),
        Question("c", Kind.CHOICE, "为什么", candidates=("一", "二"), choose=1),
    )  # fmt: skip
    target = Target("m1", Audience.MEMBER, "张三", "", "m")
    voted = Paper(7, 3, "会", "党员", "题", "0" * 64, (target,), (Section("m", "党员", Audience.MEMBER, asked),), (yes,), texts=False)
    half = {"0.0": ["0"], "0.2": ["1"], "0.3": ["0"]}
    assert counted(voted, Validity.HALF, half) == {("m1", "a"): 1, ("m1", "e"): 1, ("m1", "c"): 1}
    assert counted(voted, Validity.ALL, half) == {("m1", "e"): 1}


def test_a_paper_says_how_much_must_be_marked_and_says_nothing_of_it_as_usual() -> None:
    assert "validity" not in PAPER.as_json() and read_paper(PAPER.as_json()) == PAPER
    strict = replace(PAPER, validity=Validity.ALL)
    assert read_paper(strict.as_json()) == strict and strict.sha256 != PAPER.sha256


bytes_ = st.lists(st.sampled_from([0, 1, BLANK]), min_size=2, max_size=2)


@given(st.lists(bytes_, max_size=12), st.sampled_from(Validity))
def test_a_row_counts_whole_or_not_at_all(rows: list[list[int]], rule: Validity) -> None:
    opened = [Opened(Marks(bytes([*row, *[BLANK] * (len(PAPER.columns) - 2)])), "A" * 10) for row in rows]
    after = [list(each.marks.columns[:2]) for each in valid_rows(PAPER, opened, rule)]
    least = {Validity.ANY: 0, Validity.HALF: 1, Validity.ALL: 2}[rule]
    assert after == [row if sum(code != BLANK for code in row) >= least else [BLANK, BLANK] for row in rows]
