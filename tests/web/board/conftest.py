"""People of staff at their browsers."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from tests.conftest import logged_in


@pytest.fixture
def browse(app: Flask, house: House) -> Callable[[str], FlaskClient]:
    """A browser in which this person is logged in."""

    def enter(login: str) -> FlaskClient:
        client = app.test_client()
        with client.session_transaction("/board") as session:
            session["_user_id"] = logged_in(house, login)
        return client

    return enter
