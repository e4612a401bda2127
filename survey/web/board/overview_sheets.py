"""A unit of a published round with all below it on one page, to take into a meeting: what a leader sees first on the screen."""

from collections.abc import Iterator, Sequence
from functools import cache, partial

from flask_babel import gettext as _

from survey.office.reports import Block, Column, Content, Figure, Figures, Part, Piece, Report, Table, Words, columns
from survey.web.board.changes import Change, moves, still_said
from survey.web.board.classes import classes
from survey.web.board.doubts import is_half_missing
from survey.web.board.figures import Rate
from survey.web.board.labels import labels
from survey.web.board.others import share
from survey.web.board.roll_ups import Line, Node, Reading, Tally
from survey.web.board.round_results import ENDS, ends, put_right
from survey.web.board.sheet_frames import ALONE, Frame, foot, how_part, lang, sentences, under
from survey.web.board.sheet_needs import few_part, need_part
from survey.web.board.sheet_tables import bar, key, rate_columns, rates_of
from survey.web.words import round_name

# Of a page: names below both lines, questions of either end, units right below.
_NAMES, _ENDS = 10, 2
# No table of questions: the weakest and the strongest stand in a sentence.
_SAID = (0, 0)
# So many units that need help, so many right below, and so many of the weakest and of the strongest questions, one after the other
# until the page holds them; None: as many as there are room for on any page. Who needs help is left out last.
_STEPS: tuple[tuple[int, int, tuple[int, int] | None], ...] = (
    (4, 10, None), (4, 8, None), (4, 6, None), (4, 4, (3, 2)), (4, 3, (2, 1)), (4, 0, (3, 2)), (4, 0, (2, 1)), (4, 0, (1, 1)), (3, 0, (1, 1)),
    (4, 0, _SAID), (3, 0, _SAID), (2, 0, _SAID), (1, 0, _SAID),
)  # fmt: skip


def overview_report(reading: Reading, unit: int, frame: Frame = ALONE) -> Report:
    """Coverage, who needs help and why, what changed, the questions, the units below."""
    node = reading.node(unit)
    inside = [each for each in reading.inside(unit) if frame.sees is None or frame.sees(each)]
    shown = [f"u{each}" for each in inside if f"u{each}" in reading.standings]
    figures, changed = Part("", (Figures(_figures(reading, node)),)), [*_changed(reading, shown, frame)]
    seen, name = set(inside), node.place.name
    nodes = [reading.brief(place.id) for place in reading.roll.children.get(unit, ()) if place.id in seen]
    last = how_part(reading, frame)
    look = cache(lambda most: (*_look(reading, unit, inside, shown, frame, most),))

    def made(step: int) -> Report:
        needs, rows, most = _STEPS[step]
        shorter = partial(made, step + 1) if step + 1 < len(_STEPS) else None
        parts = (figures, *look(needs), *changed, *_questions(node, most), *_below(nodes, rows), last)
        return Report(name, under(reading, frame), _sentence(reading, node), parts, foot(reading, name), lang(), is_one_page=True, shorter=shorter)

    return made(0)


def _sentence(reading: Reading, node: Node) -> str:
    """What the page says first."""
    units, members, account = node.unit_tally, node.member_tally, node.account
    said = []
    if units.all:
        said.append(_("评定了 %(n)s 个单位，其中满意 %(satisfied)s 个，基本满意以上 %(basic)s 个。", n=units.all, satisfied=units.satisfied, basic=units.basic))
    if members.all:
        said.append(_("评定了 %(n)s 名党员，其中满意 %(satisfied)s 名，基本满意以上 %(basic)s 名。", n=members.all, satisfied=members.satisfied, basic=members.basic))
    if not said:
        said.append(_("这里没有单独评定的单位和党员。"))
    if account.issued:
        rate = share(account.returned, account.issued, scheme=reading.scheme)
        said.append(_("发出 %(out)s 张票，收回 %(back)s 张，回收率 %(rate)s%%。", out=account.issued, back=account.returned, rate=rate))
    if account.due:
        turnout = share(account.returned, account.due, scheme=reading.scheme)
        said.append(_("应到 %(due)s 人，实到 %(present)s 人，参评率 %(rate)s%%。", due=account.due, present=account.present, rate=turnout))
    if is_half_missing(account):
        # The numbers stand right before it.
        said.append(_("一半多的人没有表态。"))
    if node.left_out:
        said.append(_("%(n)s 票都计入上级。", n=node.left_out) if node.is_few else _("另有 %(n)s 票人数不足，计入上级。", n=node.left_out))
    return sentences(said)


