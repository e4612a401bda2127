"""Settings refuse to start when unsafe, and what is generated is kept."""

import stat
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from survey.app import create_app
from survey.config import Config, Unsafe, from_environment


def environ(tmp_path: Path, **changes: str) -> dict[str, str]:
    return {"PINGYI_INSTANCE": str(tmp_path / "instance"), **changes}


def test_what_is_generated_is_kept_and_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = from_environment(environ(tmp_path)), from_environment(environ(tmp_path))
    assert first == second
    assert first.secret != first.pepper and len(first.pepper) >= 32
    assert stat.S_IMODE((tmp_path / "instance" / "pepper").stat().st_mode) == 0o600
    assert not first.keyroom.is_relative_to(first.instance)


@pytest.mark.parametrize(
    "changes",
    [
        {"PINGYI_SECRET": "short"},
        {"PINGYI_PEPPER": "short"},
        {"PINGYI_URL": "192.168.1.5:8000"},
        {"PINGYI_URL": "http://host/path"},
        {"PINGYI_ZONE": "Mars/Olympus"},
        {"PINGYI_HOSTS": "vote.example.org, http://x"},
        {"PINGYI_HOSTS": "*.example.org"},
        {"PINGYI_PROXIES": "yes"},
        {"PINGYI_PROXIES": "-1"},
        {"PINGYI_PROXIES": "99"},
        {"PINGYI_PEPPER_FILE": "/nowhere/pepper"},
        {"PINGYI_PEPPER_FILE": "/etc/hostname", "PINGYI_PEPPER": "p" * 32},
    ],
)
def test_unsafe_settings_are_refused_with_a_sentence(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(Unsafe, match="PINGYI_"):
        from_environment(environ(tmp_path, **changes))


def test_secrets_may_come_from_files_as_containers_and_credentials_bring_them(tmp_path: Path) -> None:
    given = {}
    for name, words in (("DATABASE", "sqlite:////x/y.db"), ("SECRET", "s" * 40), ("PEPPER", "p" * 40)):
        path = tmp_path / name.lower()
        path.write_text(words + "\n")
        given[f"PINGYI_{name}_FILE"] = str(path)
    config = from_environment(environ(tmp_path, **given))
    assert (config.database, config.secret, config.pepper) == ("sqlite:////x/y.db", b"s" * 40, b"p" * 40)


def test_names_are_read_as_a_host_header_spells_them(tmp_path: Path) -> None:
    config = from_environment(environ(tmp_path, PINGYI_URL="https://Vote.Example.org", PINGYI_HOSTS="A.example., b.example"))
    assert config.names == {"vote.example.org", "a.example", "b.example"} and config.proxies == 0


def test_the_key_room_may_not_lie_in_the_instance_folder(tmp_path: Path) -> None:
    with pytest.raises(Unsafe, match="key room"):
        from_environment(environ(tmp_path, PINGYI_KEYROOM=str(tmp_path / "instance" / "keys")))


def test_only_tests_bring_their_own_randomness(config: Config) -> None:
    with pytest.raises(Unsafe, match="randomness"):
        create_app(config, random=Random(1))


def test_a_database_of_another_release_is_refused(
    make_config: Callable[..., Config], bare_postgres_url: str
) -> None:
    for database in ("", bare_postgres_url):
        with pytest.raises(Unsafe, match="migrate"):
            create_app(make_config(database))
