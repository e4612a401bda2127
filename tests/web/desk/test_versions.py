"""A version of a questionnaire: what it asks, and what differs from another one, in words."""

from dataclasses import replace

import pytest
from flask import Flask

from survey.actions import drafts
from survey.actions.house import House
from survey.domain.differences import FIELDS
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
from survey.web.desk.questionnaire_differences import fields, told
from tests.conftest import NOW, make_people, on_sqlite, person
from tests.web.desk.desks_for_tests import words
from tests.web.desk.test_library import seat

LEVELS = (Option(0, "亮", Role.SATISFIED, 100), Option(1, "暗", Role.UNSATISFIED, 0))
LAMP = Question("lamp", Kind.RATING, "灯亮不亮", scale="s")
SAY = Question("say", Kind.OPINION, "意见", show_if=Condition("lamp", (1,)))
DAY = Question("day", Kind.DATE, "哪一天", low=730000)
OWN = Questionnaire("own", "夜班问卷", (Scale("s", "亮度", LEVELS),), (
    Section("unit", "车间", Audience.UNIT, (LAMP, SAY)), Section("rest", "其他", Audience.GENERAL, (DAY,)),
))  # fmt: skip


def finished(house: House, *forms: Questionnaire) -> int:
    by = person(house, "secretary")
    made = drafts.begin(house, forms[0], by=by, now=NOW)
    drafts.finish(house, made, seen=1, by=by, now=NOW)
    for revision, form in enumerate(forms[1:], 1):
        drafts.change(house, made, lambda work, form=form: replace(work, form=replace(form, key=work.form.key)), seen=revision, by=by, now=NOW)
        drafts.finish(house, made, seen=revision + 1, by=by, now=NOW)
    return made


@on_sqlite
def test_a_version_is_compared_with_the_one_before_or_with_any_other(app: Flask, house: House) -> None:
    make_people(house)
    second = replace(OWN, sections=(replace(OWN.sections[0], questions=(replace(LAMP, text="路灯亮不亮"), SAY)), OWN.sections[1]))
    made = finished(house, OWN, second, replace(second, title="新夜班问卷"))
    desk = seat(app, house, "secretary")
    first = words(desk.get(f"/desk/questionnaires/{made}/versions/1"))
    assert "这是最早的一版" in first and "灯亮不亮" in first and "“灯亮不亮”选了“暗”时才问" in first
    said = words(desk.get(f"/desk/questionnaires/{made}/versions/2"))
    assert "“车间”里的“路灯亮不亮” 改了文字 灯亮不亮 路灯亮不亮" in said
    said = words(desk.get(f"/desk/questionnaires/{made}/versions/3"))
    assert "和第 2 版的不同" in said and "整份问卷 改了标题 夜班问卷 新夜班问卷" in said and "改了文字" not in said
    said = words(desk.get(f"/desk/questionnaires/{made}/versions/3?with=1"))
    assert "和第 1 版的不同" in said and "改了文字" in said and "改了标题" in said
    assert "和第 2 版的不同" in words(desk.get(f"/desk/questionnaires/{made}/versions/3?with=99"))
    for number in ("0", "4", "99999999999"):
        assert desk.get(f"/desk/questionnaires/{made}/versions/{number}").status_code == 404
    assert desk.get(f"/desk/questionnaires/{made + 1}/versions/1").status_code == 404


CHANGES = (
    (replace(OWN, purpose="survey"), ("整份问卷", "改了用途", "–", "调查和征求意见")),
    (replace(OWN, sections=OWN.sections[::-1]), ("部分“其他”", "换了位置", "第 2 个", "第 1 个")),
    (replace(OWN, sections=OWN.sections[:1]), ("部分“其他”", "删去的", "", "")),
    (replace(OWN, sections=(replace(OWN.sections[0], only=("rural",)), OWN.sections[1])), ("部分“车间”", "改了只评哪几类", "–", "农村")),
    (replace(OWN, sections=(replace(OWN.sections[0], questions=(LAMP, replace(SAY, show_if=None))), OWN.sections[1])),
     ("“车间”里的“意见”", "改了什么时候问", "“灯亮不亮”选了“暗”时才问", "–")),
    (replace(OWN, sections=(replace(OWN.sections[0], questions=(LAMP,)), replace(OWN.sections[1], questions=(DAY, replace(SAY, show_if=None))))),
     ("“其他”里的“意见”", "换了部分", "车间", "其他")),
    (replace(OWN, sections=(OWN.sections[0], replace(OWN.sections[1], questions=(replace(DAY, low=730001, required=True),)))),
     ("“其他”里的“哪一天”", "改了最小", "1999-09-03", "1999-09-04")),
    (replace(OWN, scales=(replace(OWN.scales[0], options=(LEVELS[0], replace(LEVELS[1], role=Role.ABSTAIN))),)),
     ("等次“亮度”的“暗”", "改了算作", "不满意", "弃权")),
    (replace(OWN, scales=(replace(OWN.scales[0], options=(replace(LEVELS[0], points=99.5), LEVELS[1])),)),
     ("等次“亮度”的“亮”", "改了分值", "100", "99.5")),
)  # fmt: skip


@on_sqlite
@pytest.mark.parametrize(("after", "row"), CHANGES)
def test_a_change_is_said_in_the_words_of_the_form(app: Flask, after: Questionnaire, row: tuple[str, ...]) -> None:
    with app.test_request_context("/desk"):
        rows = [(each.where, each.what, each.before, each.after) for each in told(OWN, after, labels={"rural": "农村"})]
    assert row in rows


@on_sqlite
def test_every_field_and_every_value_has_a_word(app: Flask) -> None:
    with app.test_request_context("/desk"):
        assert fields().keys() == {field for names in FIELDS.values() for field in names}
        other = [replace(LAMP, kind=kind, scale="", candidates=("甲", "乙"), choose=2) for kind in Kind if kind is not Kind.RATING]
        for question in other:
            after = replace(OWN, sections=(replace(OWN.sections[0], questions=(question, SAY)), OWN.sections[1]))
            for before, now in ((OWN, after), (after, OWN)):
                assert all(each.where and each.what and "Kind." not in each.before + each.after for each in told(before, now, labels={}))
