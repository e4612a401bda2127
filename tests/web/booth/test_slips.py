"""The code page: typed codes, mixed-up letters, and a sentence when it is none."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.domain.slips import pretty
from tests.conftest import make_meeting


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_first_page_asks_for_the_code_and_shows_staff_their_way(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "autofocus" in page.text and 'autocapitalize="characters"' in page.text
    assert 'href="/desk"' in page.text


def test_a_typed_code_leads_to_its_ballot_however_it_was_typed(client: FlaskClient, house: House) -> None:
    hall = make_meeting(house)
    code = next(iter(hall.codes.values()))[0]
    for typed in (code, pretty(code), f" {code.lower()} ", code.replace("0", "O").replace("1", "I"), " ".join(code)):
        answer = client.post("/", data={"code": typed})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/b/{code}")


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 400, "还没有输入票签码"),
        ("7K4M-Q2XD", 400, "票签上的码有 12 位，这里有 8 位"),
        ("7K4M-Q2XD-93TU", 404, "查不到这张票签"),
        ("7K4M-Q2XD-93TA", 404, "查不到这张票签"),
        ("<b>\x00</b>", 400, "位数不对"),
        ("x" * 5000, 400, "位数不对"),
    ],
)
def test_a_code_that_is_none_stays_in_the_field_with_a_sentence(
    client: FlaskClient, house: House, typed: str, status: int, sentence: str
) -> None:
    make_meeting(house)
    answer = client.post("/", data={"code": typed})
    assert answer.status_code == status
    assert sentence in answer.text
    if typed.isprintable() and "<" not in typed:
        assert f'value="{typed}"' in answer.text
