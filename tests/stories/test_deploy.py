"""What stands in deploy/ fits the program: its commands, settings, folders and routes; systemd judges the unit itself."""

import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from survey import cli
from survey.actions.house import House
from survey.config import Config, from_environment
from tests.attacks.servers import PATIENCE, ROOT, serving
from tests.conftest import on_sqlite

DEPLOY = ROOT / "deploy"
README = (DEPLOY / "README.md").read_text("utf-8")
UNIT = (DEPLOY / "pingyi.service").read_text("utf-8")
IMAGE = (DEPLOY / "Containerfile").read_text("utf-8")
TEXTS = {path.name: path.read_text("utf-8") for path in sorted(DEPLOY.iterdir())}
# What systemd-analyze calls the exposure: 0 is nothing, 10 everything. A service without any of the rights taken has 9.6.
MOST_EXPOSURE = "2.0"


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TEXTS["compose.yaml"])
    return loaded


def test_every_command_that_is_named_is_one_the_program_has() -> None:
    typed = [line.partition("#")[0] for line in README.splitlines() if line.startswith("    ")]
    found = [
        match[1] for line in typed for match in re.finditer(r"\bpingyi ((?:serve|staff|migrate|backup|demo)\b.*)", line)
    ]
    found += re.findall(r"^ExecStart=\S+/pingyi (.+)$", UNIT, re.MULTILINE)
    found.append(shlex.join(compose()["services"]["app"]["command"]))
    found.append(shlex.join(re.findall(r'"([^"]*)"', re.findall(r"^CMD (.+)$", IMAGE, re.MULTILINE)[0])))
    assert len(found) >= 6
    for words in found:
        assert cli._parser().parse_args(shlex.split(words)).command


def test_every_setting_that_is_named_is_one_the_program_reads() -> None:
    code = "".join((ROOT / "survey" / name).read_text("utf-8") for name in ("config.py", "cli.py"))
    known = set(re.findall(r'"(PINGYI_[A-Z]+)"', code))
    for name, text in TEXTS.items():
        for setting in re.findall(r"PINGYI_[A-Z]+", text):
            assert setting in known, f"{name} names {setting}"


def test_the_settings_of_the_unit_and_of_the_image_start_a_program_whose_keys_lie_apart(tmp_path: Path) -> None:
    kept = dict(re.findall(r"^(PINGYI_\w+)=(.+)$", TEXTS["pingyi.env"], re.MULTILINE))
    folders = dict(re.findall(r"(PINGYI_\w+)=(\S+)", _section("Environment")))
    inside = dict(re.findall(r"(PINGYI_\w+)=(\S+)", IMAGE))
    assert folders == inside
    assert set(_section("StateDirectory").split()) == {Path(each).name for each in folders.values()}
    for given in ({**kept, **folders}, {**inside, **_compose_environment()}):
        moved = {name: value.replace("/var/lib", str(tmp_path)) for name, value in given.items()}
        config = from_environment(moved)
        assert config.is_https and config.proxies == 1 and config.database.startswith("postgresql+psycopg://")
        assert not config.keyroom.is_relative_to(config.instance)


def _section(name: str) -> str:
    """The values of a setting of the unit."""
    return " ".join(re.findall(rf"^{name}=(.+)$", UNIT, re.MULTILINE))


def _compose_environment() -> dict[str, str]:
    given: dict[str, str] = compose()["services"]["app"]["environment"]
    return {**given, "PINGYI_URL": "https://vote.example.org"}


