"""How a question elects, in words."""

from collections.abc import Mapping

from flask_babel import gettext as _

from survey.domain.elections import Election, Majority


def majorities() -> Mapping[str, str]:
    """Every majority as one chooses it."""
    return {
        Majority.NONE.value: _("得票多的当选"),
        Majority.HALF_VALID.value: _("得票要超过有效票数的一半"),
        Majority.HALF_PRESENT.value: _("得票要超过实到人数的一半"),
        Majority.HALF_DUE.value: _("得票要超过应到人数的一半"),
        Majority.TWO_THIRDS_VALID.value: _("得票要到有效票数的三分之二"),
        Majority.TWO_THIRDS_PRESENT.value: _("得票要到实到人数的三分之二"),
        Majority.TWO_THIRDS_DUE.value: _("得票要到应到人数的三分之二"),
    }


def election_words(election: Election) -> str:
    """The rule in a line; "" where nobody is elected."""
    seats = _("应选 %(n)s 名", n=election.seats) if election.seats else ""
    needed = majorities()[election.majority.value] if election.majority else ""
    return _("；").join(each for each in (seats, needed) if each)
