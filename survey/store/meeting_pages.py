"""The list of meetings, page by page: those that are under way first, then the newest. No page loads every meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from survey.domain.meetings import BOXED, Stage
from survey.domain.units import UnitKind
from survey.store import units
from survey.store.office_tables import UnitRow
from survey.store.tables import MeetingRow, MeetingUnitRow, RoundRow

RUNNING = BOXED
COUNTED = (Stage.COUNTED, Stage.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Meetings of a unit and of all below it, of every unit when it is None; a text is looked for in titles and names of units."""

    root: int | None
    text: str = ""
    stages: Sequence[Stage] = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many were looked for, how many open branches were evaluated in a period, and the newest evaluation under way.

    A survey runs for weeks: it stands in the list and is not what to do next.
    """

    total: int
    covered: int
    running: int | None


def summary(db: Connection, wanted: Wanted, period: str) -> Summary:
    """The numbers above the list, in one query."""
    inside = _inside(db, wanted.root)
    rated = (*inside, MeetingRow.is_survey.is_(False))
    branch = (UnitRow.kind == UnitKind.BRANCH.value, UnitRow.closed_on.is_(None), RoundRow.period == period)
    each = (
        select(func.count()).select_from(MeetingRow).where(*inside, *_fits(wanted)),
        select(func.count(UnitRow.id.distinct()))
        .select_from(MeetingRow)
        .join(RoundRow, RoundRow.id == MeetingRow.round_id)
        .outerjoin(MeetingUnitRow, MeetingUnitRow.meeting_id == MeetingRow.id)
        .join(UnitRow, UnitRow.id == func.coalesce(MeetingUnitRow.unit_id, MeetingRow.unit_id))
        .where(*rated, _at(COUNTED), *branch),
        select(MeetingRow.id).where(*rated, _at(RUNNING)).order_by(MeetingRow.held_on.desc(), MeetingRow.id.desc()).limit(1),
    )
    return Summary(*db.execute(select(*(query.scalar_subquery() for query in each))).one())


def page(db: Connection, wanted: Wanted, *, first: int, most: int) -> tuple[Mapping[int, str], int]:
    """Some of them by id, with the names of their units: those under way first, the newest first among each; beyond the last page
    those of the last. And how many there are in all."""
    order = (case((_at(RUNNING), 0), else_=1), MeetingRow.held_on.desc(), MeetingRow.id.desc())
    fits = (*_inside(db, wanted.root), *_fits(wanted))
    total = select(func.count()).select_from(MeetingRow).where(*fits).scalar_subquery()
    begin = case((total > first, first), (total > 0, (total - 1) // most * most), else_=0)
    chosen = select(MeetingRow.id, UnitRow.name, total.label("total")).join(UnitRow, UnitRow.id == MeetingRow.unit_id)
    rows = db.execute(chosen.where(*fits).order_by(*order).offset(begin).limit(most)).all()
    return {row.id: row.name for row in rows}, rows[0].total if rows else 0


def _inside(db: Connection, root: int | None) -> list[ColumnElement[bool]]:
    if root is None:
        return []
    inside = MeetingRow.unit_id.in_(units.below(root))
    # Asked whether it is true, PostgreSQL looks each unit up once instead of comparing all with all.
    return [inside if db.dialect.name == "sqlite" else inside.is_(True)]


def _fits(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if set(wanted.stages) != set(Stage):
        found.append(_at(wanted.stages))
    if wanted.text:
        named = select(UnitRow.id).where(UnitRow.name.icontains(wanted.text, autoescape=True))
        found.append(or_(MeetingRow.title.icontains(wanted.text, autoescape=True), MeetingRow.unit_id.in_(named)))
    return found


def _at(stages: Sequence[Stage]) -> ColumnElement[bool]:
    return MeetingRow.stage.in_([stage.value for stage in stages])
