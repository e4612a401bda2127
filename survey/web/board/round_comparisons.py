"""Two to six units of a published round side by side: chosen by ticks, told question by question."""

from collections.abc import Sequence

from flask import render_template, request, url_for

from analysis.comparisons import MOST
from survey.domain.publications import Place
from survey.domain.refusals import NotFound
from survey.web.board.compared import Chosen, drawn_of, fits, tables
from survey.web.board.doubts import doubtful
from survey.web.board.publications import Seen, find
from survey.web.board.roll_ups import Reading
from survey.web.board.round_weights import weighed_below, weighed_whole
from survey.web.doors import Who, admits, house, staff
from survey.web.ids import id_of


@admits(Who.STAFF)
def page(round_id: int) -> str:
    """The units to choose from, and those chosen side by side."""
    with house().store.read() as db:
        seen = find(db, round_id)
    if seen.reading is None:
        return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
    reading = seen.reading
    asked = units_asked(reading)
    of = _of(reading, seen, asked)
    below = [place for place in reading.roll.children.get(of, ()) if staff().sees(place.id)]
    compared = compared_of(seen, reading, asked)
    ticked = [reading.roll.place(unit) for unit in asked]
    return render_template(
        "board/rounds/compare.html", seen=seen, planned=seen.planned, reading=reading, of=reading.roll.place(of), ticked=ticked,
        below=[place for place in below if place.id not in asked], deeper=[place for place in below if reading.roll.children.get(place.id)],
        above=_above(reading, of), fits=fits(len(asked)), is_told="of" in request.args, most=MOST, compared=compared,
        tables=tables(compared), drawn=drawn_of(compared),
    )  # fmt: skip


def units_asked(reading: Reading) -> list[int]:
    """The units of the address, each once.

    Raises
    ------
    NotFound
        One is not in the round, or lies outside this person's part of the tree.
    """
    return list(dict.fromkeys(_seen(reading, each) for each in request.args.getlist("unit")))


def compared_of(seen: Seen, reading: Reading, units: Sequence[int]) -> tuple[Chosen, ...]:
    """What is shown of each."""
    return tuple(_chosen(seen, reading, unit) for unit in units)


def _chosen(seen: Seen, reading: Reading, unit: int) -> Chosen:
    """A unit by itself or, when it was not rated, with all below it."""
    place, href = reading.roll.place(unit), url_for("board.round_unit", round_id=seen.planned.id, unit_id=unit)
    if (key := f"u{unit}") in reading.standings:
        return Chosen(place.name, href, reading.target(key), weighted=weighed_whole(reading, key), is_doubtful=doubtful(reading)(key))
    node = reading.node(unit)
    weighed = None if node.is_few else weighed_below(reading, unit)
    return Chosen(
        place.name, href, None if node.is_few else node.units, is_with_below=bool(reading.roll.children.get(unit)),
        weighted=weighed.units if weighed is not None and weighed.units is not None and not weighed.units.is_withheld else None,
    )  # fmt: skip


def _of(reading: Reading, seen: Seen, asked: Sequence[int]) -> int:
    """The unit whose units are offered: as asked for, else the one above the first chosen, else the highest."""
    if "of" in request.args:
        return _seen(reading, request.args["of"])
    above = _above(reading, asked[0]) if asked else None
    return above.id if above is not None else seen.unit


def _seen(reading: Reading, text: str) -> int:
    unit = id_of(text)
    if unit is None or unit not in reading.units or not staff().sees(unit):
        raise NotFound(what="unit")
    return unit


def _above(reading: Reading, unit: int) -> Place | None:
    parent = reading.roll.place(unit).parent
    return reading.roll.place(parent) if parent is not None and staff().sees(parent) else None
