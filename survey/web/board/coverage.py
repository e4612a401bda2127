"""How far a round has come, unit by unit: who has no meeting yet, which meetings wait, what is counted. No ballot is in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, render_template, request
from flask_babel import gettext as _

from analysis import report
from analysis.cells import Cell, csv_bytes
from survey.actions import plans as verbs
from survey.domain.periods import around
from survey.domain.plans import Planned, Standing
from survey.domain.refusals import NotFound
from survey.domain.units import Unit, UnitKind
from survey.store import coverage, plans, publications, units
from survey.store.coverage import Place, Sums, Wanted
from survey.store.engine import Connection
from survey.store.terms import all_terms
from survey.web.board.files import XLSX
from survey.web.deadlines import remaining
from survey.web.doors import Who, admits, house, now, staff, today
from survey.web.downloads import attached
from survey.web.ids import id_of
from survey.web.lists import asked_page, looked_for, pages
from survey.web.questionnaires import said
from survey.web.words import quarter, round_name, sectors, standings, unit_kinds

A_PAGE = 50
# What a file holds at most; no city has so many units.
_ALL = 10**6
# A choice of the list that is no stage: all that is not counted.
WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class View:
    """A round as one person sees it below one unit: `trail` leads there from the unit that runs it, as far as he sees."""

    planned: Planned
    trail: tuple[Unit, ...]
    is_late: bool

    @property
    def root(self) -> Unit:
        """The unit all numbers are of."""
        return self.trail[-1]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a committee with all below it, or (None) the root's own and the branches right below it."""

    unit: Unit | None
    sums: Sums


@admits(Who.STAFF)
def rounds() -> str:
    """Rounds that reach the subtree, the latest first."""
    page = asked_page()
    with house().store.read() as db:
        listed, total = plans.page(db, staff().unit, first=(page - 1) * A_PAGE, most=A_PAGE)
        published = publications.of_rounds(db, [each.planned.id for each in listed])
        spans = around(publications.periods(db, staff().unit))
    return render_template("board/rounds/list.html", listed=listed, published=published, spans=spans, total=total, page=page, pages=pages(total, A_PAGE), today=today(), left=lambda day: remaining(day, today()), quarter=quarter)


@admits(Who.STAFF)
def one(round_id: int) -> str:
    """One round: its numbers, a line for each committee, and the units, those farthest from done first."""
    page = asked_page()
    with house().store.read() as db:
        view = _view(db, round_id)
        each = coverage.sums(db, view.planned, view.root.id, now=now())
        wanted = _wanted(view)
        found, total = coverage.page(db, view.planned, wanted, first=(page - 1) * A_PAGE, most=A_PAGE)
        if not found and page > 1:
            page = 1
            found, total = coverage.page(db, view.planned, wanted, first=0, most=A_PAGE)
        rows = _rows(db, view, each)
        words = sectors(all_terms(db), retired=True)
        published = publications.of_round(db, round_id)
    more = {"published": published, "kinds": unit_kinds(), "sectors": words, "standings": standings(), "quarter": quarter, "stage": request.args.get("stage", ""), "left": remaining(view.planned.ends_on, today())}
    return render_template(
        "board/rounds/round.html", view=view, planned=view.planned, whole=sum(each.values(), Sums({})), rows=rows, places=found,
        total=total, page=page, pages=pages(total, A_PAGE), wanted=wanted, runs=verbs.runs(staff(), view.planned), **more,
    )  # fmt: skip


@admits(Who.STAFF)
def workbook(round_id: int) -> Response:
    """Numbers and units as a workbook."""
    view, sheets = _tables(round_id)
    return _file(report.workbook(sheets, foot=round_name(view.planned)), view, "xlsx", XLSX)


@admits(Who.STAFF)
def table(round_id: int) -> Response:
    """The units in one table."""
    view, (_sums, listed) = _tables(round_id)
    return _file(csv_bytes(listed.header, listed.rows), view, "csv", "text/csv; charset=utf-8")


def _view(db: Connection, round_id: int) -> View:
    """The round, below the unit that was asked for.

    Raises
    ------
    NotFound
        There is no such round, or it does not reach that unit, or the asker does not.
    """
    by = staff()
    planned = verbs.look(db, round_id, by=by)
    root = id_of(request.args.get("under", "")) if request.args.get("under") else planned.unit if by.sees(planned.unit) else by.unit
    if root is None or not by.sees(root):
        raise NotFound(what="unit")
    path = units.path(db, root)
    places = [each.id for each in path]
    if planned.unit not in places:
        raise NotFound(what="unit")
    trail = tuple(each for each in path[places.index(planned.unit) :] if by.sees(each.id))
    return View(planned, trail, planned.is_over(today()))


