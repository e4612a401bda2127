"""Publish a round: first everything that would be shown and what is left out, then one button that cannot be taken back."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import plans
from survey.actions import publications as verbs
from survey.config import release
from survey.domain.plans import Planned
from survey.domain.refusals import NotPublished, Refused
from survey.domain.roll_ups import RollUp
from survey.domain.rounds import FEWEST
from survey.store import coverage, publications
from survey.store.coverage import Sums
from survey.store.engine import Connection
from survey.web.desk.halls import refused as refused_page
from survey.web.desk.rounds import BLUEPRINT, shown, to
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.progress import Work, answered
from survey.web.scheme_words import rules
from survey.web.words import quarter, stages

# So many lines a list of the preview has at most; the rest are a number.
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Joint:
    """Units whose meetings are only shown together: their names, their ballots, and the unit from which on they count."""

    names: tuple[str, ...]
    ballots: int
    where: str


@BLUEPRINT.get("/<int:round_id>/publish")
@admits(Who.SECRETARY)
def ask_publish(round_id: int) -> Response:
    """What would be published now. Once it is done the page of the round says so."""
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
        if publications.of_round(db, round_id) is not None:
            return to(round_id)
        return _preview(db, planned)


@BLUEPRINT.post("/<int:round_id>/publish")
@admits(Who.SECRETARY)
def publish(round_id: int) -> Response:
    """Publish what was looked at, or show it anew with what is in the way. A city's takes a while, and says how far it is."""
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
    return answered(_published(planned, request.form.get("seen", "")), said=_("正在准备公布。"))


def _published(planned: Planned, seen: str) -> Work:
    try:
        yield from verbs.publish_steps(house(), planned.id, seen, release=release(), by=staff(), now=now())
    except NotPublished as refused:
        if refused.facts["why"] == "done":
            return refused_page(refused)
        with house().store.read() as db:
            return _preview(db, planned, sentence(refused))
    except Refused as refused:
        return refused_page(refused)
    return to(planned.id)


def _preview(db: Connection, planned: Planned, said: Sentence | None = None) -> Response:
    found = verbs.preview(db, planned.id, release=release(), by=staff())
    running = publications.running(db, planned.id, most=MOST_LISTED) if found.running else ()
    whole = sum(coverage.sums(db, planned, planned.unit, now=now()).values(), Sums({}))
    roll = RollUp(found.made)
    joined = [at for at, atom in enumerate(found.made.atoms) if len(atom) > 1]
    return shown(
        "publish", status=said.status if said else 200, planned=planned, found=found, running=running, whole=whole, said=said,
        account=roll.accounting(planned.unit), joints=[_joint(roll, at) for at in joined[:MOST_LISTED]], more=len(joined) - MOST_LISTED,
        rated={unit for each in found.made.meetings for unit in each.rated}, rules=rules(found.made.scheme), scheme=found.made.scheme,
        fewest=FEWEST, quarter=quarter, stages=stages(),
    )  # fmt: skip


def _joint(roll: RollUp, at: int) -> Joint:
    atom = roll.made.atoms[at]
    lowest = next(place for place in reversed(roll.trail(atom[0].unit)) if at in roll.atoms(place.id))
    return Joint(tuple(roll.place(leaf.unit).name for leaf in atom), sum(leaf.ballots for leaf in atom), lowest.name)
