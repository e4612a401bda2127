"""The tables of the office: units, members, words, accounts and their logins. None of them knows of a ballot."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Named constraints, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=_NAMES)


class UnitRow(Base):
    """One unit of the tree."""

    __tablename__ = "units"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(60), default="")
    sector: Mapped[str | None] = mapped_column(String(20))
    closed_on: Mapped[date | None]
    into_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))


class TermRow(Base):
    """A word of one of the lists an organisation may edit, where it differs from those that come with the house."""

    __tablename__ = "terms"
    list: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    label: Mapped[str] = mapped_column(String(60))
    place: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)


class MemberRow(Base):
    """One member of one unit, there since a day; who left stays in the books with the day."""

    __tablename__ = "members"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    position: Mapped[str] = mapped_column(String(100), default="")
    code: Mapped[str] = mapped_column(String(60), default="")
    since: Mapped[date | None]
    left_on: Mapped[date | None]
    # Counting who is there in every unit reads the index alone.
    __table_args__ = (Index(None, "unit_id", "left_on"),)


class StayRow(Base):
    """A stay in a unit that has ended. The present one stands on the member: nobody is in two units at once."""

    __tablename__ = "stays"
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    since: Mapped[date | None]
    until: Mapped[date]


class ContactRow(Base):
    """A leader (himself a member somewhere) who looks after a unit as its contact point."""

    __tablename__ = "contacts"
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True, index=True)


class ProposalRow(Base):
    """A member list that was looked at and not yet confirmed: one for each account, gone when written."""

    __tablename__ = "proposals"
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(32))
    minute: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class UndoRow(Base):
    """The last act of an account on units and members with what stood there before: it may be taken back while nothing changed."""

    __tablename__ = "undos"
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(32))
    minute: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class StaffRow(Base):
    """One account. `failures` counts wrong passwords in a row; `seen` is when it last did anything, by the minute.

    `email` is where its person wants to be reminded of a round; nothing else is sent there.
    """

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    password: Mapped[str] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[datetime | None]
    locked: Mapped[bool] = mapped_column(default=False)
    seen: Mapped[datetime | None]
    email: Mapped[str | None] = mapped_column(String(254))


class InvitationRow(Base):
    """A one-time link for a new account, or for a new password of `staff_id`. The link itself is not kept, only its digest."""

    __tablename__ = "invitations"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    until: Mapped[datetime]


class LoginRow(Base):
    """A login of staff on one device, by the minute. Voters have none."""

    __tablename__ = "logins"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    began: Mapped[datetime]
    seen: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(100), default="")


class FormRow(Base):
    """A form of staff that did its work, with what it made or led to: sent a second time it does nothing."""

    __tablename__ = "forms"
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    made: Mapped[str] = mapped_column(String(300))
    minute: Mapped[datetime] = mapped_column(index=True)


class SelectionStepRow(Base):
    """One step of a selection, in its place; `at_meeting_id` is the meeting it was held as."""

    __tablename__ = "selection_steps"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    day: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    at_meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
