"""Answers become columns and bytes and come back the same, or are refused with target and question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.ballots import Marks, Opened, clean, fill, pack, size, unpack
from survey.domain.papers import read_paper
from survey.domain.questionnaires import BLANK
from survey.domain.refusals import BadAnswer, BoxDiffers, MissingAnswer, TextTooLong
from survey.domain.results import alpha, tally, trimmed
from survey.domain.rounds import Scheme
from tests.domain.papers_for_tests import paper

PAPER = paper()
# unit: two ratings; two members: score + three candidates each; general: an opinion without a column.
WIDTH = 2 + 2 * 4
TRACKER = "ABCDEFGHIJ"


def test_the_layout_is_one_byte_a_question_and_one_a_candidate() -> None:
    assert len(PAPER.columns) == WIDTH
    assert [target.key for target in PAPER.targets] == ["u1", "m1", "m2", "g"]
    assert read_paper(PAPER.as_json()) == PAPER


def test_answers_fill_their_columns_and_the_rest_is_blank() -> None:
    marks = fill(PAPER, {"0.1": ["3"], "1.0": ["88"], "2.1": ["0", "2"], "3.0": [" 多听意见 "]})
    assert list(marks.columns) == [BLANK, 3, 88, BLANK, BLANK, BLANK, BLANK, 1, BLANK, 1]
    assert marks.texts == ((3, 0, "多听意见"),)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"0.1": ["0"], "0.0": ["4"]}, "no_such_option"),
        ({"0.1": ["0"], "0.0": ["0", "1"]}, "two_answers"),
        ({"0.1": ["0"], "1.0": ["101"]}, "score_range"),
        ({"0.1": ["0"], "1.0": ["-1"]}, "score_range"),
        ({"0.1": ["0"], "1.0": ["1.5"]}, "score_range"),
        ({"0.1": ["0"], "1.1": ["0", "1", "2"]}, "too_many_ticks"),
        ({"0.1": ["0"], "1.1": ["3"]}, "no_such_option"),
        ({"0.1": ["0"], "9.9": ["0"]}, "no_such_question"),
        ({"0.1": ["0"], "go\x00": ["0"]}, "no_such_question"),
    ],
)
def test_an_answer_the_paper_does_not_offer_is_refused(answers: dict[str, list[str]], why: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        fill(PAPER, answers)
    assert refused.value.facts["why"] == why


def test_a_required_question_names_its_target() -> None:
    with pytest.raises(MissingAnswer) as refused:
        fill(PAPER, {})
    assert refused.value.facts == {"target": "机修车间党支部", "question": "党员队伍好", "field": "0.1"}


def test_full_width_digits_are_digits() -> None:
    assert fill(PAPER, {"0.1": ["0"], "1.0": ["９０"]}).columns[2] == 90


def test_all_opinions_together_have_a_thousand_characters() -> None:
    assert fill(PAPER, {"0.1": ["0"], "3.0": ["字" * 1000]}).texts[0][2] == "字" * 1000
    with pytest.raises(TextTooLong):
        fill(PAPER, {"0.1": ["0"], "3.0": ["字" * 1001]})


def test_words_lose_what_nobody_can_see() -> None:
    assert clean("Ａ\u200bB\x00\u202e c\r\nd\ud800") == "AB c\nd"


marks_of_paper = st.builds(
    Marks,
    st.tuples(*[st.sampled_from([*sorted(offered), BLANK]) for offered in PAPER.offered]).map(bytes),
    st.one_of(
        st.just(()),
        st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=300).map(lambda text: ((3, 0, text),)),
    ),
)


@given(marks_of_paper)
def test_every_ballot_has_one_size_and_comes_back_the_same(marks: Marks) -> None:
    plain = pack(PAPER, marks, TRACKER)
    assert len(plain) == size(PAPER) == WIDTH + 4096 + 64
    assert unpack(PAPER, plain) == Opened(marks, TRACKER)


@given(st.integers(0, size(PAPER) - 1), st.integers(0, 255))
def test_bytes_that_pack_would_not_have_made_are_refused(place: int, value: int) -> None:
    good = pack(PAPER, fill(PAPER, {"0.1": ["0"]}), TRACKER)
    bad = good[:place] + bytes([value]) + good[place + 1 :]
    try:
        opened = unpack(PAPER, bad)
    except BoxDiffers:
        return
    assert pack(PAPER, opened.marks, opened.tracker)[64 : 64 + WIDTH] == bad[64 : 64 + WIDTH]
    assert all(code == BLANK or code in PAPER.offered[i] for i, code in enumerate(opened.marks.columns))


def test_the_tally_counts_each_code_and_keeps_no_row() -> None:
    given_answers = [
        {"0.1": ["0"], "0.0": ["0"], "1.0": ["90"], "1.1": ["0"]},
        {"0.1": ["0"], "0.0": ["1"], "1.0": ["90"], "1.1": ["0", "2"], "3.0": ["好"]},
        {"0.1": ["3"]},
    ]
    found = tally(PAPER, [Opened(fill(PAPER, each), TRACKER) for each in given_answers], Scheme())
    assert found.returned == 3
    assert found.abstained == 0
    counts = {(c.target, c.question, c.option): c.ballots for c in found.counts}
    assert counts == {
        ("u1", "good1", 0): 1,
        ("u1", "good1", 1): 1,
        ("u1", "good2", 0): 2,
        ("u1", "good2", 3): 1,
        ("m1", "score", 90): 2,
        ("m1", "pick", 0): 2,
        ("m1", "pick", 2): 1,
        ("m1", "pick", -1): 2,
    }
    assert [(o.target, o.question, o.text) for o in found.opinions] == [("g", "say", "好")]
    # Complete rows of the branch are (0, 0) and (1, 0): one of two gives the same answer twice.
    assert found.wholes[0].straight == 0.5


def test_alpha_is_cronbachs() -> None:
    # Items (1,2,3,4) and (2,2,4,4): variances 1.25 and 1, of the sums (3,4,7,8) 4.25; 2 * (1 - 2.25/4.25).
    assert alpha([(1, 2), (2, 2), (3, 4), (4, 4)]) == pytest.approx(2 * (1 - 2.25 / 4.25))
    assert alpha([(1, 1)]) is None
    assert alpha([(1, 1), (1, 1)]) is None


def test_the_trimmed_mean_cuts_both_ends() -> None:
    assert trimmed([0, 80, 80, 80, 80, 80, 80, 80, 80, 100], 0.1) == 80
    assert trimmed([], 0.1) is None


def test_a_paper_without_text_boxes_has_no_opinions() -> None:
    silent = paper(texts=False)
    assert "3.0" not in silent.fields
    with pytest.raises(BadAnswer):
        fill(silent, {"0.1": ["0"], "3.0": ["好"]})
