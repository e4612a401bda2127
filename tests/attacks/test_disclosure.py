"""Two worlds that differ only in what may not be shown look the same, byte for byte, on every page and in every file."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from survey.actions import ballots
from survey.app import create_app, open_house
from survey.config import Config
from survey.domain.questionnaires import Audience, Kind, Option, Question, Questionnaire, Role, Scale, Section
from survey.store import meetings as kept
from tests.conftest import Hall, make_meeting, on_sqlite
from tests.surveys_for_tests import make_survey
from tests.web.desk.desks_for_tests import sit_down

LOGINS = ("secretary", "leader")
# What a group's ballots say, one sign a ballot: + satisfied with everything, x with nothing, - not a mark.
World = Mapping[str, str]
Pages = dict[str, tuple[int, bytes]]
PRESENT = 12
WORDS = "食堂的热水太少"
_LEVELS = (("是", Role.SATISFIED), ("差不多", Role.BASIC), ("否", Role.UNSATISFIED))
ASKED = Questionnaire(
    "asked", "食堂", (Scale("three", "三级", tuple(Option(i, label, role) for i, (label, role) in enumerate(_LEVELS))),),
    (Section("g", "食堂", Audience.GENERAL, (
        Question("a", Kind.RATING, "热不热", "three"), Question("n", Kind.NUMBER, "一周来几次", low=0, high=20),
        Question("d", Kind.DATE, "最近一次是哪天"), Question("b", Kind.OPINION, "还有什么"),
    )),),
)  # fmt: skip
# Every argument a route may have, and what stands for it; a route with another one must be thought about here.
KINDS = ("svg", "png")
# A form's token is made of the time, its key of chance; neither has to do with what anybody answered.
TOKEN = re.compile(rb'name="(?:csrf_token|once)"[^>]*value="[^"]*"')


def act_out(config: Config, place: Path, world: World, *, survey: bool = False) -> Pages:
    """A counted meeting, or survey, whose groups voted so, and everything any page or file says of it, what a leader sees asked for twice."""
    place.mkdir()
    here = replace(config, instance=place, keyroom=place.with_suffix(".keys"), database=f"sqlite:///{place / 'pingyi.db'}")
    house = open_house(here, random=Random(20260918))
    house.store.upgrade()
    groups = tuple((name, PRESENT, PRESENT) for name in world)
    hall = make_survey(house, groups=groups, form=ASKED) if survey else make_meeting(house, groups=groups)
    for codes, said in zip(hall.codes.values(), world.values(), strict=True):
        for code, sign in zip(codes, said, strict=False):
            vote(hall, code, sign)
    hall.close({group: PRESENT - len(said) for group, said in zip(hall.codes, world.values(), strict=True)})
    hall.count()
    app = create_app(here, random=Random(7), testing=True)
    # What the secretary sees of a survey beyond the leader are the pages of the meetings above.
    first, second = dict(walk(app, hall, LOGINS[survey:])), dict(walk(app, hall, LOGINS[1:]))
    assert second == {address: first[address] for address in second}, "what is kept between two looks says the same"
    app.extensions["house"].store.close()
    house.store.close()
    return first


def vote(hall: Hall, code: str, sign: str) -> None:
    """A ballot that says one thing everywhere, and one opinion in any case."""
    paper = hall.house.paper(ballots.look(hall.house, code).paper or "")
    fields = {name: paper.questions(paper.targets[t])[q].kind for name, (t, q) in paper.fields.items()}
    opinions = [name for name, kind in fields.items() if kind is Kind.OPINION]
    answers = {name: [{"+": "0", "x": "2"}[sign]] for name, kind in fields.items() if kind is Kind.RATING and sign != "-"}
    measured = {Kind.NUMBER: {"+": "3", "x": "17"}, Kind.DATE: {"+": "2026-09-01", "x": "2026-03-01"}}
    answers |= {name: [measured[kind][sign]] for name, kind in fields.items() if kind in measured and sign != "-"}
    ballots.cast(hall.house, code, answers | ({opinions[-1]: [WORDS]} if opinions and sign != "-" else {}))


def walk(app: Flask, hall: Hall, logins: Sequence[str]) -> Iterator[tuple[str, tuple[int, bytes]]]:
    """Every address of desk and board about this meeting, for everybody who may see it, in both languages."""
    with hall.house.store.read() as db:
        meeting = kept.get(db, hall.meeting)
        keys = [f"u{hall.branch}", "general", *(f"m{n}" for n in range(1, 5))]
    values = {
        "meeting_id": (meeting.id,),
        "group_id": tuple(group.id for group in meeting.groups),
        "key": tuple(keys),
        "kind": KINDS,
        "number": (1,),
    }
    for login in logins:
        browser = sit_down(app, hall.house, login).client
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or not rule.endpoint.startswith(("board", "desk")):
                continue
            if rule.arguments - values.keys():
                assert "meeting_id" not in rule.arguments, f"say here what {rule.rule} wants"
                continue
            if "meeting_id" not in rule.arguments and rule.endpoint not in ("board.index", "desk_home.home"):
                continue
            for address in addresses(rule.rule, sorted(rule.arguments), values):
                is_page = login == LOGINS[0] and "kind" not in rule.arguments and not rule.endpoint.startswith("desk")
                for query in ("", "?sort=rate", "?lang=en") if is_page else ("",):
                    page = browser.get(address + query)
                    yield f"{login} {address}{query}", (page.status_code, settled(page.data))


def addresses(rule: str, names: list[str], values: Mapping[str, tuple[object, ...]]) -> Iterator[str]:
    """The rule with every value of every argument."""
    if not names:
        yield rule
        return
    for value in values[names[0]]:
        yield from addresses(re.sub(rf"<[^<>]*\b{names[0]}>", str(value), rule), names[1:], values)


def settled(body: bytes) -> bytes:
    """A page without its tokens; a workbook as its parts, without the minute at which it was made."""
    if not body.startswith(b"PK"):
        return TOKEN.sub(b"", body)
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return b"".join(book.read(name) for name in sorted(book.namelist()) if name != "docProps/core.xml")


@on_sqlite
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"群众代表": "++++"}, {"群众代表": "xxxx"}, id="four ballots, all satisfied or none"),
        pytest.param({"群众代表": "++++"}, {"群众代表": "+++x"}, id="four ballots, one of them unhappy"),
        pytest.param({"群众代表": "++", "党员": "+x"}, {"群众代表": "x+", "党员": "++"}, id="two groups, four ballots in all"),
        pytest.param(
            {"群众代表": "++++", "党员": "++++xxxx"}, {"群众代表": "xxxx", "党员": "++++++++"}, id="a group of four merged with one of eight"
        ),
        pytest.param(
            {"群众代表": "----", "党员": "++++++++"}, {"群众代表": "++++", "党员": "++++----"}, id="who abstained in a group of four"
        ),
        pytest.param(
            {"群众代表": "++++", "党员": "xxxxxx", "服务对象": "+++++++++"},
            {"群众代表": "xxxx", "党员": "++++xx", "服务对象": "+++++++++"},
            id="three groups, the two smallest merged",
        ),
    ],
)
def test_nothing_anywhere_tells_two_worlds_apart_that_differ_below_five(
    config: Config, tmp_path: Path, one: World, other: World
) -> None:
    """Guards: actions.results.atoms wherever a figure is shown, and totals instead of numbers by group where answers show."""
    first, second = (act_out(config, tmp_path / name, world) for name, world in (("one", one), ("other", other)))
    assert first.keys() == second.keys()
    assert [address for address in first if first[address] != second[address]] == []
    assert sum(status == 200 for status, _ in first.values()) > 20, "the walk went somewhere"


@on_sqlite
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"职工": "++++", "家属": "++++xxxx"}, {"职工": "xxxx", "家属": "++++++++"}, id="a group of four and one of eight"),
        pytest.param({"职工": "+++++xx", "家属": "+++++++++x"}, {"职工": "++++++x", "家属": "++++++++xx"}, id="seven with words"),
    ],
)
def test_the_rows_of_a_survey_tell_no_two_worlds_apart_that_differ_below_what_is_told(
    config: Config, tmp_path: Path, one: World, other: World
) -> None:
    """Guards: domain.strips.strip: rows tell groups apart only when each is large enough. Seven are enough for figures by
    group, not for rows with words: so only pages of figures differ in the last case."""
    first, second = (act_out(config, tmp_path / name, world, survey=True) for name, world in (("one", one), ("other", other)))
    told = {address.partition(" ")[2].rsplit("/", 1)[-1] for address in first if first[address] != second[address]}
    rows = {"answers.csv", "answers.xlsx", "codes.csv", "codebook.csv"}
    assert not {each.partition("?")[0] for each in told} & rows
    assert first.keys() == second.keys() and (told == set() or len(min(one.values(), key=len)) >= 5)


@on_sqlite
def test_the_walk_sees_a_difference_that_may_be_seen(config: Config, tmp_path: Path) -> None:
    """Five ballots may be shown; then the same walk tells the worlds apart, in pages, files, pictures and order."""
    worlds = ({"群众代表": "+++++"}, {"群众代表": "++++x"})
    first, second = (act_out(config, tmp_path / name, world) for name, world in zip(("one", "other"), worlds, strict=True))
    told = {address for address in first if first[address] != second[address]}
    for part in ("/board", "csv", "xlsx", "svg", "png", "seal", "print"):
        assert any(part in address for address in told), part
