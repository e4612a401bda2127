"""Passwords of staff: Argon2id."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
