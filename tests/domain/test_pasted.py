"""Pasted questionnaires: every way people number and mark them; whatever is typed, nothing of it is lost."""

import re
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.domain.pasted import read_pasted
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaires import Kind, Question, Role
from survey.domain.readings import Fate, Reading
from survey.domain.texts import line

S, B, U = Role.SATISFIED, Role.BASIC, Role.UNSATISFIED


def read(text: str) -> Reading:
    return read_pasted(text, title="没有名称的问卷")


def only(text: str) -> Question:
    """The one question of a text."""
    (section,) = read(text).form.sections
    (question,) = section.questions
    return question


def kinds(reading: Reading) -> list[Kind]:
    return [question.kind for section in reading.form.sections for question in section.questions]


WHOLE = """2025 年服务满意度调查问卷
尊敬的居民：您好！请您如实填写。

一、基本情况
1. 您的性别： [单选题] *
○男
○女
2、您的年龄：____岁
3．您平时去哪里（可多选，最多选3项）
A. 公园 B. 超市 C.图书馆
D、其他____
二、评价
4、您对我单位的总体评价是（  ）
A 满意  B 基本满意  C 不满意  D 不了解
5. 您对以下各项的满意程度： [矩阵量表题] *
\t很不满意\t不满意\t一般\t满意\t很满意
服务态度\t○\t○\t○\t○\t○
办事效率\t○\t○\t○\t○\t○
6. 您愿意推荐我们吗 [量表题]
不愿意 1 2 3 4 5 非常愿意
7. 请给我们打分（0-100分）
三、建议
8. 您还有什么意见？ [填空题]
_________________________________
感谢您的参与！
"""


def test_a_questionnaire_as_people_paste_it_is_read_whole() -> None:
    reading = read(WHOLE)
    form = reading.form
    assert faults(form) == ()
    assert form.title == "2025 年服务满意度调查问卷"
    assert [section.title for section in form.sections] == ["基本情况", "评价", "您对以下各项的满意程度：", "评价", "建议"]
    assert form.sections[0].help == "尊敬的居民：您好！请您如实填写。"
    assert kinds(reading) == [
        Kind.CHOICE, Kind.NUMBER, Kind.CHOICE, Kind.RATING, Kind.RATING, Kind.RATING, Kind.RATING, Kind.SCORE, Kind.OPINION,
    ]  # fmt: skip
    sex, _age, where = form.sections[0].questions
    assert (sex.text, sex.candidates, sex.choose, sex.required) == ("您的性别", ("男", "女"), 1, True)
    assert (where.candidates, where.choose) == (("公园", "超市", "图书馆", "其他"), 3)
    assert [(o.label, o.role, o.points) for o in form.scales[0].options] == [
        ("满意", S, 100), ("基本满意", B, 80), ("不满意", U, 0), ("不了解", Role.UNKNOWN, None),
    ]  # fmt: skip
    assert [(o.label, o.role) for o in form.scales[1].options] == [
        ("很满意", S), ("满意", S), ("一般", B), ("不满意", U), ("很不满意", U),
    ]  # fmt: skip
    assert [o.label for o in form.scales[2].options] == ["5 非常愿意", "4", "3", "2", "1 不愿意"]
    assert [(note.place, note.why) for note in reading.notes if note.fate is Fate.LEFT] == [(25, "thanks")]
    assert {note.place: note.why for note in reading.notes if note.fate is Fate.CHANGED} == {
        11: "other_text", 15: "order", 19: "guessed_scale",
    }  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        "A. 公园\nB. 超市\nC. 图书馆", "A、公园\nB、超市\nC、图书馆", "A．公园 B．超市 C．图书馆", "A.公园B.超市C.图书馆", "a) 公园\nb) 超市\nc) 图书馆",
        "（1）公园\n（2）超市\n（3）图书馆", "(1)公园 (2)超市 (3)图书馆", "1) 公园\n2) 超市\n3) 图书馆", "①公园\n②超市\n③图书馆", "①公园 ②超市 ③图书馆",
        "- 公园\n- 超市\n- 图书馆", "□公园 □超市 □图书馆", "□ 公园\n□ 超市\n□ 图书馆", "○ 公园\n○ 超市\n○ 图书馆", "[ ] 公园\n[ ] 超市\n[ ] 图书馆",
        "（ ）公园 （ ）超市 （ ）图书馆", "公园\n超市\n图书馆", "A 公园\nB 超市\nC 图书馆", "Ａ．公园\nＢ．超市\nＣ．图书馆", "• 公园\n• 超市\n• 图书馆",
    ],
)  # fmt: skip
def test_answers_are_known_by_every_mark(options: str) -> None:
    question = only(f"问卷\n1. 您常去哪里\n{options}")
    assert (question.text, question.candidates) == ("您常去哪里", ("公园", "超市", "图书馆"))


