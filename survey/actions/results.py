"""The count: one transaction that opens every ballot, checks the box, keeps counts and destroys the rest."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from analysis.disclosure import Path, merge
from survey.actions.ballots import KEY_BITS, bound
from survey.actions.boxes import check_key, destroy_keys, prove_keys
from survey.actions.closings import settle
from survey.actions.elections import poll_json, polls, written_json
from survey.actions.house import House
from survey.actions.meetings import check_scrutineer
from survey.actions.rehearsals import private_key
from survey.actions.rights import check_meeting
from survey.domain.ballots import Opened, unpack
from survey.domain.classes import classes
from survey.domain.keyings import OF_ANSWERS
from survey.domain.meetings import Line, Meeting, Stage, account, total
from survey.domain.papers import Paper, read_paper
from survey.domain.refusals import BadSheet, BoxDiffers, HalfKeyed, Refused, WrongStage
from survey.domain.results import GroupCount, Opinion, tally
from survey.domain.rounds import FEWEST, FEWEST_FOR_OPINIONS, Scheme
from survey.domain.staff import Staff
from survey.domain.strips import pack, strip
from survey.domain.write_ins import Where, Written, counted
from survey.store import ballots, journal, keyings, meetings, results, rounds, strips, units
from survey.store.engine import Connection
from survey.urn import box, codes


def count(house: House, meeting_id: int, scrutineer: str, *, key: str = "", by: Staff, now: datetime) -> None:
    """Closed becomes counted: there is no way back. If anything differs nothing is changed.

    `key` is the box's as it was typed, where it stands on the scrutineer's slip alone.

    Raises
    ------
    WrongScrutineer
        The second person's code is wrong.
    BadSheet
        The accounting does not balance, or the round wants more people to be present.
    HalfKeyed
        Paper forms wait for their second keying.
    BoxDiffers
        A ballot was added, removed or changed.
    ExchangedKey
        The public key is not the one of the opening.
    NoKey
        The key of this box does not lie in this machine's key room.
    BadKey
        The key from the slip was misread, or is another box's.
    """
    with house.store.write() as db:
        stage = settle(db, meeting_id, now)
        meeting = meetings.get(db, meeting_id)
        check_meeting(by, meeting)
        if stage in (Stage.COUNTED, Stage.PUBLISHED):
            # Perhaps by a count whose answer was lost on its way: then its key still lies here.
            destroy_keys(house, [meeting])
        if stage is not Stage.CLOSED or meeting.public_key is None:
            raise WrongStage(stage=stage.value, wanted=Stage.CLOSED.value)
        check_scrutineer(house, db, meeting, scrutineer)
        check_key(house, meeting_id, meeting.public_key, meeting.key_proof)
        scheme = rounds.get(db, meeting.round).scheme
        if meeting.lacks(scheme):
            raise BadSheet(group="", why="quorum", due=meeting.due, present=meeting.present)
        forms = keyings.keyed(db, meeting_id)
        if forms.once:
            raise HalfKeyed(waiting=forms.once)
        if not meetings.move(db, meeting_id, Stage.CLOSED, wanted=Stage.COUNTED):
            raise WrongStage(stage=stage.value, wanted=Stage.CLOSED.value)
        papers = {group: _paper(body) for group, body in meetings.papers(db, meeting_id).items()}
        _check_rules(papers.values(), scheme)
        opened = _opened(house, db, meeting, papers, private_key(house, meeting, key))
        spoiled = {group: sum(n for n, _ in each.values()) for group, each in keyings.spoils(db, meeting_id).items()}
        lines = account(meeting.groups, {group: len(each) for group, each in opened.items()}, spoiled)
        tallies = {group: tally(papers[group], opened[group], scheme) for group in papers}
        kept = _keep(house, db, meeting, tallies)
        seal = _seal(house, db, meeting, lines=lines, scheme=scheme, kept=kept)
        seal |= _spoiled(db, meeting)
        names = counted((each for some in tallies.values() for each in some.names), returned=total(lines).returned)
        seal |= _counted(db, meeting, next(iter(papers.values())), total(lines), names)
        journal.note(db, "count", by=by.id, now=now, meeting=meeting_id, ballots=total(lines).returned)
        seal |= _keep_strip(db, meeting_id, papers, opened) | {"acts": journal.head(db, meeting_id).hex()}
        _keep_seal(db, meeting, papers, seal)
        _read_back(db, meeting_id, tallies)
        ballots.empty_box(db, meeting_id)
        ballots.delete_slips(db, meeting_id)
    destroy_keys(house, [meeting])
    house.store.scrub()


def sweep(house: House) -> int:
    """Finish what a crash or an older release left: keys of counted or void boxes are destroyed, and how many there were;
    keys of boxes in use are proven.
    """
    with house.store.read() as db:
        settled = meetings.settled(db)
    left = destroy_keys(house, settled)
    prove_keys(house)
    if left:
        house.store.scrub()
    return left


def atoms(returned: Mapping[int, int]) -> tuple[frozenset[int], ...]:
    """The groups of a meeting as they may be shown, some of them merged; () when too few ballots came back in all.

    Whatever shows a figure of a meeting asks here first: every figure is a sum of whole atoms.

    Parameters
    ----------
    returned : mapping of group id to ballots in the box
    """
    groups: dict[Path, int] = {(group,): group for group in returned}
    found = merge({path: (returned[group],) for path, group in groups.items()}, fewest=FEWEST)
    return tuple(frozenset(groups[leaf] for leaf in atom) for atom in found.atoms)


def _paper(body: str) -> Paper:
    """A frozen paper; one that was changed into something else is no paper to count by."""
    try:
        return read_paper(body)
    except (Refused, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
        raise BoxDiffers(why="paper", expected="the paper as it was frozen", found="something else") from fault


def _check_rules(papers: Iterable[Paper], scheme: Scheme) -> None:
    """Refuse rules that are not those the papers name, to which every ballot is sealed: quorum, weights, what spoils a form."""
    named = {paper.scheme for paper in papers}
    if named != {scheme.sha256()}:
        raise BoxDiffers(why="scheme", expected=", ".join(sorted(named)), found=scheme.sha256())


def _opened(
    house: House, db: Connection, meeting: Meeting, papers: Mapping[int, Paper], private: bytes
) -> dict[int, list[Opened]]:
    """Every ballot of the box by group, after the box was held against the spent slips."""
    rows = ballots.sealed(db, meeting.id)
    strays = {group for _, group, _ in rows} - papers.keys()
    if strays:
        raise BoxDiffers(why="group", expected=len(papers), found=len(strays))
    closed = ((bound(meeting.id, group, papers[group].sha256, key), sealed) for key, group, sealed in rows)
    found: dict[int, list[Opened]] = {group: [] for group in papers}
    for (_, group, _), plain in zip(rows, box.unseal(private, closed), strict=True):
        found[group].append(unpack(papers[group], plain))
    for group, each in found.items():
        expected = sorted(codes.tracker(house.pepper, d) for d, g in ballots.spent(db, meeting.id) if g == group)
        trackers = sorted(ballot.tracker for ballot in each)
        if trackers != expected:
            raise BoxDiffers(why="trackers", expected=len(expected), found=len(trackers))
    return found


def _keep(house: House, db: Connection, meeting: Meeting, tallies: Mapping[int, GroupCount]) -> dict[str, int]:
    """Write counts, whole-row figures and opinions; how many opinions were kept, and how many deleted: of so few ballots that no
    figure is shown, not even that, for that somebody of very few wrote something is told of nobody."""
    said: list[Opinion] = []
    for group, each in tallies.items():
        results.set_returned(db, group, returned=each.returned, abstained=each.abstained)
        results.add_counts(db, meeting.id, group, each.counts)
        results.add_wholes(db, meeting.id, group, each.wholes)
        for reason, n in zip(OF_ANSWERS, each.spoiled, strict=True):
            if n:
                keyings.add_spoils(db, meeting.id, group, reason, answers=n)
        said.extend(each.opinions)
    returned = {group: each.returned for group, each in tallies.items()}
    kept = [] if sum(returned.values()) < FEWEST_FOR_OPINIONS else said
    keyed = [(house.random.getrandbits(KEY_BITS).to_bytes(KEY_BITS // 8, "big"), opinion) for opinion in kept]
    results.add_opinions(db, meeting.id, keyed)
    return {"kept": len(kept)} | ({"deleted": len(said) - len(kept)} if atoms(returned) else {})


def _keep_strip(
    db: Connection, meeting_id: int, papers: Mapping[int, Paper], opened: Mapping[int, list[Opened]]
) -> dict[str, Any]:
    """Where nobody is rated: the rows as one value, and what the seal says of it."""
    kept = strip(papers, opened) if all(paper.is_survey for paper in papers.values()) else None
    if kept is None:
        return {}
    body = pack(kept)
    strips.add(db, meeting_id, body)
    digest = hashlib.sha256(body).hexdigest()
    return {"strip": {"rows": len(kept.rows), "groups": kept.has_groups, "texts": kept.texts, "sha256": digest}}


def _seal(
    house: House, db: Connection, meeting: Meeting, *, lines: Sequence[Line], scheme: Scheme, kept: Mapping[str, int]
) -> dict[str, Any]:
    """What may be shown, before papers and counts: accounting, trackers, the scheme's digest."""
    in_box = [digest for digest, _ in ballots.spent(db, meeting.id)]
    if not _is_shown(db, meeting):
        # How many forms of so few were spoiled is told of nobody; the number of trackers would. Slips that are in no box stand for them.
        in_box += ballots.unspent(db, meeting.id)[: total(lines).spoiled]
    unit, the_round = units.get(db, meeting.unit), rounds.get(db, meeting.round)
    return {
        "format": 1,
        "meeting": meeting.id,
        "title": meeting.title,
        "held_on": meeting.held_on.isoformat(),
        # Names as they are now: whoever hands the meeting in as another's would need another seal.
        "of": {"unit": unit.name, "code": unit.code, "place": meeting.place, "round": the_round.name, "period": the_round.period},
        "accounting": [
            {"group": x.name, "due": x.due, "present": x.present, "issued": x.issued, "returned": x.returned}
            for x in [*lines, total(lines)]
        ],
        "trackers": sorted(codes.tracker(house.pepper, digest) for digest in in_box),
        "scheme": scheme.sha256(),
        "one_officer": meeting.one_officer,
        "entry": meeting.entry.value,
        "opinions": dict(kept),
    }


