"""The rules of a scheme in the words of the page: before a round is published, and in the protocol."""

from fractions import Fraction

from flask_babel import gettext as _

from survey.domain.rounds import Base, Scheme
from survey.domain.scheme_parts import Missing, Validity


def rules(scheme: Scheme) -> tuple[str, ...]:
    """How a verdict is reached, of what the rates are taken, what the groups weigh."""
    weights = _("，").join(f"{name} {weight}" for name, weight in scheme.weights)
    said = (
        _(
            "满意率到 %(at)s%% 评为“满意”；没到，而基本满意以上率到 %(basic)s%%，评为“基本满意以上”；两样都没到，评为“未达到”。",
            at=in_percent(scheme.satisfied_at),
            basic=in_percent(scheme.basic_at),
        ),
        _("分母是有效答案，“不了解”不算在内。") if scheme.base is Base.KNOWN else _("分母是有效答案，“不了解”算在内。"),
        _("各类的权重：%(weights)s。评定看不加权的率。", weights=weights) if weights else "",
        *special(scheme),
    )
    return tuple(each for each in said if each)


def special(scheme: Scheme) -> tuple[str, ...]:
    """What is seldom so: rows that do not count, ends that are dropped, other points, a missing group that withholds."""
    validity = {
        Validity.ANY: "",
        Validity.HALF: _("一张票上对一个对象选得不到一半的，对他算弃权。"),
        Validity.ALL: _("一张票上对一个对象有一项没选的，对他算弃权。"),
    }
    said = (
        validity[scheme.validity],
        _("打分多于 5 人的，平均分去掉一个最高分和一个最低分。") if scheme.trim_ends else "",
        _("答案的分值按这一轮的计票规则，不按问卷。") if scheme.points else "",
        _("有一类没有可用的答案，就不给加权的数字。") if scheme.weights and scheme.missing is Missing.WITHHOLD else "",
    )
    return tuple(each for each in said if each)


def in_percent(at: float) -> str:
    """A threshold as people say it: 0.8 is 80."""
    return f"{float(100 * Fraction(str(at))):g}"
