"""A published round read from its file without holding its counts: checked atom by atom, and added up as they are read."""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby

from survey.domain.hand_ins import NotWhole
from survey.domain.papers import MOST_SCORE
from survey.domain.publication_checks import round_fits
from survey.domain.publication_digests import index_digests
from survey.domain.publication_files import (
    COUNTS,
    MANIFEST,
    ROUND,
    UNREADABLE,
    check_parts,
    marks_of,
    read_round,
    sums_named,
)
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publication_sheets import Held
from survey.domain.publication_sums import Freezer, Frozen, asks, rating_scales
from survey.domain.publications import Mark, Publication
from survey.domain.questionnaires import Scale


def opened(found: Mapping[str, bytes]) -> FrozenRoll:
    """The sums of a publication by its file."""
    return FrozenRoll(Held(frozen_of(found)))


def frozen_of(found: Mapping[str, bytes]) -> Frozen:
    """The same as they are kept.

    Raises
    ------
    NotWhole
        A part is not whole, not what was written, does not fit the others, or shows somebody: names it and what is wrong with it.
    """
    try:
        check_parts(found)
        made = read_round(json.loads(found[ROUND]))
        if not round_fits(made):
            raise NotWhole("unfit", ROUND)
        frozen, named = _Adding(made).taken(marks_of(found[COUNTS])), sums_named(found[MANIFEST])
        if named is not None and named != index_digests(frozen.indexes):
            raise NotWhole("sums", MANIFEST)
        return frozen
    except UNREADABLE as fault:
        raise NotWhole("unreadable") from fault


class _Adding:
    def __init__(self, made: Publication) -> None:
        self._made, self._freezer, self._next = made, Freezer(made), 0
        scales = dict(zip(asks(made.forms), rating_scales(made.forms), strict=True))
        self._codes = {(ask.form, ask.section, ask.question): _codes(scale) for ask, scale in scales.items()}

    def taken(self, marks: Iterable[Mark]) -> Frozen:
        """All counts, which stand atom by atom in their order."""
        for at, some in groupby(marks, lambda mark: mark.atom):
            if not self._next <= at < len(self._made.atoms):
                raise NotWhole("unfit", COUNTS)
            self._skip(at)
            self._add(at, some)
        self._skip(len(self._made.atoms))
        return self._freezer.done()

    def _skip(self, to: int) -> None:
        """Atoms in which nobody answered anything."""
        for at in range(self._next, to):
            self._freezer.add(at, self._freezer.spots(at))
        self._next = to

    def _add(self, at: int, marks: Iterable[Mark]) -> None:
        """An atom: every mark is an answer to a question that it was asked, and none has more answers than there could be."""
        atom, spots = self._made.atoms[at], self._freezer.spots(at)
        entries = {spot[:4]: spot.entry for spot in spots}
        unit = atom[0].unit if len(atom) == 1 else 0
        for mark in marks:
            entry = entries.get(mark[2:6])
            known = self._codes.get((mark.form, mark.section, mark.question), ())
            if entry is None or mark.unit != unit or mark.ballots < 1 or mark.answer not in known:
                raise NotWhole("unfit", COUNTS)
            entry.extend((mark.answer, mark.ballots))
        if any(sum(entry[3::2]) > entry[1] for entry in entries.values()):
            raise NotWhole("unfit", COUNTS)
        self._freezer.add(at, spots)
        self._next = at + 1


def _codes(scale: Scale | None) -> "range | frozenset[int]":
    """What may be answered."""
    return range(MOST_SCORE + 1) if scale is None else frozenset(option.code for option in scale.options)
