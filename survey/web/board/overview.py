"""The list of counted meetings: one line each, with the branch's two rates, in a handful of queries."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.actions.results import atoms
from survey.domain.meetings import Meeting
from survey.domain.papers import read_paper
from survey.domain.questionnaires import Audience
from survey.domain.results import Count
from survey.domain.rounds import Round
from survey.domain.staff import Staff
from survey.office.gradings import is_all_best
from survey.store import keyings, meeting_pages, meetings, results, rounds
from survey.store.engine import Connection
from survey.web.board.figures import Sheet, sheets
from survey.web.board.results import COUNTED
from survey.web.lists import pages
from survey.web.questionnaires import in_words

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One counted meeting. `sheet` is None when too few came back or the branch itself was not asked about; where `units`
    says that several were, none of them stands for all."""

    meeting: Meeting
    unit_name: str
    round: Round
    returned: int
    sheet: Sheet | None
    units: int = 0
    spoiled: int = 0

    @property
    def issued(self) -> int:
        """Slips that went out, all groups."""
        return sum(group.issued or 0 for group in self.meeting.groups)

    @property
    def is_doubtful(self) -> bool:
        """Whether nothing but the best was said of the branch: to be looked into before it is believed."""
        whole = self.sheet.whole if self.sheet is not None else None
        return whole is not None and is_all_best(whole.figures.satisfied, whole.valid)

    @property
    def is_few(self) -> bool:
        """Whether too few ballots came back to show any figure."""
        return not atoms({self.meeting.id: self.returned})


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of the list, newest first."""

    rows: tuple[Row, ...]
    many: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages(self.many, A_PAGE)


def overview(db: Connection, *, by: Staff, page: int) -> Overview:
    """The counted meetings of a person's subtree; a page beyond the last shows the last."""
    wanted = meeting_pages.Wanted(None if by.is_top else by.unit, stages=COUNTED)
    names, many = meeting_pages.page(db, wanted, first=(page - 1) * A_PAGE, most=A_PAGE)
    here = meetings.some(db, tuple(names))
    ids = [meeting.id for meeting in here]
    back = results.returned_in_all(db, ids)
    wrote = [meeting.id for meeting in here if meeting.forms]
    lost = keyings.spoiled_in_all(db, wrote) if wrote else {}
    turns = rounds.get_many(db, {meeting.round for meeting in here})
    counts = results.unit_counts(db, ids)
    papers = meetings.one_paper(db, ids)
    rows = [
        Row(m, names[m.id], turns[m.round], back.get(m.id, 0),
            *_sheet(m, papers, counts=counts.get(m.id, ()), ballots=back.get(m.id, 0), the_round=turns[m.round]), spoiled=lost.get(m.id, 0))
        for m in here
    ]
    return Overview(tuple(rows), many, min(page, pages(many, A_PAGE)))


def _sheet(
    meeting: Meeting, papers: Mapping[int, str], *, counts: tuple[Count, ...], ballots: int, the_round: Round
) -> tuple[Sheet | None, int]:
    if not atoms({meeting.id: ballots}):
        return None, 0
    made = sheets(in_words(read_paper(papers[meeting.id])), counts, ballots=ballots, scheme=the_round.scheme,
                  only=Audience.UNIT)
    return (made[0] if len(made) == 1 else None), len(made)
