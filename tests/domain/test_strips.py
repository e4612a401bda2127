"""Rows of a survey, sorted and packed; never those of an evaluation."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.ballots import Marks, Opened, fill
from survey.domain.papers import Paper, targets, used
from survey.domain.questionnaires import Questionnaire
from survey.domain.results import ANSWERED
from survey.domain.strips import Strip, pack, strip, unpack
from tests.domain.papers_for_tests import paper as rated_paper
from tests.questionnaires_for_tests import fillings, questionnaires
from tests.surveys_for_tests import WORDS, drawn, survey_form


def survey_paper(group: int = 3, name: str = "答卷人", *, form: Questionnaire | None = None) -> Paper:
    form = form or survey_form()
    chosen = targets(form, [])
    sections, scales = used(form, chosen)
    return Paper(7, group, "出行调查", name, form.title, "0" * 64, chosen, sections, scales, texts=True)


def opened(paper: Paper, n: int, *, seed: int = 1) -> list[Opened]:
    random = Random(seed)
    return [Opened(fill(paper, drawn(paper, random)), f"T{i:09d}") for i in range(n)]


def kept(papers: dict[int, Paper], ballots: dict[int, list[Opened]]) -> Strip:
    found = strip(papers, ballots)
    assert found is not None
    return found


def test_the_order_of_arrival_leaves_no_trace_in_a_strip() -> None:
    paper = survey_paper()
    ballots = opened(paper, 30)
    once = pack(kept({3: paper}, {3: ballots}))
    Random(5).shuffle(ballots)
    assert pack(kept({3: paper}, {3: ballots})) == once
    renamed = [Opened(ballot.marks, ballot.tracker[::-1]) for ballot in ballots]
    assert pack(kept({3: paper}, {3: renamed})) == once, "nor do the trackers"


def test_a_strip_comes_back_as_it_was_packed() -> None:
    paper = survey_paper()
    found = kept({3: paper}, {3: opened(paper, 12)})
    assert unpack(pack(found)) == found
    assert len(found.rows) == 12 and all(len(row.answers) == len(paper.fields) for row in found.rows)


def test_a_row_says_what_the_ballot_said() -> None:
    paper = survey_paper()
    given = {"0.0": ["0"], "0.1": ["2", "0"], "0.2": ["3"], "0.3": ["25"], "1.0": ["0"], "1.1": ["2026-09-18"], "1.2": [WORDS[1]]}
    blank = Opened(Marks(fill(paper, {"0.0": ["1"]}).columns), "B" * 10)
    full = Opened(fill(paper, given), "A" * 10)
    rows = kept({3: paper}, {3: [full, *[blank] * 7]}).rows
    said = {row.answers for row in rows}
    assert said == {((0,), (0, 2), 3, 25, 0, 739877, "=1+1"), ((1,), None, None, None, None, None, None)}


@pytest.mark.parametrize(("ballots", "rows", "words"), [(4, 0, False), (5, 5, False), (7, 7, False), (8, 8, True)])
def test_fewer_than_five_leave_no_rows_and_fewer_than_eight_no_words(ballots: int, rows: int, words: bool) -> None:
    paper = survey_paper()
    found = strip({3: paper}, {3: opened(paper, ballots)})
    assert (len(found.rows) if found else 0) == rows
    assert found is None or found.texts is words
    said = {row.answers[-1] for row in found.rows} if found else set()
    assert bool(said - {None}) is words


@pytest.mark.parametrize(("first", "second", "texts", "apart"), [(8, 8, True, True), (8, 7, True, False), (5, 5, False, True), (9, 4, False, False), (9, 0, False, False)])
def test_rows_tell_the_groups_apart_only_when_each_is_large_enough(first: int, second: int, texts: bool, apart: bool) -> None:
    form = survey_form(texts=texts)
    papers = {3: survey_paper(3, "甲组", form=form), 4: survey_paper(4, "乙组", form=form)}
    found = kept(papers, {3: opened(papers[3], first), 4: opened(papers[4], second, seed=2)})
    assert found.has_groups is apart
    assert {row.group for row in found.rows} == ({"甲组", "乙组"} if apart else {""})


def test_where_anybody_is_rated_no_row_is_kept() -> None:
    paper = rated_paper()
    ballots = [Opened(Marks(bytes(len(paper.columns))), "A" * 10)] * 9
    with pytest.raises(ValueError, match="nobody is rated"):
        strip({3: paper}, {3: ballots})
    plain = survey_paper(4)
    with pytest.raises(ValueError, match="nobody is rated"):
        strip({3: paper, 4: plain}, {3: ballots, 4: opened(plain, 9)})


def _said(paper: Paper, answers: tuple[object, ...]) -> tuple[frozenset[object], frozenset[object]]:
    """A row as marks and words, the way the strategies tell them."""
    marks, words = set(), set()
    for (t, q), answer in zip(paper.fields.values(), answers, strict=True):
        target = paper.targets[t]
        key = (target.key, paper.questions(target)[q].key)
        if isinstance(answer, str):
            words.add((*key, answer))
        elif answer is not None:
            marks.update((*key, each) for each in (answer if isinstance(answer, tuple) else (answer,)))
    return frozenset(marks), frozenset(words)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_the_rows_of_any_survey_say_what_was_filled_in(data: st.DataObject) -> None:
    paper = survey_paper(form=data.draw(questionnaires(rated=False)))
    filled = [data.draw(fillings(paper)) for _ in range(2)]
    ballots = [Opened(fill(paper, each.fields), f"T{i:09d}") for i in range(4) for each in filled]
    found = unpack(pack(kept({3: paper}, {3: ballots})))
    told = Counter((frozenset(m for m in each.marks if m[2] != ANSWERED), each.opinions) for each in filled * 4)
    assert Counter(_said(paper, row.answers) for row in found.rows) == told
