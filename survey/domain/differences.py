"""What differs between two versions of a questionnaire: by key, never by place, so that moving is not deleting."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from survey.domain.questionnaires import Option, Question, Questionnaire, Scale, Section


class Change(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


class Thing(StrEnum):
    """What it happened to."""

    FORM = "form"
    SECTION = "section"
    QUESTION = "question"
    SCALE = "scale"
    OPTION = "option"


FIELDS: Mapping[Thing, tuple[str, ...]] = {
    Thing.FORM: ("key", "title", "source", "purpose"),
    Thing.SECTION: ("title", "audience", "only", "help"),
    Thing.QUESTION: (
        "text", "kind", "scale", "required", "candidates", "choose", "least", "low", "high", "help", "show_if", "election",
    ),
    Thing.SCALE: ("label",),
    Thing.OPTION: ("label", "role", "points"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes
    ----------
    section, question, scale, option : keys (an option's is its code as text) of what it is about; "" where there is none.
        For what was removed they are those of the version before, else those of the version after
    text : title, text or label of the thing, for eyes
    field : of a change the field; before and after are its values
    before, after : of a move the places from 1 among its neighbours; of a question that went to another section the keys
        of both sections
    """

    change: Change
    thing: Thing
    section: str = ""
    question: str = ""
    scale: str = ""
    option: str = ""
    text: str = ""
    field: str = ""
    before: Any = None
    after: Any = None


def differences(before: Questionnaire, after: Questionnaire) -> tuple[Difference, ...]:
    """Every difference in the order of the version after; what was removed stands at the end of its list.

    Returns
    -------
    tuple of Difference
        Empty just when both are equal. The fewest things that can be said to have moved are said to.
    """
    return tuple(_differences(before, after))


_Item = Section | Question | Scale | Option
_Items = Mapping[str, _Item]
_Way = Mapping[tuple[str, str], str]


def _differences(before: Questionnaire, after: Questionnaire) -> Iterator[Difference]:
    yield from _fields(Thing.FORM, before, after, {})
    old = {section.key: section for section in before.sections}
    new = {section.key: section for section in after.sections}
    came = _wandered(old, new)
    left = {(origin, key) for (_section, key), origin in came.items()}
    for key, section in new.items():
        if key in old:
            yield from _fields(Thing.SECTION, old[key], section, {"section": key})
        asked = {question.key: question for question in section.questions}
        for question in asked:
            origin = came.get((key, question))
            if origin is not None:
                yield from _wander(old[origin], section, question)
        if key in old:
            known = {q.key: q for q in old[key].questions if (key, q.key) not in left}
            rest = {each: question for each, question in asked.items() if (key, each) not in came}
            yield from _list(Thing.QUESTION, known, rest, {"section": key})
    yield from _places(Thing.SECTION, old, new, {})
    scales = {scale.key: scale for scale in before.scales}
    for scale in after.scales:
        if scale.key in scales:
            yield from _fields(Thing.SCALE, scales[scale.key], scale, {"scale": scale.key})
            was, now = ({str(option.code): option for option in each.options} for each in (scales[scale.key], scale))
            yield from _list(Thing.OPTION, was, now, {"scale": scale.key})
    yield from _places(Thing.SCALE, scales, {scale.key: scale for scale in after.scales}, {})


def _list(thing: Thing, old: _Items, new: _Items, where: Mapping[str, str]) -> Iterator[Difference]:
    for key, item in new.items():
        if key in old:
            yield from _fields(thing, old[key], item, {**where, thing.value: key})
    yield from _places(thing, old, new, where)


def _places(thing: Thing, old: _Items, new: _Items, where: Mapping[str, str]) -> Iterator[Difference]:
    """What came, what changed places, what went."""
    for key, item in new.items():
        if key not in old:
            yield Difference(Change.ADDED, thing, **{**where, thing.value: key}, text=_text(item))
    common = [key for key in old if key in new]
    ranks = {key: rank for rank, key in enumerate(common)}
    order = [key for key in new if key in old]
    stay = _longest_rising([ranks[key] for key in order])
    for key in order:
        if ranks[key] not in stay:
            was, now = (list(each).index(key) + 1 for each in (old, new))
            address = {**where, thing.value: key}
            yield Difference(Change.MOVED, thing, **address, text=_text(new[key]), before=was, after=now)
    for key, item in old.items():
        if key not in new:
            yield Difference(Change.REMOVED, thing, **{**where, thing.value: key}, text=_text(item))


def _longest_rising(ranks: list[int]) -> set[int]:
    """The most ranks that already stand in rising order (Fredman 1975): all others moved."""
    tails: list[int] = []
    chains: list[list[int]] = []
    for rank in ranks:
        at = bisect_left(tails, rank)
        chain = [*(chains[at - 1] if at else []), rank]
        tails[at:], chains[at:] = [rank, *tails[at + 1 :]], [chain, *chains[at + 1 :]]
    return set(chains[-1]) if chains else set()


def _fields(thing: Thing, old: object, new: object, where: Mapping[str, str]) -> Iterator[Difference]:
    for field in FIELDS[thing]:
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            yield Difference(Change.CHANGED, thing, **where, text=_text(new), field=field, before=was, after=now)


def _wander(origin: Section, section: Section, key: str) -> Iterator[Difference]:
    """A question that went from one section to another."""
    was, now = (next(q for q in each.questions if q.key == key) for each in (origin, section))
    where = {"section": section.key, "question": key}
    yield Difference(Change.MOVED, Thing.QUESTION, **where, text=now.text, before=origin.key, after=section.key)
    yield from _fields(Thing.QUESTION, was, now, where)


def _wandered(old: Mapping[str, Section], new: Mapping[str, Section]) -> _Way:
    """(section after, question) → section before, of questions that left one section and came to another with their words."""
    gone = [(key, question) for key, section in old.items() for question in section.questions
            if key not in new or question.key not in {each.key for each in new[key].questions}]  # fmt: skip
    found: dict[tuple[str, str], str] = {}
    for key, section in new.items():
        known = {question.key for question in old[key].questions} if key in old else set()
        for question in section.questions:
            for place, (origin, was) in enumerate(gone):
                if question.key not in known and (was.key, was.text) == (question.key, question.text):
                    found[key, question.key] = origin
                    del gone[place]
                    break
    return found


def _text(item: object) -> str:
    return str(next(getattr(item, name) for name in ("title", "text", "label") if hasattr(item, name)))
