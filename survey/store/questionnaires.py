"""Questionnaires in the store."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select

from survey.domain.questionnaire_json import as_json, read
from survey.domain.questionnaires import Questionnaire
from survey.store.tables import QuestionnaireRow


def get(db: Connection, questionnaire_id: int) -> Questionnaire:
    """A questionnaire by id."""
    body = db.execute(select(QuestionnaireRow.body).where(QuestionnaireRow.id == questionnaire_id)).scalar_one()
    return read(json.loads(body))


def titles(db: Connection, ids: Iterable[int]) -> Mapping[int, str]:
    """Titles of some questionnaires by id."""
    rows = db.execute(select(QuestionnaireRow.id, QuestionnaireRow.title).where(QuestionnaireRow.id.in_(list(ids))))
    return {row.id: row.title for row in rows}


def keep(db: Connection, form: Questionnaire) -> int:
    """The id of this very form; inserted when it is not there yet."""
    body = json.dumps(as_json(form), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(body.encode()).hexdigest()
    found = db.execute(select(QuestionnaireRow.id).where(QuestionnaireRow.sha256 == digest)).scalar_one_or_none()
    if found is not None:
        return found
    values = {"key": form.key, "title": form.title, "body": body, "sha256": digest}
    return int(db.execute(insert(QuestionnaireRow).values(values).returning(QuestionnaireRow.id)).scalar_one())
