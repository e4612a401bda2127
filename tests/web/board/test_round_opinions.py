"""Opinions on the pages of a published round: those of the meeting, of enough ballots, for who sees that meeting, and no others."""

import re
from collections import Counter

from flask import Flask

from survey.actions import ballots
from survey.actions.house import House
from survey.domain.questionnaires import Audience, Kind
from survey.domain.staff import StaffRole
from survey.web.board.round_opinions import MOST_QUOTED, MOST_SHOWN
from tests.conftest import hire, on_sqlite
from tests.rounds_for_tests import heard
from tests.townships_for_tests import Township
from tests.web.board.test_round_results import client_of
from tests.web.board.test_round_sheets import pdf_text, word_text


class Outspoken(Township):
    """Everybody is content with nothing, and writes something about whatever may be written about."""

    def cast(self, code: str, marks: Counter[tuple[str, str, int]]) -> None:
        paper = self.house.paper(ballots.look(self.house, code).paper or "")
        said = {}
        for name, (t, q) in paper.fields.items():
            kind = paper.questions(paper.targets[t])[q].kind
            if kind is Kind.RATING:
                said[name] = ["2"]
            if kind is Kind.OPINION:
                self.written = getattr(self, "written", 0) + 1
                said[name] = [f"第{self.written}句，{'大家' if paper.targets[t].audience is Audience.GENERAL else paper.targets[t].label}"]
        assert said
        ballots.cast(self.house, code, said)


@on_sqlite
def test_a_branch_has_the_opinions_of_its_meeting_and_those_of_few_ballots_are_gone(app: Flask, house: House) -> None:
    town = Outspoken(house)
    for branch, sizes in zip(town.branches, ((6, 7), (5, 2)), strict=False):
        town.hold_one(branch, sizes)
    town.publish()
    many, few = town.branches[:2]
    client, base = client_of(app, house, "secretary"), f"/board/rounds/{town.round}/units"
    page, whole = client.get(f"{base}/{many.unit}").text, client.get(f"/board/meetings/{many.meeting}/opinions").text
    shown = [each for each in range(1, 200) if f"<li>第{each}句" in page]
    with heard() as asked:
        client.get(f"{base}/{many.unit}")
    assert len(asked) <= 10, "what a meeting was told once is kept"
    assert len(shown) == MOST_SHOWN and all(f"<li>第{each}句" in whole for each in shown)
    assert f"还有 {many.returned - MOST_SHOWN} 条" in page and f"/board/meetings/{many.meeting}/opinions" in page
    for sheet in (pdf_text(client.get(f"{base}/{many.unit}/sheet.pdf").data), word_text(client.get(f"{base}/{many.unit}/sheet.docx").data)):
        assert all(f"· 第{each}句" in sheet for each in shown) and sheet.count("· 第") == MOST_SHOWN and f"还有 {many.returned - MOST_SHOWN} 条" in sheet
    assert "· 第" not in pdf_text(client.get(f"{base}/{few.unit}/sheet.pdf").data)
    assert "意见建议</h2>" not in client.get(f"{base}/{few.unit}").text, "seven ballots are figures, and no opinions"
    head = town.tree.heads[many.above]
    hire(house, "below", "王支书", role=StaffRole.LEADER, unit=many.unit)
    assert f"<li>第{shown[0]}句" in client_of(app, house, "below").get(f"{base}/{many.unit}").text
    assert "意见建议</h2>" not in client.get(f"{base}/{head}").text
    # Where the unit is only named the first of them are quoted, to whom its own page shows them.
    panel = re.findall(r'(?s)<ol class="needs">.*?</ol>', client.get(f"/board/rounds/{town.round}/results").text)[0]
    quoted = [int(each) for each in re.findall(r"<q>第(\d+)句", panel)]
    assert f'/units/{few.unit}"' in panel and quoted == [int(each) for each in re.findall(r"<li>第(\d+)句", page)][:MOST_QUOTED]
