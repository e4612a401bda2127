"""The first page: the one next step, and the meetings of the subtree."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request

from survey.domain.meetings import Meeting, Stage
from survey.domain.refusals import Refused
from survey.domain.rounds import period
from survey.store import ballots, keyings, meeting_pages, meetings, outlines, plans, questionnaires, results
from survey.store.engine import Connection
from survey.store.meeting_pages import COUNTED, RUNNING, Wanted
from survey.web.desk.halls import refused
from survey.web.doors import Who, admits, house, staff, today
from survey.web.lists import asked_page, looked_for, pages
from survey.web.questionnaires import said
from survey.web.words import quarter as quarter_name
from survey.web.words import stages

ON_A_PAGE = 50
_LATE = timedelta(days=31)
BLUEPRINT = Blueprint("desk_home", __name__, url_prefix="/desk")
BLUEPRINT.register_error_handler(Refused, refused)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for in the list, and which page of it is shown."""

    q: str
    stage: str
    page: int = 1
    pages: int = 1
    total: int = 0

    @property
    def looks(self) -> bool:
        """Whether it is less than everything."""
        return bool(self.q or self.stage)


@BLUEPRINT.get("")
@admits(Who.STAFF)
def home() -> Response:
    """For secretaries and admins; a leader's first page is the board."""
    by = staff()
    if not by.runs_meetings:
        return make_response(redirect("/board", 303))
    typed = request.args.get("stage", "")
    chosen = typed if typed in set(Stage) else ""
    q, quarter = looked_for(request.args), period(today())
    with house().store.read() as db:
        branches, anybody = outlines.branches(db, by.unit)
        wanted = Wanted(None if by.is_top else by.unit, q, (Stage(chosen),) if chosen else tuple(Stage))
        summary = meeting_pages.summary(db, wanted, quarter)
        last = pages(summary.total, ON_A_PAGE)
        page = min(asked_page(), last)
        listed, _total = meeting_pages.page(db, wanted, first=(page - 1) * ON_A_PAGE, most=ON_A_PAGE)
        known = {each.id: each for each in meetings.some(db, (*listed, *([summary.running] if summary.running else [])))}
        waiting = [each.id for each in known.values() if each.stage in RUNNING]
        counted = [each.id for each in known.values() if each.stage in COUNTED]
        inside = {**ballots.in_boxes(db, waiting)} if waiting else {}
        inside |= results.returned_in_all(db, counted) if counted else {}
        wrote = [each.id for each in known.values() if each.forms]
        for each, lost in (keyings.spoiled_in_all(db, wrote) if wrote else {}).items():
            inside[each] = inside.get(each, 0) + lost
        forms = _forms(db, [known[each] for each in listed if each in known])
        # What ended a month ago and is still not done wants to be seen.
        current = plans.current(db, by.unit, since=today() - _LATE, until=today())
    text = render_template(
        "desk/home/home.html",
        asked=Asked(q, chosen, page, last, summary.total),
        meetings=[known[each] for each in listed if each in known],
        names=listed,
        forms=forms,
        inside=inside,
        members=anybody,
        running=known.get(summary.running or 0),
        stages=stages(),
        survey_stages=stages(survey=True),
        quarter=quarter_name(quarter),
        covered=summary.covered,
        branches=branches,
        current=current,
        today=today(),
    )
    return make_response(text)


def _forms(db: Connection, listed: Iterable[Meeting]) -> Mapping[int, str]:
    """The questionnaires of those meetings whose title and unit another on the page has too: nothing else tells them apart."""
    shown = list(listed)
    same = Counter((each.title, each.unit) for each in shown)
    twins = [each for each in shown if same[each.title, each.unit] > 1]
    titles = questionnaires.titles(db, {each.questionnaire for each in twins}) if twins else {}
    return {each.id: said(titles[each.questionnaire]) for each in twins if each.questionnaire in titles}
