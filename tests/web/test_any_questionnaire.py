"""Any questionnaire: frozen, filled in the booth over HTTP, counted, and shown with the counts one makes by hand."""

import csv
import io
import json
from collections import Counter
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis.elections import Outcome
from survey.actions import ballots, meetings, slips
from survey.actions.elections import Poll
from survey.actions.house import House
from survey.domain.elections import Pool
from survey.domain.meetings import Entry
from survey.domain.papers import Paper
from survey.domain.questionnaires import Kind, Questionnaire
from survey.domain.slips import Way
from survey.store import results as kept
from survey.store import units
from survey.web.board.figures import Item
from survey.web.board.results import Result, find
from survey.web.shelf import Shelf
from tests.conftest import NOW, TODAY, Hall, logged_in, make_people, person
from tests.questionnaires_for_tests import Filling, fillings, questionnaires

# One house for all examples and a meeting for each. Not shrunk: an example is eleven ballots.
FEW = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
GROUPS = (("群众代表", 8, 6), ("党员", 6, 5))
BALLOTS = 11
Marks = Counter[tuple[str, str, int]]


@given(data=st.data())
@FEW
def test_any_ballots_of_any_questionnaire_are_cast_counted_and_shown(house: House, app: Flask, data: st.DataObject) -> None:
    hall = open_meeting(house, data.draw(questionnaires(pools=(Pool.TYPED, Pool.MEMBERS)).filter(lambda form: not (form.is_survey and form.is_selection))))
    codes = [code for group in hall.codes.values() for code in group]
    paper = house.paper(ballots.look(house, codes[0]).paper or "")
    filled = [data.draw(fillings(paper)) for _ in codes]
    phone = app.test_client()
    for code, each in zip(codes, filled, strict=True):
        vote(phone, code, each)
    hall.close()
    hall.count()
    by_hand: Marks = Counter(mark for each in filled for mark in each.marks)
    assert counted(hall) == by_hand
    with house.store.read() as db:
        said = Counter((o.target, o.question, o.text) for o in kept.opinions(db, hall.meeting))
    assert said == Counter(opinion for each in filled for opinion in each.opinions)
    result = shown(app, hall)
    names = Counter(name for each in filled for name in each.names)
    for sheet in result.sheets:
        for item in sheet.items:
            marks = {c: n for (t, q, c), n in by_hand.items() if (t, q) == (sheet.target.key, item.question.key)}
            check(paper, item, marks)
    for poll in result.polls:
        check_poll(paper, poll, by_hand, names)
    read_everything(app, hall, result)


def open_meeting(house: House, form: Questionnaire) -> Hall:
    """The house's town, made once, and a meeting with this form, its slips made."""
    with house.store.read() as db:
        is_new = not units.all_units(db)
    hall = make_people(house, members=2) if is_new else again(house)
    form = replace(form, key=f"{form.key}_{house.random.getrandbits(60)}", title=f"{form.title[:40]}{house.random.getrandbits(60)}")
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, GROUPS, "会", form)
    hall.meeting = meetings.create(house, new, by=hall.secretary, now=NOW)
    hall.scrutineer = meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW) or ""
    with house.store.read() as db:
        made = meetings.meetings.get(db, hall.meeting).groups
    hall.codes = {
        g.id: list(slips.issue(house, hall.meeting, g.id, n=g.present, way=Way.SHEET, by=hall.secretary, now=NOW)) for g in made
    }
    return hall


def again(house: House) -> Hall:
    """The town of an earlier example."""
    with house.store.read() as db:
        ids = {unit.name: unit.id for unit in units.all_units(db)}
    places = (ids["青山镇党委"], ids["机修车间党支部"], ids["青山小学党支部"])
    return Hall(house, person(house, "secretary"), person(house, "leader"), *places)


def vote(phone: FlaskClient, code: str, filled: Filling) -> None:
    """The ballot is opened, reviewed and sent, as without a script."""
    assert phone.get(f"/b/{code}").status_code == 200
    review = phone.post(f"/b/{code}", data={**filled.fields, "go": "review"})
    assert review.status_code == 200, review.text
    thanks = phone.post(f"/b/{code}", data={**filled.fields, "go": "cast"})
    assert thanks.status_code == 303, thanks.text


