"""Every field of every form takes whatever is typed: it is kept as text, or a sentence beside the field says why not."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from survey.actions import bundles, grades, invitations, meetings, scores
from survey.actions.house import House
from survey.domain.bundles import Format, Reach
from survey.domain.bundles import Wanted as Bundled
from survey.domain.grades import Choice
from survey.domain.meetings import Entry
from survey.domain.scores import Bonus, BonusState
from survey.domain.staff import StaffRole
from survey.store import meetings as kept
from survey.store.bundle_files import BundleFiles
from tests.attacks.forms import FILLABLE, NAUGHTY, Form, forms, raw_markup, words
from tests.attacks.visitors import Visitor, World, address, balanced, current_door, make_world, stages
from tests.conftest import person
from tests.rounds_for_tests import publish_one

# Every field a page offers. A new one is tried by itself; this list makes sure that somebody thought about it.
KNOWN = {
    ("desk_staff.enter", "login"), ("desk_staff.enter", "password"), ("desk_staff.enter", "next"), ("desk_staff.enter", "kept"),
    ("desk_invitations.accept", "login"), ("desk_invitations.accept", "new_password"), ("desk_invitations.accept", "again_password"),
    ("desk_accounts.index", "q"), ("desk_accounts.invite", "name"), ("desk_accounts.invite", "role"), ("desk_accounts.invite", "unit"),
    ("desk_accounts.invite", "form"), ("desk_accounts.change", "role"), ("desk_accounts.change", "unit"), ("desk_accounts.invite_back", "form"),
    ("desk_me.change_password", "old_password"), ("desk_me.change_password", "new_password"), ("desk_me.change_password", "again_password"), ("desk_me.change_email", "email"),
    ("desk_journal.index", "name"), ("desk_journal.index", "place"), ("desk_journal.index", "kind"), ("desk_journal.index", "since"),
    ("desk_journal.index", "until"),
    ("booth.find", "code"), ("booth.open_pad", "code"), ("booth.take", "group"),
    *(("desk_units.index", each) for each in ("q", "kind", "sector", "closed")),
    *((f"desk_units.{act}", each) for act in ("add", "edit") for each in ("name", "kind", "sector", "code")),
    *((f"desk_units.{act}", "seen") for act in ("edit", "move", "merge", "close", "reopen")),
    ("desk_units.move", "to"), ("desk_units.merge", "to"), ("desk_units.ask_move", "q"), ("desk_units.ask_merge", "q"),
    ("desk_contacts.leaders", "q"), ("desk_contacts.change_leaders", "member"),
    *(("desk_terms.change", each) for each in ("list", "seen", "key", "place", "label")),
    ("desk_units.preview", "file"), ("desk_units.confirm", "key"), ("desk_units.confirm", "whole"),
    ("desk_meetings.create", "unit"), ("desk_meetings.create", "day"), ("desk_meetings.create", "place"),
    ("desk_meetings.create", "entry"), ("desk_meetings.create", "group"), ("desk_meetings.create", "due"),
    ("desk_meetings.create", "present"), ("desk_meetings.create", "title"), ("desk_meetings.create", "questionnaire"),
    ("desk_meetings.create", "one_officer"),
    ("desk_meetings.change_numbers", "group"), ("desk_meetings.change_numbers", "due"), ("desk_meetings.change_numbers", "present"),
    ("desk_slips.sheet", "group"), ("desk_slips.sheet", "n"), ("desk_slips.link", "group"), ("desk_slips.void", "codes"),
    ("desk_slips.scrutineer", "scrutineer"), ("desk_slips.scrutineer", "box_key"), ("desk_stages.open_box", "key_on_slip"), ("desk_rehearsals.rehearse", "box_key"), ("desk_counts.count", "box_key"),
    ("desk_stages.reopen", "scrutineer"), ("desk_stages.void", "scrutineer"), ("desk_stages.void", "reason"),
    ("desk_stages.void", "lost"), ("desk_stages.void", "second_login"), ("desk_stages.void", "second_password"),
    ("desk_groups.weigh", "weight_*"), ("desk_groups.weigh", "quorum"), ("desk_groups.weigh", "spoil"), ("desk_groups.merge", "group"), ("desk_groups.merge", "into"),
    ("desk_paper_forms.print_forms", "group"), ("desk_paper_forms.print_forms", "n"),
    *(("desk_keyings.key", each) for each in ("code", "k*", "s*", "settle")),
    *((f"desk_keyings.{act}", "code") for act in ("form", "drop", "spoil")),
    *((f"desk_keyings.{act}", each) for act in ("spoil", "unspoil") for each in ("reason", "group")),
    ("desk_counts.leftovers", "left_*"), ("desk_counts.count", "scrutineer"),
    ("desk_members.add", "name"), ("desk_members.add", "kind"), ("desk_members.add", "position"), ("desk_members.add", "code"),
    ("desk_members.add", "since"), ("desk_members.edit", "name"), ("desk_members.edit", "kind"), ("desk_members.edit", "position"),
    ("desk_members.edit", "code"), ("desk_members.edit", "since"), ("desk_members.edit", "seen"), ("desk_members.leave", "day"),
    ("desk_moves.moving_some", "member"), ("desk_moves.move", "member"), ("desk_moves.move", "q"), ("desk_moves.move", "unit"),
    ("desk_moves.move", "day"), ("desk_moves.come_back", "q"), ("desk_moves.come_back", "unit"), ("desk_moves.come_back", "day"),
    ("desk_questionnaires.index", "q"), ("desk_questionnaires.index", "shelved"), ("desk_questionnaires.begin", "source"), ("desk_questionnaires.begin", "title"),
    *(("desk_questionnaires.save", each) for each in (
        "seen", "base", "part", "title", "heading", "audience", "help", "only", "order", "text", "kind", "to",
    )),
    *(("desk_questionnaires.save_question", each) for each in (
        "seen", "part", "q", "text", "help", "kind", "required", "scale", "candidates", "choose", "least", "low", "high", "low_day",
        "high_day", "after", "option", "to", "seats", "majority", "order", "pool", "write_ins",
    )),
    *(("desk_questionnaires.save_scale", each) for each in ("seen", "scale", "label", "code", "level", "role", "points")),
    ("desk_questionnaires.read_text", "text"), ("desk_questionnaires.read_file", "file"), ("desk_questionnaires.take", "form"),
    *(("desk_library.index", each) for each in ("q", "purpose", "target", "sector", "kind", "members")),
    *((f"desk_rounds.{act}", each) for act in ("create", "change") for each in (
        "period", "name", "starts_on", "ends_on", "entry", "kind", "sector", "questionnaire", "group", "counting", "due", "picks", "only", "shown", "find_only", "sought",
    )), ("desk_rounds.create", "unit"), ("desk_rounds.create", "source"),
    *(("desk_rounds.write_scheme", each) for each in (
        "seen", "base", "satisfied_at", "basic_at", "decimals", "validity", "group", "weight", "missing", "quorum", "spoil", "answer", "points",
        "trim_ends", "trim", "below", "kind", "kind_weight", "source", "source_weight", "source_from", "bonus", "grade", "grade_from",
        "quota_part", "quota_whole", "league", "ties",
    )), ("desk_rounds.scheme", "take"),
    *(("desk_rounds.ask_make", each) for each in ("q", "kind", "sector")), *(("desk_rounds.make", each) for each in ("q", "kind", "sector", "unit")),
    *(("desk_rounds.decide", each) for each in ("target", "was", "grade", "reason", "over")), ("desk_rounds.reopen", "reason"), ("desk_rounds.put_right", "day"), *(("desk_rounds.write_scores", each) for each in ("target", "was", "points")),
    *(("desk_rounds.apply_bonus", each) for each in ("who", "bonus", "reason")), ("desk_rounds.settle_bonus", "how"), ("desk_rounds.preview_scores", "file"), ("desk_rounds.confirm_scores", "key"),
    ("desk_places.settle", "day"), ("desk_places.settle", "place"),
    *(("desk_selections.write", each) for each in ("name", "day", "note", "meeting")),
    *(("desk_candidates.write", each) for each in ("names", "seats", "choose", "seen")),
    ("desk_rated.write", "shown"), ("desk_rated.write", "rated"), ("desk_rated.write", "who"),
    *((f"desk_rated_units.{act}", each) for act in ("choose", "write") for each in ("q", "kind", "sector")), ("desk_rated_units.write", "shown"), ("desk_rated_units.write", "unit"),
    ("desk_questionnaires.files", "q"), ("desk_home.home", "q"), ("desk_home.home", "stage"),
    ("desk_questionnaires.share", "on"), ("desk_questionnaires.shelve", "on"),
    *(("desk_surveys.create", each) for each in ("unit", "questionnaire", "title", "entry", "most", "until", "one_officer")),
    ("desk_surveys.change_most", "most_*"), ("booth.take_link", "group"),
    ("board.trackers", "find"), ("board.checked", "file"), ("board.checked", "digest"), *(("board.round", each) for each in ("q", "stage", "kind", "sector")),
    *(("board.bundle_begin", each) for each in ("format", "reach", "language")), ("board.bundle_stop", "bundle"),
    ("booth.cast", "ballot"),
}  # fmt: skip
# Secrets are never given back, hidden and chosen values are not typed.
# What the databases refuse when nobody looks, for every field there is.
FOR_ALL = ("赵\x00六", "\ud800")
ROOT = Path(__file__).parent.parent.parent
FILE = re.compile(r"\.\w+$|\.<|/poster$")
NOT_TYPED = {"hidden", "password", "radio", "checkbox", "select", "file"}
HASHED = {"login", "password", "next", "second_login", "second_password", "old_password", "new_password"}
SECRETS = {"scrutineer", "box_key", "second_password", "password"}


@pytest.fixture
def world(app: Flask, house: House) -> World:
    return make_world(app, house)


def pages(world: World) -> Iterator[tuple[Visitor, str]]:
    """Every page that has forms, each with somebody who may see it."""
    nobody, clerk = world.visitors["nobody"], world.visitors["secretary"]
    yield nobody, "/desk/login?next=/desk/units"
    yield nobody, "/"
    yield nobody, "/pad"
    place, admin = (StaffRole.LEADER, world.here.unit), person(world.house, "admin")
    yield nobody, f"/desk/invitation/{invitations.invite(world.house, '新人', place=place, by=admin, now=datetime.now(UTC)).key}"
    yield world.visitors["admin"], "/desk/staff"
    yield world.visitors["admin"], "/desk/staff/invite"
    yield world.visitors["admin"], f"/desk/staff/{world.here.staff}"
    yield world.visitors["admin"], "/desk/journal"
    yield world.visitors["admin"], "/desk/lists"
    yield clerk, f"/desk/units/{world.here.unit}/contacts?q=张"
    for act in ("move", "merge"):
        yield clerk, f"/desk/units/{world.here.unit}/{act}?to={world.there.unit}"
    yield nobody, current_door(world, world.here)
    yield nobody, f"/b/{world.here.codes['open'][-1]}"
    # A round that no meeting has frozen yet, and a group that is too few to stand alone.
    now = datetime.now(UTC)
    new = meetings.NewMeeting(
        world.here.unit, now.date() + timedelta(days=200), "", Entry.SLIPS, [("群众", 9, 9), ("党员", 9, 6), ("领导", 3, 2)]
    )
    draft = meetings.create(world.house, new, by=world.hall.secretary, now=now)
    ask = meetings.NewMeeting(world.here.unit, now.date(), "", Entry.LINK, [("答卷人", 9, 9)], questionnaire="needs", one_officer=True)
    survey = meetings.create(world.house, ask, by=world.hall.secretary, now=now)
    meetings.open_box(world.house, survey, by=world.hall.secretary, now=now)
    with world.house.store.read() as db:
        yield nobody, f"/d/{kept.get(db, survey).door}"
    yield clerk, f"/desk/surveys/{survey}/most"
    yield clerk, "/desk/questionnaires?shelved=1"
    yield clerk, f"/desk/meetings/{draft}"
    yield clerk, f"/desk/questionnaires/{world.here.draft}/question?part=first&q=why"
    yield clerk, f"/desk/meetings/{draft}/weights"
    yield clerk, f"/desk/meetings/{draft}/rated"
    held = meetings.NewMeeting(world.here.unit, now.date(), "", Entry.SLIPS, [("党员", 9, 9)])
    for act in ("rehearse", "count"):
        made = meetings.create(world.house, held, by=world.hall.secretary, now=now)
        meetings.open_with(world.house, made, key_on_slip=True, by=world.hall.secretary, now=now)
        if act == "count":
            meetings.close(world.house, made, by=world.hall.secretary, now=now)
        yield clerk, f"/desk/meetings/{made}/{act}"
    vote = meetings.NewMeeting(world.here.unit, now.date(), "", Entry.SLIPS, [("党员", 9, 9)], questionnaire="vote_on_members")
    yield clerk, f"/desk/meetings/{meetings.create(world.house, vote, by=world.hall.secretary, now=now)}/selection"
    choice = meetings.NewMeeting(world.here.unit, now.date(), "", Entry.SLIPS, [("党员", 9, 9)], questionnaire="recommend_members")
    yield clerk, f"/desk/meetings/{meetings.create(world.house, choice, by=world.hall.secretary, now=now)}/candidates"
    yield clerk, f"/desk/rounds/new?source={world.here.round}"
    for is_ended in (False, True):
        graded = publish_one(world.house, world.here.unit, by=world.hall.secretary)
        yield clerk, f"/desk/rounds/{graded}/grades"
        yield clerk, f"/desk/rounds/{graded}/grades/put-right"
        yield clerk, f"/desk/rounds/{graded}/grades/{world.here.unit}/scores"
        asked = Bonus(0, f"u{world.here.unit}", world.here.unit, 100, "救灾", BonusState.ASKED, "", now)
        scores.apply(world.house, graded, scores.Applying(asked, ""), by=world.hall.secretary, now=now)
        yield clerk, f"/desk/rounds/{graded}/grades/{world.here.unit}/bonuses"
        yield clerk, f"/desk/rounds/{graded}/grades/file"
        if is_ended:
            choice = Choice(f"u{world.here.unit}", "", world.here.unit, "A", "A", "")
            grades.decide(world.house, graded, grades.Deciding(world.here.unit, "", [choice], ["A"]), by=world.hall.secretary, now=now)
            grades.end(world.house, graded, by=world.hall.secretary, now=now)
            yield clerk, f"/desk/rounds/{graded}/grades/end"
    files, by = BundleFiles(world.app.extensions["config"].instance), world.hall.secretary
    for form in (Format.PDF, Format.WORD):
        asked = bundles.ask(world.house, Bundled(graded, world.here.unit, form, Reach.UNITS, "zh"), files, by=by, now=now)
    bundles.stop(world.house, asked, files, by=by, now=now)
    yield clerk, f"/board/rounds/{graded}/units/{world.here.unit}/bundle"
    for rule in world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not FILE.search(rule.rule) and rule.endpoint.split(".")[0].startswith(("desk", "board")):
            for stage in stages() if rule.arguments else stages()[:1]:
                path = address(rule, {**world.here.values(stage), "key": f"u{world.here.unit}"})
                yield clerk, path
                if rule.endpoint == "desk_stages.ask_void":
                    yield clerk, f"{path}?lost=1"


def found_forms(world: World) -> list[tuple[Visitor, str, Form]]:
    """Every form of every page, each kind once; and that of a preview, which is an answer."""
    seen: dict[frozenset[tuple[str, str]], tuple[Visitor, str, Form]] = {}
    for visitor, path in pages(world):
        page = visitor.client.get(path)
        for form in forms(page.text, path) if page.mimetype == "text/html" else ():
            seen.setdefault(frozenset(plain(world, form, name) for name in form.names()), (visitor, path, form))
    clerk = world.visitors["secretary"]
    file = (BytesIO("姓名,单位\n新人,机修车间党支部\n".encode()), "名单.csv")
    for path, page in (
        ("/desk/units/import", clerk.ask("POST", "/desk/units/import", {"file": file})),
        ("/desk/questionnaires/paste", clerk.ask("POST", "/desk/questionnaires/paste", {"text": "1. 好吗\nA. 好\nB. 差"})),
        ("/desk/login", world.visitors["nobody"].client.post("/desk/meetings/new", data={"title": "会"})),
        ("/desk/meetings/open", clerk.ask("POST", f"/desk/meetings/{world.there.meetings['draft']}/open")),
        ("/desk/meetings/open", clerk.ask("POST", f"/desk/meetings/{another_draft(world)}/open", {"key_on_slip": "1"})),
        *keyed(world, clerk),
        *scored(world, clerk),
    ):
        for form in forms(page.text, path):
            seen.setdefault(frozenset(plain(world, form, name) for name in form.names()), (clerk, path, form))
    # What opens a draft comes last: before, its other forms are tried.
    return sorted((each for each in seen.values() if each[2].names()), key=lambda each: each[2].names() == ["key_on_slip"])


def scored(world: World, clerk: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """A table of points that was brought and not confirmed."""
    path = f"/desk/rounds/{publish_one(world.house, world.here.unit, by=world.hall.secretary)}/grades/file"
    file = (BytesIO(f"编号,T\nu{world.here.unit},90\n".encode()), "分数.csv")
    yield path, clerk.ask("POST", path, {"file": file})


def another_draft(world: World) -> int:
    """A meeting that can be opened."""
    now = datetime.now(UTC)
    new = meetings.NewMeeting(world.here.unit, now.date(), "", Entry.SLIPS, [("党员", 9, 9)])
    return meetings.create(world.house, new, by=world.hall.secretary, now=now)


def keyed(world: World, clerk: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """A form on paper before its first keying, before its second, and with two that differ; and one without a code."""
    (code,), closed = world.here.forms, world.here.meetings["closed"]
    here = f"/desk/meetings/{closed}/paper"
    empty = clerk.ask("POST", f"{here}/form", {"code": code})
    yield here, empty
    lines = {name: "1" for form in forms(empty.text, here) for name in form.names() if re.fullmatch(r"k\d+\.\d+", name)}
    clerk.ask("POST", f"{here}/key", {"code": code, **lines})
    yield here, clerk.ask("POST", f"{here}/form", {"code": code})
    yield here, clerk.ask("POST", f"{here}/key", {"code": code, **lines, "k0.0": "2", "k0.1": "2"})
    clerk.ask("POST", f"{here}/spoil", {"reason": "foreign", "group": world.here.groups["closed"][0]})
    yield f"{here}/spoil", clerk.client.get(f"{here}/spoil")


def view(world: World, form: Form) -> str:
    """The endpoint a form goes to."""
    endpoint, _values = world.app.url_map.bind("localhost").match(form.action, method=form.method)
    return str(endpoint)


def plain(world: World, form: Form, name: str) -> tuple[str, str]:
    """A field by endpoint and name; numbers of rows aside."""
    endpoint = view(world, form)
    if endpoint == "booth.cast":
        return endpoint, "ballot"
    if endpoint == "desk_keyings.key":
        return endpoint, re.sub(r"^([ks])\d+\.\d+$", r"\1*", name)
    return endpoint, re.sub(r"^(left|weight|most)_\d+$", r"\1_*", name)


def send(visitor: Visitor, form: Form, name: str, value: str) -> TestResponse:
    """The form as it stood on its page, with one field filled otherwise; several of a name get it once."""
    data: dict[str, object] = {**form.data(), name: value}
    if "csrf_token" in data:
        data["csrf_token"] = visitor.token
    # Sent a second time a form makes nothing.
    data.pop("once", None)
    if name != "form":
        data.pop("form", None)
    if any(each.kind == "file" and each.name == name for each in form.fields):
        data[name] = (BytesIO(value.encode("utf-8", "surrogatepass")), str(_sent(value)) or "x.csv")
    else:
        rest = form.values(name)[1:]
        data[name] = [value, *rest] if rest and form.fields else value
    data = {key: each if isinstance(each, tuple) else _sent(each) for key, each in data.items()}
    if form.method == "GET":
        return visitor.client.get(form.action, query_string=MultiDict(data))
    if form.action.startswith("/b/"):
        data["go"] = "review"
    return visitor.client.post(form.action, data=data)


def _sent(value: object) -> object:
    """A browser cannot send half a character: it sends the mark for one that is lost."""
    if isinstance(value, list):
        return [_sent(each) for each in value]
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_no_template_has_a_field_that_is_not_on_the_list() -> None:
    known = {name.replace("*", "") for _, name in KNOWN} | {"csrf_token", "k", "s"}
    # Hidden copies of what was sent, and the fields of a ballot, which its paper names.
    copies = {"{{ name }}", "{{ name }}{{ row.field }}", "{{ item.name }}", "{{ box }}", "find_{{ name }}", "{{ field }}", "asked", "parts", "under", "by", "pick"}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*?\bname=\"([^\"]+)\"", path.read_text("utf-8")):
            assert tag in copies or tag.split("{{")[0] in known, f"{path.name}: {tag}"


@pytest.mark.long
def test_every_field_keeps_what_is_typed_or_says_why_not(world: World) -> None:
    found = found_forms(world)
    assert {plain(world, form, name) for _, _, form in found for name in form.names()} == KNOWN
    assert {each.kind for _, _, form in found for each in form.fields} <= FILLABLE
    values = NAUGHTY if world.house.store.is_sqlite else tuple(filter(is_hard_to_keep, NAUGHTY))
    wrong: list[tuple[object, ...]] = []
    tried = 0
    for place, (visitor, path, form) in enumerate(found):
        names = form.names()
        # A password is hashed for a tenth of a second each time, on purpose. A draft is void after the first good reason.
        few = bool(HASHED.intersection(names)) or names == ["reason"]
        if form.action.startswith("/b/"):
            # One of each kind: a rating, and the words.
            names = [names[0], next(each.name for each in form.fields if each.kind == "textarea")]
        if form.action.endswith("/paper/key"):
            of_words = [each.name for each in form.fields if each.kind == "textarea"]
            names = [*{plain(world, form, name): name for name in reversed(names)}.values(), *of_words]
        for turn, name in enumerate(names):
            kind = next(each.kind for each in form.fields if each.name == name)
            # Fields take turns with the texts: each text is tried on a third of them.
            every = 20 if few else 6 if kind in NOT_TYPED else 3
            chosen = values[(place + turn) % every :: every]
            for value in (*chosen, *FOR_ALL) if names != ["reason"] else values[-1:]:
                page = send(visitor, form, name, value)
                tried += 1
                wrong += [(path, name, value[:20], fault) for fault in faults(page, form, name, kind, str(_sent(value)))]
    assert tried > 5 * len(KNOWN)
    assert wrong == []
    assert balanced(world.house) == []


def is_hard_to_keep(value: str) -> bool:
    """What a database may choke on: long, with NUL, halves and invisible letters, large numbers."""
    return len(value) > 60 or any(unicodedata.category(each)[0] == "C" for each in value) or value.isdecimal()


def faults(page: TestResponse, form: Form, name: str, kind: str, value: str) -> Iterator[str]:
    """What is wrong with the answer to a form."""
    if page.status_code >= 500 or (page.status_code in (404, 405) and kind not in ("hidden", "radio") and name not in ("code", "codes")):
        yield page.status
    if page.mimetype != "text/html":
        return
    if raw_markup(page.text):
        yield "not escaped"
    if not 400 <= page.status_code < 500:
        return
    said = words(page.text)
    if "。" not in said:
        yield "no sentence"
    if kind in NOT_TYPED or name in SECRETS or page.status_code == 414:
        return
    fields = [each for other in forms(page.text, form.action) for each in other.fields]
    again = [each for each in fields if each.name == name]
    if not again:
        yield f"{page.status}: the field is gone"
    elif name == "group" or any(seen(each.value) == seen(value) for each in again):
        if not any(each.beside or each.is_invalid for each in fields) and 'role="alert"' not in page.text:
            yield "nothing is said beside a field"
    else:
        yield f"what was typed is gone, there is {again[0].value[:20]!r}"


def seen(text: str) -> str:
    """A text as one sees it: breaks and spaces are alike, what nobody sees does not count."""
    kept = ("" if unicodedata.category(each)[0] == "C" and not each.isspace() else each for each in text)
    return " ".join("".join(kept).split())
