"""Half-years and years as downloads, for who may see the page they are of."""

from collections.abc import Callable

from flask import Response

from survey.domain.refusals import NotPublished
from survey.web.board.files import XLSX
from survey.web.board.period_figures import Told, told
from survey.web.board.period_sheets import period_csv, period_pdf, period_workbook
from survey.web.board.turns import find_span
from survey.web.doors import Who, admits, house
from survey.web.downloads import attached
from survey.web.words import quarter


@admits(Who.STAFF)
def pdf(period: str, unit_id: int) -> Response:
    """The page on A4."""
    return _file(period, unit_id, period_pdf, kind="pdf", mimetype="application/pdf")


@admits(Who.STAFF)
def workbook(period: str, unit_id: int) -> Response:
    """The same for Excel and WPS."""
    return _file(period, unit_id, period_workbook, kind="xlsx", mimetype=XLSX)


@admits(Who.STAFF)
def table(period: str, unit_id: int) -> Response:
    """Every figure in one table."""
    return _file(period, unit_id, period_csv, kind="csv", mimetype="text/csv; charset=utf-8")


def _file(period: str, unit_id: int, make: Callable[[Told], bytes], *, kind: str, mimetype: str) -> Response:
    with house().store.read() as db:
        span = find_span(db, period, unit_id)
    if not span.turns:
        raise NotPublished(why="yet")
    found = told(span)
    name = f"{found.place.name} {quarter(span.key)}.{kind}"
    return attached(Response(make(found), content_type=mimetype), name, plain=f"{span.key}-unit-{unit_id}.{kind}")