def _is_shown(db: Connection, meeting: Meeting) -> bool:
    """Whether enough ballots came back for any figure."""
    return bool(atoms({row.group: row.returned for row in results.returned(db, meeting.id)}))


def _spoiled(db: Connection, meeting: Meeting) -> dict[str, Any]:
    """Spoiled forms and answers by their reason, over all groups; nothing where none is or no figure is shown.

    That somebody of a group of three spoiled his form is something one of three did: so it is told of all together, and by
    group only of groups shown by themselves. Which form it was nobody ever wrote down.
    """
    if not _is_shown(db, meeting):
        return {}
    sums: dict[str, Counter[str]] = {"forms": Counter(), "answers": Counter()}
    for each in keyings.spoils(db, meeting.id).values():
        for reason, (forms, answers) in each.items():
            sums["forms"] += Counter({reason.value: forms})
            sums["answers"] += Counter({reason.value: answers})
    return {"spoiled": sums} if any(sums.values()) else {}


def _counted(
    db: Connection, meeting: Meeting, paper: Paper, whole: Line, written: Mapping[Where, Written]
) -> dict[str, Any]:
    """Counts of shown atoms; numbers and days of all groups together and in classes, and who is elected, where there are any."""
    returned = {row.group: row.returned for row in results.returned(db, meeting.id)}
    counts = results.counts(db, meeting.id)
    wide = {(t.key, q.key): q for t in paper.targets for q in paper.questions(t) if q.kind.is_wide}
    shown = []
    given: dict[tuple[str, str], Counter[int]] = {}
    for atom in atoms(returned):
        sums: Counter[tuple[str, str, int]] = Counter()
        for c in (each for group in atom for each in counts.get(group, ())):
            if (c.target, c.question) in wide:
                given.setdefault((c.target, c.question), Counter())[c.option] += c.ballots
            else:
                sums[c.target, c.question, c.option] += c.ballots
        names = [group.name for group in meeting.groups if group.id in atom]
        shown.append({"groups": names, "counts": [[*key, n] for key, n in sorted(sums.items())]})
    made = [
        [*key, each.low, each.high, each.ballots]
        for key, values in sorted(given.items())
        for each in classes(wide[key], values)
    ]
    voted = polls(paper, (each for some in counts.values() for each in some), whole, written) if shown else ()
    elected: dict[str, Any] = {"elections": [poll_json(each) for each in voted]} if voted else {}
    elected |= {"written": written_json(written)} if voted and written else {}
    return {"counts": shown} | ({"classes": made} if wide else {}) | elected


def _keep_seal(db: Connection, meeting: Meeting, papers: Mapping[int, Paper], body: dict[str, Any]) -> None:
    names = {group.id: group.name for group in meeting.groups}
    full = {**body, "papers": {names[group]: paper.sha256 for group, paper in papers.items()}}
    text = json.dumps(full, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    results.add_seal(db, meeting.id, body=text, sha256=hashlib.sha256(text.encode()).hexdigest())


def _read_back(db: Connection, meeting_id: int, tallies: Mapping[int, GroupCount]) -> None:
    """What was written is read again before the ballots die."""
    written = results.counts(db, meeting_id)
    for group, each in tallies.items():
        if sorted(written.get(group, ()), key=repr) != sorted(each.counts, key=repr):
            raise BoxDiffers(why="written", expected=len(each.counts), found=len(written.get(group, ())))
