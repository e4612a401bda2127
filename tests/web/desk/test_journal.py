"""The journal of staff: every act has its sentence, nobody reads of another subtree, and it is fast when it is long."""

import ast
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import Engine, event, insert, text

from survey.actions import accounts, invitations, meetings, staff
from survey.actions.house import House
from survey.domain.meetings import Entry
from survey.domain.staff import StaffRole
from survey.store import journal, journal_pages
from survey.store.journal_pages import Wanted
from survey.store.tables import JournalRow
from survey.web import acts
from survey.web.desk import office_acts
from tests.conftest import PASSWORD, Hall, hire, make_people, on_sqlite, person
from tests.web.desk.desks_for_tests import sit_down, words

ROOT = Path(__file__).parent.parent.parent.parent
NOW = datetime.now(UTC)


@pytest.fixture
def hall(house: House) -> Hall:
    made = make_people(house)
    for login, unit in (("near", made.branch), ("far", made.other_branch)):
        hire(house, f"admin {login}", f"{login}管理", role=StaffRole.ADMIN, unit=unit)
    return made


def noted() -> Iterator[str]:
    """The names of all acts in the source: what is given to journal.note, and what is given on to it."""
    for path in sorted((ROOT / "survey" / "actions").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            given: list[ast.expr] = []
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("act", "(act, host)"):
                given = [node.value.elts[0] if isinstance(node.value, ast.Tuple) else node.value]
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                given = node.args[1:2] if name in ("journal.note", "_write", "_change") else node.args[:1] if name == "Done" else []
            for each in given:
                for part in ast.walk(each):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_every_act_that_is_noted_has_its_sentence() -> None:
    known = {*acts.WORDS, *office_acts.WORDS}
    found = set(noted())
    assert len(found) > 35 and {"create", "invite", "unit_move", "member_leave", "join"} <= found
    assert found <= known, found - known


def busy(house: House, hall: Hall) -> None:
    """One act of each kind in both branches."""
    for login, unit in (("near", hall.branch), ("far", hall.other_branch)):
        by = person(house, f"admin {login}")
        new = meetings.NewMeeting(unit, NOW.date(), "", Entry.SLIPS, [("群众代表", 6, 6)], f"{login}的会")
        meetings.create(house, new, by=person(house, "secretary"), now=NOW)
        made = invitations.invite(house, f"{login}新人", place=(StaffRole.LEADER, unit), by=by, now=NOW)
        invitations.withdraw(house, made.invitation.digest.hex(), by=by, now=NOW)
        whom = person(house, "leader" if login == "near" else "other")
        accounts.lock(house, whom.id, by=by, now=NOW)
        accounts.unlock(house, whom.id, by=by, now=NOW)
        staff.log_in(house, f"admin {login}", PASSWORD, now=NOW)


def test_an_admin_reads_of_his_subtree_and_of_nothing_else(app: Flask, house: House, hall: Hall) -> None:
    busy(house, hall)
    here = sit_down(app, house, "admin near").client
    said = words(here.get("/desk/journal"))
    for sentence in ("邀请near新人做领导", "撤回给near新人的链接", "锁定王领导的账号“leader”", "新建评议会", "near的会"):
        assert sentence in said
    assert "far" not in said and "青山小学" not in said
    everything = words(sit_down(app, house, "admin").client.get("/desk/journal"))
    assert "邀请far新人做领导" in everything and "邀请near新人做领导" in everything and "建立最上级单位" in everything
    for login in ("secretary", "leader"):
        assert sit_down(app, house, login).client.get("/desk/journal").status_code == 403


def test_it_is_searched_by_person_place_kind_and_day(app: Flask, house: House, hall: Hall) -> None:
    busy(house, hall)
    client = sit_down(app, house, "admin").client

    def found(**query: str) -> str:
        page = client.get("/desk/journal", query_string=query)
        assert page.status_code == 200
        return words(page)

    assert "撤回给near新人" in found(name="near管理") and "撤回给far新人" not in found(name="near管理")
    assert "far的会" in found(place="far的会") and "near的会" not in found(place="far的会")
    assert "锁定王领导" in found(kind="accounts") and "新建评议会" not in found(kind="accounts")
    day = (NOW + timedelta(hours=8)).date()
    assert "新建评议会" in found(since=day.isoformat(), until=day.isoformat())
    assert "没有找到" in found(until="2001-01-01") and "没有找到" in found(name="没有这个人", since="2001-01-01")
    wrong = client.get("/desk/journal?since=昨天")
    assert wrong.status_code == 400 and "“昨天”不是日期" in words(wrong)


def test_the_files_say_what_the_page_says_and_run_nothing(app: Flask, house: House, hall: Hall) -> None:
    admin = person(house, "admin")
    invitations.invite(house, "=1+1", place=(StaffRole.LEADER, hall.branch), by=admin, now=NOW)
    client = sit_down(app, house, "admin").client
    rows = list(csv.reader(io.StringIO(client.get("/desk/journal/journal.csv").data.decode("utf-8-sig"))))
    assert rows[0] == ["时间", "谁", "做了什么", "评议会", "单位"] and rows[1][1:3] == ["管管", "邀请=1+1做领导"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/desk/journal/journal.xlsx").data))
    sheet = [[cell or "" for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert sheet == rows
    assert client.get("/desk/journal/journal.csv?name=nobody").data.decode("utf-8-sig").count("\n") == 1


def test_the_pages_follow_each_other_without_gap_or_double(house: House, hall: Hall) -> None:
    with house.store.write() as db:
        for number in range(23):
            journal.note(db, "login", by=None, now=NOW, unit_id=hall.branch, n=number)
    seen: list[int] = []
    before = None
    while True:
        with house.store.read() as db:
            page = journal_pages.page(db, Wanted(acts=["login"]), below=hall.branch, before=before, most=5)
        if not page:
            break
        seen += [int(str(each.detail["n"])) for each in page]
        before = page[-1].id
    assert seen == list(reversed(range(23)))


@on_sqlite
def test_a_long_journal_is_read_through_its_indexes(house: House, hall: Hall) -> None:
    """Guards: the indexes of the journal: without them a rare act in a long journal is looked for row by row."""
    with house.store.write() as db:
        row = {"minute": NOW.replace(tzinfo=None), "staff_id": None, "act": "login", "unit_id": hall.root, "detail": ""}
        db.execute(insert(JournalRow), [row] * 1000)
        for column, value in (("act", "'void'"), ("unit_id", "7"), ("staff_id", "7"), ("minute", "'2020-01-01'")):
            plan = db.execute(text(f"EXPLAIN QUERY PLAN SELECT id FROM journal WHERE {column} = {value} ORDER BY id DESC LIMIT 50")).all()
            assert f"ix_journal_{column}_id" in plan[0].detail, plan


def test_rows_of_a_subtree_are_looked_up_and_not_compared_with_each_of_its_units(house: House, hall: Hall) -> None:
    """A town of 176 units without a row waited 5.6 s for PostgreSQL to compare them with a million rows."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        sent.append((statement, values))

    with house.store.read() as db:
        event.listen(Engine, "before_cursor_execute", note)
        try:
            journal_pages.page(db, Wanted(), below=hall.branch)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        statement, values = sent[-1]
        explain = "EXPLAIN QUERY PLAN" if house.store.is_sqlite else "EXPLAIN"
        plan = "\n".join(str(tuple(row)) for row in db.exec_driver_sql(f"{explain} {statement}", values))
    looked_up = "USING COVERING INDEX ix_journal_unit_id_id" if house.store.is_sqlite else "hashed SubPlan"
    assert looked_up in plan, plan
