"""What somebody with write access to the database may do to a closed box. Each tampering is one function."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from survey.actions import ballots, meetings
from survey.domain.ballots import Marks, pack
from survey.domain.meetings import Entry
from survey.domain.papers import read_paper
from survey.store import ballots as box
from survey.store import meetings as kept
from survey.store.engine import Connection
from survey.urn import box as urn
from survey.urn import codes
from tests.conftest import NOW, Hall


@dataclass(frozen=True)
class Loot:
    """What the attacker has: the database for writing, and copies of two rows from before they were taken out."""

    db: Connection
    hall: Hall
    early: list[tuple[bytes, int, bytes]]

    def sql(self, words: str, **values: object) -> int:
        return int(self.db.execute(text(words), values).rowcount)

    def rows(self, group: int | None = None) -> list[tuple[bytes, int, bytes]]:
        return [row for row in box.sealed(self.db, self.hall.meeting) if group in (None, row[1])]

    def put(self, key: bytes, group: int, sealed: bytes) -> None:
        box.drop(self.db, key=key, meeting=self.hall.meeting, group=group, sealed=sealed)

    def take(self, key: bytes) -> None:
        assert self.sql("DELETE FROM ballots WHERE key = :key", key=key) == 1

    def forged(self, tracker: str, group: int) -> tuple[bytes, int, bytes]:
        """A ballot sealed to the meeting's public key, which the database holds, with an invented or stolen tracker."""
        meeting = kept.get(self.db, self.hall.meeting)
        paper = read_paper(kept.papers(self.db, self.hall.meeting)[group])
        key = b"k" * 16
        plain = pack(paper, Marks(bytes(len(paper.columns))), tracker)
        assert meeting.public_key is not None
        bound = ballots.bound(self.hall.meeting, group, paper.sha256, key)
        return key, group, urn.seal(meeting.public_key, plain, bound=bound)


def added(loot: Loot) -> None:
    loot.put(*loot.forged(base64.b32encode(b"pingyi")[:10].decode(), next(iter(loot.hall.codes))))


def added_with_a_tracker_known_from_a_thanks_page(loot: Loot) -> None:
    group, made = next(iter(loot.hall.codes.items()))
    pepper = loot.hall.house.pepper
    loot.put(*loot.forged(codes.tracker(pepper, codes.slip_digest(pepper, made[0])), group))


def exchanged_for_a_forged_one(loot: Loot) -> None:
    group = next(iter(loot.hall.codes))
    loot.take(loot.rows(group)[0][0])
    loot.put(*loot.forged("AAAAAAAAAA", group))


def removed(loot: Loot) -> None:
    loot.take(loot.rows()[0][0])


def all_removed(loot: Loot) -> None:
    loot.sql("DELETE FROM ballots")


def moved_to_another_group(loot: Loot) -> None:
    first, second = loot.hall.codes
    moved = "UPDATE ballots SET group_id = :second WHERE key = :key"
    assert loot.sql(moved, second=second, key=loot.rows(first)[0][0]) == 1


def moved_out_of_the_meeting(loot: Loot) -> None:
    other = meetings.NewMeeting(loot.hall.branch, NOW.date(), "", Entry.SLIPS, [("甲", 9, 9)])
    values = "SELECT round_id, questionnaire_id, unit_id, title, place, held_on, 'draft', entry, 'otherdoor', one_officer FROM meetings"
    loot.sql(
        "INSERT INTO meetings (round_id, questionnaire_id, unit_id, title, place, held_on, stage, entry, door, one_officer) " + values
    )
    query = "SELECT id FROM meetings WHERE door = 'otherdoor'"
    (meeting,) = loot.db.execute(text(query)).scalars()
    kept.replace_groups(loot.db, meeting, other.groups)
    (group,) = kept.get(loot.db, meeting).groups
    moved = "UPDATE ballots SET meeting_id = :meeting, group_id = :group WHERE key = :key"
    assert loot.sql(moved, meeting=meeting, group=group.id, key=loot.rows()[0][0]) == 1


def under_another_key(loot: Loot) -> None:
    assert loot.sql("UPDATE ballots SET key = :new WHERE key = :key", new=b"n" * 16, key=loot.rows()[0][0]) == 1


def copied_over_another(loot: Loot) -> None:
    group = next(iter(loot.hall.codes))
    (_, _, sealed), (key, _, _) = loot.rows(group)[:2]
    assert loot.sql("UPDATE ballots SET sealed = :sealed WHERE key = :key", sealed=sealed, key=key) == 1


def copied_under_a_new_key(loot: Loot) -> None:
    _, group, sealed = loot.rows()[0]
    loot.put(b"n" * 16, group, sealed)


def _flipped(loot: Loot, place: int) -> None:
    key, _, sealed = loot.rows()[-1]
    changed = bytearray(sealed)
    changed[place] ^= 0x80
    assert loot.sql("UPDATE ballots SET sealed = :sealed WHERE key = :key", sealed=bytes(changed), key=key) == 1


def a_byte_of_the_ephemeral_key_flipped(loot: Loot) -> None:
    _flipped(loot, 3)


