"""The member list to take away, in the words the import reads."""

from flask import Response
from flask_babel import gettext as _

from survey.office.rosters import Books, in_order, roster_csv, roster_xlsx
from survey.store import members, terms, units
from survey.web.desk.imports import download
from survey.web.doors import Who, admits, house, staff


@admits(Who.SECRETARY)
def export_xlsx() -> Response:
    """Units and members of the subtree, a sheet of each."""
    return _export(as_text=False)


@admits(Who.SECRETARY)
def export_csv() -> Response:
    """The same in one table."""
    return _export(as_text=True)


def _export(*, as_text: bool) -> Response:
    by = staff()
    with house().store.read() as db:
        every = units.all_units(db)
        books = Books(in_order(every, by.unit), by.unit, terms.all_terms(db))
        people = members.everybody(db, (unit.id for unit in books.units))
        # What stands in the file is Chinese in any language: it is what the import reads.
        data = roster_csv(books, people) if as_text else roster_xlsx(books, people)
    if as_text:
        return download(data, "members.csv", _("党员名单"), kind="text/csv; charset=utf-8")
    return download(data, "members.xlsx", _("党员名单"))
