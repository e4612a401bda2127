"""The editable lists: add, rename, order, retire and bring back a word. The administrator of the whole tree does that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_admin
from survey.domain import terms as rules
from survey.domain.refusals import NotAllowed, Stale
from survey.domain.staff import Staff, StaffRole
from survey.domain.terms import Term, TermList, Terms
from survey.store import journal, terms, units
from survey.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for a change of which list, when, and the mark of the list he was shown."""

    list: TermList
    by: Staff
    now: datetime
    seen: str


def add(house: House, label: str, ask: Ask) -> None:
    """A new word at the end of a list.

    Raises
    ------
    Stale, BadField
        Somebody else changed the list since; the word cannot be one.
    """
    _change(house, "term_add", ask, lambda now: [rules.added(now, ask.list, label)])


def rename(house: House, key: str, label: str, ask: Ask) -> None:
    """Another label for a word, everywhere."""
    _change(house, "term_rename", ask, lambda now: [rules.renamed(now, ask.list, key, label)])


def restore(house: House, key: str, ask: Ask) -> None:
    """A word of the house gets the label back it came with."""
    _change(house, "term_rename", ask, lambda now: [rules.restored(now, ask.list, key)])


def retire(house: House, key: str, ask: Ask) -> None:
    """A word is no longer offered; who has it keeps it."""
    _change(house, "term_retire", ask, lambda now: [rules.retired(now, ask.list, key)])


def bring_back(house: House, key: str, ask: Ask) -> None:
    """A word is offered again."""
    _change(house, "term_return", ask, lambda now: [rules.returned(now, ask.list, key)])


def order(house: House, key: str, place: int, ask: Ask) -> None:
    """Put a word at a place of its list, counted from 0."""
    _change(house, "term_order", ask, lambda now: rules.ordered(now, ask.list, key, place))


def may_edit(db: Connection, by: Staff) -> bool:
    """Whether somebody may change the lists: they are one for the whole tree."""
    return by.role is StaffRole.ADMIN and units.get(db, by.unit).parent is None


def _change(house: House, act: str, ask: Ask, rule: Callable[[Terms], Sequence[Term]]) -> None:
    check_admin(ask.by)
    with house.store.write() as db:
        units.lock(db)
        if not may_edit(db, ask.by):
            raise NotAllowed()
        now = terms.all_terms(db)
        if now.mark(ask.list) != ask.seen:
            raise Stale(what="list")
        changed = [term for term in rule(now) if term not in now.rows]
        for term in changed:
            terms.put(db, term)
        if changed:
            labels = "、".join(term.label for term in changed)
            journal.note(db, act, by=ask.by.id, now=ask.now, list=ask.list.value, name=labels)
