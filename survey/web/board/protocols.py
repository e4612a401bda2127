"""计票报告单: the count with its numbers, rules, digests and acts, for signature, as PDF and as Word."""

import json
from collections.abc import Iterator, Sequence

from flask import Response
from flask_babel import gettext as _

from survey.domain.ballots import pretty_tracker
from survey.domain.meetings import Entry, Line, Meeting
from survey.domain.papers import Paper, read_paper
from survey.domain.rounds import Scheme
from survey.domain.selections import Step
from survey.office.figures import Verdict
from survey.office.protocol_docx import protocol_docx
from survey.office.protocol_pdf import protocol_pdf
from survey.office.protocols import Codes, Facts, Grid, Part, Protocol
from survey.store import journal, meetings, selections
from survey.store.engine import Connection
from survey.web.acts import Act, acts
from survey.web.board.elections import Table, tables
from survey.web.board.face import counted
from survey.web.board.figures import Sheet
from survey.web.board.files import download
from survey.web.board.others import share
from survey.web.board.paper_part import paper_part
from survey.web.board.results import Found, Result
from survey.web.doors import Who, admits, config, house
from survey.web.languages import library
from survey.web.questionnaires import in_words
from survey.web.scheme_words import rules
from survey.web.words import day, round_name, step_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@admits(Who.STAFF)
def pdf(meeting_id: int) -> Response:
    """The protocol to print and sign."""
    here, protocol = _made(meeting_id)
    return download(protocol_pdf(protocol, _), here, kind="pdf", mimetype="application/pdf", what=protocol.title)


@admits(Who.STAFF)
def docx(meeting_id: int) -> Response:
    """The protocol to add a word to before it is printed."""
    here, protocol = _made(meeting_id)
    return download(protocol_docx(protocol, _), here, kind="docx", mimetype=DOCX, what=protocol.title)


def _made(meeting_id: int) -> tuple[Found, Protocol]:
    here, result = counted(meeting_id)
    with house().store.read() as db:
        entries = journal.of_meeting(db, meeting_id)
        done = acts(entries, here.meeting, zone=config().zone)
        paper = paper_part(db, here.meeting, result, entries)
        head = journal.head(db, meeting_id)
        is_whole = journal.first_broken(db, meeting_id) is None and _sealed(db, here, result)
        bodies = meetings.papers(db, meeting_id)
        steps = selections.steps(db, meeting_id)
        held = meetings.some(db, sorted({step.meeting for step in steps if step.meeting is not None}))
    papers = {group: in_words(read_paper(body)) for group, body in bodies.items()}
    title = _("计票报告单") if not here.meeting.is_survey else _("调查计票报告单")
    parts = (
        _meeting(here, result, next(iter(papers.values()))),
        _account(result),
        *([paper] if paper else []),
        *_figures(here, result),
        *_steps(steps, held),
        _acts(done, is_whole=is_whole),
        _digests(here.meeting, result, papers, head),
        _trackers(result),
    )
    numbered = (
        Part(_("%(number)s、%(heading)s", number=_number(place), heading=part.heading), part.blocks, part.note)
        for place, part in enumerate(parts)
    )
    return here, Protocol(title, tuple(numbered), (_("主持人"), _("计票人"), _("监票人")))


def _number(place: int) -> str:
    """The number of a part in words, the tenth being the last that has one."""
    numbers = _("一 二 三 四 五 六 七 八 九 十").split(" ")
    return numbers[place] if place < len(numbers) else str(place + 1)


