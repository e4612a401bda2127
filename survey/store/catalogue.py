"""Finished questionnaires of one's own and those lent by the units above, as the library lists them."""

import json
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from survey.domain.questionnaire_json import read
from survey.domain.questionnaires import Questionnaire
from survey.store.drafts import above
from survey.store.office_tables import UnitRow
from survey.store.tables import DraftRow, MeetingRow, QuestionnaireRow, VersionRow
from survey.store.units import below


@dataclass(frozen=True, slots=True)
class Shelved:
    """The last finished version of a draft. `unit` is whose it is."""

    draft: int
    number: int
    form: Questionnaire
    unit: int
    unit_name: str
    shared: bool


def finished(db: Connection, root: int, *, words: str, most: int) -> tuple[Shelved, ...]:
    """The last finished versions of a unit and those below it, and those lent from above, that are not put aside: the newest
    first. `words` may stand anywhere in them."""
    last = select(func.max(VersionRow.number)).where(VersionRow.draft_id == DraftRow.id).correlate(DraftRow).scalar_subquery()
    seen = or_(DraftRow.unit_id.in_(below(root)), DraftRow.shared & DraftRow.unit_id.in_(list(above(db, root))))
    wanted = (
        select(DraftRow.id, DraftRow.unit_id, DraftRow.shared, VersionRow.number, UnitRow.name, QuestionnaireRow.body)
        .join(VersionRow, (VersionRow.draft_id == DraftRow.id) & (VersionRow.number == last))
        .join(QuestionnaireRow, QuestionnaireRow.id == VersionRow.questionnaire_id)
        .join(UnitRow, UnitRow.id == DraftRow.unit_id)
        .where(seen, DraftRow.shelved.is_(False))
        .order_by(VersionRow.minute.desc(), DraftRow.id.desc())
        .limit(most)
    )
    if words:
        # Bodies are kept as they read, so that a search finds words in them; quotes and the like are escaped there.
        wanted = wanted.where(QuestionnaireRow.body.icontains(json.dumps(words, ensure_ascii=False)[1:-1], autoescape=True))
    return tuple(
        Shelved(row.id, row.number, read(json.loads(row.body)), row.unit_id, row.name, row.shared) for row in db.execute(wanted)
    )


def recent(db: Connection, root: int, *, most: int) -> tuple[str, ...]:
    """Keys of the questionnaires a unit and those below it used last, the last one first."""
    rows = db.execute(
        select(QuestionnaireRow.key)
        .join(MeetingRow, MeetingRow.questionnaire_id == QuestionnaireRow.id)
        .where(MeetingRow.unit_id.in_(below(root)))
        .group_by(QuestionnaireRow.key)
        .order_by(func.max(MeetingRow.id).desc())
        .limit(most)
    )
    return tuple(rows.scalars())


def unit_name(db: Connection, unit_id: int) -> str:
    """The name of the unit a questionnaire belongs to."""
    return str(db.execute(select(UnitRow.name).where(UnitRow.id == unit_id)).scalar_one())
