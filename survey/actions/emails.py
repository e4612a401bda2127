"""The mail address of an account: its person's own business, and only for reminders."""

from datetime import datetime

from survey.actions.house import House
from survey.domain.staff import Staff, check_email
from survey.store import journal, staff


def change(house: House, email: str, *, by: Staff, now: datetime) -> None:
    """Write one's own address; an empty one takes it away.

    Raises
    ------
    BadField
        No mail could be sent there.
    """
    check_email(email)
    with house.store.write() as db:
        staff.change(db, by.id, {"email": email or None})
        # The journal says that, not where.
        journal.note(db, "email" if email else "email_gone", by=by.id, now=now)
