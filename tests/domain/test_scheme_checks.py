"""The rules of a scheme: their JSON, the digests of before, and what cannot be."""

from dataclasses import replace

import pytest

from survey.domain.refusals import BadField
from survey.domain.rounds import Scheme, SpoilRule, read_scheme
from survey.domain.scheme_checks import check_scheme
from survey.domain.scheme_parts import Missing, Source, Ties, Validity

EVERY = Scheme(
    weights=(("群众", 60), ("党员", 40)),
    validity=Validity.HALF,
    trim_ends=True,
    points=(("s5", 0, 100), ("s5", 1, 82.5)),
    missing=Missing.WITHHOLD,
    kinds=(("village", 20), ("学校", 80)),
    below=30,
    sources=(Source("群众评议", 60, ("群众", "党员")), Source("领导评分", 40)),
    bonus=5,
    grades=(("优秀", 90), ("合格", 60), ("不合格", 0)),
    quota=(1, 3),
    ties=Ties.DENSE,
    league=True,
)
# Digests as papers that lie in boxes hold them; those of later rules were not known then.
OLD = {
    "3027f7adda8319d9694bd28f7a96375e18f7983c9ed76c481e76995dfab4ded9": Scheme(),
    "8baccb6b7cb04b979d9e6905a6a824742fdb31ef67c18362822069b2141c53b3": Scheme(satisfied_at=1.0, trim=0.0, weights=(("群众代表", 60), ("党员", 40)), spoil=SpoilRule.FORM, quorum=True),
}


@pytest.mark.parametrize("digest", OLD)
def test_a_scheme_of_before_keeps_its_digest(digest: str) -> None:
    assert OLD[digest].sha256() == digest


def test_every_rule_survives_its_json_and_equal_rules_have_one_digest() -> None:
    check_scheme(EVERY)
    assert read_scheme(EVERY.as_json()) == EVERY and read_scheme(EVERY.as_json()).sha256() == EVERY.sha256()
    floats = replace(EVERY, points=(("s5", 0, 100.0), ("s5", 1, 82.5)))
    assert floats.sha256() == EVERY.sha256() != Scheme().sha256()
    assert [name for name in EVERY.as_json() if EVERY.as_json()[name] == Scheme().as_json().get(name)] == [
        "base", "satisfied_at", "basic_at", "decimals", "trim",
    ]  # fmt: skip


@pytest.mark.parametrize("rule", [
    {"below": True}, {"below": "30"}, {"league": 1}, {"quota": [1]}, {"points": [["s", 0, "90"]]}, {"validity": "most"}, {"sources": [["a", 1]]},
])  # fmt: skip
def test_what_no_scheme_wrote_is_not_read(rule: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_scheme(rule)


@pytest.mark.parametrize(("field", "value", "why"), [
    ("satisfied_at", 1.1, "range"),
    ("trim", 0.5, "range"),
    ("decimals", 7, "range"),
    ("points", (("s5", 0, 1001.0),), "range"),
    ("points", (("s5", 0, float("nan")),), "range"),
    ("points", (("", 0, 1.0),), "unknown"),
    ("points", (("s5", 251, 1.0),), "unknown"),
    ("points", (("s5", 0, 1.0), ("s5", 0, 2.0)), "twice"),
    ("kinds", (("village", 101),), "range"),
    ("kinds", (("village", 0),), "nothing"),
    ("kinds", (("village", 1), ("village", 2)), "twice"),
    ("below", 101, "range"),
    ("bonus", -1, "range"),
    ("sources", (Source(" ", 1),), "empty"),
    ("sources", (Source("自评" * 20, 1),), "too_long"),
    ("sources", (Source("自评", -1),), "range"),
    ("sources", (Source("群众", 50, ("群众",)), Source("两代表", 50, ("群众",))), "group_twice"),
    ("sources", tuple(Source(f"{n}", 1) for n in range(11)), "many"),
    ("grades", (("优秀", 90), ("合格", 90), ("不合格", 0)), "order"),
    ("grades", (("优秀", 101), ("合格", 0)), "range"),
    ("grades", (("优秀", 90), ("优秀", 0)), "twice"),
    ("grades", (("优秀", 90), ("合格", 60)), "last"),
    ("quota", (3, 3), "range"),
    ("quota", (0, 3), "range"),
])  # fmt: skip
def test_a_rule_that_cannot_be_names_its_field(field: str, value: object, why: str) -> None:
    with pytest.raises(BadField) as refused:
        check_scheme(replace(EVERY, **{field: value}))  # type: ignore[arg-type]
    assert (refused.value.facts["field"], refused.value.facts["why"]) == (field, why)


def test_a_quota_needs_grades() -> None:
    with pytest.raises(BadField) as refused:
        check_scheme(Scheme(quota=(1, 3)))
    assert (refused.value.facts["field"], refused.value.facts["why"]) == ("quota", "no_grades")


@pytest.mark.parametrize(("rule", "counted"), [(Validity.ANY, [0, 1, 2, 3, 4, 5]), (Validity.HALF, [3, 4, 5]), (Validity.ALL, [5])])
def test_half_of_five_is_three(rule: Validity, counted: list[int]) -> None:
    assert [marked for marked in range(6) if rule.enough(marked, 5)] == counted
    assert Validity.HALF.enough(2, 4) and Validity.ALL.enough(0, 0)
