"""Publish a round: what its counted meetings hold becomes one frozen table, and only now is anything above a meeting shown."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from analysis.disclosure import Path, merge
from survey.actions.house import House
from survey.actions.plans import own
from survey.actions.results import atoms
from survey.actions.seals import first_altered
from survey.domain.elections import NO_ELECTION
from survey.domain.meetings import Meeting, Stage
from survey.domain.papers import Paper, read_paper
from survey.domain.plans import Planned
from survey.domain.publication_files import digest, parts
from survey.domain.publications import (
    Form,
    Held,
    Leaf,
    Mark,
    Named,
    Place,
    Pool,
    Publication,
    pooled_key,
)
from survey.domain.questionnaires import Audience, Kind, Question, Section
from survey.domain.refusals import NotPublished
from survey.domain.results import Count
from survey.domain.rounds import FEWEST
from survey.domain.staff import Staff
from survey.domain.units import Unit
from survey.store import journal, meetings, publications, units
from survey.store.engine import Connection
from survey.store.publications import Published

# What runs must be brought to an end first: it would never come into the round.
RUNNING = (Stage.OPEN, Stage.PAUSED, Stage.CLOSED)
Spot = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a round would show.

    Attributes
    ----------
    made : Publication
    sha256 : str
        The digest the publication would have.
    running, drafts : int
        Meetings that run still, which must come to an end first; drafts, which would not be part of it.
    few, lost : int
        Meetings that show nothing by themselves; ballots of theirs that are shown nowhere, since all of them are too few.
    polled : int
        Meetings that only vote or elect: they have no satisfaction to sum up.
    """

    made: Publication
    sha256: str
    running: int
    drafts: int
    few: int
    lost: int
    polled: int


@dataclass(frozen=True, slots=True)
class _Count:
    """One counted meeting as it is gathered; `sections` by target key, `units` the unit of each target."""

    held: Held
    returned: Mapping[int, int]
    names: Mapping[int, str]
    counts: Mapping[int, tuple[Count, ...]]
    sections: Mapping[str, str]
    units: Mapping[str, int]


@dataclass(slots=True)
class _Gathering:
    forms: dict[int, Form] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    targets: dict[str, Named] = field(default_factory=dict)
    asked: dict[tuple[int, str], str] = field(default_factory=dict)
    atoms: list[tuple[Leaf, ...]] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    few: list[_Count] = field(default_factory=list)
    polled: int = 0


def preview(db: Connection, round_id: int, *, release: str, by: Staff, watch: Callable[[int, int], None] = lambda done, all_: None) -> Preview:
    """What publishing would show now; nothing is written.

    Parameters
    ----------
    release : str
        The version of the program, which the publication names.
    watch : callable
        Told how many meetings are gathered, of how many.
    """
    planned = own(db, round_id, by=by)
    stages = publications.stages(db, round_id)
    gathered = _Gathering()
    ids = publications.counted(db, round_id)
    done = 0
    for some in publications.batches(ids):
        for each in _read(db, some, gathered):
            _take(gathered, each)
        done += len(some)
        watch(done, len(ids))
    places = _places(units.all_units(db), planned.unit, gathered)
    lost = _join(gathered, places)
    made = Publication(
        planned.id, planned.name, planned.period, release, planned.scheme, places, gathered.forms, tuple(gathered.held),
        tuple(gathered.atoms), gathered.targets, gathered.asked, tuple(gathered.pools), tuple(sorted(gathered.marks)),
    )  # fmt: skip
    running = sum(stages.get(stage, 0) for stage in RUNNING)
    few, drafts = len(gathered.few), stages.get(Stage.DRAFT, 0)
    return Preview(made, digest(parts(made)), running, drafts, few, lost, gathered.polled)


