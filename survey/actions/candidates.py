"""Who stands at a meeting's elections, looked up and arranged when it opens."""

from collections.abc import Sequence

from unicodedataplus import total_strokes

from survey.actions.house import House
from survey.domain.candidates import named, settle, standing
from survey.domain.elections import Order, Pool, by_strokes
from survey.domain.meetings import Meeting
from survey.domain.questionnaires import Questionnaire
from survey.store import meeting_units, units
from survey.store.engine import Connection


def settled(house: House, db: Connection, meeting: Meeting, form: Questionnaire) -> Questionnaire:
    """The form with its candidates as they stand on every paper of this meeting: a draw is drawn once, here.

    Strokes are those of Unicode's Unihan (kTotalStrokes) for characters as they are written on the mainland.

    Raises
    ------
    BadField
        A question takes its candidates from people or units of which there are fewer than two.
    """
    if not form.is_selection:
        return form
    branches = meeting_units.branches(db, meeting)
    rated = [member for _unit, some in branches for member in some]
    below = [unit for unit in units.all_units(db) if unit.parent == meeting.unit and not unit.is_closed]
    pools = {Pool.MEMBERS: named(rated), Pool.UNITS: standing([unit for unit, _some in branches], below)}
    return settle(form, pools, {Order.STROKES: _by_strokes, Order.RANDOM: lambda names: _drawn(house, names)})


def _by_strokes(names: Sequence[str]) -> Sequence[str]:
    return by_strokes(names, lambda character: total_strokes(character, "G") or None)


def _drawn(house: House, names: Sequence[str]) -> Sequence[str]:
    return house.random.sample(list(names), len(names))
