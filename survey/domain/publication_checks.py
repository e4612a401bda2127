"""Whether what a publication says fits together: whoever writes all its parts anew can make digests fit, but not sums."""

from collections import Counter
from collections.abc import Mapping

from survey.domain.publications import Form, Held, Leaf, Publication, audience_of
from survey.domain.questionnaires import Audience, Kind
from survey.domain.refusals import BadField
from survey.domain.rounds import FEWEST, Scheme
from survey.domain.scheme_checks import check_scheme

_MOST = 10**9


def round_fits(made: Publication) -> bool:
    """Whether units, forms, meetings and atoms know each other, and no atom is about too few.

    Anything of a wrong type raises TypeError, ValueError, LookupError or AttributeError, or is False.
    """
    names = (made.name, made.period, made.version)
    return (
        all(isinstance(each, str) for each in names)
        and _scheme_fits(made.scheme)
        and _places_fit(made)
        and all(_form_fits(form) for form in made.forms.values())
        and _meetings_fit(made)
        and _atoms_fit(made)
        and _targets_fit(made)
    )


def _scheme_fits(scheme: Scheme) -> bool:
    numbers = (scheme.satisfied_at, scheme.basic_at, scheme.trim)
    if type(scheme.decimals) is not int or not all(type(each) in (int, float) for each in numbers):
        return False
    try:
        check_scheme(scheme)
    except BadField:
        return False
    return True


def _places_fit(made: Publication) -> bool:
    """The root first, and every parent before its children."""
    seen: set[int] = set()
    for place in made.places:
        above = place.parent in seen if seen else place.parent is None
        texts = (place.kind, place.name, place.sector)
        if type(place.id) is not int or place.id in seen or not above or not all(isinstance(each, str) for each in texts):
            return False
        seen.add(place.id)
    return bool(seen)


def _form_fits(form: Form) -> bool:
    """Sections about units and members, of ratings by scales the form has and of questions for points."""
    scales = {scale.key for scale in form.scales}
    keys = [section.key for section in form.sections]
    asked = [question for section in form.sections for question in section.questions]
    return (
        len(set(keys)) == len(keys)
        and all(section.audience is not Audience.GENERAL for section in form.sections)
        and all(len({q.key for q in section.questions}) == len(section.questions) for section in form.sections)
        and all(q.kind is Kind.SCORE or (q.kind is Kind.RATING and q.scale in scales) for q in asked)
    )


def _meetings_fit(made: Publication) -> bool:
    units = {place.id for place in made.places}
    return len({each.id for each in made.meetings}) == len(made.meetings) and all(
        each.form in made.forms
        and each.unit in units
        and units.issuperset(each.rated)
        and isinstance(each.title, str)
        and all(type(n) is int and 0 <= n <= _MOST for n in (each.due, each.present, each.issued, each.returned, each.spoiled))
        and each.spoiled <= each.returned
        for each in made.meetings
    )


def _atoms_fit(made: Publication) -> bool:
    """Enough ballots in each, and of no meeting more about a unit than were in its box."""
    held = {each.id: each for each in made.meetings}
    boxes: Counter[tuple[int, int]] = Counter()
    for atom in made.atoms:
        if sum(leaf.ballots for leaf in atom) < FEWEST or not all(_leaf_fits(held, leaf, len(atom) > 1) for leaf in atom):
            return False
        boxes.update({(leaf.meeting, leaf.unit): 0 for leaf in atom})
        for leaf in atom:
            boxes[leaf.meeting, leaf.unit] += leaf.ballots
    return all(n <= held[meeting].returned - held[meeting].spoiled for (meeting, _unit), n in boxes.items())


def _leaf_fits(held: Mapping[int, Held], leaf: Leaf, joined: bool) -> bool:
    one = held[leaf.meeting]
    where = (one.unit,) if joined else one.rated
    return leaf.ballots > 0 and leaf.unit in where and all(isinstance(name, str) for name in leaf.groups)


def _targets_fit(made: Publication) -> bool:
    """Who is shown has a name and a unit, and was asked by a section of the meeting's form; what is pooled was asked, too."""
    units = {place.id for place in made.places}
    held = {each.id: each for each in made.meetings}
    if not all(key[0] in "um" and named.unit in units and isinstance(named.label, str) for key, named in made.targets.items()):
        return False
    if not all(
        key in made.targets and _is_about(made.forms[held[meeting].form], section, key) for (meeting, key), section in made.asked.items()
    ):
        return False
    return all(
        0 <= pool.atom < len(made.atoms)
        and len(made.atoms[pool.atom]) > 1
        and pool.target in ("u*", "m*")
        and _is_about(made.forms[pool.form], pool.section, pool.target)
        and 0 <= pool.slots <= _MOST
        for pool in made.pools
    )


def _is_about(form: Form, section: str, key: str) -> bool:
    audiences = [each.audience for each in form.sections if each.key == section]
    return audiences == [audience_of(key)]
