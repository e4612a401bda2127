"""A half-year of a township: every figure of its pages against the answers of its rounds added up by hand."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from flask.testing import FlaskClient

from tests.stories.truths import QUESTIONS, Cells, Key, Round, Some, Truth, figures
from tests.townships_for_tests import GROUPS, Branch


def check_spans(truth: Truth, rounds: Sequence[Round], client: FlaskClient) -> None:
    """Both rounds of the second half of 2026: the township, its heads, its branches, their members."""
    first = rounds[0]
    for node in (truth.root, *sorted(set(first.heads.values()))):
        page = rows_and_words(client.get(f"/board/periods/2026H2/units/{node}").text)
        for kind, title in (("u", "单位满意率"), ("m", "党员满意率")):
            whole = _check_questions(truth, [_below(truth, one, node, kind) for one in rounds], kind, page)
            assert f"{title} {whole[7]}% 基本满意以上率 {whole[8]}%，有效答案 {whole[1]}" in page[0]
        back = sum(branch.returned for one in rounds for branch in one.branches if node in (truth.root, one.heads[branch.unit]))
        assert f"收回 {back} 张" in page[0]
    for place in range(len(first.branches)):
        both = [one.branches[place] for one in rounds]
        if all(branch.returned >= 5 for branch in both):
            _check_branch(truth, both, [dict(truth.rows(one)) for one in rounds], client)


def _check_branch(truth: Truth, both: Sequence[Branch], rows: Sequence[dict[Key, Cells]], client: FlaskClient) -> None:
    unit = both[0].unit
    page = rows_and_words(client.get(f"/board/periods/2026H2/units/{unit}").text)
    people = [f"m{each}" for each in truth.members[unit]]
    for kind, keys in (("u", [f"u{unit}"]), ("m", people)):
        if keys:
            _check_questions(truth, [[(branch, GROUPS, keys)] for branch in both], kind, page)
    for key in people:
        own = rows_and_words(client.get(f"/board/periods/2026H2/members/{key}").text)
        whole = _check_questions(truth, [[(branch, GROUPS, [key])] for branch in both], "m", own)
        assert f"满意率 {whole[7]}% 基本满意以上率 {whole[8]}%，有效答案 {whole[1]}" in own[0]
        moved = _moved(*(each[unit, "own", key, "", ""] for each in rows))
        assert any(f"{whole[7]} {whole[8]} {whole[1]} {moved}" in row for row in page[1]), (key, moved)
        assert any(row.endswith(moved) for row in own[1])


def _check_questions(truth: Truth, some: Sequence[Some], kind: str, page: tuple[str, list[str]]) -> Cells:
    """Each question over the rounds, then all of them, with the rounds that have any of them."""
    whole, most, asked = Counter[int](), 0, sum(bool(each) for each in some)
    for question in QUESTIONS[kind]:
        found = [truth.marks(each, question) for each in some]
        marks, slots = sum((marks for marks, _slots in found), Counter[int]()), sum(slots for _marks, slots in found)
        whole, most = whole + marks, most + slots
        cells = figures(marks, slots)
        assert any(row.endswith(f"{cells[7]} {cells[8]} {cells[1]} {asked}/{len(some)}") for row in page[1]), (question, cells)
    return figures(whole, most)


def _below(truth: Truth, one: Round, node: int, kind: str) -> Some:
    cells = truth.below(one, node).get("", [])
    return [(branch, names, keys) for branch, names in cells if (keys := truth.keys(branch, kind))]


def _moved(then: Cells, now: Cells) -> str:
    moved = [Decimal(now[at]) - Decimal(then[at]) for at in (7, 8)]
    said = [f"{'↑ 升' if by > 0 else '↓ 降' if by < 0 else '→ 不变'} {abs(by)}" for by in moved]
    return f"满意率 {said[0]} · 以上率 {said[1]}"


def rows_and_words(html: str) -> tuple[str, list[str]]:
    """A page as it is read, and the rows of its tables."""
    return _read(html), [_read(row) for row in re.findall(r"(?s)<tr.*?</tr>", html)]


def _read(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()
