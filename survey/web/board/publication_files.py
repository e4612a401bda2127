"""A published round to take away: the file that names itself by its digest, and every figure that follows from it."""

from urllib.parse import quote

from flask import Response
from flask_babel import gettext as _

from analysis.cells import csv_parts
from survey.domain.plans import Planned
from survey.domain.publication_files import read
from survey.domain.refusals import NotFound, NotPublished
from survey.domain.roll_ups import RollUp
from survey.office.figure_tables import HEADER, rows
from survey.office.hand_ins import packed
from survey.store import plans, publications
from survey.web.doors import Who, admits, house, staff


@admits(Who.STAFF)
def publication(round_id: int) -> Response:
    """The parts as they were frozen, in one file: the same bytes each time."""
    planned, bodies = _bodies(round_id)
    return _file(Response(packed(bodies), content_type="application/zip"), planned, "zip", _("公布的结果"))


@admits(Who.STAFF)
def figures(round_id: int) -> Response:
    """What `pingyi verify FILE --figures OUT.csv` writes, the same bytes; a city's is sent as it is made."""
    planned, bodies = _bodies(round_id)
    roll = RollUp(read(bodies))
    return _file(Response(csv_parts(HEADER, rows(roll)), content_type="text/csv; charset=utf-8"), planned, "csv", _("全部数字"))


def _bodies(round_id: int) -> tuple[Planned, dict[str, bytes]]:
    """The parts, for whoever sees the whole of the round: they hold the counts of every unit in it.

    Raises
    ------
    NotFound
        There is no such round, or it reaches beyond what this person sees.
    NotPublished
        It is not published yet.
    """
    with house().store.read() as db:
        planned = plans.get(db, round_id)
        if not staff().sees(planned.unit):
            raise NotFound(what="round")
        bodies = publications.bodies(db, round_id)
    if not bodies:
        raise NotPublished(why="yet")
    return planned, bodies


def _file(response: Response, planned: Planned, kind: str, what: str) -> Response:
    name = quote(f"{planned.name} {what}.{kind}", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename=\"round-{planned.id}.{kind}\"; filename*=UTF-8''{name}"
    return response
