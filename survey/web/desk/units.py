"""Units and members: the outline of the tree, what a search finds in it, and the page of one unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from flask import Blueprint, Response, make_response, render_template, request

from survey.actions import unit_undos
from survey.actions.rights import check_sees
from survey.domain.refusals import NotFound, Refused
from survey.domain.staff import Staff
from survey.domain.terms import Terms
from survey.domain.units import Member, Unit, UnitKind, by_position
from survey.store import contacts, members, outlines, units
from survey.store.engine import Connection
from survey.store.meetings import MOST_ID
from survey.store.outlines import Outline, Wanted
from survey.store.terms import all_terms
from survey.web.desk import exports, imports
from survey.web.desk.fields import number
from survey.web.doors import Who, admits, house, staff
from survey.web.errors import sentence
from survey.web.lists import looked_for
from survey.web.words import member_kinds, sectors, unit_kinds

BLUEPRINT = Blueprint("desk_units", __name__, url_prefix="/desk/units")
MOST_FOUND = 100
# So many units below one are listed at once; a tree of no more is shown whole.
_AT_ONCE = 60


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the outline.

    Attributes
    ----------
    has_more : bool
        Units hang below it.
    below : tuple of Branch or None
        Those that are shown; None while it is folded.
    start, n : int
        Which of how many below it are shown, from 0.
    """

    unit: Unit
    own: int
    members: int
    units: int
    has_more: bool
    below: tuple["Branch", ...] | None
    start: int = 0
    n: int = 0


@BLUEPRINT.errorhandler(Refused)
def refused(fault: Refused) -> Response:
    """A refusal in a whole sentence, and the way back."""
    said = sentence(fault)
    unit_id = (request.view_args or {}).get("unit_id")
    gone = unit_id is None or isinstance(fault, NotFound)
    return make_response(render_template("desk/units/refused.html", said=said, unit_id=None if gone else unit_id), said.status)


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """The outline of the subtree, folded below the second level, or what a search finds in it."""
    by, closed = staff(), "closed" in request.args
    with house().store.read() as db:
        terms = all_terms(db)
        wanted = _wanted(by, terms)
        looks = bool(wanted.text or wanted.kind or wanted.sector)
        found = outlines.find_units(db, wanted, most=MOST_FOUND + 1) if looks else ()
        # Whoever looks for a person does not wait for members to be counted in every unit.
        shape = outlines.outline(db, by.units, closed=closed) if found or not looks else None
        total = shape.members.get(by.unit, 0) if shape else int(outlines.branches(db, by.unit)[1])
        people = outlines.find_members(db, wanted, most=MOST_FOUND + 1) if wanted.text and not wanted.kind else ()
        root = _tree(db, shape, by) if shape and not looks else None
        names = _around(db, found, people)
    text = render_template(
        "desk/units/index.html",
        root=root,
        whole=shape is not None and shape.units.get(by.unit, 0) <= _AT_ONCE,
        at_once=_AT_ONCE,
        wanted=wanted,
        found=found[:MOST_FOUND],
        people=people[:MOST_FOUND],
        more=len(found) > MOST_FOUND or len(people) > MOST_FOUND,
        most=MOST_FOUND,
        names=names,
        shape=shape,
        total=total,
        kinds=unit_kinds(),
        sectors=sectors(terms),
        every_sector=sectors(terms, retired=True),
    )
    return make_response(text)


@BLUEPRINT.get("/<int:unit_id>")
@admits(Who.SECRETARY)
def unit(unit_id: int) -> Response:
    """One unit: where it hangs, what hangs below it, who looks after it, its members, and what can be done."""
    by = staff()
    check_sees(by, unit_id)
    with house().store.read() as db:
        above = [each for each in units.path(db, unit_id) if by.sees(each.id)]
        if not above:
            raise NotFound(what="unit")
        people, gone = members.there_and_gone(db, unit_id)
        tally = outlines.tally(db, unit_id)
        below = outlines.children(db, unit_id, most=21)
        peopled = outlines.members_below(db, [each.id for each in below[:20]])
        leaders = contacts.leaders_of(db, unit_id)
        into = units.some(db, [above[-1].into]) if above[-1].into else {}
        terms = all_terms(db)
    done = number(request.args.get("done", ""), most=MOST_ID)
    text = render_template(
        "desk/units/unit.html",
        trail=above,
        unit=above[-1],
        into=into.get(above[-1].into or 0),
        own_top=unit_id == by.unit,
        tally=tally,
        below=below,
        peopled=peopled,
        added="added" in request.args,
        leaders=leaders,
        members=by_position(people),
        gone=gone,
        member_kinds=member_kinds(terms, retired=True),
        kinds=unit_kinds(),
        sectors=sectors(terms, retired=True),
        done=done,
        undoable=done is not None and unit_undos.undoable(house(), done, by=by),
    )
    return make_response(text)


BLUEPRINT.add_url_rule("/import", "upload", imports.upload)
BLUEPRINT.add_url_rule("/import/template.xlsx", "template", imports.template)
BLUEPRINT.add_url_rule("/import", "preview", imports.preview, methods=["POST"])
BLUEPRINT.add_url_rule("/import/<key>/refused.xlsx", "refused", imports.refused)
BLUEPRINT.add_url_rule("/import/<key>/report.xlsx", "report", imports.report)
BLUEPRINT.add_url_rule("/export.xlsx", "export_xlsx", exports.export_xlsx)
BLUEPRINT.add_url_rule("/export.csv", "export_csv", exports.export_csv)
BLUEPRINT.add_url_rule("/import/confirm", "confirm", imports.confirm, methods=["POST"])


def searched(by: Staff) -> Wanted:
    """What was typed to look for, below the asker's top."""
    return Wanted(by.unit, looked_for(request.args))


def _wanted(by: Staff, terms: Terms) -> Wanted:
    kind, sector = request.args.get("kind", ""), request.args.get("sector", "")
    return Wanted(
        by.unit,
        searched(by).text,
        kind if kind in set(UnitKind) else "",
        sector if sector in sectors(terms, retired=True) else "",
        "closed" in request.args,
    )


def _tree(db: Connection, shape: Outline, by: Staff) -> Branch:
    asked = number(request.args.get("open", ""), most=MOST_ID)
    way = shape.way(asked if asked in shape.parents and asked is not None else by.unit)
    start = number(request.args.get("from", ""), most=MOST_ID) or 0
    whole = shape.units.get(by.unit, 0) <= _AT_ONCE
    # Of many below one, those are shown among which the way goes on.
    starts = {above: shape.children[above].index(below) // _AT_ONCE * _AT_ONCE for above, below in pairwise(way)}
    starts[way[-1]] = start // _AT_ONCE * _AT_ONCE
    shown = set(shape.parents if whole else way)
    listed = {each for unit in shown for each in shape.children.get(unit, ())[starts.get(unit, 0) :][:_AT_ONCE]}
    known = units.some(db, {*listed, by.unit})

    def branch(unit: int) -> Branch:
        all_below = shape.children.get(unit, ())
        first = starts.get(unit, 0)
        below = tuple(branch(each) for each in all_below[first : first + _AT_ONCE]) if unit in shown else None
        own, people, n = (numbers.get(unit, 0) for numbers in (shape.own, shape.members, shape.units))
        return Branch(known[unit], own, people, n, bool(all_below), below, first, len(all_below))

    return branch(by.unit)


def _around(db: Connection, found: tuple[Unit, ...], people: tuple[Member, ...]) -> Mapping[int, Unit]:
    """The units that say where a hit lies."""
    return units.some(db, {each.parent or 0 for each in found} | {each.unit for each in people})
