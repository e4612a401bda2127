"""The strip: the rows of a plain survey, kept whole after the count. Where anybody is rated no row is ever kept.

A strip is sorted by what is written in it, so nothing of the order of arrival is left; it holds no tracker; it tells the
groups apart only when each of them is large enough.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.domain.ballots import Opened, answers_of, value_of
from survey.domain.papers import Paper
from survey.domain.questionnaires import BLANK, Kind, Question
from survey.domain.rounds import FEWEST, FEWEST_FOR_OPINIONS

FORMAT = 1
# A code, a score, a number, the ordinal of a day; the places of the ticked candidates; words; or nothing.
Answer = int | tuple[int, ...] | str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One ballot: its answers in the order of the paper's fields. `group` is "" when the groups are not told apart."""

    group: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """All rows of one survey; `texts` says whether what was written is in them."""

    rows: tuple[Row, ...]
    texts: bool

    @property
    def has_groups(self) -> bool:
        """Whether the rows tell the groups apart."""
        return any(row.group for row in self.rows)


def strip(papers: Mapping[int, Paper], opened: Mapping[int, Sequence[Opened]]) -> Strip | None:
    """The rows of a survey's opened ballots by group id; None when too few came back to show anything.

    Texts need eight ballots in all, as opinions do everywhere. The groups are told apart when there are several and each
    has enough ballots to be shown by itself: five, or eight where the rows carry texts.

    Raises
    ------
    ValueError
        Somebody is rated on one of the papers: who left himself blank is found in rows.
    """
    if not all(paper.is_survey for paper in papers.values()):
        raise ValueError("rows are kept only where nobody is rated")
    returned = [len(each) for each in opened.values()]
    if sum(returned) < FEWEST:
        return None
    texts = sum(returned) >= FEWEST_FOR_OPINIONS and all(paper.texts for paper in papers.values())
    fewest = FEWEST_FOR_OPINIONS if texts and any(map(_asks_for_words, papers.values())) else FEWEST
    apart = len(papers) > 1 and min(returned) >= fewest
    rows = [
        Row(papers[group].group_name if apart else "", answers(papers[group], ballot, texts=texts))
        for group, ballots in opened.items()
        for ballot in ballots
    ]
    return Strip(tuple(sorted(rows, key=_line)), texts)


def answers(paper: Paper, ballot: Opened, *, texts: bool = True) -> tuple[Answer, ...]:
    """What a ballot says, one answer per field of the paper; words only with `texts`."""
    given = answers_of(paper, ballot.marks.columns)
    said = {(t, q): text for t, q, text in ballot.marks.texts} if texts else {}
    return tuple(
        _answer(paper.questions(paper.targets[t])[q], given.get((t, q), b""), said.get((t, q)))
        for t, q in paper.fields.values()
    )


def pack(kept: Strip) -> bytes:
    """A strip as the one value that is stored: canonical JSON, squeezed."""
    body = {"format": FORMAT, "texts": kept.texts, "rows": [[row.group, *row.answers] for row in kept.rows]}
    return zlib.compress(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), 9)


def unpack(body: bytes) -> Strip:
    """A strip as it was packed."""
    data = json.loads(zlib.decompress(body))
    if data["format"] != FORMAT:
        raise ValueError("a strip of another format")
    rows = (Row(group, tuple(map(_read, given))) for group, *given in data["rows"])
    return Strip(tuple(rows), data["texts"])


def _answer(question: Question, codes: bytes, text: str | None) -> Answer:
    if question.kind is Kind.OPINION:
        return text
    if question.kind is Kind.CHOICE:
        return tuple(place for place, code in enumerate(codes) if code != BLANK) or None
    if question.kind.is_wide:
        return value_of(codes)
    return None if codes[0] == BLANK else codes[0]


def _asks_for_words(paper: Paper) -> bool:
    return any(question.kind is Kind.OPINION for target in paper.targets for question in paper.questions(target))


def _line(row: Row) -> str:
    return json.dumps([row.group, *row.answers], ensure_ascii=False)


def _read(given: int | list[int] | str | None) -> Answer:
    return tuple(given) if isinstance(given, list) else given
