"""Every rule of a scheme that cannot be is refused with a whole sentence that says what stands there."""

import re
from pathlib import Path

from flask import Flask

from survey.actions import schemes
from survey.domain import scheme_checks
from survey.domain.refusals import BadField
from survey.web.errors import sentence
from survey.web.scheme_errors import fields

_FACTS = {"value": "某某", "most": 100}
_WHY = re.compile(r'why="(\w+)"')


def test_every_reason_of_a_rule_has_a_sentence_of_its_own(app: Flask) -> None:
    with app.test_request_context("/?lang=zh"):
        said = {key: sentence(BadField(field=key[0], why=key[1], **_FACTS)).text for key in fields()}
    assert all(text.endswith("。") and "%(" not in text and "不能用" not in text for text in said.values())
    reasons = {why for each in (scheme_checks, schemes) for why in _WHY.findall(Path(each.__file__).read_text("utf-8"))}
    assert reasons == {why for _field, why in said}
