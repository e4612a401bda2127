"""The rules of a planned round: saved as versions until its first meeting opens, then they stay as they are."""

from datetime import datetime

from survey.actions.house import House
from survey.actions.plans import own
from survey.domain.plans import Planned
from survey.domain.refusals import BadField
from survey.domain.rounds import Scheme, check_weighed
from survey.domain.scheme_checks import check_scheme
from survey.domain.staff import Staff
from survey.store import journal, rounds, schemes
from survey.store.engine import Connection


def save(house: House, round_id: int, scheme: Scheme, *, seen: int, by: Staff, now: datetime) -> int:
    """Write the rules of a round as its next version. Returns the number; what is no change is no version.

    Parameters
    ----------
    seen : int
        The version that was looked at.

    Raises
    ------
    BadField
        Rules that cannot be, that name groups the round has not, or are frozen; or somebody saved others meanwhile.
    """
    check_scheme(scheme)
    with house.store.write() as db:
        planned = own(db, round_id, by=by, lock=True)
        check_fits(scheme, planned)
        last = schemes.last(db, round_id)
        if planned.frozen:
            raise BadField(field="scheme", value="", why="frozen")
        if scheme == planned.scheme:
            return last
        if seen != last:
            raise BadField(field="scheme", value=str(last), why="stale")
        return _write(db, planned, scheme, by=by, now=now)


def check_fits(scheme: Scheme, planned: Planned) -> None:
    """Refuse rules that name groups which nobody invited, or leave out one that is.

    Raises
    ------
    BadField
        Names the group.
    """
    here = [each.name for each in planned.plan.groups]
    check_weighed(scheme, here)
    named = [*dict(scheme.weights), *(group for source in scheme.sources for group in source.groups)]
    for name in named:
        if name not in here:
            raise BadField(field="scheme", value=name, why="no_group")


def _write(db: Connection, planned: Planned, scheme: Scheme, *, by: Staff, now: datetime) -> int:
    rounds.change_scheme(db, planned.id, scheme)
    number = schemes.add(db, planned.id, scheme, by=by.id, now=now)
    journal.note(db, "change_scheme", by=by.id, now=now, unit_id=planned.unit, round=planned.id, name=planned.name, version=number)
    return number
