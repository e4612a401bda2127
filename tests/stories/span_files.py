"""What a half-year is taken away as: one table, a workbook, paper; every line of them by hand."""

import csv
import io
from collections.abc import Iterator

import openpyxl
from flask.testing import FlaskClient

from tests.stories.ledgers import TEXTS, TURNS, About, Ledger
from tests.stories.scenes import joined
from tests.stories.sheets import lines
from tests.stories.truths import QUESTIONS
from tests.stories.walks import Walk
from tests.stories.years import GIVEN, SURNAMES, Story

SPAN, KINDS = "2026H2", {"u": "单位", "m": "党员"}


def check_span_files(story: Story, client: FlaskClient) -> None:
    """The township's, and a branch's with three members; both rounds told of either."""
    ledger = Ledger(story, frozenset(story.names))
    for unit in (story.truth.root, story.rounds[0].branches[3].unit):
        base = f"/board/periods/{SPAN}/units/{unit}"
        table = client.get(f"{base}/results.csv").get_data().decode("utf-8-sig").splitlines()
        assert [tuple(row) for row in csv.reader(table)][1:] == [*_rows(ledger, unit)]
        walk, about = Walk(ledger, story.truth.root), About(SPAN, unit)
        paper = lines(client.get(f"{base}/report.pdf").data)
        # What stands in large figures is broken into lines.
        said = [*paper, joined(paper).partition("各轮次")[0], *cells_of(client.get(f"{base}/results.xlsx").data)]
        assert [(line, odd) for line in said if (odd := walk.odd("", line, about))] == []
        asked = {each.question for each in walk.told if each.turn == SPAN and each.unit == unit}
        assert asked == {"", *QUESTIONS["u"], *QUESTIONS["m"]}


def _rows(ledger: Ledger, unit: int) -> Iterator[tuple[str, ...]]:
    """All of it, each round, whoever is below, each question."""
    story, is_root = ledger.story, unit == ledger.story.truth.root
    keys = {kind: f"{kind}*" if is_root or kind == "m" else f"u{unit}" for kind in "um"}
    for kind, key in keys.items():
        yield ("合计", story.names[unit], KINDS[kind], "2", *_figures(ledger, SPAN, unit, key))
    for turn in TURNS[:2]:
        yield from (("轮次", turn, KINDS[kind], "1", *_figures(ledger, turn, unit, key)) for kind, key in keys.items())
    if is_root:
        for head in sorted(set(story.rounds[0].heads.values())):
            for kind, key in keys.items():
                yield ("下级单位", story.names[head], KINDS[kind], "2", *_figures(ledger, SPAN, head, key))
    else:
        surname = SURNAMES[list(story.truth.members).index(unit)]
        for given, member in zip(GIVEN, story.truth.members[unit], strict=True):
            yield ("党员", f"{surname}{given}", "党员", "2", *_figures(ledger, SPAN, unit, f"m{member}"))
    for kind, key in keys.items():
        yield from (("题目", TEXTS[question], KINDS[kind], "2", *_figures(ledger, SPAN, unit, key, question)) for question in QUESTIONS[kind])


def _figures(ledger: Ledger, turn: str, unit: int, key: str, question: str = "") -> tuple[str, ...]:
    (found,) = [each for each in ledger.facts[turn, question] if (each.unit, each.key, each.group) == (unit, key, "")]
    return (found.cells[3], f"{int(found.cells[3]) + int(found.cells[4])}", *found.told)


def cells_of(body: bytes) -> Iterator[str]:
    """The rows of all sheets as they would be printed: rates and points with two decimals."""
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    for sheet in book:
        heads: tuple[object, ...] = ()
        for row in sheet.iter_rows(values_only=True):
            heads = heads if any(isinstance(each, int | float) for each in row) else row
            yield " ".join(f"{each:.2f}" if isinstance(each, int | float) and ("率" in f"{head}" or head == "得分") else f"{each}" for head, each in zip(heads or row, row, strict=False) if each is not None)
    book.close()
