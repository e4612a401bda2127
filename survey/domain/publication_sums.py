"""What pages read of a published round: sums of its whole atoms by unit, made from its parts once and from nothing else.

A city's round has millions of counts, and no page needs more than those of one unit and the line above it. So its sums are kept
beside it: a few indexes of the whole round, of small numbers only, and a sheet for every unit. Whoever holds the parts can make
them anew: `freeze` does.
"""

import json
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from survey.domain.publication_digests import SHEETS, sheet_digests
from survey.domain.publication_files import round_plain
from survey.domain.publications import Form, Mark, Publication
from survey.domain.questionnaires import Audience, Kind, Scale
from survey.domain.roll_ups import Ask, RollUp

# The indexes: the round without its counts, the keys of who is shown, their counts in columns, what they are called.
ROUND, KEYS, COUNTS, NAMES = "round", "keys", "counts", "names"
# A question's answers: its number, how many there could have been, then each code and its ballots.
Entry = list[int]
# The counts of one target by the answers of each scale: how many there could have been, then a number for every answer.
_Stand = dict[int, list[int]]
# By the number of a question how many answers there could have been, and its codes with their ballots.
_Totals = dict[int, tuple[list[int], dict[int, int]]]
_WORDS = ("I", "Q")


@dataclass(frozen=True, slots=True)
class Frozen:
    """The sums of a publication as they are kept: indexes by name, the digests of the sheets among them; sheets by unit."""

    indexes: Mapping[str, bytes]
    sheets: Mapping[int, bytes]


def asks(forms: Mapping[int, Form]) -> tuple[Ask, ...]:
    """Every question of a round, in the order by which sheets number them."""
    return tuple(
        Ask(section.audience, key, section.key, question.key)
        for key, form in forms.items() for section in form.sections for question in section.questions
    )  # fmt: skip


def rating_scales(forms: Mapping[int, Form]) -> tuple[Scale | None, ...]:
    """The scale of each of these questions; None where points are given."""
    return tuple(
        form.scale(question) if question.kind is Kind.RATING else None
        for form in forms.values() for section in form.sections for question in section.questions
    )  # fmt: skip


def freeze(made: Publication) -> Frozen:
    """The sums of a publication that is held whole."""
    marks: dict[int, list[Mark]] = {at: [] for at in range(len(made.atoms))}
    for mark in made.marks:
        marks[mark.atom].append(mark)
    freezer = Freezer(made)
    for at, some in marks.items():
        spots = freezer.spots(at)
        entries = {(s.target, s.form, s.section, s.question): s.entry for s in spots}
        for mark in some:
            entries[mark.target, mark.form, mark.section, mark.question].extend((mark.answer, mark.ballots))
        freezer.add(at, spots)
    return freezer.done()


class Spot(NamedTuple):
    """A question about one target in one atom; `entry` grows by each code and its ballots."""

    target: str
    form: int
    section: str
    question: str
    entry: Entry


@dataclass(slots=True)
class _Own:
    """Ballots of the same groups about one unit and its members alone."""

    names: tuple[str, ...]
    ballots: int = 0
    targets: dict[str, dict[int, Entry]] = field(default_factory=dict)

    def add(self, ballots: int, spots: Iterable[Spot]) -> None:
        self.ballots += ballots
        for target, _form, _section, _question, entry in spots:
            asked = self.targets.setdefault(target, {})
            known = asked.get(entry[0])
            asked[entry[0]] = entry if known is None else _added(known, entry)

    def plain(self) -> list[Any]:
        return [self.names, self.ballots, [[key, list(each.values())] for key, each in self.targets.items()]]


@dataclass(slots=True)
class _Below:
    """Ballots of the same groups about a unit and all below it."""

    names: tuple[str, ...]
    ballots: int = 0
    totals: _Totals = field(default_factory=dict)

    def add(self, ballots: int, totals: _Totals) -> None:
        self.ballots += ballots
        for number, (more, marked) in totals.items():
            slots, counts = self.totals.setdefault(number, ([0], {}))
            slots[0] += more[0]
            for code, n in marked.items():
                counts[code] = counts.get(code, 0) + n

    def plain(self) -> list[Any]:
        return [self.names, self.ballots, _entries(self.totals)]


