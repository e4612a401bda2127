"""The journal for admins: what staff did in the subtree, in sentences, to look through and to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from survey.domain.refusals import Refused
from survey.domain.texts import line
from survey.office.journals import journal_csv, journal_xlsx
from survey.store import journal_pages
from survey.store.journal import Entry
from survey.store.journal_pages import Line, Wanted
from survey.web import acts
from survey.web.clocks import minute
from survey.web.desk import office_acts
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, config, house, staff
from survey.web.lists import LONGEST_SEARCH

BLUEPRINT = Blueprint("desk_journal", __name__, url_prefix="/desk/journal")
BLUEPRINT.register_error_handler(Refused, refused)
ON_A_PAGE = 50
MOST_ROWS = 50_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the search as they were typed."""

    name: str
    place: str
    kind: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Said:
    """One act as it is read."""

    id: int
    minute: datetime
    name: str
    words: str
    unit: str
    meeting: int | None
    title: str


@BLUEPRINT.get("")
@admits(Who.ADMIN)
def index() -> Response:
    """The latest acts, and those before them."""
    asked = _asked()
    typed = request.args.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None
    wanted, wrong = _wanted(asked)
    found = [] if wrong else _said(wanted, before=before, most=ON_A_PAGE + 1)
    text = render_template(
        "desk/journal/index.html", asked=asked, wrong=wrong, kinds=kinds(), lines=found[:ON_A_PAGE], minute=minute,
        further=found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None, is_first=before is None,
        query={name: value for name, value in request.args.items() if name in Asked.__dataclass_fields__ and value},
    )  # fmt: skip
    return make_response(text, 400 if wrong else 200)


@BLUEPRINT.get("/journal.csv")
@admits(Who.ADMIN)
def csv() -> Response:
    """What the search finds, for any spreadsheet."""
    return _file("csv")


@BLUEPRINT.get("/journal.xlsx")
@admits(Who.ADMIN)
def xlsx() -> Response:
    """The same as a workbook."""
    return _file("xlsx")


def _file(kind: str) -> Response:
    wanted, wrong = _wanted(_asked())
    found = [] if wrong else _said(wanted, before=None, most=MOST_ROWS)
    header = (_("时间"), _("谁"), _("做了什么"), _("评议会"), _("单位"))
    zone = config().zone
    rows = [(f"{each.minute.astimezone(zone):%Y-%m-%d %H:%M}", each.name, each.words, each.title, each.unit) for each in found]
    response = make_response(journal_csv(header, rows) if kind == "csv" else journal_xlsx(_("操作记录"), header, rows))
    response.mimetype = "text/csv" if kind == "csv" else _XLSX
    response.headers["Content-Disposition"] = f"attachment; filename=journal.{kind}"
    return response


def kinds() -> Mapping[str, str]:
    """What an act can be about."""
    return {
        "meetings": _("评议会和计票"),
        "slips": _("票签"),
        "units": _("单位和党员"),
        "forms": _("问卷"),
        "accounts": _("账号"),
        "logins": _("登录"),
    }


def kind_of(act: str) -> str:
    """The kind of an act, by its name."""
    if act in ("issue", "void_slips"):
        return "slips"
    if act in ("login", "login_failed", "login_locked", "logins_end", "password", "new_password"):
        return "logins"
    if act in acts.WORDS or act.endswith(("_round", "_meetings")):
        return "meetings"
    if act.endswith("_draft"):
        return "forms"
    is_units = act.startswith(("unit_", "member_", "term_", "contact_")) or act in ("found", "import", "undo")
    return "units" if is_units else "accounts"


def _asked() -> Asked:
    every = {name: line(request.args.get(name, "")) for name in Asked.__dataclass_fields__}
    return Asked(**{**every, "name": every["name"][:LONGEST_SEARCH], "place": every["place"][:LONGEST_SEARCH]})


def _wanted(asked: Asked) -> tuple[Wanted, dict[str, str]]:
    wrong: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        text = getattr(asked, name)
        days[name] = _day(text)
        if text and days[name] is None:
            wrong[name] = _("“%(value)s”不是日期，请写成 2026-03-01 这样。", value=text)
    every = (*acts.WORDS, *office_acts.WORDS)
    chosen = [act for act in every if kind_of(act) == asked.kind] if asked.kind in kinds() else []
    until = days["until"]
    last = _midnight(until + timedelta(days=1)) if until is not None else None
    since = days["since"]
    return Wanted(asked.name, asked.place, chosen, _midnight(since) if since is not None else None, last), wrong


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # Midnights in other zones, and the day after, must be days, too.
    return found if 1900 <= found.year <= 9000 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), config().zone).astimezone(UTC)


def _said(wanted: Wanted, *, before: int | None, most: int) -> Sequence[Said]:
    with house().store.read() as db:
        found = journal_pages.page(db, wanted, below=staff().unit, before=before, most=most)
        names = journal_pages.groups(db, {each.meeting for each in found if each.meeting is not None})
    return [
        Said(each.id, each.minute, each.name or _("服务器上的命令"), _sentence(each, names), each.unit, each.meeting, each.title)
        for each in found
    ]


def _sentence(each: Line, names: Mapping[int, str]) -> str:
    words = (acts.WORDS | (acts.OF_SURVEYS if each.is_survey else {})).get(each.act)
    if words is not None:
        return words(Entry(each.minute, each.name, each.act, dict(each.detail)), names)
    return office_acts.said(each.act, each.detail)
