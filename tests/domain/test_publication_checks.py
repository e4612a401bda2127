"""A file of a published round whose digests fit but whose sums do not is refused, and nothing odd gets through to a figure."""

import csv
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from survey.domain.hand_ins import NotWhole
from survey.domain.publication_files import COUNTS, MANIFEST, ROUND, digest
from survey.domain.publication_readings import opened
from survey.domain.publications import Form, Held, Leaf, Mark, Named, Place, Pool, Publication
from survey.domain.questionnaires import Audience, Kind, Option, Question, Role, Scale, Section
from survey.domain.roll_ups import RollUp
from survey.domain.rounds import Scheme
from survey.office.figure_tables import table
from tests.publications_for_tests import parts, read

SCALE = Scale("s", "满意度", (Option(0, "满意", Role.SATISFIED, 100), Option(1, "不满意", Role.UNSATISFIED, 0)))
ABOUT_UNIT = Section("u", "支部", Audience.UNIT, (Question("a", Kind.RATING, "班子", "s"), Question("b", Kind.SCORE, "打分")))
ABOUT_MEMBER = Section("m", "党员", Audience.MEMBER, (Question("c", Kind.RATING, "带头", "s"),))
ROOT, FIRST, SECOND, THIRD = 1, 2, 3, 4



def held(id_: int, unit: int, returned: int) -> Held:
    return Held(id_, unit, "评议会", "2026-09-01", 1, (unit,), 20, 10, 10, returned, 0, "0" * 64)


def a_round() -> Publication:
    """Two branches that show themselves, in which the same person was rated, for he moved; two that are joined."""
    return Publication(
        1, "评议", "2026Q3", "1.0", Scheme(),
        (Place(ROOT, None, "committee", "党委"), *(Place(n, ROOT, "branch", f"{n}支部") for n in (FIRST, SECOND, THIRD, 5))),
        {1: Form("卷", (ABOUT_UNIT, ABOUT_MEMBER), (SCALE,))},
        (held(11, FIRST, 9), held(12, SECOND, 6), held(13, THIRD, 3), held(14, 5, 4)),
        ((Leaf(11, FIRST, ("群众",), 9),), (Leaf(12, SECOND, ("群众",), 6),), (Leaf(13, THIRD, ("群众",), 3), Leaf(14, 5, ("群众",), 4))),
        {"u2": Named("2支部", "", FIRST), "u3": Named("3支部", "", SECOND), "m7": Named("张三", "", FIRST), "m7.3": Named("张三", "", SECOND)},
        {(11, "u2"): "u", (11, "m7"): "m", (12, "u3"): "u", (12, "m7.3"): "m"},
        (Pool(2, "u*", 1, "u", 7), Pool(2, "m*", 1, "m", 14)),
        (Mark(0, FIRST, "m7", 1, "m", "c", 0, 9), Mark(0, FIRST, "u2", 1, "u", "a", 0, 5), Mark(0, FIRST, "u2", 1, "u", "b", 90, 2),
         Mark(1, SECOND, "m7.3", 1, "m", "c", 1, 6), Mark(2, 0, "m*", 1, "m", "c", 0, 14), Mark(2, 0, "u*", 1, "u", "a", 1, 7)),
    )  # fmt: skip


def forged(name: str, change: Callable[[Any], object]) -> dict[str, bytes]:
    """One part changed by somebody who knows how the digests are made."""
    written = parts(a_round())
    if name == ROUND:
        body = json.loads(written[ROUND])
        change(body)
        written[ROUND] = json.dumps(body).encode()
    else:
        lines = [line.split(",") for line in written[COUNTS].decode().splitlines()]
        change(lines)
        written[COUNTS] = "".join(",".join(line) + "\r\n" for line in lines).encode(errors="replace")
    listed = json.loads(written[MANIFEST])
    listed["files"] = {each: digest({MANIFEST: written[each]}) for each in (ROUND, COUNTS)}
    return {**written, MANIFEST: json.dumps(listed).encode()}


def put(value: object, *path: Any) -> Callable[[Any], None]:
    """Write a value somewhere inside."""

    def change(body: Any) -> None:
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = value

    return change


def test_a_round_that_fits_is_read_back_and_somebody_who_moved_is_counted_where_he_was_rated() -> None:
    made = a_round()
    assert read(parts(made)) == made
    rows = csv.reader(b"".join(table(RollUp(made))).decode("utf-8-sig").splitlines())
    found = {tuple(row[1:6]): row[10:15] for row in rows if not row[8]}
    # Nine said he is good where he was, six that he is not where he is; seven more ballots had two people on them each.
    assert found["2支部", "own", "m7", "张三", ""] == ["9", "9", "0", "9", "0"]
    assert found["3支部", "own", "m7.3", "张三", ""] == ["6", "6", "0", "0", "0"]
    assert found["党委", "below", "m*", "", ""] == ["29", "29", "0", "23", "0"]


