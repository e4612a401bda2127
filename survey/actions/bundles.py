"""Bundles of sheets: ask for one, give it up, work on it. Whoever works on one holds it by a word of his, which he must repeat."""

from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_sees
from survey.domain.bundles import Bundle, State, Wanted
from survey.domain.refusals import NotFound, NotPublished
from survey.domain.staff import Staff
from survey.store import bundles, journal, plans
from survey.store.bundle_files import BundleFiles
from survey.store.engine import Connection

_WORD = 128


def ask(house: House, wanted: Wanted, files: BundleFiles, *, by: Staff, now: datetime, scope: str = "") -> int:
    """The number of the bundle that holds this. One that is there, or on its way, is left alone; one that was given up or
    failed is begun again, and what of it is finished is kept.

    Parameters
    ----------
    scope : str
        Names the units it reaches now: one that is done and reaches others is no longer what is asked for.

    Raises
    ------
    NotPublished
        The round is not published yet.
    """
    check_sees(by, wanted.unit)
    with house.store.write() as db:
        if not bundles.lock(db, wanted.round):
            raise NotPublished(why="yet")
        found = bundles.find(db, wanted)
        if found is None:
            made = bundles.add(db, wanted, key=word(house), by=by.id, now=now)
        elif found.is_under_way or (found.state is State.DONE and scope in ("", found.scope) and files.whole(found.key) is not None):
            return found.id
        else:
            made = found.id
            bundles.begin_anew(db, made, key=found.key if found.state is State.FAILED else word(house), by=by.id, now=now)
        _note(db, "bundle", wanted, by=by, now=now)
    return made


def stop(house: House, bundle_id: int, files: BundleFiles, *, by: Staff, now: datetime) -> None:
    """Give one up that is not finished, and remove its sheets. One that is done by now stays.

    Raises
    ------
    NotFound
        There is none, or it is none of this person's business.
    """
    with house.store.write() as db:
        found = bundles.get(db, bundle_id)
        if found is None or not by.sees(found.wanted.unit):
            raise NotFound(what="bundle")
        stopped = bundles.stop(db, bundle_id, now=now)
        if stopped:
            _note(db, "bundle_stop", found.wanted, by=by, now=now)
    if stopped:
        files.drop(found.key)


def take(house: House, holder: str, *, now: datetime) -> Bundle | None:
    """The next bundle to work on, held by `holder` from now on; None when there is none."""
    with house.store.write() as db:
        return bundles.take(db, holder, now=now)


def tell(house: House, bundle: Bundle, holder: str, *, now: datetime, **values: object) -> bool:
    """Say that one is still worked on, and how far it has come; False when it was given up or another has taken it over."""
    with house.store.write() as db:
        return bundles.tell(db, bundle.id, holder, values, now=now)


def finish(house: House, bundle: Bundle, holder: str, size: int, *, now: datetime) -> bool:
    """It is whole."""
    with house.store.write() as db:
        return bundles.end(db, bundle.id, holder, {"state": State.DONE.value, "size": size, "why": ""}, now=now)


def fail(house: House, bundle: Bundle, holder: str, why: str, *, now: datetime) -> bool:
    """It cannot be finished now: the disk or the memory is full, or a sheet has a fault."""
    with house.store.write() as db:
        return bundles.end(db, bundle.id, holder, {"state": State.FAILED.value, "why": why}, now=now)


def let_go(house: House, bundle: Bundle, holder: str, *, now: datetime) -> None:
    """Stop working on one without giving it up: somebody else may take it at once."""
    with house.store.write() as db:
        bundles.tell(db, bundle.id, holder, {"state": State.WAITING.value, "holder": None, "seconds": None}, now=now)


def sweep(house: House, files: BundleFiles, *, now: datetime) -> None:
    """Forget bundles that have lain long enough, and remove every folder nobody wants."""
    with house.store.write() as db:
        bundles.forget(db, now)
    with house.store.read() as db:
        wanted = bundles.with_files(db)
    files.drop_others(wanted)


def word(house: House) -> str:
    """Something nobody can guess."""
    return f"{house.random.getrandbits(_WORD):032x}"


def _note(db: Connection, act: str, wanted: Wanted, *, by: Staff, now: datetime) -> None:
    name = plans.get(db, wanted.round).name
    journal.note(db, act, by=by.id, now=now, unit_id=wanted.unit, round=wanted.round, name=name, format=wanted.format.value, reach=wanted.reach.value)
