"""What every board view reaches for: the blueprint, its shelves, the meeting behind an address, its messages."""

from dataclasses import dataclass, field
from typing import cast

from flask import Blueprint, Response, current_app, make_response, render_template
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from survey.domain.meetings import Stage
from survey.domain.refusals import Refused
from survey.domain.rounds import FEWEST
from survey.web.board.results import Found, NoResult, Result, find
from survey.web.board.roll_ups import Reading
from survey.web.doors import house, staff
from survey.web.errors import Sentence, sentence
from survey.web.rolls import ROUNDS_KEPT
from survey.web.shelf import Shelf
from survey.web.words import stages

BLUEPRINT = Blueprint("board", __name__, url_prefix="/board")
_RESULTS_KEPT = 64
_PICTURES_KEPT = 128
# In each of the two languages.
_READINGS_KEPT = 2 * ROUNDS_KEPT


@dataclass(frozen=True)
class Shelves:
    """What this process keeps: results by their seal, pictures by what they show, published rounds as a language reads them."""

    results: Shelf[Result] = field(default_factory=lambda: Shelf(_RESULTS_KEPT))
    pictures: Shelf[bytes] = field(default_factory=lambda: Shelf(_PICTURES_KEPT))
    readings: Shelf[Reading] = field(default_factory=lambda: Shelf(_READINGS_KEPT))


def shelves() -> Shelves:
    """The shelves of this app."""
    return cast(Shelves, current_app.extensions["board"])


def set_shelves(state: BlueprintSetupState) -> None:
    """Give an app its own shelves."""
    state.app.extensions["board"] = Shelves()


def found(meeting_id: int) -> Found:
    """The meeting behind an address, for the person who asks.

    Raises
    ------
    NotFound
        There is none, or it lies in another subtree.
    """
    with house().store.read() as db:
        return find(db, meeting_id, by=staff(), shelf=shelves().results)


def counted(meeting_id: int) -> tuple[Found, Result]:
    """A meeting and its result, shown or not.

    Raises
    ------
    NoResult
        It is not counted.
    """
    here = found(meeting_id)
    if here.result is None:
        raise NoResult(here.meeting)
    return here, here.result


def shown(meeting_id: int) -> tuple[Found, Result]:
    """A meeting and its result, with at least five ballots.

    Raises
    ------
    NoResult
        It is not counted, or fewer came back.
    """
    here, result = counted(meeting_id)
    if not result.is_shown:
        raise NoResult(here.meeting, is_few=True)
    return here, result


def refused(fault: Refused) -> Response:
    """A refusal as a page of this face."""
    return message(sentence(fault))


def no_result(fault: NoResult) -> Response:
    """Why there is nothing to show yet, or at all."""
    title = fault.meeting.title
    if fault.is_altered:
        text = _("数据库里的票数和计票时的封存记录不一样，可能有人改动过。签了字的计票报告单才算数；请管理员从备份里查明。")
        return message(Sentence(409, _("结果被人改过"), _("%(title)s：%(text)s", title=title, text=text)))
    if fault.is_few:
        text = _("收回的票不到 %(fewest)s 张，容易推出个人的选择，所以不显示任何结果。", fewest=FEWEST)
        return message(Sentence(409, _("人数不足"), _("%(title)s：%(text)s", title=title, text=text)))
    survey = fault.meeting.is_survey
    if fault.meeting.stage is Stage.VOID and survey:
        return message(Sentence(409, _("这次调查已经作废"), _("%(title)s：票和钥匙都已销毁，没有结果。", title=title)))
    if fault.meeting.stage is Stage.VOID:
        return message(Sentence(409, _("这场评议会已经作废"), _("%(title)s：票和钥匙都已销毁，没有结果。", title=title)))
    text = _("“%(title)s”现在是“%(stage)s”。计票以后，结果会出现在这里。", title=title, stage=stages(survey=survey)[fault.meeting.stage])
    return message(Sentence(409, _("计票以前没有结果"), text))


def message(said: Sentence) -> Response:
    """One sentence on a page of this face."""
    return make_response(render_template("board/message.html", said=said), said.status)
