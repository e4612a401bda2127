"""Whether the rules of a scheme can be: each that cannot is refused by its field, with what stands there and why."""

from collections.abc import Iterable, Sequence
from math import isfinite

from survey.domain.questionnaire_checks import MOST_POINTS
from survey.domain.questionnaires import MOST_CODE
from survey.domain.refusals import BadField
from survey.domain.rounds import MOST_WEIGHT, Scheme, check_weights
from survey.domain.scheme_parts import Source

MOST_DECIMALS = 6
MOST_TRIM = 0.4
MOST_SOURCES = 10
MOST_GRADES = 10
MOST_KINDS = 40
MOST_OVERRIDDEN = 500
LONGEST_LABEL = 30
# A composite, and so the lowest score of a grade and all bonus points together, goes to 100.
FULL = 100


def check_scheme(scheme: Scheme) -> None:
    """Refuse a scheme that nobody could reckon with.

    Raises
    ------
    BadField
        Names the field (as in `Scheme`), what stands there, and why: range, twice, empty, too_long, many, nothing, order, last,
        no_grades.
    """
    _check_shares(scheme)
    check_weights(dict(scheme.weights))
    _check_points(scheme)
    _check_weighed("kinds", scheme.kinds, most=MOST_KINDS)
    _check_weighed("sources", [(each.name, each.weight) for each in scheme.sources], most=MOST_SOURCES)
    _check_groups(scheme.sources)
    for field, number in (("below", scheme.below), ("bonus", scheme.bonus)):
        if not 0 <= number <= FULL:
            raise BadField(field=field, value=str(number), why="range", most=FULL)
    _check_grades(scheme.grades)
    _check_quota(scheme)


def _check_shares(scheme: Scheme) -> None:
    for field, share in (("satisfied_at", scheme.satisfied_at), ("basic_at", scheme.basic_at)):
        if not 0 <= share <= 1:
            raise BadField(field=field, value=f"{100 * share:g}", why="range", most=FULL)
    if not 0 <= scheme.trim <= MOST_TRIM:
        raise BadField(field="trim", value=f"{100 * scheme.trim:g}", why="range", most=round(100 * MOST_TRIM))
    if not 0 <= scheme.decimals <= MOST_DECIMALS:
        raise BadField(field="decimals", value=str(scheme.decimals), why="range", most=MOST_DECIMALS)


def _check_points(scheme: Scheme) -> None:
    if len(scheme.points) > MOST_OVERRIDDEN:
        raise BadField(field="points", value=str(len(scheme.points)), why="many", most=MOST_OVERRIDDEN)
    seen: set[tuple[str, int]] = set()
    for scale, code, points in scheme.points:
        said = f"{points:g}"
        if not isfinite(points) or not -MOST_POINTS <= points <= MOST_POINTS:
            raise BadField(field="points", value=said, why="range", most=MOST_POINTS)
        if not scale or not 0 <= code <= MOST_CODE:
            raise BadField(field="points", value=scale, why="unknown")
        if (scale, code) in seen:
            raise BadField(field="points", value=said, why="twice")
        seen.add((scale, code))


def _check_weighed(field: str, rows: Sequence[tuple[str, int]], *, most: int) -> None:
    if len(rows) > most:
        raise BadField(field=field, value=str(len(rows)), why="many", most=most)
    _check_names(field, [name for name, _weight in rows])
    for name, weight in rows:
        if not 0 <= weight <= MOST_WEIGHT:
            raise BadField(field=field, value=name, why="range", most=MOST_WEIGHT)
    if rows and not any(weight for _name, weight in rows):
        raise BadField(field=field, value="", why="nothing")


def _check_names(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not name.strip():
            raise BadField(field=field, value="", why="empty")
        if len(name) > LONGEST_LABEL:
            raise BadField(field=field, value=name[:LONGEST_LABEL], why="too_long", most=LONGEST_LABEL)
        if name in seen:
            raise BadField(field=field, value=name, why="twice")
        seen.add(name)


def _check_groups(sources: Iterable[Source]) -> None:
    """A group in two sources would count twice, and nobody would see it."""
    seen: set[str] = set()
    for group in (group for source in sources for group in source.groups):
        if group in seen:
            raise BadField(field="sources", value=group, why="group_twice")
        seen.add(group)


def _check_grades(grades: Sequence[tuple[str, float]]) -> None:
    if not grades:
        return
    if len(grades) > MOST_GRADES:
        raise BadField(field="grades", value=str(len(grades)), why="many", most=MOST_GRADES)
    _check_names("grades", [label for label, _lowest in grades])
    before = float(FULL) + 1
    for label, lowest in grades:
        if not 0 <= lowest <= FULL:
            raise BadField(field="grades", value=label, why="range", most=FULL)
        if lowest >= before:
            raise BadField(field="grades", value=label, why="order")
        before = lowest
    if before:
        raise BadField(field="grades", value=grades[-1][0], why="last")


def _check_quota(scheme: Scheme) -> None:
    if scheme.quota is None:
        return
    part, whole = scheme.quota
    if not 0 < part < whole <= FULL:
        raise BadField(field="quota", value=f"{part}/{whole}", why="range", most=FULL)
    if not scheme.grades:
        raise BadField(field="quota", value=f"{part}/{whole}", why="no_grades")
