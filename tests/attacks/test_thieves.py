"""What SECURITY.md says a thief gets, shown by being that thief: with one stolen part, or with two that belong together."""

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import text

from survey.actions import ballots, boxes, results, staff
from survey.actions.ballots import bound
from survey.actions.house import House
from survey.domain.ballots import unpack
from survey.domain.papers import read_paper
from survey.domain.refusals import NotFound
from survey.domain.staff import StaffRole
from survey.store import ballots as kept_ballots
from survey.store import meetings
from survey.store.engine import Connection
from survey.store.staff import account
from survey.urn import box, codes
from tests.conftest import NOW, PASSWORD, Hall, logged_in, make_meeting


def _opened(house: House, db: Connection, hall: Hall, private: bytes) -> list[bytes]:
    """Whoever has rows and key needs nothing else: every ballot's marks."""
    papers = {group: read_paper(body) for group, body in meetings.papers(db, hall.meeting).items()}
    rows = kept_ballots.sealed(db, hall.meeting)
    closed = [(bound(hall.meeting, group, papers[group].sha256, key), sealed) for key, group, sealed in rows]
    plain = box.unseal(private, closed)
    return [unpack(papers[group], each).marks.columns for (_, group, _), each in zip(rows, plain, strict=True)]


def test_key_room_and_database_together_open_the_box_while_it_is_open_and_the_count_ends_that(house: House) -> None:
    """The promise of the booth begins at the count; until then the two must not fall into one hand."""
    hall = make_meeting(house)
    for code in [code for each in hall.codes.values() for code in each]:
        hall.vote(code)
    (name,) = house.keys.names()
    stolen = house.keys.get(name)
    with house.store.read() as db:
        opened = _opened(house, db, hall, stolen)
    assert len(opened) == 12 and all(not any(marks[:5]) for marks in opened), "everybody was satisfied with everything"
    hall.close()
    hall.count()
    assert house.keys.names() == ()
    with house.store.read() as db:
        assert _opened(house, db, hall, stolen) == []


def test_pepper_and_database_tell_whether_a_known_code_was_used_and_nothing_of_the_ballot(house: House) -> None:
    """What the sender of a link could learn about its holder. The pepper opens no ballot: it is no key."""
    hall = make_meeting(house)
    used, unused = next(iter(hall.codes.values()))[:2]
    hall.vote(used)
    with house.store.read() as db:
        states = [kept_ballots.slip(db, codes.slip_digest(house.pepper, code)) for code in (used, unused)]
        assert [slip.state for slip in states if slip] == ["spent", "fresh"]
        assert kept_ballots.slip(db, codes.slip_digest(b"another pepper" * 3, used)) is None, "without it not even that"
        with pytest.raises(box.BoxDiffers):
            _opened(house, db, hall, codes.key_proof(house.pepper, hall.meeting, "a guess at a key"))


def test_who_writes_the_database_and_has_the_pepper_reads_what_is_cast_from_then_on(house: House) -> None:
    """The limit of the proof: two stolen parts, one of them for writing. What was cast before stays shut."""
    hall = make_meeting(house)
    early, late = next(iter(hall.codes.values()))[:2]
    hall.vote(early)
    pair = box.new_key()
    proof = boxes.proof(house, hall.meeting, pair.public)
    with house.store.write() as db:
        (before,) = kept_ballots.sealed(db, hall.meeting)
        db.execute(text("UPDATE meetings SET public_key = :k, key_proof = :p"), {"k": pair.public, "p": proof})
    hall.vote(late)
    with house.store.write() as db:
        db.execute(text("DELETE FROM ballots WHERE key = :key"), {"key": before[0]})
    with house.store.read() as db:
        assert len(_opened(house, db, hall, pair.private)) == 1
    with pytest.raises(box.BoxDiffers):
        box.unseal(pair.private, [(b"", before[2])])


def test_the_secret_of_the_cookies_logs_nobody_in_without_a_login_in_the_database(app: Flask, house: House) -> None:
    """Guards: the digests in the table of logins: a signed cookie alone is not enough, nor one with a digest in it."""
    make_meeting(house)
    key = logged_in(house, "secretary")
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    digest = codes.login_digest(house.pepper, key).hex()
    for tried, status in (("0" * len(key), 303), (digest, 303), (key, 200)):
        client = app.test_client()
        forged = signer.dumps({"_user_id": tried, "_fresh": True})
        client.set_cookie("pingyi_desk", str(forged))
        assert client.get("/desk").status_code == status


def test_the_scrutineers_code_is_no_slip_and_no_password(app: Flask, house: House) -> None:
    """Alone it opens no page and counts nothing; it is the second word, not the first."""
    hall = make_meeting(house)
    hall.close()
    client = app.test_client()
    assert client.get(f"/b/{hall.scrutineer}").status_code == 404
    refused = client.post(f"/desk/meetings/{hall.meeting}/count", data={"scrutineer": hall.scrutineer})
    assert refused.status_code == 401
    with house.store.read() as db:
        assert meetings.get(db, hall.meeting).stage == "closed"


def test_a_stolen_login_counts_no_other_units_meeting_even_with_its_scrutineers_code(house: House) -> None:
    """Guards: rights by subtree in the count itself, not only on the pages."""
    hall = make_meeting(house)
    hall.close()
    staff.add(
        house, "elsewhere", name="外人", role=StaffRole.SECRETARY, unit=hall.other_branch, password=PASSWORD, now=NOW
    )
    with house.store.read() as db:
        found = account(db, "elsewhere")
        assert found is not None
        thief = staff.staff.staff(db, found.id)
    assert thief is not None
    with pytest.raises(NotFound):
        results.count(house, hall.meeting, hall.scrutineer, by=thief, now=NOW)


def test_a_slip_somebody_photographed_votes_once_and_then_tells_its_holder(house: House) -> None:
    """Whoever is first has the vote; the other one is told, with the tracker that stands in the published list."""
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    tracker = hall.vote(code)
    with pytest.raises(ballots.UsedCode) as told:
        hall.vote(code)
    assert told.value.facts["tracker"] == tracker
    assert ballots.look(house, code).tracker == tracker
