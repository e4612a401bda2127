"""What a ballot on a phone asks now and then: whether its box still takes it, and for how long. The request says nothing else."""

import json

from flask import Response

from survey.actions import clocks
from survey.web.booth.pages import csp, sealed
from survey.web.doors import Who, admits, house, now


@admits(Who.ANYONE)
def clock(door: str) -> Response:
    """The stage and the seconds left, for every phone of the meeting alike."""
    found = clocks.clock(house(), door, now=now())
    told = {"stage": found.stage.value, "seconds": found.seconds}
    return sealed(Response(json.dumps(told), content_type="application/json"), csp([]))