class Freezer:
    """Adds up the atoms of a publication; every one is taken once."""

    def __init__(self, made: Publication) -> None:
        # A file has its forms by number, whichever meeting came first.
        made = replace(made, forms=dict(sorted(made.forms.items())))
        self._made, self._roll = made, RollUp(replace(made, marks=()))
        numbers = {ask: number for number, ask in enumerate(asks(made.forms))}
        self._questions = {
            (key, section.key): [(q.key, numbers[Ask(section.audience, key, section.key, q.key)]) for q in section.questions]
            for key, form in made.forms.items() for section in form.sections
        }  # fmt: skip
        self._audiences = [ask.audience for ask in numbers]
        scales = rating_scales(made.forms)
        known = {scale: place for place, scale in enumerate(dict.fromkeys(each for each in scales if each is not None))}
        self._width = max((len(scale.options) for scale in known), default=0)
        self._columns = [None if s is None else (known[s], {o.code: at for at, o in enumerate(s.options, start=1)}) for s in scales]
        self._lines = {place.id: tuple(each.id for each in self._roll.trail(place.id)) for place in made.places}
        # What lies at or below any other is about itself alone.
        self._deep = {place.id for place in made.places if len(self._roll.atoms(place.id)) > len(self._roll.about(place.id))}
        self._left = {place.id: len(self._roll.about(place.id)) for place in made.places}
        self._below: dict[int, dict[frozenset[str], _Below]] = {}
        self._own: dict[int, dict[frozenset[str], _Own]] = {}
        self._targets: dict[str, _Stand] = {key: {} for _meeting, key in made.asked}
        self._nodes: dict[tuple[int, Audience], _Stand] = {}
        self._sheets: dict[int, bytes] = {}

    def spots(self, at: int) -> list[Spot]:
        """What was asked in an atom, and no answer yet."""
        return [
            Spot(target, form, section, question, [number, slots])
            for target, form, section, slots in self._roll.slots(at) for question, number in self._questions[form, section]
        ]  # fmt: skip

    def add(self, at: int, spots: Sequence[Spot]) -> None:
        """One atom with its answers."""
        atom = self._made.atoms[at]
        totals = _totals(spots)
        for target, _form, _section, _question, entry in spots if len(atom) == 1 else ():
            self._stand(self._targets[target], entry)
        names = tuple(dict.fromkeys(name for leaf in atom for name in leaf.groups))
        ballots = sum(leaf.ballots for leaf in atom)
        lines = [self._lines[leaf.unit] for leaf in atom]
        for unit in (each for each in lines[0] if all(each in line for line in lines)):
            if unit in self._deep:
                self._below.setdefault(unit, {}).setdefault(frozenset(names), _Below(names)).add(ballots, totals)
            else:
                self._stand_node(unit, _entries(totals))
        if len(atom) == 1:
            self._keep(atom[0].unit, _Own(names), ballots, spots)

    def _keep(self, unit: int, first: _Own, ballots: int, spots: Iterable[Spot]) -> None:
        self._own.setdefault(unit, {}).setdefault(frozenset(first.names), first).add(ballots, spots)
        self._left[unit] -= 1
        if not self._left[unit] and unit not in self._deep:
            self._close(unit)

    def done(self) -> Frozen:
        """Everything, once all atoms are taken."""
        for unit in self._deep:
            for below in self._below[unit].values():
                self._stand_node(unit, _entries(below.totals))
            self._close(unit)
        made = self._made
        order = [key for place in made.places for key in self._roll.own(place.id)]
        starts = [0]
        for place in made.places:
            starts.append(starts[-1] + len(self._roll.own(place.id)))
        forms = {each.id: each.form for each in made.meetings}
        asked: dict[str, dict[tuple[int, str], None]] = {}
        for (meeting, key), section in made.asked.items():
            asked.setdefault(key, {})[forms[meeting], section] = None
        kinds = {kind: place for place, kind in enumerate(dict.fromkeys(tuple(sorted(asked[key])) for key in order))}
        word, rows, counts = self._packed(order)
        keys = {
            "keys": order, "starts": starts, "kinds": list(kinds), "asked": [kinds[tuple(sorted(asked[key]))] for key in order],
            "word": word, "rows": rows, "width": self._width,
        }  # fmt: skip
        names = {"labels": [made.targets[key].label for key in order], "notes": [made.targets[key].note for key in order]}
        indexes = {ROUND: _pack(self._head()), KEYS: _pack(keys), COUNTS: zlib.compress(counts), NAMES: _pack(names)}
        return Frozen({**indexes, SHEETS: sheet_digests(self._sheets)}, self._sheets)

    def _head(self) -> dict[str, Any]:
        """The round without what sheets and the other indexes hold, and the accounting of every unit."""
        units = [place.id for place in self._made.places]
        sums = [self._roll.accounting(unit) for unit in units]
        bare = replace(self._made, atoms=(), targets={}, asked={}, pools=(), marks=())
        return {
            "round": round_plain(bare),
            "accounting": [[x.meetings, x.due, x.present, x.issued, x.returned, x.spoiled] for x in sums],
            "joined": sum(len(atom) > 1 for atom in self._made.atoms),
            "left_out": [self._roll.left_out(unit) for unit in units],
        }

    def _packed(self, order: Iterable[str]) -> tuple[int, int, bytes]:
        """Column by column: the place of the target, its scale, how many answers there could have been, each answer's ballots.

        After all that are shown by themselves stand the units with all below them, what was said of units and of members in turn.
        """
        nodes = (self._nodes.get((place.id, kind), {}) for place in self._made.places for kind in (Audience.UNIT, Audience.MEMBER))
        every = [*(self._targets[key] for key in order), *nodes]
        rows = [[at, scale, *found] for at, each in enumerate(every) for scale, found in sorted(each.items())]
        wide = [row + [0] * (3 + self._width - len(row)) for row in rows]
        kind = _WORDS[any(each >= 1 << 32 for row in rows for each in row)]
        columns = array(kind, (row[place] for place in range(3 + self._width) for row in wide))
        return columns.itemsize, len(rows), _little(columns)

    def _close(self, unit: int) -> None:
        own, below = self._own.pop(unit, {}), self._below.get(unit)
        plain = {"own": [each.plain() for each in own.values()], "below": None if below is None else [each.plain() for each in below.values()]}
        self._sheets[unit] = _pack(plain)

    def _stand_node(self, unit: int, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._stand(self._nodes.setdefault((unit, self._audiences[entry[0]]), {}), entry)

    def _stand(self, into: _Stand, entry: Entry) -> None:
        column = self._columns[entry[0]]
        if column is not None:
            scale, places = column
            found = into.setdefault(scale, [0] * (1 + len(places)))
            found[0] += entry[1]
            for at in range(2, len(entry), 2):
                found[places[entry[at]]] += entry[at + 1]


def _totals(spots: Iterable[Spot]) -> _Totals:
    """The questions of an atom, all its targets together."""
    found: _Totals = {}
    for _target, _form, _section, _question, entry in spots:
        known = found.get(entry[0])
        if known is None:
            known = found[entry[0]] = ([0], {})
        slots, counts = known
        slots[0] += entry[1]
        for at in range(2, len(entry), 2):
            code = entry[at]
            counts[code] = counts.get(code, 0) + entry[at + 1]
    return found


def _entries(totals: _Totals) -> list[Entry]:
    return [[number, slots[0], *(x for each in sorted(counts.items()) for x in each)] for number, (slots, counts) in sorted(totals.items())]


def _added(one: Entry, other: Entry) -> Entry:
    """Two about the same question and target, from two meetings."""
    counts = Counter(dict(zip(one[2::2], one[3::2], strict=True)))
    counts.update(dict(zip(other[2::2], other[3::2], strict=True)))
    return [one[0], one[1] + other[1], *(x for each in counts.items() for x in each)]


def _pack(plain: Mapping[str, Any]) -> bytes:
    # Half a letter is no letter, but somebody may have written one: it is said as it stands.
    return zlib.compress(json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))


def _little(columns: "array[int]") -> bytes:
    """The same on every machine."""
    if array("H", [1]).tobytes() == b"\0\1":
        columns.byteswap()
    return columns.tobytes()
