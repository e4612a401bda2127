"""The workbook of a published round: every sheet against figures by hand, and its raw counts against who marked what."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import openpyxl
from flask.testing import FlaskClient

from tests.stories.ledgers import TURNS, About, Ledger
from tests.stories.sheets import VERDICTS, lines
from tests.stories.span_files import cells_of
from tests.stories.truths import QUESTIONS, Cells, Round, Truth
from tests.stories.walks import Walk
from tests.stories.years import Story
from tests.townships_for_tests import GROUPS, Branch

_ANSWERS = ("满意", "基本满意", "不满意", "不了解", "未选")
Row = tuple[Any, ...]
# Any of these has more lines with a rate.
_FEWEST = 5


def check_books(truth: Truth, one: Round, names: Mapping[int, str], client: FlaskClient) -> None:
    """That of the township, and that of one branch."""
    rows, base = dict(truth.rows(one)), f"/board/rounds/{one.number}"
    whole = _book(client.get(f"{base}/results.xlsx").data)
    for title, kind in (("对单位的题", "u"), ("对党员的题", "m")):
        _check_questions(whole[title], {q: rows[truth.root, "below", f"{kind}*", "", q] for q in (*QUESTIONS[kind], "")})
    shown = {branch.unit: rows[branch.unit, "own", f"u{branch.unit}", "", ""] for branch in one.shown()}
    told = {row[0]: row for row in whole["单位"]}
    for branch in one.branches:
        cells = shown.get(branch.unit)
        wanted = (*_rates(cells), VERDICTS[cells[-1]], None) if cells else (None, None, None, None, "人数不足")
        assert told[names[branch.unit]][2:] == (branch.returned, branch.returned, *wanted)
    people = [rows[branch.unit, "own", f"m{each}", "", ""] for branch in one.shown() for each in truth.members[branch.unit]]
    assert [row[3:] for row in whole["党员"][1:]] == [(*_rates(cells), VERDICTS[cells[-1]]) for cells in people]
    for branch in one.shown():
        _check_counts(truth, branch, [row for row in whole["原始票数"] if row[:2] == (names[branch.unit], "本单位")])
    branch = one.branches[3]
    own = _book(client.get(f"{base}/units/{branch.unit}/results.xlsx").data)
    _check_questions(own["对单位的题"], {q: rows[branch.unit, "own", f"u{branch.unit}", "", q] for q in (*QUESTIONS["u"], "")})
    assert {row[0] for row in own["原始票数"][1:]} == {names[branch.unit]}, "of the units around it there is nothing in it"


def check_lines(story: Story, client: FlaskClient) -> None:
    """Every line of every sheet of these workbooks and of the meeting's protocol."""
    one, ledger = story.rounds[1], Ledger(story, frozenset(story.names))
    branch = one.branches[3]
    for unit, path in ((story.truth.root, f"rounds/{one.number}/results.xlsx"), (branch.unit, f"meetings/{branch.meeting}/results.xlsx"), (branch.unit, f"meetings/{branch.meeting}/protocol.docx")):
        body, walk = client.get(f"/board/{path}").data, Walk(ledger, story.truth.root)
        said = [*cells_of(body)] if path.endswith("xlsx") else lines(body)
        assert [(line, odd) for line in said if (odd := walk.odd("", line, About(TURNS[1], unit)))] == [], path
        assert sum(bool(re.search(r"\d\.\d\d", line)) for line in said) > _FEWEST, path


def _book(body: bytes) -> dict[str, list[Row]]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    found = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()
    return found


def _check_questions(sheet: list[Row], wanted: Mapping[str, Cells]) -> None:
    """A line for each question: what was marked, the base, what was left open, both rates."""
    told = [row for row in sheet[3:] if row[0] is not None]
    for row, (question, cells) in zip(told, wanted.items(), strict=True):
        assert (row[1], row[2], row[5], row[6]) == tuple(int(cells[at]) for at in (3, 4, 1, 2)), question
        assert row[7:9] == _rates(cells)[:2]
        assert not any(row[9:]), "the round has a score out of 100, and no other mean of points beside it"


def _check_counts(truth: Truth, branch: Branch, some: list[Row]) -> None:
    """Every answer to every question about everybody, by the groups that are told apart."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for _unit, _reach, target, group, _section, question, answer, n in some:
        found[target, group, question, answer] += n
    told = list(dict.fromkeys((target, group, question) for target, group, question, _answer in found))
    wanted = list(_counted(truth, branch))
    counts = [tuple(found[*spot, answer] for answer in _ANSWERS) for spot in told]
    assert sorted(counts) == sorted(wanted) and sum(map(sum, counts)) == sum(map(sum, wanted))


def _counted(truth: Truth, branch: Branch) -> Iterator[tuple[int, ...]]:
    parts = truth.parts(branch)
    keys = [f"u{branch.unit}", *(f"m{each}" for each in truth.members[branch.unit])]
    for _group, names in parts[1:] or [("", GROUPS)]:
        for key in keys:
            for question in QUESTIONS[key[0]]:
                marks, slots = truth.marks([(branch, names, [key])], question)
                yield (*(marks[answer] for answer in range(4)), slots - marks.total())


def _rates(cells: Cells) -> Row:
    return float(cells[7]), float(cells[8]), int(cells[1])