def _figures(reading: Reading, node: Node) -> tuple[Figure, ...]:
    found = [_standing(what, tally) for what, tally in ((_("单位评定"), node.unit_tally), (_("党员评定"), node.member_tally)) if tally.all]
    for what, rate in ((_("单位满意率"), node.units.whole), (_("党员满意率"), node.members.whole)):
        if rate is not None:
            said = _("以上率 %(wide)s%%，有效答案 %(valid)s", wide=rate.wide, valid=rate.valid)
            found.append(Figure(what, f"{rate.narrow}{'%' if rate.valid else ''}", said))
    account = node.account
    back = share(account.returned, account.issued, scheme=reading.scheme)
    said = _("收回 %(back)s 张，发出 %(out)s 张", back=account.returned, out=account.issued)
    return (*found, Figure(_("回收率"), f"{back}{'%' if account.issued else ''}", said))


def _standing(what: str, tally: Tally) -> Figure:
    note = _("基本满意以上 %(basic)s，未达到 %(below)s", basic=tally.basic, below=tally.below)
    if tally.open:
        note += _("，没有有效答案 %(n)s", n=tally.open)
    return Figure(_("%(what)s：满意 / 全部", what=what), f"{tally.satisfied} / {tally.all}", note)


def _look(reading: Reading, unit: int, inside: list[int], shown: Sequence[str], frame: Frame, most: int) -> Iterator[Part]:
    """Who needs help and why; who is to be put right; how the units are spread."""
    blocks: list[Block] = []
    if shown:
        yield need_part(reading, unit, shown, frame, most)
        spread = _("，").join(_("%(class)s：%(n)s 个", **{"class": each.label, "n": each.number}) for each in classes(reading, shown))
        blocks.append(Words(_("单位按满意率（%(unit)s）分：%(spread)s。", unit="%", spread=spread)))
    blocks += [block for part in few_part(reading, inside) for block in part.blocks]
    named, many = put_right(reading, inside, _NAMES)
    if named:
        names = _("、").join(_("%(name)s（%(note)s）", name=each.label, note=each.note) if each.note else each.label for each in named)
        said = _("共 %(n)s，这里列出 %(shown)s。", n=many, shown=len(named)) if many > len(named) else ""
        blocks.append(Words(sentences([_("两样率都没到、按规则限期整改的（按名称排）：%(names)s。", names=names), said])))
    if blocks:
        yield Part("", tuple(blocks))


def _changed(reading: Reading, shown: Sequence[str], frame: Frame) -> Iterator[Part]:
    if not frame.then or not shown:
        return
    found = moves(reading, frame.then[0], shown)
    lines = [f"{title}{_('：')}{_moved(reading, some)}{_('。')}" for some, title in ((found.fell, _("降得多的")), (found.rose, _("升得多的"))) if some]
    said = _("和上一轮“%(name)s”比满意率。", name=round_name(frame.then[0].listed))
    lines += [still_said(found.still)] if found.still else []
    blocks = [Words(each) for each in lines or [_("没有可以比的变化。")]]
    yield Part(_("变化最大的单位"), (Words(said, small=True), *blocks))


def _moved(reading: Reading, some: Sequence[Change]) -> str:
    words = []
    for each in some:
        assert each.before is not None and each.narrow is not None
        words.append(_("%(name)s %(by)s（上一轮 %(before)s%%）", name=reading.made.targets[each.key].label, by=f"{each.narrow:+}", before=each.before.narrow))
    return _("，").join(words)


