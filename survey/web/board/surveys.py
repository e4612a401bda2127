"""A counted survey as its page shows it: every question in the order in which it was asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from analysis.satisfaction import Scale
from survey.web.board.figures import Item, Rate, Sheet, together
from survey.web.board.results import Result, Spoken


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that stand in one table: ratings of one scale in a row, or a single question of another kind."""

    sheet: Sheet
    rated: tuple[tuple[Item, Rate], ...]
    others: tuple[Item, ...]
    whole: Rate | None

    @property
    def target(self) -> object:
        """Whom the questions are about: the general part."""
        return self.sheet.target

    @property
    def section(self) -> str:
        """The title of the part."""
        return self.sheet.section


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the questionnaire: its tables in order, and what was written."""

    title: str
    blocks: tuple[Block, ...]
    spoken: Spoken | None


def parts_of(result: Result) -> tuple[Part, ...]:
    """Every part of a shown survey, those of which nothing came back left out."""
    found = (Part(s.section, tuple(_blocks(s, result)), result.spoken(s.target.key)) for s in result.sheets)
    return tuple(part for part in found if part.blocks or part.spoken)


def _blocks(sheet: Sheet, result: Result) -> Iterator[Block]:
    for scale, items in groupby(sheet.items, _scale):
        if scale is None:
            for item in items:
                yield Block(sheet, (), (item,), None)
        else:
            rated = tuple((item, item.rate) for item in items if item.rate is not None)
            whole = together([rate for _item, rate in rated], scheme=result.round.scheme)
            yield Block(sheet, rated, (), whole)


def _scale(item: Item) -> Scale | None:
    return None if item.rate is None else item.rate.scale
