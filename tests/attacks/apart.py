"""A process of one's own: for limits nobody else should feel, and for a death that leaves the tests alive."""

import os
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


class Nursery:
    """A process that forks others to die: what they need is imported once, in it."""

    def __init__(self) -> None:
        self._line, theirs = _context().Pipe()
        self._process = _context().Process(target=_nurse, args=(theirs,))
        self._process.start()
        theirs.close()

    def is_killed(self, act: Callable[..., object], *arguments: object) -> bool:
        """Whether a process of its own, doing the act, was killed by SIGKILL; if not it must have ended well."""
        self._line.send((act, arguments))
        assert self._line.poll(PATIENCE), "nothing was heard of the other process"
        code = self._line.recv()
        assert code in (0, -SIGKILL), code
        return bool(code)

    def close(self) -> None:
        """No more deaths."""
        self._line.close()
        self._process.join(PATIENCE)
        self._process.kill()
        self._process.join()
        self._process.close()


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


def _nurse(line: Connection) -> None:
    while True:
        try:
            act, arguments = line.recv()
        except EOFError:
            return
        child = os.fork()
        if not child:
            try:
                act(*arguments)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        line.send(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
