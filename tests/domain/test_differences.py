"""Differences between versions: none between equals, one at least for every change, each where it happened."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from survey.domain.differences import Change, Difference, Thing, differences
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
from tests.questionnaires_for_tests import questionnaires

SCALE = Scale("s", "两级", (Option(0, "好", Role.SATISFIED, 100), Option(1, "差", Role.UNSATISFIED, 0)))
A, B, C = (Question(key, Kind.RATING, f"问{key}", scale="s") for key in "abc")
SAY = Question("say", Kind.OPINION, "意见")
ONE, TWO = Section("one", "评支部", Audience.UNIT, (A, B, C)), Section("two", "评党员", Audience.MEMBER, (SAY,))
FORM = Questionnaire("own", "问卷", (SCALE,), (ONE, TWO))
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
MIRROR = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}


def asking(*questions: Question) -> Questionnaire:
    return replace(FORM, sections=(replace(ONE, questions=questions), TWO))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (replace(FORM, title="新问卷"), [Difference(Change.CHANGED, Thing.FORM, text="新问卷", field="title", before="问卷", after="新问卷")]),
        (asking(A, B), [Difference(Change.REMOVED, Thing.QUESTION, "one", "c", text="问c")]),
        (asking(A, SAY, B, C), [Difference(Change.ADDED, Thing.QUESTION, "one", "say", text="意见")]),
        (asking(C, A, B), [Difference(Change.MOVED, Thing.QUESTION, "one", "c", text="问c", before=3, after=1)]),
        (
            asking(A, replace(B, required=True), C),
            [Difference(Change.CHANGED, Thing.QUESTION, "one", "b", text="问b", field="required", before=False, after=True)],
        ),
        (
            asking(A, replace(B, show_if=Condition("a", (1,))), C),
            [Difference(Change.CHANGED, Thing.QUESTION, "one", "b", text="问b", field="show_if", before=None, after=Condition("a", (1,)))],
        ),
        (
            replace(FORM, sections=(replace(ONE, questions=(A, B)), replace(TWO, questions=(C, SAY)))),
            [Difference(Change.MOVED, Thing.QUESTION, "two", "c", text="问c", before="one", after="two")],
        ),
        (replace(FORM, sections=(TWO, ONE)), [Difference(Change.MOVED, Thing.SECTION, "two", text="评党员", before=2, after=1)]),
        (replace(FORM, sections=(ONE,)), [Difference(Change.REMOVED, Thing.SECTION, "two", text="评党员")]),
        (
            replace(FORM, scales=(replace(SCALE, options=(SCALE.options[0], replace(SCALE.options[1], points=10))),)),
            [Difference(Change.CHANGED, Thing.OPTION, scale="s", option="1", text="差", field="points", before=0, after=10)],
        ),
        (
            replace(FORM, scales=(replace(SCALE, options=(*SCALE.options, Option(2, "不了解", Role.UNKNOWN))),)),
            [Difference(Change.ADDED, Thing.OPTION, scale="s", option="2", text="不了解")],
        ),
        (replace(FORM, scales=(replace(SCALE, key="t"),)),
         [Difference(Change.ADDED, Thing.SCALE, scale="t", text="两级"), Difference(Change.REMOVED, Thing.SCALE, scale="s", text="两级")]),
    ],
)  # fmt: skip
def test_one_change_is_one_difference_where_it_happened(after: Questionnaire, told: list[Difference]) -> None:
    assert sorted(differences(FORM, after), key=str) == sorted(told, key=str)


def moves_and_edits(form: Questionnaire, data: st.DataObject) -> Questionnaire:
    """Some other version of a form: sections and questions in another order, some gone, some changed."""
    sections = []
    for section in data.draw(st.permutations(form.sections)):
        kept = [question for question in data.draw(st.permutations(section.questions)) if data.draw(st.integers(0, 4))]
        changed = tuple(replace(q, **data.draw(st.sampled_from(EDITS))) for q in kept)
        if data.draw(st.integers(0, 5)):
            sections.append(replace(section, questions=changed))
    scales = tuple(replace(scale, options=tuple(data.draw(st.permutations(scale.options)))) for scale in form.scales)
    return replace(form, sections=tuple(sections), scales=scales)


EDITS: list[dict[str, Any]] = [{}, {}, {"text": "换了问法"}, {"required": True}, {"help": "一句说明"}, {"candidates": ("甲", "乙")}]


@QUICK
@given(questionnaires())
def test_nothing_differs_from_itself(form: Questionnaire) -> None:
    assert differences(form, form) == ()


@QUICK
@given(questionnaires(), st.data())
def test_what_differs_is_told_and_back_again_it_is_the_same_the_other_way_round(form: Questionnaire, data: st.DataObject) -> None:
    other = moves_and_edits(form, data)
    there, back = differences(form, other), differences(other, form)
    assert bool(there) == bool(back) == (form != other)
    assert Counter((MIRROR.get(d.change, d.change), d.thing, d.field) for d in there) == Counter((d.change, d.thing, d.field) for d in back)
    changed = {(d.thing, d.section, d.question, d.scale, d.option, d.field): (d.before, d.after) for d in there if d.field and d.thing is not Thing.QUESTION}
    assert {(d.thing, d.section, d.question, d.scale, d.option, d.field): (d.after, d.before) for d in back
            if d.field and d.thing is not Thing.QUESTION} == changed  # fmt: skip


@settings(QUICK, max_examples=20)
@given(questionnaires(), questionnaires())
def test_two_forms_that_are_not_the_same_have_a_difference(one: Questionnaire, other: Questionnaire) -> None:
    assume(one != other)
    assert differences(one, other)
