"""The answers of a counted survey to take away: one row per ballot, once in words and once in codes, and the code book."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Response
from flask_babel import gettext as _

from analysis import report
from analysis.cells import Cell, csv_bytes
from survey.domain.papers import Paper, read_paper
from survey.domain.questionnaires import Kind, Question
from survey.domain.refusals import NotFound
from survey.domain.strips import Answer, Row, Strip, unpack
from survey.store import meetings, strips
from survey.web.board.face import message, shown
from survey.web.board.files import XLSX, download
from survey.web.board.results import Found
from survey.web.doors import Who, admits, house
from survey.web.errors import Sentence
from survey.web.questionnaires import in_words
from survey.web.words import roles

_CSV = "text/csv; charset=utf-8"
_JOINT = "; "


class AlteredStrip(Exception):
    """The rows are not those the seal speaks of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a column of the tables: Q1 is the first. `part` is its target, `place` where a row has its answer."""

    name: str
    part: int
    section: str
    question: Question
    place: int

    @property
    def is_many(self) -> bool:
        """Whether several candidates may be ticked: then each has a column of its own among the codes."""
        return self.question.kind is Kind.CHOICE and self.question.choose > 1


@dataclass(frozen=True, slots=True)
class Sheets:
    """A survey's rows with what they answer."""

    paper: Paper
    kept: Strip
    asked: tuple[Asked, ...]


@admits(Who.STAFF)
def answered(meeting_id: int) -> Response:
    """One row per ballot, the answers in words."""
    here, found = _read(meeting_id)
    body = csv_bytes(_heads(found), _in_words(found))
    return download(body, here, kind="csv", mimetype=_CSV, what=_("逐份回答"))


@admits(Who.STAFF)
def coded(meeting_id: int) -> Response:
    """One row per ballot, the answers in codes, for those who reckon."""
    here, found = _read(meeting_id)
    body = csv_bytes(_code_heads(found), _in_codes(found))
    return download(body, here, kind="csv", mimetype=_CSV, what=_("逐份回答（编码）"))


@admits(Who.STAFF)
def codebook(meeting_id: int) -> Response:
    """What every column and every code means."""
    here, found = _read(meeting_id)
    return download(csv_bytes(_book_heads(), _book(found)), here, kind="csv", mimetype=_CSV, what=_("编码说明"))


@admits(Who.STAFF)
def workbook(meeting_id: int) -> Response:
    """The three tables as one workbook."""
    here, found = _read(meeting_id)
    body = report.workbook([
        report.Plain(_("回答"), _heads(found), _in_words(found)),
        report.Plain(_("编码"), _code_heads(found), _in_codes(found)),
        report.Plain(_("编码说明"), _book_heads(), _book(found)),
    ])
    return download(body, here, kind="xlsx", mimetype=XLSX, what=_("逐份回答"))


def altered(_fault: AlteredStrip) -> Response:
    """Somebody changed the rows after the count: what is not what was sealed is not handed out."""
    text = _("计票时留下的回答和封存记录里的摘要不一致，可能有人改动过数据库，所以不给下载。请管理员从备份里查对。")
    return message(Sentence(409, _("回答和封存记录对不上"), text))


def _read(meeting_id: int) -> tuple[Found, Sheets]:
    """A counted survey of at least five ballots with its rows.

    Raises
    ------
    NotFound
        It is no survey: no rows were kept.
    AlteredStrip
        The rows were changed since the count.
    """
    here, result = shown(meeting_id)
    with house().store.read() as db:
        body = strips.get(db, meeting_id)
        frozen = meetings.one_paper(db, [meeting_id])
    told = json.loads(result.seal).get("strip")
    if not here.meeting.is_survey or told is None:
        raise NotFound(what="strip")
    if body is None or hashlib.sha256(body).hexdigest() != told["sha256"]:
        raise AlteredStrip(meeting_id)
    paper = in_words(read_paper(frozen[meeting_id]))
    return here, Sheets(paper, unpack(body), _asked(paper))


def _asked(paper: Paper) -> tuple[Asked, ...]:
    found = []
    for place, (t, q) in enumerate(paper.fields.values()):
        target = paper.targets[t]
        found.append(Asked(f"Q{place + 1}", t, paper.section(target).title, paper.questions(target)[q], place))
    return tuple(found)


def _heads(found: Sheets) -> list[str]:
    return [*_group_head(found), *(f"{each.name} {each.question.text}" for each in found.asked)]


