"""Pictures of rounds: what is drawn is what was given, whatever is missing, however long a name is."""

import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from matplotlib.figure import Figure
from PIL import Image

from analysis.charts import Bar, Words, pdf, png, svg
from analysis.comparisons import Block, Comparison, comparison, comparison_pages
from analysis.comparisons import told as compared
from analysis.distributions import BAR, Class, Crowd, Distribution, classed, distribution
from analysis.distributions import told as distributed
from analysis.drawings import PHONE, wrapped
from analysis.heat_maps import WIDEST, Field, HeatMap, Line, heat_map, most_questions
from analysis.heat_maps import told as heated
from analysis.labels import CHINESE
from analysis.letters import width
from analysis.satisfaction import Level, Role, Scale
from analysis.shares import Share
from analysis.style import HEAT
from analysis.trends import BOTTOM, FOOT, PLOT, TOP, Trend, Turn, trend
from analysis.trends import told as trended
from tests.analysis.pictures_for_tests import lines, shapes, texts, words

LONG = "欧阳娜娜买买提江阿不都热依木离退休党员和流动党员联合第一党支部委员会书记兼某某某某某某"
CLASSES = tuple(Class(f"{low}–{high}", low, high, n) for low, high, n in ((90, 100, 9), (80, 90, 6), (60, 80, 3), (0, 60, 0)))
TURNS = (Turn("一季度", Share(80, 90, 100)), Turn("二季度", Share(90, 95, 100)), Turn("三季度", None, "人数不足"), Turn("四季度", Share(85, 100, 100)))
SCALE = Scale((Level("a", "满意", Role.SATISFIED), Level("b", "基本满意", Role.BASIC), Level("c", "不满意", Role.UNSATISFIED)))
STEPS = ("70 以下", "70–80", "80–85", "85–90", "90 以上")


def a_distribution(line: int = 80) -> Distribution:
    return Distribution("青禾镇", (Crowd("单位", CLASSES, few=2, empty=1),), Fraction(line))


def a_map(people: int = 2, questions: int = 2) -> HeatMap:
    fields = tuple(Field(Share(60 + 10 * each % 50, 100, 100), 1 + each % 5) for each in range(questions))
    people_of = tuple(Line(f"党员{each}", fields, Share(150, 190, 200)) for each in range(people))
    return HeatMap("机修车间", "党员", tuple(f"题{each}" for each in range(questions)), people_of, STEPS)


def a_comparison(units: int = 2, questions: int = 2) -> Comparison:
    bars = tuple(Bar(f"支部{each}", {"a": 30 + each, "b": 5, "c": 5}) for each in range(units))
    return Comparison(tuple(Block(f"题{each}", bars) for each in range(questions)), SCALE, Words("比一比"))


def test_a_bar_is_as_long_as_its_class_has_units_and_says_how_many() -> None:
    made = svg(distribution(a_distribution()))
    bars = [each.width for each in shapes(made) if each.left == BAR[0]]
    assert bars == pytest.approx([(BAR[1] - BAR[0]) * n / 9 for n in (9, 6, 3)], abs=0.02)
    said = words(made)
    for each in CLASSES:
        assert said[said.index(each.label) + 1] == f"{each.number}"
    assert said[said.index("人数不足") + 1] == "2" and said[said.index("没有有效答案") + 1] == "1"
    assert "共18" in said and "满意线80" in said


@pytest.mark.parametrize(("line", "above"), [(80, 2.0), (90, 1.0), (85, 1.5), (0, 4.0), (100, 0.0)])
def test_the_threshold_lies_where_it_is_among_the_classes(line: int, above: float) -> None:
    made = svg(distribution(a_distribution(line)))
    (dashed,) = [each for each in lines(made) if each.is_dashed]
    top = next(each.y for each in texts(made) if each.text == "90–100")
    step = next(each.y for each in texts(made) if each.text == "80–90") - top
    row = next(each.top for each in shapes(made) if each.left == BAR[0]) + 6.5
    assert dashed.points[0][1] == pytest.approx(row + step * (above - 0.5), abs=0.05)


