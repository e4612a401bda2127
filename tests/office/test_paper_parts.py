"""The paper form: everything that is asked stands on it in the phone's order, in PDF and in Word, and nothing tells who filled it in."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from pypdfium2 import PdfDocument

from survey.actions.questionnaires import library
from survey.domain.elections import Pool
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
from survey.domain.refusals import NoSection
from survey.domain.scheme_parts import Validity
from survey.domain.units import MEMBER_KINDS, Member, Unit, UnitKind
from survey.office.paper_docx import paper_docx
from survey.office.paper_parts import BLANK_ROWS, PaperForm, People, Ratings, frozen_form, paper_form
from survey.office.paper_pdf import paper_pdf
from tests.domain.papers_for_tests import paper
from tests.questionnaires_for_tests import questionnaires
from tests.web.desk.desks_for_tests import text_in

QUICK = settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
UNIT = Unit(1, None, UnitKind.BRANCH, "第一机修车间党支部", "state_enterprise")
KINDS = {str(key): label for key, label in MEMBER_KINDS.items()}
SCALE = Scale("s", "等次", (Option(0, "满意", Role.SATISFIED, 100), Option(1, "不满意", Role.UNSATISFIED, 0)))
EVERY = Questionnaire(
    "e", "各种题目", (SCALE,),
    (
        Section("u", "评支部", Audience.UNIT, (Question("a", Kind.RATING, "班子好", "s", required=True), Question("b", Kind.RATING, "队伍好", "s"))),
        Section("m", "评党员", Audience.MEMBER, (Question("a", Kind.RATING, "总的来说", "s"), Question("c", Kind.SCORE, "打分"), Question("o", Kind.OPINION, "一句话"))),
        Section("g", "综合", Audience.GENERAL, (
            Question("f", Kind.CHOICE, "先办哪件", candidates=("路灯", "班车", "食堂"), choose=2, least=1), Question("n", Kind.NUMBER, "来了几年", low=0, high=60),
            Question("d", Kind.DATE, "哪天入党", high=date(2026, 1, 1).toordinal()), Question("x", Kind.OPINION, "还有什么", show_if=Condition("f", (0, 2))),
        )),
    ),
)  # fmt: skip


def people(n: int) -> list[Member]:
    return [Member(i, 1, f"张{i}" if i % 7 else "买买提·吐尔逊·阿卜杜热依木", "plain", "支部书记兼车间主任" if not i else "") for i in range(1, n + 1)]


def filled(form: Questionnaire = EVERY, n: int = 25) -> PaperForm:
    return paper_form(form, UNIT, people(n), kinds=KINDS)


def words_in(data: bytes) -> str:
    """Every text of a Word document, its tables and its footer."""
    made = Document(io.BytesIO(data))
    tables = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in made.paragraphs] + tables)


def pages_of(data: bytes) -> int:
    pdf = PdfDocument(data)
    try:
        return len(pdf)
    finally:
        pdf.close()


def test_everything_that_is_asked_stands_on_paper_in_the_phones_order() -> None:
    for said in (text_in(paper_pdf(filled())), words_in(paper_docx(filled()))):
        for words in (
            "各种题目", "单位：第一机修车间党支部", "一、评支部", "二、评党员", "三、综合", "1. 班子好（必答）", "满意", "张25", "买买提·吐尔逊", "无职党员", "先办哪件（选 1 到 2 个）", "路灯",
            "来了几年（0 到 60）", "不大于 2026-01-01", "第 1 题选“路灯、食堂”的人答", "不写姓名",
        ):  # fmt: skip
            assert words in said.replace("\r\n", "\n").replace("\n·", "·"), words
    told = text_in(paper_pdf(filled()))
    assert told.index("一、评支部") < told.index("二、评党员") < told.index("三、综合")


def test_members_are_rows_and_questions_with_the_same_answers_stand_side_by_side() -> None:
    unit, members, _general = filled().parts
    (ratings,) = unit.blocks
    assert isinstance(ratings, Ratings)
    assert [ask.title for ask in ratings.asks] == ["1. 班子好", "2. 队伍好"]
    (table,) = members.blocks
    assert isinstance(table, People)
    assert len(table.rows) == 25
    assert ("张1", "无职党员") in table.rows


def test_without_a_unit_there_is_room_for_its_name_and_for_members() -> None:
    blank = paper_form(EVERY, None, (), kinds={})
    (table,) = blank.parts[1].blocks
    assert isinstance(table, People)
    assert table.rows == (("", ""),) * BLANK_ROWS
    assert "单位：____" in text_in(paper_pdf(blank))
    survey = Questionnaire("s", "一题", (SCALE,), (Section("g", "一题", Audience.GENERAL, (Question("a", Kind.RATING, "您满意吗", "s"),)),))
    assert "单位" not in text_in(paper_pdf(paper_form(survey, None, (), kinds={})))


def test_every_page_says_which_it_is_of_how_many_and_repeats_the_head_of_its_table() -> None:
    data = paper_pdf(filled(library()["five_goods_five_leads"], n=60))
    pages = pages_of(data)
    assert 3 <= pages <= 5
    told = text_in(data)
    assert [f"第 {n} 页，共 {pages} 页" in told for n in range(1, pages + 1)] == [True] * pages
    assert told.count("姓名") == pages + 1, "the word in the instruction, and a head on each page"


@pytest.mark.parametrize("n", [0, 1, 200])
def test_any_number_of_members_has_room(n: int) -> None:
    form = Questionnaire("m", "评", (SCALE,), (*EVERY.sections[:2],))
    assert pages_of(paper_pdf(filled(form, n))) >= 1 + n // 40
    assert paper_docx(filled(form, n))


def test_no_page_tells_who_made_it_or_when() -> None:
    pdf, word = paper_pdf(filled()), paper_docx(filled())
    assert pdf == paper_pdf(filled())
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "2000-01-01" in core


@pytest.mark.parametrize(("rule", "said"), [(Validity.HALF, "对谁答的不到一半，对他答的就都不算。"), (Validity.ALL, "对谁有一题没答，对他答的就都不算。")])
def test_a_form_says_how_much_must_be_answered_where_the_round_wants_it(rule: Validity, said: str) -> None:
    strict, usual = frozen_form(replace(paper(), validity=rule)), frozen_form(paper())
    assert said in text_in(paper_pdf(strict)) and said in words_in(paper_docx(strict))
    assert "不算" not in text_in(paper_pdf(usual)) + words_in(paper_docx(usual))


def test_chinese_letters_of_the_word_file_have_a_chinese_face() -> None:
    with zipfile.ZipFile(io.BytesIO(paper_docx(filled()))) as archive:
        body = archive.read("word/document.xml").decode()
    assert body.count('w:eastAsia="宋体"') > 50
    assert 'w:fldSimple w:instr="NUMPAGES"' in zipfile.ZipFile(io.BytesIO(paper_docx(filled()))).read("word/footer1.xml").decode()


def test_a_form_that_does_not_fit_the_unit_names_who_is_left_out() -> None:
    only = Questionnaire("o", "只评农村", (SCALE,), (Section("u", "农村", Audience.UNIT, EVERY.sections[0].questions, ("rural",)),))
    with pytest.raises(NoSection):
        filled(only)


@given(questionnaires(pools=tuple(Pool)))
@QUICK
def test_any_questionnaire_can_be_printed(form: Questionnaire) -> None:
    blank = paper_form(form, None, (), kinds={})
    assert paper_pdf(blank).startswith(b"%PDF")
    said = words_in(paper_docx(blank))
    for section in form.sections:
        assert section.title in said
        for question in section.questions:
            assert question.text in said
