"""Rules of a round that can be, and still are odd: said beside the field, and nobody is kept from them."""

from collections.abc import Iterable, Mapping, Sequence

from flask_babel import gettext as _

from survey.domain.questionnaires import Role, Scale
from survey.domain.rounds import Scheme
from survey.office.scheme_samples import bottom, first_with_a_place, is_called_rate, odd_sum
from survey.office.scheme_trials import effects
from survey.web.desk.scheme_grounds import Basis, Known
from survey.web.questionnaires import said
from survey.web.words import group_name


def advice(scheme: Scheme, known: Known, basis: Basis) -> Mapping[str, Sequence[str]]:
    """Sentences by the place on the page where they stand."""
    found = {
        "lines": _lines(scheme),
        "points": [*_lowest(scheme, known.scales), *_called_rates(known.scored)],
        "weights": [*_sums(scheme.weights), *_far(scheme, basis)],
        "kinds": _sums(scheme.kinds),
        "sources": [*_sums([(each.name, each.weight) for each in scheme.sources]), *_called_rates(each.name for each in scheme.sources)],
        "grades": list(_called_rates(label for label, _lowest in scheme.grades)),
        "quota": _quota(scheme, basis),
    }
    return {name: each for name, each in found.items() if each}


def _lines(scheme: Scheme) -> list[str]:
    if scheme.basic_at > scheme.satisfied_at:
        return [_("基本满意线比满意线还高，两条线大概填反了。")]
    if not scheme.basic_at:
        return [_("基本满意线是 0，不管得什么评价都算基本满意以上。")]
    return []


def _lowest(scheme: Scheme, scales: Iterable[Scale]) -> list[str]:
    found = []
    for scale in scales:
        if (worst := bottom(scale, scheme)) is not None:
            found.append(_("“%(answer)s”也得 %(points)s 分：最差的评价也加分，得分看上去会偏高。", answer=said(worst[0]), points=f"{worst[1]:g}"))
        earned = [scheme.earns(scale.key, each.code, each.points) for each in scale.options if each.role not in (Role.UNKNOWN, Role.ABSTAIN)]
        numbers = [each for each in earned if each is not None]
        if numbers != sorted(numbers, reverse=True):
            found.append(_("“%(scale)s”里，排在后面的答案得分反而高，请看看有没有填反。", scale=said(scale.label)))
    return found


def _called_rates(names: Iterable[str]) -> list[str]:
    return [_("“%(name)s”是得分，不是率。名称里请不要写“率”，免得当成百分之几。", name=name) for name in names if is_called_rate(name)]


def _sums(rows: Iterable[tuple[str, int]]) -> list[str]:
    whole = odd_sum(rows)
    return [_("合起来是 %(n)s，不是 100。算的时候按比例折成 100。", n=whole)] if whole is not None else []


def _far(scheme: Scheme, basis: Basis) -> list[str]:
    if basis.is_invented:
        return []
    return [
        _(
            "“%(group)s”的权重折合 %(nominal)s%%，照“%(round)s”的票，各单位的高低里由它决定的有 %(effective)s%%，相差很大。",
            group=group_name(each.group), nominal=each.nominal, effective=each.effective, round=basis.name,
        )
        for each in effects(basis.evidence, scheme.weights)
        if each.is_far
    ]  # fmt: skip


def _quota(scheme: Scheme, basis: Basis) -> list[str]:
    if scheme.quota is None:
        return []
    part, whole = scheme.quota
    if 2 * part >= whole:
        return [_("名额有一半以上，差不多限制不了什么。")]
    sizes = () if basis.is_invented else basis.evidence.sizes
    if sizes and not first_with_a_place(part, whole, sizes=sizes):
        return [_("照“%(round)s”，没有一个支部的党员够得上一个名额：要有 %(n)s 名党员才有一个。", round=basis.name, n=-(-whole // part))]
    return []
