"""One's own account: where one is logged in, and another password."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from survey.actions import emails
from survey.actions import staff as verbs
from survey.actions.staff import SHORTEST_PASSWORD, Entered
from survey.domain.refusals import BadField, BadLogin, Locked, Refused
from survey.domain.texts import line
from survey.store import logins
from survey.store import staff as accounts
from survey.web.clocks import minute
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.words import staff_roles

BLUEPRINT = Blueprint("desk_me", __name__, url_prefix="/desk/me")
BLUEPRINT.register_error_handler(Refused, refused)


@BLUEPRINT.get("")
@admits(Who.STAFF)
def index() -> Response:
    """Name, logins, password."""
    done = {
        "password": _("密码已经换好，别处的登录都已结束。"),
        "ended": _("那里的登录已经结束。"),
        "email": _("邮箱已经保存。"),
    }.get(request.args.get("done", ""), "")
    return _page({}, done=done)


@BLUEPRINT.post("/password")
@admits(Who.STAFF)
def change_password() -> Response:
    """Exchange the password; every other login ends."""
    old, new, again = (request.form.get(f"{name}_password", "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise BadField(field="password", value="", why="different")
        verbs.change_password(house(), _entered(), old=old, new=new, now=now())
    except BadField as fault:
        return _page({"password": sentence(fault).text}, status=400)
    except (BadLogin, Locked) as fault:
        wait = fault.facts.get("wait")
        said = _("密码不对，请等 %(wait)s 秒再试。", wait=wait) if wait else _("密码不对，请再输一次。")
        return _page({"old": said}, status=403)
    return _back("password")


@BLUEPRINT.post("/email")
@admits(Who.STAFF)
def change_email() -> Response:
    """Write one's own mail address, or say why not and keep what was typed."""
    typed = line(request.form.get("email", ""))
    try:
        emails.change(house(), typed, by=staff(), now=now())
    except BadField as fault:
        return _page({"email": sentence(fault).text}, status=400, email=typed)
    return _back("email")


@BLUEPRINT.post("/logins/<key>/end")
@admits(Who.STAFF)
def end_login(key: str) -> Response:
    """End one of one's own logins."""
    verbs.end_login(house(), _entered(), key, now=now())
    return _back("ended")


@BLUEPRINT.post("/logins/end")
@admits(Who.STAFF)
def end_other_logins() -> Response:
    """End all of one's own logins but this one."""
    verbs.end_other_logins(house(), _entered(), now=now())
    return _back("ended")


def _entered() -> Entered:
    found: Entered = current_user.entered
    return found


def _back(done: str) -> Response:
    return make_response(redirect(url_for("desk_me.index", done=done), 303))


def _page(wrong: dict[str, str], *, status: int = 200, done: str = "", email: str | None = None) -> Response:
    with house().store.read() as db:
        mine = logins.of_staff(db, staff().id)
        own = accounts.colleague(db, staff().id)
    live = [each for each in mine if now() - each.seen < verbs.IDLE]
    more = {"logins": live, "here": _entered().digest, "person": staff(), "minute": minute, "roles": staff_roles()}
    more |= {"email": email if email is not None else own.email if own else ""}
    text = render_template("desk/me/index.html", wrong=wrong, done=done, least=SHORTEST_PASSWORD, **more)
    return make_response(text, status)
