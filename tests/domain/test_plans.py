"""Periods of every rhythm, and the plan of a round as it is kept."""

from datetime import date

from survey.domain.plans import Invited, Plan, Rhythm, Rule, days, following, periods, read_plan, rhythm
from survey.domain.rounds import period_name


def test_a_period_has_its_days_whatever_the_rhythm() -> None:
    assert days("2026Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    assert days("2028Q1") == (date(2028, 1, 1), date(2028, 3, 31))
    assert days("2026H1") == (date(2026, 1, 1), date(2026, 6, 30))
    assert days("2026Y") == (date(2026, 1, 1), date(2026, 12, 31))


def test_each_period_is_followed_by_the_next_of_its_rhythm_and_no_day_is_between() -> None:
    for each in periods(date(2026, 11, 21)):
        after = following(each)
        assert rhythm(after) is rhythm(each)
        assert (days(after)[0] - days(each)[1]).days == 1
    assert [following(each) for each in ("2026Q4", "2026H2", "2026Y")] == ["2027Q1", "2027H1", "2027Y"]
    assert [rhythm(each) for each in ("2026Q1", "2026H1", "2026Y")] == list(Rhythm)


def test_a_period_is_said_as_people_say_it() -> None:
    assert [period_name(each) for each in ("2026Q4", "2026H2", "2026Y")] == ["2026 年第四季度", "2026 年下半年", "2026 年全年"]


def test_a_plan_comes_back_as_it_was_kept() -> None:
    rules = (Rule("branch", "rural", "six_sectors", 3), Rule("", "", "d12", 5, members=False))
    plan = Plan(rules, (Invited("群众代表", 20), Invited("党员", None)), "screen")
    assert read_plan(plan.as_json()) == plan
