"""Counting: the slips left over, then the box, with the second person."""

from collections.abc import Mapping

from flask import Response, request
from flask_babel import gettext as _

from survey.actions import meetings, results
from survey.domain.meetings import Stage
from survey.domain.refusals import BadKey, BadSheet, BoxDiffers, HalfKeyed, NoKey, Refused, WrongScrutineer
from survey.web.desk.fields import number
from survey.web.desk.halls import at, back_to, found, page, section, show
from survey.web.desk.steps import Next
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import Sentence, sentence
from survey.web.forms import BOX_KEY

BLUEPRINT = section("desk_counts")


@BLUEPRINT.post("/<int:meeting_id>/leftovers")
@admits(Who.SECRETARY)
def leftovers(meeting_id: int) -> Response:
    """Write the slips left over, counted by hand; a number that cannot be stands there again with a sentence."""
    hall = at(found(meeting_id), Stage.CLOSED)
    if not any(group.on_paper for group in hall.meeting.groups):
        # Nothing was printed: nothing to count, and no line in the journal.
        return back_to(meeting_id)
    typed = {group.id: request.form.get(f"left_{group.id}", "") for group in hall.meeting.groups}
    read: dict[int, int] = {}
    for group in hall.meeting.groups:
        most = group.on_paper
        n = number(typed[group.id]) if most else 0
        if n is None or n > most:
            said = _("“%(group)s”的剩余张数要填 0 到 %(most)s 的整数。", group=group.name, most=most)
            return show(meeting_id, said=said, typed=typed, status=400)
        read[group.id] = n
    meetings.set_leftovers(house(), meeting_id, read, by=staff(), now=now())
    return back_to(meeting_id)


@BLUEPRINT.get("/<int:meeting_id>/count")
@admits(Who.SECRETARY)
def ask_count(meeting_id: int) -> Response:
    """What the count does, and the field for the second person."""
    hall = at(found(meeting_id), Stage.CLOSED)
    if hall.standing.next is Next.LEFTOVERS:
        return back_to(meeting_id)
    return page("count", hall, said=None, key="")


@BLUEPRINT.post("/<int:meeting_id>/count")
@admits(Who.SECRETARY)
def count(meeting_id: int) -> Response:
    """Count, or say what is in the way; then nothing was changed."""
    typed = request.form.get("scrutineer", "")
    try:
        key = request.form.get(BOX_KEY, "")
        results.count(house(), meeting_id, typed, key=key, by=staff(), now=now())
    except (WrongScrutineer, BadKey, BadSheet, BoxDiffers, HalfKeyed, NoKey) as refused:
        said = _said(refused)
        key = "quorum" if refused.facts.get("why") == "quorum" else refused.key
        return page("count", found(meeting_id), said=said, key=key, status=said.status)
    return back_to(meeting_id)


def _said(refused: Refused) -> Sentence:
    """The sentence of a refusal. A box that is not counted may be reopened, so no group's returns are told yet."""
    if isinstance(refused, BadSheet) and refused.facts.get("why") == "quorum":
        return Sentence(409, _("到会人数不过半，不能计票"), _quorum_words(refused.facts))
    said = sentence(refused)
    if isinstance(refused, BadSheet) and refused.facts.get("why") == "returned_over_issued":
        group = refused.facts.get("group")
        text = _(
            "“%(group)s”收回的票比发出的还多。请重新清点这一类的剩余票签；若确实如此，这场评议会只能作废。", group=group
        )
        return Sentence(said.status, said.title, text)
    return said


def _quorum_words(facts: Mapping[str, object]) -> str:
    """What the rule of the round wants, what there is, and what can still be done."""
    return _(
        "按这一轮的规则，实到要超过应到的一半。应到 %(due)s 人，实到 %(present)s 人。实到填少了的，请监票人在场重新开放，调高实到人数，再封箱计票；人确实不够，只能作废。",
        due=facts["due"],
        present=facts["present"],
    )
