"""The language of a page: how it is chosen, and that nothing on it is left in the other one."""

import html
import io
import re
import zipfile

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.office.posters import Poster, ScrutineerSlip, poster_pdf, scrutineer_pdf
from survey.office.slips import SlipSheet, slips_pdf
from tests.conftest import logged_in as a_login
from tests.conftest import on_sqlite
from tests.rounds_for_tests import heard
from tests.web.desk.desks_for_tests import text_in
from tests.web.test_catalogue import HAN, MAY_STAY
from tests.web.towns import CHINESE, LATIN, Town, addresses, make_town

MARK = '<span class="mark" aria-hidden="true">评</span>'
# Three English words in a row are a sentence; a file name, a code or an address has fewer.
SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")
MOST_QUERIES = 10


def logged_in(app: Flask, house: House, login: str = "secretary") -> FlaskClient:
    client = app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = a_login(house, login)
    return client


def text_of(answer: TestResponse) -> str:
    """Everything a person may come to read or hear: attributes, sheets and prints too."""
    if answer.mimetype == "application/pdf":
        pdf = pypdfium2.PdfDocument(answer.data)
        pages = [pdf[number] for number in range(len(pdf))]
        text = "\n".join(page.get_textpage().get_text_range() for page in pages)
        for page in pages:
            page.close()
        pdf.close()
        return text
    if answer.mimetype.endswith("sheet"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist() if re.search(r"(sheet\d+|sharedStrings|chart\d+|workbook)\.xml$", name))
    if answer.mimetype.endswith("wordprocessingml.document"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as document:
            return html.unescape(re.sub(r"<[^>]*>", " ", document.read("word/document.xml").decode()))
    if answer.mimetype == "image/svg+xml":
        return "".join(re.findall(r"<title[^>]*>(.*?)</title>|<dc:title>(.*?)</dc:title>", answer.text)[0])
    if answer.mimetype == "application/zip":
        # What is handed in are the frozen record and its counts, for the machine that takes them.
        with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
            return "\n".join(package.namelist())
    text = answer.text
    if answer.mimetype == "text/html":
        text = re.sub(r"(?s)<style>.*?</style>|<script>.*?</script>", "", text).replace(MARK, "")
        text = re.sub(r'<(a|button) class="speak".*?</\1>', "", text)
    return html.unescape(text)


def visible(answer: TestResponse) -> str:
    """What stands between the tags, and in what is read aloud or typed over."""
    text = text_of(answer)
    if answer.mimetype != "text/html":
        return text
    spoken = re.findall(r'(?:aria-label|placeholder|alt|data-say|data-done|data-leave)="([^"]*)"', text)
    return re.sub(r"<[^>]*>", " ", text) + " ".join(spoken)


@pytest.fixture
def latin(house: House) -> Town:
    return make_town(house, LATIN)


def posts(town: Town, client: FlaskClient) -> list[TestResponse]:
    """Forms that come back with a sentence, and pages that only a form leads to."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/meetings/new").text)
    assert token is not None
    base, at = {"csrf_token": token[1]}, town.meetings
    code = town.codes["fresh"]

    def send(path: str, **fields: object) -> TestResponse:
        return client.post(path, data={**base, **fields})

    return [
        send(f"/b/{code}", go="review"),
        send(f"/b/{code}", **{"0.0": "0", "0.1": "9", "go": "cast"}),
        send(f"/b/{code}", **{"0.0": "1", "go": "edit"}),
        send("/", code="ABC"),
        send("/", code=""),
        send("/", code="7K3M9QX2P4TD"),
        client.post(f"/b/{code}", data={"x": "y" * 300_000}),
        client.post("/desk/logout", data={}),
        send("/desk/units"),
        send("/desk/meetings/new", title="x" * 150, group="", due="", present="", unit="", day="yesterday"),
        send("/desk/meetings/new", group=[town.names.groups[0]] * 2, due=["9", "9"], present=["7", "7"], unit=town.branch, day="2026-11-21"),
        send("/desk/units/import"),
        send("/desk/units/import", file=(io.BytesIO(b""), "x.csv")),
        send("/desk/units/import", file=(io.BytesIO("姓名,单位\nXo,\n,Y\nZed,Mill\nZed,Mill\n".encode()), "x.csv")),
        send(f"/desk/meetings/{at['few']}/open"),
        send(f"/desk/meetings/{at['open']}/open"),
        send(f"/desk/meetings/{at['open']}/void-slips", codes="ABC"),
        send(f"/desk/meetings/{at['open']}/slips", group="all", n="x"),
        send(f"/desk/meetings/{at['open']}/slips", group="1", n="x"),
        send(f"/desk/meetings/{at['open']}/groups", group="A", due="1", present="x"),
        send(f"/desk/meetings/{at['closing']}/leftovers"),
        send(f"/desk/meetings/{at['counting']}/count", scrutineer="x"),
        send(f"/desk/meetings/{at['counting']}/count", scrutineer=town.scrutineers["counting"]),
        send(f"/desk/meetings/{at['counting']}/void", scrutineer="x", reason="y"),
        send(f"/desk/meetings/{at['closing']}/void", scrutineer="x", reason=""),
        send(f"/desk/meetings/{at['closing']}/reopen", scrutineer="x"),
        send(f"/desk/meetings/{at['screen']}/slips", group="1", n="50"),
        send(f"/desk/meetings/{at['draft']}/open"),
        send("/desk/surveys/new", most="3", title="x" * 150),
        send(f"/desk/surveys/{at['ask open']}/most"),
        send(f"/desk/meetings/{at['ask closed']}/count", scrutineer="x"),
        send(f"/desk/meetings/{at['ask draft']}/open"),
        send(f"/desk/meetings/{at['ask draft']}/open"),
        send(f"/desk/meetings/{at['ask slips']}/void", reason=""),
        send(f"/b/{town.codes['ask']}", go="review"),
        send("/desk/login", login="x", password="y"),
    ]


@on_sqlite
def test_no_english_page_file_or_message_holds_a_chinese_letter(app: Flask, house: House, latin: Town) -> None:
    """What people typed is Latin here, so that every Chinese letter is a sentence that was forgotten."""
    client = logged_in(app, house)
    client.get("/desk?lang=en")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en-GB,en;q=0.9,zh;q=0.5"
    forgotten, seen = [], set()
    for path in addresses(app, latin):
        answer = client.get(path)
        assert answer.status_code < 500, path
        seen.add(answer.status_code)
        forgotten += _left(path, answer)
    for number, answer in enumerate(posts(latin, client)):
        assert answer.status_code < 500, number
        forgotten += _left(f"post {number}", answer)
    assert not forgotten, "\n".join(forgotten)
    assert {200, 303, 404, 409, 410} <= seen


def _left(path: str, answer: TestResponse) -> list[str]:
    text = text_of(answer) if answer.status_code != 303 else ""
    if answer.mimetype in ("application/json", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") and (
        "seal.json" in path or "template.xlsx" in path
    ):
        # The seal is the frozen record, the template what the import reads: Chinese in any language.
        return []
    if path.endswith("/figures.csv"):
        # What was published speaks as it was asked, and has the same bytes for everybody.
        return []
    if "/desk/units/export." in path or path.endswith(("schema.json", "/grades/scores.xlsx")):
        # The list comes back as it went out, in the words the import reads; the schema is for programs.
        return []
    for word in (*MAY_STAY, "国有企业"):
        text = text.replace(word, "")
    found = re.findall(rf".{{0,20}}{HAN.pattern}+.{{0,20}}", text)
    return [f"{path} {answer.status_code}: {each}" for each in found[:3]]


@on_sqlite
def test_no_chinese_page_holds_an_english_sentence_or_asks_the_database_too_much(app: Flask, house: House) -> None:
    town = make_town(house, CHINESE)
    client = logged_in(app, house, "admin")
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    forgotten, asked = [], {}
    # Listed first: the walk holds a request open, in which who asks would be known from then on.
    for path in list(addresses(app, town)):
        with heard() as said:
            answer = client.get(path)
        if answer.mimetype == "text/html" and len(said) > MOST_QUERIES:
            # What is kept of a counted meeting is read once.
            with heard() as said:
                client.get(path)
            asked[path] = len(said)
        if answer.status_code != 303 and answer.mimetype in ("text/html", "application/pdf"):
            assert answer.mimetype != "text/html" or 'lang="zh-CN"' in answer.text, path
            forgotten += [f"{path}: {each}" for each in SENTENCE.findall(visible(answer))]
    for number, answer in enumerate(posts(town, client)):
        if answer.status_code != 303:
            forgotten += [f"post {number}: {each}" for each in SENTENCE.findall(visible(answer)) if answer.mimetype == "text/html"]
    assert not forgotten, "\n".join(forgotten)
    assert not {path: n for path, n in asked.items() if n > MOST_QUERIES}


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en-US,en;q=0.9,zh;q=0.8", "en"),
        ("fr-FR,en;q=0.5", "en"),
        ("de", "zh-CN"),
        ("zh;q=0.5,en;q=0.5", "zh-CN"),
        ("*", "zh-CN"),
        ("\x00,;q=x", "zh-CN"),
    ],
)
@on_sqlite
def test_the_browser_chooses_english_only_when_it_clearly_does(app: Flask, header: str, tag: str) -> None:
    for path in ("/", "/desk/login", "/nothing"):
        page = app.test_client().get(path, headers={"Accept-Language": header})
        assert f'<html lang="{tag}"' in page.text, path


@on_sqlite
def test_the_switch_of_the_desk_lasts_past_the_login_and_back(app: Flask) -> None:
    client = app.test_client()
    assert 'href="?lang=en"' in client.get("/desk/login").text
    assert "Staff login" in client.get("/desk/login?lang=en").text
    page = client.get("/desk/login?next=/board")
    assert "Staff login" in page.text
    assert 'href="?next=%2Fboard&amp;lang=zh"' in page.text, "what stands in the address stays"
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)
    assert token is not None
    client.post("/desk/logout", data={"csrf_token": token[1]})
    assert "Staff login" in client.get("/desk/login").text
    assert "工作人员登录" in client.get("/desk/login?lang=zh").text
    assert "工作人员登录" in client.get("/desk/login").text


@on_sqlite
def test_the_booth_keeps_the_language_in_the_address_and_nowhere_else(app: Flask, latin: Town) -> None:
    client = app.test_client()
    code = latin.codes["fresh"]
    page = client.get(f"/b/{code}?lang=en")
    assert "Set-Cookie" not in page.headers and '<html lang="en"' in page.text
    assert "lang=en" in client.post("/?lang=en", data={"code": code}).location
    done = client.post(f"/b/{code}?lang=en", data={"go": "cast"})
    assert done.status_code == 303 and done.location.endswith("/in?lang=en")
    assert "Thank you" in client.get(done.location).text
    assert '<html lang="zh-CN"' in client.get(f"/b/{code}/in").text, "nothing was remembered"


@on_sqlite
def test_the_desks_choice_does_not_reach_the_booth(app: Flask, latin: Town) -> None:
    client = app.test_client()
    client.get("/desk/login?lang=en")
    assert '<html lang="zh-CN"' in client.get(f"/b/{latin.codes['fresh']}").text


@on_sqlite
def test_a_kept_page_of_the_booth_is_kept_for_each_language(app: Flask, latin: Town) -> None:
    address = f"/b/{latin.codes['fresh']}"
    client = app.test_client()
    for _ in range(2):
        assert '<html lang="zh-CN"' in client.get(address).text
        english = client.get(address, headers={"Accept-Language": "en"})
        assert '<html lang="en"' in english.text and "Good results" in english.text
        assert "Accept-Language" in english.headers["Vary"] and english.headers["Cache-Control"] == "no-store"


@on_sqlite
def test_an_english_reader_changes_nothing_for_a_chinese_one(app: Flask, house: House) -> None:
    """Results are reckoned once for each language; the seal is the same for both."""
    town = make_town(house, CHINESE)
    client = logged_in(app, house)
    for key in ("counted", "merged"):
        base = f"/board/meetings/{town.meetings[key]}"
        assert "领导班子好" in client.get(base).text
        assert "A good leading group" in client.get(f"{base}?lang=en").text
        english = client.get(f"{base}/seal.json").data
        assert "领导班子好" in client.get(f"{base}?lang=zh").text
        assert client.get(f"{base}/seal.json").data == english


@on_sqlite
def test_what_people_typed_stays_as_they_typed_it(app: Flask, house: House) -> None:
    town = make_town(house, CHINESE)
    client = logged_in(app, house)
    page = client.get(f"/board/meetings/{town.meetings['own']}?lang=en").text
    for word in ("工作怎样", "评支部", "较好", "张三", "秋季评议会"):
        assert word in page, word


@on_sqlite
def test_english_prints_say_their_sentences_whole(app: Flask) -> None:
    """What does not fit a slip is cut with dots: the longer English must not be."""
    with app.test_request_context("/?lang=en"):
        sheet = SlipSheet("Autumn meeting", "Workers", ("7K3M9QX2P4TD",), "http://192.168.100.100:8000/")
        prints = (
            slips_pdf(sheet, say=gettext),
            poster_pdf(Poster("Autumn meeting", "http://192.168.100.100:8000/", "Hall"), gettext),
            scrutineer_pdf(ScrutineerSlip("Autumn meeting", "7K3M9QX2P4TD", "Hall"), gettext),
        )
    for made in prints:
        words = text_in(made)
        assert "…" not in words and "⋯" not in words and len(words) > 60, words
        assert not HAN.search(words), words
