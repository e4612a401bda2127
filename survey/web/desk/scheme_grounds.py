"""What the page of the rules of a round reads: whom and what they speak of, and the published figures they are tried on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from flask import current_app

from survey.domain.plans import Planned
from survey.domain.questionnaires import Kind, Questionnaire, Role, Scale
from survey.domain.rounds import Scheme
from survey.domain.scheme_versions import fitted
from survey.domain.units import Unit
from survey.office.scheme_trials import Evidence, answers_of, evidence
from survey.store import plans, publications, questionnaires
from survey.store.engine import Connection
from survey.store.publications import Listed, Published
from survey.store.terms import all_terms
from survey.web.desk.scheme_fields import Ground
from survey.web.rolls import roll_of
from survey.web.scheme_facts import Labels, answers
from survey.web.shelf import Shelf
from survey.web.words import round_name, sectors, unit_kinds

_KEPT = 4
_MOST_OFFERED = 50
# Who does not know, or abstains, says nothing that could earn points.
_EARNING = (Role.SATISFIED, Role.BASIC, Role.UNSATISFIED)
_OF_GROUPS = ((24, 3, 1, 2), (17, 1, 0, 2))
# Nobody's: so that every rule has something to be shown on before there is a published round.
_UNITS = ((41, 4, 1, 4), (38, 8, 2, 2), (39, 5, 2, 4), (30, 12, 6, 2), (20, 9, 18, 3))
_MEMBERS = ((46, 2, 0, 2),) * 6 + ((41, 4, 1, 4),) * 8 + ((38, 7, 3, 2),) * 4 + ((24, 10, 14, 2),) * 2
_WHOLE = (168, 38, 29, 15)
_SIZES = (8, 6, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Basis:
    """The figures rules are tried on: those of a published round by its name, the round's own or the last one's; else invented."""

    evidence: Evidence
    name: str = ""
    is_own: bool = False

    @property
    def is_invented(self) -> bool:
        """Whether the figures are nobody's."""
        return not self.name


@dataclass(frozen=True, slots=True)
class Known:
    """A round's ground, what its keys are called, its scales, and its questions for points."""

    ground: Ground
    labels: Labels
    scales: tuple[Scale, ...]
    scored: tuple[str, ...]


def known(db: Connection, planned: Planned) -> Known:
    """What the rules of a round speak of."""
    forms = [questionnaires.get(db, each) for each in dict.fromkeys(rule.questionnaire for rule in planned.plan.rules)]
    scales = _scales(forms)
    keys = tuple((scale.key, option.code) for scale in scales for option in scale.options if option.role in _EARNING)
    terms = all_terms(db)
    kinds = {key.value: label for key, label in unit_kinds().items()} | dict(sectors(terms, retired=True))
    offered = [key.value for key in unit_kinds()] + list(sectors(terms))
    ground = Ground(tuple(each.name for each in planned.plan.groups), keys, tuple(offered))
    scored = [q.text for form in forms for part in form.sections for q in part.questions if q.kind is Kind.SCORE]
    return Known(ground, Labels(answers(scale for form in forms for scale in form.scales), kinds), scales, tuple(dict.fromkeys(scored)))


def basis(db: Connection, planned: Planned, own: Published | None) -> Basis:
    """The published figures of the round, `own`, else of the last published one of its unit, else invented ones."""
    if own is not None:
        return Basis(_kept(db, own), round_name(planned), is_own=True)
    listed = publications.reaching(db, planned.unit, most=_MOST_OFFERED)
    before = next((each for each in listed if each.unit == planned.unit), None)
    if before is None:
        groups = dict(zip((each.name for each in planned.plan.groups), _OF_GROUPS, strict=False))
        return Basis(Evidence(answers_of(_UNITS), answers_of(_MEMBERS), _WHOLE, groups=(groups,), sizes=_SIZES))
    return Basis(_kept(db, before), round_name(before))


def offered(db: Connection, planned: Planned, path: Sequence[Unit]) -> Sequence[Planned]:
    """Other rounds whose rules may be taken: of the same unit and of those above it."""
    found = plans.of_units(db, (unit.id for unit in path), most=_MOST_OFFERED)
    return [each for each in found if each.id != planned.id]


def taken(scheme: Scheme, ground: Ground) -> Scheme:
    """A scheme of another round for this one: without what this one has not."""
    points = tuple(each for each in scheme.points if each[:2] in ground.answers)
    return replace(fitted(scheme, ground.groups), points=points)


def _scales(forms: Sequence[Questionnaire]) -> tuple[Scale, ...]:
    """Each scale by its key once, as far as a rating uses it."""
    found: dict[str, Scale] = {}
    for form in forms:
        used = {q.scale for part in form.sections for q in part.questions if q.kind is Kind.RATING}
        for scale in form.scales:
            if scale.key in used:
                found.setdefault(scale.key, scale)
    return tuple(found.values())


def _kept(db: Connection, made: Published | Listed) -> Evidence:
    """What a publication says never changes."""
    shelf = cast(Shelf[Evidence], current_app.extensions.setdefault("scheme_evidence", Shelf(_KEPT)))
    return shelf.get(made.sha256, lambda: evidence(roll_of(db, made).through()))
