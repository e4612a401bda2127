"""Sums that pages read, piece by piece, are held against the digests that the publication's own digest names."""

import json
import zlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.domain.hand_ins import NotWhole
from survey.domain.publication_digests import SHEETS, Bound, index_digests
from survey.domain.publication_files import MANIFEST, sums_named
from survey.domain.publication_readings import frozen_of
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publication_sheets import Held
from survey.domain.publication_sums import COUNTS, KEYS, NAMES, ROUND, Frozen, freeze
from tests.domain.test_publication_checks import FIRST, ROOT, SECOND, THIRD, a_round
from tests.publications_for_tests import parts

UNITS = (ROOT, FIRST, SECOND, THIRD)


class Altered(Exception):
    """Names the unit; None is the whole round."""


def bound(kept: Frozen, *, by: Frozen) -> Bound:
    return Bound(Held(kept), index_digests(by.indexes), Altered)


def with_sheets(made: Frozen, **sheets: bytes | None) -> Frozen:
    found = {**made.sheets, **{int(unit[1:]): body for unit, body in sheets.items()}}
    return replace(made, sheets={unit: body for unit, body in found.items() if body is not None})


def test_sums_that_are_what_they_were_are_read_however_they_are_packed() -> None:
    made = freeze(a_round())
    packed = Frozen({name: zlib.compress(zlib.decompress(body), 0) for name, body in made.indexes.items()}, made.sheets)
    roll, same = FrozenRoll(bound(packed, by=made)), FrozenRoll(Held(made))
    for unit in UNITS:
        assert roll.sums(roll.atoms(unit)) == same.sums(same.atoms(unit)) and roll.own(unit) == same.own(unit)
    assert list(roll.made.targets) == list(same.made.targets) and roll.names == same.names and roll.table == same.table


@pytest.mark.parametrize("name", [ROUND, KEYS, COUNTS, NAMES, SHEETS])
@pytest.mark.parametrize("change", [lambda body: zlib.compress(zlib.decompress(body) + b" "), lambda _body: b"nonsense"])
def test_an_index_that_is_not_what_it_was_is_refused(name: str, change: Callable[[bytes], bytes]) -> None:
    made = freeze(a_round())
    forged = replace(made, indexes={**made.indexes, name: change(made.indexes[name])})
    with pytest.raises(Altered) as refused:
        bound(forged, by=made).indexes((name,))
    assert refused.value.args == (None,)


def test_a_sheet_that_is_another_gone_or_too_much_is_refused_and_the_others_are_read() -> None:
    made = freeze(a_round())
    assert set(made.sheets) == {ROOT, FIRST, SECOND}
    for forged, unit in ((with_sheets(made, u2=made.sheets[SECOND]), FIRST), (with_sheets(made, u2=None), FIRST),
                         (with_sheets(made, u4=made.sheets[SECOND]), THIRD), (with_sheets(made, u2=b""), FIRST)):  # fmt: skip
        source = bound(forged, by=made)
        with pytest.raises(Altered) as refused:
            source.sheets((ROOT, unit))
        assert refused.value.args == (unit,)
        assert source.sheets((ROOT, SECOND)) == {ROOT: made.sheets[ROOT], SECOND: made.sheets[SECOND]}


def test_whoever_changes_a_sheet_and_its_digest_is_found_by_the_list_of_the_parts() -> None:
    made = freeze(a_round())
    other = freeze(replace(a_round(), marks=a_round().marks[1:]))
    with pytest.raises(Altered):
        bound(other, by=made).sheets((FIRST,))


def test_a_file_whose_list_names_other_sums_than_its_counts_make_is_refused() -> None:
    made, other = freeze(a_round()), freeze(replace(a_round(), marks=a_round().marks[1:]))
    named = parts(a_round(), sums=index_digests(made.indexes))
    assert frozen_of(named) == made and sums_named(named[MANIFEST]) == index_digests(made.indexes)
    assert sums_named(parts(a_round())[MANIFEST]) is None and frozen_of(parts(a_round())) == made, "as an earlier release wrote it"
    with pytest.raises(NotWhole) as refused:
        frozen_of(parts(a_round(), sums=index_digests(other.indexes)))
    assert (refused.value.why, refused.value.file) == ("sums", MANIFEST)
    later = json.loads(named[MANIFEST])
    later["sums"]["format"] = 2
    with pytest.raises(NotWhole) as refused:
        frozen_of({**named, MANIFEST: json.dumps(later).encode()})
    assert (refused.value.why, refused.value.file) == ("format", MANIFEST)
