"""A planned round, as the form of the office makes one."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Engine, event

from survey.actions.batches import Batch
from survey.actions.house import House
from survey.actions.plans import Asked, plan
from survey.domain.plans import Invited
from survey.domain.rounds import Scheme
from survey.domain.staff import Staff
from survey.store.coverage import Wanted
from tests.conftest import NOW, TODAY

ANY = ("", "", "five_goods_five_leads")


def plan_round(
    house: House, unit: int, *, by: Staff, name: str = "2026 年第三季度评议", rules: Sequence[tuple[str, str, str]] = (ANY,),
    names: tuple[str, str] = ("群众代表", "党员"), days: tuple[date, date] = (date(2026, 7, 1), date(2026, 9, 30)),
    only: Sequence[int] = (),
) -> int:  # fmt: skip
    """The third quarter of 2026 for a unit and all below it: 20 due of one group, of the other the members of each unit."""
    groups = (Invited(names[0], 20), Invited(names[1], None))
    return plan(house, Asked(unit, name, "2026Q3", *days, rules, groups, "slips", Scheme(), only=only), by=by, now=NOW)


def batch(root: int, *, only: Collection[int] | None = None, title: str = "2026 年第三季度评议会") -> Batch:
    """All units below one, or only some."""
    return Batch(Wanted(root), only, TODAY, lambda name: f"{name} {title}")


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
