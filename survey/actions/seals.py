"""What is kept of a counted meeting, held against its seal."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from survey.domain.meetings import Meeting
from survey.domain.papers import Paper, read_paper
from survey.domain.questionnaires import Kind
from survey.store import keyings, meetings, results
from survey.store.engine import Connection


def is_altered(db: Connection, meeting: Meeting, paper: Paper, *, body: str, digest: str) -> bool:
    """Whether the seal, the numbers or the counts kept of a meeting are not what its seal holds: somebody wrote into the database.

    Whoever writes a seal of his own as well is found by its digest on the signed protocol alone.
    """
    seal, kept = json.loads(body), results.counts(db, meeting.id)
    lost = {group: sum(forms for forms, _ in each.values()) for group, each in keyings.spoils(db, meeting.id).items()}
    back = {row.group: row.returned + lost.get(row.group, 0) for row in results.returned(db, meeting.id)}
    said = {x["group"]: (x["due"], x["present"], x["returned"]) for x in seal["accounting"][:-1]}
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
    return not same or said != {each.name: (each.due, each.present, back[each.id]) for each in meeting.groups}


def first_altered(db: Connection, ids: Sequence[int]) -> str | None:
    """The title of the first of some counted meetings that is not what its seal holds; None when all are."""
    for each in ids:
        # One by one: the papers of a city's round would fill the memory.
        meeting, sealed = meetings.get(db, each), results.seal(db, each)
        paper = read_paper(next(iter(meetings.papers(db, each).values())))
        if sealed is None or is_altered(db, meeting, paper, body=sealed[0], digest=sealed[1]):
            return meeting.title
    return None
