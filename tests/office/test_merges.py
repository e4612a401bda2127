"""Merged cells: what was written once is meant for every row it spans."""

from survey.office.merges import Span, fill

ROWS = [(3, ("一支部", "张三")), (4, ("", "李四")), (6, ("", "王五")), (7, ("", "赵六"))]


def test_a_span_fills_the_rows_it_covers_and_no_other() -> None:
    assert [cells[0] for _, cells in fill(ROWS, [Span(0, 3, 6)])] == ["一支部", "一支部", "一支部", ""]


def test_what_stands_in_a_cell_is_never_written_over() -> None:
    rows = [(3, ("一支部", "张三")), (4, ("二支部", "李四"))]
    assert fill(rows, [Span(0, 3, 4)]) == rows


def test_spans_of_other_columns_titles_and_overlaps_change_nothing() -> None:
    assert fill(ROWS, [Span(9, 3, 6), Span(0, 1, 2)]) == ROWS
    assert [cells[0] for _, cells in fill(ROWS, [Span(0, 3, 4), Span(0, 4, 7)])] == ["一支部", "一支部", "", ""]


def test_a_span_to_the_end_of_the_sheet_costs_no_more_than_the_rows_there_are() -> None:
    rows = [(number, (("一支部" if number == 2 else ""), "x")) for number in range(2, 5000)]
    spans = [Span(0, 2, 1 << 20), *[Span(0, number, 1 << 20) for number in range(3, 5000)]]
    assert {cells[0] for _, cells in fill(rows, spans)} == {"一支部"}
