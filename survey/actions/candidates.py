"""Who stands at a meeting's elections: written into a draft, looked up and arranged when it opens."""

from collections.abc import Sequence
from datetime import datetime

from unicodedataplus import total_strokes

from survey.actions.house import House
from survey.actions.rights import hold
from survey.domain.candidates import Standing, check_named, named, settle, standing, with_candidates
from survey.domain.elections import Order, Pool, by_strokes
from survey.domain.meetings import Meeting, Stage
from survey.domain.questionnaires import Questionnaire
from survey.domain.staff import Staff
from survey.store import journal, meeting_units, meetings, questionnaires, units
from survey.store.engine import Connection


def stand(house: House, meeting_id: int, wanted: Sequence[Standing], *, by: Staff, now: datetime) -> None:
    """Write who stands at the choices of a draft: it gets a form of its own, and the one it had stays as it is.

    Raises
    ------
    BadField
        Candidates that cannot stand like this; nothing is written.
    WrongStage
        Its papers are frozen already.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
        form = questionnaires.get(db, meeting.questionnaire)
        asked = with_candidates(form, wanted)
        if asked == form:
            return
        meetings.change(db, meeting_id, {"questionnaire_id": questionnaires.keep(db, asked)})
        journal.note(db, "stand", by=by.id, now=now, meeting=meeting_id, n=sum(len(each.names) for each in wanted))


def settled(house: House, db: Connection, meeting: Meeting, form: Questionnaire) -> Questionnaire:
    """The form with its candidates as they stand on every paper of this meeting: a draw is drawn once, here.

    Strokes are those of Unicode's Unihan (kTotalStrokes) for characters as they are written on the mainland.

    Raises
    ------
    BadField
        A name only holds the place of another, or a question takes its candidates from people or units of which there
        are fewer than two.
    """
    if not form.is_selection:
        return form
    check_named(form)
    branches = meeting_units.branches(db, meeting)
    rated = [member for _unit, some in branches for member in some]
    below = [unit for unit in units.all_units(db) if unit.parent == meeting.unit and not unit.is_closed]
    pools = {Pool.MEMBERS: named(rated), Pool.UNITS: standing([unit for unit, _some in branches], below)}
    return settle(form, pools, {Order.STROKES: _by_strokes, Order.RANDOM: lambda names: _drawn(house, names)})


def _by_strokes(names: Sequence[str]) -> Sequence[str]:
    return by_strokes(names, lambda character: total_strokes(character, "G") or None)


def _drawn(house: House, names: Sequence[str]) -> Sequence[str]:
    return house.random.sample(list(names), len(names))
