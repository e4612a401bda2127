"""A round is published: what is in it, what is joined, who may, and what a file of it proves."""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from survey.actions import meetings, publications
from survey.actions import publication_sums as sums
from survey.actions.house import House
from survey.domain.hand_ins import NotWhole
from survey.domain.meetings import Stage
from survey.domain.publication_digests import DIGESTS, SHEETS, index_digests
from survey.domain.publication_files import COUNTS, HEADER, MANIFEST, ROUND, digest, looked_at, manifest
from survey.domain.publication_sums import COUNTS as SUMS_COUNTS
from survey.domain.publication_sums import KEYS, NAMES, freeze
from survey.domain.publication_sums import ROUND as SUMS_ROUND
from survey.domain.questionnaires import Audience
from survey.domain.refusals import NotFound, NotPublished
from survey.domain.roll_ups import RollUp
from survey.store import publication_sums, schema
from survey.store import publications as kept
from survey.store.publication_sums import Kept
from tests.conftest import NOW, on_sqlite, person
from tests.publications_for_tests import parts, read
from tests.townships_for_tests import GROUPS, RELEASE, Township


@pytest.fixture
def town(house: House) -> Township:
    made = Township(house)
    made.hold()
    return made


def pooled(marks: Iterable[Counter[tuple[str, str, int]]]) -> Counter[tuple[str, str, int]]:
    """By audience instead of by target."""
    found: Counter[tuple[str, str, int]] = Counter()
    for each in marks:
        for (target, question, answer), n in each.items():
            found[target[0], question, answer] += n
    return found


def shown(roll: RollUp, atoms: tuple[int, ...]) -> Counter[tuple[str, str, int]]:
    found: Counter[tuple[str, str, int]] = Counter()
    for ask, total in roll.sums(atoms).items():
        for answer, n in total.counts.items():
            found[ask.audience.value[0], ask.question, answer] += n
    return found


def test_every_sum_of_a_publication_is_the_sum_of_the_ballots_that_were_cast(town: Township) -> None:
    roll = RollUp(town.look().made)
    whole = pooled(marks for branch in town.branches for marks in branch.marks.values())
    assert shown(roll, roll.atoms(town.tree.root)) == whole
    assert roll.left_out(town.tree.root) == 0
    for branch in town.branches:
        own = pooled(iter(branch.marks.values())) if branch.returned >= 5 else Counter()
        assert shown(roll, roll.atoms(branch.unit)) == own, branch
        assert roll.left_out(branch.unit) == (branch.returned if branch.returned < 5 else 0)
        assert roll.accounting(branch.unit).returned == branch.returned
    for name, head in town.tree.heads.items():
        # Three ballots below the second head are too few, so those below the first are joined with them further up.
        enough = [branch for branch in town.branches if branch.above == name and branch.returned >= 5]
        assert shown(roll, roll.atoms(head)) == pooled(marks for branch in enough for marks in branch.marks.values())
        assert roll.accounting(head).meetings == 3 and roll.left_out(head) == (7 if head == min(town.tree.heads.values()) else 3)


def test_small_meetings_below_one_head_are_joined_there(house: House) -> None:
    town = Township(house)
    town.SIZES = ((6, 7), (2, 1), (3, 1), (9, 9), (5, 2), (5, 5))
    town.hold()
    roll = RollUp(town.look().made)
    for name, head in town.tree.heads.items():
        below = [marks for branch in town.branches if branch.above == name for marks in branch.marks.values()]
        assert shown(roll, roll.atoms(head)) == pooled(iter(below)) and roll.left_out(head) == 0


def test_a_target_is_shown_by_itself_and_what_was_not_answered_is_blank(town: Township) -> None:
    roll = RollUp(town.look().made)
    for branch in town.branches:
        marks = sum(branch.marks.values(), Counter())
        assert bool(roll.own(branch.unit)) == (branch.returned >= 5)
        for key in roll.own(branch.unit):
            for ask, total in roll.sums(roll.about(branch.unit), targets={key}).items():
                assert total.counts == Counter({a: n for (t, q, a), n in marks.items() if (t, q) == (key, ask.question)})
                assert total.slots == branch.returned and total.blank == total.slots - sum(total.counts.values())
    members = {ask: total for ask, total in roll.sums(roll.atoms(town.tree.root)).items() if ask.audience is Audience.MEMBER}
    asked = sum(branch.returned * (place % 4) for place, branch in enumerate(town.branches))
    assert members and {total.slots for total in members.values()} == {asked}


