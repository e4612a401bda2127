"""A paper form that was keyed once, closed by its own code: who has the database and not the paper cannot open it.

The key is HKDF-SHA256 of the code's 60 bits under the pepper; the code itself is printed on the form and kept nowhere.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from survey.domain.refusals import BoxDiffers

_NONCE = 12


def seal(pepper: bytes, code: str, plain: bytes, *, bound: bytes) -> bytes:
    """Close a reading. `bound` must be the same at opening."""
    # The same form may be keyed anew after its first keying was thrown away: the key is the same, the nonce never.
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(pepper, code).encrypt(nonce, plain, bound)


def unseal(pepper: bytes, code: str, sealed: bytes, *, bound: bytes) -> bytes:
    """Open a reading.

    Raises
    ------
    BoxDiffers
        It was changed, or belongs to another form.
    """
    try:
        return _cipher(pepper, code).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except (InvalidTag, ValueError) as fault:
        raise BoxDiffers(why="reading", expected="a form as it was keyed", found="something else") from fault


def _cipher(pepper: bytes, code: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=pepper, info=b"pingyi keyed form").derive(code.encode()))
