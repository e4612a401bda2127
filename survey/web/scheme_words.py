"""The rules of a scheme in the words of the page: before a round is published, and in the protocol."""

from fractions import Fraction

from flask_babel import gettext as _

from survey.domain.rounds import Base, Scheme


def rules(scheme: Scheme) -> tuple[str, ...]:
    """How a verdict is reached, of what the rates are taken, what the groups weigh."""
    weights = _("，").join(f"{name} {weight}" for name, weight in scheme.weights)
    said = (
        _(
            "满意率到 %(at)s%% 评为“满意”；没到，而基本满意以上率到 %(basic)s%%，评为“基本满意以上”；两样都没到，评为“未达到”。",
            at=line(scheme.satisfied_at),
            basic=line(scheme.basic_at),
        ),
        _("分母是有效答案，“不了解”不算在内。") if scheme.base is Base.KNOWN else _("分母是有效答案，“不了解”算在内。"),
        _("各类的权重：%(weights)s。评定看不加权的率。", weights=weights) if weights else "",
    )
    return tuple(each for each in said if each)


def line(at: float) -> str:
    """A threshold as people say it: 0.8 is 80."""
    return f"{float(100 * Fraction(str(at))):g}"
