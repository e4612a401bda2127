"""A meeting: its stages, its groups, and the accounting that must balance before the count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from survey.domain.refusals import BadField, BadSheet, TooFew, TooMany, WrongStage
from survey.domain.rounds import FEWEST, Scheme
from survey.domain.slips import Way

LONGEST_NAME = 60


class Stage(StrEnum):
    """Where a meeting stands. There is no way back from counted."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    COUNTED = "counted"
    PUBLISHED = "published"
    VOID = "void"


# Stages of a box that is not counted yet: its key must live, and it waits for somebody.
BOXED = (Stage.OPEN, Stage.PAUSED, Stage.CLOSED)

_MOVES: Mapping[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.OPEN, Stage.VOID}),
    Stage.OPEN: frozenset({Stage.DRAFT, Stage.PAUSED, Stage.CLOSED, Stage.VOID}),
    Stage.PAUSED: frozenset({Stage.OPEN, Stage.CLOSED, Stage.VOID}),
    Stage.CLOSED: frozenset({Stage.OPEN, Stage.COUNTED, Stage.VOID}),
    Stage.COUNTED: frozenset({Stage.PUBLISHED}),
    Stage.PUBLISHED: frozenset(),
    Stage.VOID: frozenset(),
}


class Entry(StrEnum):
    """How people come to their ballot: by a slip, a code on the screen, or the public link of a survey."""

    SLIPS = "slips"
    SCREEN = "screen"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Group:
    """Evaluators of one kind at one meeting. `minted` counts codes by way, `voided` those destroyed unspent."""

    id: int
    name: str
    due: int
    present: int
    minted: Mapping[Way, int] = field(default_factory=dict)
    voided: int = 0
    leftover: int | None = None

    @property
    def codes(self) -> int:
        """Codes that exist for this group."""
        return sum(self.minted.values()) - self.voided

    @property
    def on_paper(self) -> int:
        """Slips that can lie on the table unused: what came off the screen or went out as a link cannot."""
        return min(self.codes, self.minted.get(Way.SHEET, 0) + self.minted.get(Way.PAPER, 0))

    @property
    def forms(self) -> int:
        """Forms to be filled in with a pen, those that were made void among them."""
        return self.minted.get(Way.PAPER, 0)

    @property
    def in_hall(self) -> int:
        """Codes for people in the hall: sheets, screen and paper."""
        return sum(n for way, n in self.minted.items() if way is not Way.LINK) - self.voided

    @property
    def slips(self) -> int:
        """Of these the ones for phones."""
        return max(0, self.in_hall - self.forms)

    @property
    def room(self) -> int:
        """Codes that may still be made for people in the hall."""
        return max(0, self.present - self.in_hall)

    @property
    def link_room(self) -> int:
        """Links that may still be made for people who are due and not in the hall."""
        return max(0, self.due - self.present - self.minted.get(Way.LINK, 0))

    @property
    def issued(self) -> int | None:
        """Slips that went out: codes less those left over; None until the leftovers are counted, where there can be any."""
        return None if self.leftover is None and self.on_paper else self.codes - (self.leftover or 0)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One evaluation meeting of one unit, or one survey of it; `until` is how long a survey is meant to run.

    `closing` is when an open box is sealed by itself, once somebody has asked for that; `questionnaire` the id
    of what it asks; with `units_only` no member is rated.
    """

    id: int
    round: int
    unit: int
    title: str
    place: str
    held_on: date
    stage: Stage
    entry: Entry
    door: str
    one_officer: bool
    groups: tuple[Group, ...] = ()
    public_key: bytes | None = None
    key_proof: bytes | None = None
    is_survey: bool = False
    until: date | None = None
    closing: datetime | None = None
    questionnaire: int = 0
    units_only: bool = False
    key_on_slip: bool = False
    rehearsed: bool = False

    @property
    def unrehearsed(self) -> bool:
        """Whether its key stands on the slip alone and nobody has read it back yet."""
        return self.key_on_slip and not self.rehearsed

    @property
    def due(self) -> int:
        """People who should come, all groups."""
        return sum(group.due for group in self.groups)

    @property
    def present(self) -> int:
        """People who came, all groups."""
        return sum(group.present for group in self.groups)

    def lacks(self, scheme: Scheme) -> bool:
        """Whether too few of those due are present for its box to be counted; a survey has no such rule."""
        return not self.is_survey and scheme.lacks(due=self.due, present=self.present)

    @property
    def forms(self) -> int:
        """Forms on paper, all groups."""
        return sum(group.forms for group in self.groups)

    @property
    def codes(self) -> int:
        """Codes that exist, all groups."""
        return sum(group.codes for group in self.groups)

    def group(self, group: int) -> Group:
        """The group with this id; KeyError when it is not of this meeting."""
        return {each.id: each for each in self.groups}[group]


def check_move(stage: Stage, wanted: Stage) -> None:
    """Refuse a step the stages do not have.

    Raises
    ------
    WrongStage
        With both stages.
    """
    if wanted not in _MOVES[stage]:
        raise WrongStage(stage=stage.value, wanted=wanted.value)


def check_groups(groups: Iterable[tuple[str, int, int]]) -> None:
    """Refuse groups (name, due, present) that cannot be: no name, a name twice, negative, more present than due.

    Raises
    ------
    BadField
        Names the group and what is wrong.
    """
    seen: set[str] = set()
    rows = list(groups)
    if not rows:
        raise BadField(field="groups", value="", why="none")
    for name, due, present in rows:
        if not name.strip():
            raise BadField(field="group", value=name, why="empty")
        if name in seen:
            raise BadField(field="group", value=name, why="twice")
        if not 0 <= present <= due:
            raise BadField(field="present", value=name, why="present_over_due")
        seen.add(name)


def check_open(groups: Iterable[Group]) -> None:
    """Refuse to open for so few that figures would point at people: k is about who was asked.

    Raises
    ------
    TooFew
        `group` is the name of the group that must be merged into another, or None for the meeting.
    """
    rows = list(groups)
    present = sum(group.present for group in rows)
    if present < FEWEST:
        raise TooFew(group=None, present=present, fewest=FEWEST)
    for group in rows:
        if group.present < FEWEST:
            raise TooFew(group=group.name, present=group.present, fewest=FEWEST)


def check_issue(group: Group, asked: int, way: Way) -> None:
    """Refuse more slips than people: sheet + screen + paper ≤ present, links ≤ due − present.

    Raises
    ------
    TooMany
        With the most that may still be made.
    """
    most = group.link_room if way is Way.LINK else group.room
    if not 1 <= asked <= most:
        raise TooMany(group=group.name, way=way.value, most=most, asked=asked)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the accounting; every number is a count of people or slips."""

    name: str
    due: int
    present: int
    issued: int
    returned: int
    abstained: int = 0
    spoiled: int = 0

    @property
    def valid(self) -> int:
        """Returned less spoiled; a ballot without a mark is valid and abstains."""
        return self.returned - self.spoiled

    def __add__(self, other: "Line") -> "Line":
        return Line(
            self.name,
            self.due + other.due,
            self.present + other.present,
            self.issued + other.issued,
            self.returned + other.returned,
            self.abstained + other.abstained,
            self.spoiled + other.spoiled,
        )


