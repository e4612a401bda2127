"""The editable lists in the store: only what differs from the lists of the house is a row."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, func, insert, select

from survey.domain.terms import Term, TermList, Terms, overlaid
from survey.store.office_tables import MemberRow, TermRow, UnitRow


def all_terms(db: Connection) -> Terms:
    """Every word of every list."""
    rows = db.execute(select(TermRow.__table__))
    return overlaid(Term(TermList(row.list), row.key, row.label, row.place, row.retired) for row in rows)


def put(db: Connection, term: Term) -> None:
    """Write a word in the place of the one with its key, or as a new one."""
    db.execute(delete(TermRow).where(TermRow.list == term.list.value, TermRow.key == term.key))
    values = {"list": term.list.value, "key": term.key, "label": term.label, "place": term.place}
    db.execute(insert(TermRow).values(**values, retired=term.retired))


def uses(db: Connection) -> Mapping[tuple[TermList, str], int]:
    """How many members there are of each kind, and how many open units in each sector."""
    kinds = select(MemberRow.kind.label("key"), func.count().label("n")).where(MemberRow.left_on.is_(None)).group_by(MemberRow.kind)
    sectors = select(UnitRow.sector.label("key"), func.count().label("n")).where(UnitRow.closed_on.is_(None)).group_by(UnitRow.sector)
    both = ((TermList.MEMBER_KIND, kinds), (TermList.SECTOR, sectors))
    return {(which, row.key): row.n for which, query in both for row in db.execute(query) if row.key}
