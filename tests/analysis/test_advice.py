"""What is allowed in the rules of figures, and seldom meant."""

from decimal import Decimal

from analysis.advice import bottom_earns, calls_rate, off_hundred
from analysis.satisfaction import Level, Role, Scale, figures, mean


def scale(*points: int | None) -> Scale:
    roles = (Role.SATISFIED, Role.BASIC, Role.UNSATISFIED, Role.UNSATISFIED)
    levels = tuple(Level(str(at), ["很满意", "满意", "一般", "不满意"][at], roles[at], None if p is None else Decimal(p)) for at, p in enumerate(points))
    return Scale((*levels, Level("9", "不了解", Role.UNKNOWN, Decimal(60))))


def test_the_lowest_answer_that_earns_fifty_is_worth_a_look() -> None:
    # design.md's 165 answers: half of them dissatisfied, and still 73.76 points.
    found = scale(100, 90, 70, 50)
    assert bottom_earns(found) == found.levels[3]
    made = figures({"0": 76, "1": 2, "2": 2, "3": 85}, scale=found)
    assert made.earned is not None and mean(made.earned, made.known) == Decimal("73.76")
    assert bottom_earns(scale(100, 80, 30, 0)) is None and bottom_earns(scale(None, None, None, None)) is None


def test_weights_should_sum_to_a_hundred() -> None:
    assert (off_hundred([60, 40]), off_hundred([60, 30]), off_hundred([]), off_hundred([0, 0])) == (None, 90, None, None)


def test_an_index_is_no_rate() -> None:
    assert calls_rate("群众满意率") and calls_rate("Satisfaction rate")
    assert not calls_rate("群众评议") and not calls_rate("Corporate strategy")
