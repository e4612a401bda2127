"""The known traps of published figures: what one could subtract, sort, weigh or count the bytes of to learn what few people said."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.actions import gatherings
from survey.domain.publications import Pool, Publication
from survey.domain.roll_ups import Ask, RollUp
from survey.domain.rounds import FEWEST
from survey.domain.staff import StaffRole
from tests.actions.test_gatherings import NAMES, Pair, Person, Town, asked, bases, meeting_of, town_of, towns
from tests.attacks.walks import act_out
from tests.attacks.worlds import ABOVE, GONE, LEFT, ROLES, Said

# The second and the sixth branch have one member each and three ballots: they are only shown together, at the unit above both heads.
# The third has a group of two that is merged. In the second round the second branch stands by itself, and the sixth is shown nowhere.
FIRST: list[Said] = [("++++xo", "+++xx--"), ("+o", "-"), ("++++++++o", "xx"), ("++xxx", "xxx++"), ("++++++", "+xxxxx"), ("x", "xx")]
SECOND: list[Said] = [("++++++", "+++xxxx"), ("+++++xxx", "+"), ("++++xxxxx", "++"), ("+++++", "+++++"), ("xxxxxx", "++++++"), ("+", "xx")]
# The same in all that may be shown.
FIRST_TWIN: list[Said] = [FIRST[0], ("xx", "/"), ("+++++++xx", "+o"), FIRST[3], FIRST[4], ("+", "+x")]
SECOND_TWIN: list[Said] = [SECOND[0], ("++++++xx", "x"), ("++++++xxx", "xx"), SECOND[3], SECOND[4], ("/", "ox")]
# What would tell the worlds apart, by the addresses that would show it.
TRAPS = {
    "parent minus children": r"/units/\d+$|/results$",
    "weighted minus pooled": r"/meetings/\d+$|/units/\d+$|/figures.csv$",
    "round minus round": r"/board/rounds/[12]/",
    "a half-year minus its rounds": r"/board/periods/2026[QY]",
    "the page of a meeting minus that of a round": r"/board/meetings/\d+",
    "the order of rows": r"sort=",
    "the words, ids and paths of a picture": r"\.svg$",
    "the bytes and parts of a file": r"\.(csv|zip|xlsx|pdf|docx)",
    "the mean of the sisters": r"/compare|/compared",
    "the largest changes, who needs help and why": r"/results$|/overview.pdf$",
    "a class of one unit": r"/distribution\.",
    "who is on a list": r"/lists|/short$",
    "a total less what was typed": r"/scores/|/grades",
    "a place in the league, a quota, a proposed grade": r"/grades",
    "how many spoiled a form or wrote something": r"/seal\.json|/trackers|/protocol\.|/box$|/t/",
    "what names a preview, and whom it leaves out": r"^before \d preview",
    "the sentences of what is refused": r"^(before \d|after) (?!preview)",
    "the journal": r"/desk/journal",
    "what other rules would give": r"^after other rules$",
    "how many sheets a zip holds, and what they are called": r"^bundle ",
    "what `pingyi verify` says": r"^verify$",
    "another language": r"lang=en",
    "an admin": r"^admin (?!of)",
    "a leader half-way up": r"^head ",
    "a secretary half-way up": r"^clerk of the head ",
    "an admin half-way up": r"^admin of the head ",
    "the leader of a unit of few": r"^leader of few ",
    "the secretary of a unit of few": r"^clerk of few ",
    "a phone, the hall, anybody": r"^nobody ",
}


def test_no_page_and_no_file_of_two_rounds_tells_worlds_apart_that_differ_in_what_few_said(tmp_path: Path) -> None:
    """Guards: gatherings.join, results.atoms, every order and every sentence; whatever comes later under a round is walked, too."""
    one, other = act_out(tmp_path / "one", (FIRST, SECOND)), act_out(tmp_path / "other", (FIRST_TWIN, SECOND_TWIN))
    assert one.keys() == other.keys()
    told = [address for address in one if one[address] != other[address]]
    for trap, where in TRAPS.items():
        assert [address for address in told if re.search(where, address)] == [], trap
        looked = [page for address, page in one.items() if re.search(where, address)]
        assert any(len(page[-1]) > 200 and page[0] in (200, 409) for page in looked), f"somebody looked for {trap}"
    assert told == []
    # Whoever becomes a role is walked with.
    everybody = {login: role for login, role, *_at in (*ABOVE, *ROLES)}
    assert set(everybody.values()) == set(StaffRole)
    # Nobody is told of a unit that hangs elsewhere since, in the round in which it was his, either.
    old = {address: page[-1] for address, page in one.items() if address.startswith(f"{LEFT} /") and "/rounds/1/" in address}
    assert [address for address, body in old.items() if GONE.encode() in body] == [] and sum(len(body) > 2_000 for body in old.values()) > 10
    assert [one[f"heard {at}"][-1] for at in (0, 3)] == [b"1", b"0"], "opinions are told to who sees the meeting"
    for login in (*everybody, "nobody"):
        assert any(address.startswith(f"{login} ") and page[0] == 200 for address, page in one.items()), login


def test_nothing_tells_before_publication_what_those_said_who_will_only_be_shown_together(tmp_path: Path) -> None:
    """Guards: publication_files.looked_at. A name made of their counts could be tried out, until one more meeting is joined."""
    worlds = ([FIRST[0], said, *FIRST[2:5], other] for said, other in ((("++", "+"), ("+", "++")), (("xx", "x"), ("x", "x-"))))
    one, other = (act_out(tmp_path / str(at), [world], publish=False) for at, world in enumerate(worlds))
    assert [address for address in one if one[address] != other[address]] == [] and one["before 0 preview"][0] == 200
    assert {address.partition(" /")[0] for address in one} >= {login for login, *_at in (*ABOVE, *ROLES)}


@st.composite
def years(draw: st.DrawFn) -> tuple[Town, Town]:
    """Two rounds: between them units move, meetings fall away or are held by others, and members go to other units."""
    first = draw(towns())
    above = {unit: parent if parent is None or draw(st.booleans()) else draw(st.integers(1, unit - 1)) for unit, parent in first.above.items()}
    held = []
    for one in first.meetings:
        if not draw(st.booleans()) and len(first.meetings) > 1 and draw(st.booleans()):
            continue
        moved = {key: draw(st.sampled_from(one.held.rated)) if key.startswith("m") and draw(st.booleans()) else unit for key, unit in one.units.items()}
        sizes = [draw(st.sampled_from((n, n, 0, 2, 4, 5, 9))) for n in one.returned.values()]
        held.append(replace(meeting_of(one.held.id, one.held.unit, dict(one.sections), sizes, form=one.held.form), units=moved, names=one.names))
    return first, Town(above, held, {}, {})


def shown(rounds: Iterable[tuple[Town, Publication]]) -> dict[Ask, list[set[tuple[int, Pair]]]]:
    """Every set of answers somebody is shown a figure of in one round or in their sum, by question; who answered in which round."""
    found: dict[Ask, list[set[tuple[int, Pair]]]] = {}
    sums: dict[tuple[str, int, Ask], set[tuple[int, Pair]]] = {}
    for turn, (town, made) in enumerate(rounds):
        for ask, sets in bases(town, made).items():
            found.setdefault(ask, []).extend({(turn, pair) for pair in pairs} for pairs in sets)
        roll = RollUp(made)
        for unit in town.above:
            for reach, some in (("below", roll.atoms(unit)), ("own", roll.about(unit))):
                for ask, pairs in asked(town, made, some).items():
                    sums.setdefault((reach, unit, ask), set()).update((turn, pair) for pair in pairs)
    for (_reach, _unit, ask), pairs in sums.items():
        found.setdefault(ask, []).append(pairs)
    return found


def fewest(sets: Iterable[set[tuple[int, Pair]]]) -> int:
    """How many people the smallest set of answers is about that can be had by adding and subtracting: answers in the same sets
    always count alike, so it is a class of such."""
    classes: dict[tuple[bool, ...], set[tuple[int, Person]]] = {}
    every = list(sets)
    for turn, pair in frozenset[tuple[int, Pair]]().union(*every):
        classes.setdefault(tuple((turn, pair) in each for each in every), set()).add((turn, pair[0]))
    return min(map(len, classes.values()), default=FEWEST)


@settings(max_examples=60)
@given(years())
def test_nothing_made_of_the_figures_of_two_rounds_and_their_sum_is_about_fewer_than_five(both: tuple[Town, Town]) -> None:
    """Round minus round, year minus its rounds, parent minus children, group minus group, and all of that together."""
    for sets in shown((town, town.publish()[0]) for town in both).values():
        assert fewest(sets) >= FEWEST


def test_a_branch_that_stands_by_itself_in_one_round_and_is_joined_in_the_next_is_told_by_neither() -> None:
    first = town_of(meeting_of(1, 2, {"u2": "u0"}, [6]), meeting_of(2, 3, {"u3": "u0"}, [3]), meeting_of(3, 4, {"u4": "u0"}, [2]))
    second = town_of(meeting_of(1, 2, {"u2": "u0"}, [3]), meeting_of(2, 3, {"u3": "u0"}, [7]), meeting_of(3, 4, {"u4": "u0"}, [2]))
    rounds = [(town, town.publish()[0]) for town in (first, second)]
    assert [[[leaf.unit for leaf in atom] for atom in made.atoms] for _town, made in rounds] == [[[2], [3, 4]], [[3], [2, 4]]]
    assert min(map(fewest, shown(rounds).values())) == FEWEST


@pytest.mark.parametrize("guard", ["joined with a shown one", "a group of two by itself", "a small meeting by itself"])
def test_the_look_at_two_rounds_sees_each_guard_that_is_gone(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    """What the test above would say of a publication that shows too much."""
    town = town_of(meeting_of(1, 2, {"u2": "u0"}, [9, 2]), meeting_of(2, 3, {"u3": "u0"}, [3]))
    whole = town.publish()[0]
    assert min(map(fewest, shown([(town, whole)]).values())) >= FEWEST
    if guard == "a group of two by itself":
        monkeypatch.setattr(gatherings, "atoms", lambda returned: tuple(frozenset([group]) for group, n in returned.items() if n))
    elif guard == "a small meeting by itself":
        monkeypatch.setattr(gatherings, "atoms", lambda returned: (frozenset(returned),))
    made = town.publish()[0]
    if guard == "joined with a shown one":
        (leaf,) = whole.atoms[0]
        both = (leaf, replace(leaf, meeting=2, unit=3, groups=NAMES[:1], ballots=3))
        made = replace(whole, atoms=(*whole.atoms, both), pools=(Pool(1, "u*", 1, "u0", 14),))
    assert min(map(fewest, shown([(town, made)]).values())) < FEWEST
