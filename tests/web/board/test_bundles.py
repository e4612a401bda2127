"""The page of all sheets in one file: asked for, watched, stopped, taken away; and only by who sees every unit in it."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from survey.actions import bundles
from survey.actions.house import House
from survey.config import Config
from survey.domain.bundles import Format, Reach, Wanted, arranged
from survey.domain.publications import Place
from survey.domain.staff import StaffRole
from survey.packing import work
from survey.store.bundle_files import BundleFiles
from survey.store.bundle_tables import BundleRow
from survey.store.office_tables import UnitRow
from survey.web.board.bundle_sheets import Studio, spots
from tests.attacks.forms import forms
from tests.conftest import hire, on_sqlite, person
from tests.readings_for_tests import BRANCH, publication, reading
from tests.townships_for_tests import Township, published

Browse = Callable[[str], FlaskClient]


def soon(seconds: float) -> bool:
    time.sleep(min(seconds, 0.02))
    return False


def here(town: Township, unit: int) -> str:
    return f"/board/rounds/{town.round}/units/{unit}/bundle"


def press(client: FlaskClient, path: str, ends: str, **fields: str) -> str:
    """Send the first form of a page that goes there; the page it leads to."""
    form = next(each for each in forms(client.get(path).text, path) if each.method == "POST" and each.action.endswith(ends) and fields.keys() <= set(each.names()))
    answer = client.post(form.action, data={**form.data(), **fields})
    assert answer.status_code == 303 and answer.location == path, answer.status
    return text_of(client.get(path).text)


def take(client: FlaskClient, path: str, bundle: int, **headers: str) -> TestResponse:
    """The file; nothing of it stays open."""
    with client.get(f"{path}.zip?bundle={bundle}", headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
        answer.get_data()
        return answer


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page[page.index("<main") :]))


def test_the_way_of_a_bundle_from_the_wish_to_the_file(app: Flask, house: House, browse: Browse) -> None:
    town = published(house)
    client, path = browse("secretary"), here(town, town.tree.root)
    assert f'href="{path}"' in client.get(f"/board/rounds/{town.round}/results").text
    for _ in range(2):
        assert "单位的报告，PDF，中文 正在等待，马上就做。" in press(client, path, "/bundle", format="pdf", reach="units")
    with house.store.read() as db:
        assert db.execute(select(func.count()).select_from(BundleRow)).scalar_one() == 1
    (told,) = client.get(f"{path}.json").json["bundles"]
    assert (told["state"], told["done"], told["said"]) == ("waiting", 0, "正在等待，马上就做。")
    early = client.get(f"{path}.zip?bundle={told['id']}")
    assert early.status_code == 409 and "压缩包还没有做好" in early.text
    assert "已经停止，做好的报告都删除了。" in press(client, path, "/stop")
    assert "正在等待，马上就做。" in press(client, path, "/bundle", language="zh")
    work(Studio(app), wait=soon)
    page = client.get(path).text
    assert f"已经做好，共 {len(town.branches) + len(town.tree.heads) + 1} 份。" in page and "保留到" in page
    whole = take(client, path, told["id"])
    assert f'filename="sheets-{town.round}-{path.split("/")[-2]}.zip"' in whole.headers["Content-Disposition"], "a name for who knows ASCII alone"
    assert (whole.status_code, whole.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(whole.data)) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 1 + len(town.branches) + len(town.tree.heads) + 1
    # A line that broke goes on where it was.
    size = len(whole.data)
    parts = [take(client, path, told["id"], Range=f"bytes={span}", If_Range=whole.headers["ETag"]) for span in ("0-99", "100-")]
    assert [each.status_code for each in parts] == [206, 206] and parts[1].headers["Content-Range"] == f"bytes 100-{size - 1}/{size}"
    assert parts[0].data + parts[1].data == whole.data
    for bad in ("format=exe&reach=units", "format=pdf&reach=all", "format=pdf&reach=units&language=fr"):
        fields = {"csrf_token": forms(page, path)[0].data()["csrf_token"], **dict(each.split("=") for each in bad.split("&"))}
        assert client.post(path, data=fields).status_code == 400, bad


@on_sqlite
def test_a_button_that_is_pressed_twice_works_once_also_when_the_second_press_comes_late(house: House, browse: Browse) -> None:
    town = published(house)
    client, path = browse("secretary"), here(town, town.tree.root)

    def sent(ends: str) -> Callable[[], str]:
        """Send one form of the page as it is now, as often as it is called; the page it leads to."""
        form = next(each for each in forms(client.get(path).text, path) if each.method == "POST" and each.action.endswith(ends))
        fields = {**form.data(), **({"format": "pdf", "reach": "units"} if ends == "/bundle" else {})}

        def send() -> str:
            answer = client.post(form.action, data=fields)
            assert answer.status_code == 303 and answer.location == path, answer.status
            return text_of(client.get(path).text)

        return send

    begin = sent("/bundle")
    assert begin() == begin() and "正在等待，马上就做。" in begin()
    stop = sent("/stop")
    assert all("已经停止，做好的报告都删除了。" in page for page in (stop(), stop()))
    assert "已经停止" in begin(), "an old press begins nothing"
    assert "正在等待，马上就做。" in sent("/bundle")()
    assert "正在等待，马上就做。" in stop(), "and gives up nothing that was begun since"


@on_sqlite
def test_members_have_sheets_of_their_own_and_english_ones_are_another_bundle(app: Flask, house: House, browse: Browse, config: Config) -> None:
    town = published(house)
    branch = next(each for each in town.branches if each.returned >= 5 and any(target.startswith("m") for marks in each.marks.values() for target, _question, _answer in marks))
    client, path = browse("secretary"), here(town, branch.unit)
    chinese = press(client, path, "/bundle", format="both", reach="members")
    assert "单位和党员的报告，PDF 和 Word，中文" in chinese
    client.get(f"{path}?lang=en")
    english = press(client, path, "/bundle", format="both", reach="members")
    assert "Sheets of units and members, PDF and Word, English" in english and english.count("Waiting; it starts in a moment.") == 2
    work(Studio(app), wait=soon)
    files = sorted(config.instance.glob("bundles/*/whole.zip"))
    names = []
    for each in files:
        with zipfile.ZipFile(each) as archive:
            assert archive.testzip() is None
            names.append(archive.namelist())
            index = archive.read(archive.namelist()[0]).decode()
            assert ("Where" in index) == (archive.namelist()[0] == "Index.html")
    assert {each[0] for each in names} == {"目录.html", "Index.html"}
    assert sorted(names[0][1:]) == sorted(names[1][1:]) and len(names[0]) > 3
    with house.store.read() as db:
        called = db.execute(select(UnitRow.name).where(UnitRow.id == branch.unit)).scalar_one()
    assert {f"{called}.pdf", f"{called}.docx"} < set(names[0]) and all(each.startswith((f"{called}.", f"{called}/")) for each in names[0][1:])


@on_sqlite
def test_a_bundle_is_only_for_who_sees_its_unit_and_all_that_is_in_it(app: Flask, house: House, browse: Browse, config: Config) -> None:
    town = published(house)
    (first, own), (second, _other) = ((unit, name) for name, unit in town.tree.heads.items())
    hire(house, "head", "王领导", role=StaffRole.LEADER, unit=first)
    hire(house, "stranger", "赵领导", role=StaffRole.LEADER, unit=second)
    files, by = BundleFiles(config.instance), person(house, "secretary")
    ids = {
        unit: bundles.ask(house, Wanted(town.round, unit, Format.PDF, Reach.UNITS, "zh"), files, by=by, now=datetime.now(UTC)) for unit in (town.tree.root, first, second)
    }  # fmt: skip
    work(Studio(app), wait=soon)
    head, stranger, secretary = browse("head"), browse("stranger"), browse("secretary")
    assert take(head, here(town, first), ids[first]).status_code == 200
    token = forms(stranger.get(here(town, second)).text, "")[0].data()["csrf_token"]
    for unit in (first, town.tree.root):
        path = here(town, unit)
        for address in (path, f"{path}.json", f"{path}.zip?bundle={ids[unit]}"):
            assert stranger.get(address).status_code == 404, address
        assert stranger.post(path, data={"csrf_token": token, "format": "word", "reach": "units"}).status_code == 404
        # Another's bundle under one's own unit is not there either.
        for at in (path, here(town, second)):
            assert stranger.post(f"{at}/stop", data={"csrf_token": token, "bundle": ids[unit]}).status_code == 404
        assert take(stranger, here(town, second), ids[unit]).status_code == 404
    assert own not in zip_names(secretary, town, second, ids[second])
    # A branch goes over to the second head: the file of the first one holds what is not the first one's any more.
    moved = next(each for each in town.branches if each.above == own)
    with house.store.write() as db:
        db.execute(update(UnitRow).where(UnitRow.id == moved.unit).values(parent_id=second))
    for client in (head, secretary):
        refused = take(client, here(town, first), ids[first])
        assert refused.status_code == 409 and "这个压缩包不能再下载" in refused.text
        assert "里面的单位有了变动，不能再下载。请重新做。" in client.get(here(town, first)).text
    assert take(secretary, here(town, town.tree.root), ids[town.tree.root]).status_code == 200
    press(head, here(town, first), "/bundle", language="zh")
    work(Studio(app), wait=soon)
    assert len(zip_names(head, town, first, ids[first])) == 1 + 3, "its index, its overview and its branches"
    # What is gone from the disk is said to be gone.
    for each in config.instance.glob("bundles/*/whole.zip"):
        each.unlink()
    assert "做好过，但是压缩包已经不在这台服务器上。请重新做。" in head.get(here(town, first)).text
    assert take(head, here(town, first), ids[first]).status_code == 409


def zip_names(client: FlaskClient, town: Township, unit: int, bundle: int) -> list[str]:
    answer = take(client, here(town, unit), bundle)
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return archive.namelist()


@on_sqlite
def test_a_unit_that_was_rated_and_stands_above_others_has_its_own_sheet_its_overview_and_its_members(app: Flask) -> None:
    """Guards: `spots` in survey.web.board.bundle_sheets."""
    made = publication(members=2, name="某公司党委")
    found = reading(replace(made, places=(*made.places, Place(9, BRANCH, "branch", "新支部"))))
    with app.test_request_context("/board?lang=zh"):
        there = arranged(spots(found, found.inside(2)), Wanted(7, 2, Format.PDF, Reach.MEMBERS, "zh"))
    assert [each.path for each in there] == [
        "第一党总支.pdf", "某公司党委.pdf", "某公司党委（概况）.pdf", "某公司党委/张01.pdf", "某公司党委/张02.pdf", "某公司党委/新支部.pdf",
    ]  # fmt: skip
    assert [each.key for each in there] == ["o2", f"u{BRANCH}", f"o{BRANCH}", "m1", "m2", "u9"]
