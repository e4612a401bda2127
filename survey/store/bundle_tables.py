"""The table of bundles: sheets of a published round that are put into one file outside the request."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.store.office_tables import Base


class BundleRow(Base):
    """One bundle. `minute` and `ended` are UTC; `holder` works on it, and said so last at `heard`.

    Its unit is the one of the publication, which is frozen: it may be gone from the tree.
    """

    __tablename__ = "bundles"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("publications.round_id"))
    unit_id: Mapped[int]
    format: Mapped[str] = mapped_column(String(10))
    reach: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[int] = mapped_column(default=0)
    whole: Mapped[int] = mapped_column(default=0)
    scope: Mapped[str] = mapped_column(String(64), default="")
    seconds: Mapped[int | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    minute: Mapped[datetime]
    ended: Mapped[datetime | None]
    holder: Mapped[str | None] = mapped_column(String(32))
    heard: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("round_id", "unit_id", "format", "reach", "language"),)
