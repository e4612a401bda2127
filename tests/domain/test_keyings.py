"""Forms on paper: what may be typed, what it means, where two readings differ."""

import pytest

from survey.domain.ballots import Marks
from survey.domain.keyings import Reading, Spoil, differences, lines, pack_reading, read_form, shown, unpack_reading
from survey.domain.papers import Paper, targets, used
from survey.domain.questionnaires import BLANK
from survey.domain.refusals import BadForm
from survey.domain.units import Member, Unit, UnitKind
from tests.web.towns import CHINESE, own_form


@pytest.fixture
def paper() -> Paper:
    """A paper with every kind of question: ratings, scores, words, choices, numbers, a day, and one that hangs on another."""
    form = own_form(CHINESE)
    people = [Member(i, 1, name) for i, name in enumerate(CHINESE.people)]
    chosen = targets(form, [(Unit(1, None, UnitKind.BRANCH, CHINESE.branches[0]), people)])
    sections, scales = used(form, chosen)
    return Paper(7, 3, CHINESE.meeting, CHINESE.groups[0], form.title, "0" * 64, chosen, sections, scales, True)


def all_blank(paper: Paper) -> dict[str, str]:
    """Every line keyed as empty."""
    blank = {"rating": "0", "choice": "0", "opinion": ""}
    return {asked.field: blank.get(asked.question.kind.value, "-") for asked in lines(paper)}


def field(paper: Paper, key: str) -> str:
    """The first line that asks the question with this key."""
    return next(asked.field for asked in lines(paper) if asked.question.key == key)


def wrong(paper: Paper, **typed: str) -> dict[str, str]:
    """Why lines are refused, by question key."""
    with pytest.raises(BadForm) as refused:
        read_form(paper, all_blank(paper) | {field(paper, key): text for key, text in typed.items()})
    return {key: refused.value.facts["wrong"][field(paper, key)] for key in typed}  # type: ignore[index]


def read(paper: Paper, **typed: str) -> Reading:
    return read_form(paper, all_blank(paper) | {field(paper, key): text for key, text in typed.items()})


def said(paper: Paper, reading: Reading, key: str) -> tuple[str, ...]:
    return shown(paper, reading, next(asked for asked in lines(paper) if asked.question.key == key))


def test_a_form_without_a_tick_is_a_ballot_that_abstains_even_where_a_phone_must_answer(paper: Paper) -> None:
    reading = read(paper)
    assert reading == Reading(Marks(bytes([BLANK]) * len(paper.columns)), {})
    assert reading.marks.is_empty


def test_boxes_are_told_by_their_place_and_candidates_by_all_their_places(paper: Paper) -> None:
    """Guards: the places in domain.keyings._given; option 1 is the first box and not the code 1."""
    reading = read(paper, a="2", b="７0", d="4", f="2", c=" 灯再亮一些 ", l="13", i="12", k="2026-09-18")
    assert said(paper, reading, "a") == ("较好",) and said(paper, reading, "d") == ("说不清",)
    assert said(paper, reading, "b") == ("70",) and said(paper, reading, "f") == ("班车",)
    assert said(paper, reading, "l") == ("路灯", "别的话") and said(paper, reading, "c") == ("灯再亮一些",)
    assert said(paper, reading, "i") == ("12",) and said(paper, reading, "g") == ()


def test_what_the_form_has_no_box_for_is_refused_line_by_line(paper: Paper) -> None:
    assert wrong(paper, a="6", d="满", f="3", l="14", b="101", j="-41", k="十八日") == {
        "a": "option", "d": "option", "f": "option", "l": "option", "b": "value", "j": "value", "k": "value",
    }  # fmt: skip
    assert wrong(paper, a="", b=" ") == {"a": "empty", "b": "empty"}


def test_several_ticks_and_too_many_or_too_few_candidates_spoil_the_answer_and_no_other(paper: Paper) -> None:
    reading = read(paper, a="x", f="12", l="2", d="1", b="×")
    kept = {key: reading.spoiled.get(field(paper, key)) for key in ("a", "b", "d", "f", "l")}
    assert kept == {"a": Spoil.MARKS, "b": Spoil.MARKS, "d": None, "f": Spoil.MARKS, "l": Spoil.TICKS}
    assert said(paper, reading, "d") == ("好",) and said(paper, reading, "f") == () == said(paper, reading, "l")


def test_what_was_not_asked_is_neither_answered_nor_spoiled(paper: Paper) -> None:
    """h is asked only after the second or third answer to a."""
    assert said(paper, read(paper, a="2", h="1"), "h") == ("慢",)
    assert said(paper, read(paper, a="1", h="1"), "h") == ()
    assert read(paper, a="1", h="x").spoiled == {} != read(paper, a="3", h="x").spoiled


def test_two_readings_differ_where_they_say_other_things_and_spaces_say_nothing(paper: Paper) -> None:
    first = read(paper, a="2", c="灯 再亮一些", d="x", f="1")
    assert differences(paper, first, read(paper, a="2", c="灯再亮一些 ", d="x", f="1")) == ()
    second = read(paper, a="3", c="灯再亮一点", d="0", f="1")
    assert differences(paper, first, second) == tuple(field(paper, key) for key in ("a", "c", "d"))


def test_a_reading_comes_back_out_of_its_bytes_and_all_are_as_long(paper: Paper) -> None:
    readings = [read(paper), read(paper, a="x", c="灯" * 900, l="123", k="2026-09-18")]
    packed = [pack_reading(paper, reading, 7) for reading in readings]
    assert [unpack_reading(paper, plain) for plain in packed] == [(reading, 7) for reading in readings]
    assert len({len(plain) for plain in packed}) == 1


def test_names_beside_the_candidates_are_keyed_behind_their_ticks(paper: Paper) -> None:
    """Guards: domain.keyings._named; one may be chosen of two candidates or written."""
    reading = read(paper, f="周 八")
    assert said(paper, reading, "f") == ("周八",) and reading.spoiled == {}
    again = unpack_reading(paper, pack_reading(paper, reading, 7))[0]
    assert again == reading and differences(paper, reading, read(paper, f="周八")) == ()
    assert differences(paper, reading, read(paper, f="周九")) == (field(paper, "f"),)
    assert read(paper, f="1 周八").spoiled == {field(paper, "f"): Spoil.TICKS}
    assert read(paper, f="周八、郑十").spoiled == {field(paper, "f"): Spoil.TICKS}
    assert wrong(paper, f="9 周八") == {"f": "option"} and wrong(paper, f=CHINESE.words[14]) == {"f": "name"}
