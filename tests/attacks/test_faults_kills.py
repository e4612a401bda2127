"""A worker is killed between any two statements of every writing act: what was not committed never was, what was is said so."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from survey.actions import meetings, slips
from survey.actions.house import House
from survey.actions.results import sweep
from survey.config import Config
from survey.domain.closings import GRACE
from survey.domain.meetings import Entry, Stage
from survey.domain.refusals import BadForm, Refused, TooMany, UsedCode, WrongStage
from survey.domain.slips import Way
from survey.store import ballots as box
from survey.store import journal, keyings
from survey.store import meetings as kept
from survey.store import results as counted
from survey.store.keyings import Keyed
from tests.attacks.apart import Nursery, everything
from tests.attacks.killing import ACTS, Given, do_and_die
from tests.attacks.killing_halls import OF_HALLS
from tests.conftest import NOW, TODAY, Hall, make_meeting
from tests.forms_for_tests import Pile
from tests.rounds_for_tests import plan_round

# On SQLite; on PostgreSQL, which is slower to ask, every second statement is tried.
FEWEST_KILLS = 200
FEWEST_KILLED_HALLS = 80
KILLED_VOTERS = 4
NOTHING = Given()
_EVERY = {**ACTS, **OF_HALLS}


@dataclass
class Killer:
    """Kills acts of one house at each of their steps and counts the dead."""

    config: Config
    house: House
    nursery: Nursery
    kills: int = 0

    @property
    def stride(self) -> int:
        """How many statements from one death to the next."""
        return 1 if self.house.store.is_sqlite else 2

    def kill(self, act: str, hall: Hall, given: Given = NOTHING) -> None:
        """Kill the act at its first step, at its second … until one dies after its commit. Before it, nothing is changed."""
        bare = replace(hall, house=None)  # type: ignore[arg-type]
        before, keys, step = everything(self.house), self.house.keys.names(), 0
        while self.nursery.is_killed(do_and_die, self.config, bare, _EVERY[act], given, step):
            step += self.stride
            self.kills += 1
            if everything(self.house) != before:
                break
            if act != "open":
                assert self.house.keys.names() == keys, (act, step)
        else:
            assert self.stride > 1, f"{act} was done without dying after its commit"
        assert step > 2, f"{act} dies at every statement"
        sweep(self.house)

    def again(self, act: str, hall: Hall, given: Given = NOTHING) -> type[Refused] | None:
        """Do the act once more: None when it succeeds, else the kind of its refusal; then nothing is changed."""
        before = everything(self.house)
        try:
            _EVERY[act](hall, given)
        except Refused as refused:
            assert everything(self.house) == before
            return type(refused)
        return None


@pytest.fixture
def killer(config: Config, house: House) -> Iterator[Killer]:
    nursery = Nursery()
    yield Killer(config, house, nursery)
    nursery.close()


def stage(hall: Hall) -> Stage:
    with hall.house.store.read() as db:
        return kept.get(db, hall.meeting).stage


def in_box(hall: Hall) -> tuple[int, int]:
    """Ballots and spent slips."""
    with hall.house.store.read() as db:
        return box.in_box(db, hall.meeting), len(box.spent(db, hall.meeting))


def codes(hall: Hall, *groups: int) -> list[str]:
    """Fresh codes for everybody present."""
    return [
        code
        for group in groups
        for code in slips.issue(hall.house, hall.meeting, group, n=7, way=Way.SHEET, by=hall.secretary, now=NOW)
    ]


def another(hall: Hall, entry: Entry) -> Hall:
    """One more meeting of the same people, opened."""
    new = meetings.NewMeeting(hall.branch, TODAY, "", entry, (("群众代表", 7, 7),))
    made = meetings.create(hall.house, new, by=hall.secretary, now=NOW)
    scrutineer = meetings.open_box(hall.house, made, by=hall.secretary, now=NOW) or ""
    return replace(hall, meeting=made, scrutineer=scrutineer)


def groups_of(hall: Hall) -> list[int]:
    with hall.house.store.read() as db:
        return [group.id for group in kept.get(db, hall.meeting).groups]


@pytest.mark.long
def test_killed_anywhere_nothing_is_lost_doubled_or_half_done(killer: Killer) -> None:
    """Guards: one transaction per act in survey.actions, the key written before it and destroyed after it, and `sweep`."""
    hall = make_meeting(killer.house, open_box=False)
    killer.kill("import", hall)
    assert killer.again("import", hall) is None, "the same list changes nothing"
    killer.kill("log_in", hall)
    prepare(killer, hall)
    hall.scrutineer = meetings.open_box(hall.house, hall.meeting, by=hall.secretary, now=NOW) or ""
    numbers = hand_out(killer, hall)
    votes = vote(killer, hall, codes(hall, *groups_of(hall)))
    finish(killer, hall, votes, numbers)
    give_up(killer, another(hall, Entry.SLIPS))
    take(killer, another(hall, Entry.SCREEN))
    key(killer, another(hall, Entry.SLIPS))
    print(f"{killer.kills} killed")
    assert killer.kills >= FEWEST_KILLS // killer.stride


def prepare(killer: Killer, hall: Hall) -> None:
    """Numbers, opening, and back: an opening whose answer was lost has lost the scrutineer's slip, and there is a way back."""
    killer.kill("change_groups", hall)
    assert killer.again("change_groups", hall) is None
    killer.kill("open", hall)
    assert (stage(hall), killer.again("open", hall)) == (Stage.OPEN, WrongStage)
    with hall.house.store.read() as db:
        public = kept.get(db, hall.meeting).public_key
    assert public is not None and len(hall.house.keys.get(public.hex())) == 32, "the key of an open box lies there"
    killer.kill("back_to_draft", hall)
    assert (stage(hall), killer.again("back_to_draft", hall)) == (Stage.DRAFT, WrongStage)


