"""Scores of sources that are not in the box (self, peers, leader), typed unit by unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from survey.actions import scores as verbs
from survey.domain.refusals import NotGraded
from survey.domain.scheme_parts import Source
from survey.domain.scores import Typing, locked, points_text, read_points
from survey.domain.texts import line
from survey.office.gradings import Graded, containing
from survey.store import grades
from survey.web.desk.grades import Found, find, to, trail_of
from survey.web.desk.rounds import BLUEPRINT
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One unit or member with what stands in its fields, source by source, and what is wrong with it."""

    graded: Graded
    cells: tuple[str, ...]
    kept: tuple[str, ...]
    wrong: tuple[str, ...]
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What was typed: the scores that were changed, and by target the texts and what is wrong with each."""

    some: tuple[Typing, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wrong: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


EMPTY = Form()


@BLUEPRINT.get("/<int:round_id>/grades/<int:unit_id>/scores")
@admits(Who.SECRETARY)
def type_scores(round_id: int, unit_id: int) -> Response:
    """The grid of a unit: units below it and its members, a column for each source that is typed."""
    return _page(find(round_id, unit_id))


@BLUEPRINT.post("/<int:round_id>/grades/<int:unit_id>/scores")
@admits(Who.SECRETARY)
def write_scores(round_id: int, unit_id: int) -> Response:
    """Write them all, or show the grid again with what to change."""
    found = find(round_id, unit_id)
    form = _form(found)
    if any(any(each) for each in form.wrong.values()):
        said = Sentence(400, _("有几处还不能保存"), _("什么也没有写入。请看标出的地方，改好再保存。"))
        return _page(found, form, said)
    if not form.some:
        return to(round_id, unit_id)
    wanted = verbs.Typed(found.place.id, found.place.name, form.some, containing(found.roll, [each.target for each in form.some]))
    try:
        verbs.write(house(), round_id, wanted, by=staff(), now=now())
    except NotGraded as refused:
        return _page(found, form, sentence(refused))
    return to(round_id, unit_id)


def sources(found: Found) -> tuple[Source, ...]:
    """Those that are typed."""
    return tuple(each for each in found.roll.made.scheme.sources if each.is_typed)


def _form(found: Found) -> Form:
    """The rows as far as they are on this page; a row that was not sent stays as it is."""
    known, names = {each.key: each for each in found.rows}, [each.name for each in sources(found)]
    typed, was = request.form.getlist("points"), request.form.getlist("was")
    some: list[Typing] = []
    texts: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, tuple[str, ...]] = {}
    for at, key in enumerate(request.form.getlist("target")):
        cells, before = (tuple(map(line, each[at * len(names) : (at + 1) * len(names)])) for each in (typed, was))
        # No browser sends a row twice; of one that came twice the first counts.
        if key not in known or key in texts or len(cells) < len(names) or len(before) < len(names):
            continue
        texts[key] = cells
        wrong[key] = tuple(_wrong(cell) for cell in cells)
        one = known[key].named
        for name, cell, old in zip(names, cells, before, strict=True):
            if cell != old and not _wrong(cell):
                some.append(Typing(key, one.label, one.unit, name, read_points(cell) if cell else None, read_points(old) if old else None))
    return Form(tuple(some), texts, wrong)


def _wrong(cell: str) -> str:
    return _("请填 0 到 100 的数，最多两位小数。") if cell and read_points(cell) is None else ""


def _page(found: Found, form: Form = EMPTY, said: Sentence | None = None) -> Response:
    keys = [each.key for each in found.rows]
    above = containing(found.roll, keys)
    decided = frozenset(found.decided)
    if above:
        with house().store.read() as db:
            decided |= grades.decided_of(db, found.planned.id, [key for some in above.values() for key in some])
    fixed = locked(keys, decided, above) if not found.grading.is_ended else frozenset(keys)
    some = sources(found)
    units, members = (_rows(found, rows, some, form, fixed) for rows in (found.units, found.members))
    text = render_template(
        "desk/grades/scores.html", planned=found.planned, place=found.place, trail=trail_of(found), sources=some, units=units, members=members, said=said,
        grading=found.grading, is_any_locked=bool(fixed) and not found.grading.is_ended,
    )  # fmt: skip
    return make_response(text, said.status if said else 200)


def _rows(found: Found, rows: Sequence[Graded], some: Sequence[Source], form: Form, fixed: Iterable[str]) -> tuple[Row, ...]:
    told = []
    for each in rows:
        scores = found.points.typed.get(each.key, {})
        kept = tuple(points_text(scores.get(source.name)) for source in some)
        told.append(Row(each, form.texts.get(each.key) or kept, kept, form.wrong.get(each.key) or ("",) * len(some), each.key in fixed))
    return tuple(told)
