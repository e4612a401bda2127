"""Questionnaires: what is read back, what is at fault, and what is asked after which answer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from survey.domain.ballots import Opened, fill, pack, unpack
from survey.domain.papers import Paper, Target, read_paper
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaire_json import as_json, questionnaire, read
from survey.domain.questionnaires import (
    Audience,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Role,
    Scale,
    Section,
)
from survey.domain.refusals import BadAnswer, BadField, BoxDiffers
from survey.domain.results import Count, tally
from survey.domain.rounds import Scheme

SCALE = Scale("s", "两级", (Option(0, "好", Role.SATISFIED, 100), Option(1, "不好", Role.UNSATISFIED, 0)))
WHY = Question("why", Kind.OPINION, "哪里不好", show_if=Condition("rate", (1,)))
QUESTIONS = (
    Question("rate", Kind.RATING, "工作怎么样", scale="s"),
    Question("pick", Kind.CHOICE, "选两个", candidates=("甲", "乙", "丙"), choose=2, least=2, show_if=Condition("rate", (1,))),
    Question("years", Kind.NUMBER, "来了几年", low=0, high=60, required=True),
    Question("since", Kind.DATE, "哪一天来的", low=date(1980, 1, 1).toordinal()),
    WHY,
)
FORM = Questionnaire("own", "自己的问卷", (SCALE,), (Section("all", "总的", Audience.GENERAL, QUESTIONS),), purpose="survey")
PAPER = Paper(1, 2, "会", "群众", "卷", "x" * 64, (Target("g", Audience.GENERAL, "总的", "", "all"),), FORM.sections, (SCALE,), True)
TRACKER = "A" * 10


def test_json_and_back_is_the_same_form() -> None:
    assert questionnaire(as_json(FORM)) == FORM and faults(FORM) == ()
    assert read_paper(PAPER.as_json()) == PAPER


def test_a_question_whose_condition_is_not_met_is_not_asked_and_its_answer_is_dropped() -> None:
    marks = fill(PAPER, {"0.0": ["0"], "0.1": ["0", "1"], "0.2": ["7"], "0.4": ["噪音"]})
    assert marks.texts == () and marks.columns[1:4] == b"\xff\xff\xff"
    marks = fill(PAPER, {"0.0": ["1"], "0.1": ["0", "2"], "0.2": ["７"], "0.3": ["2020年3月1日"], "0.4": ["噪音"]})
    assert marks.texts == ((0, 4, "噪音"),) and marks.columns[1:4] == b"\x01\xff\x01"
    found = tally(PAPER, [Opened(marks, TRACKER)], Scheme())
    assert Count("g", "years", 7, 1) in found.counts
    assert Count("g", "since", date(2020, 3, 1).toordinal(), 1) in found.counts
    assert unpack(PAPER, pack(PAPER, marks, TRACKER)) == Opened(marks, TRACKER)


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("0.2", "61", "number_range"), ("0.2", "-1", "number_range"), ("0.2", "五", "not_a_number"), ("0.2", "1.5", "not_a_number"),
        ("0.3", "1979-12-31", "date_range"), ("0.3", "2020-02-30", "not_a_date"), ("0.1", "1", "too_few_ticks"),
    ],
)  # fmt: skip
def test_an_answer_out_of_its_bounds_is_refused_by_name(field: str, typed: str, why: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        fill(PAPER, {"0.0": ["1"], "0.2": ["7"], field: [typed]})
    assert refused.value.facts["why"] == why


def test_a_ballot_that_answers_what_was_not_asked_is_no_ballot_of_this_paper() -> None:
    marks = fill(PAPER, {"0.0": ["1"], "0.2": ["7"], "0.4": ["噪音"]})
    changed = replace(marks, columns=b"\x00" + marks.columns[1:])
    with pytest.raises(BoxDiffers):
        unpack(PAPER, pack(PAPER, changed, TRACKER))
    over = replace(marks, texts=(), columns=marks.columns[:4] + (1_000_000_061).to_bytes(4, "big") + marks.columns[8:])
    with pytest.raises(BoxDiffers):
        unpack(PAPER, pack(PAPER, over, TRACKER))


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (replace(QUESTIONS[0], text=" "), "empty"), (replace(QUESTIONS[0], text="问" * 501), "long"),
        (replace(QUESTIONS[0], text="问\u200b"), "unseen"), (replace(QUESTIONS[0], scale="t"), "no_scale"),
        (replace(QUESTIONS[1], key="rate", show_if=None), "twice"), (replace(QUESTIONS[1], candidates=("甲",)), "few_options"),
        (replace(QUESTIONS[1], choose=4), "choose"), (replace(QUESTIONS[1], least=3), "least"),
        (replace(QUESTIONS[2], low=61), "bounds"), (replace(WHY, show_if=Condition("later", (1,))), "condition_unknown"),
        (replace(WHY, show_if=Condition("years", (1,))), "condition_kind"),
        (replace(WHY, show_if=Condition("rate", (2,))), "condition_options"),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_place(question: Question, why: str) -> None:
    others = [each for each in QUESTIONS[:3] if each.key != question.key or why == "twice"]
    form = replace(FORM, sections=(replace(FORM.sections[0], questions=(*others, question)),))
    found = [fault for fault in faults(form) if not (fault.why == "condition_unknown" and why != "condition_unknown")]
    assert why in [fault.why for fault in found]
    assert {fault.section or "all" for fault in found} == {"all"}
    with pytest.raises(BadField):
        questionnaire(as_json(form))


@pytest.mark.parametrize("strange", [None, True, 7, 1.5, "字", ["a"], {"a": 1}, float("nan"), [["a"]]])
def test_whatever_stands_in_a_file_it_is_read_or_refused_in_words(strange: object) -> None:
    """Every value of the form, one after the other, becomes something else: no other error than a refusal."""
    plain = as_json(FORM)
    for path in paths(plain):
        changed = json.loads(json.dumps(plain))
        at = changed
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = strange
        try:
            assert faults(read(changed)) is not None
        except BadField as refused:
            assert refused.facts["why"] == "shape"


def paths(value: object, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inside:
        yield (*before, step)
        yield from paths(each, (*before, step))
