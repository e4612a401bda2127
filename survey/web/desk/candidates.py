"""候选人: who stands at the choices of a selection, typed on a page of the draft itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request

from survey.actions import candidates
from survey.domain.advice import is_placeholder
from survey.domain.candidates import Standing, typed_choices
from survey.domain.questionnaires import MOST_CODE, Question
from survey.domain.refusals import BadField
from survey.domain.texts import line
from survey.store import questionnaires
from survey.web.desk.fields import number
from survey.web.desk.halls import Hall, back_to, page, section
from survey.web.desk.rated import draft
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence

BLUEPRINT = section("desk_candidates")


@dataclass(frozen=True, slots=True)
class Typed:
    """One choice as its fields show it: the candidates one a line, seats, and how many each voter may tick."""

    text: str
    names: str
    seats: str
    choose: str

    @property
    def standing(self) -> Standing:
        """The values; a number nobody can read is one that cannot be."""
        names = tuple(each for each in map(line, self.names.splitlines()) if each)
        return Standing(names, _number(self.seats or "0"), _number(self.choose))


@BLUEPRINT.get("/<int:meeting_id>/candidates")
@admits(Who.SECRETARY)
def ask(meeting_id: int) -> Response:
    """Who stands now; names that only hold a place are left out, so that real ones can be written at once."""
    hall = draft(meeting_id)
    choices = _choices(hall)
    if not choices:
        return back_to(meeting_id)
    return _page(hall, [_shown(question) for question in choices], "")


@BLUEPRINT.post("/<int:meeting_id>/candidates")
@admits(Who.SECRETARY)
def write(meeting_id: int) -> Response:
    """Write the candidates, or say what to change."""
    hall = draft(meeting_id)
    choices = _choices(hall)
    if not choices:
        return back_to(meeting_id)
    columns = [request.form.getlist(name) for name in ("names", "seats", "choose")]
    rows = list(zip(*columns, strict=False))
    whole = len(rows) == len(choices) and request.form.get("seen", "") == str(hall.meeting.questionnaire)
    typed = [
        Typed(question.text, *row) for question, row in zip(choices, rows, strict=False)
    ] + [_shown(question) for question in choices[len(rows) :]]
    try:
        if not whole:
            raise BadField(field="candidates", value="", why="stale")
        candidates.stand(house(), meeting_id, [each.standing for each in typed], by=staff(), now=now())
    except BadField as fault:
        return _page(hall, typed, sentence(fault).text, status=400)
    return back_to(meeting_id)


def _choices(hall: Hall) -> list[Question]:
    with house().store.read() as db:
        form = questionnaires.get(db, hall.meeting.questionnaire)
    return [question for _section, question in typed_choices(form)]


def _shown(question: Question) -> Typed:
    names = [name for name in question.candidates if not is_placeholder(name)]
    return Typed(question.text, "\n".join(names), str(question.election.seats or ""), str(question.choose))


def _number(typed: str) -> int:
    found = number(typed, most=MOST_CODE)
    return -1 if found is None else found


def _page(hall: Hall, typed: Sequence[Typed], wrong: str, *, status: int = 200) -> Response:
    return page("candidates", hall, typed=typed, wrong=wrong, seen=hall.meeting.questionnaire, status=status)
