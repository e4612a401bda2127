"""What a picture in SVG says: its letters as texts with their places, its shapes as corners with their colours."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from analysis.letters import width

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Text:
    """One line as it stands in a picture, without its spaces."""

    text: str
    x: float
    y: float
    right: float


@dataclass(frozen=True)
class Shape:
    """A closed shape: its outermost corners and how it is painted."""

    left: float
    top: float
    right: float
    bottom: float
    fill: str
    stroke: str

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Stroke:
    """A line that is no shape: its points, its colour, whether it is dashed."""

    points: tuple[tuple[float, float], ...]
    stroke: str
    is_dashed: bool


def texts(svg: bytes) -> list[Text]:
    """Every line of letters, in the order of drawing."""
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{_SVG}g"):
        uses = [each.get(_HREF, "") for each in group if each.tag == f"{_SVG}use"]
        place = re.match(r"translate\(([-\d.]+) ([-\d.]+)\) scale\(([\d.]+)", group.get("transform", ""))
        if place and uses and all(use.startswith("#u") for use in uses):
            text = "".join(chr(int(use[2:], 16)) for use in uses)
            last = next(each for each in reversed(group))
            end = float(last.get("x", "")) + 1000 * width(text[-1])
            found.append(Text(text, float(place[1]), float(place[2]), float(place[1]) + float(place[3]) * end))
    return found


def words(svg: bytes) -> list[str]:
    """The lines alone."""
    return [each.text for each in texts(svg)]


def shapes(svg: bytes) -> list[Shape]:
    """Every closed path that is painted, whether it stands where it is or is defined and used; hatched ones have the address
    of their hatch as fill."""
    whole = ElementTree.fromstring(svg)
    paths = {f"#{path.get('id')}": path.get("d", "") for path in whole.iter(f"{_SVG}path")}
    found = []
    for each in whole.iter():
        style = dict(re.findall(r"([a-z-]+):\s*([^;]+)", each.get("style", "")))
        d = each.get("d") or paths.get(each.get(_HREF, ""), "")
        numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", d)]
        if "z" in d and style.get("fill", "none") != "none":
            right, down = (float(each.get(name, 0)) for name in ("x", "y"))
            xs, ys = [right + x for x in numbers[::2]], [down + y for y in numbers[1::2]]
            found.append(Shape(min(xs), min(ys), max(xs), max(ys), style["fill"].lower(), style.get("stroke", "none").lower()))
    return found


def lines(svg: bytes) -> list[Stroke]:
    """Every open path."""
    found = []
    for path in ElementTree.fromstring(svg).iter(f"{_SVG}path"):
        style = dict(re.findall(r"([a-z-]+):\s*([^;]+)", path.get("style", "")))
        if style.get("fill") == "none" and "stroke" in style:
            numbers = [float(each) for each in re.findall(r"-?\d+\.?\d*", path.get("d", ""))]
            points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
            found.append(Stroke(points, style["stroke"].lower(), "stroke-dasharray" in style))
    return found
