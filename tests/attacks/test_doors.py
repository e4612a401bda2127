"""What belongs to another unit does not exist: on no address, for no role, by no form; and trying it writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.staff import StaffRole
from survey.web.doors import Who
from tests.attacks.visitors import Camp, Visitor, World, address, current_door, guarded, make_world, stages
from tests.conftest import NAMES, on_sqlite

# Routes that anybody may ask for: what a code opens, the login, the sign of life.
OPEN_TO_ALL = {
    "booth.enter", "booth.find", "booth.pad", "booth.open_pad", "booth.ballot", "booth.cast", "booth.thanks", "booth.screen", "booth.take", "booth.link", "booth.take_link", "booth.trackers", "booth.clock",
    "desk_staff.login", "desk_staff.enter", "desk_staff.logout", "desk_invitations.look", "desk_invitations.accept", "desk_questionnaires.schema", "health",
}  # fmt: skip
WEIRD = ("0", "-1", "１", "007", "1e3", "1.0", "0x1", "+1", "1%20", "1%00", "%00", "9" * 10, "9" * 30, "9" * 5000, "²", "٣", "NaN",
         "..", "%2e%2e", "..%2f1", "1%2f..", "true", "null", "'", "1;DROP", "💥", "%ff", "{{7*7}}")  # fmt: skip


@pytest.fixture
def world(app: Flask, house: House) -> World:
    return make_world(app, house)


@contextmanager
def unchanged(world: World) -> Iterator[None]:
    """Nothing in the database differs afterwards."""
    before = world.rows()
    yield
    after = world.rows()
    assert {name for name in before if before[name] != after[name]} == set()


def told(page: TestResponse, world: World) -> bool:
    """Whether a page says anything of the other branch."""
    secrets = (world.there.word, "青山小学", world.there.door, *world.there.codes["open"], world.there.proposal)
    return any(secret in body(page) for secret in secrets)


def body(page: TestResponse) -> str:
    """What came back, as far as it is text."""
    return page.data.decode("utf-8", "replace")


def test_every_route_that_is_open_to_all_is_known(app: Flask) -> None:
    free = {name for name, view in app.view_functions.items() if getattr(view, "admits", None) is Who.ANYONE}
    assert free == OPEN_TO_ALL


@pytest.mark.long
def test_what_another_unit_has_is_not_there_on_any_address_for_any_role(world: World) -> None:
    # A half-year is everybody's; what each sees of it, the next test but one looks at.
    rules = [(method, rule) for method, rule in guarded(world.app) if rule.arguments - {"period"}]
    assert len(rules) > 50
    wrong = []
    with unchanged(world):
        for visitor in world.insiders():
            for stage in stages() if visitor.role is StaffRole.SECRETARY else ("open", "counted"):
                for method, rule in rules:
                    for key in (f"u{world.there.unit}", f"m{world.there.members[0]}", world.there.proposal):
                        values = {**world.there.values(stage), "key": key}
                        page = visitor.ask(method, address(rule, values), world.there.fields(stage))
                        if page.status_code != 404 or told(page, world):
                            wrong.append((visitor.name, method, address(rule, values), page.status))
                        if "key" not in rule.arguments:
                            break
    assert wrong == []


def test_an_own_meeting_does_not_open_what_hangs_on_anothers(world: World) -> None:
    """Groups, targets, slips and scrutineers of the other branch, asked for at one's own meeting."""
    here, there, wrong = world.here, world.there, []
    clerk = world.visitors["secretary here"]
    stage = "open"
    foreign = there.fields(stage)
    paths: list[tuple[str, str, dict[str, Any], int]] = [
        ("POST", f"/desk/meetings/{here.meetings[stage]}/slips", foreign, 404),
        ("POST", f"/desk/meetings/{here.meetings[stage]}/links", foreign, 404),
        ("GET", f"/desk/meetings/{here.meetings[stage]}/groups/{there.groups[stage][0]}/reprint", {}, 404),
        ("POST", f"/desk/meetings/{here.meetings[stage]}/groups/{there.groups[stage][0]}/reprint", {}, 404),
        ("GET", f"/desk/meetings/{here.meetings['screen']}/groups/{there.groups[stage][0]}/reprint", {}, 404),
        ("POST", f"/desk/meetings/{here.meetings[stage]}/void-slips", foreign, 404),
        ("POST", f"/desk/meetings/{here.meetings[stage]}/void", foreign, 403),
        ("POST", f"/desk/meetings/{here.meetings[stage]}/scrutineer", foreign, 403),
        ("POST", f"/desk/meetings/{here.meetings['closed']}/count", there.fields("closed"), 403),
        ("POST", f"/desk/meetings/{here.meetings['closed']}/reopen", there.fields("closed"), 403),
        ("POST", f"/desk/meetings/{here.meetings['closed']}/leftovers", there.fields("closed"), 400),
        ("GET", f"/board/meetings/{here.meetings['counted']}/targets/u{there.unit}", {}, 404),
        ("GET", f"/board/meetings/{here.meetings['counted']}/targets/m{there.members[0]}", {}, 404),
        ("GET", f"/board/meetings/{here.meetings['counted']}/targets/m{there.members[0]}.svg", {}, 404),
        *keying_and_rounds(here, there),
        ("POST", "/desk/units/import/confirm", {"key": there.proposal}, 400),
        ("POST", "/desk/meetings/new", {"unit": str(there.unit), "day": "2026-11-21", "entry": "slips"}, 400),
    ]
    with unchanged(world):
        for method, path, fields, status in paths:
            page = clerk.ask(method, path, fields)
            code = next(iter(there.codes[stage][-1:]))
            clean = body(page).replace(code, "")
            if page.status_code != status or there.word in clean or "青山小学" in clean:
                wrong.append((path, page.status))
        # A ballot is cast into the meeting of its slip, whatever else the form says.
        page = clerk.client.post(f"/b/{there.codes['closed'][-1]}", data={"0.0": "0", "go": "cast"})
        assert page.status_code == 409
    assert wrong == []


