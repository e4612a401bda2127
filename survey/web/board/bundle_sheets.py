"""All sheets of a unit of a published round and of what is below it, one by one, as whoever sees just that unit may see them."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Flask, render_template
from flask_babel import gettext as _

from survey.actions.house import House
from survey.config import Config, release
from survey.domain.bundles import Sheet, Spot, Wanted, arranged
from survey.domain.refusals import NotFound
from survey.domain.staff import Staff, StaffRole
from survey.store.units import unit_ids_below
from survey.web.board.publications import Seen, earlier, find, find_member
from survey.web.board.roll_ups import Reading
from survey.web.board.round_opinions import heard_of
from survey.web.board.round_sheets import (
    Frame,
    branch_pdf,
    branch_word,
    member_pdf,
    member_word,
    overview_pdf,
    overview_word,
)
from survey.web.doors import house, staff
from survey.web.logins import look_as
from survey.web.questionnaires import noted

_OF_UNITS: Mapping[str, Callable[[Reading, int, Frame], bytes]] = {"pdf": branch_pdf, "docx": branch_word}
_OVERVIEWS: Mapping[str, Callable[[Reading, int, Frame], bytes]] = {"pdf": overview_pdf, "docx": overview_word}
_OF_MEMBERS: Mapping[str, Callable[[Reading, str, Frame], bytes]] = {"pdf": member_pdf, "docx": member_word}
# How the key of an overview begins; those of units and of members are those of the publication.
_ABOVE = "o"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a bundle will hold.

    Attributes
    ----------
    at : datetime
        When the round was published: the moment of every file.
    mark : str
        Names the sheets: others, or another release's, have another.
    """

    sheets: tuple[Sheet, ...]
    scope: str
    at: datetime
    mark: str


@dataclass(frozen=True)
class Studio:
    """Where sheets are made outside every request: an app that nobody serves."""

    app: Flask

    @property
    def house(self) -> House:
        """Its house."""
        return cast(House, self.app.extensions["house"])

    @property
    def instance(self) -> Path:
        """Where its files lie."""
        return cast(Config, self.app.extensions["config"]).instance

    @contextmanager
    def open(self, wanted: Wanted) -> Iterator[None]:
        """A page in the language of a bundle, for somebody of just its unit: whoever may take the bundle sees as much, and many
        see no more."""
        with self.house.store.read() as db:
            units = unit_ids_below(db, wanted.unit)
        with self.app.test_request_context(f"/board?lang={wanted.language}"):
            look_as(Staff(0, "", "", StaffRole.LEADER, wanted.unit, units))
            yield


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the index: where it lies in the tree, a name, and its files by how they end."""

    trail: tuple[str, ...]
    name: str
    files: tuple[tuple[str, str], ...]


def contents(wanted: Wanted) -> Contents:
    """Which sheets there are; only in an open studio.

    Raises
    ------
    NotFound
        The unit is not in the publication, or there is none any more.
    """
    seen, reading = _look(wanted)
    assert seen.published is not None
    inside = reached(reading, wanted.unit, staff().units)
    sheets = arranged(spots(reading, inside), wanted)
    named = json.dumps([seen.published.sha256, release(), wanted.language, [(each.key, each.path) for each in sheets]])
    return Contents(sheets, scope(inside), seen.published.minute, hashlib.sha256(named.encode()).hexdigest())


def make(wanted: Wanted, sheet: Sheet) -> bytes:
    """One sheet; only in an open studio."""
    with house().store.read() as db:
        is_member = sheet.key.startswith("m")
        seen = find_member(db, wanted.round, sheet.key)[0] if is_member else find(db, wanted.round, sheet.unit)
        then = earlier(db, seen)
    assert seen.published is not None and seen.reading is not None
    frame = Frame(seen.published.sha256, seen.day, then, staff().sees, heard_of)
    if is_member:
        return _OF_MEMBERS[sheet.ending](seen.reading, sheet.key, frame)
    return (_OVERVIEWS if sheet.key.startswith(_ABOVE) else _OF_UNITS)[sheet.ending](seen.reading, sheet.unit, frame)


def index(wanted: Wanted, sheets: Collection[Sheet]) -> tuple[str, bytes]:
    """A page that leads to every sheet, and its name in the bundle; only in an open studio."""
    seen, reading = _look(wanted)
    page = render_template("board/rounds/bundle_index.html", planned=seen.planned, unit=reading.roll.place(wanted.unit), rows=[*_rows(reading, sheets)], seen=seen)
    name = _("目录")
    return f"{name}.html", page.encode()


def reached(reading: Reading, unit: int, sees: Collection[int]) -> tuple[int, ...]:
    """The units of a bundle: all that were below this one at publication and are below it still."""
    return tuple(each for each in reading.inside(unit) if each in sees)


def scope(inside: Collection[int]) -> str:
    """Names the units of a bundle: when one has been moved away since, its file is nobody's any more."""
    return hashlib.sha256(json.dumps(sorted(inside)).encode()).hexdigest()


def _look(wanted: Wanted) -> tuple[Seen, Reading]:
    with house().store.read() as db:
        seen = find(db, wanted.round, wanted.unit)
    if seen.reading is None:
        raise NotFound(what="unit")
    return seen, seen.reading


def spots(reading: Reading, inside: Collection[int]) -> Iterator[Spot]:
    """What there is to be written about some units, parents first."""
    for each in inside:
        place, keys = reading.roll.place(each), reading.roll.own(each)
        # One that only stands above others has its overview, one that was rated itself both; a branch that is not shown by itself has a
        # sheet that says why.
        overview = f"{_ABOVE}{each}" if reading.roll.children.get(each) else None
        above = (overview, _above(place.name)) if overview and keys else None
        members = tuple((key, reading.made.targets[key].label) for key in keys if key.startswith("m"))
        yield Spot(each, place.parent, place.name, overview if overview and not keys else f"u{each}", members, above)


def _above(name: str) -> str:
    """How the overview of a unit is called that has a sheet of its own as well."""
    return _("%(unit)s（概况）", unit=name)


def _rows(reading: Reading, sheets: Collection[Sheet]) -> Iterator[Row]:
    files: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for sheet in sheets:
        files.setdefault((sheet.unit, sheet.key), []).append((sheet.ending, sheet.path))
    for (unit, key), found in files.items():
        place, named = reading.roll.place(unit), reading.made.targets[key] if key.startswith("m") else None
        trail = tuple(each.name for each in reading.roll.trail(unit)[1:] if staff().sees(each.id))
        # Of two by the same name the position tells which is which.
        whole = _above(place.name) if key.startswith(_ABOVE) and (unit, f"u{unit}") in files else place.name
        name = whole if named is None else f"{named.label} {noted(named.note)}".strip()
        yield Row(trail[:-1] if named is None else trail, name, tuple(found))
