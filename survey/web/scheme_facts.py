"""A scheme rule by rule in the words of the page: what each says, whether it is as usual, what one version changed in another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

from flask_babel import gettext as _

from survey.domain.questionnaires import Scale
from survey.domain.rounds import Base, Scheme, SpoilRule
from survey.domain.scheme_parts import Missing, Source, Ties, Validity
from survey.web.questionnaires import said
from survey.web.scheme_words import in_percent
from survey.web.words import group_name


@dataclass(frozen=True, slots=True)
class Labels:
    """What the keys in a scheme are called: answers by scale and code, kinds of unit and sectors."""

    answers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    """One rule in words. `key` is its field in `Scheme`."""

    key: str
    name: str
    said: str
    is_usual: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule that is another now."""

    name: str
    before: str
    after: str


def facts(scheme: Scheme, labels: Labels) -> tuple[Fact, ...]:
    """Every rule of a scheme, in the order of the page."""
    usual = Scheme()
    words = {**_reading(scheme), **_scores(scheme, labels), **_parts(scheme, labels), **_grading(scheme)}
    # A rule without words here would be one nobody could read.
    assert words.keys() == {each.name for each in fields(Scheme)}
    return tuple(Fact(key, name, text, getattr(scheme, key) == getattr(usual, key)) for key, (name, text) in words.items())


def changes(before: Scheme, after: Scheme, labels: Labels) -> tuple[Changed, ...]:
    """What differs, rule by rule."""
    pairs = zip(facts(before, labels), facts(after, labels), strict=True)
    return tuple(Changed(old.name, old.said, new.said) for old, new in pairs if getattr(before, old.key) != getattr(after, new.key))


def answers(scales: Iterable[Scale]) -> dict[tuple[str, int], str]:
    """Every answer of some scales, by scale and code."""
    return {(scale.key, option.code): said(option.label) for scale in scales for option in scale.options}


def _reading(scheme: Scheme) -> dict[str, tuple[str, str]]:
    validity = {
        Validity.ANY: _("填了几题，就算几题"),
        Validity.HALF: _("对一个对象填的题不到一半，对他的评价都算弃权"),
        Validity.ALL: _("对一个对象有一题没填，对他的评价都算弃权"),
    }
    known = scheme.base is Base.KNOWN
    return {
        "base": (_("率的分母"), _("有效答案，“不了解”不算在内") if known else _("有效答案，“不了解”算在内")),
        "satisfied_at": (_("满意线"), _("满意率到 %(at)s%%，评为满意", at=in_percent(scheme.satisfied_at))),
        "basic_at": (_("基本满意线"), _("基本满意以上率到 %(at)s%%，评为基本满意以上", at=in_percent(scheme.basic_at))),
        "validity": (_("没有填全的票"), validity[scheme.validity]),
        "decimals": (_("百分数和分数的小数"), _("保留 %(n)s 位", n=scheme.decimals)),
        "spoil": (
            _("纸质评议表上有一题多选，或者看不清"),
            _("整张表无效") if scheme.spoil is SpoilRule.FORM else _("只那一题无效，算弃权"),
        ),
        "quorum": (_("到会人数"), _("实到超过应到的一半才能计票") if scheme.quorum else _("不作要求")),
    }


def _scores(scheme: Scheme, labels: Labels) -> dict[str, tuple[str, str]]:
    comma = _("，")
    points = comma.join(f"{labels.answers.get((scale, code), code)} {points:g}" for scale, code, points in scheme.points)
    return {
        "points": (_("每个答案得几分"), points or _("照问卷上写的")),
        "trim_ends": (_("打分题的最高分和最低分"), _("多于 5 个分数时，去掉一个最高分、一个最低分") if scheme.trim_ends else _("都算在内")),
        "trim": (_("去掉两头的平均分"), _("两头各去掉 %(n)s%% 的票", n=in_percent(scheme.trim))),
        "weights": (
            _("各类评议人的权重"),
            comma.join(f"{group_name(name)} {weight}" for name, weight in scheme.weights) or _("不加权，每张票一样重"),
        ),
        "missing": (
            _("有一类没有人投票时"),
            _("不出加权的数") if scheme.missing is Missing.WITHHOLD else _("它的权重由其他各类按比例分担"),
        ),
    }


def _parts(scheme: Scheme, labels: Labels) -> dict[str, tuple[str, str]]:
    comma = _("，")
    below = _("占 %(n)s%%", n=scheme.below) if scheme.below else _("不占，只看单位自己得的评价")
    return {
        "below": (_("下级单位在本单位得分里占多少"), below),
        "kinds": (
            _("各类下级单位的权重"),
            comma.join(f"{labels.kinds.get(name, name)} {weight}" for name, weight in scheme.kinds) or _("都一样重"),
        ),
        "sources": (_("百分制总分的来源"), comma.join(_source(each) for each in scheme.sources) or _("不算百分制总分")),
        "bonus": (_("加分"), _("最多加 %(n)s 分", n=scheme.bonus) if scheme.bonus else _("没有加分")),
    }


def _source(source: Source) -> str:
    whose = _("、").join(group_name(each) for each in source.groups) or _("由办公室填分")
    return _("%(name)s %(weight)s（%(whose)s）", name=source.name, weight=source.weight, whose=whose)


def _grading(scheme: Scheme) -> dict[str, tuple[str, str]]:
    grades = _("，").join(_("%(label)s %(lowest)s 分起", label=label, lowest=f"{lowest:g}") for label, lowest in scheme.grades)
    quota = scheme.quota
    ties = {Ties.COMPETITION: _("1、1、3：占掉后面的名次"), Ties.DENSE: _("1、1、2：名次接着排")}
    return {
        "grades": (_("评哪些等次"), grades or _("不评等次")),
        "quota": (
            _("最高等次的名额"),
            _("每个支部不超过党员数的 %(part)s/%(whole)s", part=quota[0], whole=quota[1]) if quota is not None else _("不限"),
        ),
        "ties": (_("分数一样的名次"), ties[scheme.ties]),
        "league": (_("党员的排法"), _("可以按名次排") if scheme.league else _("按姓名排，不排名次")),
    }
