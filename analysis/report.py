"""Workbooks: tables of counts and figures with native charts that Excel and WPS draw and let people change."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from analysis.charts import A_PAGE, NO_DATA, Bar, pages
from analysis.labels import CHINESE, Labels
from analysis.satisfaction import Figures, Scale, figures, percent, pooled
from analysis.style import INK, INK_2, LINE_STRONG, UNKNOWN_EDGE, looks

# Nothing that somebody typed becomes a formula or a link; no date, so that equal content gives equal bytes.
OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_EPOCH: Final = datetime(2000, 1, 1)
MOST_ROWS: Final = 40_000
LONGEST: Final = 32_767
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
Cell = str | int | float | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, a bar per row, their counts and figures, and a stacked chart for every 25 of them."""

    name: str
    title: str
    bars: Sequence[Bar]
    scale: Scale
    head: str = ""
    note: str = ""
    together: bool = False
    labels: Labels = CHINESE


@dataclass(frozen=True)
class Plain:
    """One sheet that is only a table of cells."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet | Plain]) -> bytes:
    """Write the sheets into one .xlsx.

    Parameters
    ----------
    sheets : sequence of Sheet or Plain
        In this order. Names are cleaned, shortened and made unique. `bars` whose counts are None read 人数不足.
        `together` sheets take each bar as several questions pooled.

    Returns
    -------
    bytes
        The same bytes for the same sheets.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"created": _EPOCH})
    styles = _styles(book)
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_named(sheet.name, taken))
        if isinstance(sheet, Plain):
            _plain(page, sheet, styles)
        else:
            _charted(book, page, sheet, styles)
    book.close()
    return out.getvalue()


def _named(name: str, taken: set[str]) -> str:
    stem = FORBIDDEN.sub(" ", name).strip().strip("'").strip()[:28] or "表"
    stem = f"{stem}表" if stem.lower() == "history" else stem
    found, number = stem, 1
    while found.lower() in taken:
        number += 1
        found = f"{stem[:31 - len(str(number)) - 1]}-{number}"
    taken.add(found.lower())
    return found


def _styles(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 15, "font_color": INK}),
        "head": book.add_format({"bold": True, "bottom": 1, "bottom_color": LINE_STRONG, "font_color": INK,
                                 "text_wrap": True, "valign": "vcenter"}),
        "rate": book.add_format({"num_format": "0.00"}),
        "note": book.add_format({"font_color": INK_2, "font_size": 9}),
        "quiet": book.add_format({"font_color": INK_2, "align": "right"}),
    }


def _plain(page: Any, sheet: Plain, styles: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for column, text in enumerate(sheet.header):
        page.write_string(0, column, text[:LONGEST], styles["head"])
    for line, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(line, column, cell[:LONGEST])
            elif cell is not None:
                page.write_number(line, column, cell)


def _charted(book: Any, page: Any, sheet: Sheet, styles: dict[str, Any]) -> None:
    painted = looks(sheet.scale.levels)
    said = sheet.labels
    names = [*(look.level.label for look in painted), said.valid, said.blank, said.narrow, said.whole_wide]
    names += [said.score] if sheet.scale.scored else []
    page.write_string(0, 0, sheet.title[:LONGEST], styles["title"])
    page.write_string(1, 0, sheet.note[:LONGEST], styles["note"])
    page.set_column(0, 0, 24)
    page.set_column(1, len(names), 10)
    for column, text in enumerate([sheet.head or said.question, *names]):
        page.write_string(2, column, text[:LONGEST], styles["head"])
    page.freeze_panes(3, 1)
    for line, bar in enumerate(sheet.bars, start=3):
        page.write_string(line, 0, bar.label[:LONGEST])
        if bar.counts is None:
            page.write_string(line, 1, said.too_few)
            continue
        found = figures(bar.counts, scale=sheet.scale, blank=bar.blank)
        _line(page, line, [look.level.code for look in painted],
              pooled([found]) if bar.total or sheet.together else found, styles)
    first = 3
    for place, part in enumerate(pages(sheet.bars, A_PAGE)):
        if part:
            _chart(book, page, sheet, (first, first + len(part) - 1, place, len(names) + 2))
        first += len(part)


def _line(page: Any, line: int, codes: Sequence[str], found: Figures, styles: dict[str, Any]) -> None:
    for column, number in enumerate([*(found.counts[code] for code in codes), found.valid, found.blank], start=1):
        page.write_number(line, column, number)
    rates = [percent(found.satisfied, found.valid), percent(found.satisfied + found.basic, found.valid)]
    column = len(codes) + 3
    for rate in rates:
        if rate is None:
            page.write_string(line, column, NO_DATA, styles["quiet"])
        else:
            page.write_number(line, column, float(rate), styles["rate"])
        column += 1
    if found.score is not None:
        page.write_number(line, column, found.score, styles["rate"])


def _chart(book: Any, page: Any, sheet: Sheet, spot: tuple[int, int, int, int]) -> None:
    first, last, place, column = spot
    chart = book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for at, look in enumerate(looks(sheet.scale.levels), start=1):
        fill: dict[str, Any] = {"fill": {"color": look.colour}}
        if look.hatch:
            fill = {"pattern": {"pattern": "wide_upward_diagonal" if look.edge == UNKNOWN_EDGE else "wide_downward_diagonal",
                                "fg_color": look.edge if look.edge == UNKNOWN_EDGE else "#6B3D12",
                                "bg_color": look.colour}}
        chart.add_series({"name": [page.get_name(), 2, at], "categories": [page.get_name(), first, 0, last, 0],
                          "values": [page.get_name(), first, at, last, at],
                          "border": {"color": look.edge, "width": 1}, "gap": 60, **fill})
    chart.set_title({"name": sheet.title[:200], "name_font": {"size": 13, "color": INK}, "overlay": False})
    chart.set_legend({"position": "top"})
    chart.set_y_axis({"reverse": True, "num_font": {"color": INK}, "line": {"color": LINE_STRONG}})
    chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#DFD8CC"}}})
    height = 130 + 24 * (last - first + 1)
    chart.set_size({"width": 720, "height": height})
    page.insert_chart(2 + place * 40, column, chart)
