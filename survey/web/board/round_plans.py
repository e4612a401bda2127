"""What the pictures of a published round show: the figures of its pages, as `analysis` takes them to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from flask_babel import gettext as _

from analysis.charts import A_PAGE, Bar, Words, rates_are
from analysis.comparisons import Block, Comparison, comparison_pages
from analysis.distributions import Crowd, Distribution
from analysis.heat_maps import Field, HeatMap, Line, most_questions
from analysis.satisfaction import Scale
from analysis.trends import Trend, Turn
from survey.domain.rounds import Scheme
from survey.office.figures import as_scale
from survey.web.board.branches import Person, Roll
from survey.web.board.changes import Change, Why
from survey.web.board.classes import classes, share
from survey.web.board.figures import Rate, heat, heat_edges, shared_scale, without_points
from survey.web.board.labels import labels
from survey.web.board.publications import Seen
from survey.web.board.roll_ups import Part, Reading
from survey.web.board.round_weights import weighed_over
from survey.web.doors import staff
from survey.web.words import round_name


@dataclass(frozen=True, slots=True)
class Drawn:
    """One of those compared: `part` None is hidden; `weighted` is all its ratings together by the weights of the groups."""

    name: str
    part: Part | None
    weighted: Fraction | None = None


def distribution_plan(seen: Seen, reading: Reading) -> Distribution:
    """A unit and all below it that this person sees: units by their own rates, and members."""
    sees = staff().sees
    inside = [each for each in reading.inside(seen.unit) if sees(each)]
    keys = [key for each in inside for key in reading.roll.own(each)]
    units, members = ([key for key in keys if key.startswith(kind)] for kind in ("u", "m"))
    crowds = [Crowd(_("单位"), classes(reading, units), few=len(reading.few(inside)), empty=_empty(reading, units))]
    if members:
        crowds.append(Crowd(_("党员"), classes(reading, members), empty=_empty(reading, members)))
    whole = reading.pooled(keys)
    rated = [whole] if whole is not None else []
    note = _rates_are(rated, reading.scheme) + _("虚线是满意线，没有达到的画斜线。")
    title = f"{seen.node.place.name} · {round_name(seen.planned)}"
    return Distribution(title, tuple(crowds), _line(reading.scheme), note, labels())


def trend_plan(name: str, reading: Reading, key: str, past: Sequence[Change]) -> Trend:
    """One unit or member over rounds, the first first, the last called `name`; `past` has the last first, as pages say it."""
    now = reading.target(key)
    is_single = len(now.rated) == 1
    means = {number: mean.exact.narrow for number, mean in weighed_over(reading, key, past).items()}
    turns = [replace(_turn(each, is_single=is_single), weighted=means.get(each.then.listed.round)) for each in reversed(past)]
    if now.whole is not None:
        turns.append(Turn(name, share(now.whole, is_single=is_single), weighted=means.get(reading.made.round)))
    rated = [now.whole] if now.whole is not None else []
    said = [_rates_are(rated, reading.scheme)] + ([_("竖线是满意率的误差范围，二十次有十九次落在里面。")] if is_single else [])
    title = f"{reading.made.targets[key].label} · {_('各轮次')}"
    return Trend(title, tuple(turns), _line(reading.scheme), "".join(said), reading.scheme.decimals, labels())


def heat_plans(reading: Reading, rolls: Sequence[Roll]) -> list[HeatMap]:
    """Members by questions, by roster: a picture for those who were asked the same, or several of up to 25 each, none wider than
    a sheet of paper."""
    found = []
    for roll in rolls:
        turns = _turns(roll, reading.scheme)
        for number, (some, asked) in enumerate(turns, start=1):
            place = _("（%(n)s/%(all)s）", n=number, all=len(turns)) if len(turns) > 1 else ""
            unit = reading.roll.place(reading.made.targets[some[0].key].unit)
            found.append(_heat_map(reading, some, asked, f"{unit.name} · {roll.section}{place}"))
    return found


def heat_pages(rolls: Sequence[Roll], scheme: Scheme) -> list[range]:
    """The numbers of the pictures of each roll."""
    found: list[range] = []
    for roll in rolls:
        first = found[-1].stop if found else 1
        found.append(range(first, first + len(_turns(roll, scheme))))
    return found


def comparison_plans(title: str, head: str, compared: Sequence[Drawn], scheme: Scheme) -> list[Comparison]:
    """Several units or rounds: all ratings together, then each question.

    Whoever was not asked a question has an empty row there, so that everyone keeps his place and his mark.
    """
    parts = [each.part for each in compared if each.part is not None]
    rates = [rate for part in parts for _line_of, rate in part.rated]
    scale = shared_scale(rates, scheme=scheme)
    wholes = [replace(_bar(each, None if each.part is None else each.part.whole, scale), weighted=each.weighted) for each in compared]
    blocks = [Block(labels().total, tuple(wholes))]
    for text in dict.fromkeys(line.question.text for part in parts for line, _rate in part.rated):
        blocks.append(Block(text, tuple(_bar(each, _asked(each.part, text), scale) for each in compared)))
    turns = comparison_pages(blocks)
    words = [_("（%(n)s/%(all)s）", n=number, all=len(turns)) if len(turns) > 1 else "" for number in range(1, len(turns) + 1)]
    return [
        Comparison(tuple(turn), without_points(scale, scheme), Words(f"{title}{place}", head=head, decimals=scheme.decimals, labels=labels()))
        for turn, place in zip(turns, words, strict=True)
    ]


def _line(scheme: Scheme) -> Fraction:
    return 100 * Fraction(str(scheme.satisfied_at))


def _rates_are(rated: Sequence[Rate], scheme: Scheme) -> str:
    """How the rates are made, in a sentence."""
    said = labels()
    return f"{rates_are(shared_scale(rated, scheme=scheme), said)}{said.stop}"


def _empty(reading: Reading, keys: Sequence[str]) -> int:
    return sum(not reading.standings.answers(reading.roll.spots[key])[2] for key in keys)


def _turn(change: Change, *, is_single: bool) -> Turn:
    said = {Why.RULES: _("规则不同"), Why.NEW: _("没有单独评定"), Why.MOVED: _("那时在别的单位"), Why.ASKED: _("题目不同"), Why.ANSWERS: _("选项不同"), Why.EMPTY: labels().no_answer}
    if change.before is None or change.why is not None:
        return Turn(round_name(change.then.listed), None, said[change.why or Why.EMPTY])
    return Turn(round_name(change.then.listed), share(change.before, is_single=is_single))


def _turns(roll: Roll, scheme: Scheme) -> list[tuple[Sequence[Person], slice]]:
    """Those who were rated, and the questions, as they stand on the pictures; none when nobody was."""
    rated = [each for each in roll.people if each.part.rated]
    asked = len(rated[0].part.rated) if rated else 0
    spans = _evenly(asked, most_questions(scheme.decimals))
    return [(rated[people], questions) for people in _evenly(len(rated), A_PAGE) for questions in spans]


def _evenly(all_: int, most: int) -> list[slice]:
    """So many in portions as even as can be."""
    many = -(-all_ // most)
    cuts = [round(part * all_ / many) for part in range(many + 1)] if many else []
    return [slice(start, end) for start, end in pairwise(cuts)]


def _heat_map(reading: Reading, people: Sequence[Person], asked: slice, title: str) -> HeatMap:
    scheme = reading.scheme
    edges = heat_edges(scheme)
    between = [f"{low}–{high}" for low, high in pairwise(edges)]
    steps = (_("%(at)s 以下", at=edges[0]), *between, _("%(at)s 以上", at=edges[-1]))
    questions = tuple(line.question.text for line, _rate in people[0].part.rated[asked])
    lines = tuple(
        Line(
            f"{each.label} {each.note}".strip(),
            tuple(Field(share(rate), heat(rate, scheme)) for _line_of, rate in each.part.rated[asked]),
            None if each.part.whole is None else share(each.part.whole),
        )
        for each in people
    )
    rated = [each.part.whole for each in people if each.part.whole is not None]
    note = _rates_are(rated, scheme) + _("按花名册排，不是名次。") + _("三角是没有达到满意线的。")
    return HeatMap(title, _("党员"), questions, lines, steps, note, scheme.decimals, labels())


def _asked(part: Part | None, text: str) -> Rate | None:
    return None if part is None else next((rate for line, rate in part.rated if line.question.text == text), None)


def _bar(each: Drawn, rate: Rate | None, scale: Scale) -> Bar:
    if each.part is None:
        return Bar(each.name, None)
    if rate is None:
        return Bar(each.name, {})
    found = as_scale(rate, scale)
    return Bar(each.name, found.counts, found.blank, total=rate.is_pooled)
