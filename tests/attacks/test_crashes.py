"""The power goes at any step of a count: what was not committed never was, what was committed is finished by the next start."""

import shutil
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import create_engine, make_url, text

from survey.actions.house import House
from survey.actions.results import sweep
from survey.app import open_house
from survey.config import Config
from survey.domain.meetings import Stage
from survey.domain.refusals import NoKey
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store import results as counted
from tests.attacks.crashes import DONE, POWER_CUT, count_and_die
from tests.conftest import NOW, Hall, make_meeting

PATIENCE = 30
FEWEST_STEPS = 25


class Place:
    """A closed meeting of twelve in a place that can be put back as it was: folders, and on PostgreSQL a template database."""

    def __init__(self, config: Config, folder: Path) -> None:
        self.config = config
        self.folder = folder
        house = open_house(config, random=Random(5))
        house.store.upgrade()
        self.is_sqlite = house.store.is_sqlite
        self.hall = make_meeting(house)
        for number, code in enumerate(code for each in self.hall.codes.values() for code in each):
            self.hall.vote(code, f0_0=str(number % 4))
        self.hall.close()
        with house.store.read() as db:
            self.slips = box.spent(db, self.hall.meeting)
            self.rows = box.sealed(db, self.hall.meeting)
        (self.key,) = house.keys.names()
        house.store.close()
        for name in self._folders():
            shutil.copytree(folder / name, folder / f"{name}-before")
        self._template("before", self._name())

    def put_back(self) -> None:
        """Everything as it was before the first count."""
        for name in self._folders():
            shutil.rmtree(self.folder / name)
            shutil.copytree(self.folder / f"{name}-before", self.folder / name)
        self._template(self._name(), "before")

    def count(self, last: int) -> int | None:
        """Count in another process until it dies at step `last`; its exit code."""
        context = get_context("forkserver")
        context.set_forkserver_preload(["tests.attacks.crashes"])
        process = context.Process(
            target=count_and_die,
            args=(self.config, self.hall.meeting, self.hall.scrutineer),
            kwargs={"by": self.hall.secretary, "now": NOW, "last": last},
        )
        process.start()
        process.join(PATIENCE)
        code = process.exitcode
        process.kill()
        process.join()
        process.close()
        return code

    def _folders(self) -> list[str]:
        return ["instance", "keyroom"]

    def _name(self) -> str:
        return make_url(self.config.database).database or ""

    def _template(self, new: str, old: str) -> None:
        if self.is_sqlite:
            return
        names = [f"{self._name()}_before" if name == "before" else name for name in (new, old)]
        self._say(f"DROP DATABASE IF EXISTS {names[0]} WITH (FORCE)", f"CREATE DATABASE {names[0]} TEMPLATE {names[1]}")

    def clear(self) -> None:
        """Drop the template."""
        if not self.is_sqlite:
            self._say(f"DROP DATABASE {self._name()}_before WITH (FORCE)")

    def _say(self, *statements: str) -> None:
        engine = create_engine(make_url(self.config.database).set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            for statement in statements:
                db.execute(text(statement))
        engine.dispose()


@pytest.fixture
def place(config: Config, tmp_path: Path):
    made = Place(config, tmp_path)
    yield made
    made.clear()


def undone(place: Place, house: House) -> None:
    """Closed, and everything where it was."""
    with house.store.read() as db:
        assert box.spent(db, place.hall.meeting) == place.slips
        assert box.sealed(db, place.hall.meeting) == place.rows
        assert counted.counts(db, place.hall.meeting) == {}
        assert counted.opinions(db, place.hall.meeting) == ()
        assert counted.seal(db, place.hall.meeting) is None
        assert counted.returned(db, place.hall.meeting) == ()
    assert house.keys.names() == (place.key,)


def finished(place: Place, house: House) -> None:
    """Counted, with every ballot, and nothing left of box and key."""
    with house.store.read() as db:
        assert box.in_box(db, place.hall.meeting) == 0
        assert db.execute(text("SELECT count(*) FROM slips")).scalar_one() == 0
        counts = counted.counts(db, place.hall.meeting)
        assert sum(row.returned for row in counted.returned(db, place.hall.meeting)) == 12
        assert counted.seal(db, place.hall.meeting) is not None
    first = [c for each in counts.values() for c in each if c.target.startswith("u")]
    questions = {c.question for c in first}
    assert all(sum(c.ballots for c in first if c.question == q) == 12 for q in questions)
    assert house.keys.names() == ()
    with pytest.raises(NoKey):
        house.keys.get(place.key)


def stage_after_start(place: Place) -> Stage:
    """What the next start finds and makes of it."""
    house = open_house(place.config)
    try:
        sweep(house)
        with house.store.read() as db:
            stage = kept.get(db, place.hall.meeting).stage
        {Stage.CLOSED: undone, Stage.COUNTED: finished}[stage](place, house)
    finally:
        house.store.close()
    if stage is Stage.COUNTED and place.is_sqlite:
        for path in (place.folder / "instance").iterdir():
            data = path.read_bytes()
            assert not [key for key, _, sealed in place.rows if sealed[:64] in data], f"ballots are left in {path.name}"
    return stage


@pytest.mark.long
def test_a_crash_at_every_step_of_the_count_is_finished_or_undone(place: Place) -> None:
    """Guards: the one transaction of actions.results.count, the key destroyed only after it, and `sweep` at the start."""
    stages: list[Stage] = []
    keys: list[bool] = []
    while (code := place.count(last=len(stages))) == POWER_CUT:
        keys.append(len(list((place.folder / "keyroom").iterdir())) == 1)
        stages.append(stage_after_start(place))
        if stages[-1] is Stage.COUNTED:
            place.put_back()
    assert code == DONE
    assert stage_after_start(place) is Stage.COUNTED
    undone_steps = stages.count(Stage.CLOSED)
    assert stages == [Stage.CLOSED] * undone_steps + [Stage.COUNTED] * (len(stages) - undone_steps)
    assert undone_steps >= FEWEST_STEPS, "it does die at every statement"
    assert all(keys[:undone_steps])
    assert keys[undone_steps] is True, "one crash came after the commit and before the key was destroyed"
    if place.is_sqlite:
        assert keys[-1] is False, "and one after the key was destroyed and before the log was scrubbed"


def test_after_a_crash_the_same_people_count_again(place: Place) -> None:
    """Guards: nothing of a count that died stays behind and stands in the way."""
    assert place.count(last=20) == POWER_CUT
    house = open_house(place.config)
    hall = Hall(**{**vars(place.hall), "house": house})
    sweep(house)
    hall.count()
    finished(place, house)
    house.store.close()
