"""A half-year or a year to take away: the figures of its page as PDF, as a workbook and as one table; by the writers of a round."""

from collections.abc import Iterator, Sequence
from functools import partial

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis import report
from analysis.cells import Cell as Value
from analysis.cells import csv_bytes
from analysis.charts import png
from analysis.trends import told as said
from analysis.trends import trend
from survey.domain.questionnaires import Audience
from survey.domain.rounds import FEWEST
from survey.office.period_figures import Over
from survey.office.report_pdf import report_pdf
from survey.office.reports import (
    Block,
    Cell,
    Column,
    Content,
    Figure,
    Figures,
    Part,
    Picture,
    Report,
    Table,
    Words,
    columns,
)
from survey.web.board.changes import Change
from survey.web.board.figures import Rate
from survey.web.board.others import NO_DATA, share
from survey.web.board.period_figures import Line, Row, Told
from survey.web.board.period_plans import unit_plan
from survey.web.board.pictures import alone
from survey.web.board.round_workbooks import MOST_CHARTED, charted, number, rate_heads, rates_of
from survey.web.board.sheet_frames import lang, sentences
from survey.web.board.sheet_tables import bar, key, rate_columns, verdict_words
from survey.web.board.sheet_tables import rates_of as cells_of
from survey.web.scheme_words import rules
from survey.web.words import quarter, round_name

_NONE: tuple[Value, ...] = (None, None, None)
_DASHES: tuple[Content, ...] = (NO_DATA, NO_DATA, NO_DATA)


def period_pdf(made: Told) -> bytes:
    """What the page says, on A4."""
    parts = (Part("", (Figures(_figures(made)),)), _turns_part(made), *_below_parts(made), *_question_parts(made), _how_part(made))
    name = made.place.name
    return report_pdf(Report(name, when(made), sentence(made), tuple(parts), f"{name} · {quarter(made.span.key)}", lang()), _)


def period_workbook(made: Told) -> bytes:
    """The same for Excel and WPS, with charts they draw."""
    heads, scheme, title = rate_heads(), made.span.scheme, f"{made.place.name} · {quarter(made.span.key)}"
    sheets: list[report.Sheet | report.Plain] = [report.Plain(_("总览"), (_("项目"), _("内容")), [*_overview(made)], (34, 44))]
    turned = (_("轮次"), _("收回"), _("发出"), *(f"{what} · {head}" for what in (_("单位"), _("党员")) for head in heads), _("说明"))
    sheets.append(report.Plain(_("各轮次"), turned, [*_turn_rows(made)], (34, 8, 8)))
    for name, lines, of in ((_("下级单位"), made.lines, Audience.UNIT), (_("党员"), made.people, Audience.MEMBER)):
        is_unit = of is Audience.UNIT
        if lines:
            said_of = (_("单位"), _("党员")) if is_unit else (_("党员"),)
            over = (_("名称"), _("类型"), _("评到的轮数"), *(f"{what} · {head}" for what in said_of for head in heads), _("评定"), _("说明"))
            sheets.append(report.Plain(name, over, [*_line_rows(lines, is_unit=is_unit)], (30, 16, 12)))
        rated = [(each.label, rate) for each in lines if (rate := each.units if is_unit else each.members) is not None]
        if rated and len(rated) <= MOST_CHARTED:
            sheets.append(charted(scheme, _("%(name)s（图）", name=name), rated, title=f"{title} · {name}", head=name))
    for name, found in _asked(made):
        bars = [(each.question.text, made.span.printed(each.rated)) for each in found.items if each.rated is not None]
        if bars and found.rated is not None:
            sheets.append(charted(scheme, name, bars, title=f"{title} · {name}", whole=made.span.printed(found.rated)))
    sheets.append(report.Plain(_("怎样合计"), (_("规则"),), [(each,) for each in how(made)], (110,)))
    return report.workbook(sheets, foot=title)


def period_csv(made: Told) -> bytes:
    """Every figure of the page in one table, a line each; counts beside the rates."""
    header = (_("范围"), _("名称"), _("评的是"), _("轮数"), _("满意"), _("基本满意以上"), *rate_heads())
    return csv_bytes(header, [*_csv_rows(made)])


def when(made: Told) -> str:
    """The half-year or the year, and how far it goes."""
    until = made.span.until
    return quarter(made.span.key) + (_("，到 %(period)s为止", period=quarter(until)) if until else "")


