"""Units and members: the tree to look at, and the list to bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request

from survey.actions.rights import check_sees
from survey.domain.refusals import NotFound, Refused
from survey.domain.units import Unit, by_position, trail
from survey.store import members, units
from survey.web.desk import imports
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, house, staff
from survey.web.words import member_kinds, sectors, unit_kinds

BLUEPRINT = Blueprint("desk_units", __name__, url_prefix="/desk/units")
BLUEPRINT.register_error_handler(Refused, refused)
_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the outline with its own members and the units below it."""

    unit: Unit
    members: int
    below: tuple["Branch", ...]


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """The outline of the subtree, or what a search finds in it."""
    asked = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    by = staff()
    with house().store.read() as db:
        tree = [unit for unit in units.all_units(db) if by.sees(unit.id)]
        counts = members.counts(db)
        people = members.of_units(db, by.units) if asked else ()
    names = {unit.id: unit for unit in tree}
    text = render_template(
        "desk/units/index.html",
        root=_outline(names[by.unit], tree, counts),
        asked=asked,
        found=[unit for unit in tree if asked and asked in unit.name],
        people=[member for member in people if asked in member.name],
        names=names,
        total=sum(counts.get(unit.id, 0) for unit in tree),
        kinds=unit_kinds(),
    )
    return make_response(text)


@BLUEPRINT.get("/<int:unit_id>")
@admits(Who.SECRETARY)
def unit(unit_id: int) -> Response:
    """One unit with its members."""
    check_sees(staff(), unit_id)
    with house().store.read() as db:
        tree = units.all_units(db)
        people = members.of_units(db, [unit_id])
    above = [each for each in trail(tree, unit_id) if staff().sees(each.id)]
    if not above:
        raise NotFound(what="unit")
    text = render_template(
        "desk/units/unit.html",
        trail=above,
        unit=above[-1],
        members=by_position(people),
        member_kinds=member_kinds(),
        kinds=unit_kinds(),
        sectors=sectors(),
    )
    return make_response(text)


BLUEPRINT.add_url_rule("/import", "upload", imports.upload)
BLUEPRINT.add_url_rule("/import/template.xlsx", "template", imports.template)
BLUEPRINT.add_url_rule("/import", "preview", imports.preview, methods=["POST"])
BLUEPRINT.add_url_rule("/import/<key>/refused.xlsx", "refused", imports.refused)
BLUEPRINT.add_url_rule("/import/confirm", "confirm", imports.confirm, methods=["POST"])


def _outline(root: Unit, tree: Iterable[Unit], members: Mapping[int, int]) -> Branch:
    below: dict[int | None, list[Unit]] = {}
    for unit in tree:
        below.setdefault(unit.parent, []).append(unit)

    def branch(unit: Unit) -> Branch:
        return Branch(unit, members.get(unit.id, 0), tuple(branch(each) for each in below.get(unit.id, ())))

    return branch(root)
