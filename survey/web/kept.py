"""What was typed into a form of staff that could not be taken, because the login or the page had run out meanwhile.

It goes along through the login in the page itself, never into the store: anybody may come to this point. Then it is shown
before it is sent again, for it may be somebody else who logs in. Passwords, codes of scrutineers, keys of boxes, codes of slips and files stay behind.
"""

import json
from dataclasses import dataclass
from urllib.parse import quote_plus, urlsplit

from flask import Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from survey.web.errors import Sentence

# Bytes of the field that carries it, as a browser spells them: a form of the desk with all it takes, and its quotation marks.
MOST_KEPT = 1_200_000
_CHECKED = "csrf_token"
# What only our own pages put into a form.
_OF_THE_PAGE = frozenset({"form", "once", "seen", "revision", "key", "digest", "save", "go"})


@dataclass(frozen=True, slots=True)
class Kept:
    """Fields on their way. `files` and `secrets` say that there were some that stay behind, `is_long` that all does."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()
    files: bool = False
    secrets: bool = False
    is_long: bool = False

    @property
    def packed(self) -> str:
        """For one hidden field; empty when there is nothing to carry."""
        if not self.fields:
            return ""
        return json.dumps([self.path, self.fields, self.files, self.secrets], ensure_ascii=False, separators=(",", ":"))

    @property
    def back(self) -> str:
        """The page the form stood on, as far as an address tells; else the first page."""
        return self.path if _leads(self.path, "GET") else "/desk"

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """What people typed or chose, with the words for each field."""
        return tuple((label(name), value) for name, value in self.fields if value.strip() and name not in _OF_THE_PAGE)


def ask_to_log_in() -> Response:
    """The way to the login for whoever is not logged in: and what he sent goes with him."""
    if wants_json():
        return make_response(jsonify(login=url_for("desk_staff.login")), 401)
    if request.method in ("GET", "HEAD"):
        return make_response(redirect(url_for("desk_staff.login", next=request.full_path.rstrip("?")), 303))
    kept = typed()
    said = Sentence(401, _("登录已经过期"), _("什么也没有改动。请重新登录，然后再做一次。"))
    if kept.is_long:
        said = Sentence(401, said.title, _("内容太长，带不过登录。请返回上一页，把写的内容复制下来，再登录。"))
    elif kept.fields:
        said = Sentence(401, said.title, _("您刚才填的内容还在。请重新登录，登录后看一遍，再提交一次。"))
    return login_page(said, kept=kept, back=kept.back)


def login_page(said: Sentence | None, *, kept: Kept | None, back: str, login: str = "") -> Response:
    """The form of the login. What is kept goes on with it, whatever happens there."""
    text = render_template("desk/staff/login.html", said=said, kept=kept, next=back, login=login)
    return make_response(text, said.status if said else 200)


def offer_again() -> Response | None:
    """For a form whose token is no good: what it brought, with a fresh one. None when it may not be ours or is empty."""
    if wants_json():
        return make_response(jsonify(csrf_token=generate_csrf()), 400)
    kept = typed()
    if not kept.fields:
        return None
    return again_page(kept, status=400)


def again_page(kept: Kept, *, status: int = 200) -> Response:
    """All that was typed, to be read, and a button that sends it to where it was going."""
    return make_response(render_template("desk/staff/kept.html", kept=kept), status)


def wants_json() -> bool:
    """Whether a script of ours asked, which can keep what was typed by itself."""
    return request.accept_mimetypes.best == "application/json"


def typed() -> Kept:
    """What this request brought, as far as it may be carried."""
    every = [(name, value) for name, value in request.form.items(multi=True) if name != _CHECKED]
    fields = tuple((name, value) for name, value in every if not _is_secret(name))
    path = request.full_path.rstrip("?")
    kept = Kept(path, fields, any(each.filename for each in request.files.values()), len(fields) < len(every))
    if not _may_be_ours() or not _leads(path, "POST"):
        return Kept(path)
    # A browser that cannot send half a letter will not be given one.
    if len(quote_plus(kept.packed, errors="replace")) > MOST_KEPT:
        return Kept(path, is_long=True)
    # Nothing that a person could read and recognise: then there is nothing to send again either.
    return kept if kept.shown else Kept(path)


def unpacked(text: str) -> Kept | None:
    """What a login carried along; None when it is nothing of ours."""
    try:
        path, fields, files, secrets = json.loads(text)
        pairs = tuple((name, value) for name, value in fields)
    except (ValueError, TypeError, RecursionError):
        return None
    plain = all(isinstance(part, str) for part in (path, *(part for pair in pairs for part in pair)))
    if not plain or not pairs or not _leads(path, "POST") or any(_is_secret(name) for name, _value in pairs):
        return None
    kept = Kept(path, pairs, files is True, secrets is True)
    return kept if kept.shown else None


def label(name: str) -> str:
    """What a field is called on its page, for those that people write into; others keep their names."""
    words = {
        "title": _("名称"), "name": _("姓名"), "place": _("地点"), "reason": _("原因"), "day": _("日期"), "unit": _("单位"),
        "group": _("评议人"), "due": _("应到"), "present": _("实到"), "role": _("角色"), "text": _("内容"),
        "position": _("职务"), "code": _("编号"), "questionnaire": _("问卷"), "purpose": _("目的"), "login": _("登录名"),
        "email": _("邮箱"),
    }  # fmt: skip
    return words.get(name, name)


def _is_secret(name: str) -> bool:
    return "password" in name or name in ("scrutineer", "codes", "box_key", _CHECKED)


def _leads(path: str, method: str) -> bool:
    """Whether an address is one of the desk or the board that takes this method from staff."""
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.isprintable() or "\\" in path:
        return False
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _values = adapter.match(parts.path, method=method) if adapter else ("", None)
    except (HTTPException, RequestRedirect):
        return False
    is_staffs = endpoint.startswith(("desk", "board"))
    return is_staffs and getattr(current_app.view_functions[endpoint], "admits", "anyone") != "anyone"


def _may_be_ours() -> bool:
    """Whether the form may have stood on a page of ours, as far as a browser says.

    Over plain http it says nothing, and under our own Referrer-Policy the origin of our own forms is null: then the page
    that shows everything first is what keeps a stranger's form from being sent unread.
    """
    site, origin = request.headers.get("Sec-Fetch-Site", "same-origin"), request.headers.get("Origin", "null")
    return site in ("same-origin", "none") and origin in ("null", request.host_url.rstrip("/"))
