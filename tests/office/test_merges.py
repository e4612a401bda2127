"""Merged cells: what was written once is meant for every row it spans."""

from survey.office.merges import Merges, Span

ROWS = [(3, ("一支部", "张三")), (4, ("", "李四")), (6, ("", "王五")), (7, ("", "赵六"))]


def filled(*spans: Span, rows: list[tuple[int, tuple[str, ...]]] | None = None) -> list[str]:
    return [cells[0] for _, cells in Merges(spans).fill(rows or ROWS, (0, 1))]


def test_a_span_fills_the_rows_it_covers_and_no_other() -> None:
    assert filled(Span(0, 3, 6)) == ["一支部", "一支部", "一支部", ""]


def test_the_columns_of_the_file_need_not_stand_in_its_order() -> None:
    rows = [(2, ("张三", "一支部")), (3, ("李四", ""))]
    assert [cells for _, cells in Merges([Span(0, 2, 3)]).fill(rows, (4, 0))] == [("张三", "一支部"), ("李四", "一支部")]


def test_what_stands_in_a_cell_is_never_written_over() -> None:
    assert filled(Span(0, 3, 4), rows=[(3, ("一支部", "张三")), (4, ("二支部", "李四"))]) == ["一支部", "二支部"]


def test_spans_of_other_columns_titles_and_overlaps_change_nothing() -> None:
    assert filled(Span(9, 3, 6), Span(0, 1, 2)) == ["一支部", "", "", ""]
    assert filled(Span(0, 3, 4), Span(0, 4, 7)) == ["一支部", "一支部", "", ""]


def test_a_span_to_the_end_of_the_sheet_costs_no_more_than_the_rows_there_are() -> None:
    rows = [(number, (("一支部" if number == 2 else ""), "x")) for number in range(2, 5000)]
    spans = [Span(0, 2, 1 << 20), *[Span(0, number, 1 << 20) for number in range(3, 5000)]]
    assert set(filled(*spans, rows=rows)) == {"一支部"}