@pytest.mark.parametrize(
    "number", ["1.", "1、", "1．", "1:", "第1题", "第1题：", "Q1.", "Q1", "题目1：", "* 1.", "*1、", "１．", "一、", "(一)", "1.1 "]
)
def test_questions_are_known_by_every_number(number: str) -> None:
    assert only(f"问卷\n{number}您常去哪里\nA. 公园\nB. 超市").text == "您常去哪里"


@pytest.mark.parametrize(
    ("tag", "choose", "least"),
    [
        ("", 1, 0), ("[单选题]", 1, 0), ("【单选题】", 1, 0), ("（单选）", 1, 0), ("[多选题]", 3, 0), ("（多选）", 3, 0), ("（可多选）", 3, 0),
        ("[多选题] [最多选2项]", 2, 0), ("（最多选两项）", 2, 0), ("（限选2项）", 2, 0), ("（限2项）", 2, 0), ("（多选，至少选2项）", 3, 2), ("（请选2-3项）", 3, 2),
        ("【多选题】（请选择1-2项）", 2, 1), ("（选2项）", 2, 2), ("(select all that apply)", 3, 0), ("(choose up to 2)", 2, 0),
    ],
)  # fmt: skip
def test_how_many_may_be_ticked_is_read_from_the_tag(tag: str, choose: int, least: int) -> None:
    question = only(f"问卷\n1. 您常去哪里{tag}\nA. 公园\nB. 超市\nC. 图书馆")
    assert (question.text, question.choose, question.least) == ("您常去哪里", choose, least)


@pytest.mark.parametrize("text", ["1. 您常去哪里 [单选题] *\n公园\n超市", "*1. 您常去哪里\n公园\n超市", "1. 您常去哪里（必答）\n公园\n超市"])
def test_an_asterisk_asks_for_an_answer(text: str) -> None:
    assert only(text).required
    assert not only(text.replace("*", "").replace("（必答）", "")).required


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1. 您的年龄：____岁", Kind.NUMBER), ("1. 家里有几口人 [数字题]", Kind.NUMBER), ("1. 出生日期：____年__月__日", Kind.DATE),
        ("1. 入职日期 [日期]", Kind.DATE), ("1. 您的建议：__________", Kind.OPINION), ("1. 您的建议 [填空题]", Kind.OPINION),
        ("1. 请打分（满分100分）", Kind.SCORE), ("1. 请打分 [评分题]", Kind.SCORE), ("1. 会议准时 [判断题]", Kind.CHOICE), ("1. 态度 [量表题]", Kind.RATING),
        ("1. 态度\n很差 1 2 3 4 5 很好", Kind.RATING), ("1. 服务\n好\n较好\n一般\n差", Kind.RATING), ("1. 服务：□满意 □不满意", Kind.RATING),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_known_without_answers_too(text: str, kind: Kind) -> None:
    assert only(text).kind is kind


def test_a_text_without_a_title_line_loses_nothing() -> None:
    reading = read("1. 您常去哪里\nA. 公园\nB. 超市\n2. 还有什么意见")
    assert reading.form.title == "没有名称的问卷"
    assert [note.why for note in reading.notes] == ["no_title", "question", "answers", "answers", "question"]
    assert kinds(reading) == [Kind.CHOICE, Kind.OPINION]


def test_numbers_below_chinese_numbers_are_answers_when_they_have_none_of_their_own() -> None:
    reading = read("问卷\n一、您的性别\n1. 男\n2. 女\n二、您的工作\n1. 工人\n2. 教师\n3. 其他")
    (section,) = reading.form.sections
    assert [question.candidates for question in section.questions] == [("男", "女"), ("工人", "教师", "其他")]


def test_questions_without_numbers_are_known_by_their_answers() -> None:
    reading = read("问卷\n您的性别\n□男 □女\n您的工作是什么？\n□工人 □教师")
    (section,) = reading.form.sections
    assert [question.text for question in section.questions] == ["您的性别", "您的工作是什么？"]


def test_a_table_from_a_word_processor_becomes_ratings_on_one_scale() -> None:
    reading = read("测评表\n序号\t测评内容\t满意\t基本满意\t不满意\t不了解\n1\t学习教育\t\t\t\t\n2\t组织生活\t\t\t\t\n意见建议：\n______")
    assert [question.text for question in reading.form.sections[0].questions][:2] == ["学习教育", "组织生活"]
    assert [option.role for option in reading.form.scales[0].options] == [S, B, U, Role.UNKNOWN]


def test_two_questions_with_the_same_answers_share_a_scale() -> None:
    reading = read("问卷\n1. 态度\n满意\n不满意\n2. 效率\n满意\n不满意\n3. 秩序\n好\n差")
    assert [len(scale.options) for scale in reading.form.scales] == [2, 2]