def _meeting(here: Found, result: Result, paper: Paper) -> Part:
    meeting = here.meeting
    entries = {Entry.SLIPS: _("票签"), Entry.SCREEN: _("大屏幕二维码"), Entry.LINK: _("公开链接")}
    rows = [
        (_("单位"), here.unit.name),
        *(((_("评议的单位"), _("%(n)s 个", n=len(result.units))),) if result.branches else ()),
        (_("调查的名称") if meeting.is_survey else _("评议会的名称"), meeting.title),
        (_("日期"), day(meeting.held_on)),
        (_("地点"), meeting.place or "–"),
        (_("轮次"), round_name(result.round)),
        (_("问卷"), library().gettext(paper.questionnaire)),
        (_("怎么投票"), entries[meeting.entry]),
        (_("监票"), _watch(meeting)),
    ]
    note = ""
    if meeting.entry is Entry.SCREEN:
        note = _("本场每部手机领一张票，属于哪一类由本人自己选，比一人一张票签弱。")
    elif meeting.entry is Entry.LINK:
        note = _("本次每部手机一份，拿到链接的人都可以答。")
    return Part(_("会议"), (Facts(tuple(rows)),), note)


def _watch(meeting: Meeting) -> str:
    """Who watched the count, and where the key lay until then."""
    if meeting.one_officer:
        return _("一名工作人员")
    return _("监票人持监票签，钥匙只印在签上") if meeting.key_on_slip else _("监票人持监票签")


def _account(result: Result) -> Part:
    heads = (_("类别"), _("应到"), _("实到"), _("发出"), _("收回"), _("无效"), _("有效"))
    rows = tuple(_line(each, each.name, tells=result.tells_spoiled(each.name)) for each in result.lines)
    whole, scheme = result.total, result.round.scheme
    abstained = str(whole.abstained) if result.is_shown else _("人数不足")
    facts = (
        (_("弃权"), abstained),
        (_("回收率 %"), share(whole.returned, whole.issued, scheme=scheme)),
        (_("参评率 %"), share(whole.returned, whole.due, scheme=scheme)),
    )
    note = _("发出是做出的票减去剩余的票，有效是收回减去无效。回收率 = 收回 ÷ 发出，参评率 = 收回 ÷ 应到。")
    total = _line(whole, _("合计"), tells=result.tells_valid)
    return Part(_("票数"), (Grid(heads, (*rows, total) if len(rows) > 1 else rows), Facts(facts)), note)


def _line(each: Line, name: str, *, tells: bool) -> tuple[str, ...]:
    numbers = (each.due, each.present, each.issued, each.returned)
    last = (str(each.spoiled), str(each.valid)) if tells else (_("人数不足"), _("人数不足"))
    return (name, *(str(n) for n in numbers), *last)


def _figures(here: Found, result: Result) -> Iterator[Part]:
    """The rates of everybody who was rated, and by which rule; nothing where nobody was."""
    if here.meeting.is_survey:
        return
    if not result.is_shown:
        yield Part(_("结果"), (), _("收回的票太少，容易推出个人的选择，所以不显示任何结果。"))
        return
    heads = (_("评议对象"), _("有效答案"), _("满意率 %"), _("以上率 %"), _("评定"))
    yield from (_poll(each) for each in tables(result))
    # Several units: all of them first, then the members of each under its name.
    named = [(heads[0], [*result.units, *result.members])]
    if result.branches:
        named = [(_("单位"), list(result.units))] + [(each.sheet.target.label, list(each.members)) for each in result.branches]
    grids = []
    for head, sheets in named:
        rows = tuple(_rates(sheet) for sheet in sheets if sheet.whole is not None and not sheet.is_polled)
        if rows:
            grids.append(Grid((head, *heads[1:]), rows, first=60.0))
    if grids or not result.polls:
        yield Part(_("结果"), tuple(grids), _rule(result.round.scheme))


def _poll(table: Table) -> Part:
    """One election: every candidate by votes, who is elected, and by which rule."""
    against = (_("反对"), _("弃权")) if table.has_against else ()
    heads = (_("候选人"), _("名次"), _("得票"), *against, _("占比 %"), _("结果"))
    rows = []
    for row in table.rows:
        other = (str(row.against), str(row.abstained)) if table.has_against else ()
        name = _("%(name)s（%(note)s）", name=row.label, note=row.note) if row.note else row.label
        rows.append((name, str(row.rank), str(row.votes), *other, row.share, row.word or "–"))
    note = "\n".join(text for text in (table.said, table.others, table.rule + table.of) if text)
    title = _("%(target)s：%(text)s", target=table.target, text=table.title) if table.target else table.title
    return Part(title, (Grid(heads, tuple(rows), first=60.0),), note)


