"""A result as one long table: a row per target, group and question, with the figures of the pages."""

from collections.abc import Iterator

from flask_babel import gettext as _

from analysis.cells import Cell
from analysis.satisfaction import percent
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rounds import JOINT
from survey.web.board.figures import Item, Rate, Sheet
from survey.web.board.others import NO_DATA
from survey.web.board.results import Found, Result
from survey.web.board.weights import Weighing

# Only where numbers were asked for.
MIDDLES = ("mean", "median")
KEYS = ("unit", "member", "group", "item", "ballots", "valid", "blank")
RATES = ("narrow", "wide", "narrow_percent", "wide_percent", "score", "marked", "shown")
ALL = "*"


def answers(result: Result) -> tuple[str, ...]:
    """The labels of all answers of all scales, in the order of the bars."""
    rates = [rate for sheet in result.sheets for _, rate in sheet.rated]
    return tuple({segment.label: None for rate in rates for segment in rate.segments})


def middles(result: Result) -> tuple[str, ...]:
    """The columns for mean and median, when any number was asked for."""
    return MIDDLES if any(item.spread for sheet in result.sheets for item in sheet.items) else ()


def rows(here: Found, result: Result, labels: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    """One row per target, group and question; a group that is too few keeps its keys and shown=0 alone. Numbers and days
    have rows for all groups together only."""
    width = len(KEYS) + len(labels) + len(RATES) + len(middles(result))
    for row in _rows(here, result, labels):
        yield (*row, *([None] * (width - len(row))))


def _rows(here: Found, result: Result, labels: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    home = {member.target.key: each.sheet.target.label for each in result.branches for member in each.members}
    for sheet in result.sheets:
        unit = home.get(sheet.target.key, here.unit.name)
        yield from _sheet_rows(unit, sheet, "", labels)
        for line in result.lines if len(result.lines) > 1 else ():
            if not line.valid:
                yield from _hidden(unit, sheet, line.name, labels)
        for atom in result.atoms if len(result.lines) > 1 else ():
            part = atom.sheets[sheet.target.key]
            if len(atom.names) > 1:
                for name in atom.names:
                    yield from _hidden(unit, part, name, labels)
            yield from _sheet_rows(unit, part, JOINT.join(atom.names), labels)
        if result.weighing is not None:
            yield from _weighted_rows(unit, sheet, result.weighing, labels)


def _sheet_rows(unit: str, sheet: Sheet, group: str, labels: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    for item in sheet.items:
        if not (group and item.spread):
            yield from _item_rows(_who(unit, sheet, group), sheet, item, labels)
    if sheet.whole is not None:
        yield (*_who(unit, sheet, group), _named(sheet, ALL), *_rate_cells(sheet.whole, sheet.ballots, labels))


def _weighted_rows(unit: str, sheet: Sheet, weighing: Weighing, labels: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    means = [(item.question.text, weighing.items.get((sheet.target.key, item.question.key))) for item, _rate in sheet.rated]
    none: tuple[Cell, ...] = (None,) * (len(labels) + 2)
    for name, found in [*means, (ALL, weighing.wholes.get(sheet.target.key))]:
        if found is not None and found.exact.narrow is not None and found.exact.wide is not None:
            rates = [_share(each.numerator, each.denominator) for each in (found.exact.narrow, found.exact.wide)]
            score = None if found.exact.score is None else found.score
            cells = (sheet.ballots, *none, *rates, found.narrow, found.wide, score, None, 1)
            yield (*_who(unit, sheet, f"[{_('加权')}]"), _named(sheet, name), *cells)


def _item_rows(who: tuple[str, ...], sheet: Sheet, item: Item, labels: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    name = _named(sheet, item.question.text)
    none: tuple[Cell, ...] = (None,) * len(labels)
    if item.rate is not None:
        yield (*who, name, *_rate_cells(item.rate, sheet.ballots, labels))
    elif item.question.kind is not Kind.SCORE:
        if item.spread is not None:
            middle = [None if each == NO_DATA else each for each in (item.spread.mean, item.spread.median)]
            blanks = (*none, None, None, None, None, None, None)
            yield (*who, name, sheet.ballots, item.n, item.blank, *blanks, int(item.spread.is_shown), *middle)
        for choice in item.choices:
            cells = (sheet.ballots, item.n, item.blank, *none, None, None, None, None, None, choice.ballots, 1)
            yield (*who, f"{name}{_('：')}{choice.label}", *cells)
    else:
        score = item.mean if item.n else None
        yield (*who, name, sheet.ballots, item.n, item.blank, *none, None, None, None, None, score, None, 1)


def _rate_cells(rate: Rate, ballots: int, labels: tuple[str, ...]) -> tuple[Cell, ...]:
    found = rate.figures
    marks = {} if rate.is_by_role else {segment.label: segment.ballots for segment in rate.segments}
    wide = found.satisfied + found.basic
    return (
        ballots, found.valid, found.blank, *(marks.get(label) for label in labels),
        _share(found.satisfied, found.valid), _share(wide, found.valid),
        *((rate.narrow, rate.wide) if found.valid else (None, None)),
        rate.score if found.earned is not None and found.known else None, None, 1,
    )


def _hidden(unit: str, sheet: Sheet, group: str, labels: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    nothing: tuple[Cell, ...] = (None,) * (len(labels) + len(KEYS) - 4 + len(RATES) - 1)
    names = [item.question.text for item in sheet.items if not item.spread] + ([ALL] if sheet.whole is not None else [])
    for name in names:
        yield (*_who(unit, sheet, group), _named(sheet, name), *nothing, 0)


def _who(unit: str, sheet: Sheet, group: str) -> tuple[str, str, str]:
    if sheet.target.audience is Audience.UNIT:
        return sheet.target.label, "", group
    return unit, sheet.target.label if sheet.target.audience is Audience.MEMBER else "", group


def _named(sheet: Sheet, item: str) -> str:
    # The general section is about nobody: its name keeps its rows apart from those of the branch.
    return f"{sheet.section}{_('：')}{item}" if sheet.target.audience is Audience.GENERAL else item


def _share(part: int, whole: int) -> str | None:
    """A share in [0, 1] with six decimals, like every table of shares here."""
    found = percent(part, whole, 4)
    return None if found is None else f"{found.scaleb(-2)}"
