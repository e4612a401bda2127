"""What is kept of a counted meeting, held against its seal."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from survey.domain.meetings import Meeting
from survey.domain.papers import Paper
from survey.domain.questionnaires import Kind
from survey.store import keyings, results
from survey.store.engine import Connection
from survey.store.publications import Row


def is_altered(db: Connection, meeting: Meeting, paper: Paper, *, body: str, digest: str) -> bool:
    """Whether the seal, the numbers or the counts kept of a meeting are not what its seal holds: somebody wrote into the database.

    Whoever writes a seal of his own as well is found by its digest on the signed protocol alone.
    """
    seal, kept = json.loads(body), results.counts(db, meeting.id)
    lost = {group: sum(forms for forms, _ in each.values()) for group, each in keyings.spoils(db, meeting.id).items()}
    back = {row.group: row.returned for row in results.returned(db, meeting.id)}
    # The values of numbers and days are in no seal: only how many gave one.
    wide = {(t.key, q.key) for t in paper.targets for q in paper.questions(t) if q.kind in (Kind.NUMBER, Kind.DATE)}
    given: Counter[tuple[str, str]] = Counter()
    same = hashlib.sha256(body.encode()).hexdigest() == digest
    for atom in seal["counts"]:
        inside = {group.id for group in meeting.groups if group.name in atom["groups"]}
        sums: Counter[tuple[str, str, int]] = Counter()
        for c in (each for group in inside for each in kept.get(group, ())):
            if (c.target, c.question) in wide:
                given[c.target, c.question] += c.ballots
            else:
                sums[c.target, c.question, c.option] += c.ballots
        same = same and {(t, q, option): n for t, q, option, n in atom["counts"]} == dict(sums)
    classed: Counter[tuple[str, str]] = Counter()
    for target, question, _low, _high, n in seal.get("classes", ()):
        classed[target, question] += n
    same = same and all(given[each] == n for each, n in classed.items())
    return not same or not _accounted(meeting, seal, back, lost)


def is_sealed(meeting: Meeting, sealed: tuple[str, str], counts: Mapping[int, Sequence[Row]], back: Mapping[int, int], lost: Mapping[int, int]) -> bool:
    """The same of a meeting that is read already, as many are for a publication, where nobody was asked for numbers or days.

    Parameters
    ----------
    counts, back, lost : mappings of group id
        Its counts in order, ballots in the box, spoiled forms.
    """
    body, digest = sealed
    seal = json.loads(body)
    if hashlib.sha256(body.encode()).hexdigest() != digest or not _accounted(meeting, seal, back, lost):
        return False
    for atom in seal["counts"]:
        inside = [counts[group.id] for group in meeting.groups if group.name in atom["groups"]]
        if sorted(map(tuple, atom["counts"])) != merged(inside):
            return False
    return True


def merged(some: Sequence[Sequence[Row]]) -> Sequence[Row]:
    """The counts of some groups together, in order."""
    if len(some) == 1:
        return some[0]
    sums: Counter[tuple[str, str, int]] = Counter()
    for target, question, option, n in (row for rows in some for row in rows):
        sums[target, question, option] += n
    return [(*spot, n) for spot, n in sorted(sums.items())]


def _accounted(meeting: Meeting, seal: Mapping[str, Any], back: Mapping[int, int], lost: Mapping[int, int]) -> bool:
    said = {x["group"]: (x["due"], x["present"], x["returned"]) for x in seal["accounting"][:-1]}
    return said == {each.name: (each.due, each.present, back[each.id] + lost.get(each.id, 0)) for each in meeting.groups}