def sentence(made: Told) -> str:
    """What the page says first."""
    account, told = made.account, [_("公布了 %(n)s 轮。", n=len(made.rows))]
    if made.lines:
        every = sum(each.turns == len(made.rows) for each in made.lines)
        told.append(_("评到 %(n)s 个下级单位，每轮都评到的 %(all)s 个。", n=len(made.lines), all=every))
    if account.issued:
        rate = share(account.returned, account.issued, scheme=made.span.scheme)
        told.append(_("发出 %(out)s 张票，收回 %(back)s 张，回收率 %(rate)s%%。", out=account.issued, back=account.returned, rate=rate))
    if made.span.is_mixed:
        told.append(_("这几轮的计票规则不一样，只逐轮列出，不合计。每轮的率按那一轮自己的规则。"))
    return sentences(told)


def how(made: Told) -> tuple[str, ...]:
    """How it was summed, a sentence or two each."""
    few = _("收回不到 %(k)s 张票的，在哪一轮都不单独显示，也就不在它自己的合计里；和别的合在一起计入上级的，在上级的合计里。", k=FEWEST)
    summed = _("合计是各轮所有答案加在一起，不是各轮百分数的平均。")
    weighed = _("这里是各轮的票直接相加，没有按类别加权：每一轮来的各类人数不一样，几轮合起来再加权，就不是哪一轮的结果了。加权的数字在各轮自己的页上。")
    if made.span.is_mixed:
        return (few,)
    return (summed, *rules(made.span.scheme), few, *((weighed,) if made.span.scheme.weights else ()))


def _wholes(made: Told) -> Iterator[tuple[str, Rate]]:
    """All rounds together: of the unit, of the units, of the members."""
    for what, rate in ((_("本单位"), made.own if made.lines else None), (_("单位"), made.units), (_("党员"), made.members)):
        if rate is not None:
            yield what, rate


def _figures(made: Told) -> tuple[Figure, ...]:
    found = []
    for what, rate in _wholes(made):
        note = _("以上率 %(wide)s%%，有效答案 %(valid)s", wide=rate.wide, valid=rate.valid)
        found.append(Figure(_("%(what)s满意率", what=what), f"{rate.narrow}{'%' if rate.valid else ''}", note))
    account = made.account
    back = share(account.returned, account.issued, scheme=made.span.scheme)
    note = _("收回 %(back)s 张，发出 %(out)s 张", back=account.returned, out=account.issued)
    return (*found, Figure(_("回收率"), f"{back}{'%' if account.issued else ''}", note)) if account.meetings else tuple(found)


def _turns_part(made: Told) -> Part:
    """Round by round, drawn and as a table."""
    rows: list[tuple[Content, ...]] = []
    for row in made.rows:
        account = row.node.account
        head = (round_name(row.then.listed), f"{account.returned}/{account.issued}" if account.meetings else NO_DATA)
        rows.append((*head, _("人数不足")) if row.node.is_few else (*head, *_two(row.node.units.whole, row.node.members.whole)))
    if len(made.rows) > 1 and (made.units is not None or made.members is not None):
        account = made.account
        rows.append((Cell(_("%(n)s 轮合计", n=len(made.rows)), heavy=True), f"{account.returned}/{account.issued}", *_two(made.units, made.members)))
    others = (Column(_("收回/发出"), 22), *rate_columns(), *_member_columns())
    blocks: list[Block] = [Table(columns((_("轮次"), 48), others=others), tuple(rows))]
    if (plan := unit_plan(made.span)) is not None:
        blocks.insert(0, Picture(partial(alone, lambda: png(trend(plan))), said(plan), 720.0, 324.0))
    return Part(_("各轮次"), tuple(blocks))


def _below_parts(made: Told) -> Iterator[Part]:
    """The units below, then the members: in the order of the list."""
    last = Column(_("第一轮到最后一轮，满意率 / 以上率"), 30)
    for name, lines, of in ((_("下级单位"), made.lines, Audience.UNIT), (_("党员"), made.people, Audience.MEMBER)):
        is_unit = of is Audience.UNIT
        rows = tuple(
            (f"{each.label} {each.note}".strip(), f"{each.turns}/{len(made.rows)}", *_two(each.units, each.members)[0 if is_unit else 3 :], _moved(each.change))
            for each in lines
        )
        if rows:
            heads = (Column(_("评到的轮数"), 16), *(rate_columns() if is_unit else ()), *_member_columns(), last)
            yield Part(name, (Words(_("按名单排，不是名次。"), small=True, leads=True), Table(columns((name, 38), others=heads), rows)))


