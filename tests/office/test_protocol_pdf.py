"""Pages of the protocol: no page holds a row or two of a table that went on, and nothing else is moved for it."""

import pypdfium2
import pytest

from survey.office.paper_flow import BOTTOM, TOP, Item, room, sheets, together
from survey.office.protocol_pdf import protocol_pdf
from survey.office.protocols import Codes, Facts, Grid, Part, Protocol

FEWEST = 3


def item(height: float, head: Item | None = None) -> Item:
    return Item(height, lambda _top: None, head)


@pytest.mark.parametrize("above", [0.0, 40.0, 200.0, 238.0, 247.0])
def test_a_page_holds_three_rows_of_a_table_or_none(above: float) -> None:
    """Guards: `together` and `sheets` in survey.office.paper_flow."""
    head = item(7.0)
    for many in range(1, 90):
        rows = together([item(6.4, head) for _ in range(many)])
        assert all(each.with_next for each in rows[:-1][:2] + rows[-FEWEST:-1]) and not rows[-1].with_next
        found = sheets([room(above), *rows, item(20.0)])
        parts = [[each for each, _top in page if each in rows] for page in found]
        assert sum(map(len, parts)) == many and all(len(part) >= min(many, FEWEST) for part in parts if part)
        assert all(top + each.height <= BOTTOM + 1e-6 and top >= TOP for page in found for each, top in page)


def test_the_last_member_of_a_long_list_does_not_stand_alone_with_the_head_of_the_table() -> None:
    for many in (30, 31):
        rows = tuple((f"党员{n}", "20", "95.00", "97.50") for n in range(many))
        facts = Part("会议", (Facts((("单位", "机修车间党支部"), ("日期", "2026-09-18"))),))
        end = Part("查验码", (Codes(("ABCDE-FGHIJ",) * 70),), "计票后公布")
        grid = Part("结果", (Grid(("党员", "有效", "满意率", "以上率"), rows),))
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(protocol_pdf(Protocol("报告单", (facts, grid, end), ("监票人",))))]
        counts = [page.count("97.50") for page in pages]
        assert sum(counts) == many and all(each == 0 or each >= FEWEST for each in counts), counts
        assert all(("满意率" in page) == (n > 0) for page, n in zip(pages, counts, strict=True)), "its head stands above every part of it"
        assert "监票人" in pages[-1] and "ABCDE" in pages[-1]