def test_what_lies_below_the_threshold_is_hatched_and_what_reaches_it_is_full() -> None:
    bars = [each for each in shapes(svg(distribution(a_distribution()))) if each.left == BAR[0]]
    assert [each.fill.startswith("url") for each in bars] == [False, False, True]


def test_classes_take_their_lower_edge_and_the_last_takes_both() -> None:
    shares = [Share(n, n, 10) for n in (0, 5, 6, 7, 9, 10)] + [Share(799, 0, 1000), Share(0, 0, 0)]
    assert classed(shares, (0, 60, 70, 80, 90, 100)) == (2, 1, 2, 0, 2)


def test_a_line_leads_through_the_rates_and_breaks_where_nothing_is_shown() -> None:
    made = svg(trend(Trend("支部", TURNS)))
    places = sorted({round(each.left + each.width / 2, 1) for each in shapes(made) if PLOT[0] < each.left < PLOT[1] and each.fill == "#221e1a"})
    heights = {rate: FOOT - (FOOT - TOP) * (rate - 70) / 30 for rate in (80, 85, 90, 95, 100)}
    inked = [each.points for each in lines(made) if each.stroke == "#221e1a"]
    assert len(inked) == 2 and all(len(each) == 2 for each in inked)
    for line, rates in zip(inked, ((80, 90), (90, 95)), strict=True):
        assert [x for x, _ in line] == pytest.approx(places[:2], abs=0.1)
        assert [y for _, y in line] == pytest.approx([heights[rate] for rate in rates], abs=0.02)
    assert len(places) == 3 and words(made).count("有效100") == 3 and words(made).count("人数不足") == 1


def test_the_chip_of_too_few_stands_for_nothing_else() -> None:
    for word, hatched in (("", 1), ("人数不足", 1), ("题目不同", 0)):
        made = svg(trend(Trend("支部", (TURNS[0], Turn("二季度", None, word), TURNS[1]))))
        assert sum(each.fill.startswith("url") for each in shapes(made)) == hatched
        assert (word or "人数不足") in words(made)


def test_no_line_leads_to_a_round_that_is_not_to_be_compared() -> None:
    turns = (TURNS[0], replace(TURNS[1], is_apart=True), TURNS[3])
    inked = [each.points for each in lines(svg(trend(Trend("支部", turns)))) if each.stroke == "#221e1a"]
    whole = [each.points for each in lines(svg(trend(Trend("支部", (TURNS[0], TURNS[1], TURNS[3]))))) if each.stroke == "#221e1a"]
    assert [len(each) for each in whole] == [3, 3]
    assert inked == [each[1:] for each in whole]


def test_an_interval_stands_at_a_single_question_alone() -> None:
    """Newcombe (1998): 81 of 263 gives 0.2553 to 0.3662."""
    single = Trend("一题", (Turn("一", Share(81, 200, 263, is_single=True)),))
    (low, high), *_caps = [[y for _, y in each.points] for each in lines(svg(trend(single))) if each.stroke == "#221e1a"]
    assert [(FOOT - y) / (FOOT - TOP) * 80 + 20 for y in (low, high)] == pytest.approx([25.53, 36.62], abs=0.02)
    pooled = replace(single, turns=(Turn("一", Share(81, 200, 263)),))
    assert not [each for each in lines(svg(trend(pooled))) if each.stroke == "#221e1a"]


def test_every_field_has_the_colour_of_its_step_and_its_number() -> None:
    plan = a_map(people=1, questions=5)
    made = svg(heat_map(plan))
    fields = [each for each in shapes(made) if each.width > 40 and each.top > 70]
    assert [each.fill for each in sorted(fields, key=lambda each: each.left)] == [colour.lower() for colour in HEAT]
    said = words(made)
    assert [said.count(f"{each}.0") for each in (60, 70, 80, 90)] == [1, 1, 1, 1]
    assert said[-3:] == ["200", "95.0", "75.0"]
    # Full triangles in the lowest step, open ones in the next: in the legend and in the fields.
    small = [each.fill for each in shapes(made) if each.width < 8]
    assert small.count("#6b3d12") == 2 and small.count(HEAT[1].lower()) == 2


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_as_many_questions_as_a_picture_may_hold_are_no_wider_than_a4(decimals: int) -> None:
    many = most_questions(decimals)
    widths = [72 * heat_map(replace(a_map(people=1, questions=each), decimals=decimals)).get_figwidth() for each in (many, many + 1)]
    assert widths[0] <= WIDEST < widths[1] and many >= 10


