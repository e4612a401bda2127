"""All that is open at or below a unit is decided by the figures, after a look at how many that would be."""

from dataclasses import dataclass

from flask import Response, make_response, render_template

from survey.actions import grades as verbs
from survey.domain.grades import Choice, Limit, ladder
from survey.domain.plans import Planned
from survey.domain.publication_rolls import Roll
from survey.domain.publications import Place
from survey.domain.refusals import NotFound, NotGraded
from survey.office.gradings import Graded, graded, limit, members
from survey.store import grades
from survey.web.desk.grades import to
from survey.web.desk.rounds import BLUEPRINT
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.points import exact
from survey.web.rolls import roll_of

# More are decided further down: the page must answer while somebody waits for it.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Open:
    """What could be decided by the figures: `crowded` are those that reach the best grade and have no room, `without` have no result."""

    planned: Planned
    roll: Roll
    place: Place
    is_ended: bool
    of: int
    choices: tuple[Choice, ...] = ()
    limits: tuple[Limit, ...] = ()
    crowded: int = 0
    without: int = 0
    points: verbs.Points | None = None


@BLUEPRINT.get("/<int:round_id>/grades/<int:unit_id>/adopt")
@admits(Who.SECRETARY)
def ask_adopt(round_id: int, unit_id: int) -> Response:
    """How many it would be."""
    return _page(_open(round_id, unit_id))


@BLUEPRINT.post("/<int:round_id>/grades/<int:unit_id>/adopt")
@admits(Who.SECRETARY)
def adopt(round_id: int, unit_id: int) -> Response:
    """Decide them."""
    found = _open(round_id, unit_id)
    if not found.choices:
        return _page(found)
    wanted = verbs.Deciding(found.place.id, found.place.name, found.choices, ladder(found.roll.made.scheme), found.limits, points=found.points)
    try:
        verbs.decide(house(), round_id, wanted, by=staff(), now=now())
    except NotGraded as refused:
        return _page(found, sentence(refused))
    return to(round_id, unit_id)


def _page(found: Open, said: Sentence | None = None) -> Response:
    return make_response(render_template("desk/grades/adopt.html", found=found, planned=found.planned, said=said, most=MOST), said.status if said else 200)


def _open(round_id: int, unit_id: int) -> Open:
    if not staff().sees(unit_id):
        raise NotFound(what="unit")
    with house().store.read() as db:
        planned, made = verbs.published(db, round_id, by=staff())
        roll = roll_of(db, made)
        if unit_id not in {place.id for place in roll.made.places}:
            raise NotFound(what="unit")
        units = roll.inside(unit_id)
        of = sum(len(roll.own(unit)) for unit in units)
        place, is_ended = roll.place(unit_id), grades.of_round(db, round_id).is_ended
        if is_ended or of > MOST:
            return Open(planned, roll, place, is_ended, of)
        points = verbs.points(db, round_id, None)
        decided = {key: each.grade for key, each in grades.decisions(db, round_id).items()}
    typed = exact(points)
    # A unit has its place among its sisters, a member in his branch; neither matters to the grade.
    some = [*graded(roll, [f"u{unit}" for unit in units if f"u{unit}" in roll.made.targets], typed)]
    limits, crowded = [], set[str]()
    for unit in units:
        own = graded(roll, members(roll, unit), typed)
        bound = limit(roll.made.scheme, unit, own)
        if bound is not None:
            limits.append(bound[0])
            crowded |= _crowded(bound[0], own, decided) or set(bound[1].reached) - set(bound[1].proposed)
        some += own
    opened = [each for each in some if each.key not in decided]
    choices = tuple(Choice(e.key, e.named.label, e.named.unit, e.result, e.result, "") for e in opened if e.result and e.key not in crowded)
    return Open(planned, roll, place, False, of, choices, tuple(limits), sum(e.key in crowded for e in opened), sum(not e.result for e in opened), points)


def _crowded(bound: Limit, own: tuple[Graded, ...], decided: dict[str, str]) -> set[str]:
    """Where some have the best grade already, nobody gets it here: who has room is for somebody to decide."""
    has = any(decided.get(each.key) == bound.grade for each in own)
    return {each.key for each in own if each.result == bound.grade} if has else set()