def hand_out(killer: Killer, hall: Hall) -> tuple[tuple[int, int], ...]:
    """Slips: those whose printing was lost are counted, so that no more go out; voided, they are made anew."""
    numbers = tuple((group, 7) for group in groups_of(hall))
    for group, n in numbers:
        one = Given(numbers=((group, n),))
        killer.kill("issue", hall, one)
        assert killer.again("issue", hall, one) is TooMany
        killer.kill("void_group", hall, one)
        assert killer.again("void_group", hall, one) is None
    return numbers


def vote(killer: Killer, hall: Hall, made: list[str]) -> int:
    """Ballots: at each death none is in, or one with its slip; a voter who sends again is told that his is in."""
    *voters, spoiled = made
    for done, code in enumerate(voters):
        assert in_box(hall) == (done, done)
        if done < KILLED_VOTERS:
            killer.kill("cast", hall, Given(code))
            assert killer.again("cast", hall, Given(code)) is UsedCode
        else:
            hall.vote(code)
        assert in_box(hall) == (done + 1, done + 1)
    killer.kill("void_code", hall, Given(spoiled))
    assert killer.again("void_code", hall, Given(spoiled)) is None
    return len(voters)


def finish(killer: Killer, hall: Hall, votes: int, numbers: tuple[tuple[int, int], ...]) -> None:
    """Close, reopen, close, count: the count that died after its commit is finished by the next start."""
    killer.kill("close", hall)
    assert (stage(hall), killer.again("close", hall)) == (Stage.CLOSED, WrongStage)
    killer.kill("reopen", hall)
    assert (stage(hall), killer.again("reopen", hall)) == (Stage.OPEN, WrongStage)
    meetings.close(hall.house, hall.meeting, by=hall.secretary, now=NOW)
    left = Given(numbers=tuple((group, 0) for group, _n in numbers))
    killer.kill("leftovers", hall, left)
    assert killer.again("leftovers", hall, left) is None
    killer.kill("count", hall)
    assert (stage(hall), killer.again("count", hall)) == (Stage.COUNTED, WrongStage)
    with hall.house.store.read() as db:
        assert sum(row.returned for row in counted.returned(db, hall.meeting)) == votes
        seal = counted.seal(db, hall.meeting)
        public = kept.get(db, hall.meeting).public_key
    assert seal is not None and public is not None and public.hex() not in hall.house.keys.names()
    assert in_box(hall) == (0, 0)


def give_up(killer: Killer, hall: Hall) -> None:
    """A meeting is made void with ballots in it."""
    for code in codes(hall, *groups_of(hall)):
        hall.vote(code)
    killer.kill("void", hall)
    assert (stage(hall), killer.again("void", hall)) == (Stage.VOID, WrongStage)
    assert in_box(hall) == (0, 0)
    with hall.house.store.read() as db:
        public = kept.get(db, hall.meeting).public_key
    assert public is not None and public.hex() not in hall.house.keys.names()


def take(killer: Killer, hall: Hall) -> None:
    """Open mode: a ballot taken by a phone that never heard of it is counted as taken, and no second one is made of it."""
    given = Given(numbers=((groups_of(hall)[0], 1),))
    killer.kill("take", hall, given)
    with hall.house.store.read() as db:
        (group,) = kept.get(db, hall.meeting).groups
    assert group.minted == {Way.SCREEN: 1}
    assert killer.again("take", hall, given) is None