def counted(hall: Hall) -> Marks:
    with hall.house.store.read() as db:
        rows = [count for each in kept.counts(db, hall.meeting).values() for count in each]
    found: Marks = Counter()
    for each in rows:
        found[each.target, each.question, each.option] += each.ballots
    return found


def shown(app: Flask, hall: Hall) -> Result:
    with app.test_request_context("/board"), hall.house.store.read() as db:
        result = find(db, hall.meeting, by=hall.secretary, shelf=Shelf(1)).result
    assert result is not None and result.is_shown
    return result


def check(paper: Paper, item: Item, marks: dict[int, int]) -> None:
    """The figures of one question against the marks."""
    if item.rate is not None:
        codes = [option.code for option in paper.scale(item.question).options]
        assert item.rate.figures.counts == {str(code): marks.get(code, 0) for code in codes}
        assert item.rate.figures.blank == BALLOTS - sum(marks.values())
        abstained = sum(marks.get(o.code, 0) for o in paper.scale(item.question).options if o.role == "abstain")
        assert item.rate.valid == sum(marks.values()) - abstained
    elif item.question.kind is Kind.CHOICE:
        assert [each.ballots for each in item.choices] == [marks.get(c, 0) for c in range(len(item.question.candidates))]
        assert max(each.ballots for each in item.choices) <= item.n
        assert item.question.election.write_ins or item.n <= sum(each.ballots for each in item.choices)
        assert item.n + item.blank == BALLOTS
    else:
        assert item.n == sum(marks.values())
        if item.spread is not None:
            assert sum(each.ballots for each in item.choices) == (item.n if item.n >= 5 else 0)


def check_poll(paper: Paper, poll: Poll, by_hand: Marks, names: Counter[tuple[str, str, str]]) -> None:
    """The votes of one election against the marks, and nobody elected who has not the votes."""
    written = {name: n for (target, question, name), n in names.items() if (target, question) == (poll.target, poll.question.key)}
    told = {each.label: each.votes for each in poll.candidates if each.is_written}
    assert told == {name: n for name, n in written.items() if n >= 3}
    assert (poll.written.others, poll.written.votes) == (len(written) - len(told), sum(written.values()) - sum(told.values()))
    for each in (candidate for candidate in poll.candidates if not candidate.is_written):
        yes = (o.code for o in paper.scale(poll.question).options if o.role == "satisfied") if poll.is_vote else (int(each.key),)
        target = each.key if poll.is_vote else poll.target
        assert each.votes == sum(by_hand[target, poll.question.key, code] for code in yes)
    elected = poll.result.of(Outcome.ELECTED)
    assert not poll.question.election.seats or len(elected) <= poll.question.election.seats
    assert all(poll.candidate(key).votes >= (poll.result.needed or 1) for key in elected)


def read_everything(app: Flask, hall: Hall, result: Result) -> None:
    """Every page and file of the result; ticks in the table are those of the pages, the seal holds no number by value."""
    desk = app.test_client()
    with desk.session_transaction("/board") as session:
        session["_user_id"] = logged_in(hall.house, "secretary")
    base = f"/board/meetings/{hall.meeting}"
    keys = [sheet.target.key for sheet in result.sheets if sheet.items]
    for path in ("", "/print", "/opinions", "/trackers", "/results.xlsx", *(f"/targets/{key}" for key in keys)):
        assert desk.get(base + path).status_code == 200, path
    pictures = ["/chart.svg"] if result.units and result.units[0].whole else []
    assert all(desk.get(base + path).status_code == 200 for path in pictures)
    table = list(csv.DictReader(io.StringIO(desk.get(base + "/results.csv").text.removeprefix("\ufeff"))))
    ticks = [choice.ballots for sheet in result.sheets for item in sheet.items for choice in item.choices]
    assert Counter(int(row["marked"]) for row in table if row["marked"] and not row["group"]) == Counter(ticks)
    seal = json.loads(desk.get(base + "/seal.json").text)
    free = {(s.target.key, i.question.key) for s in result.sheets for i in s.items if i.spread}
    assert not free & {(t, q) for atom in seal["counts"] for t, q, _code, _n in atom["counts"]}
    assert sum(n for *_, n in seal.get("classes", ())) == sum(
        choice.ballots for sheet in result.sheets for item in sheet.items if item.spread for choice in item.choices
    )
