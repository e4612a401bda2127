"""A published round in figures: sums of whole atoms become what pages print, by the same hands as those of a meeting."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from analysis.satisfaction import Role
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publication_sums import rating_scales
from survey.domain.publications import Held, Place, Publication, audience_of
from survey.domain.questionnaires import Audience, Kind, Question, Scale
from survey.domain.roll_ups import Accounting, Ask, Sum
from survey.domain.rounds import Scheme
from survey.domain.scheme_versions import rates_by
from survey.office.figures import Told, Verdict, Whole, reckon, verdict
from survey.web.board.figures import Rate, printed, role_labels
from survey.web.board.others import NO_DATA, said
from survey.web.board.standings import Standings
from survey.web.questionnaires import published_form

_NODES_KEPT, _RATES_KEPT, _KINDS_KEPT = 64, 4_096, 256


@dataclass(frozen=True, slots=True)
class Line:
    """One question of a form over many ballots: `rate` of a rating, `mean` of a score that `n` gave (`is_trimmed`: without one
    highest and one lowest). `title` is its form's."""

    question: Question
    section: str
    title: str
    rate: Rate | None = None
    mean: str = NO_DATA
    n: int = 0
    blank: int = 0
    is_trimmed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The questions to units, or to members: each, and the ratings together."""

    lines: tuple[Line, ...] = ()
    whole: Rate | None = None
    verdict: Verdict | None = None

    @property
    def rated(self) -> tuple[tuple[Line, Rate], ...]:
        """The ratings with their figures."""
        return tuple((line, line.rate) for line in self.lines if line.rate is not None)

    @property
    def scores(self) -> tuple[Line, ...]:
        """The questions for points."""
        return tuple(line for line in self.lines if line.rate is None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were rated by themselves, and how: `basic` are all from 基本满意 upwards, 满意 among them; `open` had no answer."""

    all: int = 0
    satisfied: int = 0
    basic: int = 0
    below: int = 0

    @property
    def open(self) -> int:
        """Those nobody gave an answer about."""
        return self.all - self.basic - self.below


@dataclass(frozen=True, slots=True)
class Node:
    """A unit with all below it."""

    place: Place
    account: Accounting
    units: Part
    members: Part
    unit_tally: Tally
    member_tally: Tally
    left_out: int

    @property
    def is_few(self) -> bool:
        """Whether ballots came back and all of them count only further up."""
        # Where all questions are for points there is no rate, and yet everybody is shown.
        is_rated = self.units.whole is not None or self.members.whole is not None or self.unit_tally.all or self.member_tally.all
        return self.account.returned > 0 and not is_rated


