"""Who stands at an election, in which order, and what is counted of the names that people write."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.ballots import Marks, fill, pack, unpack
from survey.domain.candidates import named, settle, standing
from survey.domain.elections import NO_ELECTION, Election, Majority, Order, Pool, by_strokes, fewest_written, name_of
from survey.domain.papers import Paper, Target
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaire_json import question_json, read_question
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
from survey.domain.units import Member, Unit, UnitKind
from survey.domain.write_ins import counted

STROKES = {"丁": 2, "王": 4, "李": 7, "张": 7, "赵": 9, "一": 1, "二": 2}
PICK = Question("pick", Kind.CHOICE, "选谁", candidates=("赵一", "丁二", "李一"), choose=2, election=Election(2, write_ins=2))
WHY = Question("why", Kind.OPINION, "为什么", show_if=Condition("pick", (0, 2)))


def form(*asked: Question, scale: Scale | None = None) -> Questionnaire:
    return Questionnaire("f", "选举", (scale,) if scale else (), (Section("unit", "选举", Audience.UNIT, asked),))


def paper(question: Question = PICK, *, texts: bool = True) -> Paper:
    section = Section("unit", "选举", Audience.UNIT, (question,))
    target = Target("u1", Audience.UNIT, "一支部", "", "unit")
    return Paper(1, 1, "会", "党员", "选举", "0" * 64, (target,), (section,), (), texts)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 王 大　锤 ", "王大锤"), ("欧阳\t娜娜", "欧阳娜娜"), ("ＬＩ　Ｌｅｉ", "LI Lei"), ("Ann   Lee", "Ann Lee"), ("阿不都 • 买买提", "阿不都·买买提"),
        ("张\u200b三", "张三"), ("J. R. Lee", "J. R. Lee"), ("  \n ", ""), ("李 A", "李A"),
    ],
)  # fmt: skip
def test_a_name_is_counted_however_it_was_typed(typed: str, name: str) -> None:
    assert name_of(typed) == name


@given(st.text(max_size=40))
def test_a_counted_name_stays_what_it_is(typed: str) -> None:
    assert name_of(name_of(typed)) == name_of(typed)


def test_a_rule_at_its_defaults_leaves_no_trace_in_json() -> None:
    assert "election" not in question_json(replace(PICK, election=NO_ELECTION))
    assert question_json(PICK)["election"] == {"seats": 2, "write_ins": 2}
    full = replace(PICK, election=Election(1, Majority.TWO_THIRDS_DUE, Order.RANDOM, Pool.MEMBERS, 1))
    assert read_question(question_json(full)) == full


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (replace(PICK, election=Election(6)), "seats"), (replace(PICK, election=Election(-1)), "seats"),
        (replace(PICK, election=Election(write_ins=3)), "write_ins"), (replace(PICK, kind=Kind.SCORE), "election_kind"),
        (replace(PICK, kind=Kind.RATING, scale="s"), "election_choice"),
        (replace(PICK, kind=Kind.RATING, scale="s", election=Election(1)), "election_scale"),
        (replace(PICK, candidates=(), election=Election(order=Order.STROKES)), "few_options"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_is_a_fault(question: Question, why: str) -> None:
    scale = Scale("s", "等次", (Option(0, "中", Role.BASIC), Option(1, "差", Role.UNSATISFIED)))
    assert why in {fault.why for fault in faults(form(question, scale=scale))}
    assert faults(form(PICK)) == () == faults(form(replace(PICK, candidates=(), choose=9, election=Election(pool=Pool.UNITS))))


def test_a_selection_is_one_by_its_purpose_or_by_any_rule() -> None:
    assert form(PICK).is_selection and not form(replace(PICK, election=NO_ELECTION)).is_selection
    assert replace(form(WHY), purpose="selection").is_selection


def test_names_stand_by_the_strokes_of_the_surname_then_of_the_rest() -> None:
    # 2, 4, 7 (李 before 张 by code), 9; of one surname the shorter rest first; Latin letters before all.
    names = ["赵一", "张二", "李二", "王一", "李一", "丁二", "Ann"]
    assert by_strokes(names, STROKES.get) == ("Ann", "丁二", "王一", "张二", "李一", "李二", "赵一")


def test_candidates_are_settled_at_opening_and_conditions_go_on_naming_them() -> None:
    asked = (replace(PICK, election=Election(order=Order.STROKES)), WHY)
    found = settle(form(*asked), {}, {Order.STROKES: lambda names: by_strokes(names, STROKES.get)}).sections[0].questions
    assert found[0].candidates == ("丁二", "李一", "赵一")
    # 赵一 and 李一 were places 0 and 2, and are 2 and 1.
    assert found[1].show_if == Condition("pick", (1, 2))


def test_candidates_come_from_whoever_is_there_and_no_more_are_chosen_than_there_are() -> None:
    question = replace(PICK, candidates=(), choose=250, election=Election(pool=Pool.MEMBERS))
    (found,) = settle(form(question), {Pool.MEMBERS: ("甲", "乙")}, {}).sections[0].questions
    assert (found.candidates, found.choose) == (("甲", "乙"), 2)
    with pytest.raises(BadField):
        settle(form(question), {Pool.MEMBERS: ("甲",)}, {})


def test_members_of_one_name_are_told_apart_and_units_are_those_below_where_one_is_rated() -> None:
    people = [Member(1, 1, "张三", position="书记"), Member(2, 1, "张三"), Member(3, 1, "张三"), Member(4, 1, "李四", position="委员")]
    assert sorted(named(people)) == sorted(("张三（书记）", "李四", "张三", "张三（2）"))
    units = [Unit(n, None, UnitKind.BRANCH, name) for n, name in enumerate(("甲支部", "乙支部", "丙支部"))]
    assert standing(units[:1], units[1:]) == ("乙支部", "丙支部") and standing(units[:2], units) == ("甲支部", "乙支部")


def test_written_names_count_among_the_ticks_and_go_through_the_box() -> None:
    marks = fill(paper(), {"0.0": ["1"], "0.0.w1": [" 周 八 "], "0.0.w2": [""]})
    assert marks.texts == ((0, 0, "周八"),) and not marks.is_empty
    assert unpack(paper(), pack(paper(), marks, "A" * 10)).marks == marks
    assert not fill(paper(), {"0.0.w1": ["周八"]}).is_empty


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"0.0": ["0", "1"], "0.0.w1": ["周八"]}, "too_many_ticks"), ({"0.0.w1": ["周八"], "0.0.w2": ["周 八"]}, "name_twice"),
        ({"0.0.w1": ["丁 二"]}, "name_listed"), ({"0.0.w1": ["周" * 31]}, "name_long"), ({"0.0.w3": ["周八"]}, "no_such_question"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_counted_is_refused_and_nothing_is_spent(answers: dict[str, list[str]], why: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        fill(paper(), answers)
    assert refused.value.facts["why"] == why


def test_a_paper_without_text_boxes_takes_no_names() -> None:
    with pytest.raises(BadAnswer):
        fill(paper(texts=False), {"0.0.w1": ["周八"]})


@pytest.mark.parametrize(
    ("ticks", "texts", "where"),
    [
        (b"\x01\xff\xff", ["周八", "郑十"], paper()), (b"\xff\xff\xff", ["周 八"], paper()), (b"\xff\xff\xff", ["丁二"], paper()),
        (b"\xff\xff\xff", ["周八"], paper(replace(PICK, election=Election(2)))),
    ],
)  # fmt: skip
def test_a_box_with_names_that_no_phone_put_in_is_not_counted(ticks: bytes, texts: list[str], where: Paper) -> None:
    forged = pack(where, Marks(ticks, tuple((0, 0, text) for text in texts)), "A" * 10)
    with pytest.raises(BoxDiffers):
        unpack(where, forged)


def test_only_names_on_enough_ballots_are_kept() -> None:
    rows = [("u1", "pick", name) for name, n in (("周八", 4), ("郑十", 3), ("暗号", 2), ("独一", 1)) for _ in range(n)]
    (kept,) = counted(rows, returned=8).values()
    assert (kept.names, kept.others, kept.votes, kept.fewest) == ((("周八", 4), ("郑十", 3)), 2, 3, 3)
    # With fewer than eight ballots no words are kept: a name needs as many ballots as any group of people.
    (few,) = counted([*rows, ("u1", "pick", "周八")], returned=7).values()
    assert (few.names, few.others, few.votes, few.fewest) == ((("周八", 5),), 3, 6, 5)
    assert counted(rows, returned=4) == {}
    assert [fewest_written(n, fewest=5, for_words=8) for n in (5, 7, 8, 300)] == [5, 5, 3, 3]
