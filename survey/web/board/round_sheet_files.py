"""Sheets and workbooks of a published round as downloads, for who may see the page they are of."""

from collections.abc import Callable

from flask import Response

from survey.domain.refusals import NotPublished
from survey.web.board.changes import Then
from survey.web.board.files import XLSX
from survey.web.board.protocols import DOCX
from survey.web.board.publications import Seen, earlier, find, find_member
from survey.web.board.roll_ups import Reading
from survey.web.board.round_opinions import heard_of
from survey.web.board.round_sheets import Frame, branch_pdf, branch_word, member_pdf, member_word, overview_pdf
from survey.web.board.round_workbooks import workbook
from survey.web.doors import Who, admits, house, staff
from survey.web.downloads import attached
from survey.web.words import round_name

_TYPES = {"pdf": "application/pdf", "docx": DOCX, "xlsx": XLSX}


@admits(Who.STAFF)
def branch(round_id: int, unit_id: int) -> Response:
    """A unit by itself with its members, as PDF."""
    return _branch(round_id, unit_id, branch_pdf, "pdf")


@admits(Who.STAFF)
def branch_in_word(round_id: int, unit_id: int) -> Response:
    """The same as a Word document."""
    return _branch(round_id, unit_id, branch_word, "docx")


@admits(Who.STAFF)
def member(round_id: int, key: str) -> Response:
    """A member, as PDF."""
    return _member(round_id, key, member_pdf, "pdf")


@admits(Who.STAFF)
def member_in_word(round_id: int, key: str) -> Response:
    """The same as a Word document."""
    return _member(round_id, key, member_word, "docx")


@admits(Who.STAFF)
def overview(round_id: int, unit_id: int) -> Response:
    """A unit with all below it, on one page."""
    return _branch(round_id, unit_id, overview_pdf, "pdf")


@admits(Who.STAFF)
def workbook_of_all(round_id: int) -> Response:
    """All that this person sees of a round, for Excel and WPS."""
    return _workbook(round_id, None)


@admits(Who.STAFF)
def workbook_of_unit(round_id: int, unit_id: int) -> Response:
    """What is at or below one unit."""
    return _workbook(round_id, unit_id)


def _workbook(round_id: int, unit_id: int | None) -> Response:
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
    reading, frame = _framed(seen, ())
    return _file(workbook(reading, seen.unit, frame), seen, "xlsx", f"unit-{seen.unit}", what=seen.node.place.name)


def _branch(round_id: int, unit_id: int, make: Callable[[Reading, int, Frame], bytes], kind: str) -> Response:
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        then = earlier(db, seen)
    reading, frame = _framed(seen, then)
    return _file(make(reading, unit_id, frame), seen, kind, f"unit-{unit_id}", what=seen.node.place.name)


def _member(round_id: int, key: str, make: Callable[[Reading, str, Frame], bytes], kind: str) -> Response:
    with house().store.read() as db:
        seen, reading = find_member(db, round_id, key)
        then = earlier(db, seen)
    _reading, frame = _framed(seen, then)
    return _file(make(reading, key, frame), seen, kind, key, what=reading.made.targets[key].label)


def _framed(seen: Seen, then: tuple[Then, ...]) -> tuple[Reading, Frame]:
    """What a sheet needs.

    Raises
    ------
    NotPublished
        There are no figures yet, or none of this unit.
    """
    if seen.reading is None or seen.published is None:
        raise NotPublished(why="yet")
    return seen.reading, Frame(seen.published.sha256, seen.day, then, staff().sees, heard_of)


def _file(body: bytes, seen: Seen, kind: str, plain: str, *, what: str) -> Response:
    name = f"{what} {round_name(seen.planned)}.{kind}"
    return attached(Response(body, content_type=_TYPES[kind]), name, plain=f"round-{seen.planned.id}-{plain}.{kind}")
