"""What a questionnaire is good for: its purpose, whom it asks about, and whether it is what somebody looks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.domain.questionnaires import Audience, Purpose, Questionnaire


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; "" is all the same. `target` is an audience: general stands for forms that rate nobody."""

    words: str = ""
    target: str = ""
    sector: str = ""
    kind: str = ""
    purpose: str = ""


def purpose_of(form: Questionnaire) -> Purpose:
    """What a form is for: what it says itself; the first six of the library and imported ones say nothing."""
    if form.purpose in set(Purpose):
        return Purpose(form.purpose)
    return Purpose.SURVEY if form.is_survey else Purpose.EVALUATION


def counted(form: Questionnaire) -> Mapping[Audience, int]:
    """Questions about a unit, about a member and about nobody. Of several sections for one kind of target the longest
    counts, since only one is asked; general ones are all asked."""
    found: dict[Audience, int] = {}
    for section in form.sections:
        n, before = len(section.questions), found.get(section.audience, 0)
        found[section.audience] = before + n if section.audience is Audience.GENERAL else max(before, n)
    return found


def only_for(form: Questionnaire, audience: Audience) -> tuple[str, ...]:
    """Sectors or member kinds a form has sections of their own for, in its order."""
    return tuple(dict.fromkeys(key for s in form.sections if s.audience is audience for key in s.only))


def fits(form: Questionnaire, wanted: Wanted) -> bool:
    """Whether a form is what was looked for, its words aside. A form with sections for other sectors or kinds only, and a
    last one for the rest, is not meant for this one."""
    if wanted.purpose and purpose_of(form) != wanted.purpose:
        return False
    if wanted.target == Audience.GENERAL:
        if not form.is_survey:
            return False
    elif wanted.target and wanted.target not in counted(form):
        return False
    return _meant(form, Audience.UNIT, wanted.sector) and _meant(form, Audience.MEMBER, wanted.kind)


def is_special(form: Questionnaire, wanted: Wanted) -> bool:
    """Whether a form has a section of its own for the sector or kind looked for."""
    return wanted.sector in only_for(form, Audience.UNIT) or wanted.kind in only_for(form, Audience.MEMBER)


def texts(form: Questionnaire) -> tuple[str, ...]:
    """Everything a search looks through, each text once."""
    titles = (section.title for section in form.sections)
    asked = (text for s in form.sections for q in s.questions for text in (q.text, *q.candidates))
    return tuple(dict.fromkeys((form.title, form.source, *titles, *asked)))


def _meant(form: Questionnaire, audience: Audience, key: str) -> bool:
    if not key:
        return True
    named = only_for(form, audience)
    return key in named if named else audience in counted(form)