def key(killer: Killer, hall: Hall) -> None:
    """A form on paper: keyed once it waits, keyed twice it is in the box and nowhere else, and the third time that is said."""
    (group,) = groups_of(hall)
    (code,) = slips.issue(hall.house, hall.meeting, group, n=1, way=Way.PAPER, by=hall.secretary, now=NOW)
    meetings.close(hall.house, hall.meeting, by=hall.secretary, now=NOW)
    killer.kill("key_first", hall, Given(code))
    assert (keyed(hall), in_box(hall)) == (Keyed(once=1), (0, 0))
    killer.kill("key_second", hall, Given(code))
    assert (keyed(hall), in_box(hall)) == (Keyed(done=1, alone=1), (1, 1))
    assert killer.again("key_second", hall, Given(code)) is BadForm


def keyed(hall: Hall) -> Keyed:
    with hall.house.store.read() as db:
        return keyings.keyed(db, hall.meeting)


@pytest.mark.long
def test_killed_anywhere_in_running_a_hall_or_a_round_nothing_is_half_done(killer: Killer) -> None:
    """Guards: one transaction for each of these acts, with its line in the journal."""
    hall = make_meeting(killer.house, groups=(("群众代表", 12, 12),), open_box=False)
    for act in ("leave_out", "settle"):
        killer.kill(act, hall)
        assert killer.again(act, hall) is None
    hall.scrutineer = meetings.open_box(hall.house, hall.meeting, by=hall.secretary, now=NOW) or ""
    forms = print_forms(killer, hall)
    run(killer, hall)
    pile(killer, hall, forms)
    make_and_take_back(killer, hall)
    print(f"{killer.kills} killed")
    assert killer.kills >= FEWEST_KILLED_HALLS // killer.stride


def print_forms(killer: Killer, hall: Hall) -> tuple[str, ...]:
    """Forms whose printing was lost are counted, so that no more go out than there are people; voided, they are printed anew."""
    (group,) = groups_of(hall)
    given = Given(numbers=((group, 7),))
    killer.kill("print_forms", hall, given)
    assert killer.again("print_forms", hall, given) is TooMany
    assert slips.void_group(hall.house, hall.meeting, group, by=hall.secretary, now=NOW) == 7
    return slips.issue(hall.house, hall.meeting, group, n=7, way=Way.PAPER, by=hall.secretary, now=NOW)


def run(killer: Killer, hall: Hall) -> None:
    """Pause, go on, a minute, another one, none after all, and a minute that runs out while nobody looks."""
    for act, then in (("pause", Stage.PAUSED), ("resume", Stage.OPEN)):
        killer.kill(act, hall)
        assert (stage(hall), killer.again(act, hall)) == (then, WrongStage)
    for act, end in (("close_soon", NOW + GRACE), ("extend", NOW + 2 * GRACE), ("go_on", None)):
        killer.kill(act, hall)
        with hall.house.store.read() as db:
            assert kept.get(db, hall.meeting).closing == end
    assert killer.again("go_on", hall) is None
    assert killer.again("close_soon", hall) is None
    killer.kill("end", hall)
    assert (stage(hall), killer.again("end", hall)) == (Stage.CLOSED, None)
    with hall.house.store.read() as db:
        acts = [each.act for each in journal.of_meeting(db, hall.meeting)]
        assert journal.first_broken(db, hall.meeting) is None
    assert [acts.count(act) for act in ("pause", "resume", "close_soon", "extend", "go_on", "time_up")] == [1, 1, 2, 1, 1, 1]


def pile(killer: Killer, hall: Hall, forms: tuple[str, ...]) -> None:
    """A first keying thrown away, and a form that is spoiled whole."""
    keyed_once = Given(forms[0])
    Pile(hall).key(forms[0])
    killer.kill("drop", hall, keyed_once)
    assert (keyed(hall), killer.again("drop", hall, keyed_once)) == (Keyed(), BadForm)
    Pile(hall).key(forms[0])
    killer.kill("spoil", hall, keyed_once)
    assert (keyed(hall), killer.again("spoil", hall, keyed_once)) == (Keyed(spoiled=1), BadForm)
    assert in_box(hall) == (0, 0)


def make_and_take_back(killer: Killer, hall: Hall) -> None:
    """The meetings of a round: all of them or none, and made again they are no more."""
    given = Given(numbers=((plan_round(hall.house, hall.root, by=hall.secretary), 0),))
    for act, made in (("make_meetings", 2), ("take_back", 0)):
        killer.kill(act, hall, given)
        assert killer.again(act, hall, given) is None
        with hall.house.store.read() as db:
            there = kept.of_units(db, [hall.branch, hall.other_branch])
        assert sum(each.stage is Stage.DRAFT for each in there) == made
