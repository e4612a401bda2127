"""Planned rounds: what two people save at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from survey.actions import plans, schemes
from survey.actions.house import House
from survey.domain.rounds import Scheme
from survey.store import plans as kept
from survey.store import schemes as versions
from tests.conftest import NOW, make_people
from tests.rounds_for_tests import plan_round

_TURNS = 4


def test_rules_that_are_saved_while_somebody_changes_the_round_are_never_overtaken(house: House) -> None:
    """Guards: the rules are read under the lock of `plans.change`, not from the form, which was made of older ones."""
    hall = make_people(house)
    made, gate = plan_round(house, hall.root, by=hall.secretary), Barrier(2)
    for turn in range(_TURNS):
        with house.store.read() as db:
            planned, seen = kept.get(db, made), versions.last(db, made)
        wanted = Scheme(decimals=turn % 2, satisfied_at=(70 + turn) / 100)
        rules = [(each.kind, each.sector, f"{plans.KEPT}{each.questionnaire}") for each in planned.plan.rules]
        asked = plans.Asked(
            planned.unit, f"第 {turn} 次", planned.period, planned.starts_on, planned.ends_on, rules, planned.plan.groups,
            planned.plan.entry, planned.scheme,
        )  # fmt: skip

        def save(wanted: Scheme = wanted, seen: int = seen) -> int:
            gate.wait()
            return schemes.save(house, made, wanted, seen=seen, by=hall.secretary, now=NOW)

        def change(asked: plans.Asked = asked) -> bool:
            gate.wait()
            return plans.change(house, made, asked, by=hall.secretary, now=NOW)

        with ThreadPoolExecutor(2) as pool:
            saved, changed = pool.submit(save), pool.submit(change)
            assert (saved.result(), changed.result()) == (seen + 1, False)
        # A form that stood open since before.
        assert not plans.change(house, made, asked, by=hall.secretary, now=NOW)
        with house.store.read() as db:
            after = kept.get(db, made)
            assert (after.name, after.scheme, versions.last(db, made)) == (asked.name, wanted, seen + 1)
