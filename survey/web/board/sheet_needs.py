"""Who needs help, and what of a unit is worth a look, in words for paper: the sentences of the pages."""

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from survey.domain.rounds import FEWEST, JOINT
from survey.office.reports import Block, Cell, Column, Content, Part, Table, Words, columns
from survey.web.board.branches import Branch
from survey.web.board.doubts import doubts
from survey.web.board.need_words import groups_said, numbers_said, sure_said, weakest_said
from survey.web.board.needs import Need, is_spotless, needs, spotless
from survey.web.board.reasons import Divided, Weak, divided, rule_said, weak
from survey.web.board.roll_ups import Reading
from survey.web.board.sheet_frames import Frame, sentences
from survey.web.board.sheet_tables import rate_columns, rates_of
from survey.web.words import round_name

# Of a page: names of those of whom too few ballots came back.
_NAMES = 10


def need_part(reading: Reading, around: int, shown: Sequence[str], frame: Frame, most: int) -> Part:
    """Which units need help, of so many why, since when and how sure that is; and whose answers are all of the best."""
    found, many = needs(reading, around, shown, frame.then)
    some, blocks = found[:most], list[Block]()
    if some:
        note = _("共 %(n)s，这里列出 %(shown)s。", n=many, shown=len(some)) if many > len(some) else ""
        said = _("没有达到满意线（%(line)s%%）的，或比上一轮降了 10 个百分点以上的，满意率低的在前。", line=f"{reading.scheme.satisfied_at * 100:g}")
        heads = (*rate_columns(), Column(_("哪里不足，从什么时候起"), 106, is_number=False))
        rows: tuple[tuple[Content, ...], ...] = tuple((Cell(each.label, heavy=True), *rates_of(each.rate), _told(each)) for each in some)
        blocks = [Words(sentences([said, note]), small=True, leads=True), Table(columns((_("单位"), 26), others=heads), rows)]
    else:
        blocks.append(Words(_("单独评定的单位都达到满意线，也没有降得多的。")))
    sees = frame.sees or frozenset(reading.inside(around)).__contains__
    full = _("、").join(named.label + _("（%(why)s）", why=doubts(reading, named.unit, rate, sees)) for named, rate in spotless(reading, shown))
    if full:
        blocks.append(Words(_("答案全是满意的，先看看会是怎么开的：") + full + _("。")))
    return Part(_("需要帮助的单位"), tuple(blocks))


def few_part(reading: Reading, inside: Iterable[int]) -> Iterator[Part]:
    """The units of whose ballots too few came back."""
    names = [reading.roll.place(unit).name for unit in reading.few(inside)]
    if names:
        more = _("等，共 %(n)s 个", n=len(names)) if len(names) > _NAMES else ""
        yield Part("", (Words(_("收回的票不到 %(k)s 张，人数不足，不单独显示：%(names)s。", k=FEWEST, names=_("、").join(names[:_NAMES]) + more)),))


def doubt_part(reading: Reading, own: Branch, frame: Frame) -> Iterator[Part]:
    """What is worth a look before the figures of a unit are believed."""
    unit, rate = int(own.key[1:]), own.part.whole if own.part is not None else None
    if rate is not None and is_spotless(reading, own.key):
        why = doubts(reading, unit, rate, frame.sees or frozenset(reading.inside(unit)).__contains__)
        yield Part("", (Words(_("先核实：答案全是满意的，先看看会是怎么开的（%(why)s）。", why=why)),))


def reason_part(own: Branch) -> Iterator[Part]:
    """What of a unit is worth a look, right below its figures."""
    said = [_weak(each) for each in weak(own)]
    if (two := divided(own)) is not None:
        said.append(_divided(two))
    if said:
        yield Part(_("最需要看的"), (*(Words(each) for each in said), Words(rule_said(), small=True)))


def _told(each: Need) -> str:
    return sentences([weakest_said(each), groups_said(each), *_since(each), sure_said(each), numbers_said(each)])


def _since(each: Need) -> Iterator[str]:
    if each.turns > 1 and each.since is not None:
        yield _("连续 %(n)s 轮没有达到，从“%(round)s”起。", n=each.turns, round=round_name(each.since.listed))
    elif each.turns:
        yield _("这一轮开始，上一轮达到了。") if each.change is not None else _("这一轮没有达到，以前的没有可比的。")
    if each.change is not None and each.change.before is not None:
        yield _("上一轮满意率 %(narrow)s%%", narrow=each.change.before.narrow) + _("，") + f"{each.change.narrow:+}" + _("。")
    if each.weakest is not None and not each.weakest.is_alike and each.weakest.past:
        rates = " → ".join(f"{rate.narrow}%" for rate in (*each.weakest.past, each.weakest.rate))
        yield _("最低的那题近 %(n)s 轮：", n=len(each.weakest.past) + 1) + rates + _("。")


def _weak(each: Weak) -> str:
    text = _(
        "这一题的满意率比其余各题合在一起（%(others)s%%）低 %(apart)s 个百分点。有效答案 %(n)s 个，95%% 的把握是在 %(low)s%% 到 %(high)s%% 之间。",
        others=each.others, apart=each.apart, n=each.rate.valid, low=each.low, high=each.high,
    )  # fmt: skip
    past = [f"{round_name(then.listed)} {narrow}%" for then, narrow in each.before]
    return sentences([f"· {each.line.question.text}{_('：')}{each.rate.narrow}%{_('。')}", text, _past(past, each.rate.narrow)])


def _divided(two: Divided) -> str:
    sides = [(JOINT.join(each.names), each.sheet.whole) for each in (two.bad, two.good) if each.sheet is not None]
    (bad, low), (good, high) = sides
    assert low is not None and high is not None
    text = _(
        "“%(bad)s”的满意率 %(low)s%%（有效答案 %(n)s），“%(good)s”的 %(high)s%%（有效答案 %(m)s），相差 %(apart)s 个百分点。",
        bad=bad, low=low.narrow, n=low.valid, good=good, high=high.narrow, m=high.valid, apart=two.apart,
    )  # fmt: skip
    past = [f"{round_name(then.listed)} {under}% / {over}%" for then, over, under in two.before]
    return sentences([f"· {_('各类人看法不一')}{_('：')}{low.narrow}% / {high.narrow}%{_('。')}", text, _past(past, f"{low.narrow}% / {high.narrow}")])


def _past(before: Sequence[str], now: str) -> str:
    return " → ".join([*before, _("这一轮 %(narrow)s%%", narrow=now)]) + _("。") if before else ""
