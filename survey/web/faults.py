"""What no blueprint caught: unknown addresses, oversized bodies, stale forms, faults of ours. Always a sentence."""

import logging

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from survey.domain.refusals import NotFound, Refused
from survey.web.errors import Sentence, sentence, shortage
from survey.web.kept import ask_to_log_in, login_page, offer_again, unpacked

log = logging.getLogger("pingyi")


def refuse_plainly(app: Flask) -> None:
    """Register the last handlers. A log line here never holds an address, a code or a field."""
    app.logger.addFilter(_type_alone)
    app.register_error_handler(Refused, lambda refused: page(sentence(refused)))
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _type_alone(record: logging.LogRecord) -> bool:
    """Of Flask's own lines keep the type of the exception.

    A Host header of 300 letters fails before any handler of ours is asked, and Flask then logs the address of the page (for
    a voter: the code) with the whole traceback. So does an error in an error page.
    """
    fault = record.exc_info[0] if record.exc_info else None
    record.msg, record.args = "%s outside every page", (fault.__name__ if fault else "a fault",)
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def page(said: Sentence) -> Response:
    """One message, one page, for whoever came here."""
    return make_response(render_template("message.html", said=said), said.status)


def _stale_form(_refused: CSRFError) -> Response:
    """A token of another session: the page is old, or the form is not ours. What was typed is not lost by it."""
    said = Sentence(400, _("这个页面放得太久了"), _("什么也没有改动。请返回上一页，刷新后再做一次。"))
    if request.endpoint == "desk_staff.enter":
        # Nobody types his password into a page that stood open all night only to be told to type it again elsewhere.
        again = Sentence(400, said.title, _("还没有登录。请在这里再登录一次。"))
        kept = unpacked(request.form.get("kept", ""))
        return login_page(again, kept=kept, back=request.form.get("next", ""), login=request.form.get("login", ""))
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "admits", "anyone") == "anyone":
        return page(said)
    return (offer_again() or page(said)) if current_user.is_authenticated else ask_to_log_in()


def _http(fault: HTTPException) -> Response:
    if isinstance(fault, InternalServerError) and isinstance(fault.original_exception, Exception):
        # The page of a refusal failed, too.
        return _fault(fault.original_exception)
    if fault.code == 404 or fault.code is None:
        return page(sentence(NotFound()))
    words = {
        405: (_("这个地址不能这样打开"), _("请从首页重新进入。")),
        413: (_("内容太大"), _("文件或文字超过了上限，什么也没有改动。请减小后再试。")),
        414: (_("网址太长"), _("要找的词写得太长了，什么也没有改动。请返回上一页，写短一些再试。")),
    }
    if fault.code in (301, 302, 303, 307, 308):
        return make_response(fault.get_response())
    title, text = words.get(fault.code, (_("这个请求看不明白"), _("什么也没有改动。请返回上一页再试一次。")))
    return page(Sentence(fault.code, title, text))


def _fault(fault: Exception) -> Response:
    # Type and route name are enough to find it; a traceback could hold what somebody typed.
    log.error("%s %s", request.endpoint or "no route", type(fault).__name__)
    short = shortage(fault)
    if short is not None:
        return page(sentence(short))
    return page(Sentence(500, _("这一步没有做成"), _("是程序的毛病，不是您的错。请再试一次；还不行，请告诉管理员。")))