def _question_parts(made: Told) -> Iterator[Part]:
    for name, found in _asked(made):
        if found.rated is None:
            continue
        whole = made.span.printed(found.rated)
        rows: list[tuple[Content, ...]] = []
        for each in found.items:
            if each.rated is not None:
                rate = made.span.printed(each.rated)
                rows.append((each.question.text, bar(rate), *cells_of(rate), f"{each.turns}/{len(made.rows)}"))
        rows.append((Cell(_("合计"), heavy=True), bar(whole), *cells_of(whole), f"{found.turns}/{len(made.rows)}"))
        heads = (Column(_("答案分布"), 62, is_number=False, is_bar=True), *rate_columns(), Column(_("轮数"), 14))
        yield Part(name, (Table(columns((_("题目"), 46), others=heads), tuple(rows), key(whole)),))


def _how_part(made: Told) -> Part:
    return Part(_("怎样合计"), (Words(sentences(how(made)), small=True),))


def _asked(made: Told) -> Iterator[tuple[str, Over]]:
    for audience, name in ((Audience.UNIT, _("对单位的题")), (Audience.MEMBER, _("对党员的题"))):
        if audience in made.asked:
            yield name, made.asked[audience]


def _two(units: Rate | None, members: Rate | None) -> tuple[Content, ...]:
    return (*(_DASHES if units is None else cells_of(units)), *(_DASHES if members is None else cells_of(members)))


def _member_columns() -> tuple[Column, ...]:
    return tuple(Column(_("党员%(rate)s", rate=each.head), each.width) for each in rate_columns())


def _moved(found: Change | None) -> str:
    if found is None or found.narrow is None or found.wide is None:
        return NO_DATA
    return f"{found.narrow:+} / {found.wide:+}"


def _overview(made: Told) -> Iterator[tuple[Value, ...]]:
    account, scheme = made.account, made.span.scheme
    yield from (
        (_("单位"), made.place.name), (_("时期"), when(made)), (_("轮数"), len(made.rows)), (_("评议会"), account.meetings), (_("应到"), account.due),
        (_("实到"), account.present), (_("发出"), account.issued), (_("收回"), account.returned),
        (_("回收率 %(unit)s", unit="%"), number(share(account.returned, account.issued, scheme=scheme))),
        (_("参评率 %(unit)s", unit="%"), number(share(account.returned, account.due, scheme=scheme))),
    )  # fmt: skip
    for what, rate in _wholes(made):
        yield from ((f"{what} · {head}", cell) for head, cell in zip(rate_heads(), rates_of(rate), strict=True))


def _turn_rows(made: Told) -> Iterator[tuple[Value, ...]]:
    for row in made.rows:
        yield (*_turn(row), *_both(row.node.units.whole, row.node.members.whole), _("人数不足") if row.node.is_few else None)


def _turn(row: Row) -> tuple[Value, ...]:
    account = row.node.account
    return (round_name(row.then.listed), account.returned, account.issued) if account.meetings else (round_name(row.then.listed), None, None)


def _both(units: Rate | None, members: Rate | None) -> tuple[Value, ...]:
    return (*(_NONE if units is None else rates_of(units)), *(_NONE if members is None else rates_of(members)))


def _line_rows(lines: Sequence[Line], *, is_unit: bool) -> Iterator[tuple[Value, ...]]:
    for each in lines:
        few = ngettext("%(n)s 轮人数不足", "%(n)s 轮人数不足", len(each.few), n=len(each.few)) if each.few else None
        yield (each.label, each.note or None, each.turns, *_both(each.units, each.members)[0 if is_unit else 3 :], verdict_words(each.verdict), few)


def _csv_rows(made: Told) -> Iterator[tuple[Value, ...]]:
    of = {Audience.UNIT: _("单位"), Audience.MEMBER: _("党员")}
    for what, rate in _wholes(made):
        yield (_("合计"), made.place.name, what, len(made.rows), *_counted(rate))
    for row in made.rows:
        for part, audience in ((row.node.units, Audience.UNIT), (row.node.members, Audience.MEMBER)):
            if part.whole is not None:
                yield (_("轮次"), round_name(row.then.listed), of[audience], 1, *_counted(part.whole))
    for name, lines in ((_("下级单位"), made.lines), (_("党员"), made.people)):
        for each in lines:
            for found, audience in ((each.units, Audience.UNIT), (each.members, Audience.MEMBER)):
                if found is not None:
                    yield (name, each.label, of[audience], each.turns, *_counted(found))
    for audience, over in made.asked.items():
        for item in over.items:
            if item.rated is not None:
                yield (_("题目"), item.question.text, of[audience], item.turns, *_counted(made.span.printed(item.rated)))


def _counted(rate: Rate) -> tuple[Value, ...]:
    return (rate.figures.satisfied, rate.figures.satisfied + rate.figures.basic, *rates_of(rate))
