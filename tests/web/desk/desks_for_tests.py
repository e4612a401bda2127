"""A person of staff at a browser: pages, forms with their tokens, documents and the codes in them."""

import html
import re
from dataclasses import dataclass, field

import pypdfium2
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.store import journal
from survey.store import meetings as kept
from tests.conftest import Hall, logged_in

TWO_GROUPS = {"group": ["群众代表", "党员"], "due": ["8", "6"], "present": ["6", "6"]}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Desk:
    """Somebody at /desk/meetings. `open` and `send` take what follows it in the address."""

    client: FlaskClient
    _token: str = field(default="", init=False)

    def open(self, path: str) -> TestResponse:
        """Look at a page."""
        return self.client.get(f"/desk/meetings{path}")

    def read(self, path: str, status: int = 200) -> str:
        """The words of a page that must come with this status."""
        page = self.open(path)
        assert page.status_code == status, (path, page.status)
        return words(page)

    def send(self, path: str, **fields: object) -> TestResponse:
        """Send a form with a good token; a list sends its field many times."""
        return self.client.post(f"/desk/meetings{path}", data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        """A token of this session."""
        if not self._token:
            found = _TOKEN.search(self.client.get("/desk/meetings/new").text)
            assert found is not None
            self._token = found.group(1)
        return self._token


def sit_down(app: Flask, house: House, login: str) -> Desk:
    """A browser in which this person is logged in."""
    client = app.test_client()
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(house, login)
    return Desk(client)


def words(page: TestResponse) -> str:
    """What a page says: tags, pictures and tokens out, one space between words."""
    text = re.sub(r"(?s)<svg.*?</svg>|<script.*?</script>|<option.*?</option>", " ", page.text)
    text = re.sub(r"<(?!/?(?:span|b)\b)[^>]*>", " ", text)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", text))).strip()


def codes_in(document: bytes) -> list[str]:
    """The codes a phone reads from a sheet of slips, page after page."""
    found: list[str] = []
    pdf = pypdfium2.PdfDocument(document)
    try:
        for number in range(len(pdf)):
            page = pdf[number]
            picture = page.render(scale=3).to_pil()
            found += [each.text for each in zxingcpp.read_barcodes(picture)]
            page.close()
    finally:
        pdf.close()
    return [text.rsplit("/b/", 1)[1] for text in found]


def text_in(document: bytes) -> str:
    """The letters of a document."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        pages = [pdf[number] for number in range(len(pdf))]
        whole = "\n".join(page.get_textpage().get_text_range() for page in pages)
        for page in pages:
            page.close()
        return whole
    finally:
        pdf.close()


def new_meeting(desk: Desk, hall: Hall, **changes: object) -> str:
    """Fill the five fields; the path of the new meeting."""
    answer = desk.send("/new", **five_fields(desk, hall, **changes))
    assert answer.status_code == 303, words(answer)
    return answer.location.removeprefix("/desk/meetings")


def five_fields(desk: Desk, hall: Hall, **changes: object) -> dict[str, object]:
    """The form as the page offers it, with unit, place and groups filled."""
    page = desk.open("/new").text
    day = re.search(r'name="day" value="([^"]+)"', page)
    chosen = re.search(r'<option value="(\w+)" selected>', page[page.index('name="questionnaire"') :])
    assert day and chosen
    return {
        "unit": hall.branch,
        "day": day.group(1),
        "place": "二楼会议室",
        "entry": "slips",
        "questionnaire": chosen.group(1),
        "title": "",
        **TWO_GROUPS,
        **changes,
    }


def stage(house: House, path: str) -> Stage:
    """Where the meeting of a path stands."""
    with house.store.read() as db:
        return kept.get(db, int(path.strip("/"))).stage


def groups(house: House, path: str) -> list[int]:
    """The ids of its groups."""
    with house.store.read() as db:
        return [group.id for group in kept.get(db, int(path.strip("/"))).groups]


def acts(house: House, path: str) -> list[str]:
    """Its journal."""
    with house.store.read() as db:
        return [entry.act for entry in journal.of_meeting(db, int(path.strip("/")))]
