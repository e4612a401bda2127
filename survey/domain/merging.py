"""Two people at one form: what each of them changed is told by marks of what both began with, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

_LONG = 12
# The mark of a field that was not there.
GONE = ""


@dataclass(frozen=True, slots=True)
class Met:
    """What comes of two states: `taken` are the fields to write, `both` those that both changed, each in another way."""

    taken: Mapping[str, str]
    both: tuple[str, ...]


def mark(value: str) -> str:
    """A short mark of a value, to see whether it was changed."""
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:_LONG]


def meet(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Met:
    """Three-way merge of fields.

    Parameters
    ----------
    base : marks of the fields both began with; a field without one may have been anything
    mine : what was typed
    theirs : what stands now; a field that is not there is gone

    Returns
    -------
    Met
        A field that only one of the two changed is his; one that both changed alike is no question.
    """
    taken: dict[str, str] = {}
    both: list[str] = []
    for field, value in mine.items():
        now = theirs.get(field)
        if value == now or base.get(field) == mark(value):
            continue
        if base.get(field) == (GONE if now is None else mark(now)):
            taken[field] = value
        else:
            both.append(field)
    return Met(taken, tuple(both))
