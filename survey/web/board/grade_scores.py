"""Where the score of one unit or member comes from: source by source, what each weighs, what is missing and what that does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask import render_template
from flask_babel import gettext as _

from analysis.composites import Composite
from analysis.satisfaction import mean, percent
from survey.actions import grades as verbs
from survey.domain.refusals import NotFound
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing
from survey.office.composites import Why
from survey.office.gradings import Graded, graded
from survey.store import grades
from survey.web.board.doubts import doubtful
from survey.web.board.grade_pages import context
from survey.web.board.others import NO_DATA
from survey.web.board.publications import find, find_member
from survey.web.doors import Who, admits, house
from survey.web.grade_words import points_words
from survey.web.ids import id_of
from survey.web.points import exact


@dataclass(frozen=True, slots=True)
class Line:
    """One source as it is printed."""

    name: str
    score: str
    nominal: str
    share: str
    brought: str
    why: Why | None = None


@admits(Who.STAFF)
def score(round_id: int, key: str) -> str:
    """The score of one unit or member."""
    with house().store.read() as db:
        if key.startswith("m"):
            seen = find_member(db, round_id, key)[0]
        else:
            unit_id = id_of(key.removeprefix("u")) if key.startswith("u") else None
            if unit_id is None:
                raise NotFound(what="target")
            seen = find(db, round_id, unit_id)
        reading = seen.reading
        if reading is None or key not in reading.made.targets:
            raise NotFound(what="target")
        scheme = reading.scheme
        points = verbs.points(db, round_id, None if scheme.below else frozenset({seen.unit}))
        decision = grades.decisions(db, round_id, {seen.unit}).get(key)
    (one,) = graded(reading.roll, [key], exact(points))
    found = one.total
    lines = () if found is None else tuple(_lines(found.composite, scheme, found.why, {}))
    tree = () if one.tree is None else tuple(_lines(one.tree, scheme, {}, {"own": _("本单位"), "below": _("下级单位")}))
    bonus = NO_DATA if found is None else _printed(found.bonus, scheme)
    return render_template(
        "board/rounds/score.html", **context(seen), one=one, lines=lines, tree=tree, decision=decision, bonus=bonus, said=_said(one, scheme),
        is_alone=key in points.approved.alone, is_doubtful=doubtful(reading), points=points_words(reading.scales, scheme), sum=NO_DATA if found is None else _printed(found.exact, scheme),
    )  # fmt: skip


def _lines(found: Composite, scheme: Scheme, why: Mapping[str, Why], names: Mapping[str, str]) -> Iterable[Line]:
    whole = sum(each.weight for each in found.shares)
    for each in found.shares:
        brought = _printed(each.brought if each.share else None, scheme)
        yield Line(
            names.get(each.name, each.name), _printed(each.score, scheme), _text(percent(each.weight, whole, scheme.decimals)),
            _text(percent(each.share.numerator, each.share.denominator, scheme.decimals)), brought, why.get(each.name),
        )  # fmt: skip


def _said(one: Graded, scheme: Scheme) -> tuple[str, ...]:
    """What is missing, and what that does."""
    if one.total is None or not one.total.why:
        return ()
    stop = _("、")
    by = {why: stop.join(name for name, each in one.total.why.items() if each is why) for why in Why}
    said = []
    if by[Why.MERGED]:
        said.append(_("“%(names)s”里有一类人数不足，只和别的合在一起显示，所以不算总分。", names=by[Why.MERGED]))
    if by[Why.UNTYPED]:
        said.append(_("“%(names)s”还没有填。", names=by[Why.UNTYPED]))
    if by[Why.NONE]:
        said.append(_("“%(names)s”没有有效答案，或者答案没有分值。", names=by[Why.NONE]))
    if not by[Why.MERGED]:
        shared = scheme.missing is Missing.SHARE and one.score is not None
        said.append(_("缺的权重由其他来源按比例分担。") if shared else _("照这一轮的规则，缺一项就不算总分。") if one.score is None else "")
    return tuple(each for each in said if each)


def _printed(number: Fraction | None, scheme: Scheme) -> str:
    return NO_DATA if number is None else _text(mean(number, 1, scheme.decimals))


def _text(number: Decimal | None) -> str:
    return NO_DATA if number is None else f"{number}"