def keying_and_rounds(here: Camp, there: Camp) -> Iterator[tuple[str, str, dict[str, Any], int]]:
    """Forms on paper and groups of the other branch at one's own sealed box; its units and acts under one's own round."""
    paper, planned = f"/desk/meetings/{here.meetings['closed']}/paper", f"rounds/{here.round}"
    group = there.groups["closed"][0]
    for act in ("form", "key", "drop"):
        yield "POST", f"{paper}/{act}", {"code": there.forms[0], "k0.0": "1"}, 409
    yield "POST", f"{paper}/spoil", {"code": there.forms[0], "reason": "torn"}, 409
    yield "POST", f"{paper}/spoil", {"code": "", "reason": "foreign", "group": str(group)}, 409
    yield "POST", f"{paper}/unspoil", {"reason": "foreign", "group": str(group)}, 409
    for unit in (there.unit, 1):
        yield "GET", f"/board/{planned}?under={unit}", {}, 404
        yield "GET", f"/board/{planned}/coverage.csv?under={unit}", {}, 404
        yield "GET", f"/board/{planned}/coverage.xlsx?under={unit}", {}, 404
    yield "GET", f"/desk/rounds/new?source={there.round}", {}, 404
    for act in ("told", "lost"):
        yield "GET", f"/desk/{planned}/reminders?told=1&{act}=1", {}, 404
    # A unit that is none of this round gets no meeting by it.
    yield "POST", f"/desk/{planned}/meetings", {"unit": str(there.unit)}, 303


@on_sqlite
def test_pages_without_an_id_tell_nothing_of_another_unit(world: World) -> None:
    rules = [rule for method, rule in guarded(world.app) if method == "GET" and not rule.arguments - {"period"}]
    assert len(rules) > 5
    with unchanged(world):
        for visitor in world.insiders():
            for rule in rules:
                for query in ("", "?q=青山", f"?q={NAMES[0]}", "?page=2", f"?unit={world.there.unit}"):
                    page = visitor.client.get(rule.rule.replace("<period>", "2026H2") + query)
                    text = body(page).replace("“青山”", "").replace('value="青山"', "")
                    asks_there = "period" in rule.arguments and "unit=" in query
                    assert page.status_code in ((404,) if asks_there else (200, 303, 403)), (visitor.name, rule.rule)
                    assert world.there.word not in text and "青山" not in text, (visitor.name, rule.rule, query)


@on_sqlite
def test_nobody_is_sent_to_the_login_from_every_address(world: World) -> None:
    nobody = world.visitors["nobody"]
    with unchanged(world):
        for method, rule in guarded(world.app):
            for camp in (world.here, world.there):
                page = nobody.ask(method, address(rule, camp.values("counted")), camp.fields("counted"))
                asked = page.location.startswith("/desk/login") if method != "POST" else 'action="/desk/login"' in page.text
                assert page.status_code == (401 if method == "POST" else 303) and asked, (method, rule.rule)
                # What he sent himself comes back to him, and nothing else.
                assert not told(nobody.ask(method, address(rule, camp.values("counted"))), world)
            if method == "POST":
                path = address(rule, world.here.values("open"))
                assert nobody.client.post(path).status_code == 401, path
    for anyone in world.visitors.values():
        with unchanged(world):
            for method, rule in guarded(world.app):
                if method == "POST":
                    path = address(rule, world.here.values("open"))
                    token = {**world.here.fields("open"), "csrf_token": nobody.token}
                    page = anyone.client.post(path, data=token if anyone is not nobody else {})
                    assert page.status_code == (401 if anyone is nobody else 400), (anyone.name, path)


