"""What no blueprint caught: a sentence on the page, and nothing of the request in the log."""

import pytest
from flask import Flask

from survey.app import create_app
from survey.config import Config
from survey.web.doors import UnmarkedRoute, check_routes


def test_an_unknown_address_and_an_unknown_method_are_sentences(app: Flask) -> None:
    client = app.test_client()
    for answer in (client.get("/nowhere"), client.delete("/")):
        assert answer.status_code in (404, 405)
        assert "。" in answer.get_data(as_text=True) and "<h1>" in answer.get_data(as_text=True)


def test_every_answer_carries_the_headers(app: Flask) -> None:
    for path in ("/", "/nowhere", "/desk/login", "/static/tokens.css"):
        with app.test_client().get(path) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"


def test_an_unmarked_route_stops_the_start(config: Config, house: object) -> None:
    made = create_app(config)
    made.add_url_rule("/open-door", "open_door", lambda: "")
    with pytest.raises(UnmarkedRoute, match="open-door"):
        check_routes(made)
