"""`pingyi backup` while a hall votes, `pingyi restore` into the other kind of database, and the vote that goes on there."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from survey.actions import ballots
from survey.app import open_house
from survey.config import Config, from_environment
from survey.domain.slips import SlipState
from survey.store import results as counted
from tests.attacks.servers import Server, serving
from tests.conftest import Hall, make_meeting

ROOT = Path(__file__).parent.parent.parent
VOTERS = 400
BETWEEN_VOTES = 0.02
FIELDS = {"0.0": "0", "1.0": "1"}
TITLE = "机修车间党支部第三季度评议会"


def started(environ: Mapping[str, str], *arguments: str) -> "subprocess.Popen[str]":
    """The real command in a process of its own."""
    settings = {"PATH": os.environ["PATH"], **environ}
    command = [sys.executable, "-m", "survey", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def pingyi(environ: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """The same, to its end: what it returned and what it said."""
    with started(environ, *arguments) as command:
        said, complained = command.communicate(timeout=120)
        return command.returncode, said + complained


def environment(config: Config) -> dict[str, str]:
    """The settings of a server that was given its secrets."""
    return {
        "PINGYI_DATABASE": config.database,
        "PINGYI_INSTANCE": str(config.instance),
        "PINGYI_KEYROOM": str(config.keyroom),
        "PINGYI_SECRET": config.secret.decode(),
        "PINGYI_PEPPER": config.pepper.decode(),
    }


class Voting:
    """A hall that votes on a server."""

    def __init__(self, server: Server, codes: list[str]) -> None:
        self.acknowledged = 0
        self._server, self._left = server, list(codes)

    def while_running(self, command: "subprocess.Popen[str]") -> None:
        """One phone after the other until the command ends."""
        while True:
            try:
                command.wait(BETWEEN_VOTES)
                return
            except subprocess.TimeoutExpired:
                if not self._left:
                    # A slow machine: everybody has voted before the command is done.
                    command.wait(120)
                    return
                status, _tries = self._server.until_told(self._left.pop(), FIELDS)
                assert status == 303
                self.acknowledged += 1


@pytest.fixture(params=["sqlite", "postgres"])
def places(
    request: pytest.FixtureRequest, make_config: Callable[..., Config], bare_postgres_url: str, tmp_path: Path
) -> tuple[Config, dict[str, str]]:
    """A server on one kind of database, and the bare settings of a new one on the other kind: it has made no pepper yet."""
    first, second = ("", bare_postgres_url) if request.param == "sqlite" else (bare_postgres_url, "")
    fresh = {"PINGYI_INSTANCE": str(tmp_path / "new"), "PINGYI_KEYROOM": str(tmp_path / "newkeys")}
    return make_config(first), fresh | ({"PINGYI_DATABASE": second} if second else {})


@pytest.fixture
def hall(places: tuple[Config, dict[str, str]]) -> Iterator[Hall]:
    house = open_house(places[0], random=Random(20260918))
    house.store.upgrade()
    yield make_meeting(house, groups=(("群众代表", VOTERS, VOTERS),), members=2)
    house.store.close()


def codes_of(hall: Hall) -> list[str]:
    (codes,) = hall.codes.values()
    return codes


@pytest.mark.long
def test_a_backup_taken_while_people_vote_is_one_moment_and_lives_on_in_the_other_database(
    places: tuple[Config, dict[str, str]], hall: Hall, tmp_path: Path
) -> None:
    config, fresh = places
    codes = codes_of(hall)
    with serving(config) as server:
        voting = Voting(server, codes[:-5])
        for number in range(2):
            before, file = voting.acknowledged, tmp_path / f"{number}.zip"
            with started(environment(config), "backup", str(file)) as command:
                voting.while_running(command)
                said, complained = command.communicate(timeout=60)
            assert command.returncode == 0, complained
            assert TITLE in said and "never be counted" in said
            check_one_moment(file, at_least=before, at_most=voting.acknowledged)
        code, complained = pingyi(environment(config), "restore", str(file))
        assert (code, "Stop the server" in complained) == (2, True), complained
        last = tmp_path / "last.zip"
        assert pingyi(environment(config), "backup", str(last))[0] == 0
    code, said = pingyi(fresh, "restore", str(last))
    assert code == 0 and TITLE in said and "without a key here" in said, said
    the_vote_goes_on(hall, fresh, codes, inside=voting.acknowledged, key_room=config.keyroom)


def check_one_moment(file: Path, *, at_least: int, at_most: int) -> None:
    """As many ballots as spent slips, and every ballot that was acknowledged before the backup began."""
    with zipfile.ZipFile(file) as archive:
        slips = archive.read("tables/slips.jsonl")
        inside = len(archive.read("tables/ballots.jsonl").splitlines())
    assert slips.count(b'"spent"') == inside
    assert at_least <= inside <= at_most
    assert slips.count(b'"fresh"') == VOTERS - inside


def the_vote_goes_on(hall: Hall, fresh: dict[str, str], codes: list[str], *, inside: int, key_room: Path) -> None:
    """On the new server old slips are known and the last five vote; with the key there is a count."""
    config = from_environment(fresh)
    assert config.pepper == b"p" * 64
    house = hall.house = open_house(config)
    with serving(config) as server:
        assert ballots.look(house, codes[-6]).state is SlipState.SPENT
        assert 'name="0.0"' in server.ask("GET", f"/b/{codes[-1]}").body
        for code in codes[-5:]:
            assert server.until_told(code, FIELDS)[0] == 303
    for key in key_room.glob("*.key"):
        (config.keyroom / key.name).write_bytes(key.read_bytes())
    hall.close()
    hall.count()
    with house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == inside + 5
    house.store.close()
