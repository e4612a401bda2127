"""Codes, their digests and the trackers: HMAC-SHA256 under the pepper, each use with a word of its own."""

import base64
import hashlib
import hmac
from random import Random

from survey.domain.ballots import TRACKER_LENGTH
from survey.domain.slips import BITS, spell

_KEY_BITS = 160


def fresh(random: Random) -> str:
    """A new code of 60 random bits. Returned once; nobody keeps it."""
    return spell(random.getrandbits(BITS))


def fresh_key(random: Random) -> str:
    """A new key of 160 random bits for what must not be guessed by anybody ever: logins and invitations."""
    return f"{random.getrandbits(_KEY_BITS):0{_KEY_BITS // 4}x}"


def key_of(pepper: bytes, text: str) -> str:
    """A key as long as a fresh one, the same for the same text; nobody works it out who has not the pepper."""
    return _mac(pepper, b"key of", text.encode("utf-8", "replace")).hex()[: _KEY_BITS // 4]


def login_digest(pepper: bytes, key: str) -> bytes:
    """What the store keeps of a login, 32 bytes; the key itself is in one browser's cookie."""
    return _mac(pepper, b"login", key.encode())


def invitation_digest(pepper: bytes, key: str) -> bytes:
    """What the store keeps of an invitation, 32 bytes; the key itself is in its link."""
    return _mac(pepper, b"invitation", key.encode())


def slip_digest(pepper: bytes, code: str) -> bytes:
    """What the store keeps of a code, 32 bytes."""
    return _mac(pepper, b"slip", code.encode())


def paper_digest(pepper: bytes, code: str) -> bytes:
    """The same of a code on a paper form. It has a word of its own, so no phone finds it, and a slip still tells no way."""
    return _mac(pepper, b"paper", code.encode())


def scrutineer_digest(pepper: bytes, meeting: int, code: str) -> bytes:
    """What the store keeps of a scrutineer's slip, 32 bytes; good for one meeting."""
    return _mac(pepper, b"scrutineer", str(meeting).encode() + b"\0" + code.encode())


def key_proof(pepper: bytes, meeting: int, name: str) -> bytes:
    """What the store keeps beside a meeting's public key, 32 bytes: who can write the store cannot make it."""
    return _mac(pepper, b"key", f"{meeting}\0{name}".encode())


def tracker(pepper: bytes, digest: bytes) -> str:
    """Ten base-32 characters that prove a ballot is in: the same at every retry, made from the slip alone."""
    return base64.b32encode(_mac(pepper, b"tracker", digest)).decode()[:TRACKER_LENGTH]


def turn_mark(pepper: bytes, door: str, turn: int) -> str:
    """The code on the screen during one turn; nobody can work out the next one."""
    return base64.b32encode(_mac(pepper, b"turn", f"{door}\0{turn}".encode())).decode()[:8].lower()


def same(one: bytes, other: bytes) -> bool:
    """Compare digests in constant time."""
    return hmac.compare_digest(one, other)


def _mac(pepper: bytes, word: bytes, message: bytes) -> bytes:
    return hmac.new(pepper, word + b"\0" + message, hashlib.sha256).digest()
