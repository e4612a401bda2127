"""What to do next with a meeting: one answer at every moment, from its stage and its numbers alone."""

from dataclasses import dataclass
from enum import StrEnum

from survey.domain.meetings import Entry, Meeting, Stage, check_open
from survey.domain.refusals import TooFew
from survey.domain.slips import Way
from survey.store.keyings import Keyed


class Next(StrEnum):
    """The one next step a page offers."""

    UNITS = "units"
    MEND = "mend"
    OPEN = "open"
    REHEARSE = "rehearse"
    ISSUE = "issue"
    WAIT = "wait"
    RESUME = "resume"
    SOON = "soon"
    SEAL = "seal"
    CLOSE = "close"
    LEFTOVERS = "leftovers"
    KEY = "key"
    COUNT = "count"
    READ = "read"
    NOTHING = "nothing"


NONE = Keyed()
_PLACE = {
    Next.UNITS: 0,
    Next.MEND: 0,
    Next.OPEN: 0,
    Next.REHEARSE: 1,
    Next.ISSUE: 1,
    Next.WAIT: 2,
    Next.RESUME: 2,
    Next.SOON: 2,
    Next.SEAL: 2,
    Next.CLOSE: 2,
    Next.LEFTOVERS: 3,
    Next.KEY: 3,
    Next.COUNT: 4,
    Next.READ: 5,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a meeting stands.

    Attributes
    ----------
    place : int or None
        The place of the next step among the steps, None for a void meeting.
    people : int
        Who can vote: those present and those who were sent a link.
    waiting : int
        Ballots that can still come back.
    few : TooFew or None
        What keeps a draft from opening.
    """

    next: Next
    place: int | None
    people: int
    waiting: int
    few: TooFew | None


def standing(meeting: Meeting, inside: int, forms: Keyed = NONE, *, unchosen: bool = False) -> Standing:
    """What comes next: `inside` are the ballots in the box, `forms` says how far the keying of paper forms is, `unchosen` that
    nobody has said yet which units a draft rates."""
    people = meeting.present + sum(group.minted.get(Way.LINK, 0) for group in meeting.groups)
    # Slips on the table are not people: where slips are handed out only they can come back. Forms come in after closing.
    most = (meeting.codes if meeting.entry is Entry.SLIPS else people) - meeting.forms
    few = _few(meeting) if meeting.stage is Stage.DRAFT else None
    coming = Next.UNITS if unchosen else _next(meeting, few, waiting=most > inside, forms=forms)
    return Standing(coming, _PLACE.get(coming), people, max(0, most - inside), few)


def _next(meeting: Meeting, few: TooFew | None, *, waiting: bool, forms: Keyed) -> Next:
    if meeting.stage is Stage.DRAFT:
        return Next.MEND if few else Next.OPEN
    if meeting.stage is Stage.PAUSED:
        return Next.RESUME
    if meeting.stage is Stage.OPEN:
        if meeting.unrehearsed:
            return Next.REHEARSE
        # Forms for a few who write do not hand out the slips of all others.
        bare = meeting.entry is Entry.SLIPS and any(group.room and group.in_hall <= group.forms for group in meeting.groups)
        if meeting.closing is not None:
            return Next.SOON if waiting or bare else Next.SEAL
        if bare:
            return Next.ISSUE
        return Next.WAIT if waiting else Next.CLOSE
    if meeting.stage is Stage.CLOSED:
        if any(group.issued is None for group in meeting.groups):
            return Next.LEFTOVERS
        return Next.KEY if forms.once or forms.done + forms.spoiled < _out(meeting) else Next.COUNT
    return Next.NOTHING if meeting.stage is Stage.VOID else Next.READ


def _out(meeting: Meeting) -> int:
    """Forms that surely went out: those left over may be slips or forms, and some may never come back."""
    return sum(max(0, min(group.forms, group.codes) - (group.leftover or 0)) for group in meeting.groups)


def _few(meeting: Meeting) -> TooFew | None:
    try:
        check_open(meeting.groups)
    except TooFew as refused:
        return refused
    return None
