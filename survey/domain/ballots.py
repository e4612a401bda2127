"""Ballots: answers become columns, columns become padded bytes, and opened ballots become marks again."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from survey.domain.papers import MARKED, TEXT_BUDGET, Paper, Target
from survey.domain.questionnaires import BLANK, MOST_NUMBER, WIDE, Kind, Question
from survey.domain.refusals import BadAnswer, BoxDiffers, MissingAnswer, TextTooLong
from survey.domain.write_ins import boxes, check_box, check_names, names_in

TEXT_BYTES = 4096
HEAD_BYTES = 64
TRACKER_LENGTH = 10
_VERSION = 1
# Every code as it may be sent: 5, not 05 and not 5.0.
_NUMBERS = frozenset(str(code) for code in range(BLANK))
# Of the control and format characters only the line break stays; joiners go too, since nobody can see them.
_KEPT_CONTROLS = "\n"
_NO_VALUE = bytes([BLANK] * WIDE)
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}", re.ASCII)
# 2026-11-21, 2026/11/21, 2026.11.21, 2026年11月21日
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Marks:
    """One ballot in the open: a code per column (255 is blank), and the opinions and written names as
    (target, question, text).

    `spoiled` counts the answers of a paper form that do not count: several ticks or illegible, and too many or few candidates.
    They travel inside the sealed ballot, so that nobody learns before the count which form had any.
    """

    columns: bytes
    texts: tuple[tuple[int, int, str], ...] = ()
    spoiled: tuple[int, int] = (0, 0)

    @property
    def is_empty(self) -> bool:
        """No mark at all and no word: the ballot abstains."""
        return not self.texts and all(code == BLANK for code in self.columns)


@dataclass(frozen=True, slots=True)
class Opened:
    """A ballot out of the box: its marks and its tracker."""

    marks: Marks
    tracker: str


def fill(paper: Paper, answers: Mapping[str, Sequence[str]], *, must: bool = True) -> Marks:
    """Answers by field name (`3.0`) become marks. What is open is blank; nothing is guessed. Answers to a question whose
    condition is not met are dropped: it was not asked. Without `must` a required question may be open, as on paper.

    Raises
    ------
    BadAnswer
        A field the paper has not, two answers to one question, an option it does not offer, too many ticks, a written
        name that cannot be counted.
    MissingAnswer
        A required question is open.
    TextTooLong
        All opinions together exceed 1,000 characters.
    """
    for name in answers:
        if name not in paper.fields and name not in boxes(paper):
            raise BadAnswer(target="", question=name, why="no_such_question")
    columns = bytearray()
    texts: list[tuple[int, int, str]] = []
    chosen: list[dict[str, Collection[int]]] = [{} for _ in paper.targets]
    for name, (t, q) in paper.fields.items():
        target = paper.targets[t]
        question = paper.questions(target)[q]
        asked = is_asked(question, chosen[t])
        given = [value for value in answers.get(name, ()) if value.strip()] if asked else []
        names = names_in(name, paper.write_ins(question), answers) if asked else ()
        if must and asked and question.required and not given and not names:
            raise MissingAnswer(target=target.label, question=question.text, field=name)
        if question.kind is Kind.OPINION:
            text = clean("\n".join(given))
            if text:
                texts.append((t, q, text))
        else:
            codes = _codes(paper, target, question, given, names=names)
            texts.extend((t, q, each) for each in names)
            chosen[t][question.key] = picked(question, codes)
            columns += codes
    length = sum(len(text) for _, _, text in texts)
    if length > TEXT_BUDGET or len(_texts_bytes(texts)) > TEXT_BYTES:
        raise TextTooLong(length=length, most=TEXT_BUDGET)
    return Marks(bytes(columns), tuple(texts))


def is_asked(question: Question, chosen: Mapping[str, Collection[int]]) -> bool:
    """Whether a question is put at all. `chosen` holds what was picked at the earlier questions about the same target."""
    condition = question.show_if
    return condition is None or not set(condition.options).isdisjoint(chosen.get(condition.question, ()))


def picked(question: Question, codes: bytes) -> Collection[int]:
    """The options an answer picked: the code of a rating, the places of the ticked candidates; () for nothing."""
    if question.kind is Kind.CHOICE:
        return [place for place, code in enumerate(codes) if code != BLANK]
    return [code for code in codes if code != BLANK] if question.kind is Kind.RATING else ()


def value_of(codes: bytes) -> int | None:
    """A number, or the ordinal of a date, out of its four bytes; None for blank."""
    return None if codes == _NO_VALUE else int.from_bytes(codes, "big") - MOST_NUMBER


def clean(text: str) -> str:
    """An opinion as it is kept: NFKC, without control, format, private and surrogate characters.

    The form of typing (full-width letters, zero-width marks) could be told again; the words cannot be helped.
    """
    plain = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in plain if c in _KEPT_CONTROLS or unicodedata.category(c)[0] != "C")
    return "".join(kept).strip()


def _codes(
    paper: Paper, target: Target, question: Question, given: Sequence[str], *, names: Sequence[str] = ()
) -> bytes:
    if question.kind is Kind.CHOICE:
        return _ticks(target, question, given, names)
    if not given:
        return bytes([BLANK]) * question.columns
    if len(given) > 1:
        raise BadAnswer(target=target.label, question=question.text, why="two_answers")
    value = given[0].strip()
    if question.kind.is_wide:
        return _wide(target, question, unicodedata.normalize("NFKC", value))
    # Full-width digits are digits; 5² is not 52.
    value = unicodedata.normalize("NFKC", value) if value.isdecimal() else value
    if value not in _NUMBERS or int(value) not in paper.codes(question):
        why = "no_such_option" if question.kind is Kind.RATING else "score_range"
        raise BadAnswer(target=target.label, question=question.text, why=why)
    return bytes([int(value)])


def _wide(target: Target, question: Question, typed: str) -> bytes:
    """A number or a date as four bytes; never all of them 255, which is blank."""
    low, high = question.bounds
    value = _day(typed) if question.kind is Kind.DATE else _whole(typed)
    where = {"target": target.label, "question": question.text}
    if value is None:
        raise BadAnswer(**where, why="not_a_date" if question.kind is Kind.DATE else "not_a_number")
    if not low <= value <= high:
        if question.kind is Kind.DATE:
            first, last = (date.fromordinal(each).isoformat() for each in (low, high))
            raise BadAnswer(**where, why="date_range", low=first, high=last)
        raise BadAnswer(**where, why="number_range", low=low, high=high)
    return (value + MOST_NUMBER).to_bytes(WIDE, "big")


def _whole(typed: str) -> int | None:
    plain = typed.replace(",", "").replace(" ", "").replace("−", "-")
    return int(plain) if _NUMBER.fullmatch(plain) else None


def _day(typed: str) -> int | None:
    found = _DAY.fullmatch(typed.replace(" ", ""))
    try:
        return date(*map(int, found.groups())).toordinal() if found else None
    except ValueError:
        return None


def _ticks(target: Target, question: Question, given: Sequence[str], names: Sequence[str]) -> bytes:
    offered = {str(c): c for c in range(len(question.candidates))}
    if any(value not in offered for value in given):
        raise BadAnswer(target=target.label, question=question.text, why="no_such_option")
    ticked = {offered[value] for value in given}
    if len(ticked) > question.choose:
        raise BadAnswer(target=target.label, question=question.text, why="too_many_ticks", most=question.choose)
    check_names(target, question, names, len(ticked))
    if (ticked or names) and len(ticked) + len(names) < question.least:
        raise BadAnswer(target=target.label, question=question.text, why="too_few_ticks", least=question.least)
    return bytes(MARKED if c in ticked else BLANK for c in range(len(question.candidates)))


def pretty_tracker(tracker: str) -> str:
    """A tracker as it is shown and printed: XXXXX-XXXXX."""
    return f"{tracker[: TRACKER_LENGTH // 2]}-{tracker[TRACKER_LENGTH // 2 :]}"


def size(paper: Paper) -> int:
    """Bytes of every plaintext of this paper: padding makes all ballots alike."""
    return len(paper.columns) + TEXT_BYTES + HEAD_BYTES


def pack(paper: Paper, marks: Marks, tracker: str) -> bytes:
    """Marks and tracker as `size(paper)` bytes: version, tracker, text length, spoiled answers, columns, texts, zeros."""
    texts = _texts_bytes(marks.texts)
    head = bytes([_VERSION]) + tracker.encode("ascii") + len(texts).to_bytes(2, "big")
    head += b"".join(n.to_bytes(2, "big") for n in marks.spoiled)
    assert len(tracker) == TRACKER_LENGTH and len(marks.columns) == len(paper.columns) and len(texts) <= TEXT_BYTES
    return head.ljust(HEAD_BYTES, b"\0") + marks.columns + texts.ljust(TEXT_BYTES, b"\0")


def unpack(paper: Paper, plain: bytes) -> Opened:
    """Bytes out of the box become marks again; anything that `pack` would not have made is refused, never skipped.

    Raises
    ------
    BoxDiffers
        Wrong size or version, a code the paper does not offer, a text that does not fit.
    """
    if len(plain) != size(paper) or plain[0] != _VERSION:
        raise BoxDiffers(why="layout", expected=size(paper), found=len(plain))
    tracker = plain[1 : 1 + TRACKER_LENGTH]
    if not tracker.isascii():
        raise BoxDiffers(why="tracker", expected="ascii", found="something else")
    at = 1 + TRACKER_LENGTH
    length, *spoiled = (int.from_bytes(plain[n : n + 2], "big") for n in (at, at + 2, at + 4))
    if sum(spoiled) > len(paper.fields) or plain[at + 6 : HEAD_BYTES].strip(b"\0"):
        raise BoxDiffers(why="layout", expected=len(paper.fields), found=sum(spoiled))
    body = plain[HEAD_BYTES:]
    columns, rest = body[: len(paper.columns)], body[len(paper.columns) :]
    for code, offered in zip(columns, paper.offered, strict=True):
        if code != BLANK and code not in offered:
            raise BoxDiffers(why="code", expected=sorted(offered), found=code)
    _check_values(paper, columns)
    if length > TEXT_BYTES or rest[length:].strip(b"\0"):
        raise BoxDiffers(why="text", expected=TEXT_BYTES, found=length)
    marks = Marks(bytes(columns), _read_texts(paper, rest[:length]), (spoiled[0], spoiled[1]))
    _check_asked(paper, marks)
    ticks = {where: sum(code != BLANK for code in codes) for where, codes in answers_of(paper, columns).items()}
    check_box(paper, ticks if marks.texts else {}, marks.texts)
    return Opened(marks, tracker.decode())


def answers_of(paper: Paper, columns: bytes) -> Mapping[tuple[int, int], bytes]:
    """The bytes of every marked question of a ballot by (target, question), in the paper's order."""
    return {where: columns[place] for where, place in paper.places.items()}


