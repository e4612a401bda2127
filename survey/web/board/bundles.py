"""All sheets of a unit of a published round in one file: ask for it, watch it grow, stop it, take it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, current_app, jsonify, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from survey.actions import bundles as verbs
from survey.actions import plans
from survey.actions.rights import check_sees
from survey.domain.bundles import Bundle, Format, Reach, State, Wanted
from survey.domain.refusals import BadField, NoBundle, NotFound, NotPublished
from survey.store import bundles
from survey.store.bundle_files import BundleFiles
from survey.store.units import unit_ids_below
from survey.web.board.bundle_sheets import reached, scope
from survey.web.board.publications import find
from survey.web.board.roll_ups import Node
from survey.web.doors import Who, admits, config, house, now, staff
from survey.web.downloads import attached
from survey.web.ids import id_of
from survey.web.languages import choose_language, language_name
from survey.web.words import round_name

_MINUTE, _KILO = 60, 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """A bundle as its page tells of it. `state` is its own, or that its file is gone or may not be taken; `until` is the day it
    will be removed."""

    bundle: Bundle
    state: str
    what: str
    said: str
    until: date | None
    size: str


@admits(Who.STAFF)
def page(round_id: int, unit_id: int) -> str:
    """What there is, how far it has come, and what else may be asked for."""
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        found, below = bundles.of_unit(db, round_id, unit_id), unit_ids_below(db, unit_id)
        is_wanted = bundles.is_wanted(db, now())
    if seen.reading is None:
        return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
    _start(is_wanted)
    inside = scope(reached(seen.reading, unit_id, below))
    shown = [_shown(each, inside) for each in found]
    return render_template("board/rounds/bundles.html", seen=seen, planned=seen.planned, unit=seen.reading.roll.place(unit_id),
                           shown=shown, formats=_formats(), reaches=_reaches(seen.node), is_busy=any(each.bundle.is_under_way for each in shown))  # fmt: skip


@admits(Who.STAFF)
def begin(round_id: int, unit_id: int) -> Response:
    """Ask for one; the same one when it is there already."""
    reach = _reach(round_id, unit_id)
    try:
        what = Format(request.form.get("format", "")), Reach(request.form.get("reach", ""))
        language = request.form.get("language") or choose_language()
        language_name(language)
    except (ValueError, KeyError) as fault:
        raise BadField(field="bundle", value=str(fault.args[0])[:60], why="unknown") from fault
    verbs.ask(house(), Wanted(round_id, unit_id, *what, language), _files(), scope=reach, by=staff(), now=now())
    _start(True)
    return _back(round_id, unit_id)


@admits(Who.STAFF)
def stop(round_id: int, unit_id: int) -> Response:
    """Give one up."""
    verbs.stop(house(), _chosen(round_id, unit_id, request.form).id, _files(), by=staff(), now=now())
    return _back(round_id, unit_id)


@admits(Who.STAFF)
def state(round_id: int, unit_id: int) -> Response:
    """How far each has come, for the script of the page."""
    with house().store.read() as db:
        check_sees(staff(), unit_id)
        plans.look(db, round_id, by=staff())
        found = bundles.of_unit(db, round_id, unit_id)
        is_wanted = bundles.is_wanted(db, now())
    _start(is_wanted)
    return jsonify(bundles=[{"id": each.id, "state": each.state.value, "done": each.done, "whole": each.whole, "said": _said(each, each.state.value)} for each in found])


@admits(Who.STAFF)
def file(round_id: int, unit_id: int) -> Response:
    """The finished file; a browser that lost the line goes on where it was.

    Raises
    ------
    NoBundle
        It is not finished, lies here no more, or holds a unit that belongs elsewhere by now.
    """
    bundle = _chosen(round_id, unit_id, request.args)
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        below = unit_ids_below(db, unit_id)
    if bundle.state is not State.DONE:
        raise NoBundle(why="unfinished")
    path = _files().whole(bundle.key)
    if seen.reading is None or scope(reached(seen.reading, unit_id, below)) != bundle.scope:
        raise NoBundle(why="moved")
    if path is None:
        raise NoBundle(why="gone")
    name = f"{seen.reading.roll.place(unit_id).name} {round_name(seen.planned)} {_what(bundle.wanted)}.zip"
    return attached(send_file(path, mimetype="application/zip", conditional=True), name, plain=f"sheets-{round_id}-{unit_id}.zip")


def _reach(round_id: int, unit_id: int) -> str:
    """What names the units that a bundle of this one reaches.

    Raises
    ------
    NotPublished, NotFound
        The round is not published yet, or the unit is not in it.
    """
    with house().store.read() as db:
        seen, below = find(db, round_id, unit_id), unit_ids_below(db, unit_id)
    if seen.published is None:
        raise NotPublished(why="yet")
    if seen.reading is None:
        raise NotFound(what="unit")
    return scope(reached(seen.reading, unit_id, below))


def _chosen(round_id: int, unit_id: int, asked: Mapping[str, str]) -> Bundle:
    """The bundle a form or an address names, of this very unit of this round."""
    number = id_of(asked.get("bundle", ""))
    with house().store.read() as db:
        found = bundles.get(db, number) if number is not None and staff().sees(unit_id) else None
    if found is None or (found.wanted.round, found.wanted.unit) != (round_id, unit_id):
        raise NotFound(what="bundle")
    return found


def _start(is_wanted: bool) -> None:
    """See that somebody works, where this server may start somebody."""
    packers = current_app.extensions.get("packers")
    if is_wanted and packers is not None:
        packers.start()


def _files() -> BundleFiles:
    return BundleFiles(config().instance)


def _back(round_id: int, unit_id: int) -> Response:
    return make_response(redirect(url_for("board.bundles", round_id=round_id, unit_id=unit_id), 303))


def _formats() -> Mapping[Format, str]:
    return {Format.PDF: "PDF", Format.WORD: "Word", Format.BOTH: _("PDF 和 Word")}


def _reaches(node: Node) -> Mapping[Reach, str]:
    """About whom there may be sheets; without members that are shown, about units alone."""
    n = node.member_tally.all
    both = ngettext("各单位和 %(n)s 名党员，一人一份", "各单位和 %(n)s 名党员，一人一份", n, n=n)
    return {Reach.UNITS: _("各单位，一个单位一份")} | ({Reach.MEMBERS: both} if n else {})


def _what(wanted: Wanted) -> str:
    reach = _("单位的报告") if wanted.reach is Reach.UNITS else _("单位和党员的报告")
    return _("%(reach)s，%(format)s，%(language)s", reach=reach, format=_formats()[wanted.format], language=language_name(wanted.language))


def _shown(bundle: Bundle, inside: str) -> Shown:
    state = bundle.state.value
    if bundle.state is State.DONE:
        state = "moved" if bundle.scope != inside else "gone" if _files().whole(bundle.key) is None else state
    until = bundle.until.astimezone(config().zone).date() if bundle.until is not None else None
    return Shown(bundle, state, _what(bundle.wanted), _said(bundle, state), until, _size(bundle.size or 0))


def _said(bundle: Bundle, state: str) -> str:
    """Where it stands, and what to do where something is to be done."""
    if state == "gone":
        return _("做好过，但是压缩包已经不在这台服务器上。请重新做。")
    if state == "moved":
        return _("做好以后，里面的单位有了变动，不能再下载。请重新做。")
    if bundle.state is State.DONE:
        return ngettext("已经做好，共 %(n)s 份。", "已经做好，共 %(n)s 份。", bundle.whole, n=bundle.whole)
    if bundle.state is State.STOPPED:
        return _("已经停止，做好的报告都删除了。")
    far = _("已做 %(done)s / %(whole)s 份。", done=bundle.done, whole=bundle.whole) if bundle.whole else ""
    if bundle.state is State.FAILED:
        why = {
            "disk": _("服务器的磁盘满了，停了下来。请管理员腾出空间，再接着做。"),
            "memory": _("服务器的内存不够，停了下来。请管理员加大内存，再接着做。"),
        }
        return far + why.get(bundle.why, _("有一份做不出来，停了下来。请告诉管理员，再接着做。"))
    if bundle.state is State.WAITING:
        return far + _("正在等待，马上就做。")
    return far + _left(bundle)


def _left(bundle: Bundle) -> str:
    if not bundle.whole:
        return _("正在准备。")
    if bundle.done == bundle.whole:
        return _("正在装进压缩包。")
    if bundle.seconds is None:
        return ""
    if bundle.seconds < _MINUTE:
        return _("不到一分钟就好。")
    n = -(-bundle.seconds // _MINUTE)
    return ngettext("大约还要 %(n)s 分钟。", "大约还要 %(n)s 分钟。", n, n=n)


def _size(n: int) -> str:
    """As people say it: the browser says the same while it downloads."""
    for unit in ("kB", "MB"):
        n = -(-n // _KILO)
        if n < _KILO:
            return f"{n} {unit}"
    return f"{n / _KILO:.1f} GB"
