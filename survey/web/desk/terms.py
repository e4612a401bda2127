"""The lists an organisation may edit: kinds of member, sectors, evaluator groups."""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey.actions import terms
from survey.actions.terms import Ask
from survey.domain.refusals import BadField, NotFound, Refused, Stale
from survey.domain.terms import BUILT_IN, LONGEST_LABEL, TermList
from survey.domain.texts import line
from survey.store import terms as kept
from survey.web.desk.fields import number
from survey.web.desk.units import refused
from survey.web.doors import Who, admits, house, now, staff
from survey.web.errors import sentence
from survey.web.words import said_terms

BLUEPRINT = Blueprint("desk_terms", __name__, url_prefix="/desk/lists")
BLUEPRINT.register_error_handler(Refused, refused)


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """The lists as they are; for the administrator of the whole tree with what can be done."""
    return _page()


@BLUEPRINT.post("")
@admits(Who.ADMIN)
def change() -> Response:
    """Do one thing to one list, and show it again."""
    which = request.form.get("list", "")
    if which not in set(TermList):
        raise NotFound(what="list")
    ask = Ask(TermList(which), staff(), now(), request.form.get("seen", ""))
    label = line(request.form.get("label", ""))
    try:
        _act(ask, request.form.get("key", "")[:LONGEST_LABEL], label)
    except (BadField, Stale) as fault:
        return _page(fault, ask.list, label)
    return make_response(redirect(url_for("desk_terms.index", _anchor=ask.list.value), 303))


def _act(ask: Ask, key: str, label: str) -> None:
    # A form sent by the Enter key of an old browser names no button.
    act = request.form.get("act", "") or ("rename" if key else "add")
    place = number(request.form.get("place", ""))
    if act == "add":
        terms.add(house(), label, ask)
    elif act == "rename":
        terms.rename(house(), key, label, ask)
    elif act == "restore":
        terms.restore(house(), key, ask)
    elif act == "retire":
        terms.retire(house(), key, ask)
    elif act == "return":
        terms.bring_back(house(), key, ask)
    elif act in ("up", "down", "order") and place is not None:
        terms.order(house(), key, place + {"up": -1, "down": 1}.get(act, 0), ask)
    else:
        raise NotFound(what="act")


def _page(fault: Refused | None = None, where: TermList | None = None, typed: str = "") -> Response:
    with house().store.read() as db:
        everything = kept.all_terms(db)
        uses = kept.uses(db)
        edits = terms.may_edit(db, staff())
    said = sentence(fault) if fault else None
    text = render_template(
        "desk/lists/index.html",
        terms=everything,
        lists=_lists(),
        shown={which: said_terms(everything, which, retired=True) for which in TermList},
        uses=uses,
        edits=edits,
        own=BUILT_IN.label,
        built_in={which: BUILT_IN.labels(which) for which in TermList},
        said=said,
        where=where,
        typed=typed,
        key=request.form.get("key", ""),
        longest=LONGEST_LABEL,
    )
    return make_response(text, said.status if said else 200)


def _lists() -> Mapping[TermList, tuple[str, str]]:
    """The name of each list, and what it is for."""
    return {
        TermList.MEMBER_KIND: (_("党员类型"), _("每名党员属于一种。问卷可以只对某几种人提问，所以停用的类型，已经属于它的人不变。")),
        TermList.SECTOR: (_("领域"), _("每个单位可以属于一个领域。问卷按领域选用评支部的那一部分。")),
        TermList.GROUP: (_("评议人类别"), _("新建评议会时提示的名称。那时也可以填别的。")),
    }
