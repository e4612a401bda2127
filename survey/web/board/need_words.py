"""Why a unit needs help, in whole sentences: the same on its card and on paper."""

from collections.abc import Mapping

from flask_babel import gettext as _

from analysis.standouts import Sure
from survey.web.board.needs import Need
from survey.web.board.reasons import interval
from survey.web.board.sheet_frames import sentences


def weakest_said(each: Need) -> str:
    """Which question is weakest, with its rate and how many answered."""
    low = each.weakest
    if low is None:
        return _("没有一题有有效答案。")
    if low.is_alike:
        return _("各题的满意率一样，没有哪一题更弱。")
    beside = _("，这里所有单位合计 %(narrow)s%%", narrow=low.all.narrow) if low.all is not None else ""
    text = _("“%(question)s”最低：满意率 %(narrow)s%%（有效答案 %(n)s 个）", question=low.line.question.text, narrow=low.rate.narrow, n=low.rate.valid)
    return text + beside + (_("。") if low.is_far else _("，和本单位其余各题比还不算突出。"))


def groups_said(each: Need) -> str:
    """Which group is less satisfied, or that they agree."""
    if each.groups is None:
        return _("各类人看法相近。") if each.kinds > 1 else _("没有可以分开看的评议人类别，看不出谁更不满意。")
    (bad, worst), (good, best) = [(_("、").join(one.names), one.sheet.whole) for one in each.groups if one.sheet is not None]
    assert worst is not None and best is not None
    return _(
        "%(low)s给 %(low_rate)s%%（有效答案 %(low_n)s），%(high)s给 %(high_rate)s%%（有效答案 %(high_n)s），看法差得远。",
        low=bad, low_rate=worst.narrow, low_n=worst.valid, high=good, high_rate=best.narrow, high_n=best.valid,
    )  # fmt: skip


def sure_said(each: Need) -> str:
    """How sure that is: first in plain words, then the numbers behind them."""
    return "" if each.weakest is None else _verdicts()[each.weakest.sure]


def numbers_said(each: Need) -> str:
    """What the certainty comes from."""
    if each.due:
        text = _("%(ballots)s 张票，%(questions)s 题共 %(n)s 个有效答案；应到 %(due)s 人。", ballots=each.ballots, questions=each.questions, n=each.rate.valid, due=each.due)
    else:
        text = _("%(ballots)s 张票，%(questions)s 题共 %(n)s 个有效答案。", ballots=each.ballots, questions=each.questions, n=each.rate.valid)
    if each.weakest is None:
        return text
    low, high = interval(each.weakest.rate)
    more = _("最低的那题 %(n)s 人回答；把到会的人当作抽样，真实的满意率多半（95%%）在 %(low)s%% 到 %(high)s%% 之间。", n=each.weakest.rate.valid, low=low, high=high)
    return sentences([text, more])


def _verdicts() -> Mapping[Sure, str]:
    return {
        Sure.CLEAR: _("较有把握：最低的那题连误差算上也没到满意线。"),
        Sure.TWICE: _("较有把握：最低的那题连着两轮没到满意线。"),
        Sure.OPEN: _("把握不大：最低的那题没到满意线，但差得不多或者票少，可能是碰巧。"),
        Sure.REACHED: _("把握不大：最低的那题也到了满意线。"),
    }
