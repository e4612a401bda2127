"""A published round in figures: sums of whole atoms become what pages print, by the same hands as those of a meeting."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from analysis.satisfaction import Role
from survey.domain.publications import Place, Publication
from survey.domain.questionnaires import Audience, Kind, Question, Scale
from survey.domain.roll_ups import Accounting, Ask, RollUp, Sum
from survey.domain.rounds import Scheme
from survey.office.figures import Rated, Told, Verdict, Whole, rated, reckon, verdict
from survey.office.figures import together as pooled
from survey.web.board.figures import Rate, printed, role_labels, together
from survey.web.board.others import NO_DATA, said
from survey.web.questionnaires import published_form


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
        return self.units.whole is None and self.members.whole is None and self.account.returned > 0


@dataclass(frozen=True)
class Reading:
    """A publication in the words of one language; what was reckoned once is kept, since nothing of it ever changes."""

    roll: RollUp
    _nodes: dict[int, Node] = field(default_factory=dict)
    _rates: dict[str, Rate] = field(default_factory=dict)

    @property
    def made(self) -> Publication:
        """What was published."""
        return self.roll.made

    @property
    def scheme(self) -> Scheme:
        """The rules of the round."""
        return self.made.scheme

    @cached_property
    def units(self) -> frozenset[int]:
        """The units there are in it."""
        return frozenset(place.id for place in self.made.places)

    @cached_property
    def asked(self) -> Mapping[str, frozenset[object]]:
        """By target all that was asked about it, whatever the form is called: equal ones may be compared over rounds."""
        forms = {each.id: each.form for each in self.made.meetings}
        sections = {
            (number, section.key): [(each.kind, each.text, form.scale(each).options if each.kind is Kind.RATING else ()) for each in section.questions]
            for number, form in self.made.forms.items()
            for section in form.sections
        }
        found: dict[str, set[object]] = {}
        for (meeting, key), section in self.made.asked.items():
            found.setdefault(key, set()).update(sections[forms[meeting], section])
        return {key: frozenset(each) for key, each in found.items()}

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
        about = self.roll.about(self.made.targets[key].unit)
        return self.parts(about, targets={key})[Audience.UNIT if key.startswith("u") else Audience.MEMBER]

    def node(self, unit: int) -> Node:
        """A unit of the publication, with all below it."""
        if unit not in self._nodes:
            parts = self.parts(self.roll.atoms(unit))
            keys = [key for each in self.inside(unit) for key in self.roll.own(each)]
            units, members = (self._tally(key for key in keys if key.startswith(kind)) for kind in ("u", "m"))
            self._nodes[unit] = Node(
                self.roll.place(unit), self.roll.accounting(unit), parts[Audience.UNIT], parts[Audience.MEMBER], units, members, self.roll.left_out(unit)
            )
        return self._nodes[unit]

    def inside(self, unit: int) -> tuple[int, ...]:
        """A unit and all below it, each after the one above it."""
        found = [unit]
        for each in found:
            found += [place.id for place in self.roll.children.get(each, ())]
        return tuple(found)

    @cached_property
    def standings(self) -> Mapping[str, tuple[Verdict | None, Rated | None]]:
        """How every unit and member that is shown by itself is rated, and the figures behind it."""
        every = (each for place in self.made.places for each in self.roll.by_target(self.roll.about(place.id)).items())
        wholes = {key: self._whole(sums) for key, sums in every}
        return {key: (verdict(whole, self.scheme), whole) for key, whole in wholes.items()}

    def rate(self, key: str) -> Rate | None:
        """All ratings of a unit or member together, as printed; None when it is not shown by itself."""
        _verdict, whole = self.standings.get(key, (None, None))
        if whole is not None and key not in self._rates:
            self._rates[key] = printed(whole, self.scheme)
        return self._rates.get(key)

    def ballots(self, key: str) -> int:
        """How many ballots there were about a target."""
        rated = {each.id for each in self.made.meetings if (each.id, key) in self.made.asked}
        atoms = (self.made.atoms[at] for at in self.roll.about(self.made.targets[key].unit))
        return sum(leaf.ballots for atom in atoms for leaf in atom if leaf.meeting in rated)

    def pooled(self, keys: Iterable[str]) -> Rate | None:
        """Several units or members together: every answer about any of them."""
        found = [each for key in keys if (each := self.standings[key][1]) is not None]
        return together(found, scheme=self.scheme)

    def _tally(self, keys: Iterable[str]) -> Tally:
        found = Counter(self.standings[key][0] for key in keys)
        good = found[Verdict.SATISFIED]
        return Tally(sum(found.values()), good, good + found[Verdict.BASIC], found[Verdict.BELOW])

    def _whole(self, sums: Mapping[Ask, Sum]) -> Rated | None:
        """The ratings together; questions of one scale are added up before they are turned into figures, as there are many targets."""
        by_scale: dict[Scale, Sum] = {}
        for ask, each in sums.items():
            scale = self._scales.get((ask.form, ask.section, ask.question))
            if scale is not None:
                whole = by_scale.setdefault(scale, Sum())
                whole.slots += each.slots
                whole.counts.update(each.counts)
        found = [rated(each.counts, scale, slots=each.slots, scheme=self.scheme) for scale, each in by_scale.items()]
        return pooled(found, scheme=self.scheme, labels=self._labels)

    @cached_property
    def _labels(self) -> Mapping[Role, str]:
        return role_labels()

    @cached_property
    def _scales(self) -> Mapping[tuple[int, str, str], Scale]:
        """The scales of all ratings, by form, section and question."""
        return {
            (key, section.key, question.key): form.scale(question)
            for key, form in self.worded.forms.items()
            for section in form.sections
            for question in section.questions
            if question.kind is Kind.RATING
        }

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
