"""Sheets of a branch and of a member to take away: the page's own figures, the same in PDF and in Word, whatever their shape."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pypdfium2
import pytest
from docx import Document
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import update

from survey.actions.house import House
from survey.domain.rounds import Scheme
from survey.store.office_tables import UnitRow
from survey.store.publications import Listed
from survey.web.board.changes import Then
from survey.web.board.round_sheets import Frame, branch_pdf, branch_word, member_pdf, member_word, overview_pdf
from survey.web.board.round_workbooks import workbook
from survey.web.languages import speak
from tests.conftest import NOW, on_sqlite
from tests.readings_for_tests import BRANCH, GROUPS, publication, reading, tree
from tests.townships_for_tests import Township, published, rates
from tests.web.board.test_round_results import all_of, client_of

BEFORE = Listed(6, 1, "2026 年第二季度评议", "2026Q2", date(2026, 6, 30), "cd" * 32, NOW)
FRAME = Frame("ab12" * 16, date(2026, 10, 9))


@pytest.fixture
def said() -> Iterator[None]:
    """A place where sentences have a language, and no request and nobody who asks."""
    app = Flask(__name__)
    speak(app)
    with app.app_context():
        yield


def pdf_text(body: bytes) -> str:
    """Everything in a PDF, on one line."""
    with pypdfium2.PdfDocument(body) as document:
        return re.sub(r"\s+", " ", " ".join(page.get_textpage().get_text_range() for page in document))


def pages_of(body: bytes) -> int:
    with pypdfium2.PdfDocument(body) as document:
        return len(document)


def smallest(body: bytes) -> float:
    """The points of the smallest letter."""
    with pypdfium2.PdfDocument(body) as document:
        texts = [page.get_textpage() for page in document]
        return float(min(pypdfium2.raw.FPDFText_GetFontSize(text, place) for text in texts for place in range(text.count_chars()) if text.get_text_range(place, 1).strip()))


def word_text(body: bytes) -> str:
    """Everything in a Word document, on one line; cells of a row with blanks between."""
    document = Document(io.BytesIO(body))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return re.sub(r"\s+", " ", " ".join([*(each.text for each in document.paragraphs), *cells]))


def tight(text: str) -> str:
    """Without blanks: a line may end anywhere."""
    return re.sub(r"\s", "", text)


def figures_in(text: str) -> list[str]:
    """Every printed rate, without the heights and dates around them."""
    return sorted(re.findall(r"\d+\.\d\d(?!\d)", text))


@on_sqlite
def test_a_sheet_says_what_was_cast(app: Flask, house: House) -> None:
    town: Township = published(house)
    client = client_of(app, house, "secretary")
    branch = town.branches[0]
    narrow, wide, valid = rates(all_of([branch]), "u")
    for kind, text_of in (("pdf", pdf_text), ("docx", word_text)):
        answer = client.get(f"/board/rounds/{town.round}/units/{branch.unit}/sheet.{kind}")
        text = text_of(answer.data)
        assert f"满意率 {narrow}%，基本满意以上率 {wide}%，有效答案 {valid}" in text
        assert "发出 13 张票，收回 13 张，回收率 100.00%。" in text
        assert "attachment" in answer.headers["Content-Disposition"] and f"round-{town.round}-unit-{branch.unit}.{kind}" in answer.headers["Content-Disposition"]
    few = client.get(f"/board/rounds/{town.round}/units/{town.branches[1].unit}/sheet.pdf").data
    assert "人数不足" in pdf_text(few) and "3 票都计入上级" in pdf_text(few)
    assert figures_in(pdf_text(few)) == ["100.00", "100.00", "7.50"], "3 of 3 issued, said twice, and 3 of 40 due"


def test_pdf_and_word_hold_the_same_figures_in_both_languages(said: None) -> None:
    for language in ("zh", "en"):
        with force_locale(language):
            found = reading()
            first, second = pdf_text(branch_pdf(found, BRANCH, FRAME)), word_text(branch_word(found, BRANCH, FRAME))
        assert figures_in(first) == figures_in(second) and len(figures_in(first)) > 24 * 6
        assert "120" in first and "61.54" in first, "3 groups, 5 questions, 8 of 13 valid answers each"
        assert ("有效答案 195" in first) == (language == "zh") and ("195 valid answers" in first) == (language == "en")
        assert ("基本满意" in first) == (language == "zh")


def test_a_sheet_is_a_function_of_the_publication_alone(said: None) -> None:
    """The clock, and whatever the joined ballots of others are, leave no mark: not in the text, not in the bytes."""
    made = publication()
    leaves = (replace(made.atoms[0][0], meeting=8, unit=1, ballots=3), replace(made.atoms[0][0], meeting=9, unit=2, ballots=2))
    worlds = [replace(made, atoms=(*made.atoms, tuple(replace(leaf, ballots=leaf.ballots + more) for leaf in leaves))) for more in (0, 2)]
    makes = [partial(make, unit=BRANCH) for make in (branch_pdf, branch_word, workbook, overview_pdf)] + [partial(member_pdf, key="m1"), partial(member_word, key="m1")]
    for make in makes:
        first, second = (make(reading(world), frame=FRAME) for world in worlds)
        assert first == second
    with zipfile.ZipFile(io.BytesIO(second)) as packed:
        assert {part.date_time for part in packed.infolist()} == {(2000, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(("members", "questions"), [(60, None), (0, 1), (1, 1)])
def test_any_shape_fits(said: None, members: int, questions: int | None) -> None:
    made = publication(members=members, questions=questions, name="某某区某某街道某某社区第一网格联合党支部委员会" * 3)
    body = branch_pdf(reading(made), BRANCH, FRAME)
    text = pdf_text(body)
    assert pages_of(body) <= 3 and all(f"张{n:02}" in text for n in range(1, members + 1))
    assert all(f"张{n:02}" in word_text(branch_word(reading(made), BRANCH, FRAME)) for n in range(1, members + 1))


@pytest.mark.parametrize(("members", "questions"), [(2, None), (24, None), (60, None), (1, 1)])
def test_a_member_has_one_page_with_his_branch_and_his_peers_on_it(said: None, members: int, questions: int | None) -> None:
    found = reading(publication(members=members, questions=questions, name="某某区某某街道某某社区第一网格联合党支部委员会" * 2))
    frame = replace(FRAME, then=(Then(BEFORE, reading(replace(found.made, marks=found.made.marks[1:]))),))
    body = member_pdf(found, "m1", frame)
    text = pdf_text(body)
    assert pages_of(body) == 1 and ("本支部" in text) == ("答同样题目的党员" in text) == (members > 1)
    assert "2026 年第二季度评议" in text and all(f"张{n:02}" in text for n in range(1, members + 1))
    pooled = found.pooled(f"m{n}" for n in range(1, members + 1))
    assert pooled is not None and (members == 1 or tight(f"本支部 {members} 名党员合在一起，满意率 {pooled.narrow}%，基本满意以上率 {pooled.wide}%") in tight(text))
    assert figures_in(text) == figures_in(word_text(member_word(found, "m1", frame)))


def test_without_an_answer_there_is_no_rate_and_no_nought(said: None) -> None:
    for body, text_of in ((branch_pdf, pdf_text), (branch_word, word_text)):
        text = text_of(body(reading(publication(members=2, marked=())), BRANCH, FRAME))
        assert "0.00" not in text.replace("100.00", "") and "–" in text


def test_a_sheet_names_the_rounds_before_and_how_far_it_moved(said: None) -> None:
    earlier = publication(marked=(5, 3, 4, 1))
    frame = replace(FRAME, then=(Then(BEFORE, reading(earlier)),))
    text = pdf_text(branch_pdf(reading(), BRANCH, frame))
    assert "2026 年第二季度评议" in text and f"满意率 +{Decimal('61.54') - Decimal('38.46')}" in text


def test_a_sheet_says_what_groups_say_by_their_weights_or_why_that_is_not_said(said: None) -> None:
    scheme = Scheme(weights=tuple(zip(GROUPS, (50, 30, 10), strict=True)))
    made = publication(members=24, scheme=scheme)
    # Eight of thirteen in each group; 8 and 3 of thirteen from basically satisfied upwards.
    found = word_text(branch_word(reading(made), BRANCH, FRAME))
    assert "加权 61.54 84.62 –" in found and "权重合起来是 90，不是 100，已按比例折算。" in found
    member = reading(made)
    assert pages_of(member_pdf(member, "m1", FRAME)) == 1 and "加权 61.54 84.62 –" in pdf_text(member_pdf(member, "m1", FRAME))
    joined = replace(made, atoms=(made.atoms[0], tuple(replace(leaf, groups=GROUPS[1:]) for leaf in made.atoms[1]), made.atoms[2]))
    text = word_text(branch_word(reading(joined), BRANCH, FRAME))
    assert "所以不给加权的数字" in text and "加权 61.54" not in text


@on_sqlite
def test_an_overview_is_one_page_with_the_figures_of_the_screen(app: Flask, house: House) -> None:
    town = published(house)
    (first, head), *_rest = town.tree.heads.items()
    client = client_of(app, house, "secretary")
    body = client.get(f"/board/rounds/{town.round}/units/{town.tree.root}/overview.pdf").data
    text = tight(pdf_text(body))
    narrow, wide, valid = rates(all_of(town.branches), "u")
    assert pages_of(body) == 1 and f"{narrow}%" in text and f"以上率{wide}%，有效答案{valid}" in text
    assert "发出44张票，收回44张，回收率100.00%。" in text, "13 + 3 + 4 + 11 + 3 + 10"
    of_head = rates(all_of([each for each in town.branches if each.returned >= 5 and each.above == first]), "u")
    assert tight(" ".join(map(str, of_head))) in text
    assert pages_of(client.get(f"/board/rounds/{town.round}/units/{head}/overview.pdf").data) == 1


@on_sqlite
def test_a_unit_that_was_rated_and_has_units_below_leads_to_its_overview_and_to_its_own_report(app: Flask, house: House) -> None:
    town = Township(house)
    town.hold()
    both, below = town.branches[:2]
    with house.store.write() as db:
        db.execute(update(UnitRow).where(UnitRow.id == below.unit).values(parent_id=both.unit))
    town.publish()
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}/units"
    page = client.get(f"{base}/{both.unit}").text
    for address, label in (("overview.pdf", "下载概况 PDF"), ("sheet.pdf", "下载本单位的报告 PDF"), ("sheet.docx", "下载本单位的报告 Word")):
        assert f'<a href="{base}/{both.unit}/{address}" download aria-label="{label}">' in page
    narrow, wide, _valid = rates(all_of([both]), "u")
    own = tight(pdf_text(client.get(f"{base}/{both.unit}/sheet.pdf").data))
    assert f"{narrow}%" in own and f"{wide}%" in own
    above = client.get(f"{base}/{town.tree.root}").text
    assert "overview.pdf" in above and "sheet.pdf" not in above, "nobody rated the committee itself"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_overview_of_many_units_is_one_page_too(said: None, language: str) -> None:
    found, before = tree(heads=14, each=2), tree(heads=14, each=2, worse=3)
    with force_locale(language):
        body = overview_pdf(reading(found), 1, replace(FRAME, then=(Then(BEFORE, reading(before)),)))
    text = pdf_text(body)
    assert pages_of(body) == 1 and figures_in(text).count("37.50") >= 2, "20 + 19 + … + 1 = 210 of 560 ballots, in every question"
    # The last seven branches have no satisfied ballot in either round, the first no unsatisfied one.
    assert tight("第18支部 +15.00") in tight(text)
    assert smallest(body) >= 7.5 and "…" not in text, "there is less in it before its letters are too small to read, and nothing of it is cut off"
