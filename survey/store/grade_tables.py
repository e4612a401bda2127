"""The tables of grading: decisions about units and members of a published round. None of them knows of a ballot or a group."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.store.office_tables import Base


class GradingRow(Base):
    """A published round that is being graded, or was: `ended` is UTC."""

    __tablename__ = "gradings"
    round_id: Mapped[int] = mapped_column(Integer, ForeignKey("publications.round_id"), primary_key=True)
    ended: Mapped[datetime | None]
    put_right_by: Mapped[date | None]


class DecisionRow(Base):
    """The grade that was decided for a target of the publication, and what the figures came to; `minute` is UTC."""

    __tablename__ = "decisions"
    round_id: Mapped[int] = mapped_column(Integer, ForeignKey("gradings.round_id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    grade: Mapped[str] = mapped_column(String(40))
    result: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    minute: Mapped[datetime]


class OverrunRow(Base):
    """Why a branch has more of the best grade than its share."""

    __tablename__ = "overruns"
    round_id: Mapped[int] = mapped_column(Integer, ForeignKey("gradings.round_id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(200))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    minute: Mapped[datetime]


class TypedScoreRow(Base):
    """A score out of 100 that the office typed for a source, in hundredths; `minute` is UTC."""

    __tablename__ = "typed_scores"
    round_id: Mapped[int] = mapped_column(Integer, ForeignKey("gradings.round_id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    points: Mapped[int]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    minute: Mapped[datetime]


class BonusRow(Base):
    """Bonus points, in hundredths, that somebody applied for, and who settled it; minutes are UTC."""

    __tablename__ = "bonuses"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(Integer, ForeignKey("gradings.round_id"), index=True)
    target: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    minute: Mapped[datetime]
    settled_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    settled: Mapped[datetime | None]
