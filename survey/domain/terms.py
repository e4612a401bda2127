"""The lists an organisation may edit: kinds of member, sectors, evaluator groups. What comes with the house is here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.domain.units import MEMBER_KINDS, SECTORS

LONGEST_LABEL = 30
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