def _questions(node: Node, few: tuple[int, int] | None) -> Iterator[Part]:
    """The weakest questions, then the strongest; the grounds are explained once where they are the same."""
    known: tuple[Piece, ...] = ()
    for title, part in ((_("对单位的题"), node.units), (_("对党员的题"), node.members)):
        weak, strong = ends(part.lines)
        if weak and few == _SAID:
            yield Part("", (Words(_said(title, weak, strong)),))
        elif weak and part.whole is not None:
            # So few that the page tells all of them stand here, too.
            most = few or ((_ENDS, _ENDS) if len(weak) + len(strong) >= 2 * ENDS else (None, None))
            rows = [*_lines(weak[: most[0]], _("最需要看的题")), *_lines(strong[: most[1]], _("最好的题"))]
            heads = (Column("", 30, is_number=False), Column(_("答案分布"), 46, is_number=False, is_bar=True), *rate_columns())
            yield Part(title, (Table(columns((_("题目"), 40), others=heads), tuple(rows), () if key(part.whole) == known else key(part.whole)),))
            known = key(part.whole)


def _said(title: str, weak: Sequence[Line], strong: Sequence[Line]) -> str:
    """The weakest question and the strongest in a sentence."""
    ends = [
        _("%(what)s“%(question)s”满意率 %(rate)s%%（有效答案 %(n)s）", what=what, question=some[0].question.text, rate=rate.narrow, n=rate.valid)
        for what, some in ((_("最需要看"), weak), (_("最好"), strong)) if some and (rate := some[0].rate) is not None
    ]  # fmt: skip
    return title + _("：") + _("；").join(ends) + _("。")


def _lines(some: Sequence[Line], what: str) -> Iterator[tuple[Content, ...]]:
    for at, line in enumerate(some):
        assert line.rate is not None
        yield (line.question.text, "" if at else what, bar(line.rate), *rates_of(line.rate))


def _below(nodes: list[Node], rows: int) -> Iterator[Part]:
    """The units right below; where there are more than `rows`, those with the lowest 满意率."""
    if not nodes or not rows:
        return
    chosen = nodes if len(nodes) <= rows else sorted(nodes, key=_narrow)[:rows]
    said, has_members = labels(), any(each.members.whole is not None for each in chosen)
    people = (Column(_("党员%(rate)s", rate=said.narrow), 16), Column(_("党员%(rate)s", rate=said.wide), 16), Column(_("有效"), 12))
    heads = (Column(_("收回/发出"), 18), Column(_("对单位的答案"), 34, is_number=False, is_bar=True), *rate_columns(), *(people if has_members else ()))
    note = _("共 %(n)s 个单位，这里是满意率最低的 %(shown)s 个，其余在表格文件里。", n=len(nodes), shown=len(chosen))
    table = Table(columns((_("单位"), 34), others=heads), tuple(_row(each, has_members=has_members) for each in chosen))
    yield Part(_("下级单位"), (Words(note, small=True), table) if len(nodes) > len(chosen) else (table,))


def _row(node: Node, *, has_members: bool) -> tuple[Content, ...]:
    account = node.account
    back = f"{account.returned}/{account.issued}" if account.meetings else "–"
    if node.is_few:
        few = _("人数不足")
        return (node.place.name, back, "", f"{few}{_('，')}{_('%(n)s 票计入上级', n=node.left_out)}" if node.left_out else few)
    units = (bar(node.units.whole), *rates_of(node.units.whole)) if node.units.whole is not None else ("", "–", "–", "–")
    members: tuple[Content, ...] = rates_of(node.members.whole) if node.members.whole is not None else ("–", "–", "–")
    return (node.place.name, back, *units, *(members if has_members else ()))


def _narrow(node: Node) -> tuple[bool, float]:
    rate: Rate | None = node.units.whole
    return (rate is None or not rate.valid, rate.figures.satisfied / rate.valid if rate is not None and rate.valid else 0.0)
