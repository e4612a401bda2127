"""Pages of the booth: headers, hashes, squeezed bytes, the shelf, the size of everything a phone downloads."""

import base64
import gzip
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from flask import Flask

from survey.actions.house import House
from survey.web.booth.pages import Block, Page, Shelf, csp
from tests.web.booth.halls import every_kind, make_hall, paper_of, satisfied

ROOT = Path(__file__).parents[3]
MOST_BYTES = 30 * 1024
GZIP = {"Accept-Encoding": "gzip, deflate"}


def test_every_inline_block_of_a_ballot_is_allowed_by_its_hash_and_nothing_else(app: Flask, house: House) -> None:
    hall = make_hall(house, n=3)
    answer = app.test_client().get(f"/b/{next(iter(hall.codes.values()))[0]}")
    policy = answer.headers["Content-Security-Policy"]
    blocks = re.findall(r"<(style|script)>(.*?)</\1>", answer.text, flags=re.DOTALL)
    assert [kind for kind, _ in blocks] == ["style", "script", "script"]
    for kind, text in blocks:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in re.search(rf"{kind}-src ([^;]*)", policy)[1]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", answer.text)
    assert not re.search(r"(src|href)=\"(https?:|//)", answer.text)


def test_the_headers_keep_nothing_and_tell_nobody(app: Flask, house: House) -> None:
    hall = make_hall(house, n=2)
    code = next(iter(hall.codes.values()))[0]
    client = app.test_client()
    for answer in (
        client.get("/"),
        client.get(f"/b/{code}"),
        client.post(f"/b/{code}", data={"go": "cast"}),
        client.get(f"/b/{code}/in"),
        client.get(f"/b/{code}"),
        client.get("/b/0000-0000-0000"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_a_phone_that_takes_gzip_gets_the_same_page_squeezed(app: Flask, house: House) -> None:
    hall = make_hall(house, n=3)
    address = f"/b/{next(iter(hall.codes.values()))[0]}"
    client = app.test_client()
    plain, packed = client.get(address), client.get(address, headers=GZIP)
    refused = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers and "Content-Encoding" not in refused.headers
    assert gzip.decompress(packed.data) == plain.data == refused.data


def test_every_slip_of_a_paper_gets_the_very_same_bytes(app: Flask, house: House) -> None:
    hall = make_hall(house, n=3)
    first, second, *_ = next(iter(hall.codes.values()))
    client = app.test_client()
    page = client.get(f"/b/{first}").data
    assert client.get(f"/b/{second}").data == page
    assert first.encode() not in page
    assert len(app.extensions["booth_shelf"]._pages) == 1


def test_a_ballot_of_24_members_with_everything_is_at_most_30_kilobytes(app: Flask, house: House) -> None:
    hall = make_hall(house, n=24)
    code = next(iter(hall.codes.values()))[0]
    client = app.test_client()
    page = client.get(f"/b/{code}", headers=GZIP)
    done = client.post(f"/b/{code}", data={"go": "cast", **satisfied(paper_of(house, code))}, headers=GZIP)
    thanks = client.get(done.headers["Location"], headers=GZIP)
    assert [page.status_code, done.status_code, thanks.status_code] == [200, 303, 200]
    size = sum(len(each.data) + len(str(each.headers).encode()) for each in (page, done, thanks))
    print(f"page {len(page.data)}, thanks {len(thanks.data)}, all with headers {size} bytes")
    assert size <= MOST_BYTES


def test_the_scripts_are_written_for_old_browsers_inside_other_apps() -> None:
    newer = re.compile(
        r"=>|`|\?\.|\?\?|\.\.\.|\b(let|const|class|async|await|import)\b|:has\(|\.(includes|closest|flat)\("
    )
    for path in (ROOT / "static" / "booth").glob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        assert not newer.search(code), f"{path.name}: {newer.search(code)}"


def test_a_name_with_markup_in_it_stays_a_name(app: Flask, house: House) -> None:
    form = every_kind()
    evil = '"><script>alert(1)</script>'
    unit = replace(form.sections[0], title=evil, questions=(replace(form.sections[0].questions[0], text=evil),))
    hall = make_hall(house, n=1, form=replace(form, sections=(unit, *form.sections[1:])))
    code = next(iter(hall.codes.values()))[0]
    client = app.test_client()
    for answer in (client.get(f"/b/{code}"), client.post(f"/b/{code}", data={evil: evil, "2.1": evil})):
        assert "<script>alert" not in answer.text


def test_staff_on_the_same_phone_get_no_cookie_from_the_booth(app: Flask, house: House) -> None:
    make_hall(house, n=1)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1.x"
        session.permanent = True
    assert "Set-Cookie" not in client.get("/").headers


def test_the_shelf_keeps_the_pages_used_last() -> None:
    shelf = Shelf()
    page = Page(b"", b"", "")
    for key in range(128):
        shelf.put(key, page)
    assert shelf.get(0) is page
    shelf.put("new", page)
    assert shelf.get(1) is None
    assert shelf.get(0) is page


def test_a_page_without_scripts_allows_none() -> None:
    assert "script-src 'none'" in csp([Block("style", "p{}")])
