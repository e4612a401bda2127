"""Forms on paper under attack: who carries off the database and the pepper reads no first keying; of many hands one casts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from survey.actions import keyings
from survey.actions.house import House
from survey.domain.keyings import lines, read_form, unpack_reading
from survey.domain.questionnaires import Kind
from survey.domain.refusals import BadForm, BoxDiffers
from survey.store import ballots as box
from survey.store import keyings as kept
from survey.store.forms import claim
from survey.store.office_tables import FormRow
from survey.store.tables import KeyedRow
from survey.urn import readings
from tests.attacks.observers import Observer, found, spellings, written
from tests.conftest import NOW, on_sqlite
from tests.forms_for_tests import Pile, make_pile

HANDS = 8
WORD = "灯坏了半年没有人修"


def key_unevenly(pile: Pile, code: str, word: str) -> bytes:
    """Key a form once, with answers no two lines of which need be alike; the columns as they are sealed."""
    paper = keyings.find(pile.house, pile.hall.meeting, code, by=pile.hall.secretary, now=NOW).paper
    keys = cycle("1243341213")
    typed = {asked.field: word if asked.question.kind is Kind.OPINION else next(keys) for asked in lines(paper)}
    keyings.key(pile.house, pile.hall.meeting, code, typed=typed, by=pile.hall.secretary, now=NOW)
    return read_form(paper, typed).marks.columns


def first_keyings(house: House) -> list[tuple[bytes, int, bytes]]:
    """What the database has of forms keyed once: digest, group, sealed."""
    with house.store.read() as db:
        rows = db.execute(select(KeyedRow.digest, KeyedRow.group_id, KeyedRow.sealed)).all()
    return [(bytes(row.digest), row.group_id, bytes(row.sealed)) for row in rows]


def test_a_copy_with_the_pepper_and_without_the_paper_opens_no_first_keying(house: House, tmp_path: Path) -> None:
    """Guards: the key of urn.readings, which is the form's own code; the copies hold it nowhere, nor what was read."""
    pile = make_pile(house, forms=3)
    columns = [key_unevenly(pile, code, word) for code, word in zip(pile.forms, (WORD, "", WORD * 9), strict=True)]
    observer = Observer()
    observer.look(house, tmp_path / "instance")
    heap, rows = bytes(observer.seen), first_keyings(house)
    assert len(rows) == 3 and len({len(sealed) for _, _, sealed in rows}) == 1, "as long for few words as for many"
    assert all(found(spellings(sealed[:64]), heap) for _, _, sealed in rows), "he does have them"
    needles = [*written(WORD), *(each for made in columns for each in spellings(made))]
    needles += [each for code in pile.forms for form in (code, f"{code[:4]}-{code[4:8]}-{code[8:]}") for each in spellings(form.encode())]
    assert found(needles, heap) == []
    paper = keyings.find(house, pile.hall.meeting, pile.forms[0], by=pile.hall.secretary, now=NOW).paper
    by_code = {}
    for digest, group, sealed in rows:
        bound = f"pingyi reading {pile.hall.meeting} {group} {paper.sha256}".encode()
        # Everything he knows in place of the code: digests, other codes, the pepper.
        known = [*pile.hall.codes[group], *pile.trackers, digest.hex(), house.pepper.hex(), pile.hall.scrutineer, ""]
        for guess in known:
            with pytest.raises(BoxDiffers):
                readings.unseal(house.pepper, guess, sealed, bound=bound)
        for code in pile.forms:
            try:
                plain = readings.unseal(house.pepper, code, sealed, bound=bound)
            except BoxDiffers:
                continue
            by_code[code] = unpack_reading(paper, plain)[0].marks.columns
            with pytest.raises(BoxDiffers):
                readings.unseal(house.pepper, code, sealed, bound=bound + b"0")
            with pytest.raises(BoxDiffers):
                readings.unseal(b"q" * 64, code, sealed, bound=bound)
    assert by_code == dict(zip(pile.forms, columns, strict=True)), "each opens by its own paper and by no other"


@on_sqlite
def test_no_table_says_at_what_hour_a_form_was_keyed(house: House) -> None:
    """Guards: `_day` in store.forms: what works once is kept for a week, with where it led: cast, settled, spoiled."""
    sent = claim("a key", [("code", "7K3M9Q2W4RTX")], by=1, now=NOW)
    with house.store.write() as db:
        sent.take(db)
        sent.settle(db, "/desk/meetings/1/paper?done=cast")
    with house.store.read() as db:
        assert db.execute(select(FormRow.minute)).scalar_one() == datetime(NOW.year, NOW.month, NOW.day)


def test_of_many_second_keyings_at_once_one_casts(house: House) -> None:
    """Guards: the meeting's row held in actions.keyings.key, and the condition of store.ballots.spend."""
    pile = make_pile(house, forms=1)
    pile.key(pile.forms[0])
    typed = pile.typed(pile.forms[0])
    gate = threading.Barrier(HANDS)

    def key() -> str:
        gate.wait()
        try:
            return keyings.key(house, pile.hall.meeting, pile.forms[0], typed=typed, by=pile.hall.secretary, now=NOW).done
        except BadForm as refused:
            return str(refused.facts["why"])

    with ThreadPoolExecutor(HANDS) as pool:
        answers = [future.result() for future in [pool.submit(key) for _ in range(HANDS)]]
    assert sorted(answers) == ["cast", *["used"] * (HANDS - 1)]
    with house.store.read() as db:
        assert box.in_box(db, pile.hall.meeting) == 13 and len(box.spent(db, pile.hall.meeting)) == 13
    assert pile.keyed() == kept.Keyed(done=1, alone=1)
