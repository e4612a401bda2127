"""Pages for Word: where a table may be broken, what stands again on every page, and what is heavy."""

from io import BytesIO

import pytest
from docx import Document

from survey.office.protocol_docx import protocol_docx
from survey.office.protocols import Codes, Facts, Grid, Part, Protocol
from survey.office.report_docx import report_docx
from survey.office.reports import Cell, Column, Figure, Figures, Report, Table, Words
from survey.office.reports import Part as Told


@pytest.mark.parametrize("note", [(), (Words("注", small=True),), (Words("段"),)])
def test_the_end_of_a_table_stays_with_the_note_on_it(note: tuple[Words, ...]) -> None:
    told = Table((Column("党员", 100, is_number=False), Column("率", 78)), (("张三", "95.00"),))
    made = Document(BytesIO(report_docx(Report("题", "下", "句", (Told("表", (told, *note)),), "脚"))))
    last = made.tables[0].rows[-1].cells[0].paragraphs[0]
    gap = next(line for line in made.paragraphs if not line.text)
    assert [bool(line.paragraph_format.keep_with_next) for line in (last, gap)] == [bool(note) and note[0].small] * 2


@pytest.mark.parametrize(("rows", "broken_before"), [(1, []), (11, []), (12, [4, 5, 6, 7, 8, 9, 10]), (30, list(range(4, 29)))])
def test_word_breaks_a_table_only_where_three_rows_stand_on_either_side(rows: int, broken_before: list[int]) -> None:
    """Guards: `bind` in survey.office.word_pages. Rows are counted from the head, 0; the one before a break is not kept with it."""
    told = Table((Column("党员", 100, is_number=False), Column("率", 78)), tuple((f"党员{n}", Cell("95.00", heavy=True)) for n in range(rows)))
    (table,) = Document(BytesIO(report_docx(Report("题", "", "句", (Told("表", (told,)),), "脚")))).tables
    kept = [all(line.paragraph_format.keep_with_next for cell in row.cells for line in cell.paragraphs) for row in table.rows]
    assert [place + 1 for place, is_kept in enumerate(kept[:-1]) if not is_kept] == broken_before and not kept[-1]
    assert [run.bold for cell in table.rows[1].cells for line in cell.paragraphs for run in line.runs] == [None, True], "letters of no heavy face"


@pytest.mark.parametrize(("head", "size"), [("率", 9), ("Leads in learning", 7.5), ("Extraordinarily long", 5.5)])
def test_a_head_is_set_smaller_before_a_word_of_it_is_broken(head: str, size: float) -> None:
    told = Table((Column("Member", 165, is_number=False), Column(head, 13)), (("张三", "95.00"),))
    (table,) = Document(BytesIO(report_docx(Report("题", "", "句", (Told("表", (told,)),), "脚")))).tables
    assert [{run.font.size.pt for line in row.cells[1].paragraphs for run in line.runs} for row in table.rows] == [{size}, {9}]


def test_only_heads_stand_again_on_every_page() -> None:
    facts, grid, codes = Facts((("单位", "甲"), ("日期", "乙"))), Grid(("党员", "率"), (("张三", "95.00"),)), Codes(("ABCDE-FGHIJ",) * 400)
    protocol = Document(BytesIO(protocol_docx(Protocol("报告单", (Part("一", (facts, grid, codes)),), ("监票人", "计票人")))))
    report = Document(BytesIO(report_docx(Report("题", "", "句", (Told("", (Figures((Figure("率", "95", "有效"),)),)),), "脚"))))
    heads = [[bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] for table in (*protocol.tables, *report.tables)]
    assert [(each[0], any(each[1:])) for each in heads] == [(False, False), (True, False), (False, False), (False, False)]
    signed = [line.paragraph_format.keep_with_next for line in protocol.paragraphs if "人" in line.text and "_" in line.text]
    assert signed == [True, False], "whoever signs does so beside the others"
