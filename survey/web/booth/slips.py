"""The code page: where a typed code becomes a ballot."""


from flask import Response, request
from flask_babel import gettext as _

from survey.actions import ballots
from survey.domain.refusals import UnknownCode
from survey.domain.slips import LENGTH, letters, read
from survey.web.booth import pages
from survey.web.booth.pages import respond, send_to
from survey.web.doors import Who, admits, house
from survey.web.errors import Sentence, sentence


@admits(Who.ANYONE)
def enter() -> Response:
    """Ask for the code."""
    return ask("", None)


@admits(Who.ANYONE)
def find() -> Response:
    """Send to the ballot of a typed code; what was typed stays when there is none."""
    typed = request.form.get("code", "")
    said = unfit(typed)
    return ask(typed, said) if said else send_to(f"/b/{read(typed)}")


def ask(typed: str, said: Sentence | None) -> Response:
    """The code page, with what is wrong with a code that was typed."""
    return respond(pages.render("booth/slips/enter.html", typed=typed, said=said), said.status if said else 200)


def unfit(typed: str) -> Sentence | None:
    """Why a typed code leads nowhere; None when it is a slip's."""
    try:
        ballots.look(house(), typed)
    except UnknownCode as refused:
        return _wrong_length(typed) or sentence(refused)
    return None


def _wrong_length(typed: str) -> Sentence | None:
    n = len(letters(typed))
    if n == LENGTH:
        return None
    if not n:
        return Sentence(400, _("还没有输入票签码"), _("票签上的码有 %(most)s 位，请照着输入。", most=LENGTH))
    return Sentence(
        400,
        _("位数不对"),
        _("票签上的码有 %(most)s 位，这里有 %(n)s 位。请对照票签改一改。", most=LENGTH, n=n),
    )