def test_the_name_of_the_threshold_keeps_clear_of_the_first_number() -> None:
    for line in ("满意线", "Threshold", LONG):
        turns = tuple(Turn(f"{each}", Share(8200 + each, 9999, 10_000)) for each in range(3))
        said = texts(svg(trend(Trend("支部", turns, Fraction(80), decimals=2, labels=replace(CHINESE, line=line)))))
        named = next(each for each in said if each.x == pytest.approx(PLOT[0] + 4, abs=1) and each.text[:2] == line[:2])
        assert named.right < min(each.x for each in said if each.text in ("82.00", "99.99")), line


def test_those_compared_keep_their_marks_and_have_bars_of_their_answers() -> None:
    plan = a_comparison(units=2, questions=1)
    made = svg(comparison(plan))
    said = words(made)
    assert said[said.index("支部0") + 1 :][:3] == ["75.0", "87.5", "40"]
    assert said[said.index("支部1") + 1 :][:3] == ["75.6", "87.8", "41"]
    marks = [each for each in shapes(made) if each.fill == each.stroke == "#221e1a"]
    assert len(marks) == 2 and marks[0].width == pytest.approx(7.2, abs=0.05) and marks[1].width == pytest.approx(6.34, abs=0.05)


def test_pages_of_a_comparison_are_even_and_cut_no_question() -> None:
    found = comparison_pages(a_comparison(units=6, questions=13).blocks)
    assert [len(page) for page in found] == [4, 5, 4]
    assert [len(page) for page in comparison_pages(())] == [0]


def drawn(plan: object) -> tuple[Figure, str]:
    if isinstance(plan, Distribution):
        return distribution(plan), distributed(plan)
    if isinstance(plan, Trend):
        return trend(plan), trended(plan)
    if isinstance(plan, HeatMap):
        return heat_map(plan), heated(plan)
    assert isinstance(plan, Comparison)
    return comparison(plan), compared(plan)


EXTREMES: dict[str, Callable[[], object]] = {
    "nothing to distribute": lambda: Distribution(LONG, (), Fraction(80)),
    "no classes": lambda: Distribution(LONG, (Crowd(LONG, (), few=3),), Fraction(80)),
    "long classes": lambda: Distribution(LONG, (Crowd(LONG, (Class(LONG, 0, 100, 99999),)),), Fraction(1, 3), LONG * 3),
    "no rounds": lambda: Trend(LONG, ()),
    "one round": lambda: Trend(LONG, (Turn(LONG, Share(1, 1, 1)),), Fraction(80), LONG * 3),
    "all hidden": lambda: Trend(LONG, (Turn(LONG, None), Turn(LONG, Share(0, 0, 0)))),
    "many rounds": lambda: Trend(LONG, tuple(Turn(LONG, Share(each, 40, 40, is_single=True)) for each in range(40)), Fraction(80)),
    "nobody": lambda: replace(a_map(), lines=(), questions=()),
    "sixty members": lambda: a_map(people=60, questions=1),
    "forty questions": lambda: replace(a_map(people=3, questions=40), questions=(LONG,) * 40),
    "hidden members": lambda: replace(a_map(), lines=(Line(LONG, (Field(None), Field(Share(0, 0, 0))), None),)),
    "nothing to compare": lambda: Comparison((), SCALE, Words(LONG)),
    "seven compared": lambda: Comparison((Block(LONG, tuple(Bar(LONG, None) for _ in range(7))),), SCALE, Words(LONG)),
}


def narrowed(plan: object) -> object:
    """As wide as a phone, and with weighted rates."""
    if isinstance(plan, Comparison):
        return replace(plan, words=replace(plan.words, is_narrow=True))
    assert isinstance(plan, Trend)
    return replace(plan, is_narrow=True, turns=tuple(replace(each, weighted=Fraction(1, 3)) for each in plan.turns))


