"""Names that the domain keeps in Chinese alone, and dates, in the language of the page."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from flask import Flask
from flask_babel import format_date, pgettext
from flask_babel import gettext as _

from survey.domain.ballots import pretty_tracker
from survey.domain.meetings import Stage
from survey.domain.plans import Standing
from survey.domain.questionnaires import Role
from survey.domain.rounds import JOINT, period_name
from survey.domain.selections import STEPS
from survey.domain.slips import pretty
from survey.domain.staff import StaffRole
from survey.domain.terms import BUILT_IN, GROUPS, TermList, Terms
from survey.domain.titles import WHOM, ballot, read_evaluation, rebound, variants, whole_round
from survey.domain.units import MemberKind, Sector, UnitKind
from survey.web.languages import library


class RoundLike(Protocol):
    """A round, or what is left of it in a plan or a publication."""

    @property
    def name(self) -> str: ...

    @property
    def period(self) -> str: ...


def stages(*, survey: bool = False) -> Mapping[Stage, str]:
    """Where a meeting can stand, or a survey."""
    return {
        Stage.DRAFT: _("准备"),
        Stage.OPEN: _("进行中") if survey else _("评议中"),
        Stage.PAUSED: _("暂停"),
        Stage.CLOSED: _("已封箱"),
        Stage.COUNTED: _("已计票"),
        Stage.PUBLISHED: _("已公布"),
        Stage.VOID: _("已作废"),
    }


def standings() -> Mapping[Standing, str]:
    """Where a unit of a round can stand."""
    return {
        Standing.UNFIT: _("没有合适的问卷"),
        Standing.NONE: _("没有评议会"),
        Standing.VOID: _("已作废"),
        Standing.DRAFT: _("准备"),
        Standing.OPEN: _("评议中"),
        Standing.CLOSED: _("已封箱"),
        Standing.COUNTED: _("已计票"),
    }


def steps(*, survey: bool = False) -> tuple[str, ...]:
    """The way of a meeting, or of a survey, as the desk draws it."""
    middle = pgettext("step", "答题") if survey else pgettext("step", "评议")
    handing = pgettext("step", "发放") if survey else _("发票")
    return (_("准备"), handing, middle, _("封箱"), _("计票"), _("结果"))


def unit_kinds() -> Mapping[UnitKind, str]:
    """Kinds of unit."""
    return {
        UnitKind.COMMITTEE: _("党委"),
        UnitKind.GENERAL_BRANCH: _("党总支"),
        UnitKind.BRANCH: _("党支部"),
        UnitKind.DEPARTMENT: _("部门"),
    }


def roles() -> Mapping[Role, str]:
    """The answers that several scales have in common."""
    return {
        Role.SATISFIED: _("满意"),
        Role.BASIC: _("基本满意"),
        Role.UNSATISFIED: _("不满意"),
        Role.UNKNOWN: _("不了解"),
        Role.ABSTAIN: _("弃权"),
    }


def sectors(terms: Terms = BUILT_IN, *, retired: bool = False) -> Mapping[str, str]:
    """The fields a unit works in."""
    return said_terms(terms, TermList.SECTOR, retired=retired)


def member_kinds(terms: Terms = BUILT_IN, *, retired: bool = False) -> Mapping[str, str]:
    """Kinds of member."""
    return said_terms(terms, TermList.MEMBER_KIND, retired=retired)


def group_names(terms: Terms = BUILT_IN) -> tuple[str, ...]:
    """What people call their evaluators, in the order of the list."""
    return tuple(said_terms(terms, TermList.GROUP).values())


def said_terms(terms: Terms, which: TermList, *, retired: bool = False) -> Mapping[str, str]:
    """A list in the language of the page: words that came with the house are translated, others stand as they were typed."""
    own = _built_in(which)
    labels = terms.labels(which, retired=retired)
    return {key: own.get(key, label) if BUILT_IN.label(which, key) == label else label for key, label in labels.items()}


def _built_in(which: TermList) -> Mapping[str, str]:
    if which is TermList.SECTOR:
        return {
            Sector.RURAL: _("农村"),
            Sector.STREET: _("街道社区"),
            Sector.OFFICE: _("机关事业"),
            Sector.SCHOOL: _("中小学校"),
            Sector.STATE_ENTERPRISE: _("国有企业"),
            Sector.NEW_ORGANISATION: _("两新组织"),
        }
    if which is TermList.MEMBER_KIND:
        return {
            MemberKind.LEADING: _("党员领导干部"),
            MemberKind.WORKING: _("在职党员"),
            MemberKind.RETIRED: _("离退休党员"),
            MemberKind.MOBILE: _("流动党员"),
            MemberKind.PLAIN: _("无职党员"),
        }
    return {
        "workers": _("群众代表"),
        "members": pgettext("group", "党员"),
        "served": _("服务对象"),
        "delegates": _("党代表、人大代表、政协委员"),
        "two_one": _("两代表一委员"),
        "retired": _("离退休干部职工"),
        "panel": _("评议员队伍"),
        "leaders": _("领导"),
    }


def group_name(name: str) -> str:
    """The name of a group of evaluators, or of several merged into one; a name that came with the house is translated."""
    own = {label: _built_in(TermList.GROUP)[key] for key, label in GROUPS.items()}
    return JOINT.join(own.get(each, each) for each in name.split(JOINT))


def plain_group(typed: str) -> str:
    """The name to keep of a group: typed on an English page one of the house stays the house's, for every reader."""
    own = {_built_in(TermList.GROUP)[key]: label for key, label in GROUPS.items()}
    return JOINT.join(own.get(each, each) for each in typed.split(JOINT))


