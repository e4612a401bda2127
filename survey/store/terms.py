"""The editable lists in the store: only what differs from the lists of the house is a row."""

from sqlalchemy import Connection, delete, insert, select

from survey.domain.terms import Term, TermList, Terms, overlaid
from survey.store.office_tables import TermRow


def all_terms(db: Connection) -> Terms:
    """Every word of every list."""
    rows = db.execute(select(TermRow.__table__))
    return overlaid(Term(TermList(row.list), row.key, row.label, row.place, row.retired) for row in rows)


def put(db: Connection, term: Term) -> None:
    """Write a word in the place of the one with its key, or as a new one."""
    db.execute(delete(TermRow).where(TermRow.list == term.list.value, TermRow.key == term.key))
    values = {"list": term.list.value, "key": term.key, "label": term.label, "place": term.place}
    db.execute(insert(TermRow).values(**values, retired=term.retired))
