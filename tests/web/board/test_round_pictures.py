"""Pictures of a published round: the numbers of its pages, for whoever may see these, in three formats."""

import re
from collections import Counter
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.domain.staff import StaffRole
from tests.analysis.pictures_for_tests import shapes, words
from tests.conftest import hire, logged_in, on_sqlite
from tests.townships_for_tests import Branch, Township, published, rates


def client_of(app: Flask, house: House, login: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction("/board") as session:
        session["_user_id"] = logged_in(house, login)
    return client


def marks_of(branch: Branch, target: str) -> Counter[tuple[str, str, int]]:
    every = sum(branch.marks.values(), Counter())
    return Counter({key: n for key, n in every.items() if key[0] == target})


@pytest.fixture
def town(house: House) -> Township:
    return published(house)


@on_sqlite
def test_pictures_show_what_was_cast_and_nobody_sees_those_of_others(app: Flask, house: House, town: Township) -> None:
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    big = [each for each in town.branches if each.returned >= 5]
    paths = [f"units/{town.tree.root}/distribution", f"compared.{{kind}}?unit={big[0].unit}&unit={big[1].unit}"]
    paths += [f"units/{big[0].unit}/{name}" for name in ("trend", "rounds")]

    drawn = words(client.get(f"{base}/units/{town.tree.root}/distribution.svg").data)
    shares = [float(rates(marks_of(each, f"u{each.unit}"))[0]) for each in big]
    for label, low, high in (("90–100", 90, 101), ("80到不满90", 80, 90), ("70到不满80", 70, 80), ("60到不满70", 60, 70), ("60以下", 0, 60)):
        assert drawn[drawn.index(label) + 1] == f"{sum(low <= each < high for each in shares)}", label
    assert drawn[drawn.index("人数不足") + 1] == "3" and f"共{len(big)}" in drawn

    narrow, wide, valid = rates(marks_of(big[0], f"u{big[0].unit}"))
    assert {narrow, wide, f"有效{valid}"} <= set(words(client.get(f"{base}/units/{big[0].unit}/trend.svg").data))
    side = words(client.get(f"{base}/compared.svg?unit={big[0].unit}&unit={big[1].unit}").data)
    for branch in big[:2]:
        found = rates(marks_of(branch, f"u{branch.unit}"))
        label = next(each for each, own in town.tree.branches.items() if own.unit == branch.unit)
        assert side[side.index(label) + 1 :][:3] == [found[0], found[1], f"{found[2]}"]

    for path in paths:
        for kind, head in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
            address = path.format(kind=kind) if "{kind}" in path else f"{path}.{kind}"
            answer = client.get(f"{base}/{address}")
            assert answer.status_code == 200 and answer.data.startswith(head), address
            assert client_of(app, house, "other").get(f"{base}/{address}").status_code == 404, address
    assert b"<desc>" in client.get(f"{base}/units/{town.tree.root}/distribution.svg").data


@on_sqlite
def test_members_by_questions_have_their_numbers_and_a_hidden_unit_has_no_picture(app: Flask, house: House, town: Township) -> None:
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    keys = {branch.unit: {key for marks in branch.marks.values() for key, _q, _a in marks if key.startswith("m")} for branch in town.branches}
    branch = next(each for each in town.branches if each.returned >= 5 and keys[each.unit])
    page = client.get(f"{base}/units/{branch.unit}").text
    drawn = re.findall(r'href="([^"]*/members\.svg[^"]*)"', page)
    said = words(client.get(drawn[0].replace("&amp;", "&")).data)
    for key in keys[branch.unit]:
        narrow, wide, valid = rates(marks_of(branch, key))
        assert {narrow, wide, f"{valid}"} <= set(said), key
        trend = words(client.get(f"{base}/members/{key}/trend.svg").data)
        assert {narrow, wide, f"有效{valid}"} <= set(trend)
    assert client.get(f"{base}/units/{branch.unit}/members.svg?page=9").status_code == 404
    small = next(each for each in town.branches if each.returned < 5)
    for name in ("trend", "rounds", "members"):
        assert client.get(f"{base}/units/{small.unit}/{name}.svg").status_code == 404, name
    side = client.get(f"{base}/compared.svg?unit={branch.unit}&unit={small.unit}").data
    assert "人数不足" in words(side) and any(each.fill.startswith("url") for each in shapes(side))
    for asked in ("", "?unit=1", "?unit=x&unit=y", f"?unit={branch.unit}&unit=99999", f"?unit={'9' * 40}&unit={branch.unit}"):
        assert client.get(f"{base}/compared.svg{asked}").status_code == 404, asked
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=branch.unit)
    other = next(each for each in town.branches if each.unit != branch.unit and each.returned >= 5)
    assert client_of(app, house, "below").get(f"{base}/compared.svg?unit={branch.unit}&unit={other.unit}").status_code == 404


