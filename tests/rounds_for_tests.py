"""A planned round, as the form of the office makes one."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine, event, select

from survey.actions import ballots, batches, meetings, publications, results, slips
from survey.actions.batches import Batch
from survey.actions.groups import change as change_groups
from survey.actions.house import House
from survey.actions.plans import Asked, plan
from survey.domain.plans import Invited
from survey.domain.questionnaires import Kind
from survey.domain.rounds import Scheme, period
from survey.domain.scheme_parts import Source
from survey.domain.slips import Way
from survey.domain.staff import Staff
from survey.store.coverage import Wanted
from survey.store.tables import MeetingRow
from tests.conftest import NOW, TODAY

ANY = ("", "", "five_goods_five_leads")
USUAL = Scheme()
# Every rule that grading has.
GRADED = Scheme(
    grades=(("A", 65.0), ("B", 55.0), ("C", 0.0)), quota=(1, 3), sources=(Source("S", 60, ("群众代表", "党员")), Source("T", 40)), bonus=5,
)  # fmt: skip


def plan_round(
    house: House, unit: int, *, by: Staff, name: str = "2026 年第三季度评议", rules: Sequence[tuple[str, str, str]] = (ANY,),
    names: tuple[str, str] = ("群众代表", "党员"), days: tuple[date, date] = (date(2026, 7, 1), date(2026, 9, 30)),
    only: Sequence[int] = (), scheme: Scheme = USUAL,
) -> int:  # fmt: skip
    """A quarter, that of the first day, for a unit and all below it: 20 due of one group, of the other the members of each unit."""
    groups = (Invited(names[0], 20), Invited(names[1], None))
    return plan(house, Asked(unit, name, period(days[0]), *days, rules, groups, "slips", scheme, only=only), by=by, now=NOW)


def batch(root: int, *, only: Collection[int] | None = None, title: str = "2026 年第三季度评议会") -> Batch:
    """All units below one, or only some."""
    return Batch(Wanted(root), only, TODAY, lambda name: f"{name} {title}")


def publish_one(house: House, unit: int, *, by: Staff, scheme: Scheme = GRADED) -> int:
    """A round of one branch, voted in by seven, counted and published."""
    made = plan_round(house, unit, by=by, scheme=scheme)
    batches.make(house, made, batch(unit, only={unit}), by=by, now=NOW)
    with house.store.read() as db:
        meeting = db.execute(select(MeetingRow.id).where(MeetingRow.round_id == made)).scalar_one()
    change_groups(house, meeting, [("群众代表", 12, 10)], by=by, now=NOW)
    word = meetings.open_box(house, meeting, by=by, now=NOW) or ""
    with house.store.read() as db:
        (group,) = meetings.meetings.get(db, meeting).groups
    for n, code in enumerate(slips.issue(house, meeting, group.id, n=7, way=Way.SHEET, by=by, now=NOW)):
        paper = house.paper(ballots.look(house, code).paper or "")
        asked = {name: paper.questions(paper.targets[t])[q] for name, (t, q) in paper.fields.items()}
        ballots.cast(house, code, {name: [str(n % 3)] for name, question in asked.items() if question.kind is Kind.RATING})
    meetings.close(house, meeting, by=by, now=NOW)
    meetings.set_leftovers(house, meeting, {group.id: 0}, by=by, now=NOW)
    results.count(house, meeting, word, by=by, now=NOW)
    with house.store.read() as db:
        seen = publications.preview(db, made, release="1", by=by).seen
    publications.publish(house, made, seen, release="1", by=by, now=NOW)
    return made


@contextmanager
def heard() -> Iterator[list[str]]:
    """Every statement the databases are told meanwhile."""
    said: list[str] = []

    def hear(_db: object, _cursor: object, statement: str, *_rest: object) -> None:
        # To begin a transaction asks for nothing.
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
