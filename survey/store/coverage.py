"""How far a planned round has come below a unit: every unit it is for and where that stands, counted by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from survey.domain.meetings import Stage
from survey.domain.plans import Planned, Rule, Standing
from survey.domain.units import UnitKind
from survey.store.clocks import plain
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.tables import LeftOutRow, MeetingRow, MeetingUnitRow

# Of several meetings of one unit in a round the one that has come farthest stands for it: stage first, then number.
_STEP = 10**12
_RANKS: Mapping[Standing, int] = {each: rank for rank, each in enumerate(Standing)}
_OF_STAGE = {
    Stage.VOID.value: Standing.VOID,
    Stage.DRAFT.value: Standing.DRAFT,
    Stage.CLOSED.value: Standing.CLOSED,
    Stage.COUNTED.value: Standing.COUNTED,
    Stage.PUBLISHED.value: Standing.COUNTED,
}
# Units that are not done.
WAITING = tuple(each for each in Standing if each not in (Standing.COUNTED, Standing.UNFIT))
# Of these the ones that nobody has a meeting for; one made void is none.
WITHOUT = (Standing.NONE, Standing.VOID)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of a round: what hangs above it, its members, the rule that fits it, its meeting and where that stands."""

    id: int
    name: str
    above: str
    kind: UnitKind
    sector: str | None
    members: int
    rule: int | None
    meeting: int | None
    standing: Standing
    code: str = ""
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Units by where they stand, the members of them all, and of those whose meeting is counted."""

    units: Mapping[Standing, int]
    members: int = 0
    covered: int = 0

    @property
    def all(self) -> int:
        """Units the round is for; those no rule fits are not."""
        return sum(n for standing, n in self.units.items() if standing is not Standing.UNFIT)

    def at(self, *standings: str) -> int:
        """How many stand at one of these."""
        return sum(self.units.get(Standing(each), 0) for each in standings)

    def __add__(self, other: "Sums") -> "Sums":
        both = {each: self.at(each) + other.at(each) for each in Standing}
        return Sums({each: n for each, n in both.items() if n}, self.members + other.members, self.covered + other.covered)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units below `root` in a round that fit what was asked for; no standings are all of them. `now` is that of `sums`."""

    root: int
    text: str = ""
    kind: str = ""
    sector: str = ""
    standings: Sequence[Standing] = ()
    now: datetime | None = None


def sums(db: Connection, planned: Planned, root: int, *, now: datetime | None = None) -> Mapping[int, Sums]:
    """The numbers of each unit right below `root` with all that hangs below it, and of `root` itself alone.

    At a moment a box whose time is over is closed, also before anybody has written that down; without one only what is written counts.
    """
    base = units_of(planned, root, now)
    people = _there().group_by(MemberRow.unit_id).add_columns(MemberRow.unit_id).subquery()
    out = _there().join(LeftOutRow, LeftOutRow.member_id == MemberRow.id)
    out = out.where(LeftOutRow.meeting_id == base.c.meeting, MemberRow.unit_id == base.c.id)
    with_members = select(MeetingRow.id).where(MeetingRow.id == base.c.meeting, MeetingRow.units_only.is_(False)).exists()
    # Of units whose questionnaire asks about units alone no member is rated.
    rates = base.c.rule.in_([place for place, each in enumerate(planned.plan.rules) if each.members])
    rated = case((rates, func.coalesce(people.c.n, 0)), else_=0)
    counted = and_(base.c.standing == _RANKS[Standing.COUNTED], rates, with_members)
    covered = case((counted, rated - out.scalar_subquery()), else_=0)
    grouped = select(base.c.top, base.c.standing, func.count().label("n"), func.sum(rated).label("members"), func.sum(covered).label("covered"))
    grouped = grouped.select_from(base).outerjoin(people, people.c.unit_id == base.c.id).group_by(base.c.top, base.c.standing)
    found: dict[int, Sums] = {}
    for row in db.execute(grouped):
        one = Sums({standing_of(row.standing): row.n}, int(row.members or 0), int(row.covered or 0))
        found[row.top] = found.get(row.top, Sums({})) + one
    return found


def page(db: Connection, planned: Planned, wanted: Wanted, *, first: int, most: int) -> tuple[tuple[Place, ...], int]:
    """Some of the units, those farthest from done first and those it is not for last; and how many fit in all (0 when the page is beyond the last)."""
    base, fits = _fitting(planned, wanted)
    some = select(base, func.count().over().label("total")).where(*fits).order_by(*_order(base)).offset(first).limit(most).subquery()
    # Members, meetings and units above are looked up for those that are shown.
    above, own = aliased(UnitRow), _there().where(MemberRow.unit_id == some.c.id).scalar_subquery()
    query = select(some, above.name.label("above"), MeetingRow.held_on, own.label("members"))
    query = query.outerjoin(above, above.id == some.c.parent_id).outerjoin(MeetingRow, MeetingRow.id == some.c.meeting)
    rows = db.execute(query.order_by(*_order(some))).all()
    return tuple(
        Place(row.id, row.name, "" if row.id == wanted.root else row.above or "", UnitKind(row.kind), row.sector, row.members,
              row.rule, row.meeting, standing_of(row.standing), row.code, row.held_on)
        for row in rows
    ), (rows[0].total if rows else 0)  # fmt: skip


