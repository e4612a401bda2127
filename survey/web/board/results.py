"""One counted meeting as the board shows it, read from the store: only what may be shown is in here."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from survey.actions.elections import Poll, polls, read_written
from survey.actions.results import atoms
from survey.actions.seals import is_altered
from survey.domain.meetings import Line, Meeting, Stage, total
from survey.domain.papers import Paper, Target, read_paper
from survey.domain.questionnaires import Audience, Kind
from survey.domain.refusals import NotFound
from survey.domain.results import Count, Opinion
from survey.domain.rounds import FEWEST_FOR_OPINIONS, Round
from survey.domain.staff import Staff
from survey.domain.units import Unit
from survey.store import keyings, meetings, results, rounds, units
from survey.store.engine import Connection
from survey.web.board.figures import Sheet, sheets
from survey.web.board.quality import Kept, Quality, measure
from survey.web.board.weights import Weighing, weigh
from survey.web.languages import choose_language
from survey.web.questionnaires import in_words
from survey.web.shelf import Shelf

COUNTED = (Stage.COUNTED, Stage.PUBLISHED)


class NoResult(Exception):
    """There is nothing to show: the meeting is not counted, too few ballots came back, or what is kept is not what was sealed.
    Carries the meeting."""

    def __init__(self, meeting: Meeting, *, is_few: bool = False, is_altered: bool = False) -> None:
        super().__init__(meeting.stage)
        self.meeting = meeting
        self.is_few = is_few
        self.is_altered = is_altered


@dataclass(frozen=True, slots=True)
class Atom:
    """Groups that are shown together: one, or several merged because alone they would be too few."""

    names: tuple[str, ...]
    ballots: int
    sheets: Mapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The opinions about one target, by question, in the order of their random keys."""

    target: Target
    section: str
    texts: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def many(self) -> int:
        """How many there are."""
        return sum(len(texts) for _, texts in self.texts)


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit that was rated, and its members who were rated with it, by roster."""

    sheet: Sheet
    members: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A counted meeting. With fewer than five ballots there are no sheets, no atoms and no opinions."""

    lines: tuple[Line, ...]
    total: Line
    round: Round
    sha256: str
    seal: str
    trackers: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    atoms: tuple[Atom, ...]
    opinions: tuple[Spoken, ...]
    weighing: Weighing | None = None
    polls: tuple[Poll, ...] = ()
    quality: Quality | None = None
    has_forms: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether enough ballots came back for any figure."""
        return bool(self.atoms)

    def tells_spoiled(self, group: str) -> bool:
        """Whether it may be told how many forms of a group were spoiled. That a form was is something somebody did, so it is
        told of whole atoms, like every figure: of a group shown together with others only within the total. A spoiled form
        holds no answer, so it does not count towards the five that make an atom."""
        if not self.is_shown:
            return self.tells_valid
        return not self.total.spoiled or any(atom.names == (group,) for atom in self.atoms)

    @property
    def tells_valid(self) -> bool:
        """Whether it may be told how many of the ballots that came back are valid. Of too few with forms on paper it is never
        told, whether one was spoiled or none: to keep silent only where one was would say so."""
        return self.is_shown or not (self.has_forms or self.total.spoiled)

    @property
    def units(self) -> tuple[Sheet, ...]:
        """Figures of the branches, in the paper's order."""
        return tuple(sheet for sheet in self.sheets if sheet.target.audience is Audience.UNIT)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The units in the paper's order, each with the members who follow it there; () where fewer than two were rated (voted on
        is another thing)."""
        found: list[tuple[Sheet, list[Sheet]]] = []
        for sheet in self.sheets:
            if sheet.target.audience is Audience.UNIT and not sheet.is_polled:
                found.append((sheet, []))
            elif sheet.target.audience is Audience.MEMBER and found:
                found[-1][1].append(sheet)
        return tuple(Branch(sheet, tuple(members)) for sheet, members in found) if len(found) > 1 else ()

    @property
    def members(self) -> tuple[Sheet, ...]:
        """Figures of the members, by roster."""
        return tuple(sheet for sheet in self.sheets if sheet.target.audience is Audience.MEMBER)

    @property
    def general(self) -> tuple[Sheet, ...]:
        """The general section, when it asks for more than opinions."""
        return tuple(s for s in self.sheets if s.target.audience is Audience.GENERAL and s.items)

    def sheet(self, key: str) -> Sheet:
        """The figures of one target.

        Raises
        ------
        NotFound
            There is no such target, or it was asked for opinions only.
        """
        for each in self.sheets:
            if each.target.key == key and each.items:
                return each
        raise NotFound(what="target")

    def spoken(self, key: str) -> Spoken | None:
        """The opinions about one target."""
        return next((each for each in self.opinions if each.target.key == key), None)


@dataclass(frozen=True, slots=True)
class Found:
    """A meeting a person may see, where it stands in the tree, and its result once it is counted."""

    meeting: Meeting
    trail: tuple[Unit, ...]
    result: Result | None

    @property
    def unit(self) -> Unit:
        """The unit that was evaluated."""
        return self.trail[-1]


def find(db: Connection, meeting_id: int, *, by: Staff, shelf: Shelf[Result]) -> Found:
    """A meeting of this person's subtree; what is counted never changes, so it is read and reckoned once.

    Raises
    ------
    NotFound
        There is none, or it lies in another subtree.
    """
    meeting = meetings.get(db, meeting_id)
    if not by.sees(meeting.unit):
        raise NotFound(what="meeting")
    up = tuple(unit for unit in units.path(db, meeting.unit) if by.sees(unit.id))
    digest = results.seal_digest(db, meeting_id) if meeting.stage in COUNTED else None
    if digest is None:
        return Found(meeting, up, None)
    return Found(meeting, up, shelf.get((meeting.id, digest, choose_language()), partial(_read, db, meeting)))


def spoken_in(db: Connection, some: Iterable[int]) -> Mapping[int, tuple[Spoken, ...]]:
    """What was written in some counted meetings of which somebody may see all; of few ballots nothing is told."""
    said = results.opinions_of(db, some, least=FEWEST_FOR_OPINIONS)
    return {meeting: _spoken(in_words(read_paper(body)), said[meeting]) for meeting, body in meetings.one_paper(db, said).items()}


def _read(db: Connection, meeting: Meeting) -> Result:
    papers = [in_words(read_paper(body)) for body in meetings.papers(db, meeting.id).values()]
    paper = papers[0]
    # Every group is asked the same about the same targets, so a sum over groups means one thing.
    assert all((p.targets, p.sections, p.scales) == (paper.targets, paper.sections, paper.scales) for p in papers)
    back = results.returned(db, meeting.id)
    abstained = {row.group: row.abstained for row in back}
    returned = {row.group: row.returned for row in back}
    lost = {group: sum(forms for forms, _answers in each.values()) for group, each in keyings.spoils(db, meeting.id).items()}
    lines = tuple(
        Line(g.name, g.due, g.present, g.issued or 0, returned[g.id] + gone, abstained[g.id], gone)
        for g in meeting.groups
        for gone in [lost.get(g.id, 0)]
    )
    the_round = rounds.get(db, meeting.round)
    sealed = results.seal(db, meeting.id)
    assert sealed is not None
    body, digest = sealed
    if is_altered(db, meeting, paper, body=body, digest=digest):
        raise NoResult(meeting, is_altered=True)
    found: tuple[Sheet, ...] = ()
    parts: tuple[Atom, ...] = ()
    voted: tuple[Poll, ...] = ()
    quality: Quality | None = None
    ballots = sum(returned.values())
    if atoms(returned):
        counts = results.counts(db, meeting.id)
        everything = [count for each in counts.values() for count in each]
        found = sheets(paper, everything, ballots=ballots, scheme=the_round.scheme)
        voted = polls(paper, everything, total(lines), read_written(json.loads(body).get("written", ())))
        parts = _atoms(meeting, paper, counts=counts, returned=returned, the_round=the_round)
        ids = {group.name: group.id for group in meeting.groups}
        inside = {atom.names: tuple(ids[name] for name in atom.names) for atom in parts}
        kept = Kept({row.group: row for row in back}, counts, results.wholes(db, meeting.id), inside)
        quality = None if meeting.is_survey else measure(paper, kept, total(lines), the_round.scheme)
    said = results.opinions(db, meeting.id) if ballots >= FEWEST_FOR_OPINIONS else ()
    trackers = tuple(json.loads(body)["trackers"])
    weighing = weigh(lines, {atom.names: atom.sheets for atom in parts}, the_round.scheme) if parts else None
    return Result(
        lines, total(lines), the_round, digest, body, trackers, found, parts, _spoken(paper, said), weighing, voted, quality,
        meeting.forms > 0,
    )  # fmt: skip


def _atoms(
    meeting: Meeting, paper: Paper, *, counts: Mapping[int, tuple[Count, ...]], returned: Mapping[int, int],
    the_round: Round,
) -> tuple[Atom, ...]:
    found = []
    for atom in atoms(returned):
        inside = [group for group in meeting.groups if group.id in atom]
        ballots = sum(returned[group.id] for group in inside)
        marks = [count for group in inside for count in counts.get(group.id, ())]
        made = sheets(paper, marks, ballots=ballots, scheme=the_round.scheme)
        found.append(Atom(tuple(g.name for g in inside), ballots, {sheet.target.key: sheet for sheet in made}))
    places = {group.name: place for place, group in enumerate(meeting.groups)}
    return tuple(sorted(found, key=lambda atom: (len(atom.names) > 1, places[atom.names[0]])))


def _spoken(paper: Paper, said: tuple[Opinion, ...]) -> tuple[Spoken, ...]:
    found = []
    for target in paper.targets:
        asked = [question for question in paper.questions(target) if question.kind is Kind.OPINION]
        texts = [
            (question.text, tuple(o.text for o in said if (o.target, o.question) == (target.key, question.key)))
            for question in asked
        ]
        kept = tuple((question, each) for question, each in texts if each)
        if kept:
            found.append(Spoken(target, paper.section(target).title, kept))
    return tuple(found)
