"""What goes wrong in the booth becomes a page; a log line holds the route's name and the exception's type, no more."""

import logging

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from survey.domain.meetings import Stage
from survey.domain.refusals import Away, NoRoom, NotFound, Refused, UnknownCode, UsedCode, WrongStage
from survey.web.booth import pages
from survey.web.booth.pages import csp, respond, sealed
from survey.web.errors import Sentence, sentence, shortage

log = logging.getLogger("pingyi")

RETRY_SECONDS = "5"
# The last word when even a template cannot be made.
_BARE = (
    "<!doctype html><meta charset=utf-8><title>评议</title><p>这一步没有做成。什么也没有丢，请等一会儿再试一次。</p>"
    "<p lang=en>This step did not work. Nothing is lost. Wait a moment and try again.</p>"
)


def refused(fault: Refused) -> Response:
    """A refusal as one message on one page."""
    if isinstance(fault, Away):
        if isinstance(fault, NoRoom):
            text = _("服务器暂时收不下，您填的都还在这一页上。请告诉工作人员，等一会儿再试一次。")
            return _kept(Sentence(503, _("现在投不进去"), text))
        if request.method == "POST":
            return _kept(
                Sentence(503, _("现在投不进去"), _("服务器暂时忙不过来，您填的都还在这一页上。请等一会儿再试一次。"))
            )
        return _kept(Sentence(503, _("现在打不开"), _("服务器暂时忙不过来，什么也没有丢。请等一会儿再试一次。")))
    if isinstance(fault, WrongStage) and fault.facts.get("stage") == Stage.PAUSED.value:
        return _paused(fault)
    said = sentence(fault)
    title = str(fault.facts.get("title", ""))
    if isinstance(fault, UsedCode):
        tracker, entry = fault.facts.get("tracker", ""), fault.facts.get("entry", "")
        page = pages.render(
            "booth/slips/used.html", scripts=("done",), said=said, title=title, tracker=tracker, entry=entry
        )
        return respond(page, said.status)
    kind = {UnknownCode: "unknown", WrongStage: "closed", NotFound: "unknown"}.get(type(fault), "refused")
    return respond(pages.render("booth/message.html", said=said, title=title, kind=kind), said.status)


def malformed(fault: HTTPException) -> Response:
    """What no ballot and no browser sends: too large, not readable."""
    if isinstance(fault, RequestEntityTooLarge):
        said = Sentence(
            413, _("内容太大"), _("发来的内容比一张评议票大得多，没有收下。请返回评议票，把意见删短一些再提交。")
        )
    else:
        said = Sentence(fault.code or 400, _("这个请求看不明白"), _("什么也没有改动。请返回上一页再试一次。"))
    return respond(pages.render("booth/message.html", said=said, title="", kind="refused"), said.status)


def unexpected(fault: Exception) -> Response:
    """A fault of ours. A traceback could hold what somebody chose, so type and route name must do."""
    log.error("%s %s", request.endpoint, type(fault).__name__)
    said = Sentence(
        500, _("这一步没有做成"), _("是程序的毛病，不是您的错，什么也没有丢。请再试一次；还不行，请告诉工作人员。")
    )
    try:
        short = shortage(fault)
        return _kept(said) if short is None else refused(short)
    except Exception as second:  # rendering or reading the form failed too, and nothing may reach a louder log
        log.error("%s %s", request.endpoint, type(second).__name__)
        return sealed(Response(_BARE, 500, content_type="text/html; charset=utf-8"), csp([]))


def _paused(fault: WrongStage) -> Response:
    """Nothing is taken for a while: no error and no end. What was sent stays on the page; a page to come looks again by itself."""
    title = _("现在暂停投票")
    if request.method == "POST" and request.form:
        text = _("您填的都还在这一页上。请等主持人宣布恢复，再点下面的按钮。")
        return _kept(Sentence(409, title, text), kind="paused")
    said = Sentence(409, title, _("请等主持人宣布恢复，这一页会自己再试。"))
    named = str(fault.facts.get("title", ""))
    return respond(pages.render("booth/message.html", scripts=("wait",), said=said, title=named, kind="paused"), 409)


def _kept(said: Sentence, *, kind: str = "kept") -> Response:
    """A page that keeps what was sent and sends it again at a tap."""
    fields = [(name, value) for name, values in request.form.lists() for value in values]
    page = pages.render("booth/ballots/kept.html", said=said, fields=fields, is_post=request.method == "POST", kind=kind)
    response = respond(page, said.status)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response
