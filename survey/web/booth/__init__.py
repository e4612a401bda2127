"""The phone: anonymous, no account, no session, no record of people in sight."""

from flask import Blueprint
from werkzeug.exceptions import HTTPException

from survey.domain.refusals import Refused
from survey.web.booth import ballots, clocks, faults, pads, screens, slips, trackers
from survey.web.booth.pages import PAD
from survey.web.booth.previews import preview as preview


def _booth() -> Blueprint:
    """Every address a phone may ask for, and what answers it."""
    booth = Blueprint("booth", __name__)
    booth.add_url_rule("/", "enter", slips.enter, methods=["GET"])
    booth.add_url_rule("/", "find", slips.find, methods=["POST"])
    booth.add_url_rule(PAD, "pad", pads.pad, methods=["GET"])
    booth.add_url_rule(PAD, "open_pad", pads.open_ballot, methods=["POST"])
    booth.add_url_rule("/b/<code>", "ballot", ballots.ballot, methods=["GET"])
    booth.add_url_rule("/b/<code>", "cast", ballots.cast, methods=["POST"])
    booth.add_url_rule("/b/<code>/in", "thanks", ballots.thanks, methods=["GET"])
    booth.add_url_rule("/m/<door>/<mark>", "screen", screens.screen, methods=["GET"])
    booth.add_url_rule("/m/<door>/<mark>", "take", screens.take, methods=["POST"])
    booth.add_url_rule("/d/<door>", "link", screens.screen, methods=["GET"])
    booth.add_url_rule("/d/<door>", "take_link", screens.take, methods=["POST"])
    booth.add_url_rule("/d/<door>/clock", "clock", clocks.clock, methods=["GET"])
    booth.add_url_rule("/t/<door>", "trackers", trackers.every, methods=["GET"])
    booth.register_error_handler(Refused, faults.refused)
    booth.register_error_handler(HTTPException, faults.malformed)
    booth.register_error_handler(Exception, faults.unexpected)
    return booth


BLUEPRINTS: tuple[Blueprint, ...] = (_booth(),)
