"""The grading of a round is ended, taken up again with a reason; and the day by which what is poor must be put right."""

from datetime import date, datetime

from flask import Response, make_response, redirect, render_template, request, url_for

from survey.actions import grades as verbs
from survey.domain.grades import LONGEST_REASON
from survey.domain.refusals import NotGraded
from survey.domain.texts import line
from survey.store import grades
from survey.web.desk.fields import near_day
from survey.web.desk.grades import to
from survey.web.desk.rounds import BLUEPRINT
from survey.web.doors import Who, admits, config, house, now, staff, today
from survey.web.errors import Sentence, sentence
from survey.web.rolls import roll_of


@BLUEPRINT.get("/<int:round_id>/grades/end")
@admits(Who.SECRETARY)
def ask_end(round_id: int) -> Response:
    """What ending means now, or what taking it up again does."""
    return _ending(round_id)


@BLUEPRINT.post("/<int:round_id>/grades/end")
@admits(Who.SECRETARY)
def end(round_id: int) -> Response:
    """End the grading."""
    try:
        verbs.end(house(), round_id, by=staff(), now=now())
    except NotGraded as refused:
        return _ending(round_id, sentence(refused))
    return to(round_id)


@BLUEPRINT.post("/<int:round_id>/grades/reopen")
@admits(Who.SECRETARY)
def reopen(round_id: int) -> Response:
    """Take it up again, with a reason."""
    reason = line(request.form.get("reason", ""))
    try:
        verbs.reopen(house(), round_id, reason, by=staff(), now=now())
    except NotGraded as refused:
        return _ending(round_id, sentence(refused), reason)
    return to(round_id)


@BLUEPRINT.get("/<int:round_id>/grades/put-right")
@admits(Who.SECRETARY)
def ask_put_right(round_id: int) -> Response:
    """The day as it is."""
    return _putting_right(round_id)


@BLUEPRINT.post("/<int:round_id>/grades/put-right")
@admits(Who.SECRETARY)
def put_right(round_id: int) -> Response:
    """Write another one, or say why it cannot be; nothing typed is the usual one."""
    typed = line(request.form.get("day", ""))
    found, wrong = near_day(typed, today=today())
    if wrong:
        return _putting_right(round_id, wrong, typed)
    verbs.put_right(house(), round_id, found, by=staff(), now=now())
    return make_response(redirect(url_for("board.round_lists", round_id=round_id), 303))


def _putting_right(round_id: int, wrong: str = "", typed: str = "") -> Response:
    with house().store.read() as db:
        planned, made = verbs.published(db, round_id, by=staff())
        grading = grades.of_round(db, round_id)
    until = grading.until(_published_on(made.minute))
    text = render_template("desk/grades/put_right.html", planned=planned, grading=grading, until=until, wrong=wrong, typed=typed or until.isoformat())
    return make_response(text, 400 if wrong else 200)


def _published_on(minute: datetime) -> date:
    return minute.astimezone(config().zone).date()


def _ending(round_id: int, said: Sentence | None = None, reason: str = "") -> Response:
    with house().store.read() as db:
        planned, made = verbs.published(db, round_id, by=staff())
        roll, grading = roll_of(db, made), grades.of_round(db, round_id)
        counts = grades.decided(db, round_id)
        over = {unit: why for unit, why in grades.overruns(db, round_id).items() if unit in {place.id for place in roll.made.places}}
    named = [(roll.place(unit).name, why) for unit, why in over.items()]
    targets = list(roll.made.targets)
    left = {is_member: sum(each.startswith("m") is is_member for each in targets) - sum(n for (_unit, kind), n in counts.items() if kind is is_member) for is_member in (False, True)}
    return make_response(
        render_template("desk/grades/end.html", planned=planned, grading=grading, n=sum(counts.values()), of=len(targets), left=left, over=named, said=said, reason=reason, longest=LONGEST_REASON),
        said.status if said else 200,
    )
