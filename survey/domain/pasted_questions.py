"""What was gathered under one number of a pasted text, made into questions of our kinds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from survey.domain.known_scales import known, levels, numbered, same_scale
from survey.domain.pasted_lines import Head, Line, Tags, answers, answers_inside, head, tags
from survey.domain.questionnaires import Kind, Option, Question, Scale

LONGEST_TITLE = 100
_LONGEST_LABEL = 60
_HUNDRED = re.compile(r"0\s*[-–—~～到至]\s*100|满分\s*(?:为|是)?\s*100|百分制|100\s*分制")
_UNITS = re.compile(
    r"[_＿]{2,}\s*(?:周?岁|年(?![级月_＿])|人|元|个|次|分钟|小时|天|月|万元|平方米|公里|岁|%|％|years?|times?|hours?|days?|people)"
)
_DAY = re.compile(r"[_＿]+\s*年\s*[_＿]+\s*月(?:\s*[_＿]+\s*日)?")
_BLANK = re.compile(r"[_＿]{2,}")


@dataclass(slots=True)
class Gathered:
    """One question with everything found below its number; `note` is where its line stands in the account."""

    text: str
    tags: Tags
    note: int
    options: list[str] = field(default_factory=list)
    style: str = ""
    help: list[str] = field(default_factory=list)
    head: tuple[str, ...] = ()
    rows: list[tuple[str, int]] = field(default_factory=list)
    span: tuple[str, int, int, str] | None = None
    is_waiting: bool = False

    @property
    def is_table(self) -> bool:
        """Several questions with the same answers."""
        return bool(self.rows)

    @property
    def has_answers(self) -> bool:
        """Something to choose from stands below it."""
        return bool(self.options or self.head or self.span)


@dataclass(slots=True)
class Part:
    """Questions under one heading; a table has one of its own."""

    title: str
    help: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    is_table: bool = False


@dataclass(slots=True)
class Maker:
    """Questions in the order they were found, with the scales they use; keys count on through the whole form."""

    scales: list[Scale] = field(default_factory=list)
    made: int = 0

    def questions(self, found: Gathered) -> tuple[tuple[Question, ...], str]:
        """The questions, and the key of what was changed on the way ("" when nothing was)."""
        if found.is_table:
            options, why = self._columns(found)
            scale = self._scale(options)
            rows = [self._key(Kind.RATING, label, found, scale=scale) for label, _ in found.rows]
            return tuple(rows), why
        question, why = self._one(found)
        return (question,), why

    def _one(self, found: Gathered) -> tuple[Question, str]:
        kind, text = found.tags.kind, _plain(found.text)
        options = found.options or list(found.head)
        if found.span and not found.options:
            worst, low, high, best = found.span
            return self._rating(text, found, numbered(low, high, worst=worst, best=best)), "guessed_scale"
        if not options and kind == "judge":
            options = ["对", "错"]
        if not options:
            return self._open(text, found)
        several = kind in ("multiple", "ranking") or found.tags.most > 1 or found.tags.least > 1
        usual = () if several else known(options)
        if usual:
            why = "" if [each.label for each in usual] == options else "order"
            return self._rating(text, found, usual), why
        if kind in ("scale", "matrix"):
            return self._rating(text, found, _guessed(options)), "guessed_scale"
        choose = min(found.tags.most or len(options), len(options)) if several else 1
        least = min(found.tags.least, choose)
        question = self._key(Kind.CHOICE, text, found, candidates=tuple(options), choose=choose, least=least)
        return question, "ranking" if kind == "ranking" else ""

    def _open(self, text: str, found: Gathered) -> tuple[Question, str]:
        """A question without answers below it."""
        kind = found.tags.kind
        if kind == "scale":
            return self._rating(text, found, numbered(1, 5)), "guessed_scale"
        if _HUNDRED.search(found.text) or kind == "score":
            return self._key(Kind.SCORE, text, found), "" if kind != "score" or _HUNDRED.search(
                found.text
            ) else "hundred"
        if kind == "date" or _DAY.search(found.text):
            return self._key(Kind.DATE, text, found), ""
        if kind == "number" or (_UNITS.search(found.text) and len(_BLANK.findall(found.text)) == 1):
            return self._key(Kind.NUMBER, text, found), ""
        return self._key(Kind.OPINION, text, found), "no_answers" if kind in (
            "single",
            "multiple",
            "matrix",
            "ranking",
        ) else ""

    def _columns(self, found: Gathered) -> tuple[tuple[Option, ...], str]:
        """The scale of a table."""
        labels = list(found.head) or found.options
        usual = known(labels)
        if usual:
            return usual, "" if [each.label for each in usual] == labels else "order"
        if found.span and not labels:
            worst, low, high, best = found.span
            return numbered(low, high, worst=worst, best=best), "guessed_scale"
        return (_guessed(labels) if labels else numbered(1, 5)), "guessed_scale"

    def _rating(self, text: str, found: Gathered, options: tuple[Option, ...]) -> Question:
        return self._key(Kind.RATING, text, found, scale=self._scale(options))

    def _scale(self, options: tuple[Option, ...]) -> str:
        scale = same_scale(self.scales, options)
        if scale is None:
            label = "/".join(option.label for option in options)
            scale = Scale(f"scale{len(self.scales) + 1}", label[:_LONGEST_LABEL], options)
            self.scales.append(scale)
        return scale.key

    def _key(self, kind: Kind, text: str, found: Gathered, **more: object) -> Question:
        self.made += 1
        fields = {"required": found.tags.required, "help": "" if found.is_table else " ".join(found.help), **more}
        return Question(f"q{self.made}", kind, text, **fields)  # type: ignore[arg-type]


def _guessed(labels: Sequence[str]) -> tuple[Option, ...]:
    """Answers nobody knows as a scale: numbers count upwards, words begin with the best."""
    if all(label.isdecimal() for label in labels) and int(labels[0]) < int(labels[-1]):
        labels = labels[::-1]
    return levels(labels)


def _plain(text: str) -> str:
    """Words of a question without the room left for the answer."""
    bare = re.sub(r"\s*(?:[（(]\s*[)）]|[_＿]{2,}|[（(]\s*$)\s*[。.：:]?\s*$", "", text).strip()
    return bare.rstrip("：:").strip() or text


def filled(parts: Sequence[Part]) -> Sequence[Part]:
    """Parts with questions. What stands before one, headings above headings too, goes along with the one that follows."""
    found: list[Part] = []
    title, said = "", []
    for part in parts:
        joined = f"{title} · {part.title}" if title and part.title else title or part.title
        said += part.help
        if part.questions:
            found.append(replace(part, title=joined if len(joined) <= LONGEST_TITLE else part.title, help=said))
            title, said = "", []
        else:
            title = joined
    if title or said:
        # Nothing follows: an unfinished part says so by itself.
        found.append(Part(title, said))
    return found


def digits_are_answers(found: Sequence[Line], heads: Sequence[tuple[int, Head]]) -> bool:
    """一、 is the question and 1. 2. 3. are its answers: they have none of their own."""
    chinese = [n for n, one in heads if one.style == "chinese"]
    digits = [n for n, one in heads if one.style == "digits"]
    if len(chinese) < 2 or len(digits) < 2:
        return False
    for n, one in heads:
        if one.style == "digits":
            after = found[n + 1] if n + 1 < len(found) else None
            next_head = head(after.text) if after else None
            own = answers(after.text)[1] if after and next_head is None else ()
            if own or tags(one.text)[1].kind or answers_inside(one.text)[1] or re.search(r"[?？_＿]", one.text):
                return False
    return True
