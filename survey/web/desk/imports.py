"""Importing a member list: upload, preview, confirmation. Nothing is written before the last."""


from flask import Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from survey.actions import proposals, undos
from survey.actions.trees import Ask
from survey.domain.refusals import NotFound, Refused
from survey.domain.rosters import Plan
from survey.office.blanks import template_xlsx
from survey.office.files import MOST_BYTES, BadFile
from survey.office.sheets import MOST_ROWS, Reading, read_steps
from survey.office.tables import Sheet, rows_xlsx, xlsx_bytes
from survey.store import outlines, terms, units
from survey.web.desk.differences import differences
from survey.web.desk.halls import refused as refused_page
from survey.web.desk.reasons import passed, reason, same, where
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.downloads import attached
from survey.web.errors import Sentence
from survey.web.limits import takes
from survey.web.progress import Work, answered
from survey.web.words import member_kinds, sectors, unit_kinds

# More than may be read, so that a file that is too large is told so on its own page.
MOST_UPLOAD = 36 << 20
# What a page lists of each kind of row: it must open on an old phone whatever the file holds.
SHOWN = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admits(Who.SECRETARY)
def upload() -> Response:
    """Choose a file."""
    return _upload(None)


@admits(Who.SECRETARY)
def template() -> Response:
    """An empty list to fill in."""
    with house().store.read() as db:
        words = terms.all_terms(db)
    return download(template_xlsx(_, words), "members.xlsx", _("党员名单模板"))


@takes(MOST_UPLOAD)
@admits(Who.SECRETARY)
def preview() -> Response:
    """What the file would add, change and refuse. The list waits in the database under a key only this page knows."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _upload(Sentence(400, _("还没有选文件"), _("请选择 .xlsx、.xls 或 .csv 格式的名单。")))
    return answered(_previewed(file.read(), file.filename))


def _previewed(data: bytes, name: str) -> Work:
    try:
        reading = yield from read_steps(data, name)
    except BadFile as fault:
        text = fault.en if str(get_locale()) == "en" else fault.zh
        return _upload(Sentence(400, _("这份文件不能导入"), text))
    try:
        key, plan = yield from proposals.propose_steps(house(), reading.lines, _ask())
    except Refused as fault:
        return refused_page(fault)
    return _preview(plan, key, reading)


@admits(Who.SECRETARY)
def refused(key: str) -> Response:
    """Every row that cannot be used, with its reason, to work through beside the list."""
    plan = proposals.look(house(), key, _ask())
    with house().store.read() as db:
        words = terms.all_terms(db)
    several = any(each.sheet for each in plan.refused)
    header = (*((_("工作表"),) if several else ()), _("行"), _("原因"))
    rows = tuple((*((each.sheet,) if several else ()), each.number, reason(each, words)) for each in plan.refused)
    return download(xlsx_bytes([Sheet(_("不能用的行"), header, rows)]), "refused.xlsx", _("不能用的行"))


@admits(Who.SECRETARY)
def report(key: str) -> Response:
    """All that the list would do, row by row and field by field."""
    plan = proposals.look(house(), key, _ask())
    with house().store.read() as db:
        tree, words = units.all_units(db), terms.all_terms(db)
    return download(rows_xlsx(differences(plan, tree, words)), "differences.xlsx", _("名单的差异"))


@admits(Who.SECRETARY)
def confirm() -> Response:
    """Write what the preview showed; with `whole`, who is not on the list has left."""
    return answered(_confirmed(request.form.get("key", ""), whole="whole" in request.form))


def _confirmed(key: str, *, whole: bool) -> Work:
    try:
        done, undo = yield from proposals.confirm_steps(house(), key, _ask(), whole=whole)
    except NotFound:
        return _again(key)
    except Refused as fault:
        return refused_page(fault)
    left = len(done.missing) if whole else 0
    return make_response(render_template("desk/units/imported.html", plan=done, left=left, undo=undo))


def _again(key: str) -> Response:
    """A list that waits no more: a second click, or the page was reloaded, and what the first one did; else what to do."""
    undo = proposals.confirmed(house(), key, by=staff())
    try:
        act = undos.look(house(), undo or "", by=staff())
    except NotFound:
        said = Sentence(
            400, _("预览已经失效"), _("这一次什么也没有写入。可能刚才已经写入，也可能后来又看过别的名单。请重新选择文件，看看还有没有要写入的。")
        )
        return _upload(said)
    return make_response(render_template("desk/members/done.html", act=act, key=undo))


def download(data: bytes, plain: str, name: str, *, kind: str = _XLSX) -> Response:
    """A file to keep, under its name in the language of the page."""
    response = make_response(data)
    response.content_type = kind
    return attached(response, f"{name}.{plain.rpartition('.')[2]}", plain=plain)


def _ask() -> Ask:
    return Ask(staff(), now(), today())


def _upload(said: Sentence | None) -> Response:
    with house().store.read() as db:
        _branches, anybody = outlines.branches(db, staff().unit)
    text = render_template("desk/units/upload.html", said=said, most_rows=MOST_ROWS, most_mb=MOST_BYTES >> 20, anybody=anybody)
    return make_response(text, said.status if said else 200)


def _preview(plan: Plan, key: str, reading: Reading) -> Response:
    with house().store.read() as db:
        names = {unit.id: unit.name for unit in units.all_units(db)} | {unit.id: unit.name for unit in plan.units}
        words = terms.all_terms(db)
    text = render_template(
        "desk/units/preview.html",
        plan=plan,
        key=key,
        reading=reading,
        nameless=sum(not line.name and not line.fault for line in reading.lines),
        names=names,
        shown=SHOWN,
        kinds=member_kinds(words, retired=True),
        sectors=sectors(words, retired=True),
        unit_kinds=unit_kinds(),
        groups=same(plan.refused, words),
        where=where,
        passed=passed,
        today=today(),
    )
    return make_response(text)
