"""An observer who carries off everything but the key room learns who voted when, and nothing of what anybody said.

What he may have here is more than any backup holds: a copy after each of forty votes, so that he knows which slip dropped
which sealed ballot; after the count also every code, the pepper, the trackers and the counts. What he sees of the time
of a vote is not tried: how long a person thinks is not ours to hide.
"""

import hashlib
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from survey.actions import ballots, meetings, slips
from survey.actions.boxes import key_name
from survey.actions.house import House
from survey.domain.ballots import HEAD_BYTES, fill, pack
from survey.domain.papers import read_paper
from survey.domain.refusals import BoxDiffers, NoKey
from survey.domain.slips import Way
from survey.store import meetings as kept
from survey.store import results
from survey.urn import box, codes
from tests.attacks.observers import (
    ATTACKERS,
    GROUPS,
    VOTES,
    Scene,
    Trace,
    answers,
    codes_written,
    found,
    hits,
    rank_correlation,
    spellings,
    watch,
    written,
)
from tests.conftest import NOW, make_meeting, on_postgres

COLUMNS = 25


@pytest.fixture
def scene(house: House, tmp_path: Path) -> Scene:
    return watch(house, tmp_path / "instance")


def plain_needles(scene: Scene) -> list[bytes]:
    """Answers, words and codes in every spelling."""
    needles = [form for vote in scene.votes for form in codes_written(vote)]
    for vote in scene.votes:
        needles += written(vote.word)
        needles += spellings(vote.plain[HEAD_BYTES : HEAD_BYTES + COLUMNS])
    return needles


def key_needles(scene: Scene) -> list[bytes]:
    """The private key; its first and last byte are left out because X25519 may set bits there."""
    return list(spellings(scene.private[1:31]))


def test_no_copy_before_the_count_holds_an_answer_a_word_a_code_or_the_key(scene: Scene) -> None:
    """Guards: the sealing in actions.ballots.cast (`box.seal`), the digest in actions.slips.make, the key room's place."""
    heap = bytes(scene.observer.seen)
    assert len(scene.observer.order) == VOTES, "the observer sees every vote as it comes"
    for vote, (digest, key, _) in zip(scene.votes, scene.observer.order, strict=True):
        assert vote.digest == digest, "and knows whose it is if he knows the slip"
        assert found(spellings(key), heap)
    assert found(written("机修车间党支部"), heap), "he does search well: what lies there in the open is found"
    assert found(plain_needles(scene), heap) == []
    assert found(key_needles(scene), heap) == []


def test_after_the_count_the_key_is_nowhere_and_the_copies_stay_shut(scene: Scene) -> None:
    """Guards: `keys.destroy` and `empty_box`/`delete_slips` in actions.results.count; the scrubbing of SQLite's log."""
    house = scene.hall.house
    scene.finish()
    last = type(scene.observer)()
    last.look(house, scene.folder)
    scene.observer.keep(bytes(last.seen))
    everything = bytes(scene.observer.seen)
    assert found(key_needles(scene), everything) == []
    assert found([form for vote in scene.votes for form in codes_written(vote)], everything) == []
    assert found(spellings(scene.votes[0].digest), bytes(last.seen)) == [], "no slip is left"
    assert last.order == [] and not [s for _, _, s in scene.observer.order if s[:64] in bytes(last.seen)]
    with house.store.read() as db:
        public = kept.get(db, scene.hall.meeting).public_key
        frozen = kept.papers(db, scene.hall.meeting)
    assert public is not None
    with pytest.raises(NoKey):
        house.keys.get(key_name(public))
    assert list((scene.folder.parent / "keyroom").iterdir()) == []
    _, key, sealed = scene.observer.order[0]
    for guess in (house.pepper[:32], public, scene.votes[0].digest, hashlib.sha256(house.pepper).digest()):
        for group, body in frozen.items():
            bound = ballots.bound(scene.hall.meeting, group, read_paper(body).sha256, key)
            with pytest.raises(BoxDiffers):
                box.unseal(guess, [(bound, sealed)])


def test_no_attacker_guesses_an_answer_better_than_chance(scene: Scene) -> None:
    """Guards: the padding in domain.ballots.pack and the sealing. The observer has all codes, the pepper and the counts.

    Twenty of forty are unhappy. An attacker who knows nothing names 10 of the 20 on average (hypergeometric); 18 or more
    happens to him, at whichever end of his scale he likes, once in 1.9 million tries.
    """
    house = scene.hall.house
    scene.finish()
    traces = [
        Trace(i, digest, key, sealed, codes.tracker(house.pepper, digest))
        for i, (digest, key, sealed) in enumerate(scene.observer.order)
    ]
    truths = [vote.unhappy for vote in scene.votes]
    for name, attack in ATTACKERS.items():
        named = hits([attack(trace) for trace in traces], truths)
        assert named < 18, f"by {name} he names {named} of 20"
    assert hits([float(truth) for truth in truths], truths) == 20, "an attacker who does know is noticed"


