"""A process of one's own: for limits nobody else should feel, and for a death that leaves the tests alive."""

import resource
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from signal import SIGKILL

from sqlalchemy import select

from survey.actions.house import House
from survey.store.tables import Base

PATIENCE = 60


def apart(act: Callable[..., object], *arguments: object) -> object:
    """What the act gives back, done in another process; what fails there fails here."""
    hearer, speaker = _context().Pipe(duplex=False)
    process = _context().Process(target=_tell, args=(speaker, act, arguments))
    process.start()
    speaker.close()
    try:
        assert hearer.poll(PATIENCE), "nothing was heard of the other process"
        went_well, said = hearer.recv()
    finally:
        process.join(PATIENCE)
        process.kill()
        hearer.close()
    assert went_well, said
    return said


def is_killed(act: Callable[..., object], *arguments: object) -> bool:
    """Whether another process, doing the act, was killed by SIGKILL; if not it must have ended well."""
    process = _context().Process(target=act, args=arguments)
    process.start()
    process.join(PATIENCE)
    code = process.exitcode
    process.kill()
    process.join()
    process.close()
    assert code in (0, -SIGKILL), code
    return code == -SIGKILL


@contextmanager
def limit(kind: int, most: int) -> Iterator[None]:
    """A limit on this process: RLIMIT_FSIZE is a full disk, RLIMIT_AS a full memory."""
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table: what was left half-done would show here."""
    found: dict[str, list[tuple[object, ...]]] = {}
    with house.store.read() as db:
        for table in Base.metadata.sorted_tables:
            found[table.name] = sorted((tuple(row) for row in db.execute(select(table))), key=repr)
    return found


def _context():  # type: ignore[no-untyped-def]
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.attacks.apart", "survey.app"])
    return context


def _tell(speaker: Connection, act: Callable[..., object], arguments: tuple[object, ...]) -> None:
    try:
        speaker.send((True, act(*arguments)))
    except BaseException:
        speaker.send((False, traceback.format_exc()))
