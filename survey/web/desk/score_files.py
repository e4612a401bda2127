"""Scores as a table: taken away with everybody's name in it, brought back, looked at, written whole or not at all."""

from collections.abc import Iterator, Sequence

from flask import Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _

from survey.actions import score_files as files
from survey.actions import scores as verbs
from survey.domain.refusals import NotFound, NotGraded
from survey.domain.scores import Filled, Known, Typing, Wrong, compared, locked, points_text
from survey.office.files import MOST_BYTES, BadFile
from survey.office.gradings import containing
from survey.office.score_sheets import read_scores, score_xlsx
from survey.store import grades, scores
from survey.web.desk.grades import Found, find, to
from survey.web.desk.imports import MOST_UPLOAD, download
from survey.web.desk.rounds import BLUEPRINT
from survey.web.desk.scores import sources
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.limits import takes
from survey.web.words import round_name

# So many lines a preview has at most; the rest are a number.
SHOWN = 50


@BLUEPRINT.get("/<int:round_id>/grades/scores.xlsx")
@admits(Who.SECRETARY)
def scores_file(round_id: int) -> Response:
    """Everybody of the round, with what was typed so far."""
    found = find(round_id, None)
    names = [each.name for each in sources(found)]
    with house().store.read() as db:
        kept = scores.typed(db, round_id)

    def rows() -> Iterator[Sequence[str]]:
        for place in found.roll.made.places:
            for key in found.roll.own(place.id):
                cells = (points_text(kept.get(key, {}).get(name)) for name in names)
                yield key, place.name, found.roll.made.targets[key].label, *cells

    return download(score_xlsx(names, rows()), "scores.xlsx", _("%(name)s 分数", name=round_name(found.planned)))


@BLUEPRINT.get("/<int:round_id>/grades/file")
@admits(Who.SECRETARY)
def bring_scores(round_id: int) -> Response:
    """Choose a file."""
    return _page(find(round_id, None))


@takes(MOST_UPLOAD)
@BLUEPRINT.post("/<int:round_id>/grades/file")
@admits(Who.SECRETARY)
def preview_scores(round_id: int) -> Response:
    """What the table would change, or every cell that cannot be used; nothing is written."""
    found = find(round_id, None)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(found, Sentence(400, _("还没有选文件"), _("请选择填好分数的表格，.xlsx、.xls 或 .csv。")))
    if found.grading.is_ended:
        return _page(found, sentence(NotGraded(why="ended")))
    try:
        lines = read_scores(file.read(), file.filename, [each.name for each in sources(found)])
    except BadFile as fault:
        return _page(found, Sentence(400, _("这份文件不能导入"), fault.en if str(get_locale()) == "en" else fault.zh))
    some, wrong = compared(lines, _known(found, lines))
    key = files.propose(house(), round_id, some, by=staff(), now=now()) if some and not wrong else ""
    return _previewed(found, some, wrong, key)


@BLUEPRINT.post("/<int:round_id>/grades/file/confirm")
@admits(Who.SECRETARY)
def confirm_scores(round_id: int) -> Response:
    """Write what the preview showed."""
    found, key = find(round_id, None), request.form.get("key", "")
    try:
        some = files.waiting(house(), round_id, key, by=staff())
        wanted = verbs.Typed(found.place.id, found.place.name, some, containing(found.roll, {each.target for each in some}))
        verbs.write(house(), round_id, wanted, by=staff(), now=now())
    except NotFound:
        return _page(found, Sentence(400, _("预览已经失效"), _("可能刚才已经写入，也可能后来又看过别的表。请重新选择文件，看看还有没有要写入的。")))
    except NotGraded as refused:
        return _page(found, sentence(refused))
    files.forget(house(), key, by=staff())
    return to(round_id)


def said(each: Wrong) -> str:
    """What is wrong with a row, where, and what to do."""
    column = {"row": each.number, "column": each.column, "value": each.value}
    return {
        "unknown": _("第 %(row)s 行：编号“%(value)s”不在这一轮单独评出结果的单位和党员里。请照下载的表填，不要改“编号”。", row=each.number, value=each.value),
        "name": _("第 %(row)s 行：“%(value)s”和编号对不上，可能错了行。请照下载的表改好。", row=each.number, value=each.value),
        "twice": _("第 %(row)s 行：“%(value)s”前面已经有一行。请删去一行。", row=each.number, value=each.value),
        "formula": _("第 %(row)s 行“%(column)s”列：是一个没有结果的公式。请直接填数。", row=each.number, column=each.column),
        "decided": _("第 %(row)s 行“%(column)s”列：%(value)s的等次已经定了，分数不能再改。请先把等次改回“未定”，或者不改这个分数。", **column),
    }.get(each.why, _("第 %(row)s 行“%(column)s”列：“%(value)s”不是 0 到 100 的数，最多两位小数。请改好。", **column))


def _known(found: Found, lines: Sequence[Filled]) -> dict[str, Known]:
    targets = found.roll.made.targets
    keys = [key for key in dict.fromkeys(each.key for each in lines) if key in targets]
    above = containing(found.roll, keys)
    with house().store.read() as db:
        decided = grades.decided_of(db, found.planned.id, [*keys, *(key for some in above.values() for key in some)])
        kept = scores.typed(db, found.planned.id)
    fixed = locked(keys, decided, above)
    return {key: Known(targets[key].label, targets[key].unit, kept.get(key, {}), key in fixed) for key in keys}


def _page(found: Found, said: Sentence | None = None) -> Response:
    text = render_template("desk/grades/bring.html", planned=found.planned, sources=sources(found), grading=found.grading, said=said, most_mb=MOST_BYTES >> 20)
    return make_response(text, said.status if said else 200)


def _previewed(found: Found, some: Sequence[Typing], wrong: Sequence[Wrong], key: str) -> Response:
    text = render_template(
        "desk/grades/brought.html", planned=found.planned, some=some[:SHOWN], more=max(0, len(some) - SHOWN), n=len(some), key=key,
        wrong=[said(each) for each in wrong[:SHOWN]], more_wrong=max(0, len(wrong) - SHOWN), n_wrong=len(wrong), points_text=points_text,
    )  # fmt: skip
    return make_response(text, 400 if wrong else 200)