@pytest.mark.parametrize(
    "change",
    [
        put(99, "units", 1, 1), put(None, "units", 1, 1), put(3, "units", 1, 0), put([], "units"), put("2", "units", 1, 0),
        put("x", "forms", "1", "sections", 0, "questions", 0, "scale"), put("general", "forms", "1", "sections", 0, "audience"),
        put("m", "forms", "1", "sections", 0, "key"), put("a", "forms", "1", "sections", 0, "questions", 1, "key"),
        put(9, "meetings", 0, 4), put(99, "meetings", 0, 1), put([99], "meetings", 0, 5), put(-1, "meetings", 0, 6), put(True, "meetings", 0, 6),
        put(8, "meetings", 0, 9), put(10, "meetings", 0, 10), put(12, "meetings", 0, 0),
        put(4, "atoms", 0, 0, 3), put(10, "atoms", 0, 0, 3), put(SECOND, "atoms", 0, 0, 1), put(99, "atoms", 0, 0, 0), put([], "atoms", 0),
        put(5, "atoms", 2, 0, 3), put(FIRST, "atoms", 2, 0, 1), put(0, "atoms", 2, 0, 3),
        put(["张三", "", 99], "targets", "m7"), put(["张三", "", 3], "targets", "g"), put("m", "asked", 0, 2), put("u9", "asked", 0, 1),
        put(0, "pools", 0, 0), put("u2", "pools", 0, 1), put("m", "pools", 0, 3), put(-1, "pools", 0, 4),
        put("no", "scheme", "base"), put(2, "pools", 0, 2),
    ],
)  # fmt: skip
def test_a_round_that_does_not_fit_itself_is_refused(change: Callable[[Any], None]) -> None:
    with pytest.raises(NotWhole) as refused:
        opened(forged(ROUND, change))
    assert (refused.value.why, refused.value.file) in {("unfit", ROUND), ("unreadable", "")}


@pytest.mark.parametrize("change", [put(["张三", "", SECOND], "targets", "m7"), put(12, "asked", 0, 0), put(3, "pools", 0, 4)])
def test_a_round_that_its_counts_do_not_fit_is_refused(change: Callable[[Any], None]) -> None:
    with pytest.raises(NotWhole) as refused:
        opened(forged(ROUND, change))
    assert (refused.value.why, refused.value.file) == ("unfit", COUNTS)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ((1, 0), "1"), ((1, 0), "9"), ((1, 0), "-1"), ((1, 1), "3"), ((1, 1), "0"), ((1, 2), "m8"), ((1, 3), "2"), ((1, 4), "u"), ((1, 5), "a"),
        ((1, 6), "2"), ((3, 6), "101"), ((1, 7), "10"), ((1, 7), "0"), ((1, 7), "-3"), ((5, 1), "4"), ((5, 7), "15"), ((6, 7), "8"), ((1, 7), "x"),
    ],
)  # fmt: skip
def test_counts_that_were_not_asked_for_or_are_more_than_the_ballots_are_refused(place: tuple[int, int], text: str) -> None:
    with pytest.raises(NotWhole) as refused:
        opened(forged(COUNTS, put(text, *place)))
    assert (refused.value.why, refused.value.file) in {("unfit", COUNTS), ("unreadable", "")}


def test_whatever_is_read_gives_figures_and_nothing_else_is_ever_raised() -> None:
    """Guards: whatever a file says once it was let in, its sums and every count by itself give the same figures."""
    dice, read_back = Random(17), 0
    odd: tuple[Any, ...] = (None, "", "u", "m7", 0, 1, 2, 3, 5, -1, 10**30, 1.5, True, [], {}, "1", [1, 2], "\ud800")

    def spoil(body: Any) -> None:
        while True:
            keys = list(body) if isinstance(body, dict) else list(range(len(body)))
            if not keys:
                return
            key = dice.choice(keys)
            if isinstance(body[key], dict | list) and dice.random() < 0.85:
                body = body[key]
                continue
            body[key] = dice.choice(odd)
            return

    for n in range(1500):
        file = forged(ROUND, spoil) if n % 3 else forged(COUNTS, lambda lines: put(str(dice.choice(odd)), dice.randrange(1, 7), dice.randrange(8))(lines))
        try:
            made = read(file)
        except NotWhole:
            continue
        read_back += 1
        assert list(table(RollUp(made))) == list(table(opened(file)))
    assert read_back > 50
