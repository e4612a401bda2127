"""The rules of a round: set, tried and saved as versions until its first meeting opens; after its publication only tried."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from survey.actions import plans
from survey.actions import schemes as verbs
from survey.domain.plans import Planned
from survey.domain.refusals import BadField, NotFound
from survey.domain.rounds import Scheme
from survey.domain.scheme_versions import Version
from survey.store import publications, schemes, units
from survey.store.engine import Connection
from survey.store.meetings import MOST_ID
from survey.web.clocks import minute
from survey.web.desk import scheme_fields as fields
from survey.web.desk.fields import Errors, number
from survey.web.desk.rounds import BLUEPRINT, shown
from survey.web.desk.scheme_examples import effects, examples
from survey.web.desk.scheme_grounds import Basis, Known, basis, known, offered, taken
from survey.web.desk.scheme_lint import advice
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.scheme_facts import Changed, changes, facts
from survey.web.words import round_name


@dataclass(frozen=True, slots=True)
class View:
    """A round with its versions, and whether its rules may be written by this person, or only be tried since it is published."""

    planned: Planned
    versions: tuple[Version, ...]
    known: Known
    basis: Basis | None
    runs: bool
    published: bool
    unit_name: str
    others: tuple[Planned, ...]

    @property
    def is_open(self) -> bool:
        """Whether the rules may still be written."""
        return self.runs and not self.planned.frozen

    @property
    def is_tried(self) -> bool:
        """Whether other rules may be tried on what is published."""
        return self.runs and self.published


@dataclass(frozen=True, slots=True)
class Saved:
    """A version in the list, and what it changed in the one before."""

    version: Version
    when: str
    changed: tuple[Changed, ...]


@BLUEPRINT.get("/<int:round_id>/scheme")
@admits(Who.SECRETARY)
def scheme(round_id: int) -> Response:
    """The rules as they stand; `version` or `take` fill the form with those of an earlier version or another round."""
    with house().store.read() as db:
        view = _view(db, round_id)
    chosen, origin = _chosen(view)
    return _page(view, fields.of(chosen, view.known.ground), {}, chosen, origin=origin)


@BLUEPRINT.post("/<int:round_id>/scheme")
@admits(Who.SECRETARY)
def write_scheme(round_id: int) -> Response:
    """Try what is typed, or save it as the next version."""
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
        view = _view(db, planned.id)
    form = fields.typed(request.form)
    asked, wrong = fields.read(form, view.planned.scheme, view.known.ground)
    if fields.is_filling(request.form):
        return _page(view, form, {}, asked)
    if asked is None or "save" not in request.form:
        return _page(view, form, wrong, asked, is_tried=True)
    try:
        verbs.save(house(), round_id, asked, seen=number(form.texts["seen"]) or 0, by=staff(), now=now())
    except BadField as refused:
        return _page(view, form, {fields.slot(refused): sentence(refused).text}, asked)
    return make_response(redirect(url_for("desk_rounds.scheme", round_id=round_id), 303))


def _view(db: Connection, round_id: int) -> View:
    planned = plans.look(db, round_id, by=staff())
    runs = plans.runs(staff(), planned)
    published, path = publications.of_round(db, round_id), units.path(db, planned.unit)
    is_open = runs and not planned.frozen
    is_shown_on = is_open or (runs and published is not None)
    return View(
        planned, schemes.versions(db, round_id) if runs else (), known(db, planned), basis(db, planned, published) if is_shown_on else None, runs,
        published is not None, path[-1].name, tuple(offered(db, planned, path)) if is_open else (),
    )  # fmt: skip


def _chosen(view: View) -> tuple[Scheme, str]:
    """The scheme to fill the form with, and where it comes from when it is not the one that stands."""
    now_there, given = view.planned.scheme, request.args
    if not view.is_open:
        return now_there, ""
    if (asked := number(given.get("version", ""))) is not None:
        found = next((each for each in view.versions if each.number == asked), None)
        if found is None:
            raise NotFound(what="version")
        return taken(found.scheme, view.known.ground), _("第 %(n)s 版", n=asked)
    other = number(given.get("take", ""), most=MOST_ID)
    # What is not offered is not told about.
    if (source := next((each for each in view.others if each.id == other), None)) is not None:
        return taken(source.scheme, view.known.ground), round_name(source)
    if given.get("usual") == "1":
        return Scheme(), _("通常的规则")
    return now_there, ""


def _page(
    view: View, form: fields.Typed, wrong: Errors, asked: Scheme | None, *, origin: str = "", is_tried: bool = False
) -> Response:  # fmt: skip
    """The page with what is typed; examples are those of the rules on it, as far as they can be read."""
    stands = view.planned.scheme
    read = asked or stands
    with_form = view.is_open or view.is_tried
    changed = changes(stands, read, view.known.labels)
    more: dict[str, Any] = {}
    if with_form and view.basis is not None:
        more = {"examples": examples(view.basis, read), "advice": advice(read, view.known, view.basis), "effects": effects(view.basis, stands, read)}
    return shown(
        "scheme", status=400 if wrong else 200, view=view, planned=view.planned, form=form, wrong=wrong, changed=changed, origin=origin,
        is_tried=is_tried and not wrong, facts={each.key: each for each in facts(read, view.known.labels)}, listed=_listed(view), with_form=with_form,
        stood={each.key: each for each in facts(stands, view.known.labels)}, joined=[(fields.whose(each, view.known.ground), each) for each in view.known.ground.joined(read.sources)],
        is_left=request.method == "GET" and request.args.get("left") == "1", last=view.versions[0].number if view.versions else 0, rows=fields.ROWS, **more,
    )  # fmt: skip


def _listed(view: View) -> list[Saved]:
    return [
        Saved(each, minute(each.minute) if each.minute else "", changes(before.scheme, each.scheme, view.known.labels) if before else ())
        for each, before in zip_longest(view.versions, view.versions[1:])
    ]
