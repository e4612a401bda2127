"""Sealing and opening: HPKE (RFC 9180) to the meeting's key, X25519, HKDF-SHA256, ChaCha20-Poly1305.

The public key closes, the private key opens; the private key lies in the key room alone and dies at the count.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from survey.domain.refusals import BoxDiffers

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Raw bytes, 32 each."""

    private: bytes
    public: bytes


def new_key() -> KeyPair:
    """A key pair for one meeting."""
    private = X25519PrivateKey.generate()
    return KeyPair(private.private_bytes_raw(), private.public_key().public_bytes_raw())


def public_half(private: bytes) -> bytes:
    """The public key that belongs to a private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def opens(private: bytes, public: bytes) -> bool:
    """Whether a private key opens what is sealed to a public one: held against it, then tried on a ballot of nothing."""
    if len(private) != len(public) or public_half(private) != public:
        return False
    trial = b"a ballot of nothing"
    return unseal(private, [(b"trial", seal(public, trial, bound=b"trial"))]) == [trial]


def seal(public: bytes, plain: bytes, *, bound: bytes) -> bytes:
    """Close a ballot. `bound` (meeting, paper, key of the row) must be the same at opening."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), bound)


def unseal(private: bytes, sealed: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
    """Open ballots, given as (bound, sealed). All or none.

    Raises
    ------
    BoxDiffers
        One was changed, moved from another meeting or group, or put in by another hand.
    """
    key = X25519PrivateKey.from_private_bytes(private)
    plain: list[bytes] = []
    for bound, closed in sealed:
        try:
            plain.append(_SUITE.decrypt(closed, key, bound))
        except (InvalidTag, ValueError) as fault:
            raise BoxDiffers(why="seal", expected="a ballot as it was sealed", found="something else") from fault
    return plain
