"""Planned rounds: plan one, change it. Each is one transaction and one line in the journal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from survey.actions import drafts
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.actions.rights import check_runs
from survey.domain.plans import MOST_NAMED, Invited, Plan, Planned, Rule
from survey.domain.questionnaires import Audience
from survey.domain.refusals import BadField, NotFound, UnitStays
from survey.domain.rounds import Scheme
from survey.domain.scheme_checks import check_scheme
from survey.domain.scheme_versions import fitted
from survey.domain.staff import Staff
from survey.store import journal, plans, questionnaires, schemes, units
from survey.store.engine import Connection

# A questionnaire that an earlier plan named, by its id: q12.
KEPT = "q"


@dataclass(frozen=True, slots=True)
class Asked:
    """A round as somebody wants it. Rules are (kind, sector, questionnaire); what a questionnaire is called, `_form` reads.

    `scheme` is that of a new one: a round that is changed keeps its own. `source` is the round it was copied from: its
    questionnaires may be asked again. `only` are units by their ids, none is all.
    """

    unit: int
    name: str
    period: str
    starts_on: date
    ends_on: date
    rules: Sequence[tuple[str, str, str]]
    groups: Sequence[Invited]
    entry: str
    scheme: Scheme
    source: int | None = None
    only: Sequence[int] = ()


def plan(house: House, asked: Asked, *, by: Staff, now: datetime) -> int:
    """Plan a round for a unit and all below it. Returns its id.

    Raises
    ------
    BadField
        Weights or questionnaires that cannot be.
    UnitStays
        The unit is closed.
    """
    check_runs(by, asked.unit)
    with house.store.write() as db:
        units.lock(db)
        unit = units.get(db, asked.unit)
        if unit.is_closed:
            raise UnitStays(why="closed", unit=unit.name)
        source = look(db, asked.source, by=by).plan if asked.source is not None else None
        new = _planned(db, asked, source, by=by)
        made = plans.add(db, new)
        schemes.add(db, made, new.scheme, by=by.id, now=now)
        journal.note(db, "plan_round", by=by.id, now=now, unit_id=asked.unit, round=made, name=asked.name)
    return made


def change(house: House, round_id: int, asked: Asked, *, by: Staff, now: datetime) -> bool:
    """Write a round as it is wanted now; once a meeting has opened, its name and its last day alone.

    Meetings that are made keep the questionnaire they have. The rules stay those that stand at this moment, which somebody else
    may have saved meanwhile. Returns whether some of them fell away, since they speak of groups that are others now.
    """
    with house.store.write() as db:
        before = own(db, round_id, by=by, lock=True)
        if before.frozen:
            after = replace(before, name=asked.name, ends_on=asked.ends_on)
        else:
            wanted = replace(asked, unit=before.unit, scheme=fitted(before.scheme, (each.name for each in asked.groups)))
            after = replace(_planned(db, wanted, before.plan, by=by), id=round_id)
        plans.change(db, after)
        if after.scheme != before.scheme:
            schemes.add(db, round_id, after.scheme, by=by.id, now=now)
        journal.note(db, "change_round", by=by.id, now=now, unit_id=before.unit, round=round_id, name=asked.name)
    return after.scheme != before.scheme


def look(db: Connection, round_id: int, *, by: Staff) -> Planned:
    """A round that reaches units of this person: of his subtree, or of a unit above it.

    Raises
    ------
    NotFound
        There is none, or it is none of his business.
    """
    found = plans.get(db, round_id)
    if not by.sees(found.unit) and found.unit not in {each.id for each in units.path(db, by.unit)}:
        raise NotFound(what="round")
    return found


def runs(by: Staff, planned: Planned) -> bool:
    """Whether this person may change a round he may look at, and make meetings for it."""
    return by.runs_meetings and by.sees(planned.unit)


def own(db: Connection, round_id: int, *, by: Staff, lock: bool = False) -> Planned:
    """A round this person may change, and make meetings for."""
    planned = plans.get(db, round_id, lock=lock)
    check_runs(by, planned.unit)
    return planned


def _planned(db: Connection, asked: Asked, source: Plan | None, *, by: Staff) -> Planned:
    check_scheme(asked.scheme)
    rules = tuple(_rule(db, each, source, by=by) for each in asked.rules)
    if not rules:
        raise BadField(field="questionnaire", value="", why="unknown")
    made = Plan(rules, tuple(asked.groups), asked.entry, _only(db, asked))
    return Planned(0, asked.unit, asked.name, asked.period, asked.starts_on, asked.ends_on, made, asked.scheme)


def _only(db: Connection, asked: Asked) -> tuple[int, ...]:
    wanted = sorted(set(asked.only))
    there = units.unit_ids_below(db, asked.unit)
    if len(wanted) > MOST_NAMED or not there.issuperset(wanted):
        raise BadField(field="only", value=str(len(wanted)), why="elsewhere", most=MOST_NAMED)
    return tuple(wanted)


def _rule(db: Connection, row: tuple[str, str, str], source: Plan | None, *, by: Staff) -> Rule:
    kind, sector, ref = row
    for each in source.rules if source is not None else ():
        if ref == f"{KEPT}{each.questionnaire}":
            return replace(each, kind=kind, sector=sector)
    form = library().get(ref) or drafts.chosen(db, ref, by=by)
    if form is None or form.is_survey:
        raise BadField(field="questionnaire", value=ref, why="unknown")
    members = any(section.audience is Audience.MEMBER for section in form.sections)
    return Rule(kind, sector, ref, questionnaires.keep(db, form), members)
