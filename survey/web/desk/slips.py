"""Slips on their way to people: sheets, single links, the poster, the scrutineer's slip, and what is made void."""

from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from survey.actions import slips
from survey.actions.meetings import check_scrutineer
from survey.actions.rehearsals import typed_key
from survey.domain.meetings import BOXED, Entry, Group, Stage, check_issue
from survey.domain.refusals import BoxNotEmpty, NotFound, TooMany, UnknownCode, UsedCode, WrongStage
from survey.domain.slip_keys import spell_key
from survey.domain.slips import Way, read
from survey.office.posters import Poster, ScrutineerSlip, poster_pdf, scrutineer_pdf, survey_poster
from survey.office.slips import HOW, SURVEY_HOW, SlipSheet, slips_pdf
from survey.web.desk.fields import number
from survey.web.desk.halls import Hall, Tried, at, find, found, group_of, message, page, pdf, section, show
from survey.web.doors import Who, admits, config, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.forms import BOX_KEY

BLUEPRINT = section("desk_slips")
# One document takes three seconds for so many; whoever needs more prints them in parts.
MOST_SLIPS = 1000


@BLUEPRINT.post("/<int:meeting_id>/slips")
@admits(Who.SECRETARY)
def sheet(meeting_id: int) -> Response:
    """Make slips for one group or for every group with room, and answer with the document: the codes are only in it."""
    hall = at(found(meeting_id), Stage.OPEN)
    asked = request.form.get("group", "")
    if asked == "all" and hall.meeting.entry is Entry.SLIPS:
        return _print(hall, [(group, group.room) for group in hall.meeting.groups if group.room])
    group = group_of(hall, asked)
    typed = request.form.get("n", "")
    n = number(typed, most=MOST_SLIPS)
    if not n:
        said = _bad_number()
    else:
        try:
            return _print(hall, [(group, n)])
        except TooMany as refused:
            # How many a group took off the screen is nearly how many it cast: the room left is not told.
            said = sentence(refused) if hall.meeting.entry is Entry.SLIPS else all_taken()
    return show(meeting_id, tried=Tried(group.id, typed, _("%(title)s：%(text)s", title=said.title, text=said.text)),
                status=said.status)


@BLUEPRINT.get("/<int:meeting_id>/groups/<int:group_id>/reprint")
@admits(Who.SECRETARY)
def ask_reprint(meeting_id: int, group_id: int) -> Response:
    """What printing anew makes void; only while the box is empty."""
    hall = found(meeting_id)
    group = group_of(hall, str(group_id))
    if _reprintable(hall).back:
        raise BoxNotEmpty(ballots=hall.back)
    return page("reprint", hall, group=group)


@BLUEPRINT.post("/<int:meeting_id>/groups/<int:group_id>/reprint")
@admits(Who.SECRETARY)
def reprint(meeting_id: int, group_id: int) -> Response:
    """Void the group's slips and answer with new ones."""
    hall = found(meeting_id)
    group_of(hall, str(group_id))
    _reprintable(hall)
    slips.void_group(house(), meeting_id, group_id, by=staff(), now=now())
    fresh = found(meeting_id)
    group = group_of(fresh, str(group_id))
    return _print(fresh, [(group, min(group.room, MOST_SLIPS))])


@BLUEPRINT.get("/<int:meeting_id>/void-slips")
@admits(Who.SECRETARY)
def ask_void(meeting_id: int) -> Response:
    """The codes of slips that are lost or spoiled."""
    voided = number(request.args.get("voided", ""), most=MOST_SLIPS)
    return page("void_slips", at(found(meeting_id), Stage.OPEN), typed="", said=None, voided=voided or 0)


@BLUEPRINT.post("/<int:meeting_id>/void-slips")
@admits(Who.SECRETARY)
def void(meeting_id: int) -> Response:
    """Void these slips: all of them or none."""
    hall = at(found(meeting_id), Stage.OPEN)
    typed = request.form.get("codes", "")
    lines = typed.replace("，", "\n").replace(",", "\n").splitlines()
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    said: Sentence | None = None
    if not wanted:
        said = Sentence(400, _("还没有输入票签码"), _("请照着票签输入 12 位票签码，一行一个。"))
    try:
        voided = slips.void_codes(house(), meeting_id, wanted, by=staff(), now=now()) if wanted else 0
    except (UnknownCode, UsedCode) as refused:
        said, voided = sentence(refused), 0
    if said is not None:
        return page("void_slips", hall, typed=typed, said=said, voided=0, status=said.status)
    return make_response(redirect(url_for("desk_slips.ask_void", meeting_id=meeting_id, voided=voided), 303))


