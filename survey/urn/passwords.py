"""Passwords of staff: Argon2id, and whether a new one is easily guessed."""

import re
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST = 10
LONGEST = 200
# Out of 0 to 4: fewer than 10^8 guesses do not hold against somebody who tries on with a stolen hash.
_LEAST_SCORE = 3
# zxcvbn looks at the beginning only: what is longer than that is no word of a list.
_LOOKED_AT = 72
# What people in China type first, whatever lists made elsewhere say: love in digits and letters, luck, the house itself.
_HABITS = (
    "woaini", "woaini1314", "woaiwojia", "iloveyou", "5201314", "1314520", "520520", "521521", "168168", "888888", "666666",
    "147258369", "147258", "a123456", "qq123456", "abc123456", "123qwe", "1qaz2wsx", "qazwsx", "zxcvbnm", "mima", "mima123",
    "mimashi", "woshi", "nihao", "nihaoma", "zhongguo", "beijing", "shanghai", "dangyuan", "dangwei", "dangzhibu", "zhibu",
    "shuji", "gongchandang", "buwangchuxin", "weirenminfuwu", "renmin", "zuzhi", "guanli", "guanliyuan", "mishu", "admin",
    "secretary", "leader", "pingyi", "minzhupingyi", "caonima", "wangyi", "baidu", "taobao", "weixin", "wechat",
    "密码", "评议", "民主评议", "管理员", "书记", "党支部", "党委", "为人民服务", "不忘初心", "我爱你", "中国共产党", "一二三四五六七八九十",
)  # fmt: skip
# A name or a word in pinyin with a year, a lucky number or a mark beside it.
_SYLLABLE = "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?[aeiouv]{1,3}(?:ng|n|r)?"
_PINYIN = re.compile(rf"[\W\d_]*(?:{_SYLLABLE}){{1,3}}[\W\d_]*")
# Birthdays, telephone and identity numbers are known to others.
_NUMBERS = re.compile(r"[\d\W_年月日号]+")
_HASHER = PasswordHasher()
# Checked when the login is unknown, so that the answer takes as long as for a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$9wfKzuzKXqFDcU3mNGJ3xhc2VtxvR7uKwaN3NsAxRTk"


def hashed(password: str) -> str:
    """A hash with its own salt."""
    return _HASHER.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, known: Sequence[str]) -> str:
    """Why a password is too easily guessed: short, long, common; empty when it is good.

    Parameters
    ----------
    known : sequence of str
        What others know of the person: login, name, the unit's name. A password made of these is common, too.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    bare = re.sub(r"[\W_]+", "", password.lower())
    if len(set(bare)) < 4 or _NUMBERS.fullmatch(password) or _PINYIN.fullmatch(password.lower()):
        return "common"
    words = [part for text in known for part in {text, *re.split(r"[\W_]+", text)} if len(part) > 1]
    rest = bare
    for word in sorted((*words, *_HABITS), key=len, reverse=True):
        rest = rest.replace(word.lower(), "")
    score = zxcvbn(password[:_LOOKED_AT], user_inputs=[*words, *_HABITS])["score"]
    return "common" if len(rest) < 3 or score < _LEAST_SCORE else ""
