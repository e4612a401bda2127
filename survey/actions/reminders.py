"""Reminding the secretaries of a round: what was sent to whom is one line in the journal, what did not arrive another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from survey.actions.house import House
from survey.actions.plans import own
from survey.domain.staff import Staff
from survey.store import journal


def note(house: House, round_id: int, names: Sequence[str], *, by: Staff, now: datetime) -> int:
    """Write who is about to be reminded; returns the number of the line. Sent a second time, the form gets no further."""
    with house.store.write() as db:
        planned = own(db, round_id, by=by, lock=True)
        said: dict[str, Any] = {"name": planned.name, "n": len(names), "who": list(names)}
        return journal.note(db, "remind_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, **said)


def note_lost(house: House, round_id: int, lost: Sequence[tuple[str, str]], *, by: Staff, now: datetime) -> int:
    """Write whom the mail did not reach, (name, why) each; returns the number of the line."""
    with house.store.write() as db:
        planned = own(db, round_id, by=by)
        said: dict[str, Any] = {"name": planned.name, "n": len(lost), "lost": [list(each) for each in lost]}
        return journal.note(db, "mail_lost_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, **said)