@dataclass(frozen=True)
class Reading:
    """A publication in the words of one language; what was reckoned last is kept, since nothing of it ever changes."""

    roll: FrozenRoll
    _nodes: dict[int, Node] = field(default_factory=dict)
    _rates: dict[str, Rate] = field(default_factory=dict)
    _alike: dict[tuple[int, object, object], bool] = field(default_factory=dict)
    # By an earlier round and a target what `changes` found.
    compared: dict[tuple[int, str], tuple[str | None, Decimal | None, Decimal | None]] = field(default_factory=dict)

    @property
    def made(self) -> Publication:
        """What was published, without its counts."""
        return self.roll.made

    @property
    def scheme(self) -> Scheme:
        """The rules of the round."""
        return self.made.scheme

    @cached_property
    def units(self) -> frozenset[int]:
        """The units there are in it."""
        return frozenset(self.roll.at)

    @cached_property
    def rules(self) -> Scheme:
        """The rules as far as rates come from them."""
        return rates_by(self.scheme)

    def asked_alike(self, was: "Reading", key: str) -> bool:
        """Whether a target was asked the same in another round."""
        spot = (was.made.round, self.roll.asked(key), was.roll.asked(key))
        if spot not in self._alike:
            self._alike[spot] = self.asked(key) == was.asked(key)
        return self._alike[spot]

    def asked(self, key: str) -> frozenset[object]:
        """All that was asked about a target, whatever the form is called: equal ones may be compared over rounds."""
        return self._asked(self.roll.asked(key))

    @cached_property
    def _asked(self) -> Callable[[tuple[tuple[int, str], ...]], frozenset[object]]:
        sections = {
            (number, section.key): [(each.kind, each.text, form.scale(each).options if each.kind is Kind.RATING else ()) for each in section.questions]
            for number, form in self.made.forms.items()
            for section in form.sections
        }
        return lru_cache(_KINDS_KEPT)(lambda some: frozenset(each for one in some for each in sections[one]))

    @cached_property
    def worded(self) -> Publication:
        """The publication with its forms in the language of the page."""
        return replace(self.made, forms={key: published_form(form) for key, form in self.made.forms.items()})

    def parts(self, atoms: Iterable[int], *, targets: Collection[str] | None = None) -> Mapping[Audience, Part]:
        """What some atoms say of units and of members."""
        found = reckon(self.worded, self.roll.sums(atoms, targets=targets), labels=self._labels)
        return {audience: self._part(found.get(audience)) for audience in (Audience.UNIT, Audience.MEMBER)}

    def target(self, key: str) -> Part:
        """What was said of one unit or member by itself."""
        about = self.roll.about(self.roll.unit_of(key))
        return self.parts(about, targets={key})[audience_of(key)]

    def node(self, unit: int) -> Node:
        """A unit of the publication, with all below it."""
        if unit not in self._nodes:
            if len(self._nodes) >= _NODES_KEPT:
                self._nodes.clear()
            parts = self.parts(self.roll.atoms(unit))
            self._nodes[unit] = replace(self.brief(unit), units=parts[Audience.UNIT], members=parts[Audience.MEMBER])
        return self._nodes[unit]

    def brief(self, unit: int) -> Node:
        """The same as a line of a table shows it: all ratings together, without the questions."""
        at, tallies = self.roll.at[unit], self.standings.tallies
        units, members = (Part((), self.standings.printed(which), self.standings.verdict(which)) for which in self.standings.nodes(at))
        ranked, people = (_tally(some[at]) for some in tallies)
        return Node(self.roll.place(unit), self.roll.accounting(unit), units, members, ranked, people, self.roll.left_out(unit))

    def rates_of(self, unit: int, audience: Audience) -> tuple[int, int, int]:
        """Of a unit with all below it: how many answers are 满意, how many at least 基本满意, of how many."""
        return self.standings.answers(self.standings.nodes(self.roll.at[unit])[audience is Audience.MEMBER])

    def inside(self, unit: int) -> tuple[int, ...]:
        """A unit and all below it, each after the one above it."""
        return self.roll.inside(unit)

    @cached_property
    def standings(self) -> Standings:
        """How every unit and member that is shown by itself is rated, and the figures behind it."""
        return Standings(self.roll, self.scales, self._labels)

    @property
    def scales(self) -> tuple[Scale, ...]:
        """The scales of all ratings, each once, in the language of the page."""
        return tuple(dict.fromkeys(scale for scale in rating_scales(self.worded.forms) if scale is not None))

    def rate(self, key: str) -> Rate | None:
        """All ratings of a unit or member together, as printed; None when it is not shown by itself."""
        if key not in self.standings:
            return None
        if key not in self._rates:
            if len(self._rates) >= _RATES_KEPT:
                self._rates.clear()
            found = self.standings.printed(self.roll.spots[key])
            if found is None:
                return None
            self._rates[key] = found
        return self._rates[key]

    def ballots(self, key: str) -> int:
        """How many ballots there were about a target."""
        return ballots_of(self.roll.sums(self.roll.about(self.roll.unit_of(key)), targets={key}))

    def few(self, units: Iterable[int]) -> tuple[int, ...]:
        """Those of some units that were rated and are not shown by themselves: joined with others further up, or shown nowhere."""
        return tuple(unit for unit in units if unit in self._rated and not self.roll.own(unit))

    @cached_property
    def _rated(self) -> frozenset[int]:
        return frozenset(unit for held in self.made.meetings if held.returned for unit in held.rated)

    def pooled(self, keys: Iterable[str]) -> Rate | None:
        """Several units or members together: every answer about any of them."""
        found = self.standings.together(keys)
        return None if found is None else printed(found, self.scheme)

    @cached_property
    def held_about(self) -> Mapping[int, tuple[Held, ...]]:
        """The meetings that rated each unit or its members."""
        found: dict[int, tuple[Held, ...]] = {}
        for each in self.made.meetings:
            for unit in each.rated:
                found[unit] = (*found.get(unit, ()), each)
        return found

    @cached_property
    def of_sector(self) -> Mapping[str, Sequence[int]]:
        """The units of each sector that are shown by themselves."""
        found: dict[str, list[int]] = {}
        for place in self.made.places:
            if place.sector and f"u{place.id}" in self.roll.spots:
                found.setdefault(place.sector, []).append(place.id)
        return found

    @cached_property
    def _labels(self) -> Mapping[Role, str]:
        return role_labels()

    def _part(self, whole: Whole | None) -> Part:
        if whole is None:
            return Part()
        lines = tuple(self._line(each) for each in whole.items)
        return Part(lines, None if whole.rated is None else printed(whole.rated, self.scheme), verdict(whole.rated, self.scheme))

    def _line(self, told: Told) -> Line:
        form = self.worded.forms[told.ask.form]
        section = form.section(told.ask.section).title
        if told.rated is not None:
            return Line(told.question, section, form.title, printed(told.rated, self.scheme))
        return Line(told.question, section, form.title, mean=said(told.mean), n=told.n, blank=told.blank, is_trimmed=told.is_trimmed)


def ballots_of(sums: Mapping[Ask, Sum]) -> int:
    """How many ballots there were about a target: each of them could answer every question of a section once."""
    return sum({(ask.form, ask.section): total.slots for ask, total in sums.items()}.values())


def _tally(ranks: Sequence[int]) -> Tally:
    """Those without an answer, 满意, 基本满意 and neither of both, as numbers of a table."""
    none, satisfied, basic, below = ranks
    return Tally(none + satisfied + basic + below, satisfied, satisfied + basic, below)
