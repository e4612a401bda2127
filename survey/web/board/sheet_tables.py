"""Tables and pictures of a sheet of a published round: the figures of its pages, set for paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.advice import off_hundred
from analysis.charts import Bar as Row
from analysis.charts import Words as Captions
from analysis.charts import png, stacked
from analysis.style import GROUND, HEAT, PALE_EDGE, UNKNOWN_HATCH, looks
from analysis.trends import told, trend
from survey.domain.rounds import FEWEST, Scheme
from survey.office.figures import Verdict, as_scale
from survey.office.reports import Bar, Cell, Column, Content, Part, Picture, Piece, Table, Words, columns
from survey.web.board.branches import Compared, Group, Roll
from survey.web.board.changes import Change, Step, Why, steps
from survey.web.board.figures import Rate, heat, heat_edges, shared_scale, without_points
from survey.web.board.labels import labels
from survey.web.board.others import NO_DATA
from survey.web.board.pictures import alone
from survey.web.board.roll_ups import Line, Reading
from survey.web.board.roll_ups import Part as Told
from survey.web.board.round_plans import trend_plan
from survey.web.board.round_weights import weighed_over
from survey.web.board.weights import Mean, Weighing
from survey.web.words import round_name

# In millimetres; words of Latin letters are longer.
_RATE, _VALID, _COUNT, _LONG, _BAR = 15.0, 12.0, 9.5, 14.0, 36.0
# So many questions stand beside the names of members; more of them go into a table of their own.
_ASKED = 6
# The sizes of pictures, in points.
_WIDE, _TREND = 720.0, 324.0


def verdict_words(found: Verdict | None) -> str:
    """How a unit or member is rated, in a word."""
    said = {Verdict.SATISFIED: _("满意"), Verdict.BASIC: _("基本满意以上"), Verdict.BELOW: _("未达到")}
    return said[found] if found else "–"


def rates_of(rate: Rate) -> tuple[Content, ...]:
    """Both rates and what they are of."""
    return (Cell(rate.narrow, heavy=True), rate.wide, str(rate.valid))


def bar(rate: Rate) -> Bar:
    """The answers to one question or to several together."""
    return Bar(tuple(_pieces(rate)))


def key(rate: Rate) -> tuple[Piece, ...]:
    """What the grounds of its bars mean."""
    return tuple(_piece(look.level.label, 0, 100, look.colour, look.edge, look.hatch) for look in looks(rate.scale.levels))


def question_part(part: Told, title: str, *, scheme: Scheme) -> Part:
    """Every question that was asked, and the ratings together."""
    blocks: list[Table | Picture | Words] = []
    if part.rated and part.whole is not None:
        counted = () if part.whole.is_by_role else part.whole.segments
        others = (
            Column(_("答案分布"), _BAR, is_number=False, is_bar=True), *(Column(each.label, _answer(each.label)) for each in counted), Column(_("未选"), _COUNT), *rate_columns()
        )  # fmt: skip
        rows = [_question(line.question.text, rate, with_counts=bool(counted)) for line, rate in part.rated]
        if len(rows) > 1:
            rows.append(_question(_("%(n)s 题合计", n=len(rows)), part.whole, with_counts=bool(counted), heavy=True))
        blocks = [_stacked(part, title, scheme), Table(columns((_("题目"), 40), others=others), tuple(rows), key(part.whole))]
        if part.whole.has_abstained:
            blocks.append(Words(_("选弃权的只记张数，不算有效答案。"), small=True))
    blocks += [Words(_score(line)) for line in part.scores]
    return Part(part.lines[0].section if part.lines else title, tuple(blocks))


def _answer(label: str) -> float:
    """How wide the head of an answer is: one of up to four Chinese letters is not broken."""
    return _LONG if label.isascii() or len(label) == 4 else 11.4 if len(label) == 3 else _COUNT


def group_part(groups: Sequence[Group], whole: Rate, ballots: int, *, key: str = "", weighing: Weighing | None = None) -> Part:
    """The groups that voted, as far as they are shown, and what they say of `key` by their weights."""
    rows: list[tuple[Content, ...]] = []
    for each in groups:
        if each.sheet is None or each.sheet.whole is None:
            rows.append((each.names[0], _("人数不足") if each.ballots is None else _("没有收回票")))
            continue
        name = _("以上 %(n)s 类合并", n=len(each.names)) if len(each.names) > 1 else each.names[0]
        rows.append((_ballots(name, each.ballots or 0), bar(each.sheet.whole), *rates_of(each.sheet.whole)))
    rows.append((Cell(_ballots(_("合计"), ballots), heavy=True), bar(whole), *rates_of(whole)))
    mean = weighing.wholes.get(key) if weighing is not None else None
    if mean is not None:
        rows.append((Cell(_("加权"), heavy=True), "", Cell(mean.narrow, heavy=True), mean.wide, NO_DATA))
    table = Table(columns((_("类别"), 50), others=_bar_columns()), tuple(rows))
    is_joined = any(each.ballots is None for each in groups)
    note = _("不到 %(k)s 张票的类别不单独显示，合并后显示，这样谁也推不出个别人的选择。", k=FEWEST) if is_joined else ""
    notes = [each for each in (note, "" if weighing is None else _weighing_words(weighing, mean)) if each]
    return Part(_("评议人类别"), (table, *(Words(each, small=True) for each in notes)))


def _weighing_words(weighing: Weighing, mean: Mean | None) -> str:
    """How the weighted figures were made, or why there are none; the same as on the page."""
    if mean is None:
        names = _("、").join(weighing.merged)
        merged = _("“%(groups)s”里有不到 %(k)s 张票的类别，只能合并显示，所以不给加权的数字：加权要每一类都能单独显示。", groups=names, k=FEWEST)
        return merged if names else ""
    said = [_("加权：先算各类自己的率，再按权重平均，与人数多少无关。评定按合计，不按加权。")]
    names = _("、").join(mean.missing)
    if names and mean.is_withheld:
        said.append(_("“%(groups)s”没有可用的答案，按计票规则不给加权的数字。", groups=names))
    elif names:
        said.append(_("“%(groups)s”没有可用的答案，它的权重由其他各类按比例分担。", groups=names))
    if off_hundred([each.weight for each in weighing.shares]) is not None:
        said.append(_("权重合起来是 %(n)s，不是 100，已按比例折算。", n=weighing.total))
    return "".join(said)


def beside_part(name: str, whole: Rate, beside: Sequence[Compared]) -> Part:
    """A unit and those around it together."""
    said = {"siblings": _("同级 %(n)s 个单位合计"), "sector": _("同领域 %(n)s 个单位合计")}
    found = bars_part(_("和别的单位放在一起看"), _("单位"), (name, whole), [(said[each.what] % {"n": each.units}, each.rate) for each in beside])
    return replace(found, blocks=(*found.blocks, Words(_("合计里也有本单位。"), small=True)))


def bars_part(title: str, head: str, first: tuple[str, Rate], others: Sequence[tuple[str, Rate]]) -> Part:
    """One and what it is put beside, a bar each; the grounds are explained where the questions are."""
    name, whole = first
    rows: list[tuple[Content, ...]] = [(Cell(name, heavy=True), bar(whole), *rates_of(whole))]
    rows += [(name, bar(rate), *rates_of(rate)) for name, rate in others]
    return Part(title, (Table(columns((head, 50), others=_bar_columns()), tuple(rows)),))


def trend_part(reading: Reading, target: str, past: Sequence[Change]) -> Part:
    """A unit or member over rounds, this one last."""
    now = reading.rate(target)
    assert now is not None
    means = weighed_over(reading, target, past)
    rows = tuple(_turn(each, reading, means) for each in steps(now, past))
    others = (*rate_columns(), Column(_("比前一轮"), 62, is_number=False))
    note = Words(_("只比两轮都单独评定、题目和计票规则都一样的。差是印出来的两个百分数的差。"), small=True)
    return Part(_("各轮次"), (Table(columns((_("轮次"), 60), others=others), rows), note))


def trend_pictures(reading: Reading, target: str, past: Sequence[Change]) -> tuple[Picture, ...]:
    """The same drawn, where there is a round to compare with."""
    if all(each.why is not None for each in past):
        return ()
    plan = trend_plan(round_name(reading.made), reading, target, past)
    return (Picture(partial(alone, lambda: png(trend(plan))), told(plan), _WIDE, _TREND),)


def roll_part(roll: Roll, scheme: Scheme, *, chosen: str = "") -> Part:
    """Members who were asked the same, side by side in the order of the list."""
    asked = [line for line, _rate in roll.people[0].part.rated]
    some = [asked[at : at + _ASKED] for at in range(0, len(asked), _ASKED)]
    tables = [_members(roll, range(at * _ASKED, at * _ASKED + len(each)), scheme, chosen=chosen, is_first=not at) for at, each in enumerate(some)]
    if roll.people[0].part.scores:
        tables.append(_scored(roll, chosen))
    said = _("按花名册排，不是名次。")
    if asked:
        said += _("数字是满意率，合计是这位党员各题合在一起的。%(at)s 以下的前面有▼，没到满意线的有▽。", at=heat_edges(scheme)[0])
    return Part(roll.section + (_("：满意率 %(unit)s", unit="%") if asked else ""), (Words(said, small=True, leads=True), *tables))


def _members(roll: Roll, places: range, scheme: Scheme, *, chosen: str, is_first: bool) -> Table:
    asked = roll.people[0].part.rated
    others = [Column(asked[place][0].question.text, 13) for place in places]
    if is_first:
        others += [Column(_("合计"), 14), Column(labels().wide, 14), Column(_("有效"), 11), Column(_("评定"), 28, is_number=False)]
    rows = []
    for each in roll.people:
        cells = [_step(each.part.rated[place][1], scheme) for place in places]
        name = f"{each.label} {each.note}".strip()
        whole = each.part.whole
        if is_first and whole is not None:
            cells += [*rates_of(whole), verdict_words(each.part.verdict)]
        rows.append((Cell(name, heavy=True) if each.key == chosen else name, *cells))
    return Table(columns((_("党员"), 40), others=others), tuple(rows))


def _scored(roll: Roll, chosen: str) -> Table:
    heads = [Column(line.question.text, 26) for line in roll.people[0].part.scores]
    rows = []
    for each in roll.people:
        name = f"{each.label} {each.note}".strip()
        cells = [_("%(mean)s（%(n)s 人）", mean=line.mean, n=line.n) for line in each.part.scores]
        rows.append((Cell(name, heavy=True) if each.key == chosen else name, *cells))
    return Table(columns((_("党员"), 40), others=heads), tuple(rows))


def _step(rate: Rate, scheme: Scheme) -> Content:
    """A rate on the ground of its step; grey has no ochre, so a triangle says it too."""
    step = heat(rate, scheme)
    mark = {1: "▼", 2: "▽"}.get(step, "")
    return Cell(f"{mark}{rate.narrow}", HEAT[step - 1] if step and HEAT[step - 1] != GROUND else "")


def _question(text: str, rate: Rate, *, with_counts: bool, heavy: bool = False) -> tuple[Content, ...]:
    counts = [str(each.ballots) for each in rate.segments] if with_counts else []
    return (Cell(text, heavy=heavy), bar(rate), *counts, str(rate.figures.blank), *rates_of(rate))


def _score(line: Line) -> str:
    return _("%(question)s：平均 %(mean)s 分，%(n)s 人打分，%(blank)s 人未打。", question=line.question.text, mean=line.mean, n=line.n, blank=line.blank)


def _ballots(name: str, n: int) -> str:
    return f"{name} {ngettext('%(n)s 票', '%(n)s 票', n, n=n)}"


def _weighted(mean: Mean | None) -> str:
    return "" if mean is None else " · " + _("加权满意率 %(narrow)s%%", narrow=mean.narrow)


def _turn(each: Step, reading: Reading, means: Mapping[int, Mean]) -> tuple[Content, ...]:
    name: Content = round_name(each.then.listed) + _weighted(means.get(each.then.listed.round)) if each.then else ""
    if each.then is None:
        name = Cell(_("%(name)s（这一轮）", name=round_name(reading.made)) + _weighted(means.get(reading.made.round)), heavy=True)
    why = {
        Why.RULES: _("计票规则不同，不比"), Why.NEW: _("那一轮没有单独评定，不比"), Why.MOVED: _("那时在别的单位，不比"), Why.ASKED: _("题目不同，不比"),
        Why.ANSWERS: _("选项不同，不比"), Why.EMPTY: _("没有有效答案，不比"),
    }  # fmt: skip
    if each.rate is None:
        return (name, why[each.why or Why.EMPTY])
    if each.narrow is None or each.wide is None:
        return (name, *rates_of(each.rate), "–")
    moves = _("满意率 %(narrow)s，以上率 %(wide)s", narrow=f"{each.narrow:+}", wide=f"{each.wide:+}")
    return (name, *rates_of(each.rate), moves)


def rate_columns() -> tuple[Column, ...]:
    """The heads of `rates_of`."""
    said = labels()
    return (Column(said.narrow, _RATE), Column(said.wide, _RATE), Column(_("有效"), _VALID))


def _bar_columns() -> tuple[Column, ...]:
    return (Column(_("答案分布"), 62, is_number=False, is_bar=True), *rate_columns())


def _stacked(part: Told, title: str, scheme: Scheme) -> Picture:
    """The bars of all questions as a picture, for a paper that cannot draw them into its table."""
    scale = shared_scale([rate for _line, rate in part.rated], scheme=scheme)
    rows = []
    for line, rate in part.rated:
        found = as_scale(rate, scale)
        rows.append(Row(line.question.text, found.counts, found.blank))
    words = Captions(title, decimals=scheme.decimals, labels=labels())
    high = 136.0 + 22 * (len(rows) + (len(rows) > 1))
    said = _("；").join(f"{line.question.text}{_('：')}{rate.said}" for line, rate in part.rated)
    return Picture(partial(alone, lambda: png(stacked(rows, scale=without_points(scale, scheme), words=words))), said, _WIDE, high, is_bars=True)


def _pieces(rate: Rate) -> list[Piece]:
    # The segments of a rate are in the order of its looks; those that abstain stand after them and have no part in the bar.
    return [
        _piece(each.label, float(each.start), float(each.width), look.colour, look.edge, look.hatch)
        for look, each in zip(looks(rate.scale.levels), rate.segments, strict=False)
        if each.width
    ]


def _piece(label: str, start: float, width: float, colour: str, edge: str, hatch: str | None) -> Piece:
    if hatch is None:
        return Piece(label, start, width, colour)
    return Piece(label, start, width, colour, edge if edge != GROUND else PALE_EDGE, 1 if hatch == UNKNOWN_HATCH else -1)
