"""Ballots: answers become columns, columns become padded bytes, and opened ballots become marks again."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.domain.papers import MARKED, TEXT_BUDGET, Paper, Target
from survey.domain.questionnaires import BLANK, Kind, Question
from survey.domain.refusals import BadAnswer, BoxDiffers, MissingAnswer, TextTooLong

TEXT_BYTES = 4096
HEAD_BYTES = 64
TRACKER_LENGTH = 10
_VERSION = 1
# Every code as it may be sent: 5, not 05 and not 5.0.
_NUMBERS = frozenset(str(code) for code in range(BLANK))
# Of the control and format characters only the line break stays; joiners go too, since nobody can see them.
_KEPT_CONTROLS = "\n"


@dataclass(frozen=True, slots=True)
class Marks:
    """One ballot in the open: a code per column (255 is blank) and the opinions as (target, question, text)."""

    columns: bytes
    texts: tuple[tuple[int, int, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        """No mark at all and no word: the ballot abstains."""
        return not self.texts and all(code == BLANK for code in self.columns)


@dataclass(frozen=True, slots=True)
class Opened:
    """A ballot out of the box: its marks and its tracker."""

    marks: Marks
    tracker: str


def fill(paper: Paper, answers: Mapping[str, Sequence[str]]) -> Marks:
    """Answers by field name (`3.0`) become marks. What is open is blank; nothing is guessed.

    Raises
    ------
    BadAnswer
        A field the paper has not, two answers to one question, an option it does not offer, too many ticks.
    MissingAnswer
        A required question is open.
    TextTooLong
        All opinions together exceed 1,000 characters.
    """
    for name in answers:
        if name not in paper.fields:
            raise BadAnswer(target="", question=name, why="no_such_question")
    columns = bytearray()
    texts: list[tuple[int, int, str]] = []
    for name, (t, q) in paper.fields.items():
        target = paper.targets[t]
        question = paper.questions(target)[q]
        given = [value for value in answers.get(name, ()) if value.strip()]
        if question.required and not given:
            raise MissingAnswer(target=target.label, question=question.text, field=name)
        if question.kind is Kind.OPINION:
            text = clean("\n".join(given))
            if text:
                texts.append((t, q, text))
        else:
            columns += _codes(paper, target, question, given)
    length = sum(len(text) for _, _, text in texts)
    if length > TEXT_BUDGET or len(_texts_bytes(texts)) > TEXT_BYTES:
        raise TextTooLong(length=length, most=TEXT_BUDGET)
    return Marks(bytes(columns), tuple(texts))


def clean(text: str) -> str:
    """An opinion as it is kept: NFKC, without control, format, private and surrogate characters.

    The form of typing (full-width letters, zero-width marks) could be told again; the words cannot be helped.
    """
    plain = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in plain if c in _KEPT_CONTROLS or unicodedata.category(c)[0] != "C")
    return "".join(kept).strip()


def _codes(paper: Paper, target: Target, question: Question, given: Sequence[str]) -> bytes:
    if question.kind is Kind.CHOICE:
        return _ticks(target, question, given)
    if not given:
        return bytes([BLANK])
    if len(given) > 1:
        raise BadAnswer(target=target.label, question=question.text, why="two_answers")
    value = given[0].strip()
    # Full-width digits are digits; 5² is not 52.
    value = unicodedata.normalize("NFKC", value) if value.isdecimal() else value
    if value not in _NUMBERS or int(value) not in paper.codes(question):
        why = "no_such_option" if question.kind is Kind.RATING else "score_range"
        raise BadAnswer(target=target.label, question=question.text, why=why)
    return bytes([int(value)])


def _ticks(target: Target, question: Question, given: Sequence[str]) -> bytes:
    offered = {str(c): c for c in range(len(question.candidates))}
    if any(value not in offered for value in given):
        raise BadAnswer(target=target.label, question=question.text, why="no_such_option")
    ticked = {offered[value] for value in given}
    if len(ticked) > question.choose:
        raise BadAnswer(target=target.label, question=question.text, why="too_many_ticks", most=question.choose)
    return bytes(MARKED if c in ticked else BLANK for c in range(len(question.candidates)))


def size(paper: Paper) -> int:
    """Bytes of every plaintext of this paper: padding makes all ballots alike."""
    return len(paper.columns) + TEXT_BYTES + HEAD_BYTES


def pack(paper: Paper, marks: Marks, tracker: str) -> bytes:
    """Marks and tracker as `size(paper)` bytes: version, tracker, text length, columns, texts, zeros."""
    texts = _texts_bytes(marks.texts)
    head = bytes([_VERSION]) + tracker.encode("ascii") + len(texts).to_bytes(2, "big")
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
    length = int.from_bytes(plain[1 + TRACKER_LENGTH : 3 + TRACKER_LENGTH], "big")
    body = plain[HEAD_BYTES:]
    columns, rest = body[: len(paper.columns)], body[len(paper.columns) :]
    for code, offered in zip(columns, paper.offered, strict=True):
        if code != BLANK and code not in offered:
            raise BoxDiffers(why="code", expected=sorted(offered), found=code)
    if length > TEXT_BYTES or rest[length:].strip(b"\0"):
        raise BoxDiffers(why="text", expected=TEXT_BYTES, found=length)
    return Opened(Marks(bytes(columns), _read_texts(paper, rest[:length])), tracker.decode())


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
