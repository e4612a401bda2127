"""评议轮次: the rounds of a unit and all below it, their plans, the next one after the last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import plans as verbs
from survey.actions.questionnaires import library
from survey.domain.plans import Planned, Standing
from survey.domain.publication_digests import is_bound
from survey.domain.publication_files import MANIFEST
from survey.domain.refusals import BadField
from survey.domain.rounds import period
from survey.store import batches, choices, coverage, loose_rounds, plans, publications, units
from survey.store.choices import Choice
from survey.store.coverage import Sums, Wanted
from survey.store.engine import Connection
from survey.store.meetings import MOST_ID
from survey.store.terms import all_terms
from survey.web.desk import round_fields
from survey.web.desk.choosers import offered
from survey.web.desk.fields import Errors, number
from survey.web.desk.halls import section
from survey.web.desk.round_fields import Typed
from survey.web.desk.unit_choosers import SHOWN, offer, one
from survey.web.doors import Who, admits, config, house, now, staff, today
from survey.web.errors import sentence
from survey.web.lists import LONGEST_SEARCH, asked_page, pages
from survey.web.words import group_names, quarter, sectors, unit_kinds

BLUEPRINT = section("desk_rounds", "/desk/rounds")
ON_A_PAGE = 50
# Of so many units that no rule fits the page gives the names.
_NAMED = 100


@dataclass(frozen=True, slots=True)
class Picked:
    """Units of the form to tick by name: the ticked, others that fit what was looked for, and how many fit in all."""

    ticked: tuple[Choice, ...]
    others: tuple[Choice, ...]
    total: int


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """Rounds that reach the subtree, the latest first."""
    page = asked_page()
    with house().store.read() as db:
        listed, total = plans.page(db, staff().unit, first=(page - 1) * ON_A_PAGE, most=ON_A_PAGE)
        loose = len(loose_rounds.of_unit(db, staff().unit))
    return shown("index", listed=listed, loose=loose, page=page, pages=pages(total, ON_A_PAGE), today=today())


@BLUEPRINT.get("/new")
@admits(Who.SECRETARY)
def new() -> Response:
    """The empty form of this quarter; `source` is a round to be held again in the next period."""
    source = number(request.args.get("source", ""), most=MOST_ID)
    if source is None:
        return _form(None, {})
    planned = _found(source)
    form = round_fields.again(planned)
    return _form(form if staff().sees(planned.unit) else replace(form, unit=str(staff().unit)), {}, planned)


@BLUEPRINT.post("/new")
@admits(Who.SECRETARY)
def create() -> Response:
    """Plan it, or show the form again as it was typed with a sentence at each field to change."""
    form = round_fields.typed(request.form)
    source = number(form.source, most=MOST_ID)
    before = _found(source) if source is not None else None
    if round_fields.is_reshaping(request.form):
        return _form(form, {}, before)
    asked, wrong = _read(form, before)
    if one(form.unit) is None:
        wrong["unit"] = _("请选择由哪个单位来办。")
    if asked is None or "unit" in wrong:
        return _form(form, wrong, before)
    try:
        made = verbs.plan(house(), asked, by=staff(), now=now())
    except BadField as refused:
        return _form(form, {_field(refused): sentence(refused).text}, before)
    return _done(made, lost=before is not None and asked.scheme != before.scheme)


@BLUEPRINT.get("/<int:round_id>")
@admits(Who.SECRETARY)
def show(round_id: int) -> Response:
    """One round: what comes next, how far it is, its plan."""
    with house().store.read() as db:
        planned = verbs.look(db, round_id, by=staff())
        root = planned.unit if staff().sees(planned.unit) else staff().unit
        each = coverage.sums(db, planned, root, now=now())
        unit = units.get(db, planned.unit)
        titles = plans.titles(db, {rule.questionnaire for rule in planned.plan.rules})
        words = sectors(all_terms(db), retired=True)
        runs = verbs.runs(staff(), planned)
        wanted = Wanted(root, standings=(Standing.UNFIT,))
        unfit, _many = coverage.page(db, planned, wanted, first=0, most=_NAMED)
        fresh = len(batches.untouched(db, round_id)) if runs else 0
        named = choices.some(db, planned.plan.units, root=planned.unit) if planned.plan.units else ()
        published, listed = publications.with_list(db, round_id, MANIFEST)
    whole = sum(each.values(), Sums({}))
    more: dict[str, Any] = {"sectors": words, "kinds": unit_kinds(), "quarter": quarter, "unfit": unfit, "fresh": fresh, "today": today(), "named": named}
    more |= {"published": published, "bound": is_bound(listed), "zone": config().zone, "whole_seen": staff().sees(planned.unit)}
    return shown("show", planned=planned, unit=unit, whole=whole, titles=titles, runs=runs, **more)


@BLUEPRINT.get("/<int:round_id>/edit")
@admits(Who.SECRETARY)
def edit(round_id: int) -> Response:
    """The form of a round as it is."""
    planned = _own(round_id)
    return _form(round_fields.of(planned), {}, planned, changes=True)


@BLUEPRINT.post("/<int:round_id>/edit")
@admits(Who.SECRETARY)
def change(round_id: int) -> Response:
    """Write it, or say what to change; once a meeting has opened only its name and its last day can be."""
    planned = _own(round_id)
    form = round_fields.typed(request.form)
    if planned.frozen:
        # What is not asked any more is what stands.
        form = replace(round_fields.of(planned), name=form.name, ends_on=form.ends_on)
    elif round_fields.is_reshaping(request.form):
        return _form(form, {}, planned, changes=True)
    asked, wrong = _read(form, planned)
    if asked is None:
        return _form(form, wrong, planned, changes=True)
    try:
        lost = verbs.change(house(), round_id, asked, by=staff(), now=now())
    except BadField as refused:
        return _form(form, {_field(refused): sentence(refused).text}, planned, changes=True)
    return _done(round_id, lost=lost)


def to(round_id: int) -> Response:
    """To the page of the round, so that reloading it repeats nothing."""
    return make_response(redirect(url_for("desk_rounds.show", round_id=round_id), 303))


def _done(round_id: int, *, lost: bool) -> Response:
    """To the page of the round; to its rules when some of them fell away, since they spoke of groups that are others now."""
    if not lost:
        return to(round_id)
    return make_response(redirect(url_for("desk_rounds.scheme", round_id=round_id, left=1), 303))


def shown(name: str, *, status: int = 200, **more: Any) -> Response:
    """A page about rounds."""
    return make_response(render_template(f"desk/rounds/{name}.html", **more), status)


def _found(round_id: int) -> Planned:
    with house().store.read() as db:
        return verbs.look(db, round_id, by=staff())


def _own(round_id: int) -> Planned:
    with house().store.read() as db:
        return verbs.own(db, round_id, by=staff())


def _read(form: Typed, before: Planned | None) -> tuple[verbs.Asked | None, Errors]:
    with house().store.read() as db:
        known = sectors(all_terms(db), retired=True)
    return round_fields.read(form, today=today(), before=before, sectors=known)


def _field(refused: BadField) -> str:
    return {"questionnaire": "rules", "only": "only"}.get(str(refused.facts.get("field")), "name")


def _form(typed: Typed | None, wrong: Errors, before: Planned | None = None, *, changes: bool = False) -> Response:
    with house().store.read() as db:
        terms = all_terms(db)
        form = typed or round_fields.empty(staff().unit, period(today()), group_names(terms))
        picked = _picked(db, form, staff().unit if before is None or not changes else before.unit)
        every = [*offered(db, staff())]
        if before is not None:
            every.insert(0, (_("这一轮现在用的"), _kept(db, before)))
    more: dict[str, Any] = {"kinds": unit_kinds(), "sectors": sectors(terms), "every_sector": sectors(terms, retired=True), "quarter": quarter}
    return shown(
        "form",
        status=400 if wrong else 200,
        form=form,
        wrong=wrong,
        before=before,
        changes=changes,
        offer=None if changes else offer(form.unit, request.form.get("find_unit", "")),
        names=group_names(terms),
        offered=every,
        periods=round_fields.offered(today(), before),
        picked=picked,
        **more,
    )


def _picked(db: Connection, form: Typed, top: int) -> Picked:
    """Units to tick by name below the one that runs the round: those ticked first, then those that fit what was looked for."""
    root = number(form.unit, most=MOST_ID)
    root = root if root is not None and staff().sees(root) else top
    chosen = choices.some(db, form.only, root=root)
    found, total = choices.find(db, choices.Wanted(root, form.find_only[:LONGEST_SEARCH], rated=True), most=SHOWN)
    ticked = {each.id for each in chosen}
    return Picked(chosen, tuple(each for each in found if each.id not in ticked), total)


def _kept(db: Connection, before: Planned) -> Sequence[tuple[str, str]]:
    """Questionnaires of a round that are none of the library: the very versions it asks."""
    own = dict.fromkeys(rule.questionnaire for rule in before.plan.rules if rule.ref not in library())
    titles = plans.titles(db, own)
    return [(f"{verbs.KEPT}{each}", titles[each]) for each in own]
