"""What is done to a unit: each act has a page that says what will happen, and happens by a form on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from survey.actions import trees, unit_undos
from survey.actions.rights import check_sees
from survey.actions.trees import Ask
from survey.domain.refusals import BadField, NotFound, Refused, Stale, UnitStays
from survey.domain.texts import line
from survey.domain.units import Unit, UnitKind
from survey.store import outlines, units
from survey.store.meetings import MOST_ID
from survey.store.terms import all_terms
from survey.web.desk.fields import number
from survey.web.desk.units import BLUEPRINT, MOST_FOUND, searched
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.errors import sentence
from survey.web.words import sectors, unit_kinds


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a unit as it was typed."""

    name: str = ""
    code: str = ""
    kind: str = UnitKind.BRANCH.value
    sector: str = ""


@BLUEPRINT.get("/<int:unit_id>/add")
@admits(Who.SECRETARY)
def ask_add(unit_id: int) -> Response:
    """The form of a new unit below this one."""
    return _form("add", _unit(unit_id), Typed())


@BLUEPRINT.post("/<int:unit_id>/add")
@admits(Who.SECRETARY)
def add(unit_id: int) -> Response:
    """Add it, or say what to change."""
    above, typed = _unit(unit_id), _typed()
    try:
        made = trees.add(house(), _filled(typed, parent=unit_id), _ask())
    except (BadField, UnitStays) as fault:
        return _form("add", above, typed, fault=fault)
    return make_response(redirect(url_for("desk_units.unit", unit_id=made, added=1), 303))


@BLUEPRINT.get("/<int:unit_id>/edit")
@admits(Who.SECRETARY)
def ask_edit(unit_id: int) -> Response:
    """The form of a unit as it is."""
    unit = _unit(unit_id)
    return _form("edit", unit, Typed(unit.name, unit.code, unit.kind.value, unit.sector or ""))


@BLUEPRINT.post("/<int:unit_id>/edit")
@admits(Who.SECRETARY)
def edit(unit_id: int) -> Response:
    """Write it, or say what to change; when somebody was faster, both stand side by side."""
    unit, typed = _unit(unit_id), _typed()
    try:
        done = trees.edit(house(), _filled(typed, unit_id=unit_id), _ask())
    except (BadField, UnitStays, Stale) as fault:
        return _form("edit", unit, typed, fault=fault)
    return _to(unit_id, done)


@BLUEPRINT.get("/<int:unit_id>/move")
@admits(Who.SECRETARY)
def ask_move(unit_id: int) -> Response:
    """Where to move it; with `to` what will happen."""
    return _choose("move", unit_id)


@BLUEPRINT.post("/<int:unit_id>/move")
@admits(Who.SECRETARY)
def move(unit_id: int) -> Response:
    """Move it with everything below it."""
    return _go("move", unit_id, trees.move)


@BLUEPRINT.get("/<int:unit_id>/merge")
@admits(Who.SECRETARY)
def ask_merge(unit_id: int) -> Response:
    """Into which other unit; with `to` what will happen."""
    return _choose("merge", unit_id)


@BLUEPRINT.post("/<int:unit_id>/merge")
@admits(Who.SECRETARY)
def merge(unit_id: int) -> Response:
    """Merge it into the other one."""
    return _go("merge", unit_id, trees.merge)


@BLUEPRINT.get("/<int:unit_id>/close")
@admits(Who.SECRETARY)
def ask_close(unit_id: int) -> Response:
    """What closing it means, or what is in the way."""
    return _confirm("close", unit_id, None)


@BLUEPRINT.post("/<int:unit_id>/close")
@admits(Who.SECRETARY)
def close(unit_id: int) -> Response:
    """Close it; its history stays."""
    try:
        done = trees.close(house(), unit_id, _ask())
    except (UnitStays, Stale) as fault:
        return _confirm("close", unit_id, None, fault=fault)
    return _to(unit_id, done)


@BLUEPRINT.get("/<int:unit_id>/reopen")
@admits(Who.SECRETARY)
def ask_reopen(unit_id: int) -> Response:
    """What reopening it means."""
    return _confirm("reopen", unit_id, None)


