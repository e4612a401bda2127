"""Drafts of questionnaires and their finished versions in the store."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, or_, select, update

from survey.domain.deletions import Deleted, read_deleted
from survey.domain.drafts import Work
from survey.domain.questionnaire_json import as_json, read
from survey.domain.questionnaires import Audience, Questionnaire
from survey.domain.refusals import NotFound
from survey.store import questionnaires
from survey.store.clocks import minute
from survey.store.office_tables import StaffRow, UnitRow
from survey.store.tables import DraftRow, MeetingRow, QuestionnaireRow, VersionRow
from survey.store.units import below

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands. `finished` is the number of its last version (0: none), `is_changed` whether it was worked on
    since; `name` is who saved it last, at `minute` (UTC)."""

    id: int
    unit: int
    unit_name: str
    form: Questionnaire
    revision: int
    deleted: tuple[Deleted, ...]
    shared: bool
    shelved: bool
    finished: int
    is_changed: bool
    staff: int | None
    name: str
    minute: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """A draft in a list. `used` counts the meetings of all its versions."""

    id: int
    unit: int
    title: str
    unit_name: str
    shared: bool
    shelved: bool
    finished: int
    is_changed: bool
    used: int
    name: str
    minute: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """A finished version and how many meetings use it."""

    number: int
    questionnaire: int
    title: str
    used: int
    name: str
    minute: datetime


def get(db: Connection, draft_id: int, *, lock: bool = False) -> Draft:
    """A draft by id.

    Raises
    ------
    NotFound
        There is none.
    """
    if lock:
        db.execute(select(DraftRow.id).where(DraftRow.id == draft_id).with_for_update())
    row = db.execute(
        select(DraftRow.__table__, UnitRow.name.label("unit_name"), StaffRow.name.label("name"), _LAST, _LAST_REVISION)
        .join(UnitRow, UnitRow.id == DraftRow.unit_id)
        .outerjoin(StaffRow, StaffRow.id == DraftRow.staff_id)
        .where(DraftRow.id == draft_id)
    ).one_or_none()
    if row is None:
        raise NotFound(what="draft")
    deleted = tuple(map(read_deleted, json.loads(row.deleted))) if row.deleted else ()
    return Draft(
        row.id, row.unit_id, row.unit_name, read(json.loads(row.body)), row.revision, deleted, row.shared, row.shelved, row.last or 0,
        row.last_revision != row.revision, row.staff_id, row.name or "", row.minute.replace(tzinfo=UTC),
    )  # fmt: skip


def add(db: Connection, form: Questionnaire, *, unit: int, by: int, now: datetime) -> int:
    """Insert a draft and return its id."""
    values = {"unit_id": unit, "staff_id": by, "minute": minute(now), **_written(form)}
    return int(db.execute(insert(DraftRow).values(values).returning(DraftRow.id)).scalar_one())


def put(db: Connection, draft_id: int, work: Work, *, by: int, now: datetime) -> None:
    """Write a form and what was taken out of it: one revision more."""
    gone = json.dumps([each.as_json() for each in work.deleted]) if work.deleted else None
    values = {"staff_id": by, "minute": minute(now), "deleted": gone, "revision": DraftRow.revision + 1, **_written(work.form)}
    db.execute(update(DraftRow).where(DraftRow.id == draft_id).values(values))


def name_form(db: Connection, draft_id: int, form: Questionnaire) -> None:
    """Write a form that has just been inserted, under the key it got by that."""
    db.execute(update(DraftRow).where(DraftRow.id == draft_id).values(_written(form)))


def mark(db: Connection, draft_id: int, **marks: bool) -> None:
    """Share or shelve, or neither any more."""
    db.execute(update(DraftRow).where(DraftRow.id == draft_id).values(marks))


def add_version(db: Connection, draft: Draft, questionnaire: int, *, by: int, now: datetime) -> int:
    """The next version of a draft, as it stands now; returns its number."""
    number = draft.finished + 1
    values = {"draft_id": draft.id, "number": number, "questionnaire_id": questionnaire, "revision": draft.revision}
    db.execute(insert(VersionRow).values(values | {"staff_id": by, "minute": minute(now)}))
    return number


def stand_by(db: Connection, draft: Draft) -> None:
    """The last version is what the draft holds now, whatever was done and undone since."""
    where = (VersionRow.draft_id == draft.id, VersionRow.number == draft.finished)
    db.execute(update(VersionRow).where(*where).values(revision=draft.revision))


def versions(db: Connection, draft_id: int) -> tuple[Version, ...]:
    """The finished versions of a draft, the last one first."""
    used = (
        select(func.count()).select_from(MeetingRow)
        .where(MeetingRow.questionnaire_id == VersionRow.questionnaire_id).scalar_subquery()
    )  # fmt: skip
    rows = db.execute(
        select(VersionRow.__table__, StaffRow.name.label("name"), used.label("used"), QuestionnaireRow.title.label("title"))
        .join(QuestionnaireRow, QuestionnaireRow.id == VersionRow.questionnaire_id)
        .outerjoin(StaffRow, StaffRow.id == VersionRow.staff_id)
        .where(VersionRow.draft_id == draft_id)
        .order_by(VersionRow.number.desc())
    )
    return tuple(
        Version(row.number, row.questionnaire_id, row.title, row.used, row.name or "", row.minute.replace(tzinfo=UTC))
        for row in rows
    )


