"""Five thousand requests drawn by lot, over every route, by everybody: no fault of ours, and everything still adds up."""

from collections import Counter
from io import BytesIO
from random import Random
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from survey.actions.house import House
from survey.domain.keyings import Spoil
from tests.attacks.forms import NAUGHTY, raw_markup
from tests.attacks.visitors import Camp, Visitor, World, add_meeting, balanced, current_door, make_world, stages
from tests.web.desk.desks_for_tests import sit_down

# Together 5,000: the rules are the same on both databases, so the faster one takes the larger part.
REQUESTS = {True: 4_000, False: 1_000}
FIELDS = (
    "group", "n", "due", "present", "scrutineer", "reason", "code", "codes", "key", "unit", "day", "place", "entry", "title",
    "questionnaire", "one_officer", "add_row", "remove_row", "lost", "second_login", "lines", "go", "0.0", "1.0", "5.0", "next", "q", "find",
    "page", "sort", "lang", "big", "csrf_token",
)  # fmt: skip
# Their answers take long for a reason of their own: a hashed password, a drawn picture, a sheet of codes.
SLOW = {
    "desk_staff.enter", "board.chart", "board.members", "board.target_chart", "board.workbook", "desk_slips.poster",
    "desk_slips.scrutineer", "desk_units.template",
}  # fmt: skip
LEAST_OFTEN = 15
TEXTS = tuple(text for text in NAUGHTY if len(text) < 1000)


class Fuzz:
    """One run: the dice, the world, and what came back."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = Random(seed)
        self.rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint != "static"]
        # Every route once, then by lot.
        self.waiting = self.dice.sample(self.rules, len(self.rules))
        self.visitors = list(world.visitors.values())
        self.sent: list[tuple[str, str, dict[str, Any]]] = []
        self.statuses: Counter[int] = Counter()
        self.reached: Counter[str] = Counter()

    def run(self, n: int) -> list[tuple[object, ...]]:
        """Send `n` requests; what went wrong."""
        wrong: list[tuple[object, ...]] = []
        for place in range(n):
            visitor, method, path, fields = self._draw()
            page = visitor.client.open(path, method=method, data=fields if method in ("POST", "PUT") else None)
            self.statuses[page.status_code] += 1
            html = page.text if page.mimetype == "text/html" else ""
            if page.status_code >= 500 or "Traceback" in html or raw_markup(html):
                wrong.append((place, visitor.name, method, path[:80], page.status, fields))
            page.close()
            if path.startswith(("/desk/logout", "/desk/login")) and method == "POST" and visitor.role:
                # Whoever logged out comes back, or the rest of the run would only see the login.
                again = sit_down(self.world.app, self.world.house, visitor.name)
                self.visitors[self.visitors.index(visitor)] = Visitor(visitor.name, again.client, visitor.role)
        return wrong

    def _draw(self) -> tuple[Visitor, str, str, dict[str, Any]]:
        dice = self.dice
        visitor = dice.choice(self.visitors)
        if self.sent and dice.random() < 0.08:
            method, path, fields = dice.choice(self.sent)
            return visitor, method, path, dict(fields)
        rule = self.waiting.pop() if self.waiting else dice.choice(self.rules)
        while rule.endpoint in SLOW and self.reached[rule.endpoint] and dice.randrange(LEAST_OFTEN):
            rule = dice.choice(self.rules)
        self.reached[rule.endpoint] += 1
        camp = dice.choice((self.world.here, self.world.there))
        stage = dice.choice(stages())
        method = dice.choice(sorted(rule.methods or ())) if dice.random() < 0.9 else dice.choice(("PUT", "POST", "HEAD"))
        path = self._path(rule, camp, stage)
        fields = self._fields(camp, stage)
        if dice.random() < 0.85:
            fields["csrf_token"] = visitor.token
        self.sent = [*self.sent[-200:], (method, path, {key: each for key, each in fields.items() if key != "file"})]
        return visitor, method, path, fields

    def _path(self, rule: Rule, camp: Camp, stage: str) -> str:
        dice, codes = self.dice, [each for every in camp.codes.values() for each in every]
        values: dict[str, Any] = {
            **camp.values(stage), "code": dice.choice(codes), "door": camp.door, "mark": current_door(self.world, camp).rsplit("/", 1)[1],
            "key": dice.choice((f"u{camp.unit}", f"m{dice.choice(camp.members)}", camp.proposal)), "kind": dice.choice(("svg", "png")),
        }  # fmt: skip
        parts = []
        for part in rule.rule.split("/"):
            name = part[part.index("<") :].split(":")[-1].strip("<>").split(">")[0] if "<" in part else ""
            built = part
            if name:
                built = rule.build({key: values[key] for key in rule.arguments})[1].split("/")[rule.rule.split("/").index(part)]  # type: ignore[index]
                if dice.random() < 0.1:
                    built = dice.choice(("0", "-1", "9" * 30, "１", "%00", "..", "%ff", "null", "💥", built + "x"))
            parts.append(built)
        query = f"?{dice.choice(FIELDS)}={self._text(8)}" if dice.random() < 0.2 else ""
        return "/".join(parts) + query.replace("#", "%23").replace("%", "%25")

    def _fields(self, camp: Camp, stage: str) -> dict[str, Any]:
        dice = self.dice
        fields: dict[str, Any] = camp.fields(stage) if dice.random() < 0.7 else {}
        if dice.random() < 0.15:
            # What only a few people know stays rare, so that not every box is counted or destroyed at once.
            fields.pop("scrutineer", None)
        if dice.random() < 0.3:
            fields |= {"0.0": "0", "go": dice.choice(("cast", "review", "edit"))}
        if dice.random() < 0.2:
            fields |= {"unit": str(camp.unit), "day": "2026-11-21", "entry": dice.choice(("slips", "screen")), "place": "会场",
                       "group": ["群众", "党员"], "due": ["9", "8"], "present": ["7", "6"], "questionnaire": "five_goods_five_leads"}  # fmt: skip
        if dice.random() < 0.15:
            fields |= {"code": camp.forms[0], "reason": dice.choice(tuple(Spoil)).value}
        for _ in range(dice.randrange(3)):
            fields[dice.choice((*FIELDS, *fields))] = self._text(200)
        if dice.random() < 0.03:
            fields["file"] = (BytesIO(self._text(200).encode("utf-8", "replace")), "名单.csv")
        return fields

    def _text(self, most: int) -> str:
        dice = self.dice
        drawn = dice.choice(TEXTS) if dice.random() < 0.8 else "".join(chr(dice.randrange(1, 0x3000)) for _ in range(dice.randrange(9)))
        return drawn[:most].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_thousands_of_requests_by_lot_find_no_fault(app: Flask, house: House) -> None:
    world = make_world(app, house)
    fuzz = Fuzz(world, seed=20261121)
    n = REQUESTS[house.store.is_sqlite]
    assert fuzz.run(n) == []
    routes = {rule.endpoint for rule in fuzz.rules}
    assert set(fuzz.reached) == routes, "every route is reached"
    # It is no fuzz when everything is turned away at the door.
    assert all(fuzz.statuses[status] > n // 1500 for status in (200, 303, 400, 403, 404, 405, 409, 410)), fuzz.statuses
    assert balanced(house) == []
    # And the house goes on: a new meeting is opened, voted in, closed and counted.
    last = add_meeting(house, world.here, "counted", by=world.hall.secretary)
    assert sit_down(app, house, "secretary").client.get(f"/board/meetings/{last}").status_code == 200
