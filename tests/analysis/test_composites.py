"""Scores out of 100 from several sources, from units below, and bonus points: each by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.composites import by_kind, composite, with_below, with_bonus

FIVE = [("自评", 10, Fraction(95)), ("互评", 20, Fraction(88)), ("支部评", 20, Fraction(85)), ("领导评", 20, Fraction(90)), ("群众评", 30, Fraction(80))]


def test_five_sources_by_weight() -> None:
    # 9.5 + 17.6 + 17 + 18 + 24 = 86.1
    found = composite(FIVE)
    assert found.score == Fraction("86.1") and found.missing == ()
    assert [each.brought for each in found.shares] == [Fraction(x) for x in ("9.5", "17.6", "17", "18", "24")]


def test_a_missing_source_leaves_its_weight_to_the_others_or_withholds_the_score() -> None:
    without = [(name, weight, None if name == "领导评" else score) for name, weight, score in FIVE]
    # 9.5 + 17.6 + 17 + 24 = 68.1 of 80.
    found = composite(without)
    assert (found.score, found.missing) == (Fraction("68.1") / Fraction("0.8"), ("领导评",))
    assert [each.share for each in found.shares] == [Fraction(1, 8), Fraction(1, 4), Fraction(1, 4), 0, Fraction(3, 8)]
    assert composite(without, withhold=True).score is None and composite(FIVE, withhold=True).score == Fraction("86.1")


def test_a_source_that_weighs_nothing_is_not_missed() -> None:
    found = composite([("自评", 0, None), ("群众评", 30, Fraction(80))], withhold=True)
    assert (found.score, found.missing) == (80, ())
    assert composite([]).score is None and composite([("自评", 0, Fraction(1))]).score is None
    with pytest.raises(ValueError, match="weight"):
        composite([("自评", -1, Fraction(1))])


@pytest.mark.parametrize(("score", "given_", "wanted"), [
    ("86.1", [], "86.1"), ("86.1", ["2", "1.5"], "89.6"), ("86.1", ["4", "3"], "91.1"), ("98", ["5"], "100"),
    # Answers may earn more than a hundred: what is above it stays, and nothing is added.
    ("120", ["5"], "120"),
])  # fmt: skip
def test_bonus_points_are_capped_together_and_end_at_a_hundred(score: str, given_: list[str], wanted: str) -> None:
    assert with_bonus(Fraction(score), [Fraction(each) for each in given_], most=5) == Fraction(wanted)


def test_a_bonus_below_nought_is_refused() -> None:
    with pytest.raises(ValueError, match="bonus"):
        with_bonus(Fraction(80), [Fraction(-1)], most=5)


def test_five_kinds_of_units_at_twenty_per_cent_each() -> None:
    units = {
        "机关": [Fraction(90)], "学校": [Fraction(80), Fraction(90)], "医院": [Fraction(70)],
        "村": [Fraction(60), Fraction(75), Fraction(90)], "企业": [Fraction(100)],
    }  # fmt: skip
    # (90 + 85 + 70 + 75 + 100) / 5 = 84, however many units a kind has; all alike: (90 + 170 + 70 + 225 + 100) / 8.
    assert by_kind(units, dict.fromkeys(units, 20)).score == 84
    assert by_kind(units, {}).score == Fraction(655, 8)
    without = {**units, "企业": []}
    assert by_kind(without, dict.fromkeys(units, 20)).score == 80
    assert by_kind(without, dict.fromkeys(units, 20), withhold=True).score is None
    assert by_kind({"村": [Fraction(60)]}, {"学校": 100}).score is None


def test_thirty_per_cent_from_below() -> None:
    # 0.7 × 90 + 0.3 × 84 = 88.2
    assert with_below(Fraction(90), Fraction(84), percent=30).score == Fraction("88.2")
    assert with_below(Fraction(90), None, percent=30).score == 90
    assert with_below(Fraction(90), None, percent=30, withhold=True).score is None
    assert with_below(None, Fraction(84), percent=30).score == 84
    assert with_below(Fraction(90), None, percent=0, withhold=True).score == 90
    with pytest.raises(ValueError, match="per cent"):
        with_below(None, None, percent=101)


scores = st.one_of(st.none(), st.fractions(0, 100, max_denominator=20))


@given(st.lists(st.tuples(st.just("x"), st.integers(0, 100), scores), max_size=6))
def test_shares_sum_to_one_and_a_composite_lies_between_its_sources(sources: list[tuple[str, int, Fraction | None]]) -> None:
    found = composite(sources)
    here = [score for _name, weight, score in sources if weight and score is not None]
    assert (found.score is None) == (not here)
    if found.score is not None:
        assert sum(each.share for each in found.shares) == 1 and min(here) <= found.score <= max(here)
