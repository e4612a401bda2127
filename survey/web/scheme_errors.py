"""The sentences of `web/errors` about the rules of a round: which cannot be, and what to write instead."""

from collections.abc import Mapping

from flask_babel import gettext as _


def fields() -> dict[tuple[str, str], str]:
    """By field of the scheme and reason; the facts are still to be filled in."""
    return {**_whole(), **_shares(), **_points(), **_kinds(), **_sources(), **_grades()}


def _whole() -> Mapping[tuple[str, str], str]:
    return {
        ("scheme", "frozen"): _("这一轮已经有评议会开始，规则不能再改。"),
        ("scheme", "stale"): _("您看的时候，别人保存了第 %(value)s 版。什么也没有改动。您填的还在下面，请对照一下再保存。"),
        ("scheme", "no_group"): _("这一轮没有请“%(value)s”这一类评议人。请刷新后再填。"),
    }


def _shares() -> Mapping[tuple[str, str], str]:
    hundred = _("请填 0 到 %(most)s 的数。现在是 %(value)s。")
    return {(name, "range"): hundred for name in ("satisfied_at", "basic_at", "trim", "decimals", "below", "bonus")}


def _points() -> Mapping[tuple[str, str], str]:
    return {
        ("points", "many"): _("改了分值的选项有 %(value)s 个，最多 %(most)s 个。请去掉一些。"),
        ("points", "range"): _("分值要填 −%(most)s 到 %(most)s 的数，现在是 %(value)s。"),
        ("points", "unknown"): _("有一个分值不知道是哪一个选项的。请从问卷的选项中选。"),
        ("points", "twice"): _("同一个选项定了两次分值（%(value)s）。请只留一个。"),
    }


def _kinds() -> Mapping[tuple[str, str], str]:
    return {
        ("kinds", "many"): _("下级单位的权重有 %(value)s 行，最多 %(most)s 行。请合并几行。"),
        ("kinds", "empty"): _("有一个下级单位的权重没有写是哪一类单位。请从列表中选。"),
        ("kinds", "too_long"): _("“%(value)s…”太长，最多 %(most)s 个字。"),
        ("kinds", "twice"): _("“%(value)s”写了两次，请合并成一行。"),
        ("kinds", "range"): _("“%(value)s”的权重要填 0 到 %(most)s 的整数。"),
        ("kinds", "nothing"): _("至少有一类下级单位的权重要大于 0。都不填，各单位一样重。"),
    }


def _sources() -> Mapping[tuple[str, str], str]:
    return {
        ("sources", "many"): _("百分制总分的来源有 %(value)s 个，最多 %(most)s 个。请合并几个。"),
        ("sources", "empty"): _("有一个来源没有写名称，例如“群众评议”。"),
        ("sources", "too_long"): _("来源“%(value)s…”的名称太长，最多 %(most)s 个字。"),
        ("sources", "twice"): _("来源“%(value)s”写了两次，请合并成一行。"),
        ("sources", "range"): _("来源“%(value)s”的权重要填 0 到 %(most)s 的整数。"),
        ("sources", "nothing"): _("至少有一个来源的权重要大于 0。都不填，就不算百分制总分。"),
        ("sources", "group_twice"): _("“%(value)s”放进了两个来源，会算两次。请只放进一个。"),
    }


def _grades() -> Mapping[tuple[str, str], str]:
    return {
        ("grades", "many"): _("等次有 %(value)s 个，最多 %(most)s 个。请合并几个。"),
        ("grades", "empty"): _("有一个等次没有写名称，例如“优秀”。"),
        ("grades", "too_long"): _("等次“%(value)s…”的名称太长，最多 %(most)s 个字。"),
        ("grades", "twice"): _("等次“%(value)s”写了两次，请改一个名称。"),
        ("grades", "range"): _("等次“%(value)s”的最低分要填 0 到 %(most)s 的数。"),
        ("grades", "order"): _("等次要从高到低写，“%(value)s”的最低分不低于它前面的一个。请改小，或者换个位置。"),
        ("grades", "last"): _("最后一个等次“%(value)s”的最低分要是 0，这样每个人都有一个等次。"),
        ("quota", "range"): _("名额要写成几分之几，例如 1/3；现在是 %(value)s。分母最多 %(most)s，分子比分母小。"),
        ("quota", "no_grades"): _("定了最高等次的名额（%(value)s），但没有定等次。请先定等次，或者去掉名额。"),
    }
