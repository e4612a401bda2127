"""What the pictures of a half-year or a year show: the figures of its pages, as `analysis` takes them to draw."""

from collections.abc import Iterable
from fractions import Fraction

from flask_babel import gettext as _

from analysis.charts import rates_are
from analysis.trends import Trend, Turn
from survey.domain.scheme_versions import rates_by
from survey.web.board.changes import Then
from survey.web.board.classes import share
from survey.web.board.figures import Rate, shared_scale
from survey.web.board.labels import labels
from survey.web.board.turns import Span
from survey.web.words import quarter, round_name


def unit_plan(span: Span) -> Trend | None:
    """A unit by itself or, when it was not rated, all below it; None when nothing is shown of it."""
    own = [each.reading.rate(f"u{span.unit}") for each in span.turns]
    nodes = [each.reading.brief(span.unit) for each in span.turns]
    rates = own if any(own) else [each.units.whole or each.members.whole for each in nodes]
    if not any(rates):
        return None
    return over_rounds(span, nodes[-1].place.name, zip(span.turns, rates, (each.is_few for each in nodes), strict=True))


def over_rounds(span: Span, name: str, rates: Iterable[tuple[Then, Rate | None, bool]]) -> Trend:
    """By round what is shown, else whether there were too few. No line leads to a round that was read by other rules."""
    told = list(rates)
    before: Then | None = None
    turns = []
    for then, rate, is_few in told:
        is_apart = before is not None and rates_by(before.reading.scheme) != rates_by(then.reading.scheme)
        turns.append(Turn(round_name(then.listed), None if rate is None else share(rate), "" if is_few else _("没有单独评定"), is_apart))
        before = then
    said, known = labels(), [rate for _then, rate, _is_few in told if rate is not None]
    line = None if span.is_mixed else 100 * Fraction(str(span.scheme.satisfied_at))
    note = f"{rates_are(shared_scale(known, scheme=span.scheme), said)}{said.stop}" if not span.is_mixed else _("各轮的计票规则不一样，每轮按自己的规则。")
    return Trend(f"{name} · {quarter(span.key)}", tuple(turns), line, note, span.scheme.decimals, said)