def test_an_attacker_who_learns_from_accomplices_does_not_learn(house: House) -> None:
    """Guards: padding in domain.ballots.pack and sealing in urn.box, on a thousand ballots of one box.

    Half of the voters tell the attacker what they said. For every byte of the ciphertext he learns the mean of each side, sums
    the evidence and guesses the other 500. Right by luck in 250 ± 11.2; 315 or more, once in 300 million boxes.
    """
    random = Random(7)
    pair = box.new_key()
    hall = make_meeting(house, groups=GROUPS)
    paper = house.paper(ballots.look(house, next(iter(hall.codes.values()))[0]).paper or "")
    truths = [random.random() < 0.5 for _ in range(1000)]
    sealed = []
    for truth in truths:
        plain = pack(paper, fill(paper, answers(paper, random, unhappy=truth, word="话")), "A234567890")
        sealed.append(box.seal(pair.public, plain, bound=b"here"))
    assert len({len(each) for each in sealed}) == 1
    known, asked = range(500), range(500, 1000)
    sides = [[sealed[i] for i in known if truths[i] is side] for side in (True, False)]
    means = [[sum(column) / len(side) for column in zip(*side, strict=True)] for side in sides]
    weights = [yes - no for yes, no in zip(*means, strict=True)]
    middle = sum(w * (yes + no) / 2 for w, yes, no in zip(weights, *means, strict=True))
    right = sum((sum(w * b for w, b in zip(weights, sealed[i], strict=True)) > middle) == truths[i] for i in asked)
    assert 185 < right < 315, f"{right} of 500"


def test_what_is_kept_lies_in_no_order_that_tells_of_votes_or_groups(scene: Scene) -> None:
    """Guards: the sorting by random key in store.results.add_opinions (its rows, not only its reading).

    The order in which opinions lie in the file or the heap is held against the orders of voting, of ballot rows, of slips and of
    groups. For forty in no order, |rho| stays below 0.55 but for once in 4,000; all randomness here is seeded.
    """
    house = scene.hall.house
    scene.finish()
    words = {vote.word: i for i, vote in enumerate(scene.votes)}
    lying = [words[word] for word in _lying(scene)]
    assert sorted(lying) == list(range(VOTES))
    order = scene.observer.order
    groups = [next(g for g, made in scene.hall.codes.items() if vote.code in made) for vote in scene.votes]
    clues = {
        "voting": list(range(VOTES)),
        "ballot rows": [int.from_bytes(key, "big") for _, key, _ in order],
        "slips": [int.from_bytes(digest, "big") for digest, _, _ in order],
        "trackers": [codes.tracker(house.pepper, digest) for digest, _, _ in order],
        "groups": [(group, i) for i, group in enumerate(groups)],
        "groups, then ballot rows": [(group, order[i][1]) for i, group in enumerate(groups)],
    }
    for name, clue in clues.items():
        ranks = {value: place for place, value in enumerate(sorted(clue))}
        rho = rank_correlation(range(VOTES), [ranks[clue[vote]] for vote in lying])
        assert abs(rho) < 0.55, f"opinions lie in the order of {name}: {rho:.2f}"
    with house.store.read() as db:
        shown = [opinion.text[:8] for opinion in results.opinions(db, scene.hall.meeting)]
    assert shown != [vote.word for vote in scene.votes]


@on_postgres
def test_slips_lie_in_no_order_of_the_pile_they_were_printed_in(house: House) -> None:
    """Guards: the sorting in store.ballots.add_slips: the place of a slip in the pile is no secret of whoever handed it out."""
    hall = make_meeting(house, open_box=False)
    meetings.open_box(house, hall.meeting, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        group = kept.get(db, hall.meeting).groups[0].id
    pile = slips.issue(house, hall.meeting, group, n=6, way=Way.SHEET, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        lying = [bytes(each) for each in db.execute(text("SELECT digest FROM slips ORDER BY ctid")).scalars()]
    printed = [codes.slip_digest(house.pepper, code) for code in pile]
    assert lying == sorted(printed) != printed


def _lying(scene: Scene) -> list[str]:
    """The words in the order in which the opinions lie on the disk."""
    if not scene.hall.house.store.is_sqlite:
        with scene.hall.house.store.read() as db:
            rows = db.execute(text("SELECT text FROM opinions ORDER BY ctid")).scalars()
            return [row[: len(scene.votes[0].word)] for row in rows]
    heap = (scene.folder / "pingyi.db").read_bytes()
    places = {vote.word: heap.find(vote.word.encode()) for vote in scene.votes}
    assert min(places.values()) > 0
    return sorted(places, key=lambda word: places[word])
