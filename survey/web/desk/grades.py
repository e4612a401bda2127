"""评定等次: what the figures of a published round come to, what is decided, and why where the two differ; unit by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from flask import Response, make_response, redirect, render_template, request, url_for

from survey.actions import grades as verbs
from survey.domain.grades import LONGEST_REASON, Choice, Decision, Grading, Limit, best, ladder
from survey.domain.plans import Planned
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Place
from survey.domain.refusals import NotFound, NotGraded
from survey.domain.texts import line
from survey.office.gradings import Graded, Quota, below, graded, limit, members
from survey.store import grades
from survey.web.desk.rounds import BLUEPRINT
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.grade_errors import row as row_words
from survey.web.grade_words import grade_word, score_words
from survey.web.points import exact
from survey.web.questionnaires import noted
from survey.web.rolls import roll_of


@dataclass(frozen=True, slots=True)
class Line:
    """One unit or member of the table: what it comes to, what was decided, and what stands in its fields."""

    graded: Graded
    decision: Decision | None
    grade: str
    reason: str
    wrong: str = ""

    @property
    def note(self) -> str:
        """A member's position or kind."""
        return noted(self.graded.named.note)


@dataclass(frozen=True, slots=True)
class Under:
    """A unit below, with how many of it and its members are decided."""

    place: Place
    decided: int
    of: int


@dataclass(frozen=True, slots=True)
class Found:
    """The page of a unit."""

    planned: Planned
    roll: FrozenRoll
    place: Place
    grading: Grading
    decided: Mapping[str, Decision]
    counts: Mapping[tuple[int, bool], int]
    over: str
    units: tuple[Graded, ...]
    members: tuple[Graded, ...]
    limit: Limit | None
    quota: Quota | None
    points: verbs.Points

    @property
    def rows(self) -> tuple[Graded, ...]:
        """All that is decided on this page."""
        return (*self.units, *self.members)

    @property
    def under(self) -> tuple[Under, ...]:
        """The units below that have a page of their own."""
        found = []
        for place in self.roll.children.get(self.place.id, ()):
            of = len(members(self.roll, place.id)) + len(below(self.roll, place.id))
            if of:
                units = sum(self.counts.get((each.id, False), 0) for each in self.roll.children.get(place.id, ()))
                found.append(Under(place, units + self.counts.get((place.id, True), 0), of))
        return tuple(found)


@BLUEPRINT.get("/<int:round_id>/grades")
@admits(Who.SECRETARY)
def grades_of_round(round_id: int) -> Response:
    """The page of the highest unit."""
    return _page(find(round_id, None, counts=True))


@BLUEPRINT.get("/<int:round_id>/grades/<int:unit_id>")
@admits(Who.SECRETARY)
def grades_of_unit(round_id: int, unit_id: int) -> Response:
    """One unit: the units right below it and its own members."""
    return _page(find(round_id, unit_id, counts=True))


@BLUEPRINT.post("/<int:round_id>/grades/<int:unit_id>")
@admits(Who.SECRETARY)
def decide(round_id: int, unit_id: int) -> Response:
    """Write what was chosen, or show it again with what to change; `adopt` chooses what the figures say where nothing is decided."""
    found = find(round_id, unit_id, counts=True)
    typed = _typed(found)
    over = line(request.form.get("over", ""))
    choices = [each for each in typed.values() if _is_changed(each, found.decided.get(each.target))]
    wanted = verbs.Deciding(found.place.id, found.place.name, choices, ladder(found.roll.made.scheme), (found.limit,) if found.limit else (), over, found.points)
    if not choices and over == found.over:
        return to(round_id, unit_id)
    try:
        verbs.decide(house(), round_id, wanted, by=staff(), now=now())
    except NotGraded as refused:
        if refused.facts["why"] in ("ended", "changed"):
            return _page(found, said=sentence(refused))
        rows = refused.facts.get("rows")
        return _page(found, typed=typed, over=over, said=sentence(refused), rows=rows if isinstance(rows, dict) else None)
    return to(round_id, unit_id)


def to(round_id: int, unit_id: int | None = None) -> Response:
    """To the page of a unit, so that reloading it repeats nothing."""
    if unit_id is None:
        return make_response(redirect(url_for("desk_rounds.grades_of_round", round_id=round_id), 303))
    return make_response(redirect(url_for("desk_rounds.grades_of_unit", round_id=round_id, unit_id=unit_id), 303))


