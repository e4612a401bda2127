"""A published round: counts of whole atoms, from which everything above a single meeting is made, and nothing else.

What a counted meeting shows by itself is an atom already. Ballots of meetings that show nothing, because too few came back,
are joined with each other only: joined with a meeting that is shown they would be what is left when that is taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from survey.domain.questionnaires import Audience, Question, Scale, Section
from survey.domain.rounds import Scheme


class Place(NamedTuple):
    """A unit as it hung in the tree at publication; `parent` is None at the unit the round was published for.

    A page begins with all of a city's, and with its meetings: tuples are made the fastest.
    """

    id: int
    parent: int | None
    kind: str
    name: str
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """What was asked: the sections about units and members with their ratings and scores, and the scales."""

    title: str
    sections: tuple[Section, ...]
    scales: tuple[Scale, ...]

    def section(self, key: str) -> Section:
        """A section by its key."""
        return next(each for each in self.sections if each.key == key)

    def question(self, section: str, key: str) -> Question:
        """A question by its section and its key."""
        return next(each for each in self.section(section).questions if each.key == key)

    def scale(self, question: Question) -> Scale:
        """The scale of a rating question."""
        return next(each for each in self.scales if each.key == question.scale)


class Held(NamedTuple):
    """A counted meeting of the round: its form, the units it rated, its accounting over all groups, the digest of its seal."""

    id: int
    unit: int
    title: str
    held_on: str
    form: int
    rated: tuple[int, ...]
    due: int
    present: int
    issued: int
    returned: int
    spoiled: int
    seal: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """The ballots of some groups of a meeting, about one of the units it rated."""

    meeting: int
    unit: int
    groups: tuple[str, ...]
    ballots: int


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that was rated: its name, its position or kind, the unit it belongs to."""

    label: str
    note: str
    unit: int


class Mark(NamedTuple):
    """How often one answer was given. `unit` is 0 and `target` "u*" or "m*" (all units, all members together) in an atom of
    several meetings. A city's round has millions of these, and a tuple is made the fastest."""

    atom: int
    unit: int
    target: str
    form: int
    section: str
    question: str
    answer: int
    ballots: int


@dataclass(frozen=True, slots=True)
class Pool:
    """How many answers a question of a section could have had in an atom that reaches over several meetings: a ballot has as
    many as there were units, or members, to rate."""

    atom: int
    target: str
    form: int
    section: str
    slots: int


@dataclass(frozen=True, slots=True)
class Publication:
    """A round as it was published.

    Attributes
    ----------
    version : str
        The release that made it.
    places : tuple of Place
        The units rated, those that held a meeting, and all between them and the root, which is the first.
    atoms : tuple of tuples of Leaf
        What is only ever shown together; a mark names its atom by its place here.
    targets : mapping of target key to Named
        Everything that is shown by itself.
    asked : mapping of (meeting, target key) to the key of a section
        By which section each of these was rated.
    """

    round: int
    name: str
    period: str
    version: str
    scheme: Scheme
    places: tuple[Place, ...]
    forms: Mapping[int, Form]
    meetings: tuple[Held, ...]
    atoms: tuple[tuple[Leaf, ...], ...]
    targets: Mapping[str, Named]
    asked: Mapping[tuple[int, str], str]
    pools: tuple[Pool, ...]
    marks: tuple[Mark, ...]

    @property
    def root(self) -> Place:
        """The unit it was published for."""
        return self.places[0]


def audience_of(key: str) -> Audience:
    """Whom a target is about, by its key: a unit or a member."""
    return Audience.UNIT if key.startswith("u") else Audience.MEMBER


def pooled_key(audience: Audience) -> str:
    """The target of what is counted over several meetings together: all units, or all members."""
    return "u*" if audience is Audience.UNIT else "m*"
