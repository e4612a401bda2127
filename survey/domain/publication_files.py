"""A publication as a file: its parts, the digest that names it, and the way back, which trusts nothing."""

import csv
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from sys import intern
from typing import Any
from urllib.parse import quote, unquote

from survey.domain.hand_ins import NotWhole
from survey.domain.publications import Form, Held, Leaf, Mark, Named, Place, Pool, Publication
from survey.domain.questionnaire_json import read_scale, read_section, scale_json, section_json
from survey.domain.refusals import BadField
from survey.domain.rounds import read_scheme

FORMAT = 1
MANIFEST, ROUND, COUNTS = "manifest.json", "round.json", "counts.csv"
# So many keys and numbers are remembered as they were read and written: they repeat, row after row.
_KEYS_KEPT = 1_024
# A city's table packs as small as with more effort, in a fifth of the time.
_FAST = 4
UNREADABLE = (ArithmeticError, AttributeError, BadField, LookupError, RecursionError, StopIteration, TypeError, ValueError, csv.Error, zlib.error)
HEADER = ("atom", "unit", "target", "form", "section", "question", "answer", "ballots")


def manifest(digests: Mapping[str, str], *, sums: Mapping[str, str] | None = None) -> bytes:
    """The list of the digests of the other parts, and of the sums that pages read; the first releases did not name these."""
    named = {} if sums is None else {"sums": {"format": FORMAT, "sha256": dict(sums)}}
    return _json({"format": FORMAT, "files": digests, **named})


def sums_named(body: bytes) -> dict[str, str] | None:
    """The digests of the indexes of a publication's sums by its list of digests; None where an earlier release wrote it.

    Raises
    ------
    NotWhole
        A later release wrote it.
    """
    named = json.loads(body).get("sums")
    if named is not None and named["format"] != FORMAT:
        raise NotWhole("format", MANIFEST)
    return None if named is None else dict(named["sha256"])


def looked_at(made: Publication) -> str:
    """What names a publication without telling of its counts: everything else in it, the seals of all meetings among it."""
    return _digest(round_json(made))


def digest(found: Mapping[str, bytes]) -> str:
    """The one digest that names a publication: that of the list of the digests of its parts."""
    return _digest(found[MANIFEST])


def check_parts(found: Mapping[str, bytes]) -> None:
    """Whether the parts are those that were written.

    Raises
    ------
    NotWhole
        Names the part and what is wrong with it.
    """
    if MANIFEST not in found:
        raise NotWhole("missing", MANIFEST)
    listed = json.loads(found[MANIFEST])
    if listed["format"] != FORMAT:
        raise NotWhole("format", MANIFEST)
    for name in (ROUND, COUNTS):
        if name not in found or name not in listed["files"]:
            raise NotWhole("missing", name)
        if _digest(found[name]) != listed["files"][name]:
            raise NotWhole("changed", name)
    strange = sorted(found.keys() - {MANIFEST, ROUND, COUNTS})
    if strange:
        raise NotWhole("strange", strange[0])


def read_round(plain: Mapping[str, Any]) -> Publication:
    """The part that holds everything but the counts; nothing is checked."""
    forms = {
        int(key): Form(
            str(form["title"]), tuple(read_section(each) for each in form["sections"]), tuple(read_scale(each) for each in form["scales"])
        )
        for key, form in sorted(plain["forms"].items(), key=lambda each: int(each[0]))
    }
    atoms = tuple(tuple(Leaf(int(m), int(u), tuple(names), int(n)) for m, u, names, n in atom) for atom in plain["atoms"])
    return Publication(
        round=int(plain["round"]),
        name=str(plain["name"]),
        period=str(plain["period"]),
        version=str(plain["version"]),
        scheme=read_scheme(plain["scheme"]),
        places=tuple(Place(*each) for each in plain["units"]),
        forms=forms,
        meetings=tuple(_held(*each) for each in plain["meetings"]),
        atoms=atoms,
        targets={key: Named(*each) for key, each in plain["targets"].items()},
        asked={(meeting, key): section for meeting, key, section in plain["asked"]},
        pools=tuple(Pool(*each) for each in plain["pools"]),
        marks=(),
    )


