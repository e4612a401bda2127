"""Two hosts over one PostgreSQL and one key room, and a third that lacks the key."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

from survey.actions.house import House
from survey.config import Config
from survey.domain.meetings import Stage
from survey.store import meetings as kept
from survey.store import results
from tests.attacks.servers import Answer, Server, serving
from tests.conftest import PASSWORD, make_meeting, on_postgres

PHONES = 8


class Secretary:
    """The secretary's browser, which a balancer sends to any host."""

    def __init__(self) -> None:
        self._cookie = ""

    def send(self, host: Server, path: str, fields: Mapping[str, str], *, page: str = "") -> Answer:
        """Send a form with the token of its page."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._ask(host, "GET", page or path, None).body)
        assert token is not None, path
        return self._ask(host, "POST", path, {**fields, "csrf_token": token.group(1)})

    def _ask(self, host: Server, method: str, path: str, fields: Mapping[str, str] | None) -> Answer:
        answer = host.ask(method, path, fields, {"Cookie": self._cookie} if self._cookie else None)
        if "Set-Cookie" in answer.headers:
            self._cookie = "; ".join(f"{m.key}={m.value}" for m in SimpleCookie(answer.headers["Set-Cookie"]).values())
        return answer


@on_postgres
def test_votes_through_two_hosts_are_one_count_and_a_host_without_the_key_says_so(
    house: House, config: Config, tmp_path: Path
) -> None:
    """Guards: nothing of a vote, a login or a count lives in a process or an instance folder."""
    hall = make_meeting(house, groups=(("群众代表", 40, 40),), questionnaire="five_goods")
    ((group, codes),) = hall.codes.items()
    here = config
    there = replace(config, instance=tmp_path / "there")
    keyless = replace(config, instance=tmp_path / "keyless", keyroom=tmp_path / "another-keyroom")
    with serving(here) as one, serving(there) as two, serving(keyless, workers=1) as three:
        hosts = (one, two, three)

        def vote(at: int) -> tuple[int, int]:
            return hosts[at % 3].until_told(codes[at], {"0.0": "0"})

        with ThreadPoolExecutor(PHONES) as phones:
            told = list(phones.map(vote, range(len(codes))))
        assert [status for status, _ in told] == [303] * len(codes)
        assert {host.ask("GET", f"/b/{codes[0]}").status for host in hosts} == {409}, "spent on one is spent on all"
        secretary, desk = Secretary(), f"/desk/meetings/{hall.meeting}"
        assert secretary.send(one, "/desk/login", {"login": "secretary", "password": PASSWORD}).status == 303
        assert secretary.send(two, f"{desk}/close", {}).status == 303, "a login of one host is good on the other"
        assert secretary.send(one, f"{desk}/leftovers", {f"left_{group}": "0"}, page=desk).status == 303
        word = {"scrutineer": hall.scrutineer}
        refused = secretary.send(three, f"{desk}/count", word)
        assert refused.status == 409 and "钥匙" in refused.body and "请在开会时用的那台服务器上计票" in refused.body
        with house.store.read() as db:
            assert kept.get(db, hall.meeting).stage is Stage.CLOSED
        counted = secretary.send(two, f"{desk}/count", word)
        assert counted.status == 303
    with house.store.read() as db:
        assert results.returned_in_all(db, [hall.meeting]) == {hall.meeting: len(codes)}
        assert {c.ballots for c in results.counts(db, hall.meeting)[group]} == {len(codes)}
    assert house.keys.names() == (), "the key died in the one room both hosts share"