def _in_words(found: Sheets) -> Iterator[list[Cell]]:
    for row in found.kept.rows:
        yield [*_group(found, row), *(_words(found.paper, each.question, row.answers[each.place]) for each in found.asked)]


def _code_heads(found: Sheets) -> list[str]:
    names: list[str] = []
    for each in found.asked:
        many = range(1, len(each.question.candidates) + 1)
        names.extend([f"{each.name}_{n}" for n in many] if each.is_many else [each.name])
    return [*_group_head(found), *names]


def _in_codes(found: Sheets) -> Iterator[list[Cell]]:
    for row in found.kept.rows:
        cells: list[Cell] = []
        for each in found.asked:
            cells.extend(_codes(each, row.answers[each.place]))
        yield [*_group(found, row), *cells]


def _group_head(found: Sheets) -> list[str]:
    return [_("类别")] if found.kept.has_groups else []


def _group(found: Sheets, row: Row) -> list[Cell]:
    return [row.group] if found.kept.has_groups else []


def _words(paper: Paper, question: Question, given: Answer) -> Cell:
    if given is None:
        return None
    if isinstance(given, tuple):
        return _JOINT.join(question.candidates[place] for place in given)
    if question.kind is Kind.RATING:
        return next(option.label for option in paper.scale(question).options if option.code == given)
    return _plain(question, given)


def _codes(asked: Asked, given: Answer) -> list[Cell]:
    """Candidates are numbered from 1 as they stand on the paper; several ticks are 1 and 0; nothing is an empty cell."""
    size = len(asked.question.candidates)
    if isinstance(given, tuple):
        return [int(place in given) for place in range(size)] if asked.is_many else [given[0] + 1]
    if given is None:
        return [None] * (size if asked.is_many else 1)
    return [_plain(asked.question, given)]


def _plain(question: Question, given: int | str) -> Cell:
    """Days as 2026-11-21, which every program reads alike."""
    if question.kind is Kind.DATE and isinstance(given, int):
        return date.fromordinal(given).isoformat()
    return given


def _book_heads() -> list[str]:
    return [_("列"), _("部分"), _("题目"), _("题型"), _("编码"), _("含义"), _("归类"), _("分值"), _("什么时候问"), _("回答数")]


def _book(found: Sheets) -> Iterator[list[Cell]]:
    """A line for every question, then one for every code it may have."""
    for each in found.asked:
        given = [row.answers[each.place] for row in found.kept.rows if row.answers[each.place] is not None]
        question = each.question
        head: list[Cell] = [each.name, each.section, question.text, _kinds()[question.kind]]
        yield [*head, _range(question), question.help or None, None, None, _when(found, each), len(given)]
        for name, code, label, role, points, n in _options(found.paper, each, given):
            yield [name, None, None, None, code, label, role, points, None, n]


def _options(
    paper: Paper, asked: Asked, given: Sequence[Answer]
) -> Iterator[tuple[str, Cell, str, str | None, Cell, int]]:
    if asked.question.kind is Kind.RATING:
        named = roles()
        for option in paper.scale(asked.question).options:
            yield asked.name, option.code, option.label, named[option.role], option.points, given.count(option.code)
    for place, label in enumerate(asked.question.candidates):
        times = sum(isinstance(each, tuple) and place in each for each in given)
        name, code = (f"{asked.name}_{place + 1}", 1) if asked.is_many else (asked.name, place + 1)
        yield name, code, label, None, None, times


def _range(question: Question) -> str | None:
    """What may stand in the column when it has no list of codes."""
    if question.kind is Kind.SCORE:
        return "0–100"
    if question.kind.is_wide:
        return "–".join(str(_plain(question, bound)) for bound in question.bounds)
    return _("文字") if question.kind is Kind.OPINION else None


def _when(found: Sheets, asked: Asked) -> str | None:
    """The condition of a question, by the column and the words of the answers it hangs on."""
    condition = asked.question.show_if
    if condition is None:
        return None
    before = next(a for a in found.asked if (a.part, a.question.key) == (asked.part, condition.question))
    chosen = [_words(found.paper, before.question, (place,) if before.question.kind is Kind.CHOICE else place)
              for place in condition.options]
    return _("%(column)s 选了：%(answers)s", column=before.name, answers=_JOINT.join(map(str, chosen)))


def _kinds() -> dict[Kind, str]:
    return {
        Kind.RATING: _("评价"),
        Kind.SCORE: _("打分"),
        Kind.CHOICE: _("选择"),
        Kind.NUMBER: _("数字"),
        Kind.DATE: _("日期"),
        Kind.OPINION: _("文字"),
    }