def test_systemd_finds_no_fault_in_the_unit_and_little_that_it_exposes(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program, "This test needs the program systemd-analyze. On Debian, as root: apt-get install systemd"
    unit = tmp_path / "pingyi.service"
    unit.write_text(UNIT.replace("/opt/pingyi/bin/pingyi", sys.executable))
    verified = subprocess.run([program, "verify", unit], capture_output=True, text=True, timeout=60)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = [program, "security", "--offline=true", f"--threshold={MOST_EXPOSURE.replace('.', '')}", str(unit)]
    done = subprocess.run(judged, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_the_unit_drains_and_keeps_memory_off_the_disk() -> None:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string(UNIT)
    service = unit["Service"]
    assert (service["KillMode"], service["KillSignal"], service["Type"]) == ("mixed", "SIGTERM", "notify")
    assert int(service["TimeoutStopSec"]) > 30, "longer than gunicorn gives its workers"
    assert (service["LimitCORE"], service["MemorySwapMax"], service["UMask"]) == ("0", "0", "0077")
    assert service["NoNewPrivileges"] == "yes" and service["ProtectSystem"] == "strict" and service["MemoryMax"]
    assert service["StateDirectoryMode"] == "0700" and service["User"] == "pingyi"


def test_compose_gives_the_key_room_to_the_program_alone_and_the_database_no_network() -> None:
    whole = compose()
    services = whole["services"]
    holders = [name for name, each in services.items() if any(v.startswith("keyroom:") for v in each["volumes"])]
    assert holders == ["app"]
    assert services["database"]["network_mode"] == "none" and "ports" not in services["database"]
    assert "listen_addresses=" in services["database"]["command"]
    assert services["app"]["network_mode"] == "service:web" and "ports" not in services["app"]
    assert (
        services["app"]["read_only"]
        and services["app"]["cap_drop"] == ["ALL"]
        and services["app"]["ulimits"]["core"] == 0
    )
    for name, each in services.items():
        assert each["mem_limit"] == each["memswap_limit"], f"{name} could be swapped to a disk"
        for volume in each["volumes"]:
            source = volume.partition(":")[0]
            assert source in whole["volumes"] or source == "./tls" or (DEPLOY / source).is_file(), source
    build = services["app"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).samefile(DEPLOY / "Containerfile")
    folders = dict(re.findall(r"(PINGYI_\w+)=(\S+)", IMAGE))
    mounted = {volume.split(":")[1] for volume in services["app"]["volumes"]}
    assert set(folders.values()) <= mounted, "the folders outlive the container"


@on_sqlite
def test_the_health_check_of_compose_tells_a_living_server_from_a_dead_one_and_systemd_is_told_when_it_lives(
    config: Config, house: House, tmp_path: Path
) -> None:
    """The check's very words are run, with the port of the test in them. Without READY=1 Type=notify would wait in vain."""
    _, *words = compose()["services"]["app"]["healthcheck"]["test"]
    assert words[0] == "python"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(tmp_path / "notify"))
    with listener, serving(config, workers=1, notify=str(tmp_path / "notify")) as server:
        listener.settimeout(PATIENCE)
        assert listener.recv(1000).startswith(b"READY=1")
        asked = [sys.executable, *(word.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}") for word in words[1:])]
        assert asked != [sys.executable, *words[1:]]
        assert subprocess.run(asked, capture_output=True, env={}, timeout=30).returncode == 0
    assert subprocess.run(asked, capture_output=True, env={}, timeout=30).returncode != 0


def test_the_image_is_built_from_everything_a_wheel_is_made_of() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--from)(.+)$", IMAGE, re.MULTILINE) for word in line.split()[:-1]]
    assert all((ROOT / path).exists() for path in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert needed | {"pyproject.toml"} <= set(copied)
    assert re.findall(r"^USER (.+)$", IMAGE, re.MULTILINE) == ["pingyi"]


def test_every_file_that_the_guide_names_is_there() -> None:
    for path in re.findall(r"\b(?:deploy|tests)/[\w./-]+\w", README + "".join(TEXTS.values())):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("missing", ["nginx", "chromium-headless-shell"])
def test_the_tests_stop_with_a_sentence_where_a_program_is_missing(tmp_path: Path, missing: str) -> None:
    """Guards: `make tools`: no test is skipped for want of a program."""
    for name in {"sh", "id", "nginx", "chromium-headless-shell", "systemd-analyze"} - {missing}:
        (tmp_path / name).symlink_to(shutil.which(name, path="/usr/bin:/bin:/usr/sbin") or "/bin/true")
    make = shutil.which("make")
    assert make is not None
    asked = [make, "--no-print-directory", "tools", "SBIN=/nowhere", f"SHELL={tmp_path / 'sh'}"]
    done = subprocess.run(asked, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and f"apt-get install {missing})" in done.stderr
