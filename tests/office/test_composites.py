"""The 100-point composite of a published round: known answers, whole atoms only, and units below."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from survey.domain.publications import Form, Held, Leaf, Mark, Named, Place, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.roll_ups import RollUp
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Missing, Source, Ties
from survey.office.composites import Boxed, Why, boxed, ranked, total, up_the_tree

FOUR = Scale("four", "满意度", (
    Option(0, "满意", Role.SATISFIED, 100), Option(1, "基本满意", Role.BASIC, 80), Option(2, "不满意", Role.UNSATISFIED, 0), Option(3, "不了解", Role.UNKNOWN),
))  # fmt: skip
ASKED = (Question("a", Kind.RATING, "带头", "four"), Question("c", Kind.SCORE, "打分"))
BOXED = (Source("群众评议", 30, ("群众",)), Source("党员互评", 20, ("党员",)))
TYPED = (Source("自评", 10), Source("领导评分", 40))


# Names of groups that are shown together, ballots, ratings, points.
Marked = tuple[tuple[str, ...], int, dict[int, int], dict[int, int]]


def made(scheme: Scheme, *groups: Marked) -> RollUp:
    """One meeting of branch 2, about it and its member 7; what every atom marked about the member: ratings, points."""
    form = Form("评议", (Section("s", "支部", Audience.UNIT, ASKED), Section("m", "党员", Audience.MEMBER, ASKED)), (FOUR,))
    atoms = tuple((Leaf(1, 2, names, ballots),) for names, ballots, _ratings, _points in groups)
    marks = tuple(
        Mark(at, 2, "m7", 1, "m", question, answer, n)
        for at, (_names, _ballots, ratings, points) in enumerate(groups)
        for question, counts in (("a", ratings), ("c", points))
        for answer, n in counts.items()
    )
    ballots = sum(each[1] for each in groups)
    held = Held(1, 2, "评议会", "2026-09-01", 1, (2,), 20, 15, 15, ballots, 0, "00")
    targets = {"u2": Named("一支部", "", 2), "m7": Named("张三", "委员", 2)}
    places = (Place(1, None, "township", "镇"), Place(2, 1, "village", "一支部"))
    asked = {(1, "u2"): "s", (1, "m7"): "m"}
    return RollUp(Publication(1, "评议", "2026Q3", "1", scheme, places, {1: form}, (held,), atoms, targets, asked, (), marks))


MASSES = (("群众",), 8, {0: 4, 1: 2, 2: 1, 3: 1}, {90: 1})
PARTY = (("党员",), 6, {0: 5, 1: 1}, {60: 1, 80: 4, 100: 1})


def test_a_source_is_every_answer_of_its_groups_that_earns_points() -> None:
    roll = made(Scheme(sources=BOXED), MASSES, PARTY)
    # Ratings 400 + 160 + 0 over seven who know, points 90 by one: 650 / 8. Then 580 / 6 and 480 / 6: 1060 / 12.
    assert boxed(roll, 2)["m7"] == {"群众评议": Boxed(Fraction(650, 8), 8), "党员互评": Boxed(Fraction(1060, 12), 12)}
    # Nobody said a word about the branch itself.
    assert boxed(roll, 2)["u2"] == {source.name: Boxed(None, why=Why.NONE) for source in BOXED}
    trimmed = made(Scheme(sources=BOXED, trim_ends=True, points=(("four", 1, 60.0),)), MASSES, PARTY)
    # Without a 60 and a 100: 560 / 6 and 320 / 4 are 880 / 10; 基本满意 earns 60 now.
    assert boxed(trimmed, 2)["m7"] == {"群众评议": Boxed(Fraction(610, 8), 8), "党员互评": Boxed(Fraction(880, 10), 10)}


def test_a_source_of_several_groups_is_pooled_or_weighs_them() -> None:
    both = (Source("民主测评", 100, ("群众", "党员")),)
    assert boxed(made(Scheme(sources=both), MASSES, PARTY), 2)["m7"]["民主测评"] == Boxed(Fraction(1710, 20), 20)
    weighed = Scheme(sources=both, weights=(("群众", 40), ("党员", 60)))
    wanted = Fraction(4, 10) * Fraction(650, 8) + Fraction(6, 10) * Fraction(1060, 12)
    assert boxed(made(weighed, MASSES, PARTY), 2)["m7"]["民主测评"] == Boxed(wanted, 20)


def test_groups_that_are_only_shown_together_tell_nothing_by_themselves() -> None:
    joined = (("群众", "党员"), 9, {0: 9}, {})
    apart, both = Scheme(sources=(*BOXED, *TYPED)), Scheme(sources=(Source("民主测评", 100, ("群众", "党员")),))
    found = boxed(made(apart, joined), 2)["m7"]
    assert {each.why for each in found.values()} == {Why.MERGED}
    typed = {"自评": Fraction(95), "领导评分": Fraction(90)}
    assert total(apart, found, typed).score is None
    # Together they are an atom of their own; weighed against each other they are not.
    assert boxed(made(both, joined), 2)["m7"]["民主测评"] == Boxed(Fraction(100), 9)
    weighed = replace(both, weights=(("群众", 40), ("党员", 60)))
    assert boxed(made(weighed, joined), 2)["m7"]["民主测评"].why is Why.MERGED


def test_a_group_of_a_source_that_was_not_there_shares_its_weight_or_withholds_it() -> None:
    scheme = Scheme(sources=(Source("民主测评", 100, ("群众", "党员")),), weights=(("群众", 40), ("党员", 60)))
    assert boxed(made(scheme, PARTY), 2)["m7"]["民主测评"] == Boxed(Fraction(1060, 12), 12)
    withheld = replace(scheme, missing=Missing.WITHHOLD)
    assert boxed(made(withheld, PARTY), 2)["m7"]["民主测评"] == Boxed(None, 12, Why.NONE)
    # By itself in one meeting, with the other in another: nobody can weigh these.
    assert boxed(made(scheme, PARTY, (("群众 + 党员",), 9, {0: 9}, {})), 2)["m7"]["民主测评"].why is Why.MERGED


def test_groups_merged_before_the_meeting_are_known_by_their_parts() -> None:
    one = (("群众 + 党员",), 9, {0: 9}, {})
    assert boxed(made(Scheme(sources=BOXED), one), 2)["m7"]["党员互评"].why is Why.MERGED
    both = Scheme(sources=(Source("民主测评", 100, ("群众", "党员")),))
    assert boxed(made(both, one), 2)["m7"]["民主测评"].score == 100


SCHEME = Scheme(sources=(*BOXED, *TYPED), bonus=5, grades=(("优秀", 90.0), ("合格", 60.0), ("不合格", 0.0)))
BOXES = {"群众评议": Boxed(Fraction(650, 8), 8), "党员互评": Boxed(Fraction(1060, 12), 12)}


def test_the_total_is_rounded_once_and_grades_go_by_what_is_printed() -> None:
    typed = {"自评": Fraction(95), "领导评分": Fraction(90)}
    # 0.3 × 81.25 + 0.2 × 88.333… + 9.5 + 36 = 87.541666…
    found = total(SCHEME, BOXES, typed)
    assert (found.exact, found.score, found.grade) == (Fraction("24.375") + Fraction(53, 3) + Fraction("45.5"), Decimal("87.54"), "合格")
    better = total(SCHEME, BOXES, typed, [Fraction(2), Fraction("0.46")])
    assert (better.score, better.grade, better.bonus) == (Decimal("90.00"), "优秀", Fraction("2.46"))
    assert better.exact is not None and better.exact > 90
    assert total(SCHEME, BOXES, typed, [Fraction(9)]).score == Decimal("92.54")


def test_what_was_not_typed_shares_its_weight_or_withholds_the_total() -> None:
    found = total(SCHEME, BOXES, {"自评": Fraction(95)})
    # (24.375 + 17.666… + 9.5) / 0.6
    assert (found.score, found.why) == (Decimal("85.90"), {"领导评分": Why.UNTYPED})
    withheld = total(replace(SCHEME, missing=Missing.WITHHOLD), BOXES, {"自评": Fraction(95)}, [Fraction(5)])
    assert (withheld.score, withheld.grade, withheld.bonus) == (None, None, 0)


PLACES = (
    Place(1, None, "township", "镇"), Place(2, 1, "village", "甲村"), Place(3, 1, "village", "乙村"), Place(4, 1, "branch", "小学", "school"),
    Place(5, 4, "group", "一组"),
)  # fmt: skip


@pytest.mark.parametrize(("kinds", "wanted"), [
    # Below the township: villages 80 and 60, the school 0.7 × 90 + 0.3 × 100 = 93. Alike: 233 / 3; by kind: (70 + 93) / 2.
    ((), Fraction(7, 10) * 88 + Fraction(3, 10) * Fraction(233, 3)),
    ((("village", 50), ("school", 50), ("group", 20)), Fraction(7, 10) * 88 + Fraction(3, 10) * Fraction(163, 2)),
])  # fmt: skip
def test_thirty_per_cent_come_from_the_units_below(kinds: tuple[tuple[str, int], ...], wanted: Fraction) -> None:
    own = {1: Fraction(88), 2: Fraction(80), 3: Fraction(60), 4: Fraction(90), 5: Fraction(100)}
    found = up_the_tree(PLACES, own, Scheme(below=30, kinds=kinds))
    assert (found[1].score, found[4].score, found[2].score) == (wanted, 93, 80)
    assert up_the_tree(PLACES, own, Scheme())[1].score == 88
    # Of the kinds that have a weight there is no group right below the township, so none is missed.
    assert up_the_tree(PLACES, own, Scheme(below=30, kinds=kinds, missing=Missing.WITHHOLD))[1].score == wanted


def test_where_nothing_below_has_a_score_the_unit_stands_for_itself_unless_it_is_withheld() -> None:
    scheme = Scheme(below=30, missing=Missing.WITHHOLD)
    assert up_the_tree(PLACES, {4: Fraction(90)}, Scheme(below=30))[4].score == 90
    assert up_the_tree(PLACES, {4: Fraction(90)}, scheme)[4].score is None
    assert up_the_tree(PLACES, {5: Fraction(90)}, scheme)[5].score == 90


def test_places_go_by_the_scheme() -> None:
    scores = {"甲": Decimal("90.00"), "乙": Decimal("90.00"), "丙": Decimal("89.99")}
    assert list(ranked(scores, Scheme()).values()) == [1, 1, 3]
    assert list(ranked(scores, Scheme(ties=Ties.DENSE)).values()) == [1, 1, 2]
