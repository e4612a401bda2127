"""The lists at the desk: buttons, words that stay in the form, and every page that shows the changed words."""

from io import BytesIO

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from survey.actions.house import House
from survey.domain.terms import TermList
from survey.store import terms as kept
from survey.store.members import of_units
from tests.conftest import make_people
from tests.web.desk.desks_for_tests import words
from tests.web.desk.test_trees import NAUGHTY, client_of, hidden


def send(client: FlaskClient, house: House, which: str, **fields: object):
    with house.store.read() as db:
        seen = kept.all_terms(db).mark(TermList(which))
    form = hidden(client.get("/desk/lists").text)
    return client.post("/desk/lists", data={"csrf_token": form["csrf_token"], "list": which, "seen": seen, **fields})


def test_an_administrator_changes_a_list_and_a_secretary_only_looks(app: Flask, house: House) -> None:
    make_people(house)
    admin, secretary = client_of(app, house, "admin"), client_of(app, house)
    assert send(admin, house, "sector", act="add", label="矿区").status_code == 303
    assert send(admin, house, "sector", act="up", key="own1", place="6").status_code == 303
    assert send(admin, house, "sector", act="rename", key="rural", label="乡村").status_code == 303
    assert send(admin, house, "group", act="order", key="leaders", place="0").status_code == 303
    shown = words(secretary.get("/desk/lists"))
    assert shown.index("矿区") < shown.index("两新组织") and "乡村" in shown and "改名" not in shown
    token = hidden(secretary.get("/desk/lists").text)
    assert secretary.post("/desk/lists", data={**token, "list": "sector", "act": "retire", "key": "rural"}).status_code == 403


def test_every_page_speaks_the_changed_words(app: Flask, house: House) -> None:
    hall = make_people(house)
    admin = client_of(app, house, "admin")
    send(admin, house, "member_kind", act="rename", key="working", label="在岗党员")
    send(admin, house, "sector", act="rename", key="school", label="学校")
    send(admin, house, "group", act="add", label="乡贤")
    send(admin, house, "group", act="retire", key="workers")
    assert "在岗党员" in admin.get(f"/desk/units/{hall.branch}").text
    assert "学校" in admin.get("/desk/units").text and "学校" in admin.get(f"/desk/units/{hall.other_branch}?lang=en").text
    new = admin.get("/desk/meetings/new?lang=zh").text
    assert "乡贤" in new and "群众代表" not in new
    book = openpyxl.load_workbook(BytesIO(admin.get("/desk/units/import/template.xlsx").data))
    assert any("在岗党员" in str(each.formula1) for each in book.worksheets[0].data_validations.dataValidation)
    send(admin, house, "sector", act="retire", key="school")
    edit = admin.get(f"/desk/units/{hall.other_branch}/edit").text
    assert 'value="school" selected' in edit and 'value="school"' not in admin.get(f"/desk/units/{hall.branch}/edit").text
    assert "学校" in admin.get(f"/desk/units/{hall.other_branch}").text


def test_words_of_the_house_are_said_in_english_and_others_stand_as_typed(app: Flask, house: House) -> None:
    make_people(house)
    admin = client_of(app, house, "admin")
    send(admin, house, "sector", act="add", label="Mines")
    page = words(client_of(app, house).get("/desk/lists?lang=en"))
    assert "Mines" in page and "农村" not in page


def test_what_was_typed_stays_and_the_reason_is_a_sentence(app: Flask, house: House) -> None:
    make_people(house)
    admin = client_of(app, house, "admin")
    twice = send(admin, house, "sector", act="add", label="农村")
    assert twice.status_code == 400 and "列表里已经有“农村”" in twice.text and 'value="农村"' in twice.text
    usual = send(admin, house, "member_kind", act="retire", key="working")
    assert usual.status_code == 400 and "不能停用，可以改名" in usual.text
    stale = admin.post("/desk/lists", data={**hidden(admin.get("/desk/lists").text), "list": "sector", "seen": "x", "act": "add", "label": "矿区"})
    assert stale.status_code == 409 and "刚才有人改过" in stale.text and "矿区" in stale.text


def test_any_text_in_any_field_is_kept_or_refused_in_words(app: Flask, house: House) -> None:
    make_people(house)
    admin = client_of(app, house, "admin")
    for text in NAUGHTY:
        assert send(admin, house, "group", act="add", label=text).status_code in (303, 400)
        for field in ("key", "place", "act", "seen"):
            fields = {"act": "rename", "key": "workers", "label": "好", field: text}
            assert send(admin, house, "group", **fields).status_code in (303, 400, 404, 409), (field, text)
        odd = admin.post("/desk/lists", data={**hidden(admin.get("/desk/lists").text), "list": text, "act": "add"})
        assert odd.status_code in (404, 413)


def test_a_contact_is_found_by_name_added_and_taken_off(app: Flask, house: House) -> None:
    hall = make_people(house)
    client = client_of(app, house)
    path = f"/desk/units/{hall.branch}/contacts"
    with house.store.read() as db:
        leader = of_units(db, [hall.other_branch])[0]
    found = client.get(path, query_string={"q": leader.name})
    assert leader.name in words(found)
    token = {"csrf_token": hidden(found.text)["csrf_token"], "member": str(leader.id)}
    assert client.post(path, data={**token, "act": "add"}).status_code == 303
    assert leader.name in words(client.get(f"/desk/units/{hall.branch}")).partition("党员 4 名")[0]
    assert client.post(path, data={**token, "act": "remove"}).status_code == 303
    assert "还没有。" in client.get(f"/desk/units/{hall.branch}").text
    for text in NAUGHTY:
        assert client.post(path, data={**token, "member": text[:99], "act": text[:99]}).status_code == 404
        assert client.get(path, query_string={"q": text[:300]}).status_code == 200
