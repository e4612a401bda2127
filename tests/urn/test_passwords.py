"""New passwords: long enough, and none that somebody who knows the person or the country would try first."""

import pytest
from argon2 import PasswordHasher, extract_parameters

from survey.urn.passwords import LONGEST, SHORTEST, fits, hashed, weakness

KNOWN = ("zhangsan", "张三", "青山镇党委")


@pytest.mark.parametrize(
    "password",
    [
        "woaini1314", "5201314520", "iloveyou1314", "wo ai ni 1314", "1234567890", "qwertyuiop", "1qaz2wsx3edc", "asdfghjkl;", "qwerty12345",
        "aaaaaaaaaaaa", "abcabcabcabc", "password123", "P@ssw0rd123", "admin12345", "mima123456", "Pingyi2026!", "dangweishuji",
        "zhangsan1990", "Zhangsan!2026", "青山镇党委青山镇党委", "密码密码密码密码密码密码", "13800138000", "19491001abc", "2026年11月21日", "110101199003071234",
        "lisi123456", "chenxi8888", "wang@2026!",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert weakness(password, KNOWN) == "common"


@pytest.mark.parametrize(
    "password", ["denglong hema banshou", "three plain words", "another long one", "correct horse battery staple", "灯笼河马扳手拖拉机台阶", "9f8e7d6c5b4a3f21"]
)
def test_three_words_that_have_nothing_to_do_with_each_other_are_taken(password: str) -> None:
    assert weakness(password, KNOWN) == ""
    assert fits(hashed(password), password) and not fits(hashed(password), password + " ")


def test_the_length_has_two_ends() -> None:
    assert weakness("denglong"[: SHORTEST - 1], KNOWN) == "short"
    assert weakness("denglong hema banshou " * LONGEST, KNOWN) == "long"


def test_what_others_know_of_the_person_makes_a_password_common() -> None:
    assert weakness("Greenhill-Millworks", ("ann", "Ann", "Greenhill Millworks")) == "common"
    assert weakness("Greenhill-Millworks", KNOWN) == ""


def test_a_guess_is_dear_and_an_unknown_login_answers_no_sooner_than_a_known_one(
    earnest_passwords: tuple[PasswordHasher, str],
) -> None:
    hasher, nobody = earnest_passwords
    cost = extract_parameters(hasher.hash("three plain words"))
    assert cost == extract_parameters(nobody)
    assert cost.memory_cost >= 1 << 16 and cost.time_cost >= 3, "64 MiB, three times over"
