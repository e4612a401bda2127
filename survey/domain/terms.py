"""The lists an organisation may edit: kinds of member, sectors, evaluator groups. What comes with the house is here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

from survey.domain.refusals import BadField
from survey.domain.texts import line
from survey.domain.units import MEMBER_KINDS, SECTORS, MemberKind

LONGEST_LABEL = 30
MOST_WORDS = 60
# Keys of words an organisation added: own1, own2 …; those of the house are names.
_OWN = "own"
# What people call their evaluators, in the order they are used most.
GROUPS: Mapping[str, str] = {
    "workers": "群众代表",
    "members": "党员",
    "served": "服务对象",
    "delegates": "党代表、人大代表、政协委员",
    "two_one": "两代表一委员",
    "retired": "离退休干部职工",
    "panel": "评议员队伍",
    "leaders": "领导",
}


class TermList(StrEnum):
    """Which list a word stands in."""

    MEMBER_KIND = "member_kind"
    SECTOR = "sector"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a list. `key` is what members, units and questionnaires hold; a retired word is no longer offered."""

    list: TermList
    key: str
    label: str
    place: int
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Every word of every list, in order."""

    rows: tuple[Term, ...]

    def labels(self, which: TermList, *, retired: bool = False) -> Mapping[str, str]:
        """Labels by key, in order; words no longer offered only when `retired` asks for them."""
        return {term.key: term.label for term in self.rows if term.list is which and (retired or not term.retired)}

    def label(self, which: TermList, key: str) -> str:
        """The label of a key, retired or not; the key itself when nobody knows it."""
        return self.labels(which, retired=True).get(key, key)

    def of(self, which: TermList) -> tuple[Term, ...]:
        """The words of one list in order, those no longer offered too."""
        return tuple(term for term in self.rows if term.list is which)

    def mark(self, which: TermList) -> str:
        """A digest of one list: a form carries it, and equal marks mean that nobody changed the list between."""
        return blake2b(repr(self.of(which)).encode(), digest_size=12).hexdigest()


def _built_in() -> Iterable[Term]:
    lists: Mapping[TermList, Mapping[str, str]] = {
        TermList.MEMBER_KIND: {str(key): label for key, label in MEMBER_KINDS.items()},
        TermList.SECTOR: {str(key): label for key, label in SECTORS.items()},
        TermList.GROUP: GROUPS,
    }
    for which, labels in lists.items():
        for place, (key, label) in enumerate(labels.items()):
            yield Term(which, key, label, place)


BUILT_IN = Terms(tuple(_built_in()))


def overlaid(changed: Iterable[Term]) -> Terms:
    """The lists of the house with the words an organisation changed or added in their place."""
    known = {(term.list, term.key): term for term in BUILT_IN.rows}
    known.update({(term.list, term.key): term for term in changed})
    order = list(TermList)
    return Terms(tuple(sorted(known.values(), key=lambda term: (order.index(term.list), term.place, term.key))))


def added(terms: Terms, which: TermList, label: str) -> Term:
    """A new word at the end of a list.

    Raises
    ------
    BadField
        It is empty, too long or there already; the list is full.
    """
    rows = terms.of(which)
    if len(rows) >= MOST_WORDS:
        raise BadField(field="term", value=label[:20], why="full", most=MOST_WORDS)
    numbers = [int(term.key.removeprefix(_OWN)) for term in rows if is_own(term)]
    place = max((term.place for term in rows), default=-1) + 1
    return Term(which, f"{_OWN}{max(numbers, default=0) + 1}", _label(terms, which, label, key=""), place)


def renamed(terms: Terms, which: TermList, key: str, label: str) -> Term:
    """A word with another label; whoever holds its key goes by the new one."""
    return replace(_find(terms, which, key), label=_label(terms, which, label, key=key))


def restored(terms: Terms, which: TermList, key: str) -> Term:
    """A word of the house with the label it came with."""
    here = _find(terms, which, key)
    return replace(here, label=_label(terms, which, BUILT_IN.labels(which).get(key, here.label), key=key))


def retired(terms: Terms, which: TermList, key: str) -> Term:
    """A word that is no longer offered; who has it keeps it.

    Raises
    ------
    BadField
        It is the last one, or the kind of members of whom a list says nothing.
    """
    here = _find(terms, which, key)
    if which is TermList.MEMBER_KIND and key == MemberKind.WORKING:
        raise BadField(field="term", value=here.label, why="needed")
    if not [each for each in terms.labels(which) if each != key]:
        raise BadField(field="term", value=here.label, why="last")
    return replace(here, retired=True)


def returned(terms: Terms, which: TermList, key: str) -> Term:
    """A word that is offered again."""
    return replace(_find(terms, which, key), retired=False)


def ordered(terms: Terms, which: TermList, key: str, place: int) -> tuple[Term, ...]:
    """The words that change their places when one is put at a place of its list, counted from 0."""
    rows = list(terms.of(which))
    here = rows.index(_find(terms, which, key))
    rows.insert(min(max(place, 0), len(rows) - 1), rows.pop(here))
    return tuple(replace(term, place=n) for n, term in enumerate(rows) if term.place != n)


def is_own(term: Term) -> bool:
    """Whether an organisation added this word."""
    return term.key.startswith(_OWN) and term.key.removeprefix(_OWN).isdecimal()


def _find(terms: Terms, which: TermList, key: str) -> Term:
    found = next((term for term in terms.of(which) if term.key == key), None)
    if found is None:
        raise BadField(field="term", value=key[:20], why="unknown")
    return found


def _label(terms: Terms, which: TermList, label: str, *, key: str) -> str:
    clean = line(label)
    if not clean:
        raise BadField(field="term", value="", why="empty")
    if len(clean) > LONGEST_LABEL:
        raise BadField(field="term", value=clean[:20], why="too_long", most=LONGEST_LABEL)
    same = next((term for term in terms.of(which) if term.label == clean and term.key != key), None)
    if same is not None:
        raise BadField(field="term", value=clean, why="retired" if same.retired else "twice")
    return clean
