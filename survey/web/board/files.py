"""Results to take away: a long table as .csv, a workbook, and the seal itself."""

from collections.abc import Iterator
from decimal import Decimal

from flask import Response
from flask_babel import gettext as _
from flask_babel import pgettext

from analysis import report
from analysis.cells import Cell, csv_bytes
from analysis.charts import Bar
from survey.domain.refusals import NotFound
from survey.office.figures import as_scale
from survey.web.board import elections
from survey.web.board.face import counted, shown
from survey.web.board.labels import labels
from survey.web.board.others import NO_DATA, share
from survey.web.board.pictures import branch_plan, member_plans, target_plan
from survey.web.board.results import Found, Result
from survey.web.board.tables import ALL, KEYS, RATES, answers, middles, rows
from survey.web.doors import Who, admits
from survey.web.downloads import attached
from survey.web.words import meeting_title

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@admits(Who.STAFF)
def table(meeting_id: int) -> Response:
    """Every figure of the pages in one long table."""
    here, result = shown(meeting_id)
    labels = answers(result)
    header = (*KEYS, *(f"n_{label}" for label in labels), *RATES, *middles(result))
    body = csv_bytes(header, rows(here, result, labels))
    return download(body, here, kind="csv", mimetype="text/csv; charset=utf-8")


@admits(Who.STAFF)
def votes(meeting_id: int) -> Response:
    """Every election of the meeting: a row per candidate, with votes, rank and outcome."""
    here, result = shown(meeting_id)
    if not result.polls:
        raise NotFound(what="target")
    body = csv_bytes(elections.COLUMNS, elections.rows(result))
    return download(body, here, kind="votes.csv", mimetype="text/csv; charset=utf-8", what=_("得票"))


@admits(Who.STAFF)
def workbook(meeting_id: int) -> Response:
    """The same figures for Excel and WPS, with charts they draw themselves."""
    here, result = shown(meeting_id)
    body = report.workbook([_account(here, result), *_voted(result), *_charted(here, result), _figures(here, result)], foot=meeting_title(here.meeting.title))
    return download(body, here, kind="xlsx", mimetype=XLSX)


@admits(Who.STAFF)
def seal(meeting_id: int) -> Response:
    """The seal, byte for byte what its SHA-256 is of."""
    here, result = counted(meeting_id)
    return download(result.seal.encode(), here, kind="seal.json", mimetype="application/json")


def _account(here: Found, result: Result) -> report.Plain:
    whole, scheme = result.total, result.round.scheme
    said: tuple[tuple[Cell, ...], ...] = (
        (_("单位"), here.unit.name),
        (_("调查") if here.meeting.is_survey else _("评议会"), here.meeting.title),
        (_("日期"), here.meeting.held_on.isoformat()),
        (_("应到"), whole.due),
        (_("实到"), whole.present),
        (_("发出"), whole.issued),
        (_("收回"), whole.returned),
        *(((_("无效"), whole.spoiled), (_("有效"), whole.valid)) if result.tells_valid else ()),
        (_("弃权"), whole.abstained),
        (_("回收率 %"), _number(share(whole.returned, whole.issued, scheme=scheme))),
        (_("参评率 %"), _number(share(whole.returned, whole.due, scheme=scheme))),
        (_("封存记录的 SHA-256"), result.sha256),
    )
    weights = result.weighing.shares if result.weighing is not None else ()
    told = tuple((_("权重：%(group)s", group=each.name), each.weight) for each in weights)
    return report.Plain(_("会议"), (_("项目"), _("内容")), said + told)


def _voted(result: Result) -> Iterator[report.Plain]:
    """Every election with its rule and its outcome above its votes."""
    for each in elections.tables(result):
        heads = [_("名次"), _("候选人"), _("得票"), *([_("反对"), _("弃权")] if each.has_against else []), _("占比 %"), _("结果")]
        lines: list[tuple[Cell, ...]] = []
        for row in each.rows:
            other = (row.against, row.abstained) if each.has_against else ()
            lines.append((row.rank, row.label, row.votes, *other, _number(row.share), row.word))
        lines += [(None, text) for text in (each.rule, each.said, each.others, each.of) if text]
        yield report.Plain(f"{_('得票')} {each.number}", tuple(heads), tuple(lines))


def _charted(here: Found, result: Result) -> Iterator[report.Sheet]:
    """The branch by question, or several branches side by side, and the members side by side, each with its chart."""
    several, decimals = branch_plan(here, result), result.round.scheme.decimals
    if several is not None:
        yield report.Sheet(_("单位"), several.words.title, several.bars, several.scale, head=_("单位"), together=True, decimals=decimals, labels=labels())
    for sheet in (*(() if several else result.units), *result.general):
        if sheet.whole is not None and not sheet.is_polled:
            plan = target_plan(sheet, result)
            figures = as_scale(sheet.whole, plan.scale)
            whole = Bar(_("合计"), figures.counts, figures.blank, total=True)
            bars = (*plan.bars, whole) if len(plan.bars) > 1 else plan.bars
            yield report.Sheet(sheet.target.label, plan.words.title, bars, plan.scale, decimals=decimals, labels=labels())
    plans = member_plans(here, result)
    if plans:
        bars = tuple(bar for plan in plans for bar in plan.bars)
        title = f"{here.unit.name} · {pgettext('heading', '党员')}"
        yield report.Sheet(_("党员"), title, bars, plans[0].scale, head=_("党员"), together=True, decimals=decimals, labels=labels())


def _figures(here: Found, result: Result) -> report.Plain:
    labels = answers(result)
    extra = middles(result)
    names = (*KEYS, *labels, *RATES, *extra)
    heads = {
        "unit": _("单位"), "member": _("党员"), "group": _("类别"), "item": _("题目"), "ballots": _("收回"),
        "valid": _("有效"), "blank": _("未选"), **{label: label for label in labels},
        "narrow_percent": _("满意率 %"), "wide_percent": _("以上率 %"), "score": _("得分"), "marked": _("得票"),
        "shown": _("说明"),
    }
    if extra:
        heads |= {"mean": _("平均数"), "median": _("中位数")}
    lines = []
    for row in rows(here, result, labels):
        cells = dict(zip(names, row, strict=True))
        for name in ("narrow_percent", "wide_percent", "score", *extra):
            cells[name] = _number(cells[name])
        cells["item"] = _("合计") if cells["item"] == ALL else cells["item"]
        cells["shown"] = None if cells["shown"] else _("人数不足")
        lines.append(tuple(cells[name] for name in heads))
    return report.Plain(_("结果"), tuple(heads.values()), tuple(lines))


def _number(printed: Cell) -> Cell:
    """A printed figure as a number a spreadsheet can reckon with; what is no number stays as it is."""
    return Decimal(printed) if isinstance(printed, str) and printed != NO_DATA else printed


def download(body: bytes, here: Found, *, kind: str, mimetype: str, what: str = "") -> Response:
    """A file under the name of the unit and the day; `what` it is when it is not the figures."""
    said = what or (_("调查结果") if here.meeting.is_survey else _("评议结果"))
    name = f"{here.unit.name} {here.meeting.held_on:%Y-%m-%d} {said}.{kind}"
    return attached(Response(body, content_type=mimetype), name, plain=f"meeting-{here.meeting.id}.{kind}")
