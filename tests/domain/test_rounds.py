"""Schemes: weights, and the digest that papers hold."""

import pytest

from survey.domain.refusals import BadField
from survey.domain.rounds import Scheme, SpoilRule, check_weighed, check_weights, read_scheme


def test_a_scheme_without_weights_keeps_the_digest_it_had_before_there_were_weights() -> None:
    assert Scheme().sha256() == "3027f7adda8319d9694bd28f7a96375e18f7983c9ed76c481e76995dfab4ded9"
    assert "weights" not in Scheme().as_json()


def test_a_scheme_survives_its_json() -> None:
    assert "spoil" not in Scheme().as_json() and read_scheme(Scheme().as_json()) == Scheme()
    scheme = Scheme(weights=(("群众代表", 60), ("党员", 40)), spoil=SpoilRule.FORM)
    assert read_scheme(scheme.as_json()) == scheme
    assert scheme.sha256() != Scheme().sha256()


def test_merged_groups_weigh_what_they_weigh_together() -> None:
    scheme = Scheme(weights=(("群众代表", 60), ("党员", 30), ("领导 + 专家", 10)))
    assert scheme.weight("党员 + 群众代表") == 90
    assert scheme.weight("党员 + 路人") == 30
    assert scheme.weight("领导 + 专家") == 10
    assert scheme.weight("路人") is None
    check_weighed(scheme, ["群众代表 + 党员", "领导 + 专家"])
    with pytest.raises(BadField) as refused:
        check_weighed(scheme, ["群众代表", "路人"])
    assert refused.value.facts["value"] == "路人" and "党员" in str(refused.value.facts["known"])
    check_weighed(Scheme(), ["路人"])


@pytest.mark.parametrize("weights", [{"甲": -1}, {"甲": 101}, {"甲": 0, "乙": 0}])
def test_weights_that_cannot_be_are_refused(weights: dict[str, int]) -> None:
    with pytest.raises(BadField):
        check_weights(weights)


def test_no_weights_and_one_that_is_nothing_are_fine() -> None:
    check_weights({})
    check_weights({"甲": 0, "乙": 100})
