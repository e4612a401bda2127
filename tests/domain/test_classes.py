"""Numbers and days in classes: no end is told, nothing is lost."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from survey.domain.classes import MOST_CLASSES, MOST_DAY_CLASSES, Class, classes
from survey.domain.questionnaires import MOST_NUMBER, Kind, Question

FREE = Question("q", Kind.NUMBER, "几年")
DAY = Question("q", Kind.DATE, "哪天")


def test_fewer_than_five_answers_have_no_classes() -> None:
    assert classes(FREE, {1: 2, 9: 2}) == ()
    assert classes(FREE, {1: 2, 9: 3}) != ()


def test_classes_are_laid_over_the_answers_without_their_ends_and_open_there() -> None:
    # Nine between 10 and 18, one of 0 and one of a million: the outermost of each end is cut, 10 to 18 stay.
    counts = dict.fromkeys(range(10, 19), 1) | {0: 1, 1_000_000: 1}
    assert classes(FREE, counts) == (
        Class(None, 11, 3), Class(12, 13, 2), Class(14, 15, 2), Class(16, 17, 2), Class(18, None, 2),
    )  # fmt: skip


def test_what_the_question_allows_is_said_and_no_more() -> None:
    bounded = Question("q", Kind.NUMBER, "几口人", low=1, high=9)
    assert classes(bounded, {2: 1, 3: 3, 4: 1}) == (Class(1, 9, 5),), "all between the second and the last but one gave 3"


def test_days_are_told_by_month_or_by_year() -> None:
    days = {date(2026, month, 5).toordinal(): 1 for month in range(1, 8)}
    found = classes(DAY, days)
    assert found[0] == Class(None, date(2026, 2, 28).toordinal(), 2) and found[-1] == Class(date(2026, 6, 1).toordinal(), None, 2)
    years = {date(year, 5, 5).toordinal(): 1 for year in range(2001, 2011)}
    assert [each.low for each in classes(DAY, years)][1:] == [date(year, 1, 1).toordinal() for year in range(2003, 2010)]


@given(st.dictionaries(st.integers(-MOST_NUMBER, MOST_NUMBER), st.integers(1, 9), min_size=1, max_size=40))
def test_every_number_is_in_one_class_and_the_smallest_and_the_largest_are_not_told(counts: dict[int, int]) -> None:
    found = classes(FREE, counts)
    if sum(counts.values()) < 5:
        assert found == ()
        return
    assert sum(each.ballots for each in found) == sum(counts.values()) and 1 <= len(found) <= MOST_CLASSES
    assert found[0].low is None and found[-1].high is None
    for each in found:
        inside = [n for v, n in counts.items() if (each.low is None or v >= each.low) and (each.high is None or v <= each.high)]
        assert sum(inside) == each.ballots
    # Whatever the outermost answers are, so long as they are outermost, the classes begin and end alike.
    least, most = min(counts), max(counts)
    if counts[least] == counts[most] == 1 and len(counts) > 2:
        moved = {v: n for v, n in counts.items() if v not in (least, most)} | {-MOST_NUMBER: 1, MOST_NUMBER: 1}
        assert [(e.low, e.high) for e in classes(FREE, moved)] == [(e.low, e.high) for e in found] or sum(counts.values()) < 5


@given(st.dictionaries(st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(date.toordinal), st.integers(1, 9), min_size=5, max_size=40))
def test_every_day_is_in_one_class(counts: dict[int, int]) -> None:
    found = classes(DAY, counts)
    assert sum(each.ballots for each in found) == sum(counts.values()) and 1 <= len(found) <= MOST_DAY_CLASSES
    for before, after in pairwise(found):
        assert before.high is not None and after.low == before.high + 1
