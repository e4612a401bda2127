"""A round is looked through, published once from its page, and taken away as a file."""

import io
import json
import re
import zipfile

import pytest
from flask import Flask

from survey.actions import meetings
from survey.actions.house import House
from survey.config import release
from survey.domain.publication_files import digest
from survey.domain.staff import StaffRole
from survey.office.hand_ins import unpacked
from survey.store import publications as kept
from tests.conftest import NOW, hire, on_sqlite
from tests.townships_for_tests import Branch, Township
from tests.web.desk.desks_for_tests import Desk, sit_down, words

pytestmark = on_sqlite


@pytest.fixture
def town(house: House) -> Township:
    return Township(house)


def look(desk: Desk, town: Township) -> tuple[str, str]:
    """The words of the preview, and the digest its button carries ("" without a button)."""
    page = desk.client.get(f"/desk/rounds/{town.round}/publish")
    assert page.status_code == 200
    seen = re.search(r'name="seen" value="(\w+)"', page.text)
    return words(page), seen.group(1) if seen else ""


def publish(desk: Desk, town: Township, seen: str, **more: str):
    return desk.client.post(f"/desk/rounds/{town.round}/publish", data={"csrf_token": desk.token(), "seen": seen, **more})


def hold(town: Township, branch: Branch, sizes: tuple[int, int]) -> None:
    """One meeting from its opening to its count."""
    word = town.open(branch)
    town.vote(branch, sizes)
    town.count(branch, word)


def test_a_round_is_looked_through_published_and_taken_away(app: Flask, house: House, town: Township) -> None:
    town.hold()
    desk, here = sit_down(app, house, "secretary"), f"/desk/rounds/{town.round}"
    hire(house, "partly", "领导", role=StaffRole.LEADER, unit=min(town.tree.heads.values()))
    for login in ("secretary", "partly"):
        status = sit_down(app, house, login).client.get(f"/board/rounds/{town.round}/publication.zip").status_code
        assert status == (409 if login == "secretary" else 404), "there is none before"
    assert f"{here}/publish" in desk.client.get(here).text
    said, seen = look(desk, town)
    back = sum(branch.returned for branch in town.branches)
    assert f"已计票的评议会 6 评到的单位 6 应到 240 实到 120 发出 {back} 收回 {back}" in said
    few = [branch for branch in town.branches if branch.returned < 5]
    names = [name for name, branch in town.tree.branches.items() if branch.unit in {each.unit for each in few}]
    joined = re.search(rf"一共多少票 (\S+) 河东党委 {sum(each.returned for each in few)} ", said)
    assert joined and sorted(joined[1].split("、")) == sorted(names)
    assert "满意率到 80% 评为“满意”" in said and "百分数保留 2 位小数" in said and "哪里都不显示的票 0" in said
    assert len(seen) == 64 and not re.search(r"[0-9a-f]{64}", said), "no digest of counts before they are published"
    key = re.search(r'name="once" value="(\w+)"', desk.client.get(f"{here}/publish").text)
    assert key is not None
    for _sent in range(2):
        assert publish(desk, town, seen, once=key[1]).location == here, "a form that is sent twice works once"
    page = words(desk.client.get(here))
    with house.store.read() as db:
        bodies = kept.bodies(db, town.round)
    assert "这一轮的结果已经公布" in page and digest(bodies) in page
    assert desk.client.get(f"{here}/publish").status_code == 303
    again = publish(desk, town, seen)
    assert again.status_code == 409 and "这一轮已经公布" in words(again)
    data = desk.client.get(f"/board/rounds/{town.round}/publication.zip").data
    assert data == desk.client.get(f"/board/rounds/{town.round}/publication.zip").data
    assert unpacked(data) == bodies
    assert f'"version":"{release()}"' in zipfile.ZipFile(io.BytesIO(data)).read("round.json").decode()
    table = desk.client.get(f"/board/rounds/{town.round}/figures.csv")
    assert table.status_code == 200 and table.text.count("\n") > 100
    for login in ("partly", "other"):
        client = sit_down(app, house, login).client
        for name in ("publication.zip", "figures.csv"):
            assert client.get(f"/board/rounds/{town.round}/{name}").status_code == 404, "the counts of others are none of his"


def test_what_still_runs_is_named_with_a_way_to_it_and_only_who_runs_the_round_looks(app: Flask, house: House, town: Township) -> None:
    desk = sit_down(app, house, "secretary")
    hire(house, "below", "书记", role=StaffRole.SECRETARY, unit=min(town.tree.heads.values()))
    for login in ("below", "other", "leader"):
        assert sit_down(app, house, login).client.get(f"/desk/rounds/{town.round}/publish").status_code == 404, login
    said, seen = look(desk, town)
    assert not seen and "现在还不能公布" in said and "还没有已计票的评议会" in said
    first, second = town.branches[0], town.branches[3]
    hold(town, first, (6, 7))
    town.open(second)
    said, seen = look(desk, town)
    page = desk.client.get(f"/desk/rounds/{town.round}/publish").text
    assert not seen and "还有 1 场评议会没有结束" in said and f"/desk/meetings/{second.meeting}" in page
    assert "还是草稿的评议会 4" in said
    refused = publish(desk, town, town.look().seen)
    assert refused.status_code == 409 and "还有评议会没有结束" in words(refused) and "会公布什么" in words(refused)
    meetings.back_to_draft(house, second.meeting, by=town.by, now=NOW)
    said, seen = look(desk, town)
    assert seen and "看看现在公布会有什么" in words(desk.client.get(f"/desk/rounds/{town.round}"))
    # Another meeting is counted while somebody looks.
    hold(town, second, (9, 2))
    refused = publish(desk, town, seen)
    assert refused.status_code == 409 and "结果和您刚才看的不一样了" in words(refused)
    fresh = look(desk, town)[1]
    assert fresh != seen and fresh in refused.text
    with house.store.read() as db:
        assert kept.of_round(db, town.round) is None
    assert publish(desk, town, fresh).status_code == 303


def test_publication_says_how_far_it_is_and_its_last_line_leads_to_the_round(app: Flask, house: House, town: Township) -> None:
    desk, here = sit_down(app, house, "secretary"), f"/desk/rounds/{town.round}"
    for branch, sizes in zip(town.branches, town.SIZES, strict=True):
        hold(town, branch, sizes)
    key = re.search(r'name="once" value="(\w+)"', desk.client.get(f"{here}/publish").text)
    assert key is not None
    refused = publish(desk, town, "0" * 64, progress="1").text.splitlines()
    assert "结果和您刚才看的不一样了" in json.loads(refused[-1])["page"]
    seen = look(desk, town)[1]
    sent = publish(desk, town, seen, once=key[1], progress="1")
    assert sent.status_code == 200 and sent.mimetype == "text/plain"
    lines = [json.loads(line) for line in sent.text.splitlines()]
    assert lines[0] == {"said": "正在准备公布。", "share": 0} and lines[-1] == {"to": here} and all("said" in line for line in lines[:-1])
    with house.store.read() as db:
        assert kept.of_round(db, town.round) is not None
    assert publish(desk, town, seen, once=key[1], progress="1").location == here, "a form that is sent twice works once"
    again = json.loads(publish(desk, town, "x", progress="1").text.splitlines()[-1])
    assert "这一轮已经公布" in again["page"]
