"""Bonus points: applied for with a reason, then approved or refused; together they count up to what the rules of the round allow."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import plans
from survey.actions import scores as verbs
from survey.domain.grades import LONGEST_REASON
from survey.domain.refusals import NotFound, NotGraded
from survey.domain.scores import Bonus, BonusState, points_text, read_points
from survey.domain.texts import line
from survey.office.gradings import containing
from survey.store import scores
from survey.web.desk.grades import Found, find, trail_of
from survey.web.desk.rounds import BLUEPRINT
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.grade_errors import named as named_few


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed."""

    target: str = ""
    points: str = ""
    reason: str = ""


EMPTY = Typed()


@BLUEPRINT.get("/<int:round_id>/grades/<int:unit_id>/bonuses")
@admits(Who.SECRETARY)
def bonuses(round_id: int, unit_id: int) -> Response:
    """What was applied for here, and the form for more."""
    return _page(find(round_id, unit_id))


@BLUEPRINT.post("/<int:round_id>/grades/<int:unit_id>/bonuses")
@admits(Who.SECRETARY)
def apply_bonus(round_id: int, unit_id: int) -> Response:
    """Apply, or show the form again with what to change."""
    found = find(round_id, unit_id)
    typed = Typed(*(line(request.form.get(name, "")) for name in ("who", "bonus", "reason")))
    most, named = found.roll.made.scheme.bonus, {each.key: each.named for each in found.rows}
    points = read_points(typed.points, most=most)
    if typed.target not in named:
        return _page(found, typed, Sentence(400, _("有一处要改"), _("请选给谁加分。")))
    if not points:
        return _page(found, typed, Sentence(400, _("有一处要改"), _("加分要填大于 0 的数，最多 %(most)s 分，最多两位小数。", most=most)))
    one = named[typed.target]
    asked = Bonus(0, typed.target, one.unit, points, typed.reason, BonusState.ASKED, "", now())
    try:
        verbs.apply(house(), round_id, verbs.Applying(asked, one.label), by=staff(), now=now())
    except NotGraded as refused:
        return _page(found, typed, sentence(refused))
    return _to(round_id, unit_id)


@BLUEPRINT.post("/<int:round_id>/grades/<int:unit_id>/bonuses/<int:number>")
@admits(Who.SECRETARY)
def settle_bonus(round_id: int, unit_id: int, number: int) -> Response:
    """Approve one, or refuse it."""
    with house().store.read() as db:
        plans.own(db, round_id, by=staff())
        scores.bonus(db, round_id, number)
    found = find(round_id, unit_id)
    one = next((each for each in _asked(found) if each.id == number), None)
    known = {each.key: each.named.label for each in found.rows}
    if one is None or one.target not in known:
        raise NotFound(what="bonus")
    state = BonusState.APPROVED if request.form.get("how") == "approve" else BonusState.REFUSED
    wanted = verbs.Settling(one, known[one.target], state, containing(found.roll, [one.target]))
    try:
        verbs.settle(house(), round_id, wanted, by=staff(), now=now())
    except NotGraded as refused:
        return _page(found, said=sentence(refused))
    return _to(round_id, unit_id)


def _to(round_id: int, unit_id: int) -> Response:
    return make_response(redirect(url_for("desk_rounds.bonuses", round_id=round_id, unit_id=unit_id), 303))


def _asked(found: Found) -> Sequence[Bonus]:
    with house().store.read() as db:
        return scores.bonuses(db, found.planned.id, {each.named.unit for each in found.rows})


def _page(found: Found, typed: Typed = EMPTY, said: Sentence | None = None) -> Response:
    named = {each.key: each.named.label for each in found.rows}
    listed = [each for each in _asked(found) if each.target in named]
    with house().store.read() as db:
        others = verbs.approvers(db, found.planned.unit, by=staff())
    text = render_template(
        "desk/grades/bonuses.html", planned=found.planned, place=found.place, trail=trail_of(found), grading=found.grading, most=found.roll.made.scheme.bonus,
        named=named, listed=listed, typed=typed, said=said, points_text=points_text, longest=LONGEST_REASON, others=others, me=staff().id, some_of=named_few,
    )  # fmt: skip
    return make_response(text, said.status if said else 200)
