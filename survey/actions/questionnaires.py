"""Questionnaires: the library that comes with the house."""

import json
from functools import cache
from importlib.resources import files

from survey.domain.questionnaire_json import questionnaire
from survey.domain.questionnaires import Questionnaire

DEFAULT = "five_goods_five_leads"


@cache
def library() -> dict[str, Questionnaire]:
    """Every ready questionnaire by key, in the order of their titles' files."""
    found = {}
    folder = files("survey.library")
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".json"):
            form = questionnaire(json.loads(entry.read_text("utf-8")))
            found[form.key] = form
    return found
