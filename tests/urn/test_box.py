"""The box opens with its key, for its meeting, group, paper and row, and with nothing else."""

import stat
from pathlib import Path
from random import Random

import pytest

from survey.domain.refusals import BoxDiffers, NoKey
from survey.urn import box, codes, passwords
from survey.urn.keyroom import KeyRoom


def test_what_was_sealed_opens() -> None:
    pair = box.new_key()
    sealed = [(bytes([i]), box.seal(pair.public, bytes([i]) * 50, bound=bytes([i]))) for i in range(5)]
    assert box.unseal(pair.private, sealed) == [bytes([i]) * 50 for i in range(5)]
    assert box.public_half(pair.private) == pair.public


def test_two_seals_of_one_ballot_differ() -> None:
    pair = box.new_key()
    assert box.seal(pair.public, b"x", bound=b"") != box.seal(pair.public, b"x", bound=b"")


@pytest.mark.parametrize("place", [0, 31, 32, 40, -1])
def test_a_changed_byte_does_not_open(place: int) -> None:
    pair = box.new_key()
    sealed = bytearray(box.seal(pair.public, b"x" * 20, bound=b"here"))
    sealed[place] ^= 1
    with pytest.raises(BoxDiffers):
        box.unseal(pair.private, [(b"here", bytes(sealed))])


def test_another_row_or_another_key_does_not_open() -> None:
    pair, other = box.new_key(), box.new_key()
    sealed = box.seal(pair.public, b"x", bound=b"here")
    for private, bound in ((pair.private, b"there"), (other.private, b"here")):
        with pytest.raises(BoxDiffers):
            box.unseal(private, [(bound, sealed)])


def test_the_key_room_is_for_its_owner_alone(tmp_path: Path) -> None:
    room = KeyRoom(tmp_path / "keys")
    room.put("ab12", b"k" * 32)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "ab12.key").stat().st_mode) == 0o600
    assert room.get("ab12") == b"k" * 32
    with pytest.raises(FileExistsError):
        room.put("ab12", b"other")
    room.destroy("ab12")
    room.destroy("ab12")
    assert room.names() == ()
    with pytest.raises(NoKey):
        room.get("ab12")
    with pytest.raises(ValueError, match="letters"):
        room.put("../x", b"")


def test_trackers_and_digests_depend_on_the_pepper() -> None:
    code = codes.fresh(Random(1))
    one, other = codes.slip_digest(b"p" * 32, code), codes.slip_digest(b"q" * 32, code)
    assert one != other
    assert codes.tracker(b"p" * 32, one) == codes.tracker(b"p" * 32, one) != codes.tracker(b"q" * 32, one)
    assert codes.scrutineer_digest(b"p" * 32, 1, code) != codes.scrutineer_digest(b"p" * 32, 2, code)


def test_a_password_fits_its_own_hash_alone() -> None:
    kept = passwords.hashed("three plain words")
    assert passwords.fits(kept, "three plain words")
    assert not passwords.fits(kept, "three plain word")
    assert not passwords.fits(passwords.NOBODY, "")
    assert not passwords.fits("", "x")
