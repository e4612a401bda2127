"""How long a questionnaire takes on a phone: reading, deciding, touching and a few written words."""

import re
from math import ceil

from survey.domain.questionnaires import Audience, Kind, Question, Questionnaire, Section

# Characters read in a minute: 255 of Chinese (Trauzettel-Klosinski and Dietz 2012, table of languages); letters of
# other scripts by four to the Chinese character, as their speeds in words and in characters stand to each other.
READ_A_MINUTE = 255
_OTHER = 0.25
# One answer: think (M), point (P), press (K) of the keystroke-level model (Card, Moran and Newell 1980).
ANSWER_SECONDS = 1.35 + 1.1 + 0.2
# A number or a date is typed: eight keys at 0.28 s beside the thought.
TYPED_SECONDS = ANSWER_SECONDS + 8 * 0.28
# One opinion of 20 characters at 30 characters a minute. A district counted 4,600 opinions on 7,800 forms: hardly anybody
# writes twice, so it is counted once for the whole form however many boxes there are.
OPINION_SECONDS = 40.0
# The first page (some 120 characters), and the review with its two touches.
AROUND_SECONDS = 120 / READ_A_MINUTE * 60 + 2 * ANSWER_SECONDS
# A name and a position above every member.
_NAME = "张三同志支部委员"
# Older people need 1.8 times as long: cycles of perceiving 178/100, thinking 118/70, moving 146/70 ms, of which the
# thinking and perceiving outweigh here (Jastrzembski and Charness 2007, measured on mobile phones).
OLDER = 1.8
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def seconds(form: Questionnaire, *, members: int) -> float:
    """Seconds an ordinary reader takes for one unit with this many members, everything answered.

    Of several sections for one kind of target the one for everybody counts, since most get it; without one, the
    longest. The questions about the members are read at the first of them and known afterwards. Of the questions asked
    after certain answers only half are met.

    Parameters
    ----------
    members : int
        Members on the paper; 0 for a form about units or about nobody.

    References
    ----------
    Trauzettel-Klosinski, S. and Dietz, K. (2012), Investigative Ophthalmology & Visual Science 53(9), 5452-5461.
    Card, S. K., Moran, T. P. and Newell, A. (1980), Communications of the ACM 23(7), 396-410.
    Jastrzembski, T. S. and Charness, N. (2007), Journal of Experimental Psychology: Applied 13(4), 224-248.
    """
    shares = {audience: _shared(form, audience) for audience in Audience}
    total = AROUND_SECONDS + _read("".join(option.label for scale in form.scales for option in scale.options))
    total += max((_reading(s) + _answering(s) for s in shares[Audience.UNIT]), default=0.0)
    total += sum(_reading(s) + _answering(s) for s in shares[Audience.GENERAL])
    if members:
        each = (_reading(s) + members * (_answering(s) + _read(_NAME)) for s in shares[Audience.MEMBER])
        total += max(each, default=0.0)
    if any(question.kind is Kind.OPINION for section in form.sections for question in section.questions):
        total += OPINION_SECONDS
    return total


def minutes(form: Questionnaire, *, members: int) -> int:
    """The same in whole minutes, rounded up."""
    return ceil(seconds(form, members=members) / 60)


def older_minutes(form: Questionnaire, *, members: int) -> int:
    """Whole minutes an older person takes."""
    return ceil(seconds(form, members=members) * OLDER / 60)


def _shared(form: Questionnaire, audience: Audience) -> list[Section]:
    sections = [section for section in form.sections if section.audience is audience]
    everybody = [section for section in sections if not section.only]
    return everybody[:1] if everybody and audience is not Audience.GENERAL else sections


def _reading(section: Section) -> float:
    questions = (_share(q) * _read("".join((q.text, q.help, *q.candidates))) for q in section.questions)
    return _read(section.title + section.help) + sum(questions)


def _answering(section: Section) -> float:
    return sum(_share(question) * _answer(question) for question in section.questions)


def _answer(question: Question) -> float:
    if question.kind is Kind.OPINION:
        return 0.0
    if question.kind in (Kind.NUMBER, Kind.DATE, Kind.SCORE):
        return TYPED_SECONDS
    return ANSWER_SECONDS * max(question.choose, 1)


def _share(question: Question) -> float:
    return 1 if question.show_if is None else 0.5


def _read(text: str) -> float:
    han = len(_HAN.findall(text))
    return (han + _OTHER * (len(text) - han)) / READ_A_MINUTE * 60
