"""Everything anybody may see of the rounds of a township: every page and file, by every role, with its headers."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.bundles import Format, Reach, Wanted
from survey.store.office_tables import MemberRow
from survey.store.tables import MeetingRow, RoundRow
from survey.verifying import verify
from survey.web.board.branches import held_about
from survey.web.board.bundle_sheets import Studio, contents, index
from survey.web.board.publications import find
from survey.web.board.round_opinions import heard_of
from tests.attacks.test_disclosure import settled
from tests.attacks.worlds import ABOVE, ROLES, Two, World
from tests.conftest import person
from tests.townships_for_tests import GROUPS
from tests.web.desk.desks_for_tests import sit_down

# What was answered: status, headers, the body; by who asked for what.
Page = tuple[int, tuple[tuple[str, str], ...], bytes]
Pages = dict[str, Page]
# What hangs on the moment and on the session alone.
_FREE = ("Date", "Set-Cookie")
# With these every page at every unit is walked, in a language; with the others those at a unit of their own and at one of few.
_EVERYWHERE = {"secretary": "", "root": "?lang=en", "head": ""}
_LAID_OUT = (".pdf", ".docx", ".xlsx")
_KINDS = ("svg", "png", "pdf")
# Tried on what is published, and on what is only counted.
OTHER_RULES: Mapping[str, object] = {
    "base": "known", "satisfied_at": "50", "basic_at": "40", "decimals": "1", "validity": "any", "missing": "share", "quorum": "1", "spoil": "row",
    "trim_ends": "0", "trim": "10", "league": "0", "ties": "competition", "group": [*GROUPS], "weight": ["50", "50"],
}  # fmt: skip


def act_out(place: Path, world: World, *, publish: bool = True) -> Pages:
    """The rounds of a world, and everything any page or file says of it; or only what is said before the first is published."""
    place.mkdir()
    config = Config(
        database=f"sqlite:///{place / 'pingyi.db'}", instance=place, keyroom=place.with_suffix(".keys"), secret=b"s" * 64, pepper=b"p" * 64,
        url="http://127.0.0.1:8000", zone=ZoneInfo("Asia/Shanghai"),
    )  # fmt: skip
    house = open_house(config, random=Random(20260918))
    house.store.upgrade()
    town = Two(house)
    town.hire_all()
    app = create_app(config, random=Random(7), testing=True)
    pages: Pages = {}
    for turn, said in enumerate(world):
        if turn:
            town.turn_over()
            town.plan("2026 年第四季度评议", date(2026, 10, 1))
        town.vote_all(said)
        # Before there is anything to see: the preview, what is refused, what a leader is told.
        pages |= {f"before {turn} {key}": each for key, each in refusals(app, town)}
        if publish:
            town.publish()
            town.type_all()
    for login in (each[0] for each in (*ABOVE, *ROLES) if not publish or each[0] not in _EVERYWHERE):
        pages |= dict(rounds_of(app, town, login, published=publish))
    pages |= {f"nobody {address}": _of(app.test_client().get(address)) for address in town.open_to_all()}
    if publish:
        pages |= dict(walk(app, town))
        pages |= {f"after {key}": each for key, each in refusals(app, town)}
        pages |= {f"bundle {reach}": each for reach, each in bundled(app, town)}
        pages |= {"verify": verified(app, town, place)}
        pages |= {f"heard {at}": (200, (), b"%d" % heard(app, town, at)) for at in (0, 3)}
    app.extensions["house"].store.close()
    house.store.close()
    return pages


def rounds_of(app: Flask, town: Two, login: str, *, published: bool) -> Iterator[tuple[str, Page]]:
    """What somebody who is not walked with everywhere sees of both rounds: pages, pictures and files, at his unit and at one that is few."""
    by = person(town.house, login)
    few = town.branches[5].unit
    with town.house.store.read() as db:
        member = db.execute(select(MemberRow.id).where(MemberRow.unit_id == few).order_by(MemberRow.id)).scalars().first()
    values: dict[str, Sequence[object]] = {
        "round_id": town.rounds, "unit_id": tuple(dict.fromkeys((by.unit, few))) if by.unit in town.units else (few,), "key": (f"m{member}",),
        "meeting_id": (town.branches[5].meeting,), "period": ("2026Q3", "2026Y"), "kind": _KINDS,
    }  # fmt: skip
    client = sit_down(app, town.house, login).client
    for rule in app.url_map.iter_rules():
        # What pages of one meeting say before publication, tests/attacks/test_disclosure.py looks at.
        is_asked = _fits(rule) or rule.arguments == {"meeting_id"} if published else "round_id" in rule.arguments and _fits(rule)
        if "GET" in (rule.methods or ()) and is_asked and (published or not (rule.rule.endswith(_LAID_OUT) or "kind" in rule.arguments)):
            for address in _addresses(rule.rule, sorted(rule.arguments), values):
                yield f"{login} {address}", _of(client.get(address))
    for address in (f"/desk/units/{few}", f"/desk/members/{member}", "/board", "/board/rounds", "/desk", "/desk/rounds", "/desk/journal/journal.csv"):
        yield f"{login} {address}", _of(client.get(address))


def bundled(app: Flask, town: Two) -> Iterator[tuple[str, Page]]:
    """The zip of all sheets, as far as it says which there are: how many, what they are called, and the page that leads to them."""
    for reach in Reach:
        wanted = Wanted(town.round, town.tree.root, Format.BOTH, reach, "zh")
        with Studio(app).open(wanted):
            found = contents(wanted)
            name, page = index(wanted, found.sheets)
        yield reach.value, (200, (("mark", found.mark), ("name", name)), "\n".join(each.path for each in found.sheets).encode() + page)


def heard(app: Flask, town: Two, at: int) -> int:
    """How many meetings of the first branch tell somebody of another one, or of itself, the opinions about it, in the first round."""
    told, by = town.branches[0].unit, town.branches[at].unit
    with Studio(app).open(Wanted(town.rounds[0], by, Format.PDF, Reach.UNITS, "zh")):
        with town.house.store.read() as db:
            reading = find(db, town.rounds[0], by).reading
        return len(heard_of(held_about(reading, told), f"u{told}")) if reading is not None else 0


def verified(app: Flask, town: Two, place: Path) -> Page:
    """What `pingyi verify` says of the file of the last round."""
    file, said = place / "round.zip", io.StringIO()
    file.write_bytes(sit_down(app, town.house, "secretary").client.get(f"/board/rounds/{town.round}/publication.zip").data)
    with redirect_stdout(said):
        status = verify(file, None)
    return 200 - status, (), said.getvalue().replace(str(place), "").encode()


def refusals(app: Flask, town: Two) -> Iterator[tuple[str, Page]]:
    """The preview, and the sentences that forms and addresses are refused with."""
    desk, base = sit_down(app, town.house, "secretary"), f"rounds/{town.round}"
    yield "preview", _of(desk.client.get(f"/desk/{base}/publish"))
    yield "refused", _of(desk.client.post(f"/desk/{base}/publish", data={"csrf_token": desk.token(), "seen": "0" * 64}))
    yield "other rules", _of(desk.client.post(f"/desk/{base}/scheme", data={"csrf_token": desk.token(), "try": "1", **OTHER_RULES}))
    few = town.branches[1].unit
    for path in ("figures.csv", "publication.zip", f"units/{few}", f"units/{few}/trend.svg", f"members/m{few}", "compare?unit=0"):
        yield path, _of(desk.client.get(f"/board/{base}/{path}"))


def walk(app: Flask, town: Two) -> Iterator[tuple[str, Page]]:
    """Every address of desk and board about these rounds, and about the meetings that hide something, by everybody who may see it."""
    with town.house.store.read() as db:
        rounds = tuple(db.execute(select(RoundRow.id).where(RoundRow.unit_id == town.tree.root).order_by(RoundRow.id)).scalars())
        own = [town.branches[at].unit for at in (1, 2, 5)]
        hiding = list(db.execute(select(MeetingRow.id).where(MeetingRow.unit_id.in_(own)).order_by(MeetingRow.id)).scalars())
        people = list(db.execute(select(MemberRow.id).where(MemberRow.unit_id.in_(own[:2])).order_by(MemberRow.id)).scalars())
    values: dict[str, Sequence[object]] = {
        "round_id": rounds, "period": ("2026Q3", "2026Y"), "unit_id": (town.tree.root, next(iter(town.tree.heads.values())), *own), "kind": _KINDS,
        "key": (f"u{own[0]}", *(f"m{each}" for each in people)), "meeting_id": hiding,
    }  # fmt: skip
    for login, language in _EVERYWHERE.items():
        client = sit_down(app, town.house, login).client
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or not _fits(rule):
                continue
            if login != "secretary" and rule.endpoint.startswith("desk"):
                continue
            # Two who see the same: one of them both rounds, the other the second, in another language.
            some = {**values, "round_id": rounds[-1:]} if language else values
            for address in _addresses(rule.rule, sorted(rule.arguments), some):
                yield f"{login} {address}{language}", _of(client.get(f"{address}{language}"))
        for address in _asked(rounds, town) if not language else ():
            yield f"{login} {address}", _of(client.get(address))


def _fits(rule: Rule) -> bool:
    """Whether a page is about rounds or periods, or about the results of one meeting as a whole."""
    is_round = bool(rule.arguments & {"round_id", "period"}) and rule.arguments <= {"round_id", "period", "unit_id", "key", "kind"}
    return rule.endpoint.startswith(("board", "desk")) and (is_round or (rule.arguments == {"meeting_id"} and rule.endpoint.startswith("board")))


def _asked(rounds: Sequence[int], town: Two) -> Iterator[str]:
    """Orders and comparisons: pages that are asked something."""
    few, fewer = town.branches[1].unit, town.branches[5].unit
    for number in rounds:
        for query in ("sort=narrow", "sort=wide&up=1", "sort=members", "sort=returned&up=1", "sort=order", "below=all"):
            yield f"/board/rounds/{number}/units/{town.tree.root}?all=1&{query}"
        yield f"/board/rounds/{number}/compare?unit={few}&unit={fewer}&unit={town.branches[0].unit}"
    yield "/desk/journal"
    yield "/board"


def _addresses(rule: str, names: Sequence[str], values: Mapping[str, Sequence[object]]) -> Iterator[str]:
    if not names:
        yield rule
        return
    for value in values[names[0]]:
        yield from _addresses(re.sub(rf"<[^<>]*\b{names[0]}>", str(value), rule), names[1:], values)


def _of(page: TestResponse) -> Page:
    # A page's own length follows from its tokens, and is that of what is left without them.
    body = settled(page.data)
    if page.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(page.data)) as packed:
            body += repr([(each.filename, each.file_size) for each in packed.infolist()]).encode()
    free = _FREE if body == page.data else (*_FREE, "Content-Length")
    return page.status_code, tuple(each for each in page.headers if each[0] not in free), body
