"""Forms on paper, keyed by hand: what may be typed for each question, what it means, and where two readings differ."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from survey.domain.ballots import Marks, answers_of, fill, is_asked, pack, picked, size, unpack, value_of
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import BLANK, Audience, Kind, Question
from survey.domain.refusals import BadAnswer, BadForm
from survey.domain.write_ins import check_names, keyed

NOTHING, ILLEGIBLE, EMPTY = "0", "x", "-"
_CROSSES = frozenset("x×✕✖*")
_DASHES = frozenset("-—–－")
# With fewer candidates every digit is one of them, and 135 needs no spaces.
_MOST_DIGITS = 9
_NO_TRACKER = "A" * 10
_KEYER_BYTES = 8


class Spoil(StrEnum):
    """Why an answer or a whole form does not count.

    MARKS is several ticks where one is asked, or marks nobody can read; TICKS too many or too few candidates. A whole form may also
    be TORN, its code UNREADABLE, or the form FOREIGN: not one of those that were printed.
    """

    MARKS = "marks"
    TICKS = "ticks"
    TORN = "torn"
    UNREADABLE = "unreadable"
    FOREIGN = "foreign"


# What can be wrong with one answer; everything else is wrong with a whole form.
OF_ANSWERS = (Spoil.MARKS, Spoil.TICKS)
OF_FORMS = (Spoil.TORN, Spoil.UNREADABLE, Spoil.FOREIGN)
# Of these nobody knows the code.
NAMELESS = frozenset({Spoil.UNREADABLE, Spoil.FOREIGN})


@dataclass(frozen=True, slots=True)
class Reading:
    """One form as somebody read it: its marks, and by form field which answers are spoiled, and why."""

    marks: Marks
    spoiled: Mapping[str, Spoil]


@dataclass(frozen=True, slots=True)
class Asked:
    """One line to key: a question about a target, numbered as on the paper. `field` is its form field."""

    field: str
    target: Target
    question: Question
    number: int


def lines(paper: Paper) -> tuple[Asked, ...]:
    """What there is to key, in the order of the printed form: members whose questions differ stand in tables of their own."""
    return tuple(
        Asked(f"{t}.{q}", target, question, q + 1)
        for t, target in _printed(paper)
        for q, question in enumerate(paper.questions(target))
    )


def read_form(paper: Paper, typed: Mapping[str, str]) -> Reading:
    """What was typed becomes a reading. A blank is typed too, so that no line is passed over.

    Ratings: the place of the ticked box, 0 for none. Candidates: the places of all ticks, 0 for none, then the names that were
    written beside them, parted by commas. Scores, numbers, days: as
    written, - for none. x: several ticks or illegible. Words: as written.

    Raises
    ------
    BadForm
        `wrong` says by form field why: empty, option, value, name.
    TextTooLong
        All words together are longer than a ballot holds.
    """
    answers: dict[str, Sequence[str]] = {}
    spoiled: dict[str, Spoil] = {}
    wrong: dict[str, str] = {}
    for asked in lines(paper):
        text = unicodedata.normalize("NFKC", typed.get(asked.field, "")).strip()
        if asked.question.kind is Kind.OPINION:
            answers[asked.field] = [typed.get(asked.field, "")]
        elif not text:
            wrong[asked.field] = "empty"
        elif text.lower() in _CROSSES:
            spoiled[asked.field] = Spoil.MARKS
        elif paper.write_ins(asked.question) and keyed(text)[1]:
            _named(paper, asked, text, answers=answers, spoiled=spoiled, wrong=wrong)
        elif (given := _given(paper, asked.question, text)) is None:
            wrong[asked.field] = "option"
        elif (why := _overdone(asked.question, given)) is not None:
            spoiled[asked.field] = why
        else:
            answers[asked.field] = given
    wrong |= _out_of_range(paper, answers)
    if wrong:
        raise BadForm(why="typed", wrong=wrong)
    marks = fill(paper, answers, must=False)
    return Reading(marks, _asked_only(paper, marks, spoiled))


def _named(
    paper: Paper, asked: Asked, text: str, *, answers: dict[str, Sequence[str]], spoiled: dict[str, Spoil],
    wrong: dict[str, str],
) -> None:
    """Ticks at candidates with names written beside them; names and ticks together may be too many."""
    ticks, names = keyed(text)
    given = _given(paper, asked.question, ticks) if ticks else []
    if given is None:
        wrong[asked.field] = "option"
    elif len(names) > paper.write_ins(asked.question) or _overdone(asked.question, [*given, *names]):
        spoiled[asked.field] = Spoil.TICKS
    else:
        try:
            check_names(asked.target, asked.question, names, len(given))
        except BadAnswer:
            wrong[asked.field] = "name"
        else:
            answers[asked.field] = given
            answers.update({f"{asked.field}.w{n}": [name] for n, name in enumerate(names, start=1)})


def differences(paper: Paper, first: Reading, second: Reading) -> tuple[str, ...]:
    """The form fields two readings of one form do not agree about, in the order of the printed form."""
    one, other = _by_field(paper, first), _by_field(paper, second)
    return tuple(asked.field for asked in lines(paper) if one.get(asked.field) != other.get(asked.field))


def shown(paper: Paper, reading: Reading, asked: Asked) -> tuple[str, ...]:
    """What a reading says to a question: labels, a number, a day's ordinal, words; () for nothing."""
    t, q = paper.fields[asked.field]
    kind = asked.question.kind
    if kind is Kind.OPINION:
        return tuple(text for a, b, text in reading.marks.texts if (a, b) == (t, q))
    codes = answers_of(paper, reading.marks.columns)[t, q]
    if kind.is_wide:
        value = value_of(codes)
        return () if value is None else (str(value),)
    if kind is Kind.CHOICE:
        names = (text for a, b, text in reading.marks.texts if (a, b) == (t, q))
        return (*(asked.question.candidates[place] for place in picked(asked.question, codes)), *names)
    if kind is Kind.SCORE:
        return () if codes[0] == BLANK else (str(codes[0]),)
    return tuple(option.label for option in paper.scale(asked.question).options if option.code == codes[0])


