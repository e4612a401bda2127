"""A half-year or a year as one person may see it: the published rounds that lie in it and reach a unit, the first first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from survey.domain.periods import is_summed, within
from survey.domain.plans import days
from survey.domain.publications import Named, Place
from survey.domain.questionnaires import Audience
from survey.domain.refusals import NotFound
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme
from survey.domain.scheme_versions import rates_by
from survey.office.figures import Rated
from survey.office.period_figures import Over, Turn, over
from survey.store import publications, units
from survey.store.engine import Connection
from survey.web.board.changes import Then
from survey.web.board.figures import Rate, printed, role_labels, together
from survey.web.board.publications import read_one
from survey.web.board.roll_ups import Reading
from survey.web.doors import staff

# More rounds of one year no unit has; of more the last are taken.
MOST_TURNS = 12
_MOST_BELOW = 60


@dataclass(frozen=True)
class Span:
    """The rounds of a half-year or a year, at one unit. Where there are none, `below` are units further down that ran some."""

    key: str
    unit: int
    turns: tuple[Then, ...]
    below: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def is_mixed(self) -> bool:
        """Whether the rounds were read by different rules: then nothing is summed."""
        return len({rates_by(each.reading.scheme) for each in self.turns}) > 1

    @property
    def scheme(self) -> Scheme:
        """The rules of the last round; of all, unless they are mixed."""
        return self.turns[-1].reading.scheme

    @property
    def until(self) -> str:
        """The period of the last round, when it ends before the half-year or the year does; else nothing."""
        last = max((each.listed.period for each in self.turns), key=lambda key: days(key)[1], default=self.key)
        return last if days(last)[1] < days(self.key)[1] else ""

    @property
    def trail(self) -> tuple[Place, ...]:
        """The units from the highest this person sees down to this one."""
        return tuple(place for place in self.turns[-1].reading.roll.trail(self.unit) if staff().sees(place.id))

    def children(self) -> tuple[Place, ...]:
        """The units right below, in one of the rounds or in all, as they stand in the last."""
        found: dict[int, Place] = {}
        for each in reversed(self.turns):
            for place in each.reading.roll.children.get(self.unit, ()):
                found.setdefault(place.id, place)
        return tuple(place for place in found.values() if staff().sees(place.id))

    def members(self) -> Mapping[str, Named]:
        """Members of the unit that are shown by themselves in one of the rounds or in all, as the last of them has them."""
        found: dict[str, Named] = {}
        for each in reversed(self.turns):
            for key in each.reading.roll.own(self.unit):
                if key.startswith("m"):
                    found.setdefault(key, each.reading.made.targets[key])
        return found

    def pooled(self, rates: Iterable[Rated | None]) -> Rate | None:
        """The same of several rounds together; None when the rules differ, or nothing is shown."""
        known = [each for each in rates if each is not None]
        return together(known, scheme=self.scheme) if known and not self.is_mixed else None

    def printed(self, one: Rated) -> Rate:
        """A figure as the page prints it."""
        return printed(one, self.scheme)

    def over(self, sums: Callable[[Reading], Mapping[Ask, Sum]]) -> Mapping[Audience, Over]:
        """Question by question over the rounds; nothing when the rules differ."""
        if self.is_mixed:
            return {}
        found = [Turn(each.reading.made, each.reading.worded, sums(each.reading)) for each in self.turns]
        return over(found, scheme=self.scheme, labels=role_labels())


def find_span(db: Connection, key: str, unit: int | None = None) -> Span:
    """The half-year or year, at a unit; at that of the person who asks, or at the only one below it that ran any.

    Raises
    ------
    NotFound
        There is no such period, or the unit is none of his business.
    """
    by, periods = staff(), within(key) if is_summed(key) else ()
    if not periods:
        raise NotFound(what="period")
    here = by.unit if unit is None else unit
    if not by.sees(here):
        raise NotFound(what="unit")
    listed = publications.within(db, here, periods, most=MOST_TURNS)
    if not listed:
        ran = publications.ran_below(db, here, periods, most=_MOST_BELOW)
        if unit is None and len(ran) == 1:
            return find_span(db, key, ran[0])
        return Span(key, here, (), units.names(db, ran))
    turns = (Then(each, read_one(db, each)) for each in listed)
    return Span(key, here, tuple(each for each in turns if here in each.reading.units))


def find_own(db: Connection, key: str, member: str, unit: int | None = None) -> tuple[Span, Named]:
    """The same at the unit of a member, with the rounds in which he is shown by himself, of those that reach `unit`.

    Raises
    ------
    NotFound
        He is not shown in any of them, or he is none of this person's business.
    """
    span = find_span(db, key, unit)
    seen = [(each, each.reading.made.targets[member]) for each in span.turns if member in each.reading.standings]
    mine = [(each, named) for each, named in seen if staff().sees(named.unit)]
    if not member.startswith("m") or not mine:
        raise NotFound(what="target")
    named = mine[-1][1]
    return replace(span, unit=named.unit, turns=tuple(each for each, _named in mine)), named
