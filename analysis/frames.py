"""Where bars, columns and letters of a picture stand: on a page, and on a phone, where each label stands above its bar."""

from dataclasses import dataclass
from typing import Final

from analysis.drawings import LEFT, PHONE, PHONE_LEFT, ROW, WIDTH, noted, titled


@dataclass(frozen=True)
class Frame:
    """Points from the left and, for heights, from the top.

    Attributes
    ----------
    columns : tuple of float
        Where each number ends.
    lift : float
        The label stands so far above the middle of its row, bar and numbers as far below.
    room : float
        So wide, in letters, may be the heading of some rows.
    """

    wide: float
    left: float
    bar: tuple[float, float]
    columns: tuple[float, ...]
    row: float
    lift: float
    room: float

    @property
    def is_narrow(self) -> bool:
        """Whether it is a phone's."""
        return self.wide < WIDTH

    def legend(self, title: str) -> float:
        """How deep the first line of the legend stands."""
        return 22.0 + 16 * len(titled(title, self.wide)) if self.is_narrow else 50.0

    def head(self, title: str, *, more: int) -> float:
        """Where the rows begin, below a legend with so many more lines."""
        return self.legend(title) + 36 + 16 * more if self.is_narrow else 92.0

    def foot(self, note: str) -> float:
        """How much room is below the rows."""
        return 26.0 + 12 * len(noted(note, self.wide)) if self.is_narrow else 44.0


# Where the bars of a page begin and end.
BAR: Final = (186.0, 486.0)
_PAGE: Final = Frame(WIDTH, LEFT, BAR, (548.0, 606.0, 656.0, 702.0), ROW, 0.0, 64.0)
_CROWDED: Final = Frame(WIDTH, LEFT, (BAR[0], 436.0), (496.0, 552.0, 600.0, 648.0, 702.0), ROW, 0.0, 64.0)
_PHONE: Final = {
    3: Frame(PHONE, PHONE_LEFT, (PHONE_LEFT, 94.0), (138.0, 178.0, 218.0), 40.0, 8.0, 19.0),
    4: Frame(PHONE, PHONE_LEFT, (PHONE_LEFT, 62.0), (104.0, 144.0, 180.0, 218.0), 40.0, 8.0, 19.0),
    5: Frame(PHONE, PHONE_LEFT, (PHONE_LEFT, 44.0), (84.0, 121.0, 148.0, 182.0, 218.0), 40.0, 8.0, 19.0),
}


def frame_of(columns: int, *, is_narrow: bool) -> Frame:
    """For so many columns of numbers."""
    return _PHONE[columns] if is_narrow else _PAGE if columns < 5 else _CROWDED
