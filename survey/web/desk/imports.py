"""Importing a member list: upload, preview, confirmation. Nothing is written before the last."""

from urllib.parse import quote

from flask import Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from survey.actions import proposals
from survey.domain.refusals import NotFound
from survey.domain.rosters import Plan
from survey.office.blanks import template_xlsx
from survey.office.files import BadFile
from survey.office.sheets import Reading, read_list
from survey.office.tables import Sheet, xlsx_bytes
from survey.store import units as kept
from survey.web.desk.reasons import passed, reason, same, where
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence
from survey.web.limits import takes
from survey.web.words import member_kinds, unit_kinds

# More than may be read, so that a file that is too large is told so on its own page.
MOST_UPLOAD = 16 << 20
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
    return _download(template_xlsx(_), "members.xlsx", _("党员名单模板"))


@takes(MOST_UPLOAD)
@admits(Who.SECRETARY)
def preview() -> Response:
    """What the file would add, change and refuse. The list waits in the database under a key only this page knows."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _upload(Sentence(400, _("还没有选文件"), _("请选择 .xlsx、.xls 或 .csv 格式的名单。")))
    try:
        reading = read_list(file.read(), file.filename)
    except BadFile as refused:
        text = refused.en if str(get_locale()) == "en" else refused.zh
        return _upload(Sentence(400, _("这份文件不能导入"), text))
    key, plan = proposals.propose(house(), reading.lines, by=staff(), now=now())
    return _preview(plan, key, reading)


@admits(Who.SECRETARY)
def refused(key: str) -> Response:
    """Every row that cannot be used, with its reason, to work through beside the list."""
    plan = proposals.look(house(), key, by=staff())
    several = any(each.sheet for each in plan.refused)
    header = (*((_("工作表"),) if several else ()), _("行"), _("原因"))
    rows = tuple((*((each.sheet,) if several else ()), each.number, reason(each)) for each in plan.refused)
    return _download(xlsx_bytes([Sheet(_("不能用的行"), header, rows)]), "refused.xlsx", _("不能用的行"))


@admits(Who.SECRETARY)
def confirm() -> Response:
    """Write what the preview showed."""
    try:
        done = proposals.confirm(house(), request.form.get("key", ""), by=staff(), now=now())
    except NotFound:
        said = Sentence(
            400, _("预览已经失效"), _("这一次什么也没有写入。可能刚才已经写入，也可能后来又看过别的名单。请重新选择文件，看看还有没有要写入的。")
        )
        return _upload(said)
    return make_response(render_template("desk/units/imported.html", plan=done))


def _upload(said: Sentence | None) -> Response:
    return make_response(render_template("desk/units/upload.html", said=said), said.status if said else 200)


def _preview(plan: Plan, key: str, reading: Reading) -> Response:
    with house().store.read() as db:
        names = {unit.id: unit.name for unit in kept.all_units(db)} | {unit.id: unit.name for unit in plan.units}
    text = render_template(
        "desk/units/preview.html",
        plan=plan,
        key=key,
        reading=reading,
        nameless=sum(not line.name and not line.fault for line in reading.lines),
        names=names,
        shown=SHOWN,
        kinds=member_kinds(),
        unit_kinds=unit_kinds(),
        groups=same(plan.refused),
        where=where,
        passed=passed,
    )
    return make_response(text)


def _download(data: bytes, plain: str, name: str) -> Response:
    response = make_response(data)
    response.content_type = _XLSX
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}.xlsx"
    return response
