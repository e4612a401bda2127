"""A published round as one person may see it: the part of the tree his account reaches, read once and kept by its digest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import request

from survey.actions import plans as verbs
from survey.domain.plans import Planned
from survey.domain.publications import Place
from survey.domain.refusals import NotFound
from survey.store import publications
from survey.store.engine import Connection
from survey.store.publications import Listed, Published
from survey.web.board.changes import Then
from survey.web.board.face import shelves
from survey.web.board.roll_ups import Node, Reading
from survey.web.doors import config, staff
from survey.web.ids import id_of
from survey.web.languages import choose_language
from survey.web.rolls import roll_of

# So many rounds of the same unit are looked back at.
BACK = 5
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """A round and the unit of it that was asked for; `published` is None before, `reading` also when the unit is not in it."""

    planned: Planned
    unit: int
    published: Published | None = None
    reading: Reading | None = None
    before: tuple[Listed, ...] = ()

    @property
    def day(self) -> date:
        """The day it was published, where people live."""
        assert self.published is not None
        return self.published.minute.astimezone(config().zone).date()

    @property
    def trail(self) -> tuple[Place, ...]:
        """The units from the highest this person sees down to the one asked for."""
        assert self.reading is not None
        return tuple(place for place in self.reading.roll.trail(self.unit) if staff().sees(place.id))

    @property
    def node(self) -> Node:
        """The unit with all below it."""
        assert self.reading is not None
        return self.reading.node(self.unit)


def asked_unit() -> int | None:
    """The unit of the address, if it names one.

    Raises
    ------
    NotFound
        It is no number of a unit.
    """
    asked = request.args.get("unit", "")
    found = id_of(asked)
    if asked and found is None:
        raise NotFound(what="unit")
    return found


def find(db: Connection, round_id: int, unit: int | None = None) -> Seen:
    """The round, at a unit or at the highest this person sees.

    Raises
    ------
    NotFound
        There is no such round, or it or the unit is none of his business.
    """
    by = staff()
    planned = verbs.look(db, round_id, by=by)
    root = planned.unit if by.sees(planned.unit) else by.unit
    here = root if unit is None else unit
    if not by.sees(here):
        raise NotFound(what="unit")
    published = publications.of_round(db, round_id)
    if published is None:
        return Seen(planned, here)
    reading = read_one(db, published)
    if here not in reading.units:
        return Seen(planned, here, published)
    return Seen(planned, here, published, reading, _before(db, planned))


def find_member(db: Connection, round_id: int, key: str) -> tuple[Seen, Reading]:
    """The round at the unit of a member.

    Raises
    ------
    NotFound
        He is not shown by himself in it, or he or the round is none of this person's business.
    """
    seen = find(db, round_id)
    named = seen.reading.made.targets.get(key) if seen.reading is not None and key in seen.reading.standings else None
    if seen.reading is None or named is None or not key.startswith("m") or not staff().sees(named.unit):
        raise NotFound(what="target")
    return replace(seen, unit=named.unit), seen.reading


def earlier(db: Connection, seen: Seen) -> tuple[Then, ...]:
    """The rounds before, the last first, as they were published."""
    return tuple(Then(each, read_one(db, each)) for each in seen.before)


def read_one(db: Connection, made: Published | Listed) -> Reading:
    """A publication in the language of the page."""
    roll = roll_of(db, made)
    return shelves().readings.get((made.sha256, choose_language()), lambda: Reading(roll))


def _before(db: Connection, planned: Planned) -> tuple[Listed, ...]:
    """Rounds of the same unit that were published and ended before this one, the last first."""
    listed: Sequence[Listed] = publications.reaching(db, planned.unit, most=_MOST_LISTED)
    earlier = [each for each in listed if each.unit == planned.unit and (each.ends_on, each.round) < (planned.ends_on, planned.id)]
    return tuple(earlier[:BACK])