def version(db: Connection, draft_id: int, number: int) -> Questionnaire:
    """The form of one version.

    Raises
    ------
    NotFound
        There is none.
    """
    where = (VersionRow.draft_id == draft_id, VersionRow.number == number)
    found = db.execute(select(VersionRow.questionnaire_id).where(*where)).scalar_one_or_none()
    if found is None:
        raise NotFound(what="version")
    return questionnaires.get(db, found)


def above(db: Connection, unit: int) -> frozenset[int]:
    """Ids of the units above a unit."""
    up = select(UnitRow.id, UnitRow.parent_id).where(UnitRow.id == unit).cte(recursive=True)
    up = up.union(select(UnitRow.id, UnitRow.parent_id).join(up, up.c.parent_id == UnitRow.id))
    return frozenset(db.execute(select(up.c.id).where(up.c.id != unit)).scalars())


@dataclass(frozen=True, slots=True)
class Asked:
    """Which drafts a list is to hold: those of `root` and of all below it, and those the units `above` share. `rates` asks for finished ones
    whose last version rates somebody (or, False, nobody: a plain survey)."""

    root: int
    above: Collection[int] = ()
    words: str = ""
    shelved: bool = False
    rates: bool | None = None


def listed(db: Connection, asked: Asked, *, most: int, skip: int = 0) -> tuple[Line, ...]:
    """Drafts as a list shows them, the one worked on last first."""
    rows = db.execute(_lines(asked).order_by(DraftRow.minute.desc(), DraftRow.id.desc()).limit(most).offset(skip))
    return tuple(_line(row) for row in rows)


def number_listed(db: Connection, asked: Asked) -> int:
    """How many drafts a list has in all."""
    return int(db.execute(select(func.count()).select_from(DraftRow).where(*_fits(asked))).scalar_one())


_LAST = (
    select(func.max(VersionRow.number)).where(VersionRow.draft_id == DraftRow.id).correlate(DraftRow).scalar_subquery()
).label("last")
_LAST_REVISION = (
    select(VersionRow.revision)
    .where(VersionRow.draft_id == DraftRow.id)
    .order_by(VersionRow.number.desc()).limit(1).correlate(DraftRow).scalar_subquery()
).label("last_revision")  # fmt: skip
# As JSON escapes every quote that somebody typed, these words are a section's own.
_RATES = (
    select(or_(*(QuestionnaireRow.body.contains(f'"audience": "{each}"') for each in (Audience.UNIT.value, Audience.MEMBER.value))))
    .join(VersionRow, VersionRow.questionnaire_id == QuestionnaireRow.id)
    .where(VersionRow.draft_id == DraftRow.id)
    .order_by(VersionRow.number.desc()).limit(1).correlate(DraftRow).scalar_subquery()
)  # fmt: skip
_USED = (
    select(func.count(MeetingRow.id))
    .select_from(VersionRow)
    .join(MeetingRow, MeetingRow.questionnaire_id == VersionRow.questionnaire_id)
    .where(VersionRow.draft_id == DraftRow.id).correlate(DraftRow).scalar_subquery()
).label("used")  # fmt: skip


def _lines(asked: Asked) -> Select[Any]:
    columns = (DraftRow.id, DraftRow.unit_id, DraftRow.title, DraftRow.shared, DraftRow.shelved, DraftRow.revision, DraftRow.minute)
    return (
        select(*columns, UnitRow.name.label("unit_name"), StaffRow.name.label("name"), _LAST, _LAST_REVISION, _USED)
        .join(UnitRow, UnitRow.id == DraftRow.unit_id)
        .outerjoin(StaffRow, StaffRow.id == DraftRow.staff_id)
        .where(*_fits(asked))
    )


def _fits(asked: Asked) -> list[ColumnElement[bool]]:
    seen: ColumnElement[bool] = DraftRow.unit_id.in_(below(asked.root))
    if asked.above:
        seen = or_(seen, DraftRow.shared & DraftRow.unit_id.in_(list(asked.above)))
    fits: list[ColumnElement[bool]] = [seen, DraftRow.shelved.is_(asked.shelved)]
    if asked.words:
        fits.append(DraftRow.title.contains(asked.words, autoescape=True))
    if asked.rates is not None:
        fits.append(_RATES.is_(True) if asked.rates else _RATES.is_(False))
    return fits


def _line(row: Row[Any]) -> Line:
    return Line(
        row.id, row.unit_id, row.title, row.unit_name, row.shared, row.shelved, row.last or 0, row.last_revision != row.revision,
        row.used, row.name or "", row.minute.replace(tzinfo=UTC),
    )  # fmt: skip


def _written(form: Questionnaire) -> dict[str, str]:
    # Escaped: what is imported may hold half a character, which no database takes.
    return {"title": _clipped(form.title), "body": json.dumps(as_json(form), sort_keys=True)}


def _clipped(title: str) -> str:
    return title[:LONGEST_TITLE].encode("utf-8", "replace").decode().replace("\x00", "")
