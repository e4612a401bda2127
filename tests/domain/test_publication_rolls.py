"""The sums that pages read: the same as those of all parts, whatever the tree, and made anew from the parts."""

from collections.abc import Collection, Mapping

from hypothesis import given, settings

from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publication_sheets import Held, Source
from survey.domain.publication_sums import Frozen, freeze
from survey.domain.roll_ups import Ask, RollUp, Sum
from tests.actions.test_gatherings import Town, towns
from tests.publications_for_tests import parts, read
from tests.readings_for_tests import tree


def plain(sums: Mapping[Ask, Sum]) -> dict[Ask, tuple[int, dict[int, int]]]:
    return {ask: (each.slots, dict(each.counts)) for ask, each in sums.items()}


@settings(max_examples=60, deadline=None)
@given(towns())
def test_the_sums_of_any_tree_are_those_of_all_its_parts_and_made_anew_from_its_file(town: Town) -> None:
    made, _lost = town.publish()
    assert freeze(read(parts(made))) == freeze(made)
    roll, frozen = RollUp(made), FrozenRoll.of(made)
    assert frozen.children == roll.children
    for unit in (place.id for place in made.places):
        said = [(each.trail(unit), each.own(unit), each.accounting(unit), each.left_out(unit)) for each in (roll, frozen)]
        assert said[0] == said[1]
        assert {key: frozen.made.targets[key] for key in roll.own(unit)} == {key: made.targets[key] for key in roll.own(unit)}
        for whole, sums in ((roll.about(unit), frozen.about(unit)), (roll.atoms(unit), frozen.atoms(unit))):
            groups, told = roll.groups(whole), frozen.groups(sums)
            assert list(groups) == list(told)
            for some, those in [(whole, sums), *((groups[names], told[names]) for names in groups)]:
                assert plain(roll.sums(some)) == plain(frozen.sums(those))
                assert sum(leaf.ballots for at in some for leaf in made.atoms[at]) == frozen.ballots(those)
        found, by_target = (each.by_target(each.about(unit)) for each in (roll, frozen))
        assert {key: plain(each) for key, each in found.items()} == {key: plain(each) for key, each in by_target.items()}
        for key in roll.own(unit):
            assert plain(frozen.sums(frozen.about(unit), targets={key})) == plain(roll.sums(roll.about(unit), targets={key}))


class Asked(Source):
    """Sums that are held whole; notes which sheets are asked for at once."""

    def __init__(self, frozen: Frozen) -> None:
        self.held, self.times = Held(frozen), list[tuple[int, ...]]()

    def indexes(self, names: Collection[str]) -> Mapping[str, bytes]:
        return self.held.indexes(names)

    def sheets(self, units: Collection[int]) -> Mapping[int, bytes]:
        self.times.append(tuple(units))
        return self.held.sheets(units)


def test_sheets_read_ahead_are_not_asked_for_again() -> None:
    source = Asked(freeze(tree(heads=1, each=3)))
    roll = FrozenRoll(source)
    roll.ahead([100, 101, 1000])
    assert roll.ballots(roll.about(100)) == roll.ballots(roll.about(101)) == 20 and roll.about(1000) == ()
    assert source.times == [(100, 101, 1000)]
    assert roll.ballots(roll.about(102)) == 20 and source.times[1:] == [(102,)]
