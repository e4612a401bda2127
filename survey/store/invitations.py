"""One-time links in the store, for a new account or a new password. The link is not here, only its digest."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, Select, delete, insert, select
from sqlalchemy.orm import aliased

from survey.domain.staff import StaffRole
from survey.store import units
from survey.store.clocks import plain
from survey.store.office_tables import InvitationRow, StaffRow, UnitRow


@dataclass(frozen=True, slots=True)
class Invitation:
    """For whom, good until when (UTC), from whom. `staff` is the account that gets a new password, None for a new one."""

    digest: bytes
    name: str
    role: StaffRole
    unit: int
    staff: int | None
    by: int
    until: datetime
    unit_name: str = ""
    by_name: str = ""


def add(db: Connection, invitation: Invitation) -> None:
    """A new one."""
    values = {
        "digest": invitation.digest, "name": invitation.name, "role": invitation.role.value, "unit_id": invitation.unit,
        "staff_id": invitation.staff, "by_id": invitation.by, "until": plain(invitation.until),
    }  # fmt: skip
    db.execute(insert(InvitationRow).values(values))


def find(db: Connection, digest: bytes) -> Invitation | None:
    """The one with this digest, run out or not."""
    row = db.execute(_invitations().where(InvitationRow.digest == digest)).one_or_none()
    return _invitation(row) if row is not None else None


def below(db: Connection, root: int) -> tuple[Invitation, ...]:
    """Those of a subtree, the next to run out first."""
    chosen = _invitations().where(InvitationRow.unit_id.in_(units.below(root)))
    return tuple(_invitation(row) for row in db.execute(chosen.order_by(InvitationRow.until, InvitationRow.digest)))


def remove(db: Connection, digest: bytes) -> bool:
    """Use one up; False when it is gone already, so that of two at once one finds it."""
    chosen = delete(InvitationRow).where(InvitationRow.digest == digest).returning(InvitationRow.digest)
    return db.execute(chosen).one_or_none() is not None


def remove_of(db: Connection, staff: int) -> None:
    """Withdraw the links for a new password of an account."""
    db.execute(delete(InvitationRow).where(InvitationRow.staff_id == staff))


def sweep(db: Connection, *, now: datetime) -> None:
    """Forget those that ran out."""
    db.execute(delete(InvitationRow).where(InvitationRow.until <= plain(now)))


def _invitations() -> Select[bytes, str, str, int, int | None, int, datetime, str, str]:
    host = aliased(StaffRow)
    return (
        select(
            InvitationRow.digest, InvitationRow.name, InvitationRow.role, InvitationRow.unit_id, InvitationRow.staff_id,
            InvitationRow.by_id, InvitationRow.until, UnitRow.name.label("unit_name"), host.name.label("by_name"),
        )
        .join(UnitRow, UnitRow.id == InvitationRow.unit_id)
        .join(host, host.id == InvitationRow.by_id)
    )  # fmt: skip


def _invitation(row: Row[bytes, str, str, int, int | None, int, datetime, str, str]) -> Invitation:
    role, until = StaffRole(row.role), row.until.replace(tzinfo=UTC)
    return Invitation(row.digest, row.name, role, row.unit_id, row.staff_id, row.by_id, until, row.unit_name, row.by_name)