def pack_reading(paper: Paper, reading: Reading, by: int) -> bytes:
    """A reading and who keyed it, as many bytes for every form of a paper."""
    reasons = tuple(Spoil)
    flags = bytes(
        1 + reasons.index(reading.spoiled[name]) if name in reading.spoiled else 0 for name in paper.fields
    )
    return by.to_bytes(_KEYER_BYTES, "big") + flags + pack(paper, reading.marks, _NO_TRACKER)


def unpack_reading(paper: Paper, plain: bytes) -> tuple[Reading, int]:
    """The reading out of its bytes, and who keyed it."""
    end = _KEYER_BYTES + len(paper.fields)
    assert len(plain) == end + size(paper)
    reasons = tuple(Spoil)
    flags = zip(paper.fields, plain[_KEYER_BYTES:end], strict=True)
    spoiled = {name: reasons[flag - 1] for name, flag in flags if flag}
    return Reading(unpack(paper, plain[end:]).marks, spoiled), int.from_bytes(plain[:_KEYER_BYTES], "big")


def _printed(paper: Paper) -> Iterator[tuple[int, Target]]:
    numbered = list(enumerate(paper.targets))
    for is_member, run in groupby(numbered, lambda each: each[1].audience is Audience.MEMBER):
        some = list(run)
        if is_member:
            order = list(dict.fromkeys(target.section for _, target in some))
            some.sort(key=lambda each: order.index(each[1].section))
        yield from some


def _given(paper: Paper, question: Question, text: str) -> list[str] | None:
    """Answers as a phone sends them; None when the paper has no such box."""
    if question.kind not in (Kind.RATING, Kind.CHOICE):
        return [] if text in _DASHES else [text]
    if text == NOTHING:
        return []
    boxes = (
        [str(option.code) for option in paper.scale(question).options]
        if question.kind is Kind.RATING
        else [str(place) for place in range(len(question.candidates))]
    )
    places = _places(text, len(boxes), several=question.kind is Kind.CHOICE)
    if not places or not all(1 <= place <= len(boxes) for place in places):
        return None
    return [boxes[place - 1] for place in dict.fromkeys(places)]


def _places(text: str, boxes: int, *, several: bool) -> list[int]:
    """The numbers of the ticked boxes; [] when these are no numbers."""
    spread = "".join(letter if letter.isdecimal() else " " for letter in text) if several else text
    words = spread.split()
    if several and boxes <= _MOST_DIGITS:
        words = list("".join(words))
    if any(not word.isdecimal() or len(word) > 3 for word in words):
        return []
    return [int(word) for word in words]


def _overdone(question: Question, given: Sequence[str]) -> Spoil | None:
    """Why the ticks at candidates do not count."""
    if question.kind is not Kind.CHOICE or not given:
        return None
    if len(given) > question.choose:
        return Spoil.MARKS if question.choose == 1 else Spoil.TICKS
    return Spoil.TICKS if len(given) < question.least else None


def _out_of_range(paper: Paper, answers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Scores, numbers and days the paper does not take, by form field."""
    exact = {
        asked.field
        for asked in lines(paper)
        if (asked.question.kind.is_wide or asked.question.kind is Kind.SCORE) and answers.get(asked.field)
    }
    plain = {name: given for name, given in answers.items() if name not in exact and paper.fields.get(name) in paper.places}
    wrong: dict[str, str] = {}
    for name in exact:
        try:
            fill(paper, {**plain, name: answers[name]}, must=False)
        except BadAnswer:
            wrong[name] = "value"
    return wrong


def _asked_only(paper: Paper, marks: Marks, spoiled: Mapping[str, Spoil]) -> dict[str, Spoil]:
    """What was spoiled where nothing was asked is nothing."""
    columns = answers_of(paper, marks.columns)
    kept = dict(spoiled)
    for t, q, before in paper.conditional:
        asked = paper.questions(paper.targets[t])
        chosen = {asked[before].key: picked(asked[before], columns[t, before])}
        if not is_asked(asked[q], chosen):
            kept.pop(f"{t}.{q}", None)
    return kept


def _by_field(paper: Paper, reading: Reading) -> dict[str, object]:
    columns = answers_of(paper, reading.marks.columns)
    said: dict[str, object] = {f"{t}.{q}": codes for (t, q), codes in columns.items()}
    # Between two people who read one hand, spaces and the like are no difference.
    names: dict[str, list[str]] = {}
    for t, q, text in reading.marks.texts:
        names.setdefault(f"{t}.{q}", []).append("".join(text.split()))
    said |= {field: (said.get(field), sorted(each)) for field, each in names.items()}
    return said | dict(reading.spoiled)
