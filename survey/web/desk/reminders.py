"""Reminders of a round: a text for each unit that is not done, one for all, and the same by mail where a server is set."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from survey import mail
from survey.actions import plans
from survey.actions import reminders as verbs
from survey.domain.plans import Planned, Standing
from survey.domain.refusals import NotFound
from survey.store import coverage, journal, reminders
from survey.store.coverage import WAITING, Wanted
from survey.store.engine import Connection
from survey.store.meetings import MOST_ID
from survey.store.reminders import Clerk
from survey.web.desk.fields import number
from survey.web.desk.rounds import BLUEPRINT, shown
from survey.web.doors import Who, admits, config, house, now, staff, today
from survey.web.lists import asked_page, pages
from survey.web.words import day, round_name

ON_A_PAGE = 50
# So many names the text for all carries; a message with more is not read.
_MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class Note:
    """The text for one unit."""

    unit: str
    text: str


@BLUEPRINT.get("/<int:round_id>/reminders")
@admits(Who.SECRETARY)
def remind(round_id: int) -> Response:
    """The texts to copy, and who can be reached by mail."""
    page = asked_page()
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
        wanted = Wanted(planned.unit, standings=WAITING)
        found, total = coverage.page(db, planned, wanted, first=(page - 1) * ON_A_PAGE, most=ON_A_PAGE)
        names = found if page == 1 and total <= ON_A_PAGE else coverage.page(db, planned, wanted, first=0, most=_MOST_NAMES)[0]
        known = reminders.clerks(db, planned)
        told = _told(db, planned)
    return shown(
        "reminders", planned=planned, total=total, page=page, pages=pages(total, ON_A_PAGE),
        notes=[Note(each.name, text(planned, each.name, each.standing)) for each in found],
        whole=text_for_all(planned, [each.name for each in names], total), told=told, today=today(), smtp=config().smtp,
        reached=[each for each in known if each.email], silent=[each for each in known if not each.email],
    )  # fmt: skip


@BLUEPRINT.post("/<int:round_id>/reminders")
@admits(Who.SECRETARY)
def send(round_id: int) -> Response:
    """Send one message to each clerk who gave an address; the next page says who got it."""
    with house().store.read() as db:
        planned = plans.own(db, round_id, by=staff())
        reached = [each for each in reminders.clerks(db, planned) if each.email]
    smtp = config().smtp
    to: dict[str, Any] = {"round_id": round_id}
    if smtp is not None and reached:
        # The line is written first: a form that is sent twice gets no further than this.
        to["told"] = verbs.note(house(), round_id, [_named(each) for each in reached], by=staff(), now=now())
        answers = mail.send(smtp, [_letter(planned, each) for each in reached])
        lost = [(_named(each), why) for each, why in zip(reached, answers, strict=True) if why]
        if lost:
            to["lost"] = verbs.note_lost(house(), round_id, lost, by=staff(), now=now())
    return make_response(redirect(url_for("desk_rounds.remind", **to), 303))


def text(planned: Planned, unit: str, standing: Standing) -> str:
    """What is asked of one unit, until when, and where."""
    wants = {
        Standing.OPEN: _("评议会正在进行，请按时封箱、计票"),
        Standing.CLOSED: _("票箱已经封好，请和监票人一起计票"),
        Standing.DRAFT: _("评议会还没有开，请定好日期和地点，开会并计票"),
    }.get(standing, _("还没有评议会，请新建、开会并计票"))
    return _("%(unit)s：“%(name)s”%(wants)s。最后一天是 %(day)s。请登录 %(address)s 办理。",
             unit=unit, name=round_name(planned), wants=wants, day=day(planned.ends_on), address=_address())  # fmt: skip


def text_for_all(planned: Planned, names: list[str], total: int) -> str:
    """One text that names them all, as far as anybody would read it."""
    listed = _("、").join(names[:_MOST_NAMES])
    if total > len(names[:_MOST_NAMES]):
        listed = _("%(names)s等", names=listed)
    return _("“%(name)s”还有 %(n)s 个单位没有评完：%(listed)s。最后一天是 %(day)s，请按时开会、计票。请登录 %(address)s 办理。",
             name=round_name(planned), n=total, listed=listed, day=day(planned.ends_on), address=_address())  # fmt: skip


def _letter(planned: Planned, clerk: Clerk) -> mail.Letter:
    subject = _("%(name)s：%(unit)s还没有评完", name=round_name(planned), unit=clerk.unit_name)
    return mail.Letter(clerk.email, subject, text(planned, clerk.unit_name, clerk.standing) + "\n")


def _told(db: Connection, planned: Planned) -> tuple[list[str], list[tuple[str, str]]] | None:
    """What the last sending did, when the address says that there was one: who was written to, and whom it did not reach."""
    told, lost = _act(db, planned, "told", "remind_round"), _act(db, planned, "lost", "mail_lost_round")
    if not told:
        return None
    missed = [(str(name), _why(str(why))) for name, why in lost.get("lost", ())]
    return [name for name in told.get("who", ()) if name not in dict(missed)], missed


def _act(db: Connection, planned: Planned, name: str, act: str) -> dict[str, Any]:
    entry = number(request.args.get(name, ""), most=MOST_ID)
    if entry is None:
        return {}
    found, detail = journal.get(db, entry)
    if found != act or detail.get("round") != planned.id:
        raise NotFound(what="act")
    return detail


def _why(why: str) -> str:
    return {
        "refused": _("邮件服务器不收这个邮箱"),
        "late": _("时间不够，没有发到这里，请过一会儿再发"),
        "login": _("邮件服务器不认登录名或密码，请管理员看看设置"),
    }.get(why, _("连不上邮件服务器，请过一会儿再发，或者请管理员看看设置"))


def _named(clerk: Clerk) -> str:
    return _("%(name)s（%(unit)s）", name=clerk.name, unit=clerk.unit_name)


def _address() -> str:
    return f"{config().url}/desk"
