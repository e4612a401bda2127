"""The versions of a scheme before it is frozen, and a scheme fitted to the groups of another round."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from survey.domain.rounds import Scheme

# Rules that change no rate and no points of all ballots together.
_BESIDE = ("trim", "weights", "quorum", "missing", "kinds", "below", "sources", "bonus", "grades", "quota", "ties", "league")


@dataclass(frozen=True, slots=True)
class Version:
    """What the rules of a round were from one saving to the next.

    Attributes
    ----------
    minute : datetime or None
        When it was saved (UTC); None of what stood before versions were kept.
    name : str
        Who saved it; "" of those.
    """

    number: int
    scheme: Scheme
    minute: datetime | None
    name: str


def fitted(scheme: Scheme, groups: Iterable[str]) -> Scheme:
    """The scheme for a round with these groups: what names groups and does not fit them is left out.

    Weights stay when each group has one and not all that is left weighs nothing. A source of groups that are not all there would
    become another source, so then there are none: and without sources no bonus.
    """
    here = list(dict.fromkeys(groups))
    known = dict(scheme.weights)
    kept = tuple((name, known[name]) for name in here if name in known)
    weights = kept if len(kept) == len(here) and any(weight for _name, weight in kept) else ()
    named = {group for source in scheme.sources for group in source.groups}
    if named <= set(here):
        return replace(scheme, weights=weights)
    return replace(scheme, weights=weights, sources=(), bonus=0)


def rates_by(scheme: Scheme) -> Scheme:
    """The scheme as far as rates and points of ballots come from it: by equal ones two rounds may be compared, whatever their
    weights, totals, grades and places."""
    usual = Scheme()
    return replace(scheme, **{name: getattr(usual, name) for name in _BESIDE})