def number(db: Connection, planned: Planned, wanted: Wanted) -> int:
    """How many units fit."""
    base, fits = _fitting(planned, wanted)
    return db.execute(select(func.count()).select_from(base).where(*fits)).scalar_one()


def rank_of(standing: Standing) -> int:
    """A standing as the database counts it."""
    return _RANKS[standing]


def standing_of(rank: int) -> Standing:
    """What the database counted."""
    return tuple(Standing)[int(rank)]


def _fitting(planned: Planned, wanted: Wanted) -> tuple[Subquery, list[ColumnElement[bool]]]:
    base = units_of(planned, wanted.root, wanted.now)
    fits: list[ColumnElement[bool]] = [base.c.standing.in_([_RANKS[each] for each in wanted.standings])] if wanted.standings else []
    if wanted.text:
        fits.append(or_(base.c.name.icontains(wanted.text, autoescape=True), base.c.code == wanted.text))
    fits += [base.c.kind == wanted.kind] if wanted.kind else []
    fits += [base.c.sector == wanted.sector] if wanted.sector else []
    return base, fits


def _order(table: Subquery) -> tuple[ColumnElement[Any], ...]:
    """Those farthest from done first, and last those the round is not for."""
    return (table.c.standing == _RANKS[Standing.UNFIT], table.c.standing, table.c.code, table.c.id)


def units_of(planned: Planned, root: int, now: datetime | None = None) -> Subquery:
    """Every unit a round is for, to stand inside another query: those the plan names, or open ones one can evaluate and those of a
    kind a rule names."""
    inside = _inside(root)
    # A meeting may rate others instead of the unit that holds it. What has no type of its own SQLite looks up row by row.
    whose = cast(func.coalesce(MeetingUnitRow.unit_id, MeetingRow.unit_id), Integer)
    held = (
        select(whose.label("unit_id"), func.max(cast(_rank(now), BigInteger) * _STEP + MeetingRow.id).label("best"))
        .outerjoin(MeetingUnitRow, MeetingUnitRow.meeting_id == MeetingRow.id)
        .where(MeetingRow.round_id == planned.id, MeetingRow.is_survey.is_(False)).group_by(whose).subquery()
    )  # fmt: skip
    rule = _rule(planned.plan.rules)
    without = case((rule.is_(None), _RANKS[Standing.UNFIT]), else_=_RANKS[Standing.NONE])
    standing = func.coalesce(held.c.best // _STEP, without)
    # A branch is asked about whoever is in it; of the others only those that have members are looked for.
    kinds = sorted({UnitKind.BRANCH.value, *(each.kind for each in planned.plan.rules if each.kind)})
    somebody = select(MemberRow.id).where(MemberRow.unit_id == UnitRow.id, MemberRow.left_on.is_(None)).exists()
    meant = or_(UnitRow.kind.in_(kinds), somebody)
    if planned.plan.units:
        # One that has a meeting is not lost sight of when the plan names others later.
        meant = or_(UnitRow.id.in_(planned.plan.units), held.c.best.is_not(None))
    return (
        select(
            UnitRow.id, UnitRow.parent_id, UnitRow.name, UnitRow.code, UnitRow.kind, UnitRow.sector, inside.c.top,
            rule.label("rule"), (held.c.best % _STEP).label("meeting"), standing.label("standing"),
        )
        .join(inside, inside.c.id == UnitRow.id).outerjoin(held, held.c.unit_id == UnitRow.id)
        .where(UnitRow.closed_on.is_(None), meant).subquery()
    )  # fmt: skip


def _there() -> Select[Any]:
    """How many members there are, of whatever the caller asks for."""
    return select(func.count().label("n")).select_from(MemberRow).where(MemberRow.left_on.is_(None))


def _inside(root: int) -> Any:
    """Ids of a subtree, each with the unit right below the root it hangs in; the root with itself."""
    start = select(UnitRow.id.label("id"), UnitRow.id.label("top")).where(or_(UnitRow.id == root, UnitRow.parent_id == root))
    walk = start.cte("inside", recursive=True)
    return walk.union(select(UnitRow.id, walk.c.top).join(walk, UnitRow.parent_id == walk.c.id).where(walk.c.id != root))


def _rank(now: datetime | None) -> ColumnElement[int]:
    """How far a meeting has come; a stage that is not named here is under way."""
    named = [(MeetingRow.stage == stage, literal(_RANKS[standing])) for stage, standing in _OF_STAGE.items()]
    if now is not None:
        over = MeetingRow.closing <= plain(now)
        named.append((and_(MeetingRow.stage == Stage.OPEN.value, over), literal(_RANKS[Standing.CLOSED])))
    return case(*named, else_=_RANKS[Standing.OPEN])


def _rule(rules: Sequence[Rule]) -> ColumnElement[int | None]:
    """Which rule is the first that fits a unit."""
    return case(*((_fits(each), literal(place)) for place, each in enumerate(rules)), else_=null())


def _fits(rule: Rule) -> ColumnElement[bool]:
    asked = [UnitRow.kind == rule.kind] if rule.kind else []
    asked += [UnitRow.sector == rule.sector] if rule.sector else []
    return and_(true(), *asked)
