"""Side by side within one unit or member: members, groups and rounds, their figures by hand, and what may not be compared."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from survey.actions.house import House
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.staff import StaffRole
from survey.store import publications as kept
from survey.store.office_tables import MemberRow
from survey.web.board.changes import Why
from survey.web.board.compared import Chosen, tables
from survey.web.board.roll_ups import Reading
from tests.analysis.pictures_for_tests import words
from tests.conftest import hire, on_sqlite
from tests.publications_for_tests import read
from tests.townships_for_tests import GROUPS, Branch, Township, published, rates
from tests.web.board.test_round_results import all_of, client_of, reworded, text_of


@pytest.fixture
def town(house: House) -> Township:
    return published(house)


def rows_of(page: str, name: str) -> list[str]:
    """What stands in the rows of one, all questions together first."""
    return [text_of("<main>" + row) for row in re.findall(r"(?s)<tr.*?</tr>", page) if re.search(rf">{name}<", row)]


def apart(one: tuple[str, str, int], first: tuple[str, str, int]) -> str:
    """The difference of two printed rates as the page says it."""
    found = [Decimal(a) - Decimal(b) for a, b in zip(one[:2], first[:2], strict=True)]
    return " / ".join(f"+{each}" if each > 0 else f"− 低 {-each}" if each else f"{each}" for each in found)


def of(branch: Branch, key: str, group: str = "") -> Counter[tuple[str, str, int]]:
    every = branch.marks[group] if group else all_of([branch])
    return Counter({each: n for each, n in every.items() if each[0] == key})


@on_sqlite
def test_groups_and_members_of_a_unit_stand_side_by_side(app: Flask, house: House, town: Township) -> None:
    client, branch = client_of(app, house, "secretary"), town.branches[5]
    assert branch.ballots == {GROUPS[0]: 5, GROUPS[1]: 5}, "each enough to be shown"
    base, key = f"/board/rounds/{town.round}/units/{branch.unit}", f"u{branch.unit}"
    page = client.get(f"{base}/compare?by=groups").text
    found = [rates(of(branch, key, group)) for group in GROUPS]
    first, second = (rows_of(page, group)[0] for group in GROUPS)
    assert " ".join(map(str, found[0])) in first and f"{' '.join(map(str, found[1]))} {apart(found[1], found[0])}" in second
    questions = sorted({question for _t, question, _a in of(branch, key)})
    for place, question in enumerate(questions, start=1):
        one, other = (rates(Counter({each: n for each, n in of(branch, key, group).items() if each[1] == question})) for group in GROUPS)
        assert f"{' '.join(map(str, other))} {apart(other, one)}" in rows_of(page, GROUPS[1])[place]
    drawn = words(client.get(f"{base}/compared.svg?by=groups").data)
    assert drawn[drawn.index(GROUPS[1]) + 1 :][:3] == [str(each) for each in found[1]]

    # Fewer of one group than are shown: they are one, and there is nothing to compare.
    merged = next(each for each in town.branches if each.returned >= 5 and min(each.ballots.values()) < 5)
    assert client.get(f"/board/rounds/{town.round}/units/{merged.unit}/compared.svg?by=groups").status_code == 404

    branch = town.branches[3]
    base = f"/board/rounds/{town.round}/units/{branch.unit}"
    members = sorted({key for key, _q, _a in all_of([branch]) if key.startswith("m")})
    whole = client.get(f"{base}/compare?by=members").text
    assert re.findall(r'name="pick" value="(\w+)"', whole) == members and " checked" not in whole and "<tbody" not in whole
    picked = "&".join(f"pick={key}" for key in members[:2])
    page = client.get(f"{base}/compare?by=members&{picked}").text
    one, other = (rates(of(branch, key)) for key in members[:2])
    assert f"{' '.join(map(str, other))} {apart(other, one)}" in text_of(page) and page.count(" checked") == 2
    for kind, head in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        assert client.get(f"{base}/compared.{kind}?by=members&{picked}").data.startswith(head)
    assert "现在选了 1 个。" in client.get(f"{base}/compare?by=members&pick={members[0]}").text
    foreign = next(key for key, _q, _a in all_of([town.branches[5]]) if key.startswith("m") and key not in members)
    for asked in (f"compare?by=members&pick={foreign}", "compare?by=nothing", "compare?by=groups&pick=g9", f"compared.svg?by=members&pick={members[0]}", "compared.svg"):
        assert client.get(f"{base}/{asked}").status_code == 404, asked
    small = next(each for each in town.branches if each.returned < 5)
    assert "没有可以放在一起比的" in client.get(f"/board/rounds/{town.round}/units/{small.unit}/compare").text
    hire(house, "below", "王总支", role=StaffRole.LEADER, unit=town.branches[0].unit)
    beside = f"unit={town.branches[0].unit}&unit={branch.unit}"
    others = (f"members/{members[0]}/compare", f"compare?{beside}", f"compared.svg?{beside}")
    for asked in (f"{base}/compare", f"{base}/compared.svg?by=groups", *(f"/board/rounds/{town.round}/{each}" for each in others)):
        assert client_of(app, house, "below").get(asked).status_code == 404, asked


@on_sqlite
def test_rounds_of_a_unit_and_of_a_member_stand_side_by_side(app: Flask, house: House, town: Township) -> None:
    old, before, left = town.round, town.branches[3], town.branches[5]
    with house.store.write() as db:
        moved = db.execute(select(MemberRow.id).where(MemberRow.unit_id == left.unit).order_by(MemberRow.id)).scalars().first()
        db.execute(update(MemberRow).where(MemberRow.id == moved).values(unit_id=before.unit))
    town.plan("2026 年第四季度评议", date(2026, 10, 1))
    now = town.branches[3]
    town.hold_one(now, (6, 7))
    town.publish()
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}"
    member = next(key for key, _q, _a in all_of([now]) if key.startswith("m"))
    for key, path in ((f"u{now.unit}", f"units/{now.unit}"), (member, f"members/{member}")):
        then, found = rates(of(before, key)), rates(of(now, key))
        page = client.get(f"{base}/{path}/compare?by=rounds").text
        assert f"{' '.join(map(str, found))} {apart(found, then)}" in rows_of(page, "2026 年第四季度评议")[0]
        assert " ".join(map(str, then)) in rows_of(page, "2026 年第三季度评议")[0]
        drawn = words(client.get(f"{base}/{path}/compared.svg?by=rounds").data)
        assert drawn.index(then[0]) < drawn.index(found[0])
        assert f"{path}/compare" in client.get(f"{base}/{path}").text.replace("&amp;", "&")
        assert client.get(f"{base}/{path}/compared.svg?by=rounds&pick=r{old}").status_code == 404
    # Whoever came from another unit has no round of that one to put beside: what was said of him there is not this one's to tell.
    here = client.get(f"{base}/members/m{moved}/compare?by=rounds")
    assert here.status_code == 200 and f'value="r{old}"' not in here.text
    assert client.get(f"{base}/members/m{moved}/compare?by=rounds&pick=r{old}").status_code == 404


@on_sqlite
def test_no_difference_is_told_between_other_rules_other_questions_or_other_answers(app: Flask, house: House, town: Township) -> None:
    with app.test_request_context(), house.store.read() as db:
        made = read(kept.bodies(db, town.round))
        key = f"u{town.branches[0].unit}"
        (number, form), *_rest = made.forms.items()
        scales = tuple(replace(each, options=tuple(replace(option, label=f"{option.label}吗") for option in each.options)) for each in form.scales)
        here = Reading(FrozenRoll.of(made)).target(key)
        other = Reading(FrozenRoll.of(replace(made, forms={number: reworded(form)}))).target(key)
        answers = Reading(FrozenRoll.of(replace(made, forms={number: replace(form, scales=scales)}))).target(key)
    cases = (
        (Chosen("同", "", here), [None] * 6), (Chosen("规则", "", here, why=Why.RULES), [Why.RULES] * 6),
        (Chosen("题目", "", other), [Why.ASKED] + [None] * 10), (Chosen("选项", "", answers), [Why.ASKED] + [Why.ANSWERS] * 5),
    )  # fmt: skip
    for chosen, whys in cases:
        found = tables((Chosen("先", "", here), chosen))
        assert [table.cells[1].why for table in found] == whys, chosen.label
        assert all((table.cells[1].narrow is None) == (table.cells[1].why is not None or None in (table.cells[0].rate, table.cells[1].rate)) for table in found)
    hidden = tables((Chosen("少", "", None), Chosen("后", "", here)))
    assert all(table.cells[0].rate is None and table.cells[1].narrow is None and table.cells[1].why is None for table in hidden)
