"""What groups weigh in a published round: by name, by their ballots, and in effect."""

from flask import Flask

from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Form, Held, Leaf, Mark, Named, Place, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.rounds import Scheme
from survey.web.board.roll_ups import Reading
from survey.web.board.round_weights import weighed_below, weighing_of

YES = Scale("yes", "是否", (Option(0, "是", Role.SATISFIED), Option(1, "否", Role.UNSATISFIED)))
FORM = Form("评议", (Section("m", "党员", Audience.MEMBER, (Question("a", Kind.RATING, "带头", "yes"),)),), (YES,))
# Of the first member 12 of 16 and 1 of 6 say yes, of the second all.
MARKS = ((0, "m7", 0, 12), (0, "m7", 1, 4), (1, "m7", 0, 1), (1, "m7", 1, 5), (0, "m8", 0, 16), (1, "m8", 0, 6))


def reading(scheme: Scheme, *groups: tuple[str, ...]) -> Reading:
    atoms = tuple((Leaf(1, 2, names, ballots),) for names, ballots in zip(groups, (16, 6), strict=True))
    held = Held(1, 2, "评议会", "2026-09-01", 1, (2,), 30, 22, 22, 22, 0, "00")
    places = (Place(1, None, "township", "镇"), Place(2, 1, "village", "一支部"))
    marks = tuple(Mark(at, 2, key, 1, "m", "a", answer, n) for at, key, answer, n in MARKS)
    people = {"m7": Named("张三", "委员", 2), "m8": Named("李四", "", 2)}
    asked = {(1, key): "m" for key in people}
    return Reading(FrozenRoll.of(Publication(1, "评议", "2026Q3", "1", scheme, places, {1: FORM}, (held,), atoms, people, asked, (), marks)))


SCHEME = Scheme(weights=(("群众", 30), ("党员", 70), ("领导", 100)))


def test_nominal_weights_are_of_those_that_voted_and_effective_ones_of_the_differences(app: Flask) -> None:
    with app.test_request_context("/?lang=zh"):
        found = weighing_of(reading(SCHEME, ("群众",), ("党员",)), "m7")
        below = weighed_below(reading(SCHEME, ("群众",), ("党员",)), 1)
    assert found is not None and below is not None and below.members is not None
    # Only the first differs, by −1/4 and −5/6: 0.3 / 4 = 0.075 and 0.7 × 5 / 6 = 0.58333…: 11.39 and 88.61 per cent.
    assert [(each.name, each.nominal, each.ballots, each.effective, each.is_far) for each in found.shares] == [
        ("群众", "30.00", "72.73", "11.39", True), ("党员", "70.00", "27.27", "88.61", True), ("领导", "–", "0.00", "–", False),
    ]  # fmt: skip
    # 0.3 × 12/16 + 0.7 × 1/6 = 34.17; of both together 0.3 × 28/32 + 0.7 × 7/12 = 67.08.
    assert (found.wholes["m7"].narrow, found.missing, below.members.narrow, below.units, below.merged) == ("34.17", ("领导",), "67.08", None, ())


def test_groups_that_are_only_shown_together_weigh_nothing(app: Flask) -> None:
    with app.test_request_context("/?lang=zh"):
        one = reading(SCHEME, ("群众",), ("党员", "领导"))
        found, below, plain = weighing_of(one, "m7"), weighed_below(one, 1), weighing_of(reading(Scheme(), ("群众",), ("党员",)), "m7")
    assert found is not None and below is not None
    assert (found.wholes, found.merged, below.members, below.merged, plain) == ({}, ("党员", "领导"), None, ("党员", "领导"), None)
