"""Importing a member list: upload, preview, confirmation. Nothing is written before the last."""

import base64
import json
import zlib
from dataclasses import astuple
from urllib.parse import quote

from flask import Response, current_app, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from survey.actions import units
from survey.domain.rosters import Plan, Refusal, RosterLine
from survey.domain.units import MEMBER_KINDS, SECTORS, UNIT_KINDS
from survey.office.files import BadFile
from survey.office.sheets import read_table, roster, template_xlsx
from survey.store import units as kept
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence

MOST_ROWS = 20_000
SHOWN = 200
_SALT = "member list"


@admits(Who.SECRETARY)
def upload() -> Response:
    """Choose a file."""
    return _upload(None)


@admits(Who.SECRETARY)
def template() -> Response:
    """An empty list to fill in."""
    response = make_response(template_xlsx())
    response.content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = quote(_("党员名单模板"))
    response.headers["Content-Disposition"] = f"attachment; filename=\"members.xlsx\"; filename*=UTF-8''{name}.xlsx"
    return response


@admits(Who.SECRETARY)
def preview() -> Response:
    """What the file would add, change and refuse. The lines travel in the page, signed, and nowhere else."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _upload(Sentence(400, _("还没有选文件"), _("请选择 .xlsx 或 .csv 格式的名单。")))
    try:
        lines = roster(read_table(file.read(), file.filename))
    except BadFile as refused:
        text = refused.en if str(get_locale()) == "en" else refused.zh
        return _upload(Sentence(400, _("这份文件不能导入"), text))
    if len(lines) > MOST_ROWS:
        return _upload(Sentence(400, _("名单太长"), _("一次最多导入 %(most)s 行，请分成几份。", most=MOST_ROWS)))
    found = units.preview(house(), lines, by=staff())
    return _preview(found, _pack(lines))


@admits(Who.SECRETARY)
def confirm() -> Response:
    """Write what the preview showed."""
    try:
        lines = _unpack(request.form.get("lines", ""))
    except BadData:
        return _upload(Sentence(400, _("预览已经失效"), _("什么也没有写入。请重新选择文件。")))
    done = units.take_over(house(), lines, by=staff(), now=now())
    return make_response(render_template("desk/units/imported.html", plan=done))


def _upload(said: Sentence | None) -> Response:
    return make_response(render_template("desk/units/upload.html", said=said), said.status if said else 200)


def _preview(plan: Plan, lines: str) -> Response:
    with house().store.read() as db:
        names = {unit.id: unit.name for unit in kept.all_units(db)} | {unit.id: unit.name for unit in plan.units}
    text = render_template(
        "desk/units/preview.html",
        plan=plan,
        lines=lines,
        names=names,
        shown=SHOWN,
        kinds=MEMBER_KINDS,
        unit_kinds=UNIT_KINDS,
        why=reason,
    )
    return make_response(text)


def reason(refusal: Refusal) -> str:
    """Why a row is not taken, as a whole sentence."""
    facts = {"text": refusal.text, "other": refusal.other}
    sentences = {
        "code_twice": _("编号“%(text)s”在第 %(other)s 行也有，两行都没有采用。请核对后留一行。", **facts),
        "name_twice": _("“%(text)s”在同一单位的第 %(other)s 行也有，两行都没有采用。若是两个人，请加上编号。", **facts),
        "name_known_twice": _("系统里这个单位已有两位“%(text)s”，分不清是哪一位。请加上编号。", **facts),
        "no_unit": _("没有写单位。请补上所在党支部。"),
        "too_long": _("“%(text)s…”太长，姓名和单位都不能超过 100 个字。", **facts),
        "unknown_kind": _("没有“%(text)s”这种类别。可以写：%(all)s。", all="、".join(MEMBER_KINDS.values()), **facts),
        "unknown_sector": _("没有“%(text)s”这个领域。可以写：%(all)s。", all="、".join(SECTORS.values()), **facts),
        "unknown_unit_kind": _("没有“%(text)s”这种单位。可以写：%(all)s。", all="、".join(UNIT_KINDS.values()), **facts),
        "unknown_parent": _("没有上级单位“%(text)s”。请先写上级单位，再写下级单位。", **facts),
        "unit_known_twice": _("有两个单位都叫“%(text)s”，分不清是哪一个。", **facts),
    }
    return sentences[refusal.why]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt=f"{_SALT} {staff().id}")


def _pack(lines: tuple[RosterLine, ...]) -> str:
    text = json.dumps([astuple(line) for line in lines], ensure_ascii=False, separators=(",", ":"))
    return str(_signer().dumps(base64.b85encode(zlib.compress(text.encode())).decode()))


def _unpack(signed: str) -> tuple[RosterLine, ...]:
    rows = json.loads(zlib.decompress(base64.b85decode(_signer().loads(signed))))
    return tuple(RosterLine(*row) for row in rows)