@BLUEPRINT.post("/<int:unit_id>/reopen")
@admits(Who.SECRETARY)
def reopen(unit_id: int) -> Response:
    """Take it back into the tree."""
    try:
        trees.reopen(house(), unit_id, _ask())
    except (UnitStays, BadField) as fault:
        return _confirm("reopen", unit_id, None, fault=fault)
    return _to(unit_id)


@BLUEPRINT.post("/undo")
@admits(Who.SECRETARY)
def undo() -> Response:
    """Take the last act back."""
    entry = number(request.form.get("entry", ""), most=MOST_ID)
    if entry is None:
        raise NotFound(what="act")
    return _to(unit_undos.undo(house(), entry, _ask()))


def _choose(act: str, unit_id: int) -> Response:
    """The list of units to choose from, or the page that asks when one is chosen."""
    asked = request.args.get("to", "")
    other = number(asked, most=MOST_ID)
    if other is not None:
        return _confirm(act, unit_id, other)
    by, unit = staff(), _unit(unit_id)
    with house().store.read() as db:
        wanted = searched(by)
        # Some of those found are none to choose; so many more are asked for.
        found = outlines.find_units(db, wanted, most=2 * MOST_FOUND)
        below = units.unit_ids_below(db, unit_id)
        hits = [each for each in found if each.id not in below and (act == "merge" or each.id != unit.parent)]
        names = units.some(db, {each.parent or 0 for each in hits})
    return _page("choose", unit, act=act, wanted=wanted, hits=hits[:MOST_FOUND], more=len(hits) > MOST_FOUND, names=names)


def _go(act: str, unit_id: int, verb: Callable[..., int]) -> Response:
    other = number(request.form.get("to", ""), most=MOST_ID)
    if other is None:
        raise NotFound(what="unit")
    try:
        done = verb(house(), unit_id, other, _ask())
    except (BadField, UnitStays, Stale) as fault:
        return _confirm(act, unit_id, other, fault=fault)
    return _to(unit_id, done)


def _confirm(act: str, unit_id: int, other: int | None, *, fault: Refused | None = None) -> Response:
    effect = trees.foresee(house(), unit_id, other, by=staff())
    said = sentence(fault) if fault else None
    return _page(act, effect.unit, status=said.status if said else 200, effect=effect, said=said)


def _form(page: str, unit: Unit, typed: Typed, *, fault: Refused | None = None) -> Response:
    with house().store.read() as db:
        terms = all_terms(db)
    said = sentence(fault) if fault else None
    offered = dict(sectors(terms))
    if unit.sector and page == "edit":
        # One that is offered no longer stays with who has it.
        offered[unit.sector] = sectors(terms, retired=True).get(unit.sector, unit.sector)
    where = str(fault.facts.get("field", "")) if fault else ""
    return _page(
        page, unit, status=said.status if said else 200, typed=typed, said=said, where=where, stale=isinstance(fault, Stale),
        offered=offered, sector_names=sectors(terms, retired=True),
    )  # fmt: skip


def _page(name: str, unit: Unit, *, status: int = 200, **more: Any) -> Response:
    with house().store.read() as db:
        trail = [each for each in units.path(db, unit.id) if staff().sees(each.id)]
    whole = {"unit": unit, "trail": trail, "kinds": unit_kinds(), **more}
    return make_response(render_template(f"desk/units/{name}.html", **whole), status)


def _unit(unit_id: int) -> Unit:
    check_sees(staff(), unit_id)
    with house().store.read() as db:
        return units.get(db, unit_id)


def _ask() -> Ask:
    return Ask(staff(), now(), today(), request.form.get("seen", ""))


def _typed() -> Typed:
    return Typed(*(line(request.form.get(field, "")) for field in ("name", "code", "kind", "sector")))


def _filled(typed: Typed, *, unit_id: int = 0, parent: int | None = None) -> Unit:
    if typed.kind not in set(UnitKind):
        raise BadField(field="unit_kind", value=typed.kind[:20], why="unknown")
    return Unit(unit_id, parent, UnitKind(typed.kind), typed.name, typed.code, typed.sector or None)


def _to(unit_id: int, done: int | None = None) -> Response:
    return make_response(redirect(url_for("desk_units.unit", unit_id=unit_id, done=done), 303))