def a_byte_of_the_marks_flipped(loot: Loot) -> None:
    _flipped(loot, 32 + 64 + 2)


def the_last_byte_flipped(loot: Loot) -> None:
    _flipped(loot, -1)


def cut_short(loot: Loot) -> None:
    key, _, sealed = loot.rows()[0]
    for length in (len(sealed) - 1, 40, 0):
        loot.sql("UPDATE ballots SET sealed = :sealed WHERE key = :key", sealed=sealed[:length], key=key)


def put_back_from_an_earlier_copy(loot: Loot) -> None:
    """The voter's ballot was destroyed with everything of his first slip; the old row comes back."""
    loot.put(*loot.early[0])


def exchanged_for_one_from_an_earlier_copy(loot: Loot) -> None:
    loot.take(loot.rows(loot.early[0][1])[0][0])
    loot.put(*loot.early[0])


def _state(loot: Loot, old: str, new: str) -> None:
    query = text("SELECT digest FROM slips WHERE state = :old ORDER BY digest LIMIT 1")
    digest = loot.db.execute(query, {"old": old}).scalar_one()
    assert loot.sql("UPDATE slips SET state = :new WHERE digest = :digest", new=new, digest=digest) == 1


def a_spent_slip_made_fresh(loot: Loot) -> None:
    _state(loot, "spent", "fresh")


def a_spent_slip_made_void(loot: Loot) -> None:
    _state(loot, "spent", "void")


def a_fresh_slip_made_spent(loot: Loot) -> None:
    _state(loot, "fresh", "spent")


def one_slip_spent_for_another(loot: Loot) -> None:
    _state(loot, "spent", "void")
    _state(loot, "fresh", "spent")


def a_spent_slip_moved_to_another_group(loot: Loot) -> None:
    first, second = loot.hall.codes
    query = text("SELECT digest FROM slips WHERE state = 'spent' AND group_id = :g ORDER BY digest LIMIT 1")
    digest = loot.db.execute(query, {"g": first}).scalar_one()
    assert loot.sql("UPDATE slips SET group_id = :g WHERE digest = :digest", g=second, digest=digest) == 1


def a_spent_slip_deleted(loot: Loot) -> None:
    query = text("SELECT digest FROM slips WHERE state = 'spent' ORDER BY digest LIMIT 1")
    assert loot.sql("DELETE FROM slips WHERE digest = :digest", digest=loot.db.execute(query).scalar_one()) == 1


def the_options_of_a_frozen_paper_turned_round(loot: Loot) -> None:
    turned = "UPDATE papers SET body = replace(replace(replace(body, '基本满意', '某某'), '不满意', '基本满意'), '某某', '不满意')"
    assert loot.sql(turned) == 2


def with_another_public_key(loot: Loot) -> None:
    """The thief keeps the private half and would read every ballot that comes after."""
    assert loot.sql("UPDATE meetings SET public_key = :key", key=urn.new_key().public) == 1


def with_another_public_key_and_no_proof(loot: Loot) -> None:
    assert loot.sql("UPDATE meetings SET public_key = :key, key_proof = NULL", key=urn.new_key().public) == 1


def with_another_public_key_and_a_proof_under_a_guessed_pepper(loot: Loot) -> None:
    public = urn.new_key().public
    proof = codes.key_proof(b"pepper", loot.hall.meeting, public.hex())
    assert loot.sql("UPDATE meetings SET public_key = :key, key_proof = :proof", key=public, proof=proof) == 1


def with_the_key_and_proof_of_another_meeting(loot: Loot) -> None:
    """Genuine both of them, but of a box that was opened for somebody else."""
    public = urn.new_key().public
    proof = codes.key_proof(loot.hall.house.pepper, loot.hall.meeting + 1, public.hex())
    assert loot.sql("UPDATE meetings SET public_key = :key, key_proof = :proof", key=public, proof=proof) == 1


EXCHANGES: tuple[Callable[[Loot], None], ...] = (
    with_another_public_key,
    with_another_public_key_and_no_proof,
    with_another_public_key_and_a_proof_under_a_guessed_pepper,
    with_the_key_and_proof_of_another_meeting,
)
TAMPERINGS: tuple[Callable[[Loot], None], ...] = (
    added,
    added_with_a_tracker_known_from_a_thanks_page,
    exchanged_for_a_forged_one,
    removed,
    all_removed,
    moved_to_another_group,
    moved_out_of_the_meeting,
    under_another_key,
    copied_over_another,
    copied_under_a_new_key,
    a_byte_of_the_ephemeral_key_flipped,
    a_byte_of_the_marks_flipped,
    the_last_byte_flipped,
    cut_short,
    put_back_from_an_earlier_copy,
    exchanged_for_one_from_an_earlier_copy,
    a_spent_slip_made_fresh,
    a_spent_slip_made_void,
    a_fresh_slip_made_spent,
    one_slip_spent_for_another,
    a_spent_slip_moved_to_another_group,
    a_spent_slip_deleted,
    the_options_of_a_frozen_paper_turned_round,
)
