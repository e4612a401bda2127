"""A township through three rounds with known answers: what is published is reckoned again by hand, and is the same in the file,
on every page and in the words of every bar."""

import csv
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.roll_ups import RollUp
from survey.verifying import verify
from tests.conftest import logged_in, on_sqlite
from tests.stories.books import check_books, check_lines
from tests.stories.bundles import check_bundle
from tests.stories.lists import check_lists
from tests.stories.needs import check_needs
from tests.stories.opinions import check_opinions
from tests.stories.scenes import Scene
from tests.stories.scores import check_comparisons, check_scores
from tests.stories.span_files import check_span_files
from tests.stories.spans import check_spans
from tests.stories.truths import QUESTIONS, Cells, Key, Round, Truth
from tests.stories.walks import check_walks
from tests.stories.years import Year, hold
from tests.townships_for_tests import GROUPS, Branch, Township


def table_of(client: FlaskClient, number: int) -> dict[Key, Cells]:
    """figures.csv, a line by what it is about."""
    rows = csv.DictReader(client.get(f"/board/rounds/{number}/figures.csv").get_data().decode("utf-8-sig").splitlines())
    names = ("slots", "valid", "blank", "satisfied", "basic", "narrow", "wide", "narrow_percent", "wide_percent", "score", "verdict")
    found = [((int(row["unit"]), row["reach"], row["target"], row["group"], row["question"]), tuple(row[name] for name in names)) for row in rows]
    assert len(dict(found)) == len(found), "no line twice"
    return dict(found)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


def rows_of(page: str) -> list[str]:
    """The rows of all tables as they are read, each with the words of its bar in front."""
    rows = re.findall(r"(?s)<tr.*?</tr>", page)
    return [" ".join([*re.findall(r'role="img" aria-label="([^"]*)"', row), words(row)]) for row in rows]


@on_sqlite
def test_three_rounds_of_a_township_say_everywhere_what_was_marked(app: Flask, house: House, tmp_path: Path) -> None:
    town = Year(house)
    client = _reader(app, house, "secretary")
    story = hold(town, lambda truth, one: _publish(town, truth, one, client))
    truth, rounds = story.truth, story.rounds
    before = client.get(f"/board/rounds/{town.round}/figures.csv").data
    town.is_careful = True
    town.hold_one(story.late, (10, 7))
    assert client.get(f"/board/rounds/{town.round}/figures.csv").data == before, "what is counted later is no part of it"

    client = _reader(app, house, "secretary", kind=Reader)
    pages = check_walks(story, {login: _reader(app, house, login) for login in ("head", "branch")} | {"secretary": client})
    for at, one in enumerate(rounds):
        _walk(truth, one, rounds[:at], client)
        _redo(one, client, tmp_path)
    _drawn(truth, rounds[1], rounds[0], client)
    check_spans(truth, rounds[:2], client)
    check_span_files(story, client)
    check_scores(truth, rounds[1], client)
    check_books(truth, rounds[1], story.names, client)
    check_lines(story, client)
    check_comparisons(truth, rounds[1], rounds[0], client)
    check_needs(story, client)
    sheets = check_bundle(Scene(story, 1), app, client)
    check_opinions(story, pages, sheets, client)
    check_lists(Scene(story, 1), house, _reader(app, house, "secretary"))


class Reader(FlaskClient):
    """Keeps every page: nothing changes any more."""

    def __init__(self, *some: Any, **more: Any) -> None:
        super().__init__(*some, **more)
        self._known: dict[str, TestResponse] = {}

    def get(self, *some: Any, **more: Any) -> TestResponse:
        """As it was when it was asked for first."""
        if some[0] not in self._known:
            self._known[some[0]] = super().get(*some, **more)
        return self._known[some[0]]


def _reader(app: Flask, house: House, login: str, *, kind: type[FlaskClient] = FlaskClient) -> FlaskClient:
    client = kind(app, app.response_class, use_cookies=True)
    with client.session_transaction("/desk") as session:
        session["_user_id"] = logged_in(house, login)
    return client


def _publish(town: Township, truth: Truth, one: Round, client: FlaskClient) -> None:
    found = town.look()
    assert found.lost == one.lost
    # Nothing above a meeting is there before.
    assert client.get(f"/board/rounds/{one.number}/figures.csv").status_code == 409
    town.publish()
    roll = RollUp(found.made)
    joined = [sorted(one.branches[at].unit for at in places) for places in one.joined.values()]
    assert [sorted(leaf.unit for leaf in atom) for atom in found.made.atoms if len(atom) > 1] == joined
    assert roll.accounting(truth.root).returned == sum(branch.returned for branch in one.branches)


