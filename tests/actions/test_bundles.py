"""Who works on a bundle: one for all who ask, one holder at a time, and whoever falls silent loses it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, insert, select

from survey.actions import bundles
from survey.actions.house import House
from survey.domain.bundles import KEPT, SILENCE, Bundle, Format, Reach, State, Wanted
from survey.domain.refusals import NotFound, NotPublished
from survey.store import bundles as kept
from survey.store.bundle_files import BundleFiles
from survey.store.bundle_tables import BundleRow
from survey.store.tables import JournalRow, PublicationRow
from tests.conftest import NOW, Hall, make_people, person
from tests.rounds_for_tests import plan_round


@pytest.fixture
def files(tmp_path: Path) -> BundleFiles:
    return BundleFiles(tmp_path / "instance")


@pytest.fixture
def hall(house: House) -> Hall:
    return make_people(house)


@pytest.fixture
def wanted(house: House, hall: Hall) -> Wanted:
    """All sheets of the first branch, in a round that is published."""
    made = plan_round(house, hall.root, by=hall.secretary)
    with house.store.write() as db:
        db.execute(insert(PublicationRow).values(round_id=made, sha256="0" * 64, minute=NOW.replace(tzinfo=None)))
    return Wanted(made, hall.branch, Format.PDF, Reach.UNITS, "zh")


def ask(house: House, wanted: Wanted, files: BundleFiles) -> int:
    return bundles.ask(house, wanted, files, by=person(house, "leader"), now=NOW)


def get(house: House, number: int) -> Bundle:
    with house.store.read() as db:
        found = kept.get(db, number)
    assert found is not None
    return found


def acts(house: House) -> list[str]:
    with house.store.read() as db:
        return [act for act in db.execute(select(JournalRow.act).order_by(JournalRow.id)).scalars() if act.startswith("bundle")]


def at_once(act: Callable[[int], object]) -> list[object]:
    """The same done by two people at the same moment."""
    barrier = Barrier(2)

    def do(n: int) -> object:
        barrier.wait(30)
        return act(n)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(do, range(2)))


def test_two_who_ask_at_once_get_the_same_one(house: House, wanted: Wanted, files: BundleFiles) -> None:
    first, second = at_once(lambda _n: ask(house, wanted, files))
    assert first == second == ask(house, wanted, files)
    with house.store.read() as db:
        assert db.execute(select(func.count()).select_from(BundleRow)).scalar_one() == 1
    assert acts(house) == ["bundle"], "only who began it stands in the journal"


def test_two_who_work_at_once_never_have_the_same_one(house: House, wanted: Wanted, files: BundleFiles) -> None:
    numbers = [ask(house, wanted, files), ask(house, Wanted(wanted.round, wanted.unit, Format.WORD, Reach.UNITS, "zh"), files)]
    for _ in range(3):
        found = at_once(lambda n: bundles.take(house, str(n) * 32, now=NOW))
        found += at_once(lambda n: bundles.take(house, str(n) * 32, now=NOW)) if None in found else []
        assert sorted(each.id for each in found if isinstance(each, Bundle)) == numbers
        assert bundles.take(house, "c" * 32, now=NOW) is None
        for n, each in enumerate(found):
            if isinstance(each, Bundle):
                bundles.let_go(house, each, str(n % 2) * 32, now=NOW)


def test_whoever_falls_silent_loses_it_and_is_told_so(house: House, wanted: Wanted, files: BundleFiles) -> None:
    made = ask(house, wanted, files)
    first = bundles.take(house, "a" * 32, now=NOW)
    assert first is not None and bundles.tell(house, first, "a" * 32, now=NOW, done=3, whole=9)
    soon, late = NOW + SILENCE, NOW + SILENCE + timedelta(seconds=1)
    assert bundles.take(house, "b" * 32, now=soon) is None
    assert bundles.take(house, "b" * 32, now=late) is not None
    assert not bundles.tell(house, first, "a" * 32, now=late, done=4)
    assert not bundles.finish(house, first, "a" * 32, 5, now=late)
    assert (get(house, made).state, get(house, made).done) == (State.RUNNING, 3)
    assert bundles.finish(house, first, "b" * 32, 7, now=late)
    assert (get(house, made).state, get(house, made).size) == (State.DONE, 7)


def test_one_that_was_stopped_is_nobodys_and_begins_anew_when_it_is_asked_for(house: House, wanted: Wanted, files: BundleFiles) -> None:
    made = ask(house, wanted, files)
    taken = bundles.take(house, "a" * 32, now=NOW)
    assert taken is not None
    files.begin(taken.key, "mark")
    files.keep(taken.key, 0, b"sheet")
    with pytest.raises(NotFound):
        bundles.stop(house, made, files, by=person(house, "other"), now=NOW)
    for _ in range(2):
        bundles.stop(house, made, files, by=person(house, "leader"), now=NOW)
    assert not bundles.tell(house, taken, "a" * 32, now=NOW)
    assert files.begin(taken.key, "mark") == frozenset(), "its sheets went at once"
    assert bundles.take(house, "b" * 32, now=NOW) is None
    assert ask(house, wanted, files) == made
    again = bundles.take(house, "b" * 32, now=NOW)
    assert again is not None and again.key != taken.key, "whoever still writes writes elsewhere"
    assert acts(house) == ["bundle", "bundle_stop", "bundle"]


def test_one_that_failed_goes_on_where_it_was_and_one_whose_file_is_gone_begins_anew(house: House, wanted: Wanted, files: BundleFiles) -> None:
    made = ask(house, wanted, files)
    taken = bundles.take(house, "a" * 32, now=NOW)
    assert taken is not None and bundles.fail(house, taken, "a" * 32, "disk", now=NOW)
    assert (get(house, made).state, get(house, made).why) == (State.FAILED, "disk")
    assert ask(house, wanted, files) == made
    again = bundles.take(house, "b" * 32, now=NOW)
    assert again is not None and again.key == taken.key
    files.begin(again.key, "mark")
    files.join(again.key, [], ("index", b""), at=NOW)
    assert bundles.finish(house, again, "b" * 32, 1, now=NOW)
    ask(house, wanted, files)
    assert get(house, made).state is State.DONE, "it lies there"
    files.drop(again.key)
    ask(house, wanted, files)
    assert get(house, made).state is State.WAITING


def test_after_a_week_it_is_gone_with_its_file_and_nothing_else_is(house: House, wanted: Wanted, files: BundleFiles) -> None:
    old, young = ask(house, wanted, files), ask(house, Wanted(wanted.round, wanted.unit, Format.WORD, Reach.UNITS, "zh"), files)
    keys = []
    for number, ended in ((old, NOW), (young, NOW + timedelta(days=1))):
        taken = bundles.take(house, "a" * 32, now=ended)
        assert taken is not None and taken.id == number
        files.begin(taken.key, "mark")
        files.join(taken.key, [], ("index", b""), at=NOW)
        assert bundles.finish(house, taken, "a" * 32, 1, now=ended)
        keys.append(taken.key)
    later = NOW + KEPT + timedelta(minutes=1)
    with house.store.read() as db:
        assert not kept.is_wanted(db, NOW + KEPT - timedelta(minutes=1)) and kept.is_wanted(db, later)
    bundles.sweep(house, files, now=later)
    assert files.whole(keys[0]) is None and files.whole(keys[1]) is not None
    with house.store.read() as db:
        assert kept.get(db, old) is None and kept.get(db, young) is not None


def test_no_bundle_of_a_round_that_is_not_published_or_of_anothers_unit(house: House, hall: Hall, wanted: Wanted, files: BundleFiles) -> None:
    draft = plan_round(house, hall.root, by=hall.secretary)
    with pytest.raises(NotPublished):
        ask(house, Wanted(draft, hall.branch, Format.PDF, Reach.UNITS, "zh"), files)
    with pytest.raises(NotFound):
        ask(house, Wanted(wanted.round, hall.other_branch, Format.PDF, Reach.UNITS, "zh"), files)