def _check_values(paper: Paper, columns: bytes) -> None:
    """Numbers and dates lie within their bounds."""
    for (t, q), codes in answers_of(paper, columns).items() if paper.is_uneven else ():
        question = paper.questions(paper.targets[t])[q]
        if question.kind.is_wide:
            value = value_of(codes)
            low, high = question.bounds
            if value is not None and not low <= value <= high:
                raise BoxDiffers(why="code", expected=f"{low}-{high}", found=value)


def _check_asked(paper: Paper, marks: Marks) -> None:
    """Nothing is answered that was not asked."""
    said = {(t, q) for t, q, _text in marks.texts}
    for t, q, before in paper.conditional:
        asked = paper.questions(paper.targets[t])
        codes = marks.columns[paper.places[t, q]] if (t, q) in paper.places else b""
        if (t, q) in said or any(code != BLANK for code in codes):
            # What decides was not asked either when it hangs on another answer: then it is blank, or refused itself.
            chosen = {asked[before].key: picked(asked[before], marks.columns[paper.places[t, before]])}
            if not is_asked(asked[q], chosen):
                raise BoxDiffers(why="code", expected="nothing", found=asked[q].text)


def _texts_bytes(texts: Sequence[tuple[int, int, str]]) -> bytes:
    parts = []
    for t, q, text in texts:
        words = text.encode()
        parts.append(t.to_bytes(2, "big") + bytes([q]) + len(words).to_bytes(2, "big") + words)
    return b"".join(parts)


def _read_texts(paper: Paper, data: bytes) -> tuple[tuple[int, int, str], ...]:
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(data):
        head = data[at : at + 5].ljust(5, b"\xff")
        t, q, length = int.from_bytes(head[:2], "big"), head[2], int.from_bytes(head[3:], "big")
        words = data[at + 5 : at + 5 + length]
        text = words.decode("utf-8", "replace")
        if f"{t}.{q}" not in paper.fields or len(words) != length or text.encode() != words:
            raise BoxDiffers(why="text", expected=length, found=len(words))
        found.append((t, q, text))
        at += 5 + length
    return tuple(found)
