"""The preview of a questionnaire: a paper of invented people that any unfinished form has."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.elections import Pool
from survey.domain.previews import Invented, preview_paper
from survey.domain.questionnaires import Audience, Condition, Kind, Question, Questionnaire, Section
from tests.questionnaires_for_tests import questionnaires

PEOPLE = Invented("示例支部", ("张三", "李四"), "（没有写）", {"leading": "领导干部", "working": "在职党员"}, {})


@given(form=questionnaires(pools=tuple(Pool)), data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_section_of_any_form_is_shown_and_nothing_that_cannot_be(form: Questionnaire, data: st.DataObject) -> None:
    whole = preview_paper(form, PEOPLE)
    assert {target.section for target in whole.targets} == {section.key for section in form.sections}
    assert whole.is_survey is form.is_survey and len({target.key for target in whole.targets}) == len(whole.targets)
    drop = data.draw(st.sampled_from(["scales", "texts", "candidates"]))
    if drop == "scales":
        form = replace(form, scales=())
    else:
        bare = {"texts": {"text": ""}, "candidates": {"candidates": ()}}[drop]
        form = replace(
            form, sections=tuple(replace(s, questions=tuple(replace(q, **bare) for q in s.questions)) for s in form.sections)
        )
    paper = preview_paper(form, PEOPLE)
    for target in paper.targets:
        for question in paper.questions(target):
            assert question.text and (question.kind is not Kind.RATING or paper.scale(question).options)
            assert question.kind is not Kind.CHOICE or 1 <= question.choose <= len(question.candidates)
    assert len(paper.columns) == len(paper.offered)


def test_each_kind_of_member_has_somebody_and_a_condition_that_cannot_hold_is_left_out() -> None:
    asked = Question("a", Kind.OPINION, "说", show_if=Condition("none", (0,)))
    form = Questionnaire("k", "", (), (Section("m", "", Audience.MEMBER, (asked,), only=("leading", "working")),))
    paper = preview_paper(form, PEOPLE)
    assert [(target.label, target.note) for target in paper.targets] == [("张三", "领导干部"), ("李四", "在职党员")]
    assert paper.title == paper.sections[0].title == "（没有写）"
    assert paper.sections[0].questions[0].show_if is None
