"""The counted meeting as one file to hand in where there is no network: what the seal and the result page show, and no more."""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.domain.meetings import Line, total
from survey.domain.papers import Paper, read_paper
from survey.domain.questionnaires import Kind
from survey.domain.refusals import BadField
from survey.domain.results import ANSWERED
from survey.domain.rounds import read_scheme
from survey.domain.texts import line

FORMAT = 1
# So many characters of a digest nobody can meet by trying: a file made to begin like the true seal takes centuries.
LEAST_TYPED = 16
_DIGEST = 64
_LONGEST = 200
_MOST = 10**9
MANIFEST, SEAL, MEETING = "manifest.json", "seal.json", "meeting.json"
# What the file of a whole round has in place of a seal.
_OF_A_ROUND = "round.json"


class NotWhole(Exception):
    """A file that was handed in is not what was written. `why` says in which way, `file` names the part or the line."""

    def __init__(self, why: str, file: str = "") -> None:
        # The name may be a stranger's, and is printed.
        self.file = line(file)[:_LONGEST]
        super().__init__(f"{why} {self.file}".strip())
        self.why = why


@dataclass(frozen=True, slots=True)
class HandIn:
    """What a whole file says first; `lines` are the groups, `total` their sum; `seal` is the digest that the signed protocol prints."""

    unit: str
    code: str
    title: str
    held_on: str
    lines: tuple[Line, ...]
    total: Line
    seal: str

    def is_of(self, name: str, code: str) -> bool:
        """Whether it speaks of this unit: by its name, and by its code where both have one, for many branches are named alike."""
        return self.unit == line(name)[:_LONGEST] and (not self.code or not code or self.code == code)


def parts(seal: str, papers: Mapping[str, str], meeting: Mapping[str, Any]) -> dict[str, bytes]:
    """The parts of the file by their names, the list of their digests first.

    Parameters
    ----------
    papers : mapping of group name to the body of its frozen paper
    meeting : mapping
        Unit, title, day, round and scheme, as plain JSON values.
    """
    bodies = {SEAL: seal.encode(), MEETING: _json({"format": FORMAT, **meeting})}
    bodies |= {f"paper-{place}.json": body.encode() for place, body in enumerate(papers.values(), start=1)}
    return {MANIFEST: _json({"format": FORMAT, "files": {name: _digest(body) for name, body in bodies.items()}}), **bodies}


def check(found: Mapping[str, bytes]) -> HandIn:
    """See that every part is there, is what was written, and fits the others, and that its numbers add up.

    Whoever writes all parts anew can make a file that is whole: only the digest of the seal on the signed protocol tells.

    Raises
    ------
    NotWhole
        Names the part and what is wrong with it.
    """
    try:
        return _checked(found)
    except (ArithmeticError, AttributeError, BadField, LookupError, RecursionError, StopIteration, TypeError, ValueError) as fault:
        raise NotWhole("unreadable") from fault


def _checked(found: Mapping[str, bytes]) -> HandIn:
    if MANIFEST not in found:
        raise NotWhole("missing" if SEAL in found or MEETING in found else "kind", MANIFEST)
    if _OF_A_ROUND in found and SEAL not in found:
        raise NotWhole("round")
    listed = json.loads(found[MANIFEST])
    if listed["format"] != FORMAT:
        raise NotWhole("format", MANIFEST)
    for name, digest in listed["files"].items():
        if name not in found:
            raise NotWhole("missing", name)
        if _digest(found[name]) != digest:
            raise NotWhole("changed", name)
    strange = sorted(found.keys() - listed["files"].keys() - {MANIFEST})
    if strange:
        raise NotWhole("strange", strange[0])
    seal, meeting = json.loads(found[SEAL]), json.loads(found[MEETING])
    papers = sorted(_digest(body) for name, body in found.items() if name.startswith("paper-"))
    if papers != sorted(seal["papers"].values()):
        raise NotWhole("unfit", "paper-1.json")
    # Seals of older releases do not say whose meeting it was.
    if any(meeting.get(key) != value for key, value in seal.get("of", {}).items()):
        raise NotWhole("unfit", MEETING)
    if read_scheme(meeting["scheme"]).sha256() != seal["scheme"]:
        raise NotWhole("unfit", MEETING)
    if seal["trackers"] != sorted(set(seal["trackers"])):
        raise NotWhole("unfit", SEAL)
    *lines, whole = (_line(each) for each in seal["accounting"])
    _add_up(seal, lines, whole)
    read = [read_paper(body.decode()) for name, body in found.items() if name.startswith("paper-")]
    _fit(seal, lines, read[0])
    return HandIn(
        # One line each: a name with a line break could print a digest of its own.
        unit=line(str(meeting["unit"]))[:_LONGEST],
        code=line(str(meeting.get("code") or ""))[:_LONGEST],
        title=line(str(seal["title"]))[:_LONGEST],
        held_on=line(str(seal["held_on"]))[:_LONGEST],
        lines=tuple(lines),
        total=whole,
        seal=_digest(found[SEAL]),
    )


def agrees(typed: str, seal: str) -> bool:
    """Whether what somebody typed from the signed protocol is the digest of this seal, or how it begins.

    Raises
    ------
    BadField
        Fewer than 16 characters, or none that stand in a digest.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKC", typed).lower() if each.isalnum())
    if len(plain) < LEAST_TYPED or len(plain) > _DIGEST or not set(plain) <= set("0123456789abcdef"):
        raise BadField(field="digest", value=typed, why="digest")
    return seal.startswith(plain)


def _line(plain: Mapping[str, Any]) -> Line:
    name = line(str(plain["group"]))[:_LONGEST]
    return Line(name, _number(plain["due"]), _number(plain["present"]), _number(plain["issued"]), _number(plain["returned"]))


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError
    return value


def _add_up(seal: Mapping[str, Any], lines: Sequence[Line], whole: Line) -> None:
    """The lines of the accounting: no more came back than went out, their sum is the last line, and each ballot has its tracker."""
    for each in [*lines, whole]:
        if each.returned > each.issued:
            raise NotWhole("over", each.name)
    if not lines or total(lines, whole.name) != whole:
        raise NotWhole("sum", whole.name)
    spoiled = sum(_number(each) for each in seal.get("spoiled", {}).get("forms", {}).values())
    # With too few ballots for any figure, nobody says how many forms were spoiled.
    if len(seal["trackers"]) > whole.returned or (seal["counts"] and len(seal["trackers"]) != whole.returned - spoiled):
        raise NotWhole("trackers")


def _fit(seal: Mapping[str, Any], lines: Sequence[Line], paper: Paper) -> None:
    """The counts: no answer was given more often than ballots came back, and none twice by one ballot where one may be given."""
    targets = {target.key: target for target in paper.targets}
    back = {each.name: each.returned for each in lines}
    for atom in seal["counts"]:
        ballots = sum(back[line(str(name))[:_LONGEST]] for name in atom["groups"])
        given: Counter[tuple[str, str]] = Counter()
        for key, of, option, n in atom["counts"]:
            target = targets[key]
            question = next(each for each in paper.questions(target) if each.key == of)
            is_single = question.kind in (Kind.RATING, Kind.SCORE) or (question.kind is Kind.CHOICE and question.choose == 1)
            given[key, of] += _number(n) if is_single and option != ANSWERED else 0
            if max(_number(n), given[key, of]) > ballots:
                raise NotWhole("counts", f"{target.label} · {question.text}")


def _json(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
