"""Bundles in the store: who may work on one, how far it has come."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, update

from survey.domain.bundles import KEPT, SILENCE, UNDER_WAY, Bundle, Format, Reach, State, Wanted
from survey.store.bundle_tables import BundleRow
from survey.store.clocks import minute, plain
from survey.store.publication_tables import PublicationRow

_RUNNING = BundleRow.state == State.RUNNING.value


def lock(db: Connection, round_id: int) -> bool:
    """One at a time at the bundles of a round; False when it is not published."""
    query = select(PublicationRow.round_id).where(PublicationRow.round_id == round_id).with_for_update()
    return db.execute(query).first() is not None


def get(db: Connection, bundle_id: int) -> Bundle | None:
    """A bundle by its number."""
    row = db.execute(select(BundleRow.__table__).where(BundleRow.id == bundle_id)).one_or_none()
    return _bundle(row) if row is not None else None


def find(db: Connection, wanted: Wanted) -> Bundle | None:
    """The bundle that holds this."""
    chosen = (getattr(BundleRow, name) == value for name, value in _columns(wanted).items())
    row = db.execute(select(BundleRow.__table__).where(*chosen)).one_or_none()
    return _bundle(row) if row is not None else None


def of_unit(db: Connection, round_id: int, unit: int) -> tuple[Bundle, ...]:
    """The bundles of a unit of a round, the one asked for last first."""
    chosen = (BundleRow.round_id == round_id, BundleRow.unit_id == unit)
    rows = db.execute(select(BundleRow.__table__).where(*chosen).order_by(BundleRow.minute.desc(), BundleRow.id.desc()))
    return tuple(_bundle(row) for row in rows)


def add(db: Connection, wanted: Wanted, *, key: str, by: int, now: datetime) -> int:
    """A bundle that waits for somebody to work on it; its number."""
    values = {**_columns(wanted), "key": key, "staff_id": by, "state": State.WAITING.value, "minute": minute(now)}
    return int(db.execute(insert(BundleRow).values(values).returning(BundleRow.id)).scalar_one())


def begin_anew(db: Connection, bundle_id: int, *, key: str, by: int, now: datetime) -> None:
    """One that was given up, failed or lost its file waits again."""
    fresh = {"state": State.WAITING.value, "why": "", "seconds": None, "size": None, "ended": None, "holder": None, "heard": None}
    db.execute(update(BundleRow).where(BundleRow.id == bundle_id).values(**fresh, key=key, staff_id=by, minute=minute(now)))


def stop(db: Connection, bundle_id: int, *, now: datetime) -> bool:
    """Whether one that waited or was worked on was given up by this."""
    ended = {"state": State.STOPPED.value, "done": 0, "seconds": None, "holder": None, "heard": None, "ended": minute(now)}
    under_way = BundleRow.state.in_([each.value for each in UNDER_WAY])
    return db.execute(update(BundleRow).where(BundleRow.id == bundle_id, under_way).values(**ended)).rowcount == 1


def is_wanted(db: Connection, now: datetime) -> bool:
    """Whether there is one to work on, or one that has lain long enough."""
    return db.execute(select(BundleRow.id).where(or_(_free(now), BundleRow.ended < _kept_since(now))).limit(1)).first() is not None


def is_under_way(db: Connection) -> bool:
    """Whether there is one that somebody works on, or did when he was killed."""
    return db.execute(select(BundleRow.id).where(BundleRow.state.in_([each.value for each in UNDER_WAY])).limit(1)).first() is not None


def take(db: Connection, holder: str, *, now: datetime) -> Bundle | None:
    """The one that waits longest, or whose holder has been silent too long: from now on `holder` works on it."""
    query = select(BundleRow.id).where(_free(now)).order_by(BundleRow.minute, BundleRow.id).limit(1)
    found = db.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is None:
        return None
    taken = {"state": State.RUNNING.value, "holder": holder, "heard": plain(now), "seconds": None}
    done = db.execute(update(BundleRow).where(BundleRow.id == found, _free(now)).values(**taken)).rowcount
    return get(db, found) if done == 1 else None


def tell(db: Connection, bundle_id: int, holder: str, values: Mapping[str, object], *, now: datetime) -> bool:
    """Write how far it has come; False when it is no longer this holder's."""
    own = (BundleRow.id == bundle_id, BundleRow.holder == holder, _RUNNING)
    return db.execute(update(BundleRow).where(*own).values({"heard": plain(now), **values})).rowcount == 1


def is_held(db: Connection, bundle_id: int, holder: str) -> bool:
    """Whether it is still this holder's."""
    own = (BundleRow.id == bundle_id, BundleRow.holder == holder, _RUNNING)
    return db.execute(select(BundleRow.id).where(*own)).first() is not None


def end(db: Connection, bundle_id: int, holder: str, values: Mapping[str, object], *, now: datetime) -> bool:
    """It is done, or failed; False when it is no longer this holder's."""
    return tell(db, bundle_id, holder, {"seconds": None, "holder": None, "ended": minute(now), **values}, now=now)


def forget(db: Connection, now: datetime) -> None:
    """Drop those that have lain long enough."""
    db.execute(delete(BundleRow).where(BundleRow.ended < _kept_since(now)))


def with_files(db: Connection) -> Collection[str]:
    """The keys of those whose files are still wanted."""
    return frozenset(db.execute(select(BundleRow.key).where(BundleRow.state != State.STOPPED.value)).scalars())


def _free(now: datetime) -> ColumnElement[bool]:
    # A clock that was ahead and has been put right must not make a silence without an end.
    silent = or_(BundleRow.heard < plain(now - SILENCE), BundleRow.heard > plain(now + SILENCE))
    return or_(BundleRow.state == State.WAITING.value, and_(_RUNNING, silent))


def _kept_since(now: datetime) -> datetime:
    return plain(now - KEPT)


def _columns(wanted: Wanted) -> dict[str, object]:
    return {
        "round_id": wanted.round, "unit_id": wanted.unit, "format": wanted.format.value, "reach": wanted.reach.value,
        "language": wanted.language,
    }  # fmt: skip


def _bundle(row: Row[tuple[object, ...]]) -> Bundle:
    wanted = Wanted(row.round_id, row.unit_id, Format(row.format), Reach(row.reach), row.language)
    return Bundle(
        row.id, row.key, wanted, State(row.state), row.why, row.done, row.whole, row.scope, row.seconds, row.size, row.minute.replace(tzinfo=UTC),
        row.ended.replace(tzinfo=UTC) if row.ended is not None else None,
    )  # fmt: skip
