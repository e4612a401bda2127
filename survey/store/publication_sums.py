"""Sums of published rounds in the store: written once beside the parts, read piece by piece."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, delete, exists, insert, select

from survey.domain.publication_digests import SHEETS
from survey.domain.publication_sums import Frozen
from survey.store.engine import Store
from survey.store.publication_tables import PublicationRow, PublishedIndexRow, PublishedSheetRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """The sums of one round, where pages read them; every piece is a transaction of its own, since they never change."""

    store: Store
    round: int

    def indexes(self, names: Collection[str]) -> Mapping[str, bytes]:
        """Some indexes by their names."""
        with self.store.read() as db:
            return of_rounds(db, (self.round,), names).get(self.round, {})

    def sheets(self, units: Collection[int]) -> Mapping[int, bytes]:
        """Sheets of some units; one of which nothing is shown has none."""
        query = select(PublishedSheetRow.unit_id, PublishedSheetRow.body)
        with self.store.read() as db:
            rows = db.execute(query.where(PublishedSheetRow.round_id == self.round, PublishedSheetRow.unit_id.in_(list(units))))
            return {row.unit_id: row.body for row in rows}


def of_rounds(db: Connection, rounds: Collection[int], names: Collection[str]) -> Mapping[int, Mapping[str, bytes]]:
    """Indexes of some rounds by round and name; a round without sums is left out."""
    columns = (PublishedIndexRow.round_id, PublishedIndexRow.name, PublishedIndexRow.body)
    wanted = (PublishedIndexRow.round_id.in_(list(rounds)), PublishedIndexRow.name.in_(list(names)))
    found: dict[int, dict[str, bytes]] = {}
    for row in db.execute(select(*columns).where(*wanted)):
        found.setdefault(row.round_id, {})[row.name] = row.body
    return found


def whole(db: Connection, round_id: int) -> Frozen:
    """All that is kept of the sums of a round."""
    indexes = db.execute(select(PublishedIndexRow.name, PublishedIndexRow.body).where(PublishedIndexRow.round_id == round_id))
    sheets = db.execute(select(PublishedSheetRow.unit_id, PublishedSheetRow.body).where(PublishedSheetRow.round_id == round_id))
    return Frozen({row.name: row.body for row in indexes}, {row.unit_id: row.body for row in sheets})


def missing(db: Connection) -> tuple[int, ...]:
    """Published rounds without sums, or without their digests: an earlier release published them."""
    known = exists().where(PublishedIndexRow.round_id == PublicationRow.round_id, PublishedIndexRow.name == SHEETS)
    return tuple(db.execute(select(PublicationRow.round_id).where(~known).order_by(PublicationRow.round_id)).scalars())


def add(db: Connection, round_id: int, made: Frozen) -> None:
    """Keep the sums of a round, in place of any there are."""
    for table in (PublishedIndexRow, PublishedSheetRow):
        db.execute(delete(table).where(table.round_id == round_id))
    db.execute(insert(PublishedIndexRow), [{"round_id": round_id, "name": name, "body": body} for name, body in made.indexes.items()])
    sheets: Iterator[tuple[int, bytes]] = iter(made.sheets.items())
    while some := list(islice(sheets, _AT_ONCE)):
        db.execute(insert(PublishedSheetRow), [{"round_id": round_id, "unit_id": unit, "body": body} for unit, body in some])
