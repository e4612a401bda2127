"""A branch beside its sisters, from what was published: how far apart they lie, and whether it lies apart from them."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from analysis.quality import Finding, beside
from survey.web.board.others import share
from survey.web.board.quality import Beside, Quality
from survey.web.board.roll_ups import Reading
from survey.web.doors import staff


def among(quality: Quality, reading: Reading, unit: int) -> Quality:
    """The same with its sisters: for who may see the unit above them, and only those that are shown by themselves."""
    found = _beside(reading, unit, staff().sees)
    if found is None:
        return quality
    said, is_far = found
    return replace(quality, findings=(*quality.findings, *((Finding.FAR,) if is_far else ())), beside=said)


def lies_apart(reading: Reading, unit: int, sees: Callable[[int], bool]) -> Beside | None:
    """Its sisters, where it lies far from them."""
    found = _beside(reading, unit, sees)
    return found[0] if found is not None and found[1] else None


def _beside(reading: Reading, unit: int, sees: Callable[[int], bool]) -> tuple[Beside, bool] | None:
    """A unit beside its sisters, and whether it lies far from them."""
    rate, own = reading.rate(f"u{unit}"), _rate(reading, unit)
    above = reading.roll.place(unit).parent if unit in reading.units else None
    if rate is None or own is None or above is None or not sees(above):
        return None
    others = [_rate(reading, place.id) for place in reading.roll.children.get(above, ()) if place.id != unit and sees(place.id)]
    found = beside(own, [each for each in others if each is not None])
    if found is None:
        return None
    ends = (_said(each, reading) for each in (found.low, found.lower, found.upper, found.high))
    return Beside(rate.narrow, rate.wide, rate.valid, found.n, *ends), found.is_far


def _rate(reading: Reading, unit: int) -> Fraction | None:
    _verdict, whole = reading.standings.get(f"u{unit}", (None, None))
    return None if whole is None else whole.figures.exact


def _said(rate: Fraction, reading: Reading) -> str:
    return share(rate.numerator, rate.denominator, scheme=reading.scheme)