def test_no_sum_or_difference_of_shown_ballots_is_about_fewer_than_five(town: Township) -> None:
    made = town.look().made
    roll = RollUp(made)
    sizes = [sum(leaf.ballots for leaf in atom) for atom in made.atoms]
    assert min(sizes) >= 5
    # Everything anybody is shown, the pages of single meetings among it, is a set of atoms.
    sets = {frozenset(roll.atoms(place.id)) for place in made.places}
    sets |= {frozenset(atoms) for place in made.places for atoms in roll.groups(roll.atoms(place.id)).values()}
    sets |= {frozenset({at}) for at, atom in enumerate(made.atoms) if len(atom) == 1}
    for one, other in combinations(sets, 2):
        for left in (one - other, one & other, one | other):
            assert sum(sizes[at] for at in left) == 0 or sum(sizes[at] for at in left) >= 5
    joined = [atom for atom in made.atoms if len(atom) > 1]
    few = {branch.meeting for branch in town.branches if branch.returned < 5}
    # What is shown on its own page is never joined with what is not: the difference would show it.
    assert joined and {leaf.meeting for atom in joined for leaf in atom} == few


def test_small_meetings_that_are_too_few_together_stay_out(house: House) -> None:
    town = Township(house)
    town.SIZES = ((6, 7), (2, 1), (9, 9), (9, 2), (6, 6), (5, 5))
    town.hold()
    found = town.look()
    assert (found.few, found.lost) == (1, 3)
    assert all(len(atom) == 1 for atom in found.made.atoms)
    roll = RollUp(found.made)
    assert roll.left_out(town.tree.root) == 0 and roll.accounting(town.tree.root).meetings == 6


def test_a_group_is_shown_by_itself_only_where_its_meeting_shows_it(town: Township) -> None:
    roll = RollUp(town.look().made)
    groups = roll.groups(roll.atoms(town.tree.root))
    assert set(groups) == {("群众代表",), ("党员",), GROUPS}
    alone = [branch for branch in town.branches if min(branch.ballots.values()) >= 5]
    assert shown(roll, groups["党员",]) == pooled(branch.marks["党员"] for branch in alone)


def test_the_parts_of_a_publication_come_back_as_they_were_and_name_themselves_by_one_digest(town: Township) -> None:
    found = town.look()
    written = parts(found.made)
    assert read(written) == found.made and parts(read(written)) == written
    assert found.seen == town.look().seen == looked_at(replace(found.made, marks=()))
    assert written[COUNTS].decode().splitlines()[0] == ",".join(HEADER)


@pytest.mark.parametrize("part", [ROUND, COUNTS])
def test_a_publication_somebody_changed_is_refused_and_says_which_part(town: Township, part: str) -> None:
    written = parts(town.look().made)
    changed = {**written, part: written[part][:-3] + b"9\r\n"}
    with pytest.raises(NotWhole) as refused:
        read(changed)
    assert (refused.value.why, refused.value.file) == ("changed", part)
    for broken in ({}, {MANIFEST: b"[]"}, {**written, "more.txt": b""}, {name: body for name, body in written.items() if name != part}):
        with pytest.raises(NotWhole):
            read(broken)


def test_a_file_that_shows_fewer_than_five_is_refused_though_its_digests_fit(town: Township) -> None:
    written = parts(town.look().made)
    plain = json.loads(written[ROUND])
    plain["atoms"][0][0][3] = 4
    body = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(NotWhole) as refused:
        read(sealed(written, body))
    assert (refused.value.why, refused.value.file) == ("unfit", ROUND)


def sealed(written: dict[str, bytes], body: bytes) -> dict[str, bytes]:
    """Another round.json with a list of digests that fits it."""
    listed = json.loads(written[MANIFEST])
    listed["files"][ROUND] = digest({MANIFEST: body})
    return {**written, ROUND: body, MANIFEST: json.dumps(listed, sort_keys=True, separators=(",", ":")).encode()}