def publish(house: House, round_id: int, seen: str, *, release: str, by: Staff, now: datetime) -> Published:
    """Freeze the publication of a round as it was looked at: `seen` is the digest of that preview.

    Raises
    ------
    NotPublished
        It was published already, meetings still run, nothing can be shown, or what would be shown has changed since.
    """
    with house.store.write() as db:
        planned: Planned = own(db, round_id, by=by, lock=True)
        if publications.of_round(db, round_id) is not None:
            raise NotPublished(why="done")
        found = preview(db, round_id, release=release, by=by)
        if found.running:
            raise NotPublished(why="running", n=found.running)
        if not found.made.atoms:
            raise NotPublished(why="nothing")
        if found.sha256 != seen:
            raise NotPublished(why="changed")
        if odd := first_altered(db, publications.counted(db, round_id)):
            raise NotPublished(why="altered", title=odd)
        made = Published(round_id, found.sha256, now)
        publications.add(db, made, parts(found.made))
        publications.publish(db, publications.counted(db, round_id))
        journal.note(db, "publish_round", by=by.id, now=now, unit_id=planned.unit, round=round_id, name=planned.name, sha256=found.sha256)
    return made


def _read(db: Connection, ids: Iterable[int], gathered: _Gathering) -> Iterator[_Count]:
    """Some counted meetings with what was asked in them; those that only vote are left out."""
    some = tuple(ids)
    papers, returned, counts = meetings.one_paper(db, some), publications.returned(db, some), publications.counts(db, some)
    spoiled, seals = publications.spoiled(db, some), publications.seals(db, some)
    for meeting in meetings.some(db, some):
        paper = read_paper(papers[meeting.id])
        kept = {section.key: each for section in paper.sections if (each := _rating(section)).questions}
        units_of = _units(paper, meeting)
        sections = {target.key: target.section for target in paper.targets if target.key in units_of and target.section in kept}
        if not sections:
            gathered.polled += 1
            continue
        form = Form(paper.questionnaire, tuple(kept.values()), paper.scales)
        known = gathered.forms.setdefault(meeting.questionnaire, form)
        # The same questionnaire shows the sections that fit here, and others elsewhere.
        more = tuple(section for section in form.sections if section not in known.sections)
        gathered.forms[meeting.questionnaire] = Form(known.title, known.sections + more, known.scales)
        back = returned[meeting.id]
        _name(gathered, paper, meeting, units_of=units_of, sections=sections, shown=bool(atoms(back)))
        rated = tuple(dict.fromkeys(units_of[key] for key in sections))
        lost = spoiled.get(meeting.id, 0)
        held = Held(
            meeting.id, meeting.unit, meeting.title, meeting.held_on.isoformat(), meeting.questionnaire, rated, meeting.due,
            meeting.present, sum(group.issued or 0 for group in meeting.groups), sum(back.values()) + lost, lost, seals[meeting.id],
        )  # fmt: skip
        names = {group.id: group.name for group in meeting.groups}
        yield _Count(held, back, names, counts.get(meeting.id, {}), sections, units_of)


def _rating(section: Section) -> Section:
    """What of a section can be summed up over units: ratings and scores, no votes."""
    return Section(section.key, section.title, section.audience, tuple(q for q in section.questions if _sums_up(q)), section.only)


def _sums_up(question: Question) -> bool:
    return question.kind in (Kind.RATING, Kind.SCORE) and question.election == NO_ELECTION


def _units(paper: Paper, meeting: Meeting) -> dict[str, int]:
    """The unit every target belongs to: members follow their unit on the paper."""
    found: dict[str, int] = {}
    here = meeting.unit
    for target in paper.targets:
        if target.audience is Audience.UNIT:
            here = int(target.key[1:])
        if target.audience is not Audience.GENERAL:
            found[target.key] = here
    return found


def _name(
    gathered: _Gathering, paper: Paper, meeting: Meeting, *, units_of: Mapping[str, int], sections: Mapping[str, str], shown: bool
) -> None:
    for target in paper.targets if shown else ():
        if target.key in sections:
            gathered.targets[target.key] = Named(target.label, target.note, units_of[target.key])
            gathered.asked[meeting.id, target.key] = sections[target.key]


