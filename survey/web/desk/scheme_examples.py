"""One worked example for each rule, and what all rules together make of published figures, in the words of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.domain.rounds import Base, Scheme
from survey.office import scheme_samples as samples
from survey.office.scheme_trials import Evidence, Outcome, Roles, Trial, kept, lacking, rates, trial, weighed
from survey.web.desk.scheme_grounds import Basis
from survey.web.doors import staff
from survey.web.questionnaires import said
from survey.web.words import group_name

_NONE = "–"
_DECIMALS = (0, 1, 2)
# So many meetings are named; the rest are a number.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of what changes: what it is, by the rules that stand, and by those on the page."""

    name: str
    before: str
    after: str

    @property
    def moves(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


def examples(basis: Basis, scheme: Scheme) -> Mapping[str, Sequence[str]]:
    """Sentences by the key of a rule."""
    found = basis.evidence
    roles = found.whole
    return {
        "base": [_of_base(roles, scheme)],
        "lines": [each for each in (_of_units(trial(found, scheme).units), _of_members(trial(found, scheme).members)) if each],
        "validity": _of_validity(found, scheme),
        "decimals": [_of_decimals(roles, scheme)],
        "weights": _of_weights(found, scheme),
        "missing": [_("群众代表占 60，党员占 40，党员一个也没有投票。分担：只看群众代表的率。不出：没有加权的率，只有不加权的。")],
        "points": _of_points(found, scheme),
        "trim": [_("收回 100 张票，两头各去掉 %(n)s%%，就是不看平均分最高的 %(n)s 张和最低的 %(n)s 张。", n=10)],
        "quorum": _of_quorum(found, scheme),
        "spoil": _of_spoil(found, scheme),
        "trim_ends": [_of_ends(scheme)],
        "below": [_of_below(scheme)],
        "sources": _of_sources(scheme),
        "grades": _of_grades(scheme),
        "quota": _of_quota(scheme),
    }  # fmt: skip


def effects(basis: Basis, before: Scheme, after: Scheme) -> tuple[Effect, ...]:
    """What the rules on the page make of the figures, beside what those that stand make of them."""
    old, new = trial(basis.evidence, before), trial(basis.evidence, after)
    lines = [
        Effect(_("各单位合起来的满意率"), _percent(old.narrow), _percent(new.narrow)),
        Effect(_("各单位合起来的基本满意以上率"), _percent(old.wide), _percent(new.wide)),
        *_counts(_("评为满意的单位"), _("评为基本满意以上的单位"), old.units, new.units),
        *_counts(_("评为满意的党员"), _("评为基本满意以上的党员"), old.members, new.members),
        *_weighted(old, new),
        *_means(basis.evidence, old, new),
        *_uncounted(basis.evidence, before, after),
    ]
    return tuple(lines)


def _uncounted(found: Evidence, before: Scheme, after: Scheme) -> list[Effect]:
    """Meetings that a quorum keeps from being counted; said where one of the two asks for it."""
    few = lacking(found, after)
    if few is None or not (before.quorum or after.quorum):
        return []
    old, new = (_("%(n)s 场，共 %(all)s 场", n=len(few.meetings) if each.quorum else 0, all=few.all) for each in (before, after))
    return [Effect(_("到会人数不够、不能计票的评议会"), old, new)]


def _counts(good: str, basic: str, old: Outcome, new: Outcome) -> list[Effect]:
    if not (old.all or new.all):
        return []
    return [
        Effect(good, _("%(n)s 个，共 %(all)s 个", n=old.satisfied, all=old.all), _("%(n)s 个，共 %(all)s 个", n=new.satisfied, all=new.all)),
        Effect(basic, _("%(n)s 个，共 %(all)s 个", n=old.basic, all=old.all), _("%(n)s 个，共 %(all)s 个", n=new.basic, all=new.all)),
    ]


def _weighted(old: Trial, new: Trial) -> list[Effect]:
    names = (_("各单位加权的满意率"), _("各单位加权的基本满意以上率"))
    return [Effect(name, _percent(a), _percent(b)) for name, a, b in zip(names, old.weighed, new.weighed, strict=True) if a is not None or b is not None]


def _means(found: Evidence, old: Trial, new: Trial) -> list[Effect]:
    names = [_("“%(scale)s”的得分", scale=said(scale.label)) for scale, _counts in found.answers]
    names += [_("“%(question)s”的平均分", question=said(question)) for question, _counts in found.scores]
    pairs = zip(names, old.indices + old.scores, new.indices + new.scores, strict=True)
    return [Effect(name, _points(a), _points(b)) for name, a, b in pairs if a is not None or b is not None]


def _percent(number: Decimal | None) -> str:
    return _NONE if number is None else f"{number}%"


def _points(number: Decimal | None) -> str:
    return _NONE if number is None else _("%(n)s 分", n=number)


def _of_validity(found: Evidence, scheme: Scheme) -> list[str]:
    said = [_("一个支部有 5 题，有人只填了 2 题。“填了几题，就算几题”算他 2 个答案；另外两种都算他对这个支部弃权。")]
    left = kept(found, scheme)
    if left is not None:
        said.append(_(
            "这些结果里，每张票的每一题算一个答案，一共 %(all)s 个，没有选的 %(open)s 个（%(share)s）；照规则算弃权的，也在没有选的里面。",
            all=left.asked, open=left.open, share=_percent(left.open_share),
        ))  # fmt: skip
    said.append(_("一张票有没有填全，只有看票才知道。票计完就销毁了，只留下各题的票数，所以这一条不能拿计过的票来试。"))
    return said


def _of_quorum(found: Evidence, scheme: Scheme) -> list[str]:
    few = lacking(found, scheme)
    if few is None:
        return [_("应到 40 人，实到 20 人，没有超过一半，就不能计票。")]
    if not few.meetings:
        return [
            ngettext("%(n)s 场评议会，实到都超过了应到的一半：要求过半，也都能计票。", "%(n)s 场评议会，实到都超过了应到的一半：要求过半，也都能计票。", few.all, n=few.all)
        ]
    places = {} if found.made is None else {place.id: place.name for place in found.made.places}
    # Whose unit hangs elsewhere since counts, and is named to nobody who does not see it now.
    mine = [each for each in few.meetings if staff().sees(each.unit)][:_MOST_NAMED]
    named = [_("%(unit)s（应到 %(due)s，实到 %(present)s）", unit=places[each.unit], due=each.due, present=each.present) for each in mine]
    listed = _("、").join(named) or _("单位都已经划走")
    return [
        _(
            "%(all)s 场评议会里，有 %(n)s 场（%(share)s）实到没有超过应到的一半，要求过半就不能计票：%(listed)s。",
            all=few.all, n=len(few.meetings), share=_percent(few.share), listed=_("%(names)s等", names=listed) if len(few.meetings) > len(named) > 0 else listed,
        ),
        _("少了这几场，率会变成多少，不试算：和公布的率一减，就看得出这几场是怎么评的。"),
    ]  # fmt: skip


def _of_spoil(found: Evidence, scheme: Scheme) -> list[str]:
    said = [_("一张表有 30 题，有一题打了两个钩。只那一题无效，还算 29 个答案；整张表无效，就一个也不算。")]
    left = kept(found, scheme)
    if left is not None:
        said.append(_("这些结果里，收回 %(all)s 张票，整张无效的纸表 %(n)s 张；人数不足的评议会有几张无效，不写明。", all=left.returned, n=left.spoiled))
    said.append(_("无效的表没有留下，所以这一条也不能拿计过的票来试。"))
    return said


def _of_base(roles: Roles, scheme: Scheme) -> str:
    inside, _wide = rates(roles, replace(scheme, base=Base.VALID))
    outside, _wide = rates(roles, replace(scheme, base=Base.KNOWN))
    return _(
        "合起来有 %(a)s 个满意、%(b)s 个基本满意、%(c)s 个不满意、%(d)s 个不了解。“不了解”算在内，满意率是 %(inside)s；不算在内，是 %(outside)s。",
        a=roles[0], b=roles[1], c=roles[2], d=roles[3], inside=_percent(inside), outside=_percent(outside),
    )  # fmt: skip


def _of_units(found: Outcome) -> str:
    if not found.all:
        return ""
    return _(
        "照这两条线，%(all)s 个单位里评为满意 %(good)s 个，基本满意以上 %(basic)s 个，没有达到 %(below)s 个。",
        all=found.all, good=found.satisfied, basic=found.basic, below=found.below,
    )  # fmt: skip


def _of_members(found: Outcome) -> str:
    if not found.all:
        return ""
    return _(
        "%(all)s 名党员里评为满意 %(good)s 名，基本满意以上 %(basic)s 名，没有达到 %(below)s 名。",
        all=found.all, good=found.satisfied, basic=found.basic, below=found.below,
    )  # fmt: skip


def _of_decimals(roles: Roles, scheme: Scheme) -> str:
    rounded = [rates(roles, replace(scheme, decimals=each))[0] for each in _DECIMALS]
    return _("同一个率写出来是：%(said)s。", said=_("、").join(_percent(each) for each in rounded))


def _of_weights(found: Evidence, scheme: Scheme) -> list[str]:
    names = [name for name, weight in scheme.weights if weight]
    groups = next((each for each in found.groups if set(names) <= each.keys()), None)
    if groups is None or len(names) < 2:
        return [_("都不填，人多的一类说了算。填了权重，先算各类自己的满意率，再按权重平均，人少的一类也有分量。")]
    alone = _("，").join(f"{group_name(name)} {_percent(rates(groups[name], scheme)[0])}" for name in names)
    return [
        _(
            "有一个单位，%(alone)s。每张票一样重，满意率是 %(plain)s；按上面的权重，是 %(weighed)s。",
            alone=alone, plain=_percent(rates(_sum(groups, names), scheme)[0]), weighed=_percent(weighed(groups, scheme)),
        )
    ]  # fmt: skip


def _sum(groups: Mapping[str, Roles], names: Sequence[str]) -> Roles:
    a, b, c, d = (sum(groups[name][at] for name in names) for at in range(4))
    return a, b, c, d


def _of_points(found: Evidence, scheme: Scheme) -> list[str]:
    means = zip(found.answers, trial(found, scheme).indices, strict=True)
    return [_("“%(scale)s”照这样平均得 %(points)s。", scale=said(scale.label), points=_points(each)) for (scale, _n), each in means if each is not None]


def _of_ends(scheme: Scheme) -> str:
    every, without = samples.ends(scheme)
    given = _("、").join(str(each) for each in samples.GIVEN)
    return _("六个人打了 %(given)s 分，都算是 %(every)s；去掉两头是 %(without)s。", given=given, every=_points(every), without=_points(without))


def _of_below(scheme: Scheme) -> str:
    share, whole = samples.below(scheme)
    return _(
        "单位自己得 %(own)s 分，下级平均得 %(below)s 分，下级占 %(n)s%%：合起来是 %(whole)s。",
        own=samples.OWN, below=samples.BELOW, n=share, whole=_points(whole),
    )  # fmt: skip


def _of_sources(scheme: Scheme) -> list[str]:
    if not scheme.sources:
        return []
    found = samples.total(scheme)
    each = _("，").join(_("%(name)s %(score)s 分", name=one.name, score=score) for one, score in zip(scheme.sources, found.scores, strict=True))
    lines = [_("%(each)s：总分是 %(total)s。", each=each, total=_points(found.total))]
    if len(scheme.sources) > 1:
        lines.append(
            _("“%(name)s”没有分时，总分是 %(rest)s。", name=scheme.sources[0].name, rest=_points(found.rest))
            if found.rest is not None
            else _("“%(name)s”没有分时，不出总分。", name=scheme.sources[0].name)
        )
    return lines


def _of_grades(scheme: Scheme) -> list[str]:
    found = samples.graded(scheme, ("92.50", "89.99", "60.00"))
    return [_("，").join(_("%(score)s 分是“%(label)s”", score=score, label=label) for score, label in found) + _("。")] if found else []


def _of_quota(scheme: Scheme) -> list[str]:
    found = [_("%(members)s 名党员的支部，最多 %(n)s 名", members=members, n=n) for members, n in samples.places(scheme)]
    return [_("；").join(found) + _("。")] if found else []
