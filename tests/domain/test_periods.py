"""Half-years and years: what lies in them, and which questions of several rounds are one."""

from dataclasses import replace

from survey.domain.periods import around, covers, is_summed, totals, within
from survey.domain.publications import Form, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme


def test_a_quarter_lies_in_its_half_and_both_in_their_year() -> None:
    assert within("2026H1") == ("2026Q1", "2026Q2", "2026H1")
    assert within("2026Y") == ("2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026H1", "2026H2", "2026Y")
    assert covers("2026H2", "2026Q3") and not covers("2026H2", "2026Q2") and not covers("2026H2", "2026Y") and not covers("2026Y", "2027Q1")
    assert around(["2026Q2", "2026Y", "2025Q4"]) == ("2026Y", "2026H1", "2025Y", "2025H2") and around([]) == ()
    assert [key for key in ("2026H1", "2026Y", "2026Q1", "2026", "H1", "0000Y", "２０２６Y", "2026H3", "99999Y") if is_summed(key)] == ["2026H1", "2026Y"]


def made(text: str, labels: tuple[str, ...] = ("好", "差"), key: str = "s") -> Publication:
    """A publication that asks one question of units."""
    options = tuple(Option(code, label, (Role.SATISFIED, Role.UNSATISFIED)[code]) for code, label in enumerate(labels))
    section = Section(key, "", Audience.UNIT, (Question("q", Kind.RATING, text, scale="two"),))
    form = Form("", (section,), (Scale("two", "", options),))
    return Publication(1, "", "2026Q1", "", Scheme(), (), {1: form}, (), (), {}, {}, (), ())


def asked(publication: Publication, slots: int, *counts: int) -> tuple[Publication, dict[Ask, Sum]]:
    section = publication.forms[1].sections[0].key
    total = Sum(slots)
    total.counts.update(dict(enumerate(counts)))
    return publication, {Ask(Audience.UNIT, 1, section, "q"): total}


def test_only_questions_with_the_same_words_and_the_same_answers_are_added_up() -> None:
    turns = [asked(made("班子"), 9, 5, 3), asked(made("班子", key="other"), 7, 6), asked(made("队伍"), 8, 8), asked(made("班子", ("好", "很差")), 6, 1)]
    found = [(same.text, len(same.options), total.sum.slots, dict(total.sum.counts), total.turns) for same, total in totals(turns).items()]
    assert found == [("班子", 2, 16, {0: 11, 1: 3}, [0, 1]), ("队伍", 2, 8, {0: 8}, [2]), ("班子", 2, 6, {0: 1}, [3])]
    assert sum(total.sum.blank for total in totals(turns).values()) == 9 + 7 + 8 + 6 - 8 - 6 - 8 - 1


def test_answers_that_earn_other_points_are_other_answers_and_a_round_that_asks_by_two_forms_counts_once() -> None:
    plain = made("班子")
    harder = replace(plain, scheme=Scheme(points=(("two", 1, 20.0),)))
    assert [total.turns for total in totals([asked(plain, 9, 5), asked(harder, 9, 5)]).values()] == [[0], [1]]
    twice = replace(plain, forms={1: plain.forms[1], 2: plain.forms[1]})
    both = {Ask(Audience.UNIT, form, "s", "q"): Sum(4) for form in (1, 2)}
    assert [(total.turns, total.sum.slots) for total in totals([(twice, both)]).values()] == [([0], 8)]