def _wanted(view: View) -> Wanted:
    stage, kind = request.args.get("stage", ""), request.args.get("kind", "")
    chosen: tuple[Standing, ...] = (Standing(stage),) if stage in set(Standing) else ()
    if stage == WAITING:
        chosen = coverage.WAITING
    kind = kind if kind in set(UnitKind) else ""
    return Wanted(view.root.id, looked_for(request.args), kind, looked_for(request.args, "sector"), chosen, now())


def _rows(db: Connection, view: View, each: Mapping[int, Sums]) -> tuple[Row, ...]:
    """A line for each unit that others hang below, in the order of lists; what is left in one line of its own."""
    known = units.some(db, each)
    heads = sorted(
        (unit for unit in known.values() if unit.kind is not UnitKind.BRANCH and unit.id != view.root.id), key=lambda unit: (unit.code, unit.id)
    )
    rest = sum((sums for unit, sums in each.items() if unit not in {head.id for head in heads}), Sums({}))
    rows = [Row(head, each[head.id]) for head in heads]
    return (*([Row(None, rest)] if rest.all else []), *rows) if rows else ()


def _tables(round_id: int) -> tuple[View, tuple[report.Plain, report.Plain]]:
    with house().store.read() as db:
        view = _view(db, round_id)
        each = coverage.sums(db, view.planned, view.root.id, now=now())
        found, _total = coverage.page(db, view.planned, Wanted(view.root.id, now=now()), first=0, most=_ALL)
        rows = _rows(db, view, each)
        titles = plans.titles(db, {rule.questionnaire for rule in view.planned.plan.rules})
        words = sectors(all_terms(db), retired=True)
    whole = Row(view.root, sum(each.values(), Sums({})))
    return view, (_sheet_of_sums(rows, whole), _sheet_of_units(view, found, titles, words))


def _sheet_of_sums(rows: tuple[Row, ...], whole: Row) -> report.Plain:
    shown = [each for each in Standing if each is not Standing.UNFIT]
    header = (_("单位"), _("单位数"), *(standings()[each] for each in shown), _("党员人数"), _("已评党员"))
    lines: list[tuple[Cell, ...]] = []
    for row in rows:
        name = row.unit.name if row.unit is not None else _("本级和直属")
        lines.append((name, row.sums.all, *(row.sums.at(each) for each in shown), row.sums.members, row.sums.covered))
    sums = whole.sums
    lines.append((_("合计"), sums.all, *(sums.at(each) for each in shown), sums.members, sums.covered))
    return report.Plain(_("进度"), header, lines)


def _sheet_of_units(view: View, found: tuple[Place, ...], titles: Mapping[int, str], words: Mapping[str, str]) -> report.Plain:
    header = (
        _("单位"), _("编号"), _("上级"), _("类型"), _("领域"), _("党员人数"), _("问卷"), _("到了哪一步"), _("开会日期"), _("最后一天"), _("逾期"),
    )  # fmt: skip
    kinds, stages, rules = unit_kinds(), standings(), view.planned.plan.rules
    lines: list[tuple[Cell, ...]] = [
        (each.name, each.code, each.above, kinds[each.kind], words.get(each.sector or "", each.sector or ""), each.members,
         said(titles[rules[each.rule].questionnaire]) if each.rule is not None else "", stages[each.standing],
         each.held_on.isoformat() if each.held_on else "", view.planned.ends_on.isoformat(), remaining(view.planned.ends_on, today()) if is_late(view, each) else "")
        for each in found
    ]  # fmt: skip
    return report.Plain(_("单位"), header, lines)


def is_late(view: View, place: Place) -> bool:
    """Whether a unit is not counted though the last day has passed."""
    return view.is_late and place.standing in coverage.WAITING


def _file(body: bytes, view: View, kind: str, mimetype: str) -> Response:
    name = f"{view.root.name} {view.planned.name} {_('进度')}.{kind}"
    return attached(Response(body, content_type=mimetype), name, plain=f"round-{view.planned.id}.{kind}")


