"""Open mode: the code on the screen leads here, and a tap takes a ballot. One device, one ballot.

The public link of a survey leads here too, by an address that does not turn over.
"""

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import ballots, screens
from survey.actions.screens import Screen
from survey.domain.meetings import Entry
from survey.domain.refusals import TooMany, UnknownCode
from survey.domain.slips import Way, read
from survey.web.booth import pages
from survey.web.booth.pages import respond, send_to
from survey.web.doors import Who, admits, config, house, now
from survey.web.errors import Sentence
from survey.web.words import group_name

COOKIE = "pingyi_ballot"
# In the hall an evening is enough; a survey runs for weeks.
COOKIE_SECONDS = 12 * 60 * 60
LINK_COOKIE_SECONDS = 60 * 24 * 60 * 60
LONGEST_ID = 18


@admits(Who.ANYONE)
def screen(door: str, mark: str | None = None) -> Response:
    """Ask which group, or only offer the button; a device that has a ballot goes to it."""
    own = _own()
    if own is not None:
        return send_to(f"/b/{own}")
    return _offer(screens.screen(house(), door, mark, now=now()), None)


@admits(Who.ANYONE)
def take(door: str, mark: str | None = None) -> Response:
    """Take a ballot: its code goes into the one cookie of the booth."""
    own = _own()
    if own is not None:
        return send_to(f"/b/{own}")
    group = request.form.get("group", "")
    if not (group.isascii() and group.isdigit() and len(group) <= LONGEST_ID):
        found = screens.screen(house(), door, mark, now=now())
        return _offer(found, Sentence(400, _("还没有选类别"), _("请先选您属于哪一类，再领评议票。")))
    code = screens.take(house(), door, mark, int(group), now=now())
    response = send_to(f"/b/{code}")
    response.set_cookie(
        COOKIE,
        code,
        max_age=LINK_COOKIE_SECONDS if mark is None else COOKIE_SECONDS,
        path=f"/d/{door}" if mark is None else f"/m/{door}",
        secure=config().is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _own() -> str | None:
    """The code this device took, unless its meeting has forgotten it."""
    try:
        code = read(request.cookies.get(COOKIE, ""))
        ballots.look(house(), code)
    except UnknownCode:
        return None
    return code


def _offer(found: Screen, said: Sentence | None) -> Response:
    # How many are left in a group would tell how many took one: only whether there is any is shown.
    groups = [(number, group_name(name)) for number, name, room in found.groups if room > 0]
    if not groups:
        if found.is_survey:
            raise screens.full(found.title)
        raise TooMany(group=found.title, way=Way.SCREEN.value, most=0, asked=1)
    page = pages.render(
        "booth/screens/survey.html" if found.is_survey else "booth/screens/take.html",
        scripts=("once",),
        styles=("booth/ballot.css",),
        title=found.title,
        groups=groups,
        said=said,
        is_link=found.entry is Entry.LINK,
    )
    return respond(page, said.status if said else 200)
