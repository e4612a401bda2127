"""A published round tried by other rules: every figure by hand from a round that is made by hand."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from analysis.trials import Outcome
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.rounds import Base, Scheme
from survey.domain.scheme_parts import Missing, Source
from survey.office import scheme_samples as samples
from survey.office.scheme_trials import (
    Evidence,
    Kept,
    Lacking,
    Roles,
    answers_of,
    effects,
    evidence,
    kept,
    lacking,
    rates,
    trial,
    weighed,
)
from tests.readings_for_tests import publication

# Three groups marked each of five questions 8, 3, 1 and 1 times; of every fourth member 7, 3, 2 and 1 times.
USUAL: Roles = (120, 45, 15, 15)
FOURTH: Roles = (105, 45, 30, 15)


def round_by_hand() -> Evidence:
    return evidence(FrozenRoll.of(publication()))


def test_the_evidence_is_what_is_shown_of_the_round() -> None:
    found = round_by_hand()
    assert [found.units.one(at) for at in range(len(found.units))] == [USUAL] and found.whole == USUAL
    assert Counter(found.members.one(at) for at in range(len(found.members))) == {USUAL: 18, FOURTH: 6}
    assert found.sizes == (24,) and found.groups == (dict.fromkeys(("群众代表", "党员", "服务对象"), (40, 15, 5, 5)),)
    ((_scale, counts),) = found.answers
    assert counts == {0: 120 * 19 + 105 * 6, 1: 45 * 25, 2: 15 * 19 + 30 * 6, 3: 15 * 25}


def test_the_same_answers_read_by_other_rules() -> None:
    found = round_by_hand()
    usual = trial(found, Scheme())
    # 120/195 and 165/195; 105/195 = 0.538 and 150/195 = 0.769.
    assert (usual.narrow, usual.wide) == (Decimal("61.54"), Decimal("84.62"))
    assert usual.units == Outcome(1, 0, 1) and usual.members == Outcome(24, 0, 24)
    # 2910 times 100, 1125 times 80, 465 times 0, of 4500.
    assert usual.indices == (Decimal("84.67"),)
    lower = trial(found, Scheme(satisfied_at=0.6))
    assert lower.units == Outcome(1, 1, 1) and lower.members == Outcome(24, 18, 24)
    known = trial(found, Scheme(base=Base.KNOWN, decimals=1))
    assert (known.narrow, known.wide) == (Decimal("66.7"), Decimal("91.7")), "120/180 and 165/180"
    ((scale, _counts),) = found.answers
    # 465 times 50 more.
    assert trial(found, Scheme(points=((scale.key, 2, 50.0),))).indices == (Decimal("89.83"),)


def test_what_groups_weigh_and_what_they_do() -> None:
    groups = {"甲": (8, 0, 2, 0), "乙": (1, 0, 1, 0)}
    scheme = Scheme(weights=(("甲", 25), ("乙", 75)))
    # 0.8 · 0.25 + 0.5 · 0.75
    assert weighed(groups, scheme) == Decimal("57.50") and rates((9, 0, 3, 0), scheme)[0] == Decimal("75.00")
    # 甲 rates all units alike: it moves none of them.
    rows = tuple({"甲": (1, 0, 1, 0), "乙": (n, 0, 4 - n, 0)} for n in range(5))
    found = replace(round_by_hand(), groups=rows)
    told = effects(found, (("甲", 50), ("乙", 50)))
    assert [(each.group, each.nominal, each.effective, each.is_far) for each in told] == [
        ("甲", Decimal("50.0"), Decimal("0.0"), True), ("乙", Decimal("50.0"), Decimal("100.0"), True),
    ]  # fmt: skip
    assert effects(replace(found, groups=rows[:4]), (("甲", 50), ("乙", 50))) == (), "of four it is chance"
    assert effects(found, (("甲", 100),)) == ()


def test_weighted_rates_of_the_round_are_those_of_its_page() -> None:
    # Every group gave 8, 3, 1 and 1: by any weights 40/65 and 55/65.
    rules = Scheme(weights=(("群众代表", 60), ("党员", 30), ("服务对象", 10)))
    assert trial(round_by_hand(), rules).weighed == (Decimal("61.54"), Decimal("84.62"))
    assert trial(round_by_hand(), Scheme()).weighed == (None, None)
    made = publication()
    joined = replace(made, atoms=(tuple(replace(leaf, groups=("群众代表", "党员")) for leaf in made.atoms[0]), *made.atoms[1:]))
    assert trial(evidence(FrozenRoll.of(joined)), rules).weighed == (None, None), "two groups are shown together only"


def test_a_quorum_is_tried_by_who_came_and_of_other_ballots_only_what_is_left_is_told() -> None:
    found = round_by_hand()
    assert lacking(found, Scheme()) == Lacking((), 1, Decimal("0.00")), "50 of 60 came"
    assert found.made is not None
    (held,) = found.made.meetings
    half, fewer = held._replace(id=2, due=60, present=30), held._replace(id=3, due=60, present=7, spoiled=2)
    more = replace(found, made=replace(found.made, meetings=(held, half, fewer)))
    assert lacking(more, Scheme(decimals=1)) == Lacking((half, fewer), 3, Decimal("66.7")), "half is not more than half"
    # 45 ballots, five questions about each of 25; two of each fifteen left each open. 750 / 5625.
    assert kept(more, Scheme()) == Kept(5625, 750, Decimal("13.33"), 135, 2)
    assert lacking(Evidence(answers_of(()), answers_of(()), USUAL), Scheme()) is kept(Evidence(answers_of(()), answers_of(()), USUAL), Scheme()) is None


def test_the_invented_cases_are_reckoned_by_the_same_hands() -> None:
    # 60 + 85 + 88 + 90 + 92 + 100 = 515, of six; without the ends 355, of four.
    assert samples.ends(Scheme()) == (Decimal("85.83"), Decimal("88.75"))
    assert samples.below(Scheme()) == (30, Decimal("87.00")) and samples.below(Scheme(below=50)) == (50, Decimal("85.00"))
    three = Scheme(sources=(Source("自评", 20), Source("互评", 30), Source("群众", 50, ("群众代表",))))
    # 95, 90 and 85: 19 + 27 + 42.5; without the first 27 + 42.5 of 80.
    found = samples.total(three)
    assert (found.scores, found.total, found.rest) == ((95, 90, 85), Decimal("88.50"), Decimal("86.88"))
    assert samples.total(replace(three, missing=Missing.WITHHOLD)).rest is None
    graded = samples.graded(Scheme(grades=(("优秀", 90.0), ("合格", 0.0))), ("90.00", "89.99"))
    assert graded == (("90.00", "优秀"), ("89.99", "合格"))
    assert samples.places(Scheme(quota=(1, 3))) == ((2, 0), (8, 2), (25, 8)) and samples.places(Scheme()) == ()
    assert not samples.first_with_a_place(1, 3, sizes=(1, 2)) and samples.first_with_a_place(1, 3, sizes=(2, 3))


def test_a_round_of_nobody_has_no_figures() -> None:
    empty = trial(Evidence(answers_of(()), answers_of(()), (0, 0, 0, 0)), Scheme())
    assert empty.units == empty.members == Outcome(0, 0, 0) and empty.narrow is None and empty.wide is None
