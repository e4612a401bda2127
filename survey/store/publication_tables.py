"""The tables of what was published, and of the rules it is read by."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.store.bundle_tables import BundleRow as BundleRow
from survey.store.office_tables import Base


class SchemeVersionRow(Base):
    """The rules of a planned round (JSON) as somebody saved them before its first meeting; `minute` is UTC.

    Both are empty of what stood before versions were kept.
    """

    __tablename__ = "scheme_versions"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scheme: Mapped[str] = mapped_column(Text)
    minute: Mapped[datetime | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class PublicationRow(Base):
    """A round that was published, and the digest that names it; `minute` is UTC."""

    __tablename__ = "publications"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    minute: Mapped[datetime]


class PublishedPartRow(Base):
    """One part of a publication, packed."""

    __tablename__ = "published_parts"
    round_id: Mapped[int] = mapped_column(ForeignKey("publications.round_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class PublishedIndexRow(Base):
    """Sums of a publication over the whole round, packed: made from its parts, and made anew where they are missing."""

    __tablename__ = "published_indexes"
    round_id: Mapped[int] = mapped_column(ForeignKey("publications.round_id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class PublishedSheetRow(Base):
    """Sums of a publication about one unit, packed. The unit is one of the publication: it may be gone from the tree."""

    __tablename__ = "published_sheets"
    round_id: Mapped[int] = mapped_column(ForeignKey("publications.round_id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
