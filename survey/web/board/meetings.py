"""Pages of counted meetings: the list, a meeting, one target, opinions, trackers, the sheet to print."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import render_template, request

from survey.domain.meetings import Line, Stage
from survey.domain.periods import around
from survey.domain.refusals import AlteredRound
from survey.domain.rounds import FEWEST, Base, Scheme
from survey.store import publications
from survey.web.board.elections import tables
from survey.web.board.face import counted, shown
from survey.web.board.figures import Item, Sheet, heat, heat_edges
from survey.web.board.latest import latest
from survey.web.board.others import share
from survey.web.board.overview import overview
from survey.web.board.pictures import member_turns
from survey.web.board.publications import read_one
from survey.web.board.quality import Quality
from survey.web.board.results import Found, Result
from survey.web.board.sisters import among
from survey.web.board.surveys import parts_of
from survey.web.doors import Who, admits, config, house, staff
from survey.web.lists import asked_page
from survey.web.scheme_words import in_percent, special
from survey.web.words import quarter

_SORTS = ("roster", "rate")
# Among so many published rounds the one before the last of the same unit is looked for.
_LOOKED_BACK = 40


@dataclass(frozen=True, slots=True)
class Roll:
    """Members who are asked the same questions, in the order to be shown."""

    section: str
    items: tuple[Item, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The scheme in the numbers its sentence needs; `knows` says whether 不了解 stays out of the base, `special` what is seldom so."""

    satisfied: str
    basic: str
    knows: bool
    edges: tuple[str, ...]
    special: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of the table of groups: a group, or several shown together. Without a sheet and without ballots nobody
    of it voted; without a sheet and with `ballots` None it is too few."""

    names: tuple[str, ...]
    ballots: int | None
    sheet: Sheet | None


@admits(Who.STAFF)
def index() -> str:
    """Counted meetings of the subtree, newest first."""
    with house().store.read() as db:
        listed = overview(db, by=staff(), page=asked_page())
        last = publications.reaching(db, staff().unit, most=_LOOKED_BACK) if listed.page == 1 else ()
        said = latest(db, last)
    return render_template(
        "board/meetings/list.html", listed=listed, fewest=FEWEST, last=last[0] if last else None, said=said, spans=around(each.period for each in last[:1]),
        quarter=quarter,
    )  # fmt: skip


@admits(Who.STAFF)
def meeting(meeting_id: int) -> str:
    """One meeting: accounting, branch, groups, members, seal. With too few ballots the accounting alone."""
    here, result = counted(meeting_id)
    if here.meeting.is_survey:
        return _survey("result", here, result)
    asked = request.args.get("sort", _SORTS[0])
    sort = asked if asked in _SORTS else _SORTS[0]
    return render_template(
        "board/meetings/result.html",
        **_context(here, result),
        rolls=rolls(result.members, sort=sort),
        sort=sort,
        pictures=member_turns(result),
        said=sum(spoken.many for spoken in result.opinions),
        groups=group_rows(result, result.units[0].target.key) if len(result.units) == 1 else (),
        below=[(each.sheet, rolls(each.members, sort=sort)) for each in result.branches],
        quality=_quality(here, result),
    )


@admits(Who.STAFF)
def target(meeting_id: int, key: str) -> str:
    """One target: its questions, its groups, its opinions, its picture."""
    here, result = shown(meeting_id)
    sheet = result.sheet(key)
    return render_template(
        "board/meetings/target.html",
        **_context(here, result),
        sheet=sheet,
        groups=group_rows(result, key),
        spoken=result.spoken(key),
    )


@admits(Who.STAFF)
def opinions(meeting_id: int) -> str:
    """Everything that was written, by target."""
    here, result = shown(meeting_id)
    return render_template("board/meetings/opinions.html", here=here, result=result)


@admits(Who.STAFF)
def trackers(meeting_id: int) -> str:
    """The trackers of the ballots in the box, and whether one of them is there."""
    here, result = counted(meeting_id)
    typed = request.args.get("find", "")[:60]
    wanted = "".join(each for each in typed.upper() if each.isalnum())
    return render_template(
        "board/meetings/trackers.html",
        here=here,
        result=result,
        typed=typed,
        is_in=wanted in result.trackers,
        address=f"{config().url}/t/{here.meeting.door}",
    )


@admits(Who.STAFF)
def printed(meeting_id: int) -> str:
    """The result table on A4, to be signed."""
    here, result = shown(meeting_id)
    if here.meeting.is_survey:
        return _survey("print", here, result)
    return render_template("board/meetings/print.html", **_context(here, result), rolls=() if result.branches else rolls(result.members),
                           below=[(each.sheet, rolls(each.members)) for each in result.branches])


def rolls(members: Iterable[Sheet], *, sort: str = "roster") -> tuple[Roll, ...]:
    """Members by the section they are asked about; by roster, or by rate, those without answers last."""
    sections: dict[str, list[Sheet]] = {}
    for sheet in members:
        sections.setdefault(sheet.target.section, []).append(sheet)
    if sort == "rate":
        sections = {key: sorted(each, key=_by_rate) for key, each in sections.items()}
    return tuple(Roll(each[0].section, each[0].items, tuple(each)) for each in sections.values())


def group_rows(result: Result, key: str) -> tuple[GroupRow, ...]:
    """Every group by name; those shown together first as too few, then as one. Never figures of a part of an atom.

    A group nobody of which voted is no group of few: it has no data, and 0 says so.
    """
    rows = [GroupRow((line.name,), 0, None) for line in result.lines if not line.valid]
    for atom in result.atoms:
        if len(atom.names) > 1:
            rows.extend(GroupRow((name,), None, None) for name in atom.names)
        rows.append(GroupRow(atom.names, atom.ballots, atom.sheets[key]))
    return tuple(rows) if len(rows) > 1 else ()


def _quality(here: Found, result: Result) -> Quality | None:
    """How far to trust the figures; beside those of its sisters once these are published."""
    found = result.quality
    if found is None or len(result.units) != 1 or here.meeting.stage is not Stage.PUBLISHED:
        return found
    with house().store.read() as db:
        published = publications.of_round(db, here.meeting.round)
        # The meeting itself is held against its seal: where sums of its round were changed, it stands alone.
        with suppress(AlteredRound):
            reading = None if published is None else read_one(db, published)
            return found if reading is None else among(found, reading, int(result.units[0].target.key[1:]))
    return found


def _survey(name: str, here: Found, result: Result) -> str:
    """A page of a survey, which says nothing of branches and members."""
    parts = parts_of(result)
    rated = any(block.rated for part in parts for block in part.blocks)
    return render_template(f"board/surveys/{name}.html", **_context(here, result), survey=parts, has_rates=rated)


def _by_rate(sheet: Sheet) -> tuple[bool, Fraction, Fraction]:
    if sheet.whole is None or not sheet.whole.valid:
        return True, Fraction(0), Fraction(0)
    found = sheet.whole.figures
    return False, Fraction(-found.satisfied, found.valid), Fraction(-found.satisfied - found.basic, found.valid)


def _context(here: Found, result: Result) -> dict[str, Any]:
    """What every page with figures needs: template contexts are the contract between views and pages."""
    scheme = result.round.scheme
    return {
        "here": here,
        "result": result,
        "rule": rule_of(scheme),
        "returned": _returned(result.total, scheme),
        "polls": tables(result),
        "heat": heat,
        "fewest": FEWEST,
    }


def _returned(total: Line, scheme: Scheme) -> dict[str, str]:
    """Return rate = returned / issued, turnout = returned / due."""
    return {
        "rate": share(total.returned, total.issued, scheme=scheme),
        "turnout": share(total.returned, total.due, scheme=scheme),
    }


def rule_of(scheme: Scheme) -> Rule:
    """A scheme in the numbers of its sentence."""
    return Rule(in_percent(scheme.satisfied_at), in_percent(scheme.basic_at), scheme.base is Base.KNOWN, heat_edges(scheme), special(scheme))
