"""Grades in the language of the page: a scheme's own are its labels, without them there are the verdicts."""

from collections.abc import Iterable

from flask_babel import gettext as _

from survey.domain.questionnaires import UNRATED, Scale
from survey.domain.rounds import Scheme
from survey.web.scheme_words import rules


def grade_word(grade: str) -> str:
    """A grade as it is read."""
    return {"satisfied": _("满意"), "basic": _("基本满意以上"), "below": _("未达到")}.get(grade, grade)


def grade_lines(scheme: Scheme) -> str:
    """From which score each grade is earned; without grades of its own, from which rates."""
    if not scheme.grades:
        return rules(scheme)[0]
    said = [_("“%(grade)s” %(at)s 分起", grade=label, at=f"{lowest:g}") for label, lowest in scheme.grades[:-1]]
    said.append(_("再低的是“%(grade)s”", grade=scheme.grades[-1][0]))
    return _("按综合得分定线：") + _("，").join(said) + _("。")


def score_words(scheme: Scheme) -> str:
    """What a score out of 100 is made of, in a line."""
    weights = _("，").join(f"{each.name} {each.weight}" for each in scheme.sources)
    said = (
        _("综合得分满分 100 分，各来源的权重：%(weights)s。", weights=weights) if weights else _("综合得分就是各题答案的平均分。"),
        _("有下级的单位，下级占 %(n)s%%。", n=scheme.below) if scheme.below else "",
        _("另外最多加 %(n)s 分。", n=scheme.bonus) if scheme.bonus else "",
    )
    return "".join(said).strip()


def points_words(scales: Iterable[Scale], scheme: Scheme) -> tuple[str, ...]:
    """What each answer earns, and which earn nothing and are left out of the mean: a line a scale."""
    return tuple(dict.fromkeys(_points(each, scheme) for each in scales))


def _points(scale: Scale, scheme: Scheme) -> str:
    earned = [(o.label, None if o.role in UNRATED else scheme.earns(scale.key, o.code, o.points)) for o in scale.options]
    told = _("，").join(f"{label} {points:g}" for label, points in earned if points is not None)
    left_out = _("、").join(label for label, points in earned if points is None)
    said = _("答案的分值：%(points)s。", points=told) if told else ""
    return (said + (_("“%(labels)s”没有分值，不算在平均分里。", labels=left_out) if left_out and told else "")).strip()