@on_sqlite
def test_a_role_that_may_not_is_told_so_at_home_and_writes_nothing(world: World) -> None:
    leader = world.visitors["leader here"]
    assert leader.role is StaffRole.LEADER
    with unchanged(world):
        for stage in stages():
            for method, rule in guarded(world.app):
                for_all = getattr(world.app.view_functions[rule.endpoint], "admits", None) is Who.STAFF
                if rule.endpoint.startswith("desk") and not for_all:
                    page = leader.ask(method, address(rule, world.here.values(stage)), world.here.fields(stage))
                    mine = not rule.arguments or ({"meeting_id", "unit_id"} & rule.arguments and "round_id" not in rule.arguments)
                    assert page.status_code == (403 if mine else 404), (method, rule.rule)


# Numbers reach the database only by whoever may come in: on one of the two the others are tried.
@pytest.mark.parametrize(
    ("database", "who"),
    [("sqlite", "secretary"), ("sqlite", "leader here"), ("sqlite", "nobody"), ("postgres", "secretary")],
    indirect=["database"],
)
def test_ids_that_no_row_can_have_are_not_there(world: World, who: str) -> None:
    visitor: Visitor = world.visitors[who]
    with unchanged(world):
        for method, rule in guarded(world.app):
            for name in rule.arguments - {"kind"}:
                for weird in WEIRD:
                    marked = {**world.here.values("counted"), name: 424242 if name != "key" else "kkkkkk"}
                    path = address(rule, marked).replace("424242", weird).replace("kkkkkk", weird)
                    page = visitor.ask(method, path, world.here.fields("counted"))
                    fits = {404}
                    if who == "nobody":
                        fits |= {303, 401}
                    if who == "leader here" and name in ("group_id", "number"):
                        fits |= {403}
                    assert page.status_code in fits, (visitor.name, method, path, page.status)


@on_sqlite
def test_nothing_outside_the_static_folder_is_served(world: World) -> None:
    client = world.app.test_client()
    for path in (
        "../survey/config.py", "..%2fsurvey%2fconfig.py", "%2e%2e/survey/config.py", "....//survey/config.py", "/etc/passwd",
        "%2fetc%2fpasswd", "desk/../../pyproject.toml", "..\\survey\\config.py", "%00", "desk.css%00.png", "a" * 5000, "desk", "", ".",
        "~root", "C:\\Windows\\win.ini", "\u202e", "💥",
    ):  # fmt: skip
        page = client.get(f"/static/{path}")
        assert page.status_code in (404, 308), path
        assert "PINGYI" not in page.text and "root:" not in page.text
    for path in ("/%2fevil.example/desk", "/desk/../../etc/passwd", "/.git/config", "/.env", "/survey/config.py", "/instance/secret"):
        assert client.get(path).status_code in (404, 308), path


def test_whatever_is_sent_to_the_open_addresses_is_answered_and_writes_nothing(world: World) -> None:
    nobody = world.app.test_client()
    code, door = world.here.codes["open"][-1], current_door(world, world.here)
    with unchanged(world):
        for weird in (*WEIRD, code[:-1], code + "0", door, "a" * 5000):
            for method, path in (
                ("GET", f"/b/{weird}"), ("POST", f"/b/{weird}"), ("GET", f"/b/{weird}/in"), ("GET", f"/m/{weird}/{weird}"),
                ("GET", f"/d/{weird}"), ("POST", f"/d/{weird}"), ("GET", f"/d/{weird}/clock"), ("GET", f"/t/{weird}"),
                ("POST", f"/m/{weird}/{weird}"), ("GET", f"{door}{weird}"), ("POST", f"{door.rsplit('/', 1)[0]}/{weird}"),
            ):  # fmt: skip
                page = nobody.open(path, method=method, data={"group": weird, "go": "cast"} if method == "POST" else None)
                assert page.status_code in (303, 308, 400, 404, 405, 410), (method, path, page.status)
        for next_page in ("//evil.example", "https://evil.example", "/desk\\@evil.example", "/desk\r\nX: y", "javascript:alert(1)", "\x00", "/b/x"):
            page = world.visitors["secretary"].client.get("/desk/login", query_string={"next": next_page})
            assert page.status_code == 303 and page.location.startswith("/desk") and "evil" not in page.location
