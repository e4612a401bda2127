"""A tablet that goes from hand to hand: the code page, a ballot, the thanks, and the code page again, all on one address.

The code never stands in the address, so nothing of one voter is left for the next in the history or behind the back button.
"""

from flask import Response, request

from survey.web.booth import ballots, slips
from survey.web.doors import Who, admits


@admits(Who.ANYONE)
def pad() -> Response:
    """Ask for the next code."""
    return slips.ask("", None)


@admits(Who.ANYONE)
def open_ballot() -> Response:
    """The ballot of a typed code in answer to the code itself; with what is chosen already where only the language is another."""
    typed = request.form.get("code", "")
    said = slips.unfit(typed)
    return slips.ask(typed, said) if said else ballots.on_pad(typed, {name: values for name, values in request.form.lists() if name != "code"})