def _held(id_: int, unit: int, title: str, held_on: str, form: int, rated: list[int], *numbers: Any) -> Held:
    return Held(id_, unit, title, held_on, form, tuple(rated), *numbers)


def marks_of(body: bytes) -> Iterator[Mark]:
    """The rows of the table of counts, one after the other."""
    rows = csv.reader(_lines(body), strict=True)
    if tuple(next(rows, ())) != HEADER:
        raise NotWhole("unfit", COUNTS)
    for atom, unit, target, form, section, question, answer, ballots in rows:
        yield Mark(_whole(atom), _whole(unit), intern(target), _whole(form), _typed(section), _typed(question), int(answer), int(ballots))


def _lines(body: bytes) -> Iterator[str]:
    """One after the other: all at once they are twice as large as what is read from them."""
    at = 0
    while at < len(body):
        end = body.find(b"\n", at) + 1 or len(body)
        yield body[at:end].decode()
        at = end


def round_json(made: Publication) -> bytes:
    """The part of the file that holds everything but the counts."""
    return _json(round_plain(made))


def round_plain(made: Publication) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "format": FORMAT,
        "round": made.round,
        "name": made.name,
        "period": made.period,
        "version": made.version,
        "scheme": made.scheme.as_json(),
        "units": [[each.id, each.parent, each.kind, each.name, each.sector] for each in made.places],
        "forms": {
            str(key): {
                "title": form.title,
                "sections": [section_json(each) for each in form.sections],
                "scales": [scale_json(each) for each in form.scales],
            }
            for key, form in made.forms.items()
        },
        "meetings": [
            [m.id, m.unit, m.title, m.held_on, m.form, list(m.rated), m.due, m.present, m.issued, m.returned, m.spoiled, m.seal]
            for m in made.meetings
        ],
        "atoms": [[[each.meeting, each.unit, list(each.groups), each.ballots] for each in atom] for atom in made.atoms],
        "pools": [[p.atom, p.target, p.form, p.section, p.slots] for p in made.pools],
        "targets": {key: [t.label, t.note, t.unit] for key, t in made.targets.items()},
        "asked": [[meeting, key, section] for (meeting, key), section in made.asked.items()],
    }


def row_of(atom: int, unit: int, asked: Sequence[Any]) -> str:
    """A row of the table of counts up to its answer; `asked` is target, form, section and question."""
    target, form, section, question = asked
    return f"{atom},{unit},{target},{form},{_safe(section)},{_safe(question)},"


class CountsFile:
    """The table of counts as it is written: packed at once, since a city's is larger than what everything else takes."""

    def __init__(self) -> None:
        self._digest, self._packer, self._packed = hashlib.sha256(), zlib.compressobj(_FAST), bytearray()
        self.write(",".join(HEADER) + "\r\n")

    def write(self, rows: str) -> None:
        """Some rows."""
        body = rows.encode()
        self._digest.update(body)
        self._packed += self._packer.compress(body)

    def done(self) -> tuple[bytes, str]:
        """Packed, and the digest of what is in it."""
        self._packed += self._packer.flush()
        return bytes(self._packed), self._digest.hexdigest()


@lru_cache(_KEYS_KEPT)
def _safe(key: str) -> str:
    """A key as a spreadsheet may open it: somebody typed it, and no cell may begin a formula."""
    return quote(key, safe="").replace("-", "%2D")


@lru_cache(_KEYS_KEPT)
def _typed(key: str) -> str:
    return unquote(key)


@lru_cache(_KEYS_KEPT)
def _whole(number: str) -> int:
    """Numbers that stand in row after row are one in memory, as the keys are."""
    return int(number)


def _json(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