def test_publishing_freezes_what_was_looked_at_once(town: Township) -> None:
    found = town.look()
    with pytest.raises(NotPublished) as refused:
        publications.publish(town.house, town.round, "0" * 64, release=RELEASE, by=town.by, now=NOW)
    assert refused.value.facts["why"] == "changed"
    made = publications.publish(town.house, town.round, found.seen, release=RELEASE, by=town.by, now=NOW)
    with town.house.store.read() as db:
        assert kept.of_round(db, town.round) == made and made.sha256 == digest(parts(found.made, sums=index_digests(freeze(found.made).indexes)))
        assert read(kept.bodies(db, town.round)) == found.made
        assert kept.stages(db, town.round) == {Stage.PUBLISHED: 6}
    with pytest.raises(NotPublished) as again:
        publications.publish(town.house, town.round, found.seen, release=RELEASE, by=town.by, now=NOW)
    assert again.value.facts["why"] == "done"


def test_a_round_with_a_meeting_that_still_runs_is_not_published_and_a_stranger_sees_none(house: House) -> None:
    town = Township(house)
    first, second = town.branches[0], town.branches[3]
    word = town.open(first)
    town.vote(first, (6, 7))
    town.open(second)
    with pytest.raises(NotPublished) as refused:
        publications.publish(house, town.round, town.look().seen, release=RELEASE, by=town.by, now=NOW)
    assert refused.value.facts == {"why": "running", "n": 2}
    town.count(first, word)
    meetings.back_to_draft(house, second.meeting, by=town.by, now=NOW)
    found = town.look()
    assert (found.running, found.drafts, len(found.made.meetings)) == (0, 5, 1)
    with house.store.read() as db, pytest.raises(NotFound):
        publications.preview(db, town.round, release=RELEASE, by=person(house, "other"))


@on_sqlite
def test_a_round_with_counts_somebody_changed_is_not_published(town: Township) -> None:
    """Guards: `is_sealed` in publish: the preview is of the changed counts, and its digest fits them."""
    with town.house.store.write() as db:
        assert db.execute(text("UPDATE counts SET ballots = ballots + 1")).rowcount
    with pytest.raises(NotPublished) as refused:
        publications.publish(town.house, town.round, town.look().seen, release=RELEASE, by=town.by, now=NOW)
    assert refused.value.facts["why"] == "altered"


def test_an_empty_round_is_not_published(house: House) -> None:
    town = Township(house)
    with pytest.raises(NotPublished) as refused:
        publications.publish(house, town.round, town.look().seen, release=RELEASE, by=town.by, now=NOW)
    assert refused.value.facts["why"] == "nothing"
    assert RollUp(town.look().made).sums(()) == {}


def test_no_cell_of_the_counts_begins_a_formula_and_every_key_comes_back(town: Township) -> None:
    made = town.look().made
    odd = "-1+1;=cmd|' /C calc'!A0\u2028\"班子"
    forms = {
        key: replace(form, sections=tuple(replace(part, questions=tuple(replace(q, key=f"{odd}{q.key}") for q in part.questions)) for part in form.sections))
        for key, form in made.forms.items()
    }
    forged = replace(made, forms=forms, marks=tuple(mark._replace(question=f"{odd}{mark.question}") for mark in made.marks))
    written = parts(forged)
    assert read(written) == forged
    assert not re.search(r"[^\w%.~*,\r\n]", written[COUNTS].decode(), re.ASCII)


def test_a_round_that_an_earlier_release_published_gets_its_sums_at_the_next_start(town: Township, house: House) -> None:
    """Guards: publication_sums.fill, migration 0016."""
    made, names = town.publish(), (SUMS_ROUND, KEYS, SUMS_COUNTS, NAMES, SHEETS)
    with house.store.read() as db:
        before = publication_sums.of_rounds(db, [town.round], names)
    sheets = Kept(house.store, town.round).sheets([branch.unit for branch in town.branches])
    with house.store.rebuild() as db:
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        config.attributes["connection"] = db
        command.downgrade(config, "0013")
        schema.migrate(db)
    with house.store.read() as db:
        assert publication_sums.missing(db) == (town.round,) and kept.of_round(db, town.round) == made
    assert sums.fill(house) == 1 and sums.fill(house) == 0
    with house.store.read() as db:
        assert publication_sums.of_rounds(db, [town.round], names) == before and len(before[town.round]) == 5
        assert publication_sums.of_rounds(db, [town.round], (DIGESTS,)) == {}, "its own digest names them"
    assert Kept(house.store, town.round).sheets([branch.unit for branch in town.branches]) == sheets and len(sheets) > 2


