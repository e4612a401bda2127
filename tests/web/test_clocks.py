"""Moments on the pages of staff: day and minute by the same clock, that of the house."""

from datetime import UTC, datetime

from flask import Flask

from survey.web.clocks import minute
from tests.conftest import on_sqlite


@on_sqlite
def test_after_midnight_there_the_day_is_that_of_the_clock_beside_it(app: Flask) -> None:
    with app.test_request_context("/desk", headers={"Accept-Language": "zh"}):
        assert minute(datetime(2026, 11, 21, 16, 2, tzinfo=UTC)) == "2026 年 11 月 22 日 00:02"
        assert minute(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == "2026 年 11 月 21 日 23:59"
