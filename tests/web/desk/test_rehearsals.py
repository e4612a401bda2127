"""The key on the scrutineer's slip, as the clerk meets it: the tick, the print, the rehearsal, the count; and where it must not be."""

import html
import logging
import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask

from survey.actions.house import House
from survey.domain.meetings import Stage
from survey.domain.slip_keys import pretty_key, read_key
from tests.conftest import make_people, on_sqlite
from tests.web.desk.desks_for_tests import Desk, acts, codes_in, groups, new_meeting, sit_down, stage, text_in, words

ONE_GROUP = {"group": ["群众代表"], "due": ["8"], "present": ["6"]}


def open_on_slip(app: Flask, house: House) -> tuple[Desk, str, str, str]:
    """A desk, the path of a meeting opened with the tick, the scrutineer's code and the key as the page gave them."""
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    path = new_meeting(desk, hall, **ONE_GROUP)
    asked = desk.open(f"{path}/open").text
    assert 'name="key_on_slip" value="1">' in asked, "nobody has chosen it yet"
    assert "这张签丢了，谁也不能计票，只能作废重评" in asked
    page = desk.send(f"{path}/open", key_on_slip="1").text
    code, key = (re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("scrutineer", "box_key"))
    assert code and key and "请从这台电脑上删掉它" in page
    return desk, path, code.group(1), key.group(1)


def code_on(document: bytes) -> str:
    """What a scanner reads from the slip."""
    (found,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(document)[0].render(scale=2, grayscale=True).to_pil())
    return str(found.text)


@on_sqlite
def test_the_key_is_printed_tried_and_counts(app: Flask, house: House) -> None:
    desk, path, code, key = open_on_slip(app, house)
    slip = desk.send(f"{path}/scrutineer", scrutineer=code, box_key=key)
    assert slip.mimetype == "application/pdf" and slip.headers["Cache-Control"] == "no-store"
    scanned = code_on(slip.data)
    assert read_key(scanned) == read_key(key)
    assert all(group in text_in(slip.data) for group in pretty_key(scanned).split(" "))
    assert "它打不开票箱" not in text_in(slip.data), "what the ordinary slip says is not so here"

    before = desk.read(path)
    assert "请监票人试一次钥匙" in before and "这里没有票箱的钥匙" not in before
    assert "打印全部票签" not in before and "/links" not in desk.open(path).text
    soon, told = desk.read(f"{path}/screen"), desk.open(f"{path}/screen/code").get_json()
    assert "评议马上开始" in soon and "已收回" not in soon and "path" not in told, "no ballot can come yet"
    (group,) = groups(house, path)
    for act in ("slips", "links", "forms"):
        refused = desk.send(f"{path}/{act}", group=str(group), n="6")
        assert refused.status_code == 409 and "钥匙还没有试过" in words(refused), act
    done = desk.send(f"{path}/rehearse", box_key=scanned)
    assert done.status_code == 303 and done.location.endswith(path)
    assert "试过监票签上的钥匙，打得开票箱" in desk.read(path)
    assert "path" in desk.open(f"{path}/screen/code").get_json() and "扫自己票签上的码" in desk.read(f"{path}/screen")

    for each in codes_in(desk.send(f"{path}/slips", group="all").data):
        assert app.test_client().post(f"/b/{each}", data={"0.0": "0", "go": "cast"}).status_code == 303
    desk.send(f"{path}/close")
    desk.send(f"{path}/leftovers", **{f"left_{group}": "0"})
    assert 'name="box_key"' in desk.open(f"{path}/count").text
    wrong = desk.send(f"{path}/count", scrutineer=code, box_key=key[:-1] + ("0" if key[-1] != "0" else "1"))
    assert wrong.status_code == 400 and "钥匙抄错了一位" in words(wrong) and stage(house, path) is Stage.CLOSED
    assert desk.send(f"{path}/count", scrutineer=code, box_key=key).status_code == 303
    assert stage(house, path) is Stage.COUNTED
    assert "请监票人当场撕碎" in desk.read(path)
    assert acts(house, path)[1:3] == ["open", "rehearse"]


@on_sqlite
def test_what_cannot_be_the_key_is_said_beside_the_field_and_given_back_nowhere(app: Flask, house: House) -> None:
    desk, path, code, key = open_on_slip(app, house)
    bare = key.replace(" ", "")
    other = "0" if bare[9] != "0" else "1"
    for typed, said in (("", "还没有输入钥匙"), (key[:-3], "钥匙的位数不对"), ("U" + bare[1:], "第 1 组"), (bare[:9] + other + bare[10:], "钥匙抄错了一位")):
        page = desk.send(f"{path}/rehearse", box_key=typed)
        assert page.status_code == 400 and said in words(page)
        assert 'id="key-wrong"' in page.text and bare[8:40] not in page.text.replace(" ", "")
    # A slip of paper without the key would be printed for nothing.
    assert desk.send(f"{path}/scrutineer", scrutineer=code).status_code == 400
    assert desk.open(f"{path}/draft").status_code == 200


@on_sqlite
def test_the_tick_is_offered_only_where_somebody_gets_the_slip(app: Flask, house: House) -> None:
    hall = make_people(house)
    desk = sit_down(app, house, "secretary")
    alone = new_meeting(desk, hall, one_officer="1", **ONE_GROUP)
    assert "key_on_slip" not in desk.open(f"{alone}/open").text
    forced = desk.send(f"{alone}/open", key_on_slip="1")
    assert forced.status_code == 400 and "钥匙不能只印在监票签上" in words(forced) and stage(house, alone) is Stage.DRAFT
    plain = new_meeting(desk, hall, **ONE_GROUP)
    assert "box_key" not in desk.send(f"{plain}/open").text
    assert desk.open(f"{plain}/rehearse").status_code == 404 and desk.send(f"{plain}/rehearse", box_key="x").status_code == 404
    assert "box_key" not in desk.open(f"{plain}/count").text


@on_sqlite
def test_the_key_is_in_no_file_log_session_or_kept_form(
    app: Flask, house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk, path, code, key = open_on_slip(app, house)
    desk.send(f"{path}/scrutineer", scrutineer=code, box_key=key)
    once = re.search(r'name="once" value="([^"]+)"', desk.open(f"{path}/rehearse").text)
    assert once and desk.send(f"{path}/rehearse", box_key=key, once=once.group(1)).status_code == 303
    # A login that has run out: what was typed goes through the login page, the key stays behind.
    out = app.test_client().post(f"/desk/meetings{path}/void", data={"reason": "发错了票签", "scrutineer": code, "box_key": key})
    assert out.status_code == 401 and "发错了票签" in html.unescape(out.text)
    bare, private = key.replace(" ", ""), read_key(key)
    forms = (bare.encode(), key.encode(), private, private.hex().encode())
    with desk.client.session_transaction("/desk") as session:
        seen = [repr(dict(session)).encode(), caplog.text.encode(), out.data]
    seen += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(seen) > 4
    assert not [form for form in forms for each in seen if form in each]