def account(
    groups: Iterable[Group], inside: Mapping[int, int], spoiled: Mapping[int, int] = MappingProxyType({})
) -> tuple[Line, ...]:
    """One line per group, before the count: minted, left over, issued, returned.

    Parameters
    ----------
    inside : mapping of group id to ballots in the box
    spoiled : mapping of group id to paper forms that came back and are in no box

    Raises
    ------
    BadSheet
        Leftovers were not counted, are more than there are codes, or more came back than went out.
    """
    lines = []
    for group in groups:
        if group.issued is None:
            raise BadSheet(group=group.name, why="leftover_missing")
        lost = spoiled.get(group.id, 0)
        back = inside.get(group.id, 0) + lost
        if not 0 <= group.issued <= group.codes:
            raise BadSheet(group=group.name, why="leftover_over_codes", leftover=group.leftover, codes=group.codes)
        if back > group.issued:
            raise BadSheet(group=group.name, why="returned_over_issued", returned=back, issued=group.issued)
        lines.append(Line(group.name, group.due, group.present, group.issued, back, spoiled=lost))
    return tuple(lines)


def total(lines: Iterable[Line], name: str = "合计") -> Line:
    """The sum of accounting lines."""
    result = Line(name, 0, 0, 0, 0)
    for line in lines:
        result = result + line
    return result
