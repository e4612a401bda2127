"""Meetings whose round nobody planned: gathered into one that is run, and can be published, like any other."""

from flask import Response

from survey.actions import loose_rounds as verbs
from survey.domain.refusals import NotFound
from survey.store import loose_rounds, units
from survey.store.loose_rounds import Loose
from survey.web.desk.halls import section
from survey.web.desk.rounds import shown, to
from survey.web.doors import Who, admits, house, now, staff
from survey.web.words import quarter

BLUEPRINT = section("desk_loose_rounds", "/desk/rounds/loose")


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """Those with meetings of the subtree."""
    with house().store.read() as db:
        found = loose_rounds.of_unit(db, staff().unit)
    return shown("loose", found=found, quarter=quarter)


@BLUEPRINT.get("/<int:round_id>")
@admits(Who.SECRETARY)
def ask(round_id: int) -> Response:
    """What gathering them does."""
    with house().store.read() as db:
        found, unit = _one(loose_rounds.of_unit(db, staff().unit, only=round_id)), units.get(db, staff().unit)
    return shown("gather", found=found, unit=unit)


@BLUEPRINT.post("/<int:round_id>")
@admits(Who.SECRETARY)
def gather(round_id: int) -> Response:
    """Do it, and show the round that came of it."""
    return to(verbs.gather(house(), round_id, by=staff(), now=now()))


def _one(found: tuple[Loose, ...]) -> Loose:
    if not found:
        raise NotFound(what="round")
    return found[0]
