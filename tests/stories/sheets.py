"""The sheet that a branch or a member takes away, in PDF and in Word, against figures by hand."""

import io
import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import docx
import pypdfium2

from tests.stories.truths import QUESTIONS, Cells, Key, Round, Truth, figures
from tests.townships_for_tests import GROUPS, Branch

PRESENT, DUE = 20, 40
VERDICTS = {"satisfied": "满意", "basic": "基本满意以上", "below": "未达到"}


def check_sheet(truth: Truth, one: Round, branch: Branch, key: str, past: dict[Key, Cells], said: list[str]) -> None:
    """The sheet of a branch that is shown by itself, or of one of its members."""
    rows = dict(truth.rows(one))
    wanted = [*_questions(truth, branch, key), *_groups(truth, branch, key, rows), *_past(branch, key, rows, past)]
    if key.startswith("u"):
        wanted += [*_beside(truth, one, branch), f"1 {DUE} {PRESENT} {branch.returned} {branch.returned} 100.00 {Decimal(100 * branch.returned) / DUE:.2f}"]
        wanted += [_side_by_side(rows, branch, f"m{each}") for each in truth.members[branch.unit]]
    elif len(truth.members[branch.unit]) > 1:
        together = rows[branch.unit, "own", "m*", "", ""]
        wanted.append(f"本支部 {len(truth.members[branch.unit])} 名党员合计 {' '.join((together[7], together[8], together[1]))}")
    assert [each for each in wanted if not any(line == each or line.endswith(f" {each}") for line in said)] == [], said


def lines(body: bytes) -> list[str]:
    """What is read in a file, line by line; the row of a table of Word is one."""
    if body.startswith(b"%PDF"):
        file = pypdfium2.PdfDocument(body)
        found = [line for page in file for line in page.get_textpage().get_text_range().splitlines()]
        file.close()
    else:
        document = docx.Document(io.BytesIO(body))
        found = [paragraph.text for paragraph in document.paragraphs]
        found += [" ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return [re.sub(r"[▼▽]", "", line) for line in found]


def _questions(truth: Truth, branch: Branch, key: str) -> Iterable[str]:
    whole, slots = Counter[int](), 0
    for question in (*QUESTIONS[key[0]], ""):
        marks, most = truth.marks([(branch, GROUPS, [key])], question) if question else (whole, slots)
        whole, slots = (whole + marks, slots + most) if question else (whole, slots)
        cells = figures(marks, most)
        yield " ".join([*(str(marks[answer]) for answer in range(4)), cells[2], *cells[7:9], cells[1]])


def _groups(truth: Truth, branch: Branch, key: str, rows: dict[Key, Cells]) -> Iterable[str]:
    for group, _names in truth.parts(branch)[1:]:
        cells = rows[branch.unit, "own", key, group, ""]
        yield f"{group} {branch.ballots[group]} 票 {cells[7]} {cells[8]} {cells[1]}"


def _beside(truth: Truth, one: Round, branch: Branch) -> Iterable[str]:
    """The units of the same head, and all of them, which are of one sector."""
    near = [each for each in one.shown() if one.heads[each.unit] == one.heads[branch.unit]]
    for what, some in (("同级", near), ("同领域", one.shown())):
        if len(some) == 1:
            continue
        whole = [truth.marks([(each, GROUPS, [f"u{each.unit}"]) for each in some], question) for question in QUESTIONS["u"]]
        cells = figures(sum((marks for marks, _most in whole), Counter()), sum(most for _marks, most in whole))
        yield f"{what} {len(some)} 个单位合计 {cells[7]} {cells[8]} {cells[1]}"


def _past(branch: Branch, key: str, rows: dict[Key, Cells], past: dict[Key, Cells]) -> Iterable[str]:
    now, then = rows[branch.unit, "own", key, "", ""], past.get((branch.unit, "own", key, "", ""))
    if then is None:
        yield "那一轮没有单独评定，不比"
        return
    moved = [Decimal(now[at]) - Decimal(then[at]) for at in (7, 8)]
    yield f"{now[7]} {now[8]} {now[1]} 满意率 {moved[0]:+}，以上率 {moved[1]:+}"


def _side_by_side(rows: dict[Key, Cells], branch: Branch, key: str) -> str:
    """A member among the others of his branch: every question, all together, and how he is rated."""
    whole = rows[branch.unit, "own", key, "", ""]
    return " ".join([*(rows[branch.unit, "own", key, "", question][7] for question in QUESTIONS["m"]), *whole[7:9], whole[1], VERDICTS[whole[-1]]])
