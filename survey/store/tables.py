"""The tables of questionnaires, meetings and the box. Those of the box (slips, ballots, counts, opinions, strips, keyed, readings, spoils) have an
allow-list of columns in a test: read the README on anonymity before adding one. No table of the box has a row number or a time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from survey.domain.meetings import Stage
from survey.domain.slips import SlipState
from survey.store.grade_tables import GradingRow as GradingRow
from survey.store.office_tables import Base as Base
from survey.store.publication_tables import PublicationRow as PublicationRow


def _one_of(column: str, values: type[Stage] | type[SlipState]) -> str:
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


class QuestionnaireRow(Base):
    """A questionnaire as JSON; `key` names the template it came from."""

    __tablename__ = "questionnaires"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)


class DraftRow(Base):
    """A questionnaire of a unit's own, as its editor has it: may be unfinished. `revision` counts the savings, `deleted` is what was
    taken out (a JSON list, the last one last), to be put back; `shared` lends it to the units below."""

    __tablename__ = "drafts"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)
    deleted: Mapped[str | None] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(default=False)
    shelved: Mapped[bool] = mapped_column(default=False)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    minute: Mapped[datetime]


class VersionRow(Base):
    """A finished version of a draft: the frozen questionnaire it became, never changed again. `revision` is the draft's then."""

    __tablename__ = "versions"
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), index=True)
    revision: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    minute: Mapped[datetime]


class RoundRow(Base):
    """A round: period, questionnaire, scheme (JSON), frozen when its first meeting opens.

    A planned one belongs to the unit that runs it and has days and a plan (JSON): which questionnaire for which units, and the
    evaluator groups. The others came about with the first meeting of their period; there is one for each questionnaire.
    """

    __tablename__ = "rounds"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    period: Mapped[str] = mapped_column(String(20), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    scheme: Mapped[str] = mapped_column(Text)
    frozen: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    plan: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index(
            "ix_rounds_unplanned", "period", "questionnaire_id", unique=True,
            sqlite_where=text("unit_id IS NULL"), postgresql_where=text("unit_id IS NULL"),
        ),
    )


class MeetingRow(Base):
    """A meeting. `scrutineer` is a digest, `public_key` closes ballots; neither opens anything.

    `key_proof` is an HMAC of the public key under the pepper: an exchanged key is noticed before a ballot is sealed to it.
    `is_survey` says that its questionnaire rates nobody; `until` is the day to which a survey is meant to run,
    `closing` the moment (UTC) at which an open box is sealed by itself; `units_only` rates units and none of their members;
    `key_on_slip` says that no machine keeps its key, `rehearsed` that it was read back from the scrutineer's slip.
    """

    __tablename__ = "meetings"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    held_on: Mapped[date]
    stage: Mapped[str] = mapped_column(String(20))
    entry: Mapped[str] = mapped_column(String(20))
    door: Mapped[str] = mapped_column(String(32), unique=True)
    one_officer: Mapped[bool] = mapped_column(default=False)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    key_proof: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    scrutineer: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    is_survey: Mapped[bool] = mapped_column(default=False)
    until: Mapped[date | None]
    closing: Mapped[datetime | None]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"), index=True)
    units_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    key_on_slip: Mapped[bool] = mapped_column(default=False, server_default=false())
    rehearsed: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (CheckConstraint(_one_of("stage", Stage), name="stage"),)


class MeetingUnitRow(Base):
    """A unit that is rated at a meeting, where that is not just the one that holds it; `place` is its place on the paper."""

    __tablename__ = "meeting_units"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    place: Mapped[int]


class LeftOutRow(Base):
    """A member who is not rated at a meeting of his unit."""

    __tablename__ = "left_out"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)


class GroupRow(Base):
    """Evaluators of one kind at one meeting; `returned` and `abstained` are written by the count."""

    __tablename__ = "groups"
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    due: Mapped[int]
    present: Mapped[int]
    voided: Mapped[int] = mapped_column(default=0)
    leftover: Mapped[int | None]
    returned: Mapped[int | None]
    abstained: Mapped[int | None]
    __table_args__ = (UniqueConstraint("meeting_id", "name"), CheckConstraint("present <= due", name="present"))


class IssueRow(Base):
    """How many codes were made for a group in one way."""

    __tablename__ = "issues"
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    way: Mapped[str] = mapped_column(String(10), primary_key=True)
    minted: Mapped[int]


class PaperRow(Base):
    """The frozen paper of one group."""

    __tablename__ = "papers"
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str] = mapped_column(Text)


class SlipRow(Base):
    """A slip is its digest; who holds it nobody knows. No way, no number, no time."""

    __tablename__ = "slips"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    state: Mapped[str] = mapped_column(String(10))
    __table_args__ = (
        CheckConstraint(_one_of("state", SlipState), name="state"),
        Index(None, "meeting_id", "group_id", "state"),
        {"sqlite_with_rowid": False},
    )


class KeyedRow(Base):
    """A form on paper that was keyed once, closed by the code that stands on it. The second keying opens and deletes it."""

    __tablename__ = "keyed"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ReadingRow(Base):
    """How many forms of a group were keyed twice; of these by one account both times, and with differences that were settled."""

    __tablename__ = "readings"
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    forms: Mapped[int]
    alone: Mapped[int]
    settled: Mapped[int]


class SpoilRow(Base):
    """How many forms and how many single answers of a group were spoiled for one reason; never which."""

    __tablename__ = "spoils"
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(10), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    forms: Mapped[int]
    answers: Mapped[int]


class BallotRow(Base):
    """A sealed ballot under a random key. Nothing in it can be read before the count, and after it is gone."""

    __tablename__ = "ballots"
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (Index(None, "meeting_id", "group_id"), {"sqlite_with_rowid": False})


class CountRow(Base):
    """How many ballots of a group marked one option; zeros are left out."""

    __tablename__ = "counts"
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(30), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    option: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    ballots: Mapped[int]
    __table_args__ = (CheckConstraint("ballots > 0", name="ballots"), {"sqlite_with_rowid": False})


class WholeRow(Base):
    """The three figures of a target that need whole rows, made at the count."""

    __tablename__ = "wholes"
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    target: Mapped[str] = mapped_column(String(30), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    straight: Mapped[float | None]
    alpha: Mapped[float | None]
    trimmed: Mapped[float | None]


class OpinionRow(Base):
    """A written opinion, on target and question; never by group, never on a ballot; its key is random."""

    __tablename__ = "opinions"
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    target: Mapped[str] = mapped_column(String(30))
    question: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    __table_args__ = ({"sqlite_with_rowid": False},)


class StripRow(Base):
    """The rows of a plain survey as one sorted strip: nobody was rated, and no row is one of the database's own."""

    __tablename__ = "strips"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class SealRow(Base):
    """What may be shown of a counted meeting, as canonical JSON, and its digest."""

    __tablename__ = "seals"
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))


class JournalRow(Base):
    """An act of staff, by the minute; `unit_id` is whom it concerned. Voters' acts are never here.

    `link` chains the acts of one meeting: a digest over this act and the link of the one before.
    """

    __tablename__ = "journal"
    id: Mapped[int] = mapped_column(primary_key=True)
    minute: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str] = mapped_column(String(40))
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    unit_id: Mapped[int | None]
    detail: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    __table_args__ = tuple(Index(None, column, "id") for column in ("act", "minute", "staff_id", "unit_id"))
