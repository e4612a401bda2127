"""Quiet advice: each piece where it belongs and nowhere else, and the minutes by hand."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from survey.actions.questionnaires import library
from survey.domain.advice import Advice, advice, is_placeholder
from survey.domain.minutes import (
    ANSWER_SECONDS,
    AROUND_SECONDS,
    OLDER,
    OPINION_SECONDS,
    minutes,
    older_minutes,
    seconds,
)
from survey.domain.questionnaires import Audience, Kind, Option, Question, Questionnaire, Role, Scale, Section
from survey.domain.wordings import is_double, is_double_negative, is_loaded
from tests.questionnaires_for_tests import questionnaires

LEVELS = (Option(0, "好", Role.SATISFIED, 100), Option(1, "中", Role.BASIC, 60), Option(2, "差", Role.UNSATISFIED, 0))
UNKNOWN = Option(3, "不了解", Role.UNKNOWN)
SCALE = Scale("s", "等次", (*LEVELS, UNKNOWN))
RATE = Question("rate", Kind.RATING, "工作怎么样", scale="s", required=True)
PEOPLE = Section("people", "评党员", Audience.MEMBER, (RATE,))
FORM = Questionnaire("own", "自己的问卷", (SCALE,), (PEOPLE,))


def asking(*questions: Question, form: Questionnaire = FORM) -> Questionnaire:
    return replace(form, sections=(replace(PEOPLE, questions=questions),))


def with_scale(*options: Option) -> Questionnaire:
    return replace(FORM, scales=(Scale("s", "等次", options),))


def reasons(form: Questionnaire) -> list[str]:
    return [each.why for each in advice(form, members=3)[1:]]


def test_a_plain_form_gets_only_its_minutes() -> None:
    assert advice(FORM, members=3) == (Advice("minutes", numbers=(1, 2, 3)),)


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (with_scale(*LEVELS[:2], replace(LEVELS[2], points=30), UNKNOWN), Advice("lowest_earns", scale="s", text="差", numbers=(30,))),
        (with_scale(*(replace(LEVELS[n], points=p) for n, p in enumerate((60, 100, 0))), UNKNOWN), Advice("points_order", scale="s", text="等次")),
        (with_scale(LEVELS[0], LEVELS[2], replace(LEVELS[1], points=0), UNKNOWN), Advice("roles_order", scale="s", text="等次")),
        (asking(replace(RATE, text="是否热心并且负责")), Advice("double", "people", "rate", text="是否热心并且负责")),
        (asking(replace(RATE, text="是不是没有不负责的时候")), Advice("double_negative", "people", "rate", text="是不是没有不负责的时候")),
        (asking(replace(RATE, text="大家都说好，您看呢")), Advice("loaded", "people", "rate", text="大家都说好，您看呢")),
        (asking(RATE, replace(RATE, key="again", text="工作 怎么样？")), Advice("same_text", "people", "again", text="工作 怎么样？")),
        (asking(replace(RATE, required=False)), Advice("nothing_required")),
        (with_scale(*LEVELS), Advice("no_unknown", "people", scale="s", text="评党员")),
        (replace(FORM, sections=(PEOPLE, replace(PEOPLE, key="old", title="老党员", only=("retired",)))), Advice("unreached", "old", text="老党员")),
        (replace(FORM, sections=(replace(PEOPLE, only=("retired",)),)), Advice("no_rest", "people", text="评党员")),
        (replace(FORM, scales=(SCALE, replace(SCALE, key="t", label="另一组"))), Advice("unused_scale", scale="t", text="另一组")),
        (
            asking(RATE, Question("pick", Kind.CHOICE, "推荐谁", candidates=("候选人甲", "王五"), choose=1)),
            Advice("placeholder", "people", "pick", text="候选人甲"),
        ),
    ],
    ids=lambda value: value.why if isinstance(value, Advice) else "",
)  # fmt: skip
def test_each_piece_of_advice_is_given_where_it_belongs_and_alone(form: Questionnaire, told: Advice) -> None:
    assert advice(form, members=3)[1:] == (told,)


def test_an_abstention_is_a_way_out_too_and_sections_that_share_the_kinds_reach_everybody() -> None:
    assert reasons(with_scale(*LEVELS, replace(UNKNOWN, role=Role.ABSTAIN))) == []
    retired = replace(PEOPLE, key="old", only=("retired",))
    assert reasons(replace(FORM, sections=(retired, PEOPLE))) == []
    both = replace(PEOPLE, key="both", only=("retired", "mobile"))
    assert reasons(replace(FORM, sections=(both, replace(retired, title="老党员"), PEOPLE))) == ["unreached"]


def test_the_minutes_are_those_of_hand_arithmetic() -> None:
    # 6 + 3 + 5 characters of options, title and question at 255 a minute, 8 of each name and post, one answer a member.
    read = (6 + 3 + 5 + 10 * 8) / 255 * 60
    assert seconds(FORM, members=10) == pytest.approx(AROUND_SECONDS + read + 10 * ANSWER_SECONDS)
    said = asking(RATE, Question("say", Kind.OPINION, "意见", required=False), Question("more", Kind.OPINION, "建议"))
    assert seconds(said, members=10) == pytest.approx(AROUND_SECONDS + read + 4 / 255 * 60 + 10 * ANSWER_SECONDS + OPINION_SECONDS)
    five = library()["five_goods_five_leads"]
    # 125 answers about members and 5 about the branch are most of it: 130 × 2.65 s = 344 s; the names 47 s; the rest below 2 min.
    assert (minutes(five, members=25), older_minutes(five, members=25)) == (9, 15) and OLDER == 1.8
    assert advice(five, members=40)[0].why == "too_long"


@pytest.mark.parametrize("text", [
    "是否积极参加活动，是否按时", "是否热心并负责", "工作态度与出勤", "学习和工作", "师德、师风", "办事公道或热情", "既讲原则又讲方法", "不仅自己学而且带着别人学",
])  # fmt: skip
def test_two_questions_in_one_are_noticed(text: str) -> None:
    assert is_double(text)


@pytest.mark.parametrize("text", [
    "领导班子好", "促进和谐", "和谐安定", "与本职工作结合", "对群众是否和气", "参与活动", "是否及时办理", "是否达到“爱岗、敬业”标准",
    "党员和群众是否满意", "合并后的工作", "并不拖延", "带头学习提高（理论和业务）", "普及知识", "与群众的关系",
])  # fmt: skip
def test_one_question_is_left_alone(text: str) -> None:
    assert not is_double(text)


def test_negations_and_pushed_answers_are_noticed_and_plain_words_are_not() -> None:
    assert is_double_negative("他不是没有完成任务") and not is_double_negative("有没有不作为")
    assert not is_double_negative("不断改进，无私奉献") and not is_double_negative("您对什么不满意")
    assert is_loaded("难道不应该表扬") and not is_loaded("应该先办哪一件")
    assert is_placeholder("候选人甲") and is_placeholder("Candidate B") and not is_placeholder("甲，候选人") and not is_placeholder("王甲")


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(questionnaires())
def test_any_form_gets_its_advice(form: Questionnaire) -> None:
    found = advice(form, members=25)
    assert found[0].why in ("minutes", "too_long") and Counter(found).most_common(1)[0][1] == 1
