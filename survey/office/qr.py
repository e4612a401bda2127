"""QR codes: one path for SVG and PDF, and half blocks for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M

# Weighing all eight masks costs ten times the rest and helps no reader: the level of correction pays for it.
MASK = 3
# Modules of white the standard asks for around a code.
QUIET = 4

# Black on white by palette number, because themes bend the first sixteen colours.
_INK_ON_PAPER = "\x1b[38;5;16;48;5;231m"
_RESET = "\x1b[0m"
_BLOCKS = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


@dataclass(frozen=True, slots=True)
class QrPath:
    """A code of `size` × `size` modules, without its white border, as the data of an SVG path in modules."""

    size: int
    path: str


@dataclass(frozen=True, slots=True)
class Run:
    """Dark modules beside each other in one row."""

    left: int
    top: int
    length: int


def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a code, row by row; dark is True. Error correction M."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    # optimize=0: no search for stretches of digits or capitals; an address is bytes.
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())


def runs(modules: Sequence[Sequence[bool]]) -> tuple[Run, ...]:
    """The dark modules as few rectangles one module high."""
    found: list[Run] = []
    for top, row in enumerate(modules):
        left = 0
        while left < len(row):
            if not row[left]:
                left += 1
                continue
            end = left
            while end < len(row) and row[end]:
                end += 1
            found.append(Run(left, top, end - left))
            left = end
    return tuple(found)


def qr_path(text: str) -> QrPath:
    """The code as path data; the page that shows it leaves a white border of four modules."""
    modules = matrix(text)
    path = "".join(f"M{run.left} {run.top}h{run.length}v1h-{run.length}z" for run in runs(modules))
    return QrPath(len(modules), path)


def qr_terminal(text: str, *, colour: bool = True) -> str:
    """The code for a terminal, two rows of modules per line, border included.

    With colour it brings its own black and white and reads on a dark and on a light terminal. Without, for a
    terminal that knows no colour, the light modules are drawn, as such terminals write light on dark.
    """
    bare = matrix(text)
    side = len(bare) + 2 * QUIET
    blank = (False,) * side
    edge = (False,) * QUIET
    rows = [blank] * QUIET + [(*edge, *row, *edge) for row in bare] + [blank] * (QUIET + side % 2)
    lines = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        line = "".join(_BLOCKS[up == colour, low == colour] for up, low in zip(upper, lower, strict=True))
        lines.append(f"{_INK_ON_PAPER}{line}{_RESET}" if colour else line)
    return "\n".join(lines)