def _rates(sheet: Sheet) -> tuple[str, ...]:
    said = {Verdict.SATISFIED: _("满意"), Verdict.BASIC: _("基本满意以上"), Verdict.BELOW: _("未达到")}
    assert sheet.whole is not None
    target = sheet.target
    name = _("%(name)s（%(note)s）", name=target.label, note=target.note) if target.note else target.label
    verdict = said[sheet.verdict] if sheet.verdict else "–"
    return (name, str(sheet.whole.valid), sheet.whole.narrow, sheet.whole.wide, verdict)


def _rule(scheme: Scheme) -> str:
    rates = _("满意率 = 满意 ÷ 有效答案；以上率 =（满意 + 基本满意）÷ 有效答案。名单按花名册排，不是名次。")
    quorum = (_("实到超过应到的一半才能计票，本场到了。"),) if scheme.quorum else ()
    return "\n".join((rates, *(each.strip() for each in rules(scheme)), *quorum))


def _steps(steps: Sequence[Step], held: Sequence[Meeting]) -> Iterator[Part]:
    """The steps of a selection, where any were written."""
    titles = {meeting.id: meeting.title for meeting in held}
    rows = tuple((step_name(s.name), day(s.day) if s.day else "–", titles.get(s.meeting or 0, "–"), s.note or "–") for s in steps)
    if rows:
        heads = (_("步骤"), _("日期"), _("哪一场会"), _("说明"))
        yield Part(_("评选的步骤"), (Grid(heads, rows, first=34.0),))


def _sealed(db: Connection, here: Found, result: Result) -> bool:
    """Whether the acts up to the count are those that were sealed; older seals say nothing of them."""
    acts = json.loads(result.seal).get("acts")
    return acts is None or journal.holds(db, here.meeting.id, bytes.fromhex(acts))


def _acts(done: tuple[Act, ...], *, is_whole: bool) -> Part:
    heads = (_("时间"), _("做了什么"), _("谁"))
    rows = tuple((each.minute.strftime("%Y-%m-%d %H:%M"), each.words, each.name) for each in reversed(done))
    note = _("这里只记工作人员做了什么，不记评议人。")
    if not is_whole:
        note = _("这里的经过和计票时封存的不一样，有人改过、删过或者添过。请管理员从备份里查明，查明以前不要签字。")
    return Part(_("经过"), (Grid(heads, rows, first=34.0),), note)


def _digests(meeting: Meeting, result: Result, papers: dict[int, Paper], head: bytes) -> Part:
    groups = {group.id: group.name for group in meeting.groups}
    rows = [(_("封存记录"), result.sha256), (_("计票规则"), result.round.scheme.sha256())]
    rows += [(_("评议票：%(group)s", group=groups[group]), paper.sha256) for group, paper in papers.items()]
    # Meetings from before the acts were chained have none.
    rows.append((_("经过"), head.hex() if any(head) else "–"))
    note = _("以上都是 SHA-256。有一处被改过，摘要就对不上。经过的摘要一条接一条，改掉或删掉任何一条都会变。")
    return Part(_("摘要"), (Facts(tuple(rows)),), note)


def _trackers(result: Result) -> Part:
    codes = tuple(map(pretty_tracker, result.trackers))
    note = _("查验码说明一张票在票箱里、已经计入，不说明上面选了什么，也查不到是谁的。")
    few = "" if result.tells_valid else _("收回的票太少时，无效的纸表也有一个查验码，免得看出有没有人的表无效。")
    return Part(_("查验码，共 %(n)s 个", n=len(codes)), (Codes(codes),), f"{note}{few}")
