"""The ready questionnaires: whole, named after a practice, and covering what people use."""

import hashlib
import json
from importlib.resources import files

import pytest

from survey.actions.questionnaires import DEFAULT, library
from survey.domain.advice import advice
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaire_json import as_json
from survey.domain.questionnaires import Audience, Kind, Purpose, Questionnaire, Role
from survey.domain.units import MemberKind, Sector

# What rounds of years past know the first six by: the digest of what they say.
KNOWN = {
    "five_goods_five_leads": "44a01bb9a49bbb50d3873ade944d57b2576d7bba19dbc8e332456b0a284be839",
    "five_goods": "4bb05120c7b60b87e81ae4a051d4eb17eeb3d7715d625865db859a904a2c1d37",
    "five_leads": "5159e8b564d430c14e7e99f9261e64085f1ba24c093673ab002983ce8e1a736b",
    "five_looks": "78fb57e428bb3c3bd56f5ab5da4ab373fd862f00d5747a4af9756917da2ac796",
    "virtues": "f839e28ff4655311468431ea20174bcb7986817817bd46c5fd000a363d5cd7c0",
    "four_questions": "0d0745a17406732f7bf0cc027cb2432c980e2e74ca17b6e6b7afa03653de39bb",
}


def digest(form: Questionnaire) -> str:
    body = json.dumps(as_json(form), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def asked(form: Questionnaire) -> set[str]:
    return {question.text for section in form.sections for question in section.questions}


@pytest.mark.parametrize("key", library())
def test_a_ready_form_is_whole_and_says_what_it_is(key: str) -> None:
    form = library()[key]
    assert not faults(form) and form.source and len(form.source) <= 100
    assert form.purpose in set(Purpose) or key in KNOWN
    used = {question.scale for section in form.sections for question in section.questions if question.kind is Kind.RATING}
    assert used == {scale.key for scale in form.scales}
    assert not form.is_survey or form.purpose == Purpose.SURVEY, "what rates nobody is a survey and no vote"


def test_the_files_are_named_by_number_and_key_and_the_default_comes_first() -> None:
    names = [entry.name for entry in files("survey.library").iterdir() if entry.name.endswith(".json")]
    numbers = [int(name.partition("_")[0]) for name in names]
    assert len(set(numbers)) == len(numbers) and next(iter(library())) == DEFAULT
    assert {name.partition("_")[2].removesuffix(".json") for name in names} == library().keys()


def test_the_first_six_say_what_they_always_said() -> None:
    assert {key: digest(library()[key]) for key in KNOWN} == KNOWN


def test_what_people_use_is_there() -> None:
    forms = library()
    assert {"师德师风好", "关爱学生好", "钻研业务好"} <= asked(forms["school_five_goods"])
    assert {"是否联系实际", "公开承诺是否完成"} <= asked(forms["six_aspects"]) and len(asked(forms["six_duties"])) == 7
    assert {"理想信念", "表率作用", "组织纪律", "综合表现"} <= asked(forms["member_four"])
    assert [len(section.questions) for section in forms["cadres_and_members"].sections] == [7, 6, 1]
    assert {s.only[0] for s in forms["six_sectors"].sections if s.only} == set(Sector)
    kinds = {kind for section in forms["by_member_kind"].sections for kind in section.only}
    assert kinds == set(MemberKind) - {"working"}, "who works has the section for everybody"
    scales = {tuple(option.label for option in scale.options) for form in forms.values() for scale in form.scales}
    assert {("满意", "基本满意", "不满意", "不了解"), ("很满意", "满意", "基本满意", "不满意", "不了解"), ("好", "中", "差", "不了解"),
            ("优秀", "合格", "基本合格", "不合格", "不了解"), ("同意", "不同意", "弃权")} <= scales  # fmt: skip
    kinds_asked = {question.kind for form in forms.values() for section in form.sections for question in section.questions}
    assert kinds_asked == set(Kind)
    assert {form.purpose for form in forms.values()} == {"", *Purpose}
    vote = forms["vote_on_members"]
    assert vote.scales[0].options[-1].role is Role.ABSTAIN and vote.sections[0].audience is Audience.MEMBER


def test_advice_on_ready_forms_names_only_what_the_practice_itself_joins() -> None:
    """Six wordings that are handed down do ask two things in one; no other question of 44 forms is taken for one."""
    said = [(form.key, each) for form in library().values() for each in advice(form, members=25)]
    assert {each.text for _key, each in said if each.why == "double"} == {
        "是否热心联系和服务群众", "德：政治品德与职业道德", "勤：工作态度与出勤", "组织建设和队伍建设是否得到强化", "工作作风和廉洁自律",
    }  # fmt: skip
    assert {key for key, each in said if each.why == "placeholder"} == {"recommend_members", "recommend_units"}
    assert {each.why for _key, each in said} == {"minutes", "nothing_required", "double", "placeholder"}
