"""The counted meeting as one file to hand in where there is no network: what the seal and the result page show, and no more."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.domain.refusals import BadField
from survey.domain.rounds import read_scheme
from survey.domain.texts import line

FORMAT = 1
_LONGEST = 200
MANIFEST, SEAL, MEETING = "manifest.json", "seal.json", "meeting.json"


class NotWhole(Exception):
    """A file that was handed in is not what was written. `why` says in which way, `file` names the part."""

    def __init__(self, why: str, file: str = "") -> None:
        # The name may be a stranger's, and is printed.
        self.file = line(file)[:_LONGEST]
        super().__init__(f"{why} {self.file}".strip())
        self.why = why


@dataclass(frozen=True, slots=True)
class HandIn:
    """What a whole file says first; `seal` is the digest that the signed protocol prints."""

    unit: str
    title: str
    held_on: str
    due: int
    present: int
    issued: int
    returned: int
    seal: str


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
    """See that every part is there, is what was written, and fits the others.

    Whoever writes all parts anew can make a file that is whole: only the digest of the seal on the signed protocol tells.

    Raises
    ------
    NotWhole
        Names the part and what is wrong with it.
    """
    try:
        return _checked(found)
    except (ArithmeticError, AttributeError, BadField, LookupError, RecursionError, TypeError, ValueError) as fault:
        raise NotWhole("unreadable") from fault


def _checked(found: Mapping[str, bytes]) -> HandIn:
    if MANIFEST not in found:
        raise NotWhole("missing", MANIFEST)
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
    if read_scheme(meeting["scheme"]).sha256() != seal["scheme"]:
        raise NotWhole("unfit", MEETING)
    if seal["trackers"] != sorted(set(seal["trackers"])):
        raise NotWhole("unfit", SEAL)
    whole = seal["accounting"][-1]
    return HandIn(
        # One line each: a name with a line break could print a digest of its own.
        unit=line(str(meeting["unit"]))[:_LONGEST],
        title=line(str(seal["title"]))[:_LONGEST],
        held_on=line(str(seal["held_on"]))[:_LONGEST],
        due=int(whole["due"]),
        present=int(whole["present"]),
        issued=int(whole["issued"]),
        returned=int(whole["returned"]),
        seal=_digest(found[SEAL]),
    )


def _json(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
