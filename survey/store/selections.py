"""The steps of a selection, kept with the meeting that carries them."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from survey.domain.selections import Step
from survey.store.office_tables import SelectionStepRow


def steps(db: Connection, meeting_id: int) -> tuple[Step, ...]:
    """The steps of a meeting in their order; () when none were written."""
    row = SelectionStepRow
    query = select(row.name, row.day, row.note, row.at_meeting_id).where(row.meeting_id == meeting_id).order_by(row.place)
    return tuple(Step(name, day, note, meeting) for name, day, note, meeting in db.execute(query))


def replace_steps(db: Connection, meeting_id: int, steps: Sequence[Step]) -> None:
    """Write the steps of a meeting in the place of those it had."""
    db.execute(delete(SelectionStepRow).where(SelectionStepRow.meeting_id == meeting_id))
    rows = [
        {"meeting_id": meeting_id, "place": place, "name": step.name, "day": step.day, "note": step.note, "at_meeting_id": step.meeting}
        for place, step in enumerate(steps)
    ]
    if rows:
        db.execute(insert(SelectionStepRow), rows)
