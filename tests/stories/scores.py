"""Weighted figures, scores, grades and comparisons of a published round against fractions by hand."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from flask.testing import FlaskClient

from tests.stories.sheets import lines
from tests.stories.spans import rows_and_words
from tests.stories.truths import POINTS, QUESTIONS, SHARES, Cells, Key, Round, Truth, half_up
from tests.townships_for_tests import Branch


def check_scores(truth: Truth, one: Round, client: FlaskClient) -> None:
    """Every branch that is shown by itself, and its members: weighted and graded only where the groups are told apart."""
    rows, base, seen = dict(truth.rows(one)), f"/board/rounds/{one.number}", set[bool]()
    for branch in one.shown():
        heads = rows_and_words(client.get(f"{base}/units/{one.heads[branch.unit]}/grades").text)[1]
        people = rows_and_words(client.get(f"{base}/units/{branch.unit}/grades").text)[1]
        for key in (f"u{branch.unit}", *(f"m{each}" for each in truth.members[branch.unit])):
            cells, found = rows[branch.unit, "own", key, "", ""], truth.weighted(branch, key)
            path = f"{base}/units/{branch.unit}" if key.startswith("u") else f"{base}/members/{key}"
            said = [row for row in rows_and_words(client.get(path).text)[1] if row.startswith("加权")]
            assert [row.endswith(f"{found[0]} {found[1]} –") for row in said] == [True] if found else said == [], (path, said)
            graded = f"{cells[7]} {cells[8]} {cells[1]} {f'{found[2]} {found[3]}' if found else '– –'} –"
            assert any(row.endswith(graded) for row in (heads if key.startswith("u") else people)), (path, graded)
            seen.add(found is not None)
            sources = rows_and_words(client.get(f"{base}/scores/{key}").text)[1] if found else []
            assert [row for row in sources if "评 " in row] == list(_sources(truth, branch, key, rows) if found else []), path
    assert seen == {True, False}, "there are groups told apart and others that are not"
    whole = truth.weighted(one.branches[3], f"u{one.branches[3].unit}")
    for kind in ("pdf", "docx"):
        sheet = lines(client.get(f"{base}/units/{one.branches[3].unit}/sheet.{kind}").data)
        assert whole is not None and any(line.startswith("加权") and line.endswith(f" {whole[0]} {whole[1]} –") for line in sheet), sheet


def _sources(truth: Truth, branch: Branch, key: str, rows: dict[Key, Cells]) -> Iterator[str]:
    """What each group gave of 100, what that weighs, and what it brings."""
    for name, share in SHARES.items():
        whole = sum((truth.marks([(branch, (name,), [key])], question)[0] for question in QUESTIONS[key[0]]), Counter[int]())
        earned = Fraction(share * sum(points * whole[answer] for answer, points in POINTS.items()), 100 * sum(whole[answer] for answer in POINTS))
        yield f"{name}评 {rows[branch.unit, 'own', key, name, ''][9]} {share}.00 {share}.00 {half_up(earned, 2)}"


def check_comparisons(truth: Truth, one: Round, then: Round, client: FlaskClient) -> None:
    """Two branches of a round, and a branch in two rounds: question by question, with the differences of what is printed."""
    rows, before = dict(truth.rows(one)), dict(truth.rows(then))
    first, second = one.branches[3], one.branches[5]
    path = f"/board/rounds/{one.number}/compare?unit={first.unit}&unit={second.unit}"
    _side_by_side((rows, first), (rows, second), client.get(path).text)
    page = client.get(f"/board/rounds/{one.number}/units/{first.unit}/compare?by=rounds").text
    _side_by_side((before, then.branches[3]), (rows, first), page)
    told = re.findall(r"(?s)<desc>(.*?)</desc>", client.get(path.replace("compare?", "compared.svg?")).text)
    for question in ("", *QUESTIONS["u"]):
        assert all(rows[branch.unit, "own", f"u{branch.unit}", "", question][7] in told[0] for branch in (first, second))


def _side_by_side(one: tuple[dict[Key, Cells], Branch], other: tuple[dict[Key, Cells], Branch], page: str) -> None:
    found = rows_and_words(page)[1]
    for question in ("", *QUESTIONS["u"]):
        (a, first), (b, second) = one, other
        then, now = (rows[branch.unit, "own", f"u{branch.unit}", "", question] for rows, branch in ((a, first), (b, second)))
        apart = [_signed(Decimal(now[at]) - Decimal(then[at])) for at in (7, 8)]
        for row in (f"{then[7]} {then[8]} {then[1]} –", f"{now[7]} {now[8]} {now[1]} {apart[0]} / {apart[1]}"):
            assert any(each.endswith(row) for each in found), (question, row)


def _signed(by: Decimal) -> str:
    return f"+{by}" if by > 0 else f"− 低 {-by}" if by < 0 else f"{by}"
