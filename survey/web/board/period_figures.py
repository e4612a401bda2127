"""What a half-year or a year says of one unit: round by round, all of them together, the units below it, its members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from survey.domain.publications import Place
from survey.domain.questionnaires import Audience
from survey.domain.roll_ups import Accounting
from survey.office.figures import Rated, Verdict, verdict
from survey.office.period_figures import Over
from survey.web.board.changes import Change, Then, change
from survey.web.board.figures import Rate
from survey.web.board.roll_ups import Node
from survey.web.board.turns import Span
from survey.web.doors import staff
from survey.web.questionnaires import noted


@dataclass(frozen=True, slots=True)
class Row:
    """One round at a unit: with all below it, and `own`, of the unit by itself; `change` is that since the round before."""

    then: Then
    node: Node
    own: Rate | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Line:
    """One unit or member over the rounds.

    Attributes
    ----------
    turns : int
        In how many rounds it is shown.
    few, missing : tuple of Then
        Rounds in which too few voted about it, and those that did not rate it.
    units, members : Rate or None
        All answers about it, or about the units and members at or below it.
    newest : Rate or None
        The same of units, in the last round alone.
    change : Change or None
        From the first to the last round in which it stands by itself.
    """

    key: str
    label: str
    note: str
    turns: int
    few: tuple[Then, ...]
    missing: tuple[Then, ...]
    units: Rate | None
    members: Rate | None
    verdict: Verdict | None
    change: Change | None
    newest: Rate | None = None


@dataclass(frozen=True)
class Told:
    """All of it; what is summed is None where the rounds were read by different rules."""

    span: Span
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    people: tuple[Line, ...]
    asked: Mapping[Audience, Over]

    @property
    def place(self) -> Place:
        """The unit, as the last round has it."""
        return self.rows[-1].node.place

    @property
    def account(self) -> Accounting:
        """The accounting of all rounds together."""
        every = [row.node.account for row in self.rows]
        return Accounting(*(sum(getattr(each, one.name) for each in every) for one in fields(Accounting)))

    @property
    def units(self) -> Rate | None:
        """All answers about units at or below it."""
        return self.span.pooled(row.node.units.whole for row in self.rows)

    @property
    def members(self) -> Rate | None:
        """All answers about members at or below it."""
        return self.span.pooled(row.node.members.whole for row in self.rows)

    @property
    def own(self) -> Rate | None:
        """All answers about the unit by itself."""
        return self.span.pooled(row.own for row in self.rows)

    @property
    def is_shown(self) -> bool:
        """Whether any round shows anything of it."""
        return any(row.node.units.whole or row.node.members.whole for row in self.rows)


def told(span: Span) -> Told:
    """The figures of a span that has rounds."""
    return Told(
        span, tuple(_row(span, place) for place in range(len(span.turns))), tuple(_unit_line(span, place) for place in span.children()),
        tuple(_member_line(span, key, each.label, each.note) for key, each in span.members().items()),
        span.over(lambda reading: reading.roll.sums(reading.roll.atoms(span.unit))),
    )  # fmt: skip


def since(turns: Sequence[Then], place: int, key: str) -> Change | None:
    """The change since the round before; None in the first."""
    return change(turns[place].reading, turns[place - 1], key) if place else None


def _row(span: Span, place: int) -> Row:
    then = span.turns[place]
    key = f"u{span.unit}"
    own = then.reading.rate(key)
    return Row(then, then.reading.brief(span.unit), own, since(span.turns, place, key) if own is not None else None)


def _unit_line(span: Span, place: Place) -> Line:
    """A unit with all below it; its verdict and its change are those of itself."""
    key = f"u{place.id}"
    nodes = [(each, each.reading.brief(place.id)) for each in span.turns if place.id in each.reading.units]
    shown = [(each, node) for each, node in nodes if node.units.whole is not None or node.members.whole is not None]
    few = tuple(each for each, node in nodes if node.is_few)
    missing = tuple(each for each in span.turns if all(each is not then for then in few) and all(each is not then for then, _node in shown))
    units, members = span.pooled(node.units.whole for _then, node in shown), span.pooled(node.members.whole for _then, node in shown)
    stood = [each for each in span.turns if key in each.reading.standings]
    newest = next((node.units.whole for each, node in shown if each is span.turns[-1]), None)
    return Line(key, place.name, "", len(shown), few, missing, units, members, *_standing(span, key, stood), newest=newest)


def _member_line(span: Span, key: str, label: str, note: str) -> Line:
    shown = tuple(each for each in span.turns if key in each.reading.standings and staff().sees(each.reading.made.targets[key].unit))
    missing = tuple(each for each in span.turns if each not in shown)
    whole = span.pooled(each.reading.rate(key) for each in shown)
    return Line(key, label, noted(note), len(shown), (), missing, None, whole, *_standing(span, key, shown))


def _standing(span: Span, key: str, stood: Sequence[Then]) -> tuple[Verdict | None, Change | None]:
    """How it is rated over the rounds in which it stands by itself, and what changed from the first to the last of them."""
    whole: Rated | None = span.pooled(each.reading.rate(key) for each in stood)
    return verdict(whole, span.scheme), change(stood[-1].reading, stood[0], key) if len(stood) > 1 else None
