"""Whoever writes into the database changes no figure of a published round unseen: the page says so, and the journal."""

import hashlib
import zlib

import pytest
from flask import Flask
from sqlalchemy import text

from survey.actions import publication_sums as sums
from survey.actions.house import House
from survey.domain.bundles import Format, Reach, Wanted
from survey.domain.publication_files import MANIFEST
from survey.domain.refusals import AlteredRound
from survey.store.publication_sums import Kept
from survey.web.board.bundle_sheets import Studio, contents
from survey.web.board.face import Shelves
from tests.conftest import NOW, on_sqlite
from tests.townships_for_tests import published
from tests.web.board.test_round_results import client_of, text_of

pytestmark = on_sqlite

SAID = "有一轮的数字被人改过"


def write(house: House, statement: str, **values: object) -> None:
    with house.store.write() as db:
        assert db.execute(text(statement), values).rowcount


def test_a_unit_whose_sums_were_changed_is_not_shown_and_the_others_are(app: Flask, house: House) -> None:
    town = published(house)
    first, other = town.branches[0], town.branches[3]
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    bodies = Kept(house.store, town.round).sheets((first.unit, other.unit))
    write(house, "UPDATE published_sheets SET body = :body WHERE unit_id = :unit", body=bodies[other.unit], unit=first.unit)
    with pytest.raises(AlteredRound):
        # A table that is under way breaks off there, and the note is made.
        assert client.get(f"{base}/figures.csv").data
    for path in (f"{base}/units/{first.unit}", f"{base}/units/{first.unit}"):
        refused = client.get(path)
        assert refused.status_code == 409 and SAID in refused.text and "pingyi sums" in refused.text
    assert client.get(f"{base}/units/{other.unit}").status_code == 200
    # A meeting is held against its seal: its own page stays.
    assert client.get(f"/board/meetings/{first.meeting}").status_code == 200
    journal = client_of(app, house, "admin").get("/desk/journal").text
    assert journal.count("存在数据库里的数字被人改过") == 1, "however often it is looked at"
    assert [each.changed for each in sums.compare(house, mend=True, now=NOW)] == [1]
    assert client.get(f"{base}/units/{first.unit}").status_code == 200
    assert "照公布的文件重做" in text_of(client_of(app, house, "admin").get("/desk/journal").text)


def test_an_index_a_list_or_a_digest_that_was_changed_closes_the_round_and_the_rest_of_the_board_stays(app: Flask, house: House) -> None:
    town = published(house)
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    whole = f"{base}/units/{town.tree.root}"
    with house.store.read() as db:
        manifest = sums.whole(db, town.round)[MANIFEST]
    assert b'"sums"' in manifest
    other = zlib.compress(manifest.replace(b'"counts"', b'"covnts"'))
    name = hashlib.sha256(zlib.decompress(other)).hexdigest()
    for statement, values in (
        ("UPDATE published_indexes SET body = :body WHERE name = 'counts'", {"body": zlib.compress(b"")}),
        ("UPDATE published_indexes SET body = 'text' WHERE name = 'counts'", {}),
        ("DELETE FROM published_indexes WHERE name = 'keys'", {}),
        ("UPDATE published_parts SET body = :body WHERE name = 'manifest.json'", {"body": other}),
        ("UPDATE published_parts SET body = :body WHERE name = 'manifest.json'", {"body": b"nonsense"}),
        ("UPDATE publications SET sha256 = :name", {"name": name}),
        ("DELETE FROM published_parts WHERE name = 'manifest.json'", {}),
    ):  # fmt: skip
        # What was read before stays true, and is read anew by another worker.
        another_worker(app)
        assert client.get(whole).status_code == 200
        another_worker(app)
        with house.store.write() as db:
            rows = [db.execute(text(f"SELECT * FROM {table}")).all() for table in ("published_indexes", "published_parts", "publications")]
        write(house, statement, **values)
        for path in (whole, f"{base}/units/{town.branches[0].unit}", f"/desk/rounds/{town.round}/grades"):
            refused = client.get(path)
            assert refused.status_code == 409 and SAID in refused.text, (statement, path)
        assert client.get("/board").status_code == client.get(base).status_code == 200, statement
        put_back(house, *rows)


def test_no_sheet_is_made_and_no_file_handed_out_of_what_was_changed(app: Flask, house: House) -> None:
    town = published(house)
    client, path = client_of(app, house, "secretary"), f"/board/rounds/{town.round}/publication.zip"
    assert client.get(path).status_code == 200
    write(house, "UPDATE published_indexes SET body = 'text' WHERE name = 'keys'")
    wanted = Wanted(town.round, town.tree.root, Format.PDF, Reach.UNITS, "zh")
    # Whoever makes sheets outside every request has no account that the note could name.
    with Studio(app).open(wanted), pytest.raises(AlteredRound):
        contents(wanted)
    assert "存在数据库里的数字被人改过" in text_of(client_of(app, house, "admin").get("/desk/journal").text)
    assert [each.changed for each in sums.compare(house, mend=True, now=NOW)] == [1]
    for statement in (
        "UPDATE published_parts SET body = (SELECT body FROM published_parts WHERE name = 'round.json') WHERE name = 'counts.csv'",
        "UPDATE published_parts SET body = 'text' WHERE name = 'counts.csv'",
        "DELETE FROM published_parts WHERE name = 'counts.csv'",
    ):
        write(house, statement)
        refused = client.get(path)
        assert refused.status_code == 409 and SAID in refused.text, statement


def another_worker(app: Flask) -> None:
    app.extensions["board"] = Shelves()
    app.extensions.pop("rolls", None)


def put_back(house: House, indexes: list, found: list, made: list) -> None:
    with house.store.write() as db:
        db.execute(text("DELETE FROM published_indexes"))
        db.execute(text("DELETE FROM published_parts"))
        for table, rows in (("published_indexes", indexes), ("published_parts", found)):
            for row in rows:
                db.execute(text(f"INSERT INTO {table} (round_id, name, body) VALUES (:round, :name, :body)"), dict(zip(("round", "name", "body"), row, strict=True)))
        db.execute(text("UPDATE publications SET sha256 = :name"), {"name": made[0].sha256})
