"""Every piece of advice has its sentence, in both languages, with the text it is about."""

import re
from pathlib import Path

import pytest
from flask import Flask

from survey.domain import advice
from survey.domain.advice import Advice
from survey.web.desk.questionnaire_advice import WORDS, advice_sentence
from tests.conftest import on_sqlite


@on_sqlite
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_has_a_sentence_that_names_its_text(app: Flask, language: str) -> None:
    source = Path(str(advice.__file__)).read_text("utf-8")
    named = {"too_long", "minutes", *re.findall(r'Advice\("(\w+)"', source), *re.findall(r'yield "(\w+)",', source)}
    assert named == WORDS.keys()
    with app.test_request_context(f"/desk?lang={language}"):
        for why in WORDS:
            numbers = (12.0, 20.0, 25.0)
            said = advice_sentence(Advice(why, "s", "q", "scale", "XYZ", numbers))
            about_text = why not in ("minutes", "too_long", "nothing_required")
            assert ("XYZ" in said) is about_text, said
            assert said.endswith("。" if language == "zh" else ".") and "%(" not in said
            assert about_text or why == "nothing_required" or ("25" in said and "12" in said and "20" in said)
        ready = advice_sentence(Advice("double", text="工作作风和廉洁自律"))
        assert ("Manner of work and integrity" if language == "en" else "工作作风") in ready
        assert "25" not in advice_sentence(Advice("minutes", numbers=(1, 2, 0)))
