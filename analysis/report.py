"""Workbooks: tables of counts and figures with native charts that Excel and WPS draw and let people change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from analysis.cells import Book, Cell, Style, column_width
from analysis.charts import A_PAGE, NO_DATA, Bar, pages
from analysis.labels import CHINESE, Labels
from analysis.satisfaction import Figures, Role, Scale, figures, mean, percent, pooled
from analysis.style import INK, INK_2, LINE_STRONG, UNKNOWN_EDGE, looks

MOST_ROWS: Final = 40_000
# Rows that are looked at to see how wide a column must be.
_LOOKED_AT: Final = 500
# Points of a head of two lines: in one of Excel's own height the buttons of the filter lie on the words.
_HIGH: Final = 32
# Pixels: a row of a table; of a chart a bar, and everything but the bars.
_ROW, _BAR, _BESIDE_BARS = 20, 24, 130


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, a bar per row, their counts and figures, and a stacked chart for every 25 of them. Rates and scores
    are as a page prints them, rounded to `decimals`."""

    name: str
    title: str
    bars: Sequence[Bar]
    scale: Scale
    head: str = ""
    note: str = ""
    together: bool = False
    decimals: int = 2
    labels: Labels = CHINESE


@dataclass(frozen=True)
class Plain:
    """One sheet that is only a table of cells; `widths` of its first columns in digits, the others are as wide as their cells."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[float] = ()


def workbook(sheets: Sequence[Sheet | Plain], *, foot: str = "") -> bytes:
    """Write the sheets into one .xlsx.

    Parameters
    ----------
    sheets : sequence of Sheet or Plain
        In this order. Names are cleaned, shortened and made unique. `bars` whose counts are None read 人数不足.
        `together` sheets take each bar as several questions pooled.
    foot : str
        What all of it belongs to; it stands at the foot of every page.

    Returns
    -------
    bytes
        The same bytes for the same sheets.
    """
    book = Book()
    styles = _styles(book)
    for sheet in sheets:
        page = book.sheet(sheet.name)
        if isinstance(sheet, Plain):
            _plain(book, page, sheet, styles, foot)
        else:
            _charted(book, page, sheet, styles, foot)
    return book.bytes()


def _styles(book: Book) -> dict[str, Style]:
    head = {"bold": True, "bottom": 1, "bottom_color": LINE_STRONG, "font_color": INK, "text_wrap": True, "valign": "top"}
    return {
        "title": book.style(bold=True, font_size=15, font_color=INK),
        "head": book.style(**head),
        "right": book.style(**head, align="right"),
        "behind head": book.style(**head, indent=1),
        "note": book.style(font_color=INK_2, font_size=9),
        "quiet": book.style(font_color=INK_2, align="right"),
        # A long name takes more lines; it would be cut where the next cell begins.
        "words": book.style(text_wrap=True),
        "behind words": book.style(text_wrap=True, indent=1),
    }


def _plain(book: Book, page: Any, sheet: Plain, styles: dict[str, Style], foot: str) -> None:
    numbers, texts, line = set[int](), set[int](), 0
    seen: list[list[Cell]] = [[name] for name in sheet.header]
    for line, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            # Words keep off the number before them.
            is_behind = column - 1 in numbers
            book.write(page, line, column, cell, styles["behind words" if is_behind else "words"] if isinstance(cell, str) else None)
            if cell is not None:
                (texts if isinstance(cell, str) else numbers).add(column)
            if line <= _LOOKED_AT and column < len(seen):
                seen[column].append(cell)
    for column, text in enumerate(sheet.header):
        is_number = column in numbers - texts
        book.write(page, 0, column, text, styles["right" if is_number else "behind head" if column - 1 in numbers else "head"])
        page.set_column(column, column, sheet.widths[column] if column < len(sheet.widths) else column_width(seen[column]))
    page.set_row(0, _HIGH)
    book.lay_out(page, size=(line, len(sheet.header)), foot=foot)


def _charted(book: Book, page: Any, sheet: Sheet, styles: dict[str, Style], foot: str) -> None:
    painted = looks(sheet.scale.levels)
    said = sheet.labels
    abstained = [level for level in sheet.scale.levels if level.role is Role.ABSTAIN]
    levels = [*(look.level for look in painted), *abstained]
    names = [*(level.label for level in levels), said.valid, said.blank, said.narrow, said.whole_wide]
    names += [said.score] if sheet.scale.scored else []
    rate = book.style(num_format="0." + "0" * sheet.decimals if sheet.decimals else "0")
    book.write(page, 0, 0, sheet.title, styles["title"])
    book.write(page, 1, 0, sheet.note, styles["note"])
    page.set_column(0, 0, 24)
    page.set_column(1, len(names), 10)
    for column, text in enumerate([sheet.head or said.question, *names]):
        book.write(page, 2, column, text, styles["right" if column else "head"])
    page.set_row(2, _HIGH)
    # The total of all rows is none of those that are filtered.
    is_summed = bool(sheet.bars) and sheet.bars[-1].total and not sheet.together
    book.lay_out(page, head=2, left=1, size=(len(sheet.bars) - is_summed, len(names) + 1), foot=foot)
    for line, bar in enumerate(sheet.bars, start=3):
        book.write(page, line, 0, bar.label, styles["words"])
        if bar.counts is None:
            book.write(page, line, 1, said.too_few)
            continue
        found = figures(bar.counts, scale=sheet.scale, blank=bar.blank)
        told = pooled([found]) if bar.total or sheet.together else found
        cells = [*(told.counts[level.code] for level in levels), told.valid, told.blank]
        for column, number in enumerate(cells, start=1):
            book.write(page, line, column, number)
        for column, printed in enumerate(_printed(told, sheet.decimals), start=len(cells) + 1):
            if printed is None:
                book.write(page, line, column, NO_DATA, styles["quiet"])
            else:
                book.write(page, line, column, float(printed), rate)
    first, parts = 3, pages(sheet.bars, A_PAGE)
    # Every chart stands beside its own rows, and a page ends with them.
    page.set_h_pagebreaks([3 + sum(map(len, parts[:place])) for place in range(1, len(parts))])
    for place, part in enumerate(parts):
        if part:
            top = first if place else 2
            high = _BESIDE_BARS + _BAR * len(part) if len(parts) == 1 else _ROW * (first - top + len(part)) + 1
            _chart(book, page, sheet, (first, first + len(part) - 1, top, len(names) + 2), high=high)
        first += len(part)


def _printed(found: Figures, decimals: int) -> list[Decimal | None]:
    """Both rates and, where the answers earn points, the score."""
    rates = [percent(number, found.valid, decimals) for number in (found.satisfied, found.satisfied + found.basic)]
    score = None if found.earned is None else mean(found.earned, found.known, decimals)
    return rates if score is None else [*rates, score]


def _chart(book: Book, page: Any, sheet: Sheet, spot: tuple[int, int, int, int], *, high: int) -> None:
    """The rows from the first to the last as a chart so many pixels high, whose corner lies in the row and column told last."""
    first, last, top, column = spot
    chart = book.file.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for at, look in enumerate(looks(sheet.scale.levels), start=1):
        fill: dict[str, Any] = {"fill": {"color": look.colour}}
        if look.hatch:
            fill = {"pattern": {"pattern": "wide_upward_diagonal" if look.edge == UNKNOWN_EDGE else "wide_downward_diagonal",
                                "fg_color": look.edge if look.edge == UNKNOWN_EDGE else "#6B3D12",
                                "bg_color": look.colour}}
        chart.add_series({"name": [page.get_name(), 2, at], "categories": [page.get_name(), first, 0, last, 0],
                          "values": [page.get_name(), first, at, last, at],
                          "border": {"color": look.edge, "width": 1}, "gap": 60, **fill})
    if top < first:
        # By its cell: xlsxwriter would take a title like “支部!A1” for a formula.
        chart.set_title({"name": [page.get_name(), 0, 0], "name_font": {"size": 13, "color": INK}, "overlay": False})
    else:
        # One that goes on has more room for its bars.
        chart.set_title({"none": True})
    chart.set_legend({"position": "top"})
    # Every row has its name, however little room there is.
    chart.set_y_axis({"reverse": True, "num_font": {"color": INK, "size": 9}, "line": {"color": LINE_STRONG}, "interval_unit": 1})
    chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#DFD8CC"}}})
    chart.set_size({"width": 720, "height": high})
    page.insert_chart(top, column, chart)
