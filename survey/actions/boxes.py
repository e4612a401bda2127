"""The key of a box is the one it was opened with: a proof under the pepper, which no writer of the database can make."""

from collections.abc import Iterable

from survey.actions.house import House
from survey.domain.meetings import Meeting
from survey.domain.refusals import Away, ExchangedKey
from survey.store import meetings
from survey.urn import codes


def key_name(public: bytes) -> str:
    """The name of a box's key in the key room."""
    return public.hex()


def proof(house: House, meeting: int, public: bytes) -> bytes:
    """What is kept beside a public key at the opening."""
    return codes.key_proof(house.pepper, meeting, key_name(public))


def check_key(house: House, meeting: int, public: bytes, kept: bytes | None) -> None:
    """Refuse a public key that is not the one of the opening: ballots sealed to it would be read by somebody else.

    Raises
    ------
    ExchangedKey
        The key or its proof was changed in the database.
    """
    if not _fits(house, meeting, public, kept):
        raise ExchangedKey()


def is_exchanged(house: House, meeting: Meeting) -> bool:
    """Whether a box has a public key that is not the one of its opening."""
    public = meeting.public_key
    return public is not None and not _fits(house, meeting.id, public, meeting.key_proof)


def has_key(house: House, meeting: Meeting) -> bool:
    """Whether the key of a box lies in this machine's key room."""
    return any(_is_of(house, meeting, name) for name in house.keys.names())


def destroy_keys(house: House, dead: Iterable[Meeting]) -> int:
    """Destroy the keys boxes were opened with, also when another public key was put into a row since. How many."""
    names = house.keys.names()
    found = {name for meeting in dead for name in names if _is_of(house, meeting, name)}
    for name in found:
        house.keys.destroy(name)
    return len(found)


def destroy_unless_taken(house: House, meeting: int, public: bytes) -> None:
    """After an opening whose commit nobody heard of: its key is destroyed only when the meeting surely has not taken it.

    The lock waits for a transaction that is still on its way. Where nothing can be known the key stays: a key too many
    opens no box, a key too few loses one.
    """
    try:
        with house.store.write() as db:
            meetings.lock(db, meeting)
            taken = meetings.get(db, meeting).public_key == public
    except Away:
        return
    if not taken:
        house.keys.destroy(key_name(public))


def prove_keys(house: House) -> int:
    """Boxes opened by a release that kept no proof get it now, if their key lies here. How many there were.

    Whoever exchanges a key and deletes the proof gains nothing: he cannot put his key into the key room.
    """
    names = set(house.keys.names())
    with house.store.read() as db:
        bare = [(m, key) for m, key in meetings.without_proof(db) if key_name(key) in names]
    for meeting, key in bare:
        with house.store.write() as db:
            meetings.prove(db, meeting, key, proof(house, meeting, key))
    return len(bare)


def _fits(house: House, meeting: int, public: bytes, kept: bytes | None) -> bool:
    return kept is not None and codes.same(kept, proof(house, meeting, public))


def _is_of(house: House, meeting: Meeting, name: str) -> bool:
    if meeting.key_proof is None:
        return meeting.public_key is not None and name == key_name(meeting.public_key)
    return codes.same(meeting.key_proof, codes.key_proof(house.pepper, meeting.id, name))
