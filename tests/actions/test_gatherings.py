"""What a publication shows of any tree at all: nothing in it, and no two things taken from each other, is about fewer than five."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from survey.actions.gatherings import Gathered, Gathering, join, take
from survey.actions.house import House
from survey.actions.results import atoms
from survey.domain.keyings import Spoil
from survey.domain.papers import read_paper
from survey.domain.publication_files import digest, looked_at
from survey.domain.publications import Form, Held, Mark, Named, Place, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.results import Count
from survey.domain.roll_ups import Ask, RollUp
from survey.domain.rounds import FEWEST, Scheme
from survey.store import keyings
from survey.store import meetings as kept
from survey.store.office_tables import MemberRow
from survey.store.tables import PaperRow
from tests.conftest import on_sqlite
from tests.publications_for_tests import parts, read
from tests.townships_for_tests import Township

SCALE = Scale("s", "满意", (Option(0, "满意", Role.SATISFIED, 100), Option(1, "不满意", Role.UNSATISFIED, 0)))
ASKED = (Question("a", Kind.RATING, "甲", "s"), Question("b", Kind.SCORE, "乙"))
# Two sectors of units and two kinds of members, each asked by a section of its own.
SECTIONS = tuple(
    Section(f"{audience.value[0]}{n}", "部分", audience, ASKED, only=(str(n),)) for audience in (Audience.UNIT, Audience.MEMBER) for n in (0, 1)
)
FORM = Form("问卷", SECTIONS, (SCALE,))
NAMES = ("群众代表", "党员", "服务对象")
# Who sat where: a meeting, a group of it, and which of its people.
Person = tuple[int, int, int]
Pair = tuple[Person, str]


@dataclass
class Town:
    """Units by what lies above each, and their meetings with what everybody marked there: the truth."""

    above: dict[int, int | None]
    meetings: list[Gathered]
    counts: dict[tuple[int, int], tuple[Count, ...]]
    marks: dict[tuple[Person, str, str], int]

    def publish(self) -> tuple[Publication, int]:
        """As the action does, from the gathered meetings on."""
        found = Gathering(forms={1: FORM, 2: FORM})
        places = tuple(Place(unit, parent, "branch", f"第{unit}支部") for unit, parent in self.above.items())
        for one in self.meetings:
            if atoms(one.returned):
                found.targets |= {key: Named(key, "", unit) for key, unit in one.units.items()}
                found.asked |= {(one.held.id, key): section for key, section in one.sections.items()}
            take(found, one)
        lost = join(found, places)
        made = Publication(
            1, "轮次", "2026Q3", "1", Scheme(), places, found.forms, tuple(found.held), tuple(found.atoms), found.targets,
            found.asked, tuple(found.pools), (),
        )  # fmt: skip
        return replace(made, marks=tuple(self.told(made))), lost

    def told(self, made: Publication) -> Iterator[Mark]:
        """The counts of every atom, as the action reads them from the store."""
        ones, pooled = {each.held.id: each for each in self.meetings}, {(pool.atom, pool.form, pool.section) for pool in made.pools}
        for at, atom in enumerate(made.atoms):
            sums: Counter[tuple[int, str, int, str, str, int]] = Counter()
            for leaf in atom:
                one = ones[leaf.meeting]
                for count in (each for group, name in one.names.items() if name in leaf.groups for each in self.counts.get((leaf.meeting, group), ())):
                    section, form = one.sections[count.target], one.held.form
                    if len(atom) == 1 and one.units[count.target] == leaf.unit:
                        sums[leaf.unit, count.target, form, section, count.question, count.option] += count.ballots
                    elif (at, form, section) in pooled:
                        sums[0, f"{count.target[0]}*", form, section, count.question, count.option] += count.ballots
            yield from (Mark(at, *spot, n) for spot, n in sorted(sums.items()))

    def people(self, meeting: int, groups: Iterable[str]) -> Iterator[Person]:
        """Those of some groups of a meeting."""
        one = next(each for each in self.meetings if each.held.id == meeting)
        for group, n in one.returned.items():
            if one.names[group] in groups:
                yield from ((meeting, group, each) for each in range(n))


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """One to nine units in any tree, one to seven meetings of none to twelve ballots a group, rating one to three units."""
    size = draw(st.integers(1, 9))
    above: dict[int, int | None] = {1: None} | {unit: draw(st.integers(1, unit - 1)) for unit in range(2, size + 1)}
    kinds = {unit: draw(st.integers(0, 1)) for unit in above}
    members = {unit: draw(st.lists(st.integers(0, 1), max_size=2)) for unit in above}
    made, every, marks, dice = [], {}, {}, Random(draw(st.integers(0, 99)))
    for number in range(1, draw(st.integers(1, 7)) + 1):
        rated = draw(st.lists(st.sampled_from(sorted(above)), min_size=1, max_size=3, unique=True))
        sections = {f"u{unit}": f"u{kinds[unit]}" for unit in rated if not members[unit] or draw(st.booleans())}
        sections |= {f"m{unit}{n}": f"m{kind}" for unit in rated for n, kind in enumerate(members[unit])}
        sizes = draw(st.lists(st.sampled_from((0, 1, 2, 3, 4, 5, 6, 12)), min_size=1, max_size=3))
        one = meeting_of(number, draw(st.sampled_from(sorted(above))), sections, sizes, form=draw(st.integers(1, 2)), lost=draw(st.integers(0, 2)))
        one = replace(one, names=dict(enumerate(draw(st.permutations(NAMES))[: len(sizes)])))
        for group, n in one.returned.items():
            sums: Counter[tuple[str, str, int]] = Counter()
            for person in range(n):
                for key in sections:
                    for question, most in (("a", 1), ("b", 100)):
                        if dice.random() < 0.8:
                            answer = marks[(number, group, person), key, question] = dice.randint(0, most)
                            sums[key, question, answer] += 1
            every[number, group] = tuple(Count(*spot, n) for spot, n in sums.items())
        made.append(one)
    return Town(above, made, every, marks)


def meeting_of(number: int, unit: int, sections: dict[str, str], sizes: list[int], *, form: int = 1, lost: int = 0) -> Gathered:
    returned = dict(enumerate(sizes))
    units = {key: int(key[1]) for key in sections}
    back = sum(sizes)
    held = Held(
        number, unit, "评议会", "2026-09-18", form, tuple(dict.fromkeys(units.values())), 40, 40, back + lost, back + lost,
        lost if atoms(returned) else 0, "0" * 64,
    )  # fmt: skip
    return Gathered(held, returned, {group: NAMES[group] for group in returned}, sections, units)


def asked(town: Town, made: Publication, some: Iterable[int]) -> dict[Ask, set[Pair]]:
    """Who was asked about whom in some atoms, by question."""
    found: dict[Ask, set[Pair]] = {}
    ones = {each.held.id: each for each in town.meetings}
    pooled = {(pool.atom, pool.form, pool.section) for pool in made.pools}
    for at in some:
        for leaf in made.atoms[at]:
            one, people = ones[leaf.meeting], tuple(town.people(leaf.meeting, leaf.groups))
            for key, section in one.sections.items():
                if (at, one.held.form, section) in pooled or (len(made.atoms[at]) == 1 and one.units[key] == leaf.unit):
                    audience = Audience.UNIT if key.startswith("u") else Audience.MEMBER
                    for question in ASKED:
                        found.setdefault(Ask(audience, one.held.form, section, question.key), set()).update((each, key) for each in people)
    return found


def bases(town: Town, made: Publication) -> dict[Ask, list[set[Pair]]]:
    """Every set of answers anybody is shown a figure of, by question: pages of meetings before and after, units, groups, files."""
    roll = RollUp(made)
    shown = [roll.atoms(unit) for unit in town.above] + [roll.about(unit) for unit in town.above]
    shown += [each for some in list(shown) for each in roll.groups(some).values()]
    shown += [(at,) for at in range(len(made.atoms))]
    whole: dict[tuple[int, int], list[int]] = {}
    for at, atom in enumerate(made.atoms):
        if len(atom) == 1:
            whole.setdefault((atom[0].meeting, atom[0].unit), []).append(at)
    found: dict[Ask, list[set[Pair]]] = {}
    for some in (*shown, *whole.values()):
        for ask, pairs in asked(town, made, some).items():
            found.setdefault(ask, []).append(pairs)
            # By itself, and its target by itself wherever one is shown.
            for key in {key for _, key in pairs} & made.targets.keys():
                found[ask].append({pair for pair in pairs if pair[1] == key and (pair[0][0], key) in made.asked})
    return found


@settings(max_examples=120)
@given(towns())
def test_whatever_is_made_of_shown_figures_is_about_nobody_or_five(town: Town) -> None:
    """Answers that lie in the same shown sets are one class. Whatever sums with whatever factors somebody makes of the shown
    figures, answers of one class count alike in it; so every set of answers he can find the figure of is a union of classes."""
    made, lost = town.publish()
    for sets in bases(town, made).values():
        classes: dict[tuple[bool, ...], set[Person]] = {}
        for pair in frozenset[Pair]().union(*sets):
            classes.setdefault(tuple(pair in each for each in sets), set()).add(pair[0])
        assert all(len(people) >= FEWEST for people in classes.values()), classes
    sizes = Counter({leaf.meeting: 0 for atom in made.atoms for leaf in atom})
    for leaf in {(leaf.meeting, leaf.groups, leaf.ballots) for atom in made.atoms for leaf in atom}:
        sizes[leaf[0]] += leaf[2]
    assert sum(sizes.values()) + lost == sum(each.returned - each.spoiled for each in made.meetings)
    assert not made.atoms or read(parts(made)) == made


@settings(max_examples=60)
@given(towns())
def test_every_sum_of_any_tree_is_the_sum_of_what_was_marked(town: Town) -> None:
    made, _lost = town.publish()
    roll = RollUp(made)
    for unit in town.above:
        for some in (roll.atoms(unit), roll.about(unit)):
            sets = asked(town, made, some)
            for ask, total in roll.sums(some).items():
                marked = (town.marks.get((person, key, ask.question)) for person, key in sets[ask])
                assert total.counts == Counter(answer for answer in marked if answer is not None)
                # Spoiled forms of meetings too small to tell of them are blank.
                assert total.slots >= len(sets[ask])


def town_of(*meetings: Gathered, above: dict[int, int | None] | None = None) -> Town:
    """Three units below a committee, and meetings in which everybody answered the first question alike."""
    counts = {(one.held.id, group): tuple(Count(key, "a", 0, n) for key in one.sections if n) for one in meetings for group, n in one.returned.items()}
    return Town(above or {1: None, 2: 1, 3: 1, 4: 1}, list(meetings), counts, {})


def test_a_small_meeting_beside_a_shown_one_stays_out() -> None:
    """Joined with the other it would be what is left when that is taken away."""
    made, lost = town_of(meeting_of(1, 2, {"u2": "u0"}, [3]), meeting_of(2, 3, {"u3": "u0"}, [20])).publish()
    assert lost == 3 and [[leaf.meeting for leaf in atom] for atom in made.atoms] == [[2]]


def test_three_people_who_rate_many_units_are_three() -> None:
    many = {f"u{n % 3 + 2}{n}": "u0" for n in range(22)}
    made, lost = town_of(meeting_of(1, 1, many, [3]), meeting_of(2, 2, {"u2": "u0"}, [1])).publish()
    assert (lost, made.atoms, made.marks) == (4, (), ())
    made, lost = town_of(meeting_of(1, 1, many, [3]), meeting_of(2, 2, {"u2": "u0"}, [2])).publish()
    joined = RollUp(made).sums((0,))[Ask(Audience.UNIT, 1, "u0", "a")]
    assert lost == 0 and (joined.slots, joined.counts[0]) == (3 * 22 + 2, 68)


def test_a_section_that_few_were_asked_in_is_in_no_file_though_their_meeting_is_joined() -> None:
    """The only retired member of three small branches: four people were asked about him."""
    town = town_of(meeting_of(1, 2, {"u2": "u0", "m20": "m1"}, [4]), meeting_of(2, 3, {"u3": "u0"}, [3]), meeting_of(3, 4, {"u4": "u1"}, [2]))
    made, lost = town.publish()
    assert {mark.section for mark in made.marks} == {pool.section for pool in made.pools} == {"u0"}
    # Whoever was asked nothing that is shown is in no atom.
    assert (lost, [[leaf.meeting for leaf in atom] for atom in made.atoms]) == (2, [[1, 2]])
    more = town_of(*town.meetings, meeting_of(4, 4, {"u4": "u1", "m40": "m1"}, [3])).publish()[0]
    assert {mark.section for mark in more.marks} == {"u0", "u1", "m1"} and len(more.atoms) == 1


def test_a_group_of_few_is_told_apart_nowhere() -> None:
    made, _ = town_of(meeting_of(1, 2, {"u2": "u0"}, [9, 2, 0])).publish()
    assert [leaf.groups for atom in made.atoms for leaf in atom] == [NAMES[:2]]
    empty, lost = town_of(meeting_of(1, 2, {"u2": "u0"}, [0, 0])).publish()
    assert (empty.atoms, lost, empty.meetings[0].returned) == ((), 0, 0)


def test_groups_in_another_order_are_the_same_groups() -> None:
    other = replace(meeting_of(2, 3, {"u3": "u0"}, [2, 9]), names={0: NAMES[1], 1: NAMES[0]})
    roll = RollUp(town_of(meeting_of(1, 2, {"u2": "u0"}, [9, 2]), other, meeting_of(3, 4, {"u4": "u0"}, [5, 5])).publish()[0])
    assert roll.groups(roll.atoms(1)) == {NAMES[:2]: (0, 1), NAMES[:1]: (2,), NAMES[1:2]: (3,)}


def test_one_who_was_rated_in_two_units_has_the_answers_of_each_by_themselves(house: House) -> None:
    """Guards: a mark of the first unit counted against the slots of the second."""
    town = Township(house)
    first, last = town.branches[3], town.branches[5]
    town.hold_one(first, (9, 2))
    with house.store.write() as db:
        moved = db.execute(select(MemberRow.id).where(MemberRow.unit_id == first.unit).limit(1)).scalar_one()
        db.execute(update(MemberRow).where(MemberRow.id == moved).values(unit_id=last.unit))
    town.hold_one(last, (5, 5))
    roll = RollUp(town.look().made)
    for branch, key in ((first, f"m{moved}"), (last, f"m{moved}.{last.unit}")):
        marks = sum(branch.marks.values(), Counter[tuple[str, str, int]]())
        assert key in roll.own(branch.unit)
        for ask, total in roll.by_target(roll.about(branch.unit))[key].items():
            assert total.counts == Counter({a: n for (t, q, a), n in marks.items() if (t, q) == (f"m{moved}", ask.question)})
            assert total.slots == branch.returned and total.blank == total.slots - total.counts.total()
    assert read(parts(roll.made)) == roll.made


@on_sqlite
def test_a_spoiled_form_of_a_small_meeting_is_told_of_nobody(house: House) -> None:
    """Guards: `returned` less the ballots of its leaf, or the accounting of a unit less those of the others."""
    town = Township(house)
    for branch, sizes in zip(town.branches, town.SIZES, strict=True):
        town.hold_one(branch, sizes)
    before = town.preview()
    with house.store.write() as db:
        for branch in town.branches[:2]:
            assert keyings.add_spoils(db, branch.meeting, kept.get(db, branch.meeting).groups[0].id, Spoil.TORN, forms=2)
    found = town.preview()
    shown, small = found.made.meetings[:2]
    assert (shown.returned, shown.spoiled, small.returned, small.spoiled) == (15, 2, 5, 0)
    leaves = {leaf.meeting: leaf.ballots for atom in found.made.atoms if len(atom) > 1 for leaf in atom}
    assert leaves[small.id] == small.returned and found.lost == before.lost
    whole = RollUp(found.made).accounting(town.tree.root)
    assert (whole.returned - whole.spoiled) == before.made.meetings[0].returned + sum(m.returned for m in found.made.meetings[1:])


@on_sqlite
def test_a_questionnaire_that_asks_others_elsewhere_has_all_its_scales(house: House) -> None:
    town = Township(house)
    for branch in (town.branches[0], town.branches[3]):
        town.hold_one(branch, (6, 7))
    with house.store.write() as db:
        body = db.execute(select(PaperRow.body).where(PaperRow.meeting_id == town.branches[3].meeting)).scalars().first()
        paper = read_paper(body or "")
        sections = tuple(
            replace(each, key=f"{each.key}_2", questions=tuple(replace(q, scale=q.scale and f"{q.scale}_2") for q in each.questions))
            for each in paper.sections
        )
        other = replace(
            paper, sections=sections, scales=tuple(replace(each, key=f"{each.key}_2") for each in paper.scales),
            targets=tuple(replace(each, section=f"{each.section}_2") for each in paper.targets),
        )  # fmt: skip
        db.execute(update(PaperRow).where(PaperRow.meeting_id == town.branches[3].meeting).values(body=other.as_json()))
    (form,) = town.preview().made.forms.values()
    rated = [question for section in form.sections for question in section.questions if question.kind is Kind.RATING]
    assert {form.scale(question).key for question in rated} == {scale.key for scale in form.scales} and len(form.scales) > 1


def test_a_preview_is_named_without_its_counts() -> None:
    """Or whoever noted its digest tries out what few people can have marked, until it fits."""
    one = meeting_of(1, 2, {"u2": "u0"}, [3])
    made = town_of(one, meeting_of(2, 3, {"u3": "u0"}, [3])).publish()[0]
    other = replace(made, marks=(made.marks[0]._replace(ballots=5), made.marks[0]._replace(answer=1, ballots=1)))
    assert looked_at(made) == looked_at(other) and digest(parts(made)) != digest(parts(other))
    assert looked_at(made) != looked_at(replace(made, meetings=(made.meetings[0]._replace(seal="1" * 64), made.meetings[1])))
