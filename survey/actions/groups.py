"""Evaluator groups of a meeting: their numbers, merged when they are too few, weighed when they are not to count alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from survey.actions.closings import settle
from survey.actions.house import House
from survey.actions.rights import check_meeting, check_runs, hold
from survey.domain.meetings import LONGEST_NAME, Group, Stage, check_groups
from survey.domain.refusals import BadField, WrongStage
from survey.domain.rounds import JOINT, SpoilRule, check_weights
from survey.domain.staff import Staff
from survey.store import journal, meetings, rounds, schemes
from survey.store.engine import Connection


def change(
    house: House, meeting_id: int, rows: Sequence[tuple[str, int, int]], *, by: Staff, now: datetime
) -> None:
    """Write the groups: freely in a draft; while open the numbers may only be raised and the names stay.

    Raises
    ------
    BadField
        Groups that cannot be, or a number lowered while open.
    """
    check_groups(rows)
    with house.store.write() as db:
        stage = settle(db, meeting_id, now)
        meeting = meetings.get(db, meeting_id)
        check_meeting(by, meeting)
        if stage is Stage.DRAFT:
            meetings.replace_groups(db, meeting_id, rows)
        elif stage in (Stage.OPEN, Stage.PAUSED):
            _raise_groups(db, meeting.groups, rows)
        else:
            raise WrongStage(stage=stage.value, wanted=Stage.OPEN.value)
        numbers = {name: f"{present}/{due}" for name, due, present in rows}
        journal.note(db, "change_groups", by=by.id, now=now, meeting=meeting_id, groups=numbers)


def merge(house: House, meeting_id: int, group_id: int, into: int, *, by: Staff, now: datetime) -> str:
    """Make one group of two, in a draft: its name names both, its numbers are their sums. Returns the name.

    Raises
    ------
    BadField
        The two are one, or one of them is not of this meeting, or their names together are too long.
    WrongStage
        Slips may have been made: it is no draft any more.
    """
    with house.store.write() as db:
        meeting = hold(db, meeting_id, Stage.DRAFT, by=by, now=now)
        found = {group.id: group for group in meeting.groups}
        if group_id == into or not {group_id, into} <= found.keys():
            raise BadField(field="group", value="", why="unknown")
        few, other = found[group_id], found[into]
        name = f"{other.name}{JOINT}{few.name}"
        if len(name) > LONGEST_NAME:
            raise BadField(field="group", value=name, why="too_long", most=LONGEST_NAME)
        both = (name, other.due + few.due, other.present + few.present)
        rows = [both if g.id == into else (g.name, g.due, g.present) for g in meeting.groups if g.id != group_id]
        check_groups(rows)
        meetings.replace_groups(db, meeting_id, rows)
        journal.note(db, "merge_groups", by=by.id, now=now, meeting=meeting_id, group=name)
    return name


@dataclass(frozen=True, slots=True)
class Rules:
    """Further rules of a round, None as they are: what an unclear answer spoils on a paper form, and whether the count wants more
    than half of those due to be present."""

    spoil: SpoilRule | None = None
    quorum: bool | None = None


def weigh(
    house: House, meeting_id: int, weights: Mapping[str, int], *, by: Staff, now: datetime, rules: Rules | None = None
) -> None:
    """Write the weights of the meeting's round, for all its meetings; {} lets all ballots weigh alike. With `rules` those too.

    Raises
    ------
    BadField
        Weights that cannot be, a meeting of the round has opened and its scheme is frozen, or units beyond this person's
        subtree meet in the round too.
    """
    check_weights(weights)
    with house.store.write() as db:
        meeting = meetings.get(db, meeting_id)
        check_meeting(by, meeting)
        the_round = rounds.get(db, meeting.round)
        if the_round.unit is not None:
            # The office that planned it says by which rules all its meetings are read.
            check_runs(by, the_round.unit)
        elif not all(by.sees(unit) for unit in rounds.units(db, meeting.round)):
            # One that came about by itself is shared by all who meet in its months: nobody writes the rules of others.
            raise BadField(field="weight", value="", why="shared")
        before = the_round.scheme
        wanted = rules or Rules()
        quorum = before.quorum if wanted.quorum is None else wanted.quorum
        scheme = replace(before, weights=tuple(weights.items()), spoil=wanted.spoil or before.spoil, quorum=quorum)
        if not rounds.change_scheme(db, meeting.round, scheme):
            raise BadField(field="weight", value="", why="frozen")
        if the_round.unit is not None and scheme != before:
            schemes.add(db, meeting.round, scheme, by=by.id, now=now)
        if scheme.weights != before.weights or scheme == before:
            journal.note(db, "weigh", by=by.id, now=now, meeting=meeting_id, weights=list(weights.items()))
        if scheme.spoil is not before.spoil:
            journal.note(db, "spoil_rule", by=by.id, now=now, meeting=meeting_id, rule=scheme.spoil.value)
        if scheme.quorum != before.quorum:
            journal.note(db, "quorum_rule", by=by.id, now=now, meeting=meeting_id, on=scheme.quorum)


def _raise_groups(db: Connection, groups: Sequence[Group], rows: Sequence[tuple[str, int, int]]) -> None:
    wanted = {name: (due, present) for name, due, present in rows}
    if set(wanted) != {group.name for group in groups}:
        raise BadField(field="group", value="、".join(wanted), why="frozen")
    for group in groups:
        due, present = wanted[group.name]
        if due < group.due or present < group.present:
            raise BadField(field="present", value=group.name, why="lowered")
        meetings.change_group(db, group.id, {"due": due, "present": present})