def test_what_cannot_be_asked_is_named_by_its_line() -> None:
    reading = read("问卷\n1. 排一排 [排序题]\nA. 快\nB. 好\n选A请跳至第3题\n2. 好吗\nA. 好（跳到第 3 题）\nB. 其他____")
    assert [(note.place, note.fate, note.why) for note in reading.notes if note.fate is not Fate.TAKEN] == [
        (2, Fate.CHANGED, "ranking"), (5, Fate.LEFT, "jump"), (7, Fate.CHANGED, "jump"), (8, Fate.CHANGED, "other_text"),
    ]  # fmt: skip


def test_points_written_behind_the_answers_are_taken() -> None:
    reading = read("问卷\n1. 态度\nA. 满意（100分）\nB. 基本满意（75分）\nC. 不满意（0分）")
    assert [option.points for option in reading.form.scales[0].options] == [100, 75, 0]


PIECES = st.sampled_from(
    (
        "一、基本情况", "二、评价", "1. 您好吗", "2、", "（1）", "A. 好", "B 差", "□是 □否", "①", "- 一", "满意", "不满意", "[单选题]", "[矩阵题]", "*", "____岁", "\t满意\t不满意",
        "态度\t○\t○", "1 2 3 4 5", "谢谢", "跳至第3题", "第一部分", "问卷", "您好！", "?", "（ ）", "123", "其他____", "|", "#", "Q3", "1.1 二", "[排序题]", "\u200b", "\x00",
    )
)  # fmt: skip


@given(st.lists(st.lists(PIECES, max_size=4).map(" ".join) | st.text(max_size=20), max_size=12).map("\n".join))
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_of_any_text_has_its_place_in_the_account_and_its_words_in_the_form(text: str) -> None:
    reading = read(text)
    written = [n for n, each in enumerate(re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text), start=1) if line(each)]
    assert list(dict.fromkeys(note.place for note in reading.notes if note.place)) == written
    form = reading.form
    words = [form.title, *(option.label for scale in form.scales for option in scale.options)]
    for section in form.sections:
        words += [section.title, section.help]
        for question in section.questions:
            words += [question.text, question.help, *question.candidates]
    kept = "".join(words)
    for note in reading.notes:
        if note.fate is not Fate.LEFT and note.why not in ("columns", "room"):
            for word in re.findall(r"[\u3400-\u9fff]{2,}", note.text):
                assert word in kept or word in ("单选题", "矩阵题", "排序题", "第一部分"), (note, word)


def test_a_very_long_text_is_read_in_time() -> None:
    reading = read("问卷\n" + "\n".join(f"{n}. 第{n}件事（ ）\nA. 好 B. 差 C. 不了解" for n in range(1, 3000)))
    assert len(kinds(reading)) == 2999
    for nasty in ("A" * 5_000, "□" * 5_000, "1 " * 2_500, "（" * 5_000, "[" * 2_000 + "单选", "A.B." * 1_200, "① " * 2_000, "_ " * 2_000):
        read(f"1. 问题{nasty}\n{nasty}\n满意\t{nasty}")


@pytest.mark.parametrize("nasty", ["_", "＿", "_ ", "__ ", " ", "\t", " \u3000", "（", "（_", "1 ", "1、", "是否并", "年_"])
def test_no_run_of_one_thing_makes_a_reader_wait(nasty: str) -> None:
    """Guards: what is cut from a long blank, and the length of a line that is looked at as one."""
    before = process_time()
    reading = read("1. 问题" + nasty * (30_000 // len(nasty)) + "完\n" + ("A. 好" + nasty * 150 + "完\n") * 60)
    assert process_time() - before < 3
    assert {note.place for note in reading.notes} >= set(range(1, 62))


def test_answers_are_found_where_people_put_them_on_the_web() -> None:
    assert only("1、您的性别:A、男□ B、女□").candidates == ("男", "女")
    assert only("1. 您的工作\n1, 工人 2, 教师 3, 其他").candidates == ("工人", "教师", "其他")
    assert only("1. 您喜欢吗(\n)\nA\n\n喜欢\nB\n\n不喜欢").candidates == ("喜欢", "不喜欢")
    assert only("1. 服务态度：满意 基本满意 不满意").kind is Kind.RATING
    assert only("1. 服务態度(單選)\n非常滿意\n滿意\n不滿意,").kind is Kind.RATING
    assert only("1. 请评分\n分数 ★ ★ ★ ★ ★").kind is Kind.RATING
    assert kinds(read("您来过吗?\n来过\n没来过\n请您评分(1-5分)\n★★★★★")) == [Kind.CHOICE, Kind.RATING]


def test_questions_that_lost_their_line_breaks_are_parted_again() -> None:
    text = "大学生调查 同学您好！ 1。您是否经常购物? a。经常b。偶尔c。需要时才买 2。您怎么购物? a。逛街b。网上 3. 您的民族：①汉族②非汉族"
    (section,) = read(text).form.sections
    assert [question.candidates for question in section.questions] == [("经常", "偶尔", "需要时才买"), ("逛街", "网上"), ("汉族", "非汉族")]
