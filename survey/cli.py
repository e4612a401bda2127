"""The command `pingyi`: serve, migrate, backup, restore, check, verify, sums, bundle, staff, demo."""

import argparse
import getpass
import hashlib
import os
import select
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from survey.actions import publication_sums, staff, units
from survey.actions.results import sweep
from survey.app import open_house
from survey.config import Config, Unsafe, from_environment
from survey.demo import demo
from survey.domain.hand_ins import NotWhole, check
from survey.domain.refusals import BadField, Refused
from survey.domain.staff import StaffRole
from survey.domain.units import Unit, UnitKind
from survey.networks import LOOPBACK, local_address
from survey.office.hand_ins import unpacked
from survey.packers import Packers
from survey.packing import pack
from survey.rescue import put_back, words, write_backup
from survey.server import serve
from survey.store.bundles import is_under_way, is_wanted
from survey.store.units import all_units
from survey.verifying import sums, verify

_HALL = """
会场不需要互联网。请让大家的手机连上和这台电脑一样的无线网络，然后：
  书记在这台电脑上打开   {url}/desk
  评议人扫票签，或者用手机浏览器打开   {url}
微信打不开时，用手机的相机扫，或者在浏览器里输入上面的网址。电脑请接上电源，不要合盖。

No internet is needed. Let every phone join the same wireless network as this machine, then:
  the secretary opens   {url}/desk
  everybody else scans the slip, or opens   {url}
Where WeChat refuses, use the phone's camera or type the address. Keep the machine plugged in and its lid open.
"""

