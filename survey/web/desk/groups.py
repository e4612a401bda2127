"""Groups before the first slip: merge one that is too few, and weigh them against each other."""

from collections.abc import Mapping

from flask import Response, request

from survey.actions import groups
from survey.domain.refusals import BadField
from survey.domain.rounds import MOST_WEIGHT, SpoilRule
from survey.domain.texts import line
from survey.store import rounds
from survey.web.desk.fields import number
from survey.web.desk.halls import Hall, back_to, found, page, section
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence

BLUEPRINT = section("desk_groups")


@BLUEPRINT.post("/<int:meeting_id>/merge")
@admits(Who.SECRETARY)
def merge(meeting_id: int) -> Response:
    """Make one group of a group that is too few and another."""
    hall = found(meeting_id)
    known = {str(group.id): group.id for group in hall.meeting.groups}
    few, into = (known.get(request.form.get(field, ""), 0) for field in ("group", "into"))
    groups.merge(house(), meeting_id, few, into, by=staff(), now=now())
    return back_to(meeting_id)


@BLUEPRINT.get("/<int:meeting_id>/weights")
@admits(Who.SECRETARY)
def weights(meeting_id: int) -> Response:
    """What each group weighs in this round; empty fields while all ballots weigh alike."""
    return _form(found(meeting_id), {}, "")


@BLUEPRINT.post("/<int:meeting_id>/weights")
@admits(Who.SECRETARY)
def weigh(meeting_id: int) -> Response:
    """Write the weights, or say what to change and keep what was typed."""
    hall = found(meeting_id)
    names = list(_kept(hall))
    typed = {name: line(request.form.get(f"weight_{at}", "")) for at, name in enumerate(names)}
    if "none" in request.form:
        typed = dict.fromkeys(names, "")
    some = any(typed.values())
    # One empty field among filled ones weighs nothing; -1 is refused by name.
    read = {name: -1 if (n := number(text or "0", most=MOST_WEIGHT)) is None else n for name, text in typed.items()}
    spoil = next((each for each in SpoilRule if each.value == request.form.get("spoil", "")), None)
    quorum = {"half": True, "none": False}.get(request.form.get("quorum", ""))
    rules = groups.Rules(spoil, quorum)
    try:
        groups.weigh(house(), meeting_id, read if some else {}, rules=rules, by=staff(), now=now())
    except BadField as refused:
        return _form(hall, typed, sentence(refused).text)
    return back_to(meeting_id)


def _kept(hall: Hall) -> Mapping[str, int | None]:
    """The groups that have a weight or stand in this meeting, with their weights."""
    with house().store.read() as db:
        scheme = rounds.get(db, hall.meeting.round).scheme
    here = [group.name for group in hall.meeting.groups if scheme.weight(group.name) is None]
    return {**dict(scheme.weights), **dict.fromkeys(here)}


def _form(hall: Hall, typed: Mapping[str, str], said: str) -> Response:
    with house().store.read() as db:
        season = rounds.get(db, hall.meeting.round)
    rows = [
        (name, typed.get(name, "" if weight is None else str(weight))) for name, weight in _kept(hall).items()
    ]
    return page("weights", hall, season=season, rows=rows, spoil=request.form.get("spoil", ""), quorum=request.form.get("quorum", ""), said=said, status=400 if said else 200)
