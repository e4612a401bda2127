"""The minute before a box is sealed: until when it takes ballots, and how long that still is."""

import math
from datetime import datetime, timedelta

from survey.domain.meetings import Stage

GRACE = timedelta(minutes=1)
# A hall is given a minute, or a few more. An end that lies farther away was set by a clock that has been changed since.
FARTHEST = timedelta(hours=1)


def stage_now(stage: Stage, closing: datetime | None, now: datetime) -> Stage:
    """The stage at a moment: an open box whose time is over is closed, also before anybody has written that down.

    Where several machines serve one meeting their clocks may differ; by as much the end is earlier or later.
    """
    return Stage.CLOSED if stage is Stage.OPEN and closing is not None and closing <= now else stage


def seconds_left(closing: datetime | None, now: datetime) -> int | None:
    """Whole seconds until the box is sealed, the begun one counted; None when no end is set, or one that nobody would wait for."""
    if closing is None or closing - now > FARTHEST:
        return None
    return max(0, math.ceil((closing - now).total_seconds()))
