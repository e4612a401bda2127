"""Take the meetings of a unit out of a round that nobody planned into one of its own, so that it can be published like any other."""

from datetime import datetime

from survey.actions.house import House
from survey.actions.plans import KEPT
from survey.actions.rights import check_runs
from survey.domain.meetings import Entry
from survey.domain.plans import MOST_NAMED, Invited, Plan, Planned, Rule, days
from survey.domain.questionnaires import Audience
from survey.domain.refusals import NotFound, UnitStays
from survey.domain.staff import Staff
from survey.store import journal, loose_rounds, plans, questionnaires, rounds, units


def gather(house: House, round_id: int, *, by: Staff, now: datetime) -> int:
    """The planned round that holds the meetings of this person's unit and of all below it from now on.

    Its name, its period and its rules stay what they were, since seals and papers name them; meetings of other units stay where
    they are.

    Raises
    ------
    NotFound
        There is no such round, somebody planned it, or no unit of this person's takes part in it.
    """
    check_runs(by, by.unit)
    with house.store.write() as db:
        # Neither a meeting is made nor one opened meanwhile.
        units.lock(db)
        unit = units.get(db, by.unit)
        if unit.is_closed:
            raise UnitStays(why="closed", unit=unit.name)
        found = loose_rounds.of_unit(db, by.unit, only=round_id)
        if not found:
            raise NotFound(what="round")
        before = rounds.get(db, round_id)
        form = questionnaires.get(db, before.questionnaire)
        members = any(section.audience is Audience.MEMBER for section in form.sections)
        rule = Rule("", "", f"{KEPT}{before.questionnaire}", before.questionnaire, members)
        part = loose_rounds.units(db, round_id, by.unit)
        invited = tuple(Invited(name, None) for name in loose_rounds.groups(db, round_id, by.unit))
        plan = Plan((rule,), invited, Entry.SLIPS.value, part if len(part) <= MOST_NAMED else ())
        made = plans.add(db, Planned(0, by.unit, before.name, before.period, *days(before.period), plan, before.scheme))
        if before.frozen:
            rounds.freeze(db, made)
        loose_rounds.move(db, round_id, by.unit, made)
        journal.note(db, "plan_round", by=by.id, now=now, unit_id=by.unit, round=made, name=before.name)
    return made
