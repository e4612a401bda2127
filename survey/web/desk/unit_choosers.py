"""Choosing a unit in a form: a list while it is short, and a search in it however many there are."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request

from survey.domain.refusals import Refused
from survey.domain.texts import line
from survey.store import choices
from survey.store.choices import Choice, Wanted
from survey.store.meetings import MOST_ID
from survey.web.desk.fields import number
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, house, staff

BLUEPRINT = Blueprint("desk_unit_choosers", __name__, url_prefix="/desk/units")
BLUEPRINT.register_error_handler(Refused, refused)
# A list of no more is shown whole.
SHOWN = 100
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Offer:
    """Units a form offers: those that fit what was looked for, the chosen one among them, and how many fit in all."""

    choices: tuple[Choice, ...]
    total: int
    q: str
    chosen: Choice | None
    rated: bool

    @property
    def is_long(self) -> bool:
        """There are more than the form shows, or somebody has searched in it."""
        return self.total > len(self.choices) or bool(self.q)


def offer(unit: str, q: str = "", *, rated: bool = False) -> Offer:
    """What a form offers to somebody who typed `q` and chose `unit`; `rated` are units one can evaluate."""
    root, asked = staff().unit, line(q)[:_LONGEST]
    with house().store.read() as db:
        found, total = choices.find(db, Wanted(root, asked, rated=rated), most=SHOWN)
        chosen = one(unit)
    if chosen is not None and all(each.id != chosen.id for each in found):
        found = (chosen, *found)
    return Offer(found, total, asked, chosen, rated)


def one(unit: str) -> Choice | None:
    """The unit a form names, when it is open and lies in the subtree."""
    asked = number(unit, most=MOST_ID)
    if asked is None:
        return None
    with house().store.read() as db:
        return choices.one(db, asked, root=staff().unit)


@BLUEPRINT.get("/choices")
@admits(Who.SECRETARY)
def find() -> Response:
    """What a search finds, for the script that fills the list while one types."""
    found = offer("", request.args.get("q", ""), rated="rated" in request.args)
    return jsonify({"choices": [_plain(each) for each in found.choices], "total": found.total})


def _plain(choice: Choice) -> Mapping[str, object]:
    return {"id": choice.id, "name": choice.name, "above": choice.above, "members": choice.members}
