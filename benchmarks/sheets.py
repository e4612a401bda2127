"""Sheets of a published round: what a branch, a member, an overview and a workbook cost in a city's, on one core.

7,000 branches, each rated by three groups; some of them, those printed, with 24 members. Whoever sees all of it prints, so that every
sheet puts its branch beside its sisters and its sector.
"""

import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from flask import Flask

from survey.actions.questionnaires import library
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Form, Held, Leaf, Mark, Named, Place, Publication
from survey.domain.questionnaires import Audience, Section
from survey.domain.rounds import Scheme
from survey.web.board.roll_ups import Reading
from survey.web.board.round_sheets import Frame, branch_pdf, branch_word, member_pdf, member_word, overview_pdf
from survey.web.board.round_workbooks import workbook
from survey.web.languages import speak

BRANCHES, MEMBERS, PRINTED = 7_000, 24, 20
CITY, A_HEAD = 7_079, 10
GROUPS = ("群众代表", "党员", "服务对象")
# Ballots that gave each answer, in each group.
MARKED = (8, 3, 1, 1)
_FIRST = 10_000
Thing = TypeVar("Thing", int, str)


def main() -> None:
    """Print what each kind of sheet takes, and all branches of a city."""
    begun = time.perf_counter()
    made = publication()
    reading = Reading(FrozenRoll.of(made))
    frame = Frame("0" * 64, date(2026, 10, 9), (), lambda _unit: True)
    app = Flask(__name__)
    speak(app)
    with app.app_context():
        keys = [f"m{unit}00" for unit in islice(_printed(), PRINTED)]
        units = [*_printed()]
        first = _timed(lambda unit: branch_pdf(reading, unit, frame), units[:1])
        print(f"a city of {BRANCHES:,} branches read in {time.perf_counter() - begun:.1f} s, its first sheet in {first:.2f} s")
        a_branch = _timed(lambda unit: branch_pdf(reading, unit, frame), units[1:])
        print(f"sheet of a branch of {MEMBERS} members as PDF: {a_branch:.3f} s; of {CITY:,} on 2 cores: {a_branch * CITY / 2 / 60:.0f} min")
        print(f"sheet of a branch as Word: {_timed(lambda unit: branch_word(reading, unit, frame), units[1:]):.3f} s")
        print(f"sheet of a member as PDF: {_timed(lambda key: member_pdf(reading, key, frame), keys[1:]):.3f} s")
        print(f"sheet of a member as Word: {_timed(lambda key: member_word(reading, key, frame), keys[1:]):.3f} s")
        print(f"overview of the city as PDF: {_timed(lambda unit: overview_pdf(reading, unit, frame), [1]):.3f} s")
        print(f"workbook of a branch: {_timed(lambda unit: workbook(reading, unit, frame), units[1:4]):.3f} s")
        print(f"workbook of the city: {_timed(lambda unit: workbook(reading, unit, frame), [1]):.3f} s")


def publication() -> Publication:
    """A city's round, published."""
    found = library()["five_goods_five_leads"]
    form = Form(found.title, tuple(each for each in found.sections if each.audience is not Audience.GENERAL), found.scales)
    unit, member = (next(each for each in form.sections if each.audience is which) for which in (Audience.UNIT, Audience.MEMBER))
    heads = [Place(2 + n, 1, "general_branch", f"第{n + 1}党总支") for n in range(-(-BRANCHES // A_HEAD))]
    leaves = [Place(_FIRST + n, 2 + n // A_HEAD, "branch", f"第{n + 1}支部", "rural") for n in range(BRANCHES)]
    held = tuple(Held(n, leaf.id, f"{leaf.name}评议会", "2026-09-18", 1, (leaf.id,), 50, 40, 39, 39, 0, "0" * 64) for n, leaf in enumerate(leaves, start=1))
    atoms = tuple((Leaf(each.id, each.unit, (group,), sum(MARKED)),) for each in held for group in GROUPS)
    printed = set(_printed())
    targets = {f"u{leaf.id}": Named(leaf.name, "", leaf.id) for leaf in leaves}
    targets |= {f"m{leaf}{n:02}": Named(f"张{n:02}", "在职党员", leaf) for leaf in printed for n in range(MEMBERS)}
    meeting = {each.unit: each.id for each in held}
    asked = {(meeting[named.unit], key): (unit if key.startswith("u") else member).key for key, named in targets.items()}
    marks = tuple(mark for key, named in targets.items() for mark in _marks(key, unit if key.startswith("u") else member, meeting[named.unit], named.unit))
    return Publication(7, "2026 年第三季度评议", "2026Q3", "1.0", Scheme(), (Place(1, None, "committee", "某市委"), *heads, *leaves), {1: form}, held, atoms, targets, asked, (), marks)


def _printed() -> range:
    return range(_FIRST, _FIRST + PRINTED)


def _marks(key: str, section: Section, meeting: int, unit: int) -> list[Mark]:
    first = (meeting - 1) * len(GROUPS)
    return [
        Mark(first + group, unit, key, 1, section.key, question.key, code, ballots)
        for group in range(len(GROUPS))
        for question in section.questions
        for code, ballots in enumerate(MARKED)
    ]


def _timed(make: Callable[[Thing], bytes], things: Sequence[Thing]) -> float:
    """Seconds of one core that one of them takes."""
    begun = time.process_time()
    for each in things:
        make(each)
    return (time.process_time() - begun) / len(things)