def unname(house: House, round_id: int) -> str:
    """Make a publication one of an earlier release, whose digest named the parts alone and whose sums had no digests."""
    with house.store.write() as db:
        found = kept.bodies(db, round_id)
        listed = manifest(json.loads(found[MANIFEST])["files"])
        name = digest({MANIFEST: listed})
        db.execute(text("UPDATE published_parts SET body = :body WHERE name = :name"), {"body": zlib.compress(listed), "name": MANIFEST})
        db.execute(text("UPDATE publications SET sha256 = :name"), {"name": name})
        db.execute(text("DELETE FROM published_indexes WHERE name = :name"), {"name": SHEETS})
    return name


def test_sums_of_an_earlier_release_are_made_anew_once_and_held_against_digests_of_their_own(town: Township, house: House) -> None:
    town.publish()
    name = unname(house, town.round)
    with house.store.read() as db:
        assert sums.digests(db, town.round, name) is None
    assert sums.fill(house) == 1 and sums.fill(house) == 0
    with house.store.read() as db:
        found = publication_sums.of_rounds(db, [town.round], (SUMS_ROUND, KEYS, SUMS_COUNTS, NAMES, SHEETS))[town.round]
        assert sums.digests(db, town.round, name) == index_digests(found)
    assert [(each.is_bound, each.changed) for each in sums.compare(house, mend=False, now=NOW)] == [(False, 0)]


def test_what_was_changed_of_the_sums_is_told_and_made_anew_from_the_parts(town: Township, house: House) -> None:
    made = town.publish()
    assert [(each.is_whole, each.is_bound, each.changed) for each in sums.compare(house, mend=False, now=NOW)] == [(True, True, 0)]
    unit = town.branches[0].unit
    with house.store.write() as db:
        db.execute(text("DELETE FROM published_sheets WHERE unit_id = :unit"), {"unit": unit})
        db.execute(text("UPDATE published_indexes SET body = :body WHERE name = :name"), {"body": zlib.compress(b"{}"), "name": KEYS})
        db.execute(text("INSERT INTO published_sheets VALUES (:round, 9999, :body)"), {"round": town.round, "body": zlib.compress(b"{}")})
    assert [each.changed for each in sums.compare(house, mend=False, now=NOW)] == [3]
    assert [each.changed for each in sums.compare(house, mend=True, now=NOW)] == [3]
    assert [each.changed for each in sums.compare(house, mend=True, now=NOW)] == [0]
    with house.store.read() as db:
        acts = [row.detail for row in db.execute(text("SELECT detail FROM journal WHERE act = 'mend_round'"))]
        assert [json.loads(each)["n"] for each in acts] == [3] and kept.of_round(db, town.round) == made
    with house.store.write() as db:
        db.execute(text("UPDATE published_parts SET body = :body WHERE name = :name"), {"body": zlib.compress(b"{}"), "name": ROUND})
    assert [each.is_whole for each in sums.compare(house, mend=True, now=NOW)] == [False]


def test_whoever_goes_away_in_the_middle_has_published_nothing(town: Township, house: House) -> None:
    """Guards: everything is read and added up before the one transaction that writes."""
    seen, stages = town.look().seen, set()
    for last in ("papers", "counts", "publish"):
        steps = publications.publish_steps(house, town.round, seen, release=RELEASE, by=town.by, now=NOW)
        while (step := next(steps))[0] != last:
            stages.add(step[0])
        # Others write meanwhile: nobody waits for it.
        with house.store.write(at_once=True) as db:
            assert kept.of_round(db, town.round) is None
        steps.close()
    assert stages == {"papers", "counts"}
    made = town.publish()
    with house.store.read() as db:
        assert kept.of_round(db, town.round) == made


def test_what_changes_while_it_is_added_up_is_not_published(town: Township, house: House) -> None:
    """Guards: the second look inside the transaction that writes."""
    steps = publications.publish_steps(house, town.round, town.look().seen, release=RELEASE, by=town.by, now=NOW)
    while next(steps)[0] != "publish":
        pass
    with house.store.write() as db:
        db.execute(text("UPDATE seals SET sha256 = :other WHERE meeting_id = :id"), {"other": "f" * 64, "id": town.branches[0].meeting})
    with pytest.raises(NotPublished) as refused:
        next(steps)
    assert refused.value.facts["why"] == "changed"
    with house.store.read() as db:
        assert kept.of_round(db, town.round) is None and publication_sums.missing(db) == ()
