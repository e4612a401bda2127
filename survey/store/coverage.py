"""How far a planned round has come below a unit: every unit it is for and where that stands, counted by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
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
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.tables import LeftOutRow, MeetingRow

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
DONE = (Standing.COUNTED,)
# Units that nobody has a meeting for; one made void is none.
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
    base = _base(planned, root, now).subquery()
    grouped = select(
        base.c.top, base.c.standing, func.count().label("n"), func.sum(base.c.rated).label("members"), func.sum(base.c.covered).label("covered")
    ).group_by(base.c.top, base.c.standing)
    found: dict[int, Sums] = {}
    for row in db.execute(grouped):
        one = Sums({_standing(row.standing): row.n}, int(row.members or 0), int(row.covered or 0))
        found[row.top] = found.get(row.top, Sums({})) + one
    return found


def page(db: Connection, planned: Planned, wanted: Wanted, *, first: int, most: int) -> tuple[tuple[Place, ...], int]:
    """Some of the units, those farthest from done first; and how many fit in all (0 when the page is beyond the last)."""
    base, fits = _fitting(planned, wanted)
    above = aliased(UnitRow)
    query = select(base, above.name.label("above"), MeetingRow.held_on, func.count().over().label("total"))
    query = query.outerjoin(above, above.id == base.c.parent_id).outerjoin(MeetingRow, MeetingRow.id == base.c.meeting)
    order = (base.c.standing, base.c.code, base.c.name, base.c.id)
    rows = db.execute(query.where(*fits).order_by(*order).offset(first).limit(most)).all()
    return tuple(
        Place(row.id, row.name, "" if row.id == wanted.root else row.above or "", UnitKind(row.kind), row.sector, row.members,
              row.rule, row.meeting, _standing(row.standing), row.code, row.held_on)
        for row in rows
    ), (rows[0].total if rows else 0)  # fmt: skip


def number(db: Connection, planned: Planned, wanted: Wanted) -> int:
    """How many units fit."""
    base, fits = _fitting(planned, wanted)
    return db.execute(select(func.count()).select_from(base).where(*fits)).scalar_one()


def _fitting(planned: Planned, wanted: Wanted) -> tuple[Subquery, list[ColumnElement[bool]]]:
    base = _base(planned, wanted.root, wanted.now).subquery()
    fits: list[ColumnElement[bool]] = [base.c.standing.in_([_RANKS[each] for each in wanted.standings])] if wanted.standings else []
    if wanted.text:
        fits.append(or_(base.c.name.icontains(wanted.text, autoescape=True), base.c.code == wanted.text))
    fits += [base.c.kind == wanted.kind] if wanted.kind else []
    fits += [base.c.sector == wanted.sector] if wanted.sector else []
    return base, fits


def _base(planned: Planned, root: int, now: datetime | None) -> Select[Any]:
    """Every unit a round is for: open ones one can evaluate, and those of a kind that a rule names."""
    inside = _inside(root)
    people = (
        select(MemberRow.unit_id, func.count().label("n")).where(MemberRow.left_on.is_(None)).group_by(MemberRow.unit_id).subquery()
    )
    held = (
        select(MeetingRow.unit_id, func.max(cast(_rank(now), BigInteger) * _STEP + MeetingRow.id).label("best"))
        .where(MeetingRow.round_id == planned.id, MeetingRow.is_survey.is_(False)).group_by(MeetingRow.unit_id).subquery()
    )  # fmt: skip
    n, rule = func.coalesce(people.c.n, 0), _rule(planned.plan.rules)
    without = case((rule.is_(None), _RANKS[Standing.UNFIT]), else_=_RANKS[Standing.NONE])
    meeting = held.c.best % _STEP
    standing = func.coalesce(held.c.best // _STEP, without)
    rated = case((_rates(planned.plan.rules, rule), n), else_=0)
    counted = held.c.best >= _RANKS[Standing.COUNTED] * _STEP
    out = (
        select(func.count()).select_from(LeftOutRow).join(MemberRow, MemberRow.id == LeftOutRow.member_id)
        .where(LeftOutRow.meeting_id == meeting, MemberRow.left_on.is_(None), MemberRow.unit_id == UnitRow.id).scalar_subquery()
    )  # fmt: skip
    named = sorted({each.kind for each in planned.plan.rules if each.kind})
    return (
        select(
            UnitRow.id, UnitRow.parent_id, UnitRow.name, UnitRow.code, UnitRow.kind, UnitRow.sector, inside.c.top,
            n.label("members"), rule.label("rule"), meeting.label("meeting"), standing.label("standing"), rated.label("rated"),
            case((counted, rated - out), else_=0).label("covered"),
        )
        .join(inside, inside.c.id == UnitRow.id)
        .outerjoin(people, people.c.unit_id == UnitRow.id)
        .outerjoin(held, held.c.unit_id == UnitRow.id)
        .where(UnitRow.closed_on.is_(None), or_(UnitRow.kind == UnitKind.BRANCH.value, n > 0, UnitRow.kind.in_(named)))
    )  # fmt: skip


def _inside(root: int) -> Any:
    """Ids of a subtree, each with the unit right below the root it hangs in; the root with itself."""
    start = select(UnitRow.id.label("id"), UnitRow.id.label("top")).where(or_(UnitRow.id == root, UnitRow.parent_id == root))
    walk = start.cte("inside", recursive=True)
    return walk.union(select(UnitRow.id, walk.c.top).join(walk, UnitRow.parent_id == walk.c.id).where(walk.c.id != root))


def _rank(now: datetime | None) -> ColumnElement[int]:
    """How far a meeting has come; a stage that is not named here is under way."""
    named = [(MeetingRow.stage == stage, literal(_RANKS[standing])) for stage, standing in _OF_STAGE.items()]
    if now is not None:
        over = MeetingRow.closing <= now.astimezone(UTC).replace(tzinfo=None)
        named.append((and_(MeetingRow.stage == Stage.OPEN.value, over), literal(_RANKS[Standing.CLOSED])))
    return case(*named, else_=_RANKS[Standing.OPEN])


def _rule(rules: Sequence[Rule]) -> ColumnElement[int | None]:
    """Which rule is the first that fits a unit."""
    return case(*((_fits(each), literal(place)) for place, each in enumerate(rules)), else_=null())


def _fits(rule: Rule) -> ColumnElement[bool]:
    asked = [UnitRow.kind == rule.kind] if rule.kind else []
    asked += [UnitRow.sector == rule.sector] if rule.sector else []
    return and_(true(), *asked)


def _rates(rules: Sequence[Rule], rule: ColumnElement[int | None]) -> ColumnElement[bool]:
    """Whether the questionnaire a unit gets rates members."""
    return rule.in_([place for place, each in enumerate(rules) if each.members])


def _standing(rank: int) -> Standing:
    return tuple(Standing)[int(rank)]
