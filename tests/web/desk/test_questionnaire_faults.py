"""Every fault of a questionnaire has a sentence that names its place."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from survey.domain import questionnaire_checks
from survey.domain.questionnaire_checks import Fault, faults
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
from survey.web.desk.questionnaire_faults import fault_sentence
from tests.conftest import on_sqlite

SCALE = Scale("s", "两级", (Option(0, "好", Role.SATISFIED, 100), Option(1, "差", Role.UNSATISFIED, 0)))
PICK = Question("pick", Kind.CHOICE, "选两个", candidates=("甲", "乙", "丙"), choose=2)
DAY = Question("day", Kind.DATE, "哪一天", low=date(2026, 1, 2).toordinal(), high=date(2026, 1, 1).toordinal())
RATE = Question("rate", Kind.RATING, "工作怎么样", scale="s")


def form(*questions: Question, scale: Scale = SCALE, **changes: object) -> Questionnaire:
    made = Questionnaire("own", "自己的问卷", (scale,), (Section("a", "总的", Audience.GENERAL, (RATE, *questions)),))
    return replace(made, **changes)  # type: ignore[arg-type]


BROKEN = (
    (form(title=" "), "问卷还没有名称。请写上名称。"),
    (form(sections=()), "问卷里还没有内容。请加一个部分，再加题目。"),
    (form(replace(PICK, candidates=("甲", ""))), "第 1 部分“总的”第 2 题“选两个”有一个选项空着。请写上，或者删去这个选项。"),
    (form(replace(PICK, text=" ")), "第 1 部分“总的”第 2 题还没有写题目。请写上题目，或者删去这一题。"),
    (form(replace(PICK, candidates=("甲", "甲"))), "第 1 部分“总的”第 2 题“选两个”的选项“甲”写了两次。请改掉一个。"),
    (form(replace(PICK, choose=4)), "第 1 部分“总的”第 2 题“选两个”最多选几个，要填 1 到 3 的整数。"),
    (form(replace(PICK, candidates=tuple(map(str, range(251))))), "第 1 部分“总的”第 2 题“选两个”的选项太多，最多 250 个。请删去一些。"),
    (form(DAY), "第 1 部分“总的”第 2 题“哪一天”里，最早的日期比最晚的还晚。请改正其中一个。"),
    (form(replace(RATE, key="r", scale="")), "第 1 部分“总的”第 2 题“工作怎么样”还没有等次。请选一组等次。"),
    (
        form(replace(PICK, show_if=Condition("none", (0,)))),
        "第 1 部分“总的”第 2 题“选两个”要看前面一题的回答才出现，可是前面没有那一题。请重新选，或者改成总是出现。",
    ),
    (form(scale=replace(SCALE, options=SCALE.options[:1])), "等次“两级”的档数不够。请至少写两档。"),
    (form(scale=replace(SCALE, options=(SCALE.options[0], replace(SCALE.options[1], points=1001)))),
     "等次“两级”里“差”的分值太大或太小。分值在 −1000 和 1000 之间。"),
    (form(replace(PICK, text="长" * 501)), f"第 1 部分“总的”第 2 题“{'长' * 20}…”里的“{'长' * 20}…”太长，最多 500 个字。请缩短。"),
)  # fmt: skip


@on_sqlite
@pytest.mark.parametrize(("broken", "said"), BROKEN, ids=range(len(BROKEN)))
def test_a_fault_says_where_what_and_what_to_do(app: Flask, broken: Questionnaire, said: str) -> None:
    with app.test_request_context():
        assert said in [fault_sentence(fault, broken) for fault in faults(broken)]


@on_sqlite
def test_every_reason_there_is_has_words_of_its_own(app: Flask) -> None:
    """The reasons are those the checks may yield, read from their source: a new one needs a sentence."""
    source = Path(questionnaire_checks.__file__).read_text("utf-8")
    reasons = set(re.findall(r'(?:Fault\(|yield )"(\w+)"', source))
    assert {"empty", "twice", "no_scale", "condition_options", "points"} <= reasons
    places = {"form": {}, "section": {"section": "a"}, "question": {"section": "a", "question": "rate"}, "scale": {"scale": "s"}}
    with app.test_request_context():
        for why in reasons:
            said = {fault_sentence(Fault(why, text="甲", most=3, **place), form()) for place in places.values()}
            assert any("有一处不能用" not in each for each in said), why
