"""Editing a questionnaire: whatever is pressed in whatever order, the form can be read, its keys are its own, and what was taken
out comes back as it was."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.deletions import read_deleted
from survey.domain.draft_keys import begun
from survey.domain.drafts import (
    MOST_DELETED,
    Work,
    add_question,
    add_scale,
    add_section,
    change_question,
    change_scale,
    change_section,
    duplicate_question,
    duplicate_section,
    fitting,
    move_question,
    move_section,
    order_questions,
    order_sections,
    put_back,
    question_of,
    remove_question,
    remove_scale,
    remove_section,
    send_question,
)
from survey.domain.questionnaire_checks import MOST_QUESTIONS, faults
from survey.domain.questionnaire_json import as_json, read
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
from survey.domain.refusals import BadField, NotFound
from tests.questionnaires_for_tests import questionnaires

SCALE = Scale("r1", "两级", (Option(0, "好", Role.SATISFIED, 100), Option(1, "差", Role.UNSATISFIED, 0)))
PICK = Question("q1", Kind.CHOICE, "选一个", candidates=("甲", "乙", "丙"), choose=1)
WHY = Question("q2", Kind.OPINION, "为什么", show_if=Condition("q1", (1,)))
FORM = Questionnaire(
    "d1", "问卷", (SCALE,),
    (Section("s1", "一", Audience.GENERAL, (PICK, WHY)), Section("s2", "二", Audience.UNIT, (Question("q3", Kind.RATING, "怎样", "r1"),))),
)  # fmt: skip
Step = Callable[[Work, st.DataObject], Work]


def some_part(work: Work, data: st.DataObject) -> str:
    return data.draw(st.sampled_from([section.key for section in work.form.sections]))


def some_question(work: Work, data: st.DataObject) -> tuple[str, str]:
    return data.draw(st.sampled_from([(s.key, q.key) for s in work.form.sections for q in s.questions]))


def retyped(work: Work, data: st.DataObject) -> Work:
    part, key = some_question(work, data)
    before = question_of(work.form, part, key)
    kind = data.draw(st.sampled_from(Kind))
    words = data.draw(st.lists(st.sampled_from(["甲", "乙", "", "=1"]), max_size=4))
    bounds = {"low": data.draw(st.integers(1, 9)), "high": 7} if kind in (Kind.NUMBER, Kind.DATE) else {}
    after = data.draw(st.sampled_from(["", "q1", "no"]))
    shown = Condition(after, (0, 1)) if after else None
    return change_question(work, part, replace(before, kind=kind, text="", candidates=tuple(words), choose=9, show_if=shown, **bounds))


STEPS: tuple[Step, ...] = (
    lambda work, data: add_section(work, Section("", "", data.draw(st.sampled_from(Audience)), ())),
    lambda work, data: add_scale(work, replace(SCALE, key="")),
    lambda work, data: duplicate_section(work, some_part(work, data)),
    lambda work, data: remove_section(work, some_part(work, data)),
    lambda work, data: move_section(work, some_part(work, data), data.draw(st.integers(-3, 3))),
    lambda work, data: change_section(work, replace(work.form.sections[0], title="", audience=Audience.MEMBER, only=("leading",))),
    lambda work, data: add_question(work, some_part(work, data), replace(PICK, key="")),
    lambda work, data: duplicate_question(work, *some_question(work, data)),
    lambda work, data: remove_question(work, *some_question(work, data)),
    lambda work, data: move_question(work, *some_question(work, data), data.draw(st.integers(-3, 3))),
    lambda work, data: send_question(work, *some_question(work, data), some_part(work, data)),
    lambda work, data: order_questions(work, some_part(work, data), data.draw(st.lists(st.sampled_from(["q1", "q2", "q9"])))),
    lambda work, data: remove_scale(work, data.draw(st.sampled_from([scale.key for scale in work.form.scales]))),
    lambda work, data: change_scale(work, replace(work.form.scales[0], label="", options=())),
    lambda work, data: put_back(work) if work.deleted else work,
    retyped,
    lambda work, data: order_sections(work, data.draw(st.lists(st.sampled_from([section.key for section in work.form.sections])))),
)


def possible(work: Work, step: Step) -> bool:
    """Whether there is anything the step could be about."""
    place = STEPS.index(step)
    questions = any(section.questions for section in work.form.sections)
    if place in (12, 13):
        return bool(work.form.scales)
    if place in (2, 3, 4, 5, 6, 11, 16):
        return bool(work.form.sections)
    return questions or place not in (7, 8, 9, 10, 15)


@given(form=questionnaires(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_after_any_steps_the_form_is_read_back_and_keys_are_unique(form: Questionnaire, data: st.DataObject) -> None:
    work = Work(begun(form, "d7"))
    for _ in range(data.draw(st.integers(1, 12))):
        step = data.draw(st.sampled_from([each for each in STEPS if possible(work, each)]))
        after = step(work, data)
        if len(after.deleted) > len(work.deleted):
            # What was taken out comes back as it was, place and all, also when it was kept as text meanwhile.
            again = put_back(replace(after, deleted=tuple(read_deleted(each.as_json()) for each in after.deleted)))
            assert again.form == work.form and again.deleted == work.deleted
        work = after
        assert read(as_json(work.form)) == work.form
        for rows in (work.form.sections, work.form.scales, *(section.questions for section in work.form.sections)):
            assert len({row.key for row in rows}) == len(rows) and all(row.key for row in rows)
        faults(work.form)
        assert read(as_json(fitting(work.form))) == fitting(work.form)


TAKING_OUT = tuple(STEPS[place] for place in (3, 8, 12))


@given(form=questionnaires(), data=st.data())
@settings(max_examples=15, deadline=None)
def test_whatever_is_taken_out_comes_back_in_the_opposite_order(form: Questionnaire, data: st.DataObject) -> None:
    first = work = Work(begun(form, "d7"))
    before: list[Questionnaire] = []
    for _ in range(data.draw(st.integers(1, 24))):
        steps = [each for each in TAKING_OUT if possible(work, each)]
        if not steps:
            break
        before.append(work.form)
        work = data.draw(st.sampled_from(steps))(work, data)
    assert len(work.deleted) == min(len(before), MOST_DELETED)
    for form in reversed(before[-MOST_DELETED:]):
        work = put_back(work)
        assert work.form == form
    assert work.deleted == () and (work == first or len(before) > MOST_DELETED)
    with pytest.raises(NotFound):
        put_back(work)


def test_a_question_waits_behind_its_section_and_comes_back_after_other_work() -> None:
    work = remove_section(remove_question(Work(FORM), "s1", "q1"), "s1")
    work = add_question(work, "s2", replace(PICK, key=""))
    back = put_back(put_back(work))
    assert [each.key for each in back.form.sections[0].questions] == ["q1", "q2"] and back.deleted == ()
    assert back.form.sections[1].questions[-1].key == "q4", "the keys of what may come back are kept for it"


def test_sections_that_are_not_named_in_an_order_follow_the_one_they_followed() -> None:
    work = Work(FORM)
    for title in ("三", "四"):
        work = add_section(work, Section("", title, Audience.GENERAL, ()))
    assert [each.key for each in work.form.sections] == ["s1", "s2", "s4", "s5"]
    assert [each.key for each in order_sections(work, ["s5", "s2", "s5", "no"]).form.sections] == ["s1", "s5", "s2", "s4"]


def test_a_key_is_never_given_to_another_thing() -> None:
    work = Work(FORM, taken=frozenset({"q8"}))
    assert add_question(work, "s1", replace(PICK, key="")).fresh == "q9"
    gone = remove_question(replace(work, taken=frozenset()), "s2", "q3")
    assert add_question(gone, "s1", replace(PICK, key="")).fresh == "q4"
    lost = remove_section(Work(FORM), "s2")
    assert add_section(lost, Section("", "三", Audience.UNIT, ())).fresh == "s4"


def test_a_condition_follows_its_answer_when_the_answers_are_moved_renamed_or_dropped() -> None:
    def shown(*candidates: str) -> Condition | None:
        work = change_question(Work(FORM), "s1", replace(PICK, candidates=candidates))
        return question_of(work.form, "s1", "q2").show_if

    assert shown("乙", "甲", "丙") == Condition("q1", (0,))
    assert shown("甲", "乙乙", "丙") == Condition("q1", (1,))
    assert shown("甲", "丙") == Condition("q1", ())
    assert "condition_options" in [
        fault.why for fault in faults(change_question(Work(FORM), "s1", replace(PICK, candidates=("甲", "丙"))).form)
    ]


def test_what_a_question_kept_of_other_kinds_is_not_frozen() -> None:
    words = replace(PICK, kind=Kind.OPINION, scale="r1")
    work = change_question(Work(FORM), "s1", words)
    assert question_of(work.form, "s1", "q1").candidates == PICK.candidates
    assert question_of(fitting(work.form), "s1", "q1") == Question("q1", Kind.OPINION, "选一个")
    day = change_question(Work(FORM), "s1", replace(PICK, kind=Kind.NUMBER, low=-5))
    as_day = change_question(day, "s1", replace(question_of(day.form, "s1", "q1"), kind=Kind.DATE))
    assert question_of(as_day.form, "s1", "q1").low is None, "no day is the number −5"


def test_a_section_has_room_for_so_many_questions() -> None:
    many = tuple(replace(PICK, key=f"x{n}") for n in range(MOST_QUESTIONS))
    work = Work(replace(FORM, sections=(replace(FORM.sections[0], questions=many), FORM.sections[1])))
    for step in (lambda: duplicate_question(work, "s1", "x0"), lambda: send_question(work, "s2", "q3", "s1")):
        with pytest.raises(BadField) as refused:
            step()
        assert refused.value.facts["most"] == MOST_QUESTIONS


def test_a_form_with_keys_missing_or_twice_gets_its_own() -> None:
    twice = Section("s1", "一", Audience.GENERAL, (PICK, PICK, replace(PICK, key="")))
    form = begun(replace(FORM, scales=(SCALE, SCALE), sections=(twice, twice)), "d9")
    assert form.key == "d9" and faults(form) == ()
