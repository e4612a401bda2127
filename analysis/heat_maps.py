"""Draw members by questions: a field in one of five steps with its number in it, so that it says the same in grey."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.figure import Figure

from analysis.drawings import CHIP, LEFT, ROW, WIDTH, Drawing, box, fitted, wrapped
from analysis.labels import CHINESE, Labels
from analysis.letters import width
from analysis.shares import Share, printed
from analysis.style import GROUND, HEAT, INK, INK_2, LINE_STRONG, NOTE, PALE_EDGE, SIZE, UNKNOWN_EDGE, UNKNOWN_HATCH

NAME: Final = 158.0
WHOLE: Final = (50.0, 50.0, 44.0)
# By the decimals that are printed.
NARROWEST: Final = (34.0, 40.0, 46.0)
HEAD: Final = 74.0
FOOT: Final = 44.0
# A4 lengthwise.
WIDEST: Final = 842.0
_GAP: Final = 1.5
_MARK: Final = 3.0


@dataclass(frozen=True)
class Field:
    """One member on one question. `share` None: hidden. `step` from 1 to 5, the threshold is where the third begins; 0 without answers."""

    share: Share | None
    step: int = 0


@dataclass(frozen=True)
class Line:
    """One member: a field per question, and all of them together."""

    label: str
    fields: tuple[Field, ...]
    whole: Share | None


@dataclass(frozen=True)
class HeatMap:
    """Everything one page shows. `steps` are the words of the legend, from the lowest step up."""

    title: str
    head: str
    questions: tuple[str, ...]
    lines: tuple[Line, ...]
    steps: tuple[str, ...]
    note: str = ""
    decimals: int = 1
    labels: Labels = CHINESE


def heat_map(plan: HeatMap) -> Figure:
    """The picture. It grows wider when there are more questions than fit."""
    room = WIDTH - 2 * LEFT - NAME - sum(WHOLE)
    many = max(1, len(plan.questions))
    column = max(NARROWEST[min(plan.decimals, 2)], room / many)
    wide = WIDTH + max(0.0, column * many - room)
    heads = [wrapped(text, (column - 5) / NOTE, 3) for text in plan.questions]
    top = HEAD + 12 * max([1, *map(len, heads)])
    height = top + ROW * max(1, len(plan.lines)) + FOOT
    drawing = Drawing(plan.title, height, wide=wide)
    _legend(drawing, plan)
    _heads(drawing, plan, heads, column=column, top=top)
    drawing.rules([((LEFT, y), (wide - LEFT, y)) for y in (top, top + ROW * max(1, len(plan.lines)))], LINE_STRONG, 0.8)
    _fields(drawing, plan, column=column, top=top)
    for place, line in enumerate(plan.lines):
        _line(drawing, line, plan, spot=(wide - LEFT, top + ROW * (place + 0.5)))
    if not plan.lines:
        drawing.write((LEFT, top + ROW / 2), plan.labels.nothing, colour=INK_2)
    drawing.note(plan.note, height)
    return drawing.finished()


def most_questions(decimals: int) -> int:
    """So many questions a picture holds that is no wider than a sheet of A4."""
    return int((WIDEST - 2 * LEFT - NAME - sum(WHOLE)) / NARROWEST[min(decimals, 2)])


def told(plan: HeatMap) -> str:
    """The picture in words: every member with every number."""
    said, parts = plan.labels, []
    for line in plan.lines:
        texts = [_printed(field.share, plan) for field in line.fields]
        numbers = [f"{question} {text}" for question, text in zip(plan.questions, texts, strict=True)]
        numbers.append(f"{said.total} {_printed(line.whole, plan)}")
        parts.append(f"{line.label}{said.after}{said.between.join(numbers)}{said.stop}")
    return "".join(parts) or said.nothing


def _printed(share: Share | None, plan: HeatMap) -> str:
    return plan.labels.too_few if share is None else printed(share.satisfied, share.valid, plan.decimals)


def _legend(drawing: Drawing, plan: HeatMap) -> None:
    x = LEFT
    for step, label in enumerate(plan.steps[: len(HEAT)]):
        drawing.shapes([box(x, 43, x + CHIP, 57)], HEAT[step], edge=LINE_STRONG)
        _below(drawing, [(x + 6, 50.0)], step + 1)
        drawing.write((x + CHIP + 5, 50), label, size=NOTE)
        x += CHIP + 5 + NOTE * width(label) + 14
    if any(field.share is None for line in plan.lines for field in line.fields):
        drawing.chips([(x, 50.0)])
        drawing.write((x + CHIP + 5, 50), plan.labels.too_few, size=NOTE)


def _heads(drawing: Drawing, plan: HeatMap, heads: Sequence[Sequence[str]], *, column: float, top: float) -> None:
    drawing.write((LEFT, top - 10), fitted(plan.head, NAME / NOTE), size=NOTE, colour=INK_2)
    for place, lines in enumerate(heads):
        for up, text in enumerate(reversed(lines)):
            spot = (LEFT + NAME + column * (place + 0.5), top - 10 - 12 * up)
            drawing.write(spot, text, size=NOTE, colour=INK_2, across="center")
    right = LEFT + NAME + column * max(1, len(plan.questions))
    said = plan.labels
    for text, room in zip((said.total, said.wide, said.valid), WHOLE, strict=True):
        right += room
        drawing.write((right, top - 10), fitted(text, (room - 3) / NOTE), size=NOTE, colour=INK_2, across="right")


def _fields(drawing: Drawing, plan: HeatMap, *, column: float, top: float) -> None:
    """Fields of one step as one shape, then the numbers on them."""
    by_step: dict[int | None, list[tuple[float, float]]] = {}
    for down, line in enumerate(plan.lines):
        for across, field in enumerate(line.fields):
            spot = (LEFT + NAME + column * across, top + ROW * down)
            by_step.setdefault(None if field.share is None else field.step, []).append(spot)
            size = SIZE - (0.0 if column >= 48 else 1.5)
            text = _printed(field.share, plan)
            if field.share is not None:
                drawing.write((spot[0] + column / 2 + 2, spot[1] + ROW / 2), text, size=size, across="center")
    for step, spots in by_step.items():
        corners = [box(x + _GAP, y + _GAP, x + column - _GAP, y + ROW - _GAP) for x, y in spots]
        if step is None:
            drawing.shapes(corners, GROUND, edge=UNKNOWN_EDGE, hatch=UNKNOWN_HATCH)
        elif 0 < step <= len(HEAT):
            edge = LINE_STRONG if HEAT[step - 1] == GROUND else HEAT[step - 1]
            drawing.shapes(corners, HEAT[step - 1], edge=edge, stroke=0.5)
            _below(drawing, [(x + 7.5, y + ROW / 2) for x, y in spots], step)


def _below(drawing: Drawing, middles: Sequence[tuple[float, float]], step: int) -> None:
    """A triangle that points down, full in the lowest step and open in the next: grey has no ochre."""
    if step in (1, 2):
        shapes = [((x - _MARK, y - 2.2), (x + _MARK, y - 2.2), (x, y + 2.8)) for x, y in middles]
        drawing.shapes(shapes, PALE_EDGE if step == 1 else HEAT[1], edge=PALE_EDGE)


def _line(drawing: Drawing, line: Line, plan: HeatMap, *, spot: tuple[float, float]) -> None:
    right, middle = spot
    drawing.name((LEFT, middle), line.label, NAME - 8)
    if line.whole is None:
        drawing.write((right, middle), fitted(plan.labels.too_few, (sum(WHOLE) - 6) / SIZE), colour=INK_2, across="right")
        return
    share = line.whole
    texts = (printed(share.satisfied, share.valid, plan.decimals), printed(share.wide, share.valid, plan.decimals), f"{share.valid}")
    for text, room in zip(reversed(texts), reversed(WHOLE), strict=True):
        drawing.write((right, middle), text, colour=INK, across="right")
        right -= room