def _take(gathered: _Gathering, one: _Count) -> None:
    """A meeting with its atoms, as its own page shows them; one that shows nothing waits to be joined with others."""
    gathered.held.append(one.held)
    shown = atoms(one.returned)
    if not shown:
        gathered.few.append(one)
    for groups in shown:
        names = tuple(name for group, name in one.names.items() if group in groups)
        ballots = sum(one.returned[group] for group in groups)
        sums = _sums(one, groups)
        for unit in one.held.rated:
            at = len(gathered.atoms)
            gathered.atoms.append((Leaf(one.held.id, unit, names, ballots),))
            gathered.marks += [
                Mark(at, unit, target, one.held.form, one.sections[target], question, answer, n)
                for (target, question, answer), n in sums.items()
                if one.units[target] == unit
            ]


def _sums(one: _Count, groups: Iterable[int]) -> Counter[tuple[str, str, int]]:
    sums: Counter[tuple[str, str, int]] = Counter()
    for count in (each for group in groups for each in one.counts.get(group, ())):
        if count.target in one.sections:
            sums[count.target, count.question, count.option] += count.ballots
    return sums


def _places(tree: Iterable[Unit], root: int, gathered: _Gathering) -> tuple[Place, ...]:
    """The units rated or meeting, and all between them and the root: the root first, every parent before its children."""
    known = {unit.id: unit for unit in tree}
    wanted = {root: None} | dict.fromkeys(unit for held in gathered.held for unit in (held.unit, *held.rated))
    found: dict[int, Place] = {}
    for unit in wanted:
        line = [unit]
        while line[-1] != root and (parent := known[line[-1]].parent) is not None:
            line.append(parent)
        # What was moved away since hangs below the root of the round.
        line = line if line[-1] == root else [unit, root]
        for each, above in zip(reversed(line), [None, *reversed(line)], strict=False):
            one = known[each]
            found.setdefault(each, Place(each, above, one.kind.value, one.name, one.sector or ""))
    return tuple(found.values())


def _join(gathered: _Gathering, places: Iterable[Place]) -> int:
    """Join the meetings that show nothing with each other, by the tree, until they are enough; how many ballots stay out."""
    above = {place.id: place.parent for place in places}
    paths: dict[Path, _Count] = {}
    asked: dict[Path, Counter[tuple[int, str]]] = {}
    for one in gathered.few:
        ballots = sum(one.returned.values())
        line: list[int] = [one.held.unit]
        while (parent := above[line[-1]]) is not None:
            line.append(parent)
        if ballots:
            path = (*reversed(line), ("meeting", one.held.id))
            paths[path] = one
            asked[path] = Counter({(one.held.form, section): ballots for section in one.sections.values()})
    kinds = sorted({kind for each in asked.values() for kind in each})
    found = merge({path: [each[kind] for kind in kinds] for path, each in asked.items()}, fewest=FEWEST)
    kept = {kind for place, kind in enumerate(kinds) if place not in found.withheld}
    for atom in found.atoms:
        _add_joined(gathered, [paths[leaf] for leaf in atom], kept)
    shown = sum(sum(paths[leaf].returned.values()) for atom in found.atoms for leaf in atom)
    return sum(sum(one.returned.values()) for one in gathered.few) - shown


def _add_joined(gathered: _Gathering, some: Iterable[_Count], kept: Iterable[tuple[int, str]]) -> None:
    """An atom of several meetings: nobody in it is told apart, all units are one and all members are one."""
    at, leaves = len(gathered.atoms), []
    slots: Counter[tuple[str, int, str]] = Counter()
    sums: Counter[tuple[str, int, str, str, int]] = Counter()
    for one in some:
        ballots, form = sum(one.returned.values()), one.held.form
        leaves.append(Leaf(one.held.id, one.held.unit, tuple(one.names.values()), ballots))
        told = {key: section for key, section in one.sections.items() if (form, section) in kept}
        pooled = {key: pooled_key(Audience.UNIT if key.startswith("u") else Audience.MEMBER) for key in told}
        slots.update({(pooled[key], form, section): 0 for key, section in told.items()})
        for key, section in told.items():
            slots[pooled[key], form, section] += ballots
        for (target, question, answer), n in _sums(one, one.returned).items():
            if target in told:
                sums[pooled[target], form, told[target], question, answer] += n
    gathered.atoms.append(tuple(leaves))
    gathered.pools += [Pool(at, *key, n) for key, n in slots.items()]
    gathered.marks += [Mark(at, 0, *key, n) for key, n in sums.items()]
