"""Elections as pages, files and pictures print them: votes, ranks, who is elected and by which rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from analysis.cells import Cell
from analysis.elections import Outcome
from analysis.satisfaction import percent
from survey.actions.elections import Poll
from survey.domain.elections import Majority
from survey.domain.rounds import Scheme
from survey.web.board.others import share
from survey.web.board.results import Result

COLUMNS = (
    "target", "question", "candidate", "votes", "against", "abstained", "rank", "base", "percent", "needed", "outcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate, by votes. `share` is of what the majority is of, else of the valid ballots; `width` of the longest bar."""

    key: str
    label: str
    note: str
    votes: int
    against: int | None
    abstained: int | None
    rank: int
    share: str
    width: Decimal
    outcome: Outcome

    @property
    def word(self) -> str:
        """The outcome in a word; "" where nobody is elected at all."""
        return outcomes()[self.outcome]

    @property
    def short_word(self) -> str:
        """The same where there is little room."""
        return {Outcome.TIED: _("待再投"), Outcome.SHORT: _("未当选")}.get(self.outcome, self.word)


@dataclass(frozen=True, slots=True)
class Table:
    """One election as it is shown. `number` counts from 1 and names its picture; `line` is where the majority stands in
    the bars, in per cent; `of` says what the shares are of."""

    number: int
    poll: Poll
    target: str
    title: str
    rule: str
    said: str
    of: str
    rows: tuple[Row, ...]
    line: Decimal | None
    others: str

    @property
    def has_against(self) -> bool:
        """Whether there was a no to say."""
        return self.poll.is_vote


def outcomes() -> dict[Outcome, str]:
    """What became of a candidate."""
    return {
        Outcome.ELECTED: _("当选"),
        Outcome.TIED: _("票数相同，待再投"),
        Outcome.FEWER: _("未当选"),
        Outcome.SHORT: _("未当选，票数不够"),
        Outcome.COUNTED: "",
    }


def tables(result: Result) -> tuple[Table, ...]:
    """Every election of a shown meeting."""
    labels = {sheet.target.key: sheet.target.label for sheet in result.sheets}
    return tuple(
        _table(number, poll, "" if poll.is_vote else labels.get(poll.target, ""), result.round.scheme)
        for number, poll in enumerate(result.polls, start=1)
    )


def rule(poll: Poll) -> str:
    """How the election is decided, with the numbers of this meeting."""
    result, election = poll.result, poll.question.election
    seats = _("应选 %(n)s 名。", n=result.seats) if result.seats else ""
    if result.base is None or result.needed is None:
        return seats + _("得票多的当选。") if seats else _("只计票数，不定当选。")
    facts = {"of": bases()[election.majority], "base": result.base, "needed": result.needed}
    if election.majority.value.startswith("half"):
        return seats + _("得票超过%(of)s的一半才当选：%(of)s是 %(base)s，要有 %(needed)s 票。", **facts)
    return seats + _("得票到%(of)s的三分之二才当选：%(of)s是 %(base)s，要有 %(needed)s 票。", **facts)


def bases() -> dict[Majority, str]:
    """What a majority is of."""
    valid, present, due = _("有效票数"), _("实到人数"), _("应到人数")
    return {
        Majority.NONE: valid,
        Majority.HALF_VALID: valid,
        Majority.HALF_PRESENT: present,
        Majority.HALF_DUE: due,
        Majority.TWO_THIRDS_VALID: valid,
        Majority.TWO_THIRDS_PRESENT: present,
        Majority.TWO_THIRDS_DUE: due,
    }


def said(poll: Poll) -> str:
    """Who is elected, who is tied, and how many seats are left, in sentences."""
    if not poll.question.election.elects:
        return ""
    result = poll.result
    elected, tied = (
        _("、").join(poll.candidate(key).label for key in result.of(outcome))
        for outcome in (Outcome.ELECTED, Outcome.TIED)
    )
    words = [
        _("当选：%(names)s。", names=elected) if elected else _("没有人当选。"),
        _("%(names)s票数相同，名额不够，都不当选，要在其中再投一次。", names=tied) if tied else "",
        _("还缺 %(n)s 名。", n=result.open) if result.open else "",
    ]
    return "".join(words)


def others(poll: Poll) -> str:
    """What is said of written names that too few ballots bear; "" when none is."""
    found = poll.written
    if not found.others:
        return ""
    facts = {"fewest": found.fewest, "names": found.others, "votes": found.votes}
    return _("另写的名字里，不到 %(fewest)s 票的有 %(names)s 个，共 %(votes)s 票，不列名，也不当选。", **facts)


def rows(result: Result) -> Iterator[tuple[Cell, ...]]:
    """One row per candidate, in the order of the pages; the columns are COLUMNS."""
    for table in tables(result):
        found = table.poll.result
        for row in table.rows:
            yield (
                table.target, table.title, row.label, row.votes, row.against, row.abstained, row.rank, table.poll.base, row.share,
                found.needed, row.outcome.value,
            )  # fmt: skip


def _table(number: int, poll: Poll, target: str, scheme: Scheme) -> Table:
    found = poll.result
    base = poll.base
    longest = max([base, found.needed or 0, *(each.votes for each in found.standings)])
    lines = []
    for each in found.standings:
        who = poll.candidate(each.key)
        width = percent(each.votes, longest) or Decimal(0)
        part = share(each.votes, base, scheme=scheme)
        votes = (each.votes, who.against, who.abstained)
        note = _("另写") if who.is_written else who.note
        lines.append(Row(who.key, who.label, note, *votes, each.rank, part, width, each.outcome))
    of = _("占比的分母是%(of)s %(base)s。", of=bases()[poll.question.election.majority], base=base)
    at = percent(found.needed, longest) if found.needed else None
    return Table(number, poll, target, poll.question.text, rule(poll), said(poll), of, tuple(lines), at, others(poll))
