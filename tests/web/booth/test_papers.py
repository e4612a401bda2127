"""A paper as cards: order, headings, shapes, and the style that counts without a script."""

import json
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from survey.domain.papers import Paper, targets, used
from survey.domain.questionnaires import Audience, Kind, Option, Question, Questionnaire, Role, Scale, Section
from survey.domain.scheme_parts import Validity
from survey.domain.units import Member, MemberKind, Unit, UnitKind
from survey.web.booth import hints, papers
from survey.web.booth.reviews import phrases, phrases_json, review
from tests.web.booth.halls import every_kind, whole_form

BRANCHES = (
    (Unit(1, None, UnitKind.BRANCH, "一支部"), [Member(1, 1, "张三"), Member(2, 1, "李四", MemberKind.RETIRED)]),
    (Unit(2, None, UnitKind.BRANCH, "二支部"), [Member(3, 2, "王五")]),
)


def make_paper(form: Questionnaire, branches: object = BRANCHES, *, texts: bool = True) -> Paper:
    chosen = targets(form, branches)  # type: ignore[arg-type]
    sections, scales = used(form, chosen)
    return Paper(1, 1, "评议会", "群众代表", form.title, "scheme", chosen, sections, scales, texts)


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> object:
    with app.test_request_context("/"):
        yield


def test_each_branch_is_followed_by_its_members_and_the_general_part_comes_last() -> None:
    parts = papers.parts(make_paper(every_kind()))
    assert [(part.heading, [card.label for card in part.cards]) for part in parts] == [
        ("一、一支部", ["一支部"]),
        ("二、评党员", ["张三", "李四"]),
        ("三、二支部", ["二支部"]),
        ("四、评党员", ["王五"]),
        ("五、征求意见", ["征求意见"]),
    ]
    assert [part.note for part in parts[::2]][:2] == ["评支部", "评支部"], "where several are rated their names lead"
    assert parts[1].note == "一支部，共 2 位，每位 2 项。不熟悉的请选“不了解”。"
    assert [card.place for card in parts[1].cards] == ["1/2", "2/2"]


def test_one_branch_alone_is_not_named_above_its_members() -> None:
    parts = papers.parts(make_paper(every_kind(), BRANCHES[:1]))
    assert parts[1].note == "共 2 位，每位 2 项。不熟悉的请选“不了解”。"


def test_members_with_different_sections_stand_under_one_plain_heading() -> None:
    form = every_kind()
    retired = Section("retired", "评离退休党员", Audience.MEMBER, form.sections[1].questions[:1], ("retired",))
    form = replace(form, sections=(form.sections[0], retired, *form.sections[1:]))
    part = papers.parts(make_paper(form, BRANCHES[:1]))[1]
    assert (part.heading, part.note) == ("二、评党员", "共 2 位。不熟悉的请选“不了解”。")
    assert sorted(len(card.items) for card in part.cards) == [1, 2]


def test_without_text_boxes_a_part_of_opinions_alone_is_not_there() -> None:
    form = every_kind()
    general = replace(form.sections[2], questions=form.sections[2].questions[1:])
    paper = make_paper(replace(form, sections=(*form.sections[:2], general)), BRANCHES[:1], texts=False)
    assert [card.label for card in papers.cards(paper)] == ["一支部", "张三", "李四"]
    assert [row.label for heading in review(paper, {}) for row in heading.rows] == ["一支部", "张三", "李四"]


@pytest.mark.parametrize(
    ("labels", "shape"),
    [
        (("好", "差"), "c2"),
        (("好", "中", "差"), "c3"),
        (("一",) * 6, "c6"),
        (("一",) * 7, "list"),
        (("非常非常满意的", "差"), "list"),
    ],
)
def test_short_answers_stand_side_by_side_and_long_ones_in_a_list(labels: tuple[str, ...], shape: str) -> None:
    scale = Scale("s", "", tuple(Option(i, label, Role.SATISFIED) for i, label in enumerate(labels)))
    unit = Section("u", "评支部", Audience.UNIT, (Question("q", Kind.RATING, "题", "s"),))
    (card,) = papers.cards(make_paper(Questionnaire("k", "问卷", (scale,), (unit,)), BRANCHES[:1]))
    assert card.items[0].shape == shape


