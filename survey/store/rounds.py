"""Rounds in the store."""

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, select, update

from survey.domain.meetings import Stage
from survey.domain.rounds import Round, Scheme, read_scheme
from survey.store.tables import MeetingRow, RoundRow


def get(db: Connection, round_id: int) -> Round:
    """A round by id."""
    return get_many(db, [round_id])[round_id]


def get_many(db: Connection, round_ids: Iterable[int]) -> Mapping[int, Round]:
    """Rounds by id."""
    rows = db.execute(select(RoundRow.__table__).where(RoundRow.id.in_(list(round_ids))))
    return {
        row.id: Round(
            row.id, row.name, row.period, row.questionnaire_id, read_scheme(json.loads(row.scheme)), row.frozen,
            row.unit_id, row.ends_on,
        )
        for row in rows
    }


def find(db: Connection, period: str, questionnaire: int) -> int | None:
    """The round of this period with this questionnaire that nobody planned."""
    same = (RoundRow.period == period, RoundRow.questionnaire_id == questionnaire, RoundRow.unit_id.is_(None))
    return db.execute(select(RoundRow.id).where(*same)).scalar_one_or_none()


def add(db: Connection, *, name: str, period: str, questionnaire: int, scheme: Scheme) -> int:
    """Insert a round and return its id."""
    values = {
        "name": name,
        "period": period,
        "questionnaire_id": questionnaire,
        "scheme": json.dumps(scheme.as_json(), sort_keys=True),
    }
    return int(db.execute(insert(RoundRow).values(values).returning(RoundRow.id)).scalar_one())


def change_scheme(db: Connection, round_id: int, scheme: Scheme) -> bool:
    """Write another scheme; False when the round is frozen and nothing was written."""
    values = {"scheme": json.dumps(scheme.as_json(), sort_keys=True)}
    return bool(db.execute(
        update(RoundRow).where(RoundRow.id == round_id, RoundRow.frozen.is_(False)).values(values)
    ).rowcount)


def units(db: Connection, round_id: int) -> frozenset[int]:
    """The units that have a meeting in a round; one made void is none."""
    living = (MeetingRow.round_id == round_id, MeetingRow.stage != Stage.VOID.value)
    return frozenset(db.execute(select(MeetingRow.unit_id).where(*living).distinct()).scalars())


def freeze(db: Connection, round_id: int) -> None:
    """The first meeting opens: the scheme stays as it is."""
    db.execute(update(RoundRow).where(RoundRow.id == round_id).values(frozen=True))