def meeting_title(title: str) -> str:
    """The title of a meeting; the parts the house gave it are said in the language of the page."""
    before, number = ballot(title)
    if number > 1:
        return _ballot(meeting_title(before), number)
    found = read_evaluation(title)
    if found is not None:
        unit, period = found
        return _("%(unit)s %(quarter)s评议会", unit=unit, quarter=quarter(period)) if unit else _("%(quarter)s评议会", quarter=quarter(period))
    unit, blank, form = title.rpartition(" ")
    return f"{unit}{blank}{library().gettext(form)}" if form else title


def form_text(text: str) -> str:
    """A text of a questionnaire: of a ready one, also where it says another number now, or of the second ballot the house
    makes of a tie."""
    before, number = ballot(text)
    if number > 1:
        return _ballot(form_text(before), number)
    if text in ("", WHOM):
        return _("您选谁") if text else ""
    said = str(library().gettext(text))
    if said != text:
        return said
    for ready, back in variants(text):
        said = str(library().gettext(ready))
        if said != ready:
            return rebound(said, back)
    return text


def _ballot(title: str, number: int) -> str:
    return _("%(title)s：再次投票", title=title) if number == 2 else _("%(title)s：第 %(n)s 次投票", title=title, n=number)


def quarter(key: str) -> str:
    """A period as people say it: 2026Q4, 2026H1, 2026Y."""
    names = {
        "Q1": _("%(year)s 年第一季度"), "Q2": _("%(year)s 年第二季度"), "Q3": _("%(year)s 年第三季度"), "Q4": _("%(year)s 年第四季度"),
        "H1": _("%(year)s 年上半年"), "H2": _("%(year)s 年下半年"), "Y": _("%(year)s 年全年"),
    }  # fmt: skip
    return names[key[4:]] % {"year": key[:4]}


def round_name(the_round: RoundLike) -> str:
    """The name of a round; the part the product gave it is said in the language of the page."""
    given, _dot, form = the_round.name.partition(" · ")
    if form and given == period_name(the_round.period):
        return f"{quarter(the_round.period)} · {form_text(form)}"
    return _("%(period)s评议", period=quarter(the_round.period)) if the_round.name == whole_round(the_round.period) else the_round.name


def step_name(name: str) -> str:
    """The name of a step of a selection; a usual one is said in the language of the page."""
    usual = (_("民主推荐"), _("民主评议"), _("支部申报"), _("组织考核"), _("审批"))
    return dict(zip(STEPS, usual, strict=True)).get(name, name)


def staff_roles() -> Mapping[StaffRole, str]:
    """What an account may do, in one word."""
    return {
        StaffRole.ADMIN: _("管理员"),
        StaffRole.SECRETARY: _("书记（组织委员）"),
        StaffRole.LEADER: pgettext("role", "领导"),
    }


def day(moment: date) -> str:
    """A day with its year."""
    return str(format_date(moment, _("y 年 M 月 d 日")))


def short_day(moment: date) -> str:
    """A day of this year."""
    return str(format_date(moment, _("M 月 d 日")))


def lend_words(app: Flask) -> None:
    """Let templates use these; `said` is a text of a questionnaire."""
    app.jinja_env.globals.update(day=day, short_day=short_day, round_name=round_name, step_name=step_name)
    app.jinja_env.filters.update(said=form_text, titled=meeting_title, grouped=group_name, code=pretty, tracker=pretty_tracker)
