"""A published round as a workbook: what is at or below one unit, with charts that Excel and WPS draw, and the counts themselves."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from flask_babel import gettext as _
from flask_babel import pgettext

from analysis import report
from analysis.cells import Cell
from analysis.charts import Bar
from analysis.satisfaction import Scale
from survey.domain.publications import pooled_key
from survey.domain.questionnaires import Audience, Kind
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import JOINT, Scheme
from survey.office.figures import as_scale, verdict
from survey.web.board.doubts import doubtful
from survey.web.board.figures import Rate, shared_scale, without_points
from survey.web.board.labels import labels
from survey.web.board.others import NO_DATA, share
from survey.web.board.roll_ups import Node, Reading
from survey.web.board.sheet_frames import ALONE, Frame, foot, rule_texts
from survey.web.board.sheet_tables import verdict_words
from survey.web.questionnaires import noted
from survey.web.words import day, group_name, quarter, round_name

# With more rows the sheet says where they are instead; more units or members than so many have no chart.
MOST_ROWS = report.MOST_ROWS
MOST_CHARTED = 100
_Row = tuple[Cell, ...]


def workbook(reading: Reading, unit: int, frame: Frame = ALONE) -> bytes:
    """Whatever is shown at or below a unit, of the units its reader sees; the same bytes for the same publication, frame and
    language."""
    node, inside = reading.node(unit), [each for each in reading.inside(unit) if frame.sees is None or frame.sees(each)]
    below = [place for place in reading.roll.children.get(unit, ()) if frame.sees is None or frame.sees(place.id)]
    sheets: list[report.Sheet | report.Plain] = [_overview(reading, node, frame)]
    if below:
        sheets += _below(reading, [reading.node(place.id) for place in below])
    sheets.append(_units(reading, inside))
    sheets += _questions(reading, node)
    sheets += _members(reading, inside, node.place.name)
    sheets.append(_counts(reading, inside))
    rules = [(each,) for each in (*rule_texts(reading), frame.sha256) if each]
    sheets.append(report.Plain(_("怎样评定"), (_("规则，最后一行是公布的摘要（SHA-256）") if frame.sha256 else _("规则"),), rules, (110,)))
    return report.workbook(sheets, foot=foot(reading, node.place.name))


def _overview(reading: Reading, node: Node, frame: Frame) -> report.Plain:
    account, scheme = node.account, reading.scheme
    rows: list[_Row] = [
        (_("单位"), node.place.name), (_("轮次"), round_name(reading.made)), (_("时期"), quarter(reading.made.period)), (_("公布"), day(frame.day) if frame.day else None),
        (_("评议会"), account.meetings), (_("应到"), account.due), (_("实到"), account.present), (_("发出"), account.issued), (_("收回"), account.returned),
        (_("回收率 %(unit)s", unit="%"), number(share(account.returned, account.issued, scheme=scheme))),
        (_("参评率 %(unit)s", unit="%"), number(share(account.returned, account.due, scheme=scheme))),
        (_("人数不足，计入上级的票"), node.left_out),
    ]  # fmt: skip
    for what, part, tally in ((_("单位"), node.units, node.unit_tally), (_("党员"), node.members, node.member_tally)):
        if part.whole is not None:
            rows += [(f"{what} · {head}", cell) for head, cell in zip(rate_heads(), rates_of(part.whole), strict=True)]
        if tally.all:
            numbers = ((_("单独评定的"), tally.all), (_("满意"), tally.satisfied), (_("基本满意以上"), tally.basic), (_("未达到"), tally.below), (_("没有有效答案"), tally.open))
            rows += [(f"{what} · {head}", n) for head, n in numbers]
    return report.Plain(_("总览"), (_("项目"), _("内容")), rows, (34, 44))


def _below(reading: Reading, nodes: Sequence[Node]) -> Iterator[report.Sheet]:
    """The units right below, each with all below it: what was said of units, and of members."""
    for name, parts in ((_("下级单位"), [each.units for each in nodes]), (_("下级单位的党员"), [each.members for each in nodes])):
        labelled = [(each.place.name, None if each.is_few else part.whole) for each, part in zip(nodes, parts, strict=True)]
        if len(nodes) <= MOST_CHARTED and any(rate is not None for _name, rate in labelled):
            asked = [(each, rate) for (each, rate), node in zip(labelled, nodes, strict=True) if rate is not None or node.is_few]
            yield charted(reading.scheme, name, asked, title=f"{name} · {round_name(reading.made)}", head=_("单位"))


def _units(reading: Reading, inside: Sequence[int]) -> report.Plain:
    """Every unit, by itself: in the order of the tree."""
    heads = (_("单位"), _("上级"), _("发出"), _("收回"), *rate_heads(), _("评定"), _("说明"))
    rows: list[_Row] = []
    is_doubtful = doubtful(reading)
    for each in inside:
        place, account = reading.roll.place(each), reading.roll.accounting(each)
        above = reading.roll.place(place.parent).name if place.parent is not None and each != inside[0] else None
        rate, key = None, f"u{each}"
        if key in reading.roll.own(each):
            rate = reading.rate(key)
        rates: _Row = (None,) * 4
        if rate is not None:
            rates = (*rates_of(rate), verdict_words(verdict(rate, reading.scheme)))
        is_leaf = not reading.roll.children.get(each)
        few = _("人数不足") if is_leaf and account.returned and not reading.roll.own(each) else None
        rows.append((place.name, above, account.issued, account.returned, *rates, few or (_("先核实") if rate is not None and is_doubtful(key) else None)))
    return report.Plain(_("单位"), heads, rows, (34, 26, 8, 8, 12, 20, 12, 16, 12))


def _questions(reading: Reading, node: Node) -> Iterator[report.Sheet | report.Plain]:
    for name, part in ((_("对单位的题"), node.units), (_("对党员的题"), node.members)):
        if part.rated and part.whole is not None:
            bars: list[tuple[str, Rate | None]] = [(line.question.text, rate) for line, rate in part.rated]
            yield charted(reading.scheme, name, bars, title=f"{node.place.name} · {name}", whole=part.whole if len(bars) > 1 else None)
        if part.scores:
            scores = [(line.question.text, number(line.mean), line.n, line.blank) for line in part.scores]
            yield report.Plain(_("%(name)s（打分）", name=name), (_("题目"), _("平均分"), _("打分的"), _("未打的")), scores, (34, 12, 12, 12))


def _members(reading: Reading, inside: Sequence[int], name: str) -> Iterator[report.Sheet | report.Plain]:
    """Everybody who is shown by himself, by unit and by name: not by merit."""
    keys = [key for each in inside for key in reading.roll.own(each) if key.startswith("m")]
    heads = (_("单位"), _("党员"), _("类型"), *rate_heads(), _("评定"))
    if len(keys) > MOST_ROWS:
        yield report.Plain(_("党员"), (_too_many(),), (), (110,))
        return
    rates = [(key, rate) for key in keys if (rate := reading.rate(key)) is not None]
    rows = []
    for key, rate in rates:
        named = reading.made.targets[key]
        rows.append((reading.roll.place(named.unit).name, named.label, noted(named.note), *rates_of(rate), verdict_words(verdict(rate, reading.scheme))))
    if keys:
        yield report.Plain(_("党员"), heads, rows, (30, 16, 20, 12, 20, 12, 16))
    if rates and len(rates) <= MOST_CHARTED:
        labelled: list[tuple[str, Rate | None]] = [(reading.made.targets[key].label, rate) for key, rate in rates]
        yield charted(reading.scheme, _("党员（图）"), labelled, title=f"{name} · {pgettext('heading', '党员')}", head=_("党员"))


def _counts(reading: Reading, inside: Sequence[int]) -> report.Plain:
    """How often each answer was given, by group as far as it is shown: from these every figure here can be made again."""
    rows = list(islice(_counted(reading, inside), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        return report.Plain(_("原始票数"), (_too_many(),), (), (110,))
    heads = (_("单位"), _("范围"), _("评议对象"), _("类别"), _("部分"), _("题目"), _("答案"), _("票数"))
    return report.Plain(_("原始票数"), heads, rows, (30, 12, 26, 20, 22, 30, 16, 8))


def _counted(reading: Reading, inside: Sequence[int]) -> Iterator[_Row]:
    roll = reading.roll
    said = {pooled_key(Audience.UNIT): _("全部单位"), pooled_key(Audience.MEMBER): _("全部党员")}
    for each in inside:
        name = roll.place(each).name
        for names, atoms in roll.groups(roll.about(each)).items():
            for key, sums in roll.by_target(atoms).items():
                yield from _answers(reading, (name, _("本单位"), reading.made.targets[key].label, _group(names)), sums)
        # With those that are only shown together with others.
        for names, atoms in roll.groups(roll.atoms(each)).items() if roll.children.get(each) else ():
            whole: dict[str, dict[Ask, Sum]] = {}
            for ask, found in roll.sums(atoms).items():
                whole.setdefault(pooled_key(ask.audience), {})[ask] = found
            for key, sums in whole.items():
                yield from _answers(reading, (name, _("连同下级"), said[key], _group(names)), sums)


def _answers(reading: Reading, who: tuple[str, str, str, str], sums: Mapping[Ask, Sum]) -> Iterator[_Row]:
    for ask, each in sums.items():
        form = reading.worded.forms[ask.form]
        section, question = form.section(ask.section), form.question(ask.section, ask.question)
        options = {option.code: option.label for option in form.scale(question).options} if question.kind is Kind.RATING else {}
        for code in options or sorted(each.counts):
            answer = options.get(code) or _("%(n)s 分", n=code)
            yield (*who, section.title, question.text, answer, each.counts[code])
        yield (*who, section.title, question.text, _("未选"), each.blank)


def charted(
    scheme: Scheme, name: str, labelled: Sequence[tuple[str, Rate | None]], *, title: str, head: str = "", whole: Rate | None = None
) -> report.Sheet:  # fmt: skip
    """A sheet of bars with their counts and a chart."""
    rates = [rate for _label, rate in labelled if rate is not None]
    scale = shared_scale(rates, scheme=scheme)
    bars = [_bar(label, rate, scale) for label, rate in labelled]
    if whole is not None:
        bars.append(_bar(_("合计"), whole, scale))
    return report.Sheet(name, title, bars, without_points(scale, scheme), head=head, together=bool(head), decimals=scheme.decimals, labels=labels())


def number(printed: str) -> Cell:
    """A printed figure as a number a spreadsheet can reckon with; nothing where there is none."""
    return None if printed == NO_DATA else Decimal(printed)


def _bar(label: str, rate: Rate | None, scale: Scale) -> Bar:
    if rate is None:
        return Bar(label, None)
    found = as_scale(rate, scale)
    return Bar(label, found.counts, found.blank, total=rate.is_pooled)


def rate_heads() -> tuple[str, str, str]:
    """The heads of `rates_of`."""
    said = labels()
    return (said.narrow, said.whole_wide, _("有效答案"))


def rates_of(rate: Rate) -> _Row:
    """Both rates as numbers, and what they are of."""
    return (number(rate.narrow), number(rate.wide), rate.valid)


def _group(names: Sequence[str]) -> str:
    return JOINT.join(group_name(name) for name in names)


def _too_many() -> str:
    return _("超过 %(n)s 行，这里放不下。请到下级单位的页上分开下载，或者下载公布的文件。", n=f"{MOST_ROWS:,}")