def test_without_a_script_a_card_counts_when_each_of_its_questions_is_marked() -> None:
    rules = papers.progress_rules(make_paper(every_kind()))
    assert '.s1:has([name$=".0"]:checked):has([name$=".1"]:not(:placeholder-shown)){counter-increment:done}' in rules
    assert '.s2:has([name$=".0"]:checked){counter-increment:done}' in rules


def test_numbers_beyond_the_words_are_written_in_figures() -> None:
    assert [papers.numeral(n) for n in (2, 5, 10, 11)] == ["两", "五", "十", "11"]


def test_a_plain_paper_carries_nothing_for_the_other_kinds() -> None:
    assert papers.is_plain(make_paper(every_kind())) and not papers.is_plain(make_paper(whole_form()))
    assert "between" not in json.loads(phrases_json(make_paper(every_kind())))
    assert "between" in json.loads(phrases_json(make_paper(whole_form())))


@pytest.mark.parametrize(("rule", "said"), [(Validity.ANY, "记为弃权。"), (Validity.HALF, "选得不到一半，对他选的就都不算。"), (Validity.ALL, "有一项没选，对他选的就都不算。")])
def test_a_paper_says_what_leaving_something_open_does(rule: Validity, said: str) -> None:
    strict = replace(make_paper(every_kind()), validity=rule)
    assert phrases(strict)["free"].endswith(said) and json.loads(phrases_json(strict))["free"] == phrases(strict)["free"]


def test_without_a_script_the_style_hides_what_is_not_asked_and_does_not_wait_for_it() -> None:
    rules = papers.progress_rules(make_paper(whole_form()))
    first = ':not(:has([name$=".0"][value="1"]:checked,[name$=".0"][value="2"]:checked))'
    second = ':not(:has([name$=".1"][value="3"]:checked))'
    assert f'.s0{first} [data-q="1"]{{display:none}}' in rules
    for lack in (first, second):
        assert f'.s0{lack} [data-q="2"]{{display:none}}' in rules, "what hangs on a hidden question is hidden too"
    assert f'.s0:has([name$=".0"]:checked):is(:has([name$=".1"]:checked),{first})' in rules


def test_the_review_speaks_of_what_is_asked_only() -> None:
    paper = make_paper(whole_form(), BRANCHES[:1])
    row = review(paper, {"0.0": ["0"], "0.1": ["3"], "0.2": ["藏起来的话"], "0.3": ["0"], "0.4": ["0"]})[0].rows[0]
    assert (row.text, row.words, row.missing) == ("三项满意", (), 0)
    row = review(paper, {"0.0": ["2"], "0.1": ["3"], "0.2": ["食堂"], "0.3": ["0"]})[0].rows[0]
    assert (row.text, row.others, row.words, row.missing) == ("不满意 1，还有 1 项没选", ("哪里不满意：其他",), ("食堂",), 1)
    about = review(paper, {"3.1": ["12"], "3.3": ["2026-03-01"]})[2].rows[0]
    assert (about.text, about.others) == ("还有 2 项没选", ("您在这里工作几年：12", "最近一次办事是哪一天：2026-03-01"))


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        (Question("q", Kind.CHOICE, "题", candidates=("甲", "乙", "丙"), choose=1), ""),
        (Question("q", Kind.CHOICE, "题", candidates=("甲", "乙", "丙"), choose=2), "最多选 2 个"),
        (Question("q", Kind.CHOICE, "题", candidates=("甲", "乙", "丙"), choose=3), "可以选几个"),
        (Question("q", Kind.CHOICE, "题", candidates=("甲", "乙", "丙"), choose=3, least=2), "选 2 到 3 个"),
        (Question("q", Kind.CHOICE, "题", candidates=("甲", "乙", "丙"), choose=2, least=2), "选 2 个"),
        (Question("q", Kind.NUMBER, "题"), "整数"),
        (Question("q", Kind.NUMBER, "题", low=0), "不小于 0 的整数"),
        (Question("q", Kind.NUMBER, "题", low=-3, high=3), "-3 到 3 的整数"),
        (Question("q", Kind.DATE, "题"), ""),
        (Question("q", Kind.DATE, "题", high=date(2026, 12, 31).toordinal()), "2026 年 12 月 31 日或以前"),
    ],
)
def test_the_hint_says_how_many_and_which(question: Question, hint: str) -> None:
    assert hints.bounds(question) == hint