def trail_of(found: Found) -> tuple[Place, ...]:
    """The units from the highest this person sees down to that of the page."""
    return tuple(place for place in found.roll.trail(found.place.id) if staff().sees(place.id))


def find(round_id: int, unit_id: int | None, *, counts: bool = False) -> Found:
    """The round at a unit of it; with `counts` how many are decided below, and why there are more of the best grade than the share.

    Raises
    ------
    NotFound
        The unit is not in it, or the round is none of this person's.
    """
    if unit_id is not None and not staff().sees(unit_id):
        raise NotFound(what="unit")
    with house().store.read() as db:
        planned, made = verbs.published(db, round_id, by=staff())
        roll = roll_of(db, made)
        here = planned.unit if unit_id is None else unit_id
        if here not in {place.id for place in roll.made.places}:
            raise NotFound(what="unit")
        keys = below(roll, here), members(roll, here)
        about = frozenset(roll.made.targets[key].unit for some in keys for key in some)
        # Where units below count, so does whatever was typed for them.
        points = verbs.points(db, round_id, None if roll.made.scheme.below else about)
        units, own = (graded(roll, some, exact(points)) for some in keys)
        bound = limit(roll.made.scheme, here, own)
        return Found(
            planned, roll, roll.place(here), grades.of_round(db, round_id), grades.decisions(db, round_id, about), grades.decided(db, round_id) if counts else {},
            grades.overrun(db, round_id, here) if counts else "", units, own, bound[0] if bound else None, bound[1] if bound else None, points,
        )  # fmt: skip


def _typed(found: Found) -> Mapping[str, Choice]:
    """The rows of the form, as far as they are on this page; what was not sent stays as it is."""
    form = request.form
    # Who has no room for the best grade, or is tied for the last, is left open: somebody must decide.
    adopts = "adopt" in form
    crowded = set() if found.quota is None else set(found.quota.reached) - set(found.quota.proposed)
    known = {each.key: each for each in found.rows}
    rows: dict[str, Choice] = {}
    for key, grade, reason, was in zip_longest(*(form.getlist(name) for name in ("target", "grade", "reason", "was")), fillvalue=""):
        each = known.get(key)
        if each is not None:
            chosen = each.result if adopts and not grade and not was and key not in crowded else line(grade)
            rows[key] = Choice(key, each.named.label, each.named.unit, chosen, each.result, line(reason) if chosen else "", line(was))
    return rows


def _is_changed(choice: Choice, before: Decision | None) -> bool:
    if before is None:
        return bool(choice.grade or choice.was)
    return (choice.grade, choice.reason, choice.was) != (before.grade, before.reason, before.grade)


def _page(
    found: Found, *, typed: Mapping[str, Choice] | None = None, over: str | None = None, said: Sentence | None = None,
    rows: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    scheme = found.roll.made.scheme
    own = {target: each.grade for target, each in found.decided.items() if each.unit == found.place.id}
    text = render_template(
        "desk/grades/unit.html", planned=found.planned, place=found.place, trail=trail_of(found), grading=found.grading, scheme=scheme, said=said,
        units=_lines(found.units, found, typed, rows), members=_lines(found.members, found, typed, rows), grades=ladder(scheme), word=grade_word,
        limit=found.limit, quota=found.quota, have=0 if found.limit is None else best(own, (), found.limit), over=found.over if over is None else over,
        under=found.under, left_out=found.roll.left_out(found.place.id), longest=LONGEST_REASON, score_words=score_words(scheme),
        typed_sources=any(each.is_typed for each in scheme.sources), alone=[each.named.label for each in found.rows if each.key in found.points.approved.alone],
    )  # fmt: skip
    return make_response(text, said.status if said else 200)


def _lines(rows: Sequence[Graded], found: Found, typed: Mapping[str, Choice] | None, wrong: Mapping[str, str] | None) -> tuple[Line, ...]:
    """By place where there is a league table; else as the list has them."""
    order = sorted(rows, key=lambda each: each.rank or len(rows) + 1) if found.roll.made.scheme.league else rows
    lines = []
    for each in order:
        before = found.decided.get(each.key)
        now_typed = (typed or {}).get(each.key)
        grade, reason = (now_typed.grade, now_typed.reason) if now_typed else (before.grade, before.reason) if before else ("", "")
        why = (wrong or {}).get(each.key, "")
        lines.append(Line(each, before, grade, reason, row_words(why, LONGEST_REASON) if why else ""))
    return tuple(lines)