@on_sqlite
def test_the_rounds_of_a_unit_stand_in_their_order_and_before_publication_there_is_no_picture(app: Flask, house: House, town: Township) -> None:
    client, first = client_of(app, house, "secretary"), town.round
    before = rates(marks_of(town.branches[0], f"u{town.branches[0].unit}"))
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    path = f"/board/rounds/{town.round}/units/{town.branches[0].unit}"
    assert client.get(f"{path}/trend.svg").status_code == 404
    town.hold()
    town.publish()
    after = rates(marks_of(town.branches[0], f"u{town.branches[0].unit}"))
    said = words(client.get(f"{path}/trend.svg").data)
    assert [each for each in said if each.startswith("有效")] == [f"有效{before[2]}", f"有效{after[2]}"]
    assert said.index(before[0]) < said.index(after[0]) and {before[1], after[1]} <= set(said)
    side = words(client.get(f"{path}/rounds.svg").data)
    whole = side.index("合计")
    # The mean of the points stands behind the base.
    assert side[whole + 1 : whole + 5] == ["2026年第三季度评议", *map(str, before)]
    assert side[whole + 6 : whole + 10] == ["2026年第四季度评议", *map(str, after)]
    assert first != town.round and f'src="{path}/trend.svg"' in client.get(path).text


@on_sqlite
def test_units_are_compared_question_by_question_and_only_two_to_six_of_ones_own(app: Flask, house: House, town: Township) -> None:
    client, path = client_of(app, house, "secretary"), f"/board/rounds/{town.round}/compare"
    first, second = (each for each in town.branches if each.returned >= 10 and each.above == town.branches[3].above)
    small = next(each for each in town.branches if each.returned < 5)
    assert first.above == second.above != small.above
    page = client.get(f"{path}?unit={first.unit}&unit={second.unit}&unit={small.unit}&of={town.tree.heads[small.above]}").text
    told = [re.findall(r">([^<>]+)<", row) for row in re.findall(r"(?s)<tr.*?</tr>", page)]
    for branch in (first, second):
        label = next(each for each, own in town.tree.branches.items() if own.unit == branch.unit)
        rows = [[each for each in row if each.strip()] for row in told if label in row]
        marks = marks_of(branch, f"u{branch.unit}")
        questions = sorted({question for _t, question, _a in marks})
        each = [rates(Counter({key: n for key, n in marks.items() if key[1] == question})) for question in questions]
        assert [row[1:4] for row in rows] == [[narrow, wide, f"{valid}"] for narrow, wide, valid in (rates(marks), *each)]
    assert page.count("人数不足") == 6, "the whole and five questions"
    # What is chosen stays ticked wherever one looks for more.
    assert page.count(" checked") == 3 and page.count('type="checkbox"') == 5
    # A unit that was not rated itself stands for all below it, as on its own page.
    heads = client.get(f"{path}?" + "&".join(f"unit={head}" for head in town.tree.heads.values())).text
    drawn = words(client.get(f"{path}d.svg?" + "&".join(f"unit={head}" for head in town.tree.heads.values())).data)
    for name, _head in town.tree.heads.items():
        marks = sum((marks_of(each, f"u{each.unit}") for each in town.branches if each.above == name and each.returned >= 5), Counter())
        found = [each for each in re.findall(r"(?s)<tr.*?</tr>", heads) if name in each]
        assert all(f"{each}<" in found[0] for each in rates(marks)) and "连同下级" in found[0]
        assert drawn[drawn.index(f"{name}（连同下级）") + 1 :][:3] == [str(each) for each in rates(marks)]
    assert "现在选了 1 个。" in client.get(f"{path}?unit={first.unit}&of={town.tree.root}").text
    alone = client.get(f"{path}?unit={first.unit}").text
    assert "alert" not in alone and "<tbody" not in alone and alone.count('type="checkbox"') == 3
    for asked in (f"unit={first.unit}&unit=x", "of=x", "of=99999", f"of={'9' * 40}"):
        assert client.get(f"{path}?{asked}").status_code == 404, asked
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=town.tree.heads[first.above])
    below = client_of(app, house, "below")
    assert below.get(f"{path}?unit={first.unit}&unit={second.unit}").status_code == 200
    for asked in (f"unit={small.unit}", f"of={town.tree.root}"):
        assert below.get(f"{path}?{asked}").status_code == 404, asked
