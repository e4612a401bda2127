"""What every form of staff that changes something carries: a key that lets it work once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, Response, current_app, g, make_response, redirect, request
from markupsafe import Markup

from survey.actions.forms import Sending, sending
from survey.actions.house import House
from survey.store.forms import SentTwice
from survey.web.kept import wants_json

FIELD = "once"
# The key of a box, typed from the scrutineer's slip: not even a digest of it is kept.
BOX_KEY = "box_key"
_HIDDEN = Markup('<input type="hidden" name="%s" value="%s">')
# The first sending did its work and nobody knows where it led: it is told nowhere that it failed.
_ANYWHERE = "/desk"


def lend_form_keys(app: Flask) -> None:
    """Let templates of staff write `{{ once() }}` into a form whose answer leads to a page.

    The editor has none: it counts revisions. A form whose answer is itself a page that is shown only once (a code, a link,
    a document) has none either: sent again, it says what to do. Invitations have a key of their own, `{{ form_key() }}`, for that sentence.
    """
    app.jinja_env.globals["form_key"] = form_key
    app.jinja_env.globals["once"] = once


def form_key() -> str:
    """A fresh key for one form on one page; see `survey.store.forms`."""
    house = cast(House, current_app.extensions["house"])
    return f"{house.random.getrandbits(128):032x}"


def once() -> Markup:
    """The hidden field."""
    return _HIDDEN % (FIELD, form_key())


def answer(view: Callable[[], Any], *, by: int) -> Any:
    """The answer to a request of staff; a form that was sent before leads where it led then, and nothing is done."""
    # A script of ours, which saves as one types, sends nothing twice and knows what it wrote.
    key = request.form.get(FIELD, "") if request.method == "POST" and not wants_json() else ""
    if not key:
        return view()
    sent = _sent(key, by)
    if (made := sent.before()) is not None:
        return _to(made)
    g.house, g.sent = sent.house, sent
    try:
        response = make_response(view())
    except SentTwice:
        if (made := sent.before()) is not None:
            return _to(made)
        # The first one was answered with a page of its own: the second gets what comes after it.
        g.pop("house")
        return view()
    except Exception:
        # Nothing is swallowed: a refusal, or a fault of whatever kind, goes on to whoever answers it. On its way the form is
        # freed to be sent again; only where the same form did the work meanwhile does the person go to what came of it.
        if (made := _undone(sent)) is not None:
            return _to(made)
        raise
    if response.status_code == 303 and sent.works:
        sent.settle(response.location or "")
    elif response.status_code != 303 and (made := _undone(sent)) is not None:
        # It was refused only because the same form was faster.
        return _to(made)
    return response


def settle(response: Response) -> None:
    """For an answer that is made while it is sent: the form worked, and led where this leads."""
    sent: Sending | None = g.get("sent")
    if sent is not None and sent.works:
        sent.settle(response.location or "")


def led() -> str:
    """Where the same form led that was faster."""
    sent: Sending | None = g.get("sent")
    return (sent.before() if sent is not None else "") or _ANYWHERE


def _undone(sent: Sending) -> str | None:
    """After a refusal: let the form be sent again, unless another sending of it did the work; then where that led."""
    if sent.works:
        sent.drop()
        return None
    return sent.before()


def _sent(key: str, by: int) -> Sending:
    house = cast(House, current_app.extensions["house"])
    fields = [("", request.path)]
    fields += [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf_token", FIELD, BOX_KEY)]
    return sending(house, key, fields, by=by, now=datetime.now(UTC))


def _to(made: str) -> Response:
    return make_response(redirect(made or _ANYWHERE, 303))