@BLUEPRINT.post("/<int:meeting_id>/links")
@admits(Who.SECRETARY)
def link(meeting_id: int) -> Response:
    """One link for one person who could not come: shown once, kept nowhere."""
    hall = at(found(meeting_id), Stage.OPEN)
    group = group_of(hall, request.form.get("group", ""))
    code = slips.issue(house(), meeting_id, group.id, n=1, way=Way.LINK, by=staff(), now=now())[0]
    after = found(meeting_id)
    left = group_of(after, str(group.id)).link_room
    return page("link", after, group=group, address=f"{config().url}/b/{code}", left=left)


@BLUEPRINT.get("/<int:meeting_id>/poster")
@admits(Who.SECRETARY)
def poster(meeting_id: int) -> Response:
    """The poster with the code page; on the screen the code turns over, so there is nothing to hang up."""
    meeting = found(meeting_id).meeting
    if meeting.entry is not Entry.SLIPS or meeting.stage not in (Stage.DRAFT, Stage.OPEN):
        raise NotFound(what="poster")
    made = poster_pdf((survey_poster if meeting.is_survey else Poster)(meeting.title, f"{config().url}/", meeting.place), _)
    return pdf(made, _("海报 %(title)s", title=meeting.title))


@BLUEPRINT.post("/<int:meeting_id>/scrutineer")
@admits(Who.SECRETARY)
def scrutineer(meeting_id: int) -> Response:
    """The scrutineer's slip on paper: its code comes from the page of the opening, which alone had it."""
    with house().store.read() as db:
        meeting = find(db, meeting_id).meeting
        if meeting.one_officer or meeting.stage not in BOXED:
            raise WrongStage(stage=meeting.stage.value, wanted=Stage.OPEN.value)
        check_scrutineer(house(), db, meeting, request.form.get("scrutineer", ""))
        typed = request.form.get(BOX_KEY, "")
        key = spell_key(typed_key(house(), meeting, typed)) if meeting.key_on_slip else ""
    code = read(request.form.get("scrutineer", ""))
    return pdf(scrutineer_pdf(ScrutineerSlip(meeting.title, code, meeting.place, key), _), _("监票签 %(t)s", t=meeting.title))


def _print(hall: Hall, wanted: list[tuple[Group, int]]) -> Response:
    """Make the codes, group after group in one order, so that of two clicks one gets all and the other a sentence."""
    if not wanted:
        raise TooMany(group=hall.meeting.groups[0].name, way=Way.SHEET.value, most=0, asked=1)
    if sum(n for _group, n in wanted) > MOST_SLIPS:
        return message(_bad_number(), hall.meeting.id)
    for group, n in wanted:
        check_issue(group, n, Way.SHEET)
    title, site = hall.meeting.title, f"{config().url}/"
    how = SURVEY_HOW if hall.meeting.is_survey else HOW
    sheets = [
        SlipSheet(
            title,
            group.name,
            slips.issue(house(), hall.meeting.id, group.id, n=n, way=Way.SHEET, by=staff(), now=now()),
            site,
            how,
        )
        for group, n in wanted
    ]
    whose = wanted[0][0].name if len(wanted) == 1 else _("全部")
    return pdf(slips_pdf(*sheets, say=_), _("票签 %(title)s %(group)s", title=title, group=whose))


def _bad_number() -> Sentence:
    return Sentence(400, _("张数要改一改"), _("一次最多打印 %(most)s 张，请填 1 到 %(most)s 的整数。", most=MOST_SLIPS))


def all_taken() -> Sentence:
    """What is said of too many slips or forms where the screen hands out others: the room left would tell how many were cast."""
    return Sentence(409, _("票不能比人多"), _("这一类的票按实到人数已经领完，或者不够这么多张。人到多了，请先改实到人数。"))


def _reprintable(hall: Hall) -> Hall:
    """Where phones took the ballots there is no sheet to print anew."""
    if hall.meeting.entry is not Entry.SLIPS:
        raise NotFound(what="sheet")
    return at(hall, Stage.OPEN)
