"""People of staff at their browsers."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.store.staff import account
from survey.web.logins import login_id


@pytest.fixture
def browse(app: Flask, house: House) -> Callable[[str], FlaskClient]:
    """A browser in which this person is logged in."""

    def enter(login: str) -> FlaskClient:
        with house.store.read() as db:
            kept = account(db, login)
        assert kept is not None
        client = app.test_client()
        with client.session_transaction("/board") as session:
            session["_user_id"] = login_id(kept.id, kept.stamp)
        return client

    return enter
