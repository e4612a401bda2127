"""Questionnaires: the library that comes with the house."""

import json
from functools import cache
from importlib.resources import files

from survey.domain.questionnaire_json import questionnaire
from survey.domain.questionnaires import Questionnaire

DEFAULT = "five_goods_five_leads"


@cache
def library() -> dict[str, Questionnaire]:
    """Every ready questionnaire by key, in the order of the numbers of their files.

    The first six say no purpose: rounds of years past know them by the digest of what they say.
    """
    entries = [entry for entry in files("survey.library").iterdir() if entry.name.endswith(".json")]
    found = {}
    for entry in sorted(entries, key=lambda each: int(each.name.partition("_")[0])):
        form = questionnaire(json.loads(entry.read_text("utf-8")))
        found[form.key] = form
    return found
