"""What every page of the editor shares: the draft behind an address, and the answers to a saving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for

from survey.actions import drafts
from survey.domain.advice import Advice
from survey.domain.drafts import Work
from survey.domain.questionnaire_checks import Fault
from survey.domain.refusals import NotAllowed
from survey.store import members, terms
from survey.store.drafts import Draft
from survey.web.doors import config, house, now, staff
from survey.web.headers import POLICY
from survey.web.kept import wants_json
from survey.web.words import member_kinds, sectors

_USUAL = 20
# The booth's own page stands in a frame beside the editor; every other page of the desk has no frame.
FRAMES = POLICY + "; frame-src 'self'"
Compared = Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class View:
    """A draft, whether the asker may change it, the words for its sectors and kinds, whose it is, and how many members that
    unit has (where it has none, as many as a branch usually has)."""

    draft: Draft
    can_edit: bool
    sectors: Mapping[str, str]
    kinds: Mapping[str, str]
    unit: str
    members: int

    @property
    def at(self) -> str:
        """When it was saved last, on the clock of the meetings."""
        return self.draft.minute.astimezone(config().zone).strftime("%H:%M")


def opened(draft_id: int, *, edit: bool = False) -> View:
    """The draft behind an address, for the person who asks.

    Raises
    ------
    NotFound
        There is none, or it is none of the asker's business.
    NotAllowed
        It is to be edited, and is only lent.
    """
    by = staff()
    with house().store.read() as db:
        draft = drafts.look(db, draft_id, by=by)
        if edit and not drafts.edits(by, draft):
            raise NotAllowed()
        lists = terms.all_terms(db)
        people = len(members.of_units(db, [draft.unit]))
    return View(draft, drafts.edits(by, draft), sectors(lists), member_kinds(lists), draft.unit_name, people or _USUAL)


def seen() -> int:
    """The revision a form was made of; 0 when somebody changed the field."""
    number = request.form.get("seen", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


def change(draft_id: int, edit: Callable[[Work], Work]) -> tuple[Draft, str]:
    """One step of editing by the person who asks, on the revision his form was made of."""
    return drafts.change(house(), draft_id, edit, seen=seen(), by=staff(), now=now())


def saved(draft: Draft, address: str, **more: object) -> Response:
    """It is written: to a page of its own, so that reloading repeats nothing; the script gets the new revision, and more."""
    if wants_json():
        at = draft.minute.astimezone(config().zone).strftime("%H:%M")
        return make_response(jsonify(revision=draft.revision, at=at, **more))
    return make_response(redirect(address, 303))


def overtaken(draft_id: int, compare: Callable[[View], Compared], address: str) -> Response:
    """Somebody saved before: both states beside each other, and what was typed ready to be sent again.

    When nothing typed differs from what stands there (a button pressed twice), there is nothing to decide.
    """
    view = opened(draft_id, edit=True)
    rows = [row for row in compare(view) if row[1] != row[2]]
    if wants_json():
        return make_response(jsonify(stale=True), 409)
    if not rows:
        return make_response(redirect(address, 303))
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "once", "seen", "do")]
    text = render_template(
        "desk/questionnaires/overtaken.html", view=view, rows=rows, kept=kept, address=address, is_own=view.draft.staff == staff().id
    )
    return make_response(text, 409)


def page(name: str, view: View, *, status: int = 200, framed: bool = True, **more: Any) -> Response:
    """A page about one draft."""
    response = make_response(render_template(f"desk/questionnaires/{name}.html", view=view, **more), status)
    if framed:
        response.headers["Content-Security-Policy"] = FRAMES
    return response


def to_part(draft_id: int, part: str = "", anchor: str = "") -> str:
    """The address of a section in the editor."""
    return url_for("desk_questionnaires.edit", draft_id=draft_id, part=part or None, _anchor=anchor or None)




def place_address(draft_id: int, place: Fault | Advice) -> str:
    """Where something about a scale, a question or a section is mended."""
    if place.scale:
        return url_for("desk_questionnaires.scale", draft_id=draft_id, scale=place.scale)
    if place.question:
        return url_for("desk_questionnaires.question", draft_id=draft_id, part=place.section, q=place.question)
    return to_part(draft_id, place.section)