# What a shell says of a program that was ended because nobody read on.
_UNREAD = 141
_FAULTS = {
    "unreadable": "{file} is no file of a counted meeting, or it is damaged. Ask for it again.",
    "format": "{file} was written by a later release. Check it with that one.",
    "missing": "{file} is not whole: {part} is missing. Ask for it again.",
    "changed": "{file} is not whole: {part} was changed. Ask for it again.",
    "strange": "{file} holds more than was written: {part}. Ask for it again.",
    "unfit": "{file} is not whole: {part} does not belong to its seal. Ask for it again.",
    "empty": "{file} is empty. Ask for it again.",
    "kind": "{file} is no file of a counted meeting. Ask for the .zip from its page “File to hand in”.",
    "round": "{file} is a published round, no counted meeting. See whether it is whole with: pingyi verify {file}",
    "cut": "{file} is cut off. Ask for it again.",
    "encrypted": "{file} is encrypted. Ask for the file as it was downloaded, without a password.",
    "over": "The numbers of {file} do not agree: in the line “{part}” more ballots came back than were issued.",
    "sum": "The numbers of {file} do not agree: the lines of the groups do not add up to the line “{part}”.",
    "trackers": "The numbers of {file} do not agree: there are not as many trackers as ballots.",
    "counts": "The numbers of {file} do not agree: “{part}” has more answers than ballots came back.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 2 when refused, with a sentence."""
    try:
        try:
            return _run(argv)
        finally:
            # Here, while it can still be said quietly that nobody reads it.
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        if not _is_unread():
            raise
        return _UNREAD


def _is_unread() -> bool:
    """Whether the reader of what we print has gone, as `| head` does; what is left to print then goes nowhere."""
    asked = select.poll()
    asked.register(sys.stdout.fileno(), 0)
    if not any(event & (select.POLLERR | select.POLLHUP) for _file, event in asked.poll(0)):
        return False
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return True


def _run(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        if arguments.command == "demo":
            return demo(folder=arguments.folder, port=arguments.port, stop_when_ready=arguments.once)
        if arguments.command == "check":
            return _check(Path(arguments.file))
        if arguments.command == "verify":
            return verify(Path(arguments.file), Path(arguments.figures) if arguments.figures else None)
        in_hall = getattr(arguments, "lan", False)
        config = from_environment(hall_settings(os.environ, arguments.bind, local_address()) if in_hall else os.environ)
        if arguments.command == "staff":
            return _staff(config, arguments)
        if arguments.command == "backup":
            return write_backup(config, Path(arguments.file))
        if arguments.command == "restore":
            return put_back(config, Path(arguments.file))
        if arguments.command == "sums":
            return sums(config, mend=arguments.mend)
        if arguments.command == "bundle":
            return pack(config, attended=arguments.attended)
        return _serve(config, arguments)
    except (Unsafe, Refused) as refused:
        print(words(refused) if isinstance(refused, Refused) else refused, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pingyi", description="Pingyi 评议: mass evaluation at a meeting.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="serve the web application with gunicorn")
    run.add_argument("--bind", default="0.0.0.0:8000", help="address and port (default %(default)s)")
    run.add_argument("--lan", action="store_true", help="a hall without internet: the codes carry this machine's address")
    run.add_argument("--workers", type=int, default=2)
    run.add_argument("--threads", type=int, default=16)
    commands.add_parser("migrate", help="bring the database to this release")
    save = commands.add_parser("backup", help="write database and pepper into one file, while people vote")
    save.add_argument("file")
    back = commands.add_parser("restore", help="put a backup into an empty database")
    back.add_argument("file")
    whole = commands.add_parser("check", help="see that the file of a counted meeting that was handed in is whole")
    whole.add_argument("file")
    redo = commands.add_parser("verify", help="see that the file of a published round is whole, and redo every figure of it")
    redo.add_argument("file")
    redo.add_argument("--figures", metavar="OUT.csv", help="write every figure there")
    hold = commands.add_parser("sums", help="see that the sums kept of every published round are what its counts make")
    hold.add_argument("--mend", action="store_true", help="make those anew that are not")
    join = commands.add_parser("bundle", help="put the sheets that were asked for into one file; the server does it by itself")
    join.add_argument("--attended", action="store_true", help="stop when the standard input ends")
    people = commands.add_parser("staff", help="accounts").add_subparsers(dest="act", required=True)
    add = people.add_parser("add", help="add an account; asks for the password")
    add.add_argument("login")
    add.add_argument("--name", default="")
    add.add_argument("--role", choices=[role.value for role in StaffRole], default=StaffRole.SECRETARY.value)
    add.add_argument("--unit", default="", help="name of the unit whose subtree this account sees (default: the root)")
    reset = people.add_parser("reset", help="set a new password; asks for it")
    reset.add_argument("login")
    show = commands.add_parser("demo", help="a township of invented people, served on this machine")
    show.add_argument("--folder", default="pingyi-demo")
    show.add_argument("--port", type=int, default=8000)
    show.add_argument("--once", action="store_true", help="stop as soon as everything stands, instead of serving on")
    return parser


def hall_settings(environ: Mapping[str, str], bind: str, address: str) -> Mapping[str, str]:
    """The settings of a hall of its own: the codes carry `address`, which this machine has in the hall's network.

    Raises
    ------
    Unsafe
        This machine is in no network, or an address was set already.
    """
    port = bind.rpartition(":")[2]
    if "PINGYI_URL" in environ:
        raise Unsafe("--lan finds the address by itself. Unset PINGYI_URL, or leave --lan out.")
    if address == LOOPBACK:
        raise Unsafe("This machine is in no network. Connect it to the router of the hall, then start again.")
    if not (port.isascii() and port.isdigit()):
        raise Unsafe("--lan wants a port: --bind 0.0.0.0:8000")
    return {**environ, "PINGYI_URL": f"http://{address}:{port}"}


def _serve(config: Config, arguments: argparse.Namespace) -> int:
    """Bring the database to this release, finish what a crash left, and serve."""
    house = open_house(config)
    house.store.upgrade()
    sweep(house)
    publication_sums.fill(house)
    with house.store.read() as db:
        has_left_over = is_under_way(db) or is_wanted(db, datetime.now(UTC))
    house.store.close()
    if arguments.command == "migrate":
        print("The database is of this release.")
        return 0
    if arguments.lan:
        print(_HALL.format(url=config.url), flush=True)
    packers = Packers(config)
    if has_left_over:
        packers.start()
    return serve(config, bind=arguments.bind, workers=arguments.workers, threads=arguments.threads)


def _check(file: Path) -> int:
    """0 when a file that was handed in is whole; else 2, and which part is not."""
    try:
        data = file.read_bytes()
        found = check(unpacked(data))
    except OSError as fault:
        print(f"{file} cannot be read: {fault.strerror}.", file=sys.stderr)
        return 2
    except NotWhole as fault:
        print(_FAULTS[fault.why].format(file=file, part=fault.file), file=sys.stderr)
        return 2
    print(f"{file} is whole.")
    print(f"  {found.unit} · {found.title} · {found.held_on}")
    print(f"  due {found.total.due}, present {found.total.present}, issued {found.total.issued}, returned {found.total.returned}")
    print(f"  SHA-256 of this file  {hashlib.sha256(data).hexdigest()}")
    print(f"  SHA-256 of its seal   {found.seal}")
    print("It is the meeting that was counted when the signed protocol prints the same digest of its seal.")
    return 0


def _staff(config: Config, arguments: argparse.Namespace) -> int:
    house = open_house(config)
    house.store.upgrade()
    now = datetime.now(UTC)
    if arguments.act == "reset":
        staff.reset(house, arguments.login, password=_password(), now=now)
        print(f"{arguments.login} has a new password; every login made before has ended.")
        return 0
    with house.store.read() as db:
        tree = all_units(db)
    name = "" if tree else arguments.unit or _asked("Name of the organisation at the root of the tree: ")
    if not tree and not name:
        raise BadField(field="unit", value="", why="empty")
    unit = next((each.id for each in tree if each.name == arguments.unit), None) if arguments.unit else None
    if tree and arguments.unit and unit is None:
        raise BadField(field="unit", value=arguments.unit, why="unknown")
    password = _password()
    if not tree:
        # A password that is refused must not leave a tree without anybody who could log in.
        staff.check_password(password, *staff.check_names(arguments.login, arguments.name), name)
        units.found(house, Unit(0, None, UnitKind.COMMITTEE, name), now=now)
    role = StaffRole(arguments.role)
    staff.add(house, arguments.login, name=arguments.name, role=role, unit=unit, password=password, now=now)
    print(f"{arguments.login} may log in at {config.url}/desk")
    return 0


def _asked(question: str) -> str:
    """What was answered; nothing when nobody is there to answer."""
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _password() -> str:
    """Asked for twice on a terminal; from PINGYI_PASSWORD or the standard input otherwise."""
    if "PINGYI_PASSWORD" in os.environ:
        return os.environ["PINGYI_PASSWORD"]
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("New password: ")
    if first != getpass.getpass("The same again: "):
        raise BadField(field="password", value="", why="different")
    return first


if __name__ == "__main__":
    raise SystemExit(main())
