"""Pages and files of grades and of the two lists: read-only, only one's own subtree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask import Response, render_template
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from survey.domain.questionnaires import Audience
from survey.domain.refusals import NotPublished
from survey.domain.rounds import FEWEST, Scheme
from survey.office.report_docx import report_docx
from survey.office.report_pdf import report_pdf
from survey.office.reports import Block, Column, Part, Report, Table, Words, columns
from survey.office.tables import Sheet as Tabled
from survey.office.tables import xlsx_bytes
from survey.web.board.doubts import doubtful
from survey.web.board.files import XLSX
from survey.web.board.grades import Few, Listed, Lists, Sheet, lists_of, sheet_of
from survey.web.board.others import NO_DATA
from survey.web.board.protocols import DOCX
from survey.web.board.publications import Seen, asked_unit, earlier, find
from survey.web.deadlines import remaining
from survey.web.doors import Who, admits, house, staff, today
from survey.web.downloads import attached
from survey.web.grade_words import grade_lines, grade_word, points_words, score_words
from survey.web.questionnaires import noted
from survey.web.scheme_words import rules
from survey.web.words import day, quarter, round_name

# So many lines of either list a page has; the files have them all.
MOST_SHOWN = 200
_TYPES = {"pdf": "application/pdf", "docx": DOCX, "xlsx": XLSX}


@admits(Who.STAFF)
def sheet(round_id: int, unit_id: int) -> str:
    """The grades of a unit."""
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        made = sheet_of(db, seen) if seen.reading is not None else None
    if seen.reading is None or made is None:
        return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
    return render_template("board/rounds/grades.html", **context(seen), sheet=made, scheme=seen.reading.scheme, note=noted, is_doubtful=doubtful(seen.reading), without=without(made), alone=alone(made), score_words=score_words(seen.reading.scheme), points=points_words(seen.reading.scales, seen.reading.scheme), lines=grade_lines(seen.reading.scheme))


@admits(Who.STAFF)
def lists(round_id: int) -> str:
    """Both lists of the highest unit this person sees, or of the one asked for."""
    seen, made = _lists(round_id)
    if made is None:
        return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned)
    assert seen.reading is not None
    runs = staff().runs_meetings and staff().sees(seen.planned.unit)
    return render_template("board/rounds/lists.html", **context(seen), lists=made, left=remaining(made.until, today()), open=open_words(made), nobody=nobody(made, seen.reading.scheme), between=between(made), alone=alone(made), doubted=doubted(made), runs=runs, most=MOST_SHOWN, rules=rules(seen.reading.scheme))


@admits(Who.STAFF)
def xlsx(round_id: int) -> Response:
    """The same for Excel and WPS."""
    return _file(round_id, "xlsx")


@admits(Who.STAFF)
def docx(round_id: int) -> Response:
    """The same for Word."""
    return _file(round_id, "docx")


@admits(Who.STAFF)
def pdf(round_id: int) -> Response:
    """The same on A4."""
    return _file(round_id, "pdf")


def report(seen: Seen, made: Lists) -> Report:
    """Both lists on paper."""
    assert seen.reading is not None
    more = (Column(_("从哪一轮起"), 36, is_number=False),)
    late: list[Block] = [Words(_deadline(made)), _table(made.poor, more), *(Words(each, small=True) for each in _differing(made.poor))] if made.poor else [Words(_("没有。"))]
    late += [Words(each) for each in between(made)]
    parts = [
        Part(_("拟表彰"), (_table(made.commended), *(Words(each, small=True) for each in (*_differing(made.commended), doubted(made), alone(made)) if each)) if made.commended else (Words(nobody(made, seen.reading.scheme)),)),
        Part(_("限期整改"), tuple(late)),
        Part("", tuple(Words(each, small=True) for each in (_("名单按单位和花名册排，不是名次。"), *notes(made), *open_words(made).values(), *rules(seen.reading.scheme)))),
    ]
    under = f"{seen.node.place.name} · {round_name(seen.planned)} · {_('%(day)s公布', day=day(seen.day))}"
    return Report(_("表彰和整改名单"), under, sentence(made), tuple(parts), _foot(seen), str(get_locale()).replace("_", "-"))


def _foot(seen: Seen) -> str:
    return f"{round_name(seen.planned)} · {seen.node.place.name}"


def sentence(made: Lists) -> str:
    """How many stand on either."""
    return _("“%(best)s” %(n)s 个，限期整改 %(poor)s 个。", best=grade_word(made.best), n=len(made.commended), poor=len(made.poor))


def _deadline(made: Lists) -> str:
    """The day and, as of today, how far it is: what is printed is read later, too."""
    left = remaining(made.until, today())
    said = _("请在 %(day)s前改好。", day=day(made.until))
    return said + _("到 %(today)s：%(left)s。", today=day(today()), left=left) if left else said


def nobody(made: Lists, scheme: Scheme) -> str:
    """Why nobody is commended."""
    if (made.open_units or made.open_members) and scheme.grades:
        return _("等次还没有定。定成“%(best)s”的列在这里；算出来的等次在“看等次”那一页。", best=grade_word(made.best))
    return _("没有。")


def between(made: Lists) -> tuple[str, ...]:
    """How many are below the line of 满意 and not to be put right by the rules: the wider rate is reached."""
    if not (made.units_between or made.members_between):
        return ()
    said = _("另有没到满意线、但基本满意以上率到了的：单位 %(units)s 个，党员 %(members)s 名，按规则不列入限期整改。", units=made.units_between, members=made.members_between)
    return (said,)


def notes(made: Lists) -> tuple[str, ...]:
    """Who is on neither, and what is not settled yet."""
    found = []
    if made.few.all:
        found.append(_("收回的票不到 %(k)s 张，人数不足，不在任何一张名单上：%(names)s。", k=FEWEST, names=_named(made.few)))
    if not made.grading.is_ended:
        found.append(_("评定没有结束，名单还会变。"))
    return tuple(found)


def open_words(made: Lists) -> Mapping[str, str]:
    """How many units and how many members have no grade yet, in words; nothing of what there is none of."""
    found = {}
    if n := made.open_units:
        found[Audience.UNIT.value] = ngettext("还有 %(n)s 个单位没有定等次。", "还有 %(n)s 个单位没有定等次。", n, n=n)
    if n := made.open_members:
        found[Audience.MEMBER.value] = ngettext("还有 %(n)s 名党员没有定等次。", "还有 %(n)s 名党员没有定等次。", n, n=n)
    return found


def alone(made: Lists | Sheet) -> str:
    """Whose bonus points were applied for and approved by the same person; "" where there is nobody."""
    names = made.alone if isinstance(made, Sheet) else tuple(each.label for each in made.commended if each.is_alone)
    return _("加分的申请与核准为同一人：%(names)s。", names=_("、").join(names)) if names else ""


def doubted(made: Lists) -> str:
    """Of whom nothing but the best was said, though they are to be commended; "" where there is nobody."""
    names = tuple(each.label for each in made.commended if each.is_doubtful)
    return _("先核实：%(names)s的答案全是满意的，表彰以前先看看会是怎么开的。", names=_("、").join(names)) if names else ""


def _differing(rows: Sequence[Listed]) -> Iterator[str]:
    """Why whoever was decided otherwise than the figures come to was, one sentence each."""
    for each in rows:
        if each.decision is not None and each.decision.reason:
            result, grade = (grade_word(one) or NO_DATA for one in (each.decision.result, each.grade))
            yield _("%(name)s：算出来是“%(result)s”，定为“%(grade)s”。原因：%(reason)s", name=each.label, result=result, grade=grade, reason=each.decision.reason)


def without(made: Sheet) -> str:
    """Who has no grade, since too few ballots came back; "" where there is nobody."""
    return _("收回的票不到 %(k)s 张，人数不足，没有等次：%(names)s。", k=FEWEST, names=_named(made.few)) if made.few.all else ""


def _named(few: Few) -> str:
    return _("、").join(few.names) + (_("等，共 %(n)s 个", n=few.all) if few.all > len(few.names) else "")


def _file(round_id: int, kind: str) -> Response:
    seen, made = _lists(round_id)
    if made is None:
        raise NotPublished(why="yet")
    if kind == "xlsx":
        late = (*_heads(), _("从哪一轮起"), _("改好的期限"), _("到 %(today)s", today=today().isoformat()))
        best = (*_heads(), *((_("加分"),) if alone(made) else ()), *((_("说明"),) if doubted(made) else ()))
        sheets = [_tabled(_("拟表彰"), made.commended, best, is_alone=bool(alone(made)), is_doubted=bool(doubted(made))), _tabled(_("限期整改"), made.poor, late, made)]
        assert seen.reading is not None
        said = (() if made.commended else (nobody(made, seen.reading.scheme),)), (*(() if made.poor else (_("没有。"),)), *between(made))
        sheets = [replace(each, under=some) for each, some in zip(sheets, said, strict=True)]
        if left := (*notes(made), *open_words(made).values()):
            sheets.append(Tabled(_("不在名单上的"), (_("说明"),), tuple((each,) for each in left)))
        body = xlsx_bytes(sheets, foot=_foot(seen))
    else:
        body = (report_docx if kind == "docx" else report_pdf)(report(seen, made), _)
    name = f"{round_name(seen.planned)} {seen.node.place.name} {_('表彰和整改名单')}.{kind}"
    return attached(Response(body, content_type=_TYPES[kind]), name, plain=f"lists-{round_id}.{kind}")


def _lists(round_id: int) -> tuple[Seen, Lists | None]:
    unit_id = asked_unit()
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        return seen, lists_of(db, seen, earlier(db, seen)) if seen.reading is not None else None


def context(seen: Seen) -> dict[str, Any]:
    """What every page of grades needs."""
    return {"seen": seen, "planned": seen.planned, "node": seen.node, "word": grade_word, "quarter": quarter, "notes": notes, "sentence": sentence}


def _heads() -> tuple[str, ...]:
    return (_("名称"), _("单位"), _("职务或类型"), _("定的等次"), _("算出的等次"), _("原因"), _("满意率 %"), _("以上率 %"), _("有效答案"), _("综合得分"))


def _tabled(title: str, rows: Sequence[Listed], heads: tuple[str, ...], made: Lists | None = None, *, is_alone: bool = False, is_doubted: bool = False) -> Tabled:
    """A sheet; numbers are numbers. `is_alone`: it says whose bonus points the same person applied for and approved; `is_doubted`:
    of whom nothing but the best was said."""
    told = []
    for each in rows:
        rate = each.rate
        figures = (_number(rate.narrow), _number(rate.wide), rate.valid) if rate is not None else (None, None, None)
        reason = each.decision.reason if each.decision is not None else ""
        more: tuple[str, ...] = (each.since or _("这一轮"), made.until.isoformat(), remaining(made.until, today())) if made is not None else ()
        if is_alone:
            more += (_("申请与核准为同一人") if each.is_alone else "",)
        if is_doubted:
            more += (_("先核实") if each.is_doubtful else "",)
        told.append((each.label, each.unit, each.note, grade_word(each.grade) or NO_DATA, grade_word(each.result) or NO_DATA, reason, *figures, _number(each.score), *more))
    return Tabled(title, heads, tuple(told))


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text not in ("", NO_DATA) else None


def _table(rows: Sequence[Listed], more: tuple[Column, ...] = ()) -> Table:
    others = (
        Column(_("单位"), 35, is_number=False), Column(_("定的等次"), 18, is_number=False), Column(_("满意率 %"), 22), Column(_("以上率 %"), 17), Column(_("有效"), 12), *more,
    )  # fmt: skip
    told = tuple(
        (
            f"{each.label} {each.note}".strip(), each.unit, grade_word(each.grade) or NO_DATA, each.rate.narrow if each.rate else NO_DATA,
            each.rate.wide if each.rate else NO_DATA, str(each.rate.valid) if each.rate else NO_DATA, *((each.since or _("这一轮"),) if more else ()),
        )
        for each in rows
    )  # fmt: skip
    return Table(columns((_("名称"), 40), others=others), told)