NARROW = {f"narrow {name}": make for name, make in EXTREMES.items() if isinstance(make(), (Trend, Comparison))}


@pytest.mark.parametrize("name", [*EXTREMES, *NARROW])
def test_whatever_is_given_is_drawn_inside_the_picture_and_said_in_words(name: str) -> None:
    figure, told = drawn(narrowed(NARROW[name]()) if name in NARROW else EXTREMES[name]())
    made = svg(figure, told)
    wide, high = (72 * float(inches) for inches in figure.get_size_inches())
    assert told and f"<desc>{told}</desc>" in made.decode()
    for line in texts(made):
        assert 0 < line.y < high and line.x >= 0 and line.right <= wide + 0.5, line
    for shape in shapes(made):
        assert -0.1 <= shape.left <= shape.right <= wide + 0.1 and -0.1 <= shape.top <= shape.bottom <= high + 0.1, shape
    assert wide == PHONE or name not in NARROW
    with Image.open(io.BytesIO(png(figure))) as image:
        assert image.size == (round(2 * wide), round(2 * high))


@pytest.mark.parametrize("make", [a_distribution, lambda: Trend("支部", TURNS), a_map, a_comparison])
def test_equal_pictures_are_equal_bytes_in_every_format(make: Callable[[], object]) -> None:
    for write in (svg, png, pdf):
        assert write(drawn(make())[0]) == write(drawn(make())[0])
    assert pdf(drawn(make())[0]).startswith(b"%PDF")


def test_the_words_hold_every_number_that_is_drawn() -> None:
    assert distributed(a_distribution()) == "单位：90–100 9，80–90 6，60–80 3，0–60 0，人数不足 2，没有有效答案 1。"
    assert trended(Trend("支部", TURNS[1:3])) == "二季度：满意率 90.0%，以上率 95.0%，有效 100。三季度：人数不足。"
    assert heated(a_map(people=1)) == "党员0：题0 60.0，题1 70.0，合计 75.0。"
    assert compared(a_comparison(questions=1)) == "题0：支部0 满意率 75.0%，以上率 87.5%，有效 40；支部1 满意率 75.6%，以上率 87.8%，有效 41。"
    assert trended(Trend("支部", ())) == CHINESE.nothing


def test_a_long_heading_takes_its_lines_and_no_more() -> None:
    found = wrapped(LONG, 8, 3)
    assert len(found) == 3 and all(width(line) <= 8 for line in found) and found[0] == LONG[:8]
    assert wrapped("2025 年第三季度群众评议综合评议", 9, 2)[0] == "2025 年第三季度" + "群"
    assert wrapped("Third quarter of 2026", 6.5, 2) == ["Third quarter", "of 2026"]
    assert wrapped("短", 8, 3) == ["短"] and wrapped("", 8, 3) == []
    assert FOOT < BOTTOM


def test_a_phone_has_the_numbers_of_the_page_and_a_weighted_rate_has_a_line_of_its_own() -> None:
    turns = tuple(Turn(f"{at}季度", Share(80 + at, 90, 100), weighted=Fraction(70 + at, 100)) for at in range(3))
    wide = Trend("支部", turns, Fraction(80))
    page, phone = (svg(trend(replace(wide, is_narrow=each))) for each in (False, True))
    for made in (page, phone):
        said = words(made)
        assert {"80.0", "90.0", "82.0"} <= set(said) and "加权满意率%" in said
        assert len([line for line in lines(made) if len(line.points) == 3]) == 3, "two rates of all answers, and one by weights"
    assert [text for text in words(page) if text.startswith("加权满意率7")] == ["加权满意率70.0", "加权满意率71.0", "加权满意率72.0"]
    assert trended(wide).startswith("0季度：满意率 80.0%，以上率 90.0%，有效 100，加权满意率 70.0%。")
    plan = a_comparison()
    page, phone = (svg(comparison(replace(plan, words=replace(plan.words, is_narrow=each)))) for each in (False, True))
    assert sorted(text for text in words(page) if "." in text) == sorted(text for text in words(phone) if "." in text)