def _walk(truth: Truth, one: Round, past: list[Round], client: FlaskClient) -> None:
    """Every line of the file against the truth, then every page of the round against the same."""
    wanted, base = dict(truth.rows(one)), f"/board/rounds/{one.number}"
    assert table_of(client, one.number) == wanted
    for branch in one.shown():
        for path, key in ((f"units/{branch.unit}", f"u{branch.unit}"), *((f"members/m{each}", f"m{each}") for each in truth.members[branch.unit])):
            page = client.get(f"{base}/{path}").text
            own = {question: cells for (unit, reach, target, group, question), cells in wanted.items() if (unit, reach, target, group) == (branch.unit, "own", key, "")}
            for question in QUESTIONS[key[0]]:
                marks, _slots = truth.marks([(branch, GROUPS, [key])], question)
                said = f"满意 {marks[0]}，基本满意 {marks[1]}，不满意 {marks[2]}，不了解 {marks[3]}"
                line = " ".join(map(str, (marks[0], marks[1], marks[2], marks[3], own[question][2], *own[question][7:9], own[question][1])))
                assert any(row.startswith(said) and row.endswith(line) for row in rows_of(page)), (path, question)
            whole = own[""]
            assert f"{whole[7]}%" in words(page) and f"满意 {whole[3]}，有效答案 {whole[1]}" in words(page)
            for group, _names in truth.parts(branch)[1:]:
                cells = wanted[branch.unit, "own", key, group, ""]
                assert any(group in row and row.endswith(f"{branch.ballots[group]} 票 {cells[7]} {cells[8]} {cells[1]}") for row in rows_of(page)), (path, group)
            _trend(wanted[branch.unit, "own", key, "", ""], branch, key, [(each, dict(truth.rows(each))) for each in past], page)
    for node in (truth.root, *sorted(set(one.heads.values()))):
        _node(truth, one, node, wanted, words(client.get(f"{base}/units/{node}").text))


def _trend(now: Cells, branch: Branch, key: str, past: list[tuple[Round, dict[Key, Cells]]], page: str) -> None:
    """Each round against the one before it: the difference of what is printed, or that he did not stand by himself then."""
    found = [rows.get((branch.unit, "own", key, "", "")) for _each, rows in past]
    for then, later in pairwise([*found, now]):
        if then is None:
            assert "那一轮没有单独评定，不比" in words(page)
        if later is None:
            continue
        said = "–"
        if then is not None:
            moved = [Decimal(later[at]) - Decimal(then[at]) for at in (7, 8)]
            signs = [f"{'↑ 升' if by > 0 else '↓ 降' if by < 0 else '→ 不变'} {abs(by)}" for by in moved]
            said = f"满意率 {signs[0]} · 以上率 {signs[1]}"
        assert any(row.endswith(f"{later[7]} {later[8]} {later[1]} {said}") for row in rows_of(page)), (key, later, said)


def _node(truth: Truth, one: Round, node: int, wanted: dict[Key, Cells], page: str) -> None:
    inside = [branch for branch in one.shown() if node in (truth.root, one.heads[branch.unit])]
    verdicts: Any = Counter(wanted[branch.unit, "own", f"u{branch.unit}", "", ""][-1] for branch in inside)
    said = f"评定了 {len(inside)} 个单位，其中满意 {verdicts['satisfied']} 个，基本满意以上 {verdicts['satisfied'] + verdicts['basic']} 个。"
    assert said in page
    for kind, title in (("u*", "单位满意率"), ("m*", "党员满意率")):
        whole = wanted.get((node, "below", kind, "", ""))
        if whole is not None:
            assert f"{title} {whole[7]}% 基本满意以上率 {whole[8]}%，有效答案 {whole[1]}" in page
    back = sum(branch.returned for branch in one.branches if node in (truth.root, one.heads[branch.unit]))
    assert f"收回 {back} 张" in page
    for branch in inside if node != truth.root else ():
        cells = wanted[branch.unit, "own", f"u{branch.unit}", "", ""]
        assert f"{cells[7]} {cells[8]} {cells[1]}" in page


def _redo(one: Round, client: FlaskClient, folder: Path) -> None:
    """Whoever holds nothing but the file makes the same figures of it."""
    file, figures = folder / "round.zip", folder / "figures.csv"
    file.write_bytes(client.get(f"/board/rounds/{one.number}/publication.zip").data)
    assert verify(file, figures) == 0
    assert figures.read_bytes() == client.get(f"/board/rounds/{one.number}/figures.csv").data


def _drawn(truth: Truth, one: Round, then: Round, client: FlaskClient) -> None:
    """The words of the pictures of a branch with three members, in two rounds."""
    branch, wanted, before = one.branches[3], dict(truth.rows(one)), dict(truth.rows(then))
    base = f"/board/rounds/{one.number}/units/{branch.unit}"
    own = (branch.unit, "own", f"u{branch.unit}", "", "")
    # The weighted rate stands beside the pooled ones where the groups are told apart.
    weighted = [(truth.weighted(each.branches[3], own[2]) or ())[:1] for each in (then, one)]
    assert re.findall(r"\d+\.\d\d", _told(client, f"{base}/trend.svg")) == [*before[own][7:9], *weighted[0], *wanted[own][7:9], *weighted[1]]
    assert weighted[0] == () != weighted[1]
    members = _told(client, f"{base}/members.svg")
    rates = [wanted[branch.unit, "own", f"m{each}", "", question][7] for each in truth.members[branch.unit] for question in (*QUESTIONS["m"], "")]
    assert re.findall(r"\d+\.\d\d", members) == rates


def _told(client: FlaskClient, path: str) -> str:
    found = re.search(r"(?s)<desc>(.*?)</desc>", client.get(path).text)
    assert found is not None, path
    return found[1]
