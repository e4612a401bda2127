"""The counted meetings of a round gathered for its publication: what shows something by itself becomes atoms of its own, and
what shows nothing is joined with others of its kind."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from analysis.disclosure import Path, merge
from survey.actions.results import atoms
from survey.domain.elections import NO_ELECTION
from survey.domain.meetings import Meeting
from survey.domain.papers import Paper, read_paper
from survey.domain.publications import Form, Held, Leaf, Named, Place, Pool, audience_of, pooled_key
from survey.domain.questionnaires import Audience, Kind, Question, Section
from survey.domain.rounds import FEWEST
from survey.domain.units import Unit
from survey.store import meetings, publications
from survey.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Gathered:
    """One counted meeting.

    Attributes
    ----------
    returned : mapping of group id to ballots in the box
    names : mapping of group id to name
    sections : mapping of target key to the key of the section it was rated by
    units : mapping of target key to its unit
    """

    held: Held
    returned: Mapping[int, int]
    names: Mapping[int, str]
    sections: Mapping[str, str]
    units: Mapping[str, int]

    @property
    def ballots(self) -> int:
        """Ballots in the box, all groups."""
        return sum(self.returned.values())


@dataclass(slots=True)
class Gathering:
    """What will be published, as it grows, without its counts.

    Attributes
    ----------
    few : the meetings that show nothing by themselves
    groups : by meeting the groups of each of its atoms, in the order of these
    seals : by meeting the digest of its seal, those that only vote among them
    uneven : meetings with numbers or days, whose seals hold classes
    """

    forms: dict[int, Form] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    targets: dict[str, Named] = field(default_factory=dict)
    asked: dict[tuple[int, str], str] = field(default_factory=dict)
    atoms: list[tuple[Leaf, ...]] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    few: list[Gathered] = field(default_factory=list)
    groups: dict[int, tuple[frozenset[int], ...]] = field(default_factory=dict)
    seals: dict[int, str] = field(default_factory=dict)
    uneven: set[int] = field(default_factory=set)
    polled: int = 0

    def called(self, key: str, unit: int) -> str:
        """The key of a target: somebody who belonged to another unit when he was rated there has one of his own here."""
        known = self.targets.get(key)
        return key if known is None or known.unit == unit else f"{key}.{unit}"


def read(db: Connection, ids: Iterable[int], gathering: Gathering) -> Iterator[Gathered]:
    """Some counted meetings with what was asked in them; those that only vote are left out."""
    some = tuple(ids)
    papers, returned = meetings.one_paper(db, some), publications.returned(db, some)
    spoiled, seals = publications.spoiled(db, some), publications.seals(db, some)
    gathering.seals |= seals
    for meeting in meetings.some(db, some):
        paper = read_paper(papers[meeting.id])
        if any(question.kind.is_wide for section in paper.sections for question in section.questions):
            gathering.uneven.add(meeting.id)
        kept = {section.key: each for section in paper.sections if (each := _rating(section)).questions}
        home = _units(paper, meeting)
        rated = [target for target in paper.targets if target.key in home and target.section in kept]
        if not rated:
            gathering.polled += 1
            continue
        _ask(gathering, meeting.questionnaire, Form(paper.questionnaire, tuple(kept.values()), paper.scales))
        back, lost = returned[meeting.id], sum(spoiled.get(meeting.id, {}).values())
        shown = bool(atoms(back))
        called = {target.key: gathering.called(target.key, home[target.key]) for target in rated}
        for target in rated if shown else ():
            gathering.targets[called[target.key]] = Named(target.label, target.note, home[target.key])
            gathering.asked[meeting.id, called[target.key]] = target.section
        held = Held(
            meeting.id, meeting.unit, meeting.title, meeting.held_on.isoformat(), meeting.questionnaire,
            tuple(dict.fromkeys(home[target.key] for target in rated)), meeting.due, meeting.present,
            sum(group.issued or 0 for group in meeting.groups), sum(back.values()) + lost,
            # Somebody spoiled his form: of so few that is not told, here as on the page of the meeting.
            lost if shown else 0, seals[meeting.id],
        )  # fmt: skip
        yield Gathered(
            held, back, {group.id: group.name for group in meeting.groups},
            {called[target.key]: target.section for target in rated}, {called[key]: home[key] for key in called},
        )  # fmt: skip


def take(gathering: Gathering, one: Gathered) -> None:
    """A meeting with its atoms, as its own page shows them; one that shows nothing waits to be joined with others."""
    gathering.held.append(one.held)
    shown = atoms(one.returned)
    if not shown:
        gathering.few.append(one)
    gathering.groups[one.held.id] = shown
    for groups in shown:
        names = tuple(name for group, name in one.names.items() if group in groups)
        ballots = sum(one.returned[group] for group in groups)
        gathering.atoms += [(Leaf(one.held.id, unit, names, ballots),) for unit in one.held.rated]


def join(gathering: Gathering, places: Iterable[Place]) -> int:
    """Join the meetings that show nothing with each other, by the tree, until they are enough; how many ballots stay out.

    Spoiled forms hold no answer, so they make nothing enough; but told apart from the others they would tell what one of very
    few did, so in the sums they are ballots that are blank.
    """
    above = {place.id: place.parent for place in places}
    paths: dict[Path, Gathered] = {}
    asked: dict[Path, Counter[tuple[int, str]]] = {}
    for one in gathering.few:
        line: list[int] = [one.held.unit]
        while (parent := above[line[-1]]) is not None:
            line.append(parent)
        if one.ballots:
            path = (*reversed(line), ("meeting", one.held.id))
            paths[path] = one
            asked[path] = Counter({(one.held.form, section): one.ballots for section in one.sections.values()})
    kinds = sorted({kind for each in asked.values() for kind in each})
    found = merge({path: [each[kind] for kind in kinds] for path, each in asked.items()}, fewest=FEWEST)
    kept = {kind for place, kind in enumerate(kinds) if place not in found.withheld}
    for atom in found.atoms:
        _add_joined(gathering, [paths[leaf] for leaf in atom], kept)
    shown = sum(paths[leaf].held.returned for atom in found.atoms for leaf in atom)
    return sum(one.held.returned for one in gathering.few) - shown


def places(tree: Iterable[Unit], root: int, gathering: Gathering) -> tuple[Place, ...]:
    """The units rated or meeting, and all between them and the root: the root first, every parent before its children."""
    known = {unit.id: unit for unit in tree}
    wanted = {root: None} | dict.fromkeys(unit for held in gathering.held for unit in (held.unit, *held.rated))
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


def _rating(section: Section) -> Section:
    """What of a section can be summed up over units: ratings and scores, no votes."""
    return Section(section.key, section.title, section.audience, tuple(q for q in section.questions if _sums_up(q)), section.only)


def _sums_up(question: Question) -> bool:
    return question.kind in (Kind.RATING, Kind.SCORE) and question.election == NO_ELECTION


def _ask(gathering: Gathering, key: int, form: Form) -> None:
    """The same questionnaire shows the sections that fit here, and others elsewhere; so it is with their scales."""
    known = gathering.forms.setdefault(key, form)
    sections = tuple(section for section in form.sections if section not in known.sections)
    scales = tuple(scale for scale in form.scales if scale not in known.scales)
    if sections or scales:
        gathering.forms[key] = Form(known.title, known.sections + sections, known.scales + scales)


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


def _add_joined(gathering: Gathering, some: Iterable[Gathered], kept: Iterable[tuple[int, str]]) -> None:
    """An atom of several meetings: nobody in it is told apart, all units are one and all members are one."""
    at, leaves = len(gathering.atoms), []
    slots: Counter[tuple[str, int, str]] = Counter()
    for one in some:
        form = one.held.form
        leaves.append(Leaf(one.held.id, one.held.unit, tuple(one.names.values()), one.held.returned))
        for key, section in one.sections.items():
            if (form, section) in kept:
                slots[pooled_key(audience_of(key)), form, section] += one.held.returned
    gathering.atoms.append(tuple(leaves))
    gathering.pools += [Pool(at, *key, n) for key, n in slots.items()]
