"""The command: what was asked, checked; the table read, counted and written out; every refusal a sentence."""

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from analysis.ballots import MOST_CODES, Columns, read
from analysis.files import write
from analysis.refusals import Refused
from analysis.results import Results, results
from analysis.satisfaction import Base, Level, Role, Scale
from analysis.tables import rows
from analysis.tally import Ballots, tally

REFUSED = 2


@dataclass
class Progress:
    """One line on a terminal that is written over; nothing at all when nobody looks at it."""

    seen: bool
    last: float = 0.0

    def say(self, text: str) -> None:
        """Show the text, at most ten times a second."""
        now = time.monotonic()
        if self.seen and now - self.last > 0.1:
            self.last = now
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self.seen:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def main(arguments: Sequence[str]) -> int:
    """Run the command; 0 when everything is written, 2 when it is refused and nothing is."""
    for stream in (sys.stdout, sys.stderr):
        # A Chinese sentence must not fail on a machine whose locale is C.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    progress = Progress(sys.stderr.isatty())
    try:
        scale = scale_of(asked)
        columns = Columns(asked.items, asked.unit, asked.member, asked.group, asked.count)
        found, ballots = _counted(asked, columns, scale, progress)
        charts = write(found, Path(asked.out), title=Path(asked.file).stem, charts=not asked.no_charts, watch=progress.say)
    except Refused as refused:
        progress.clear()
        sys.stderr.write(f"{refused.chinese}\n{refused.english}\n")
        return REFUSED
    progress.clear()
    sys.stdout.write(_summary(found, ballots, columns, charts, asked.out))
    return 0


def scale_of(asked: argparse.Namespace) -> Scale:
    """The scale that the options describe.

    Raises
    ------
    Refused
        The options contradict each other.
    """
    levels, satisfied, basic = (_listed(text, name) for text, name in (
        (asked.levels, "--levels"), (asked.satisfied, "--satisfied"), (asked.basic, "--basic")))
    unknown = asked.dont_know
    for name, some in (("--satisfied", satisfied), ("--basic", basic)):
        for code in some:
            if code not in levels:
                raise Refused(f"{name} 里的“{code}”不在 --levels 里。请补上或改正。",
                              f"“{code}” in {name} is not in --levels. Please add or mend it.")
    both = [code for code in basic if code in satisfied]
    if both:
        raise Refused(f"“{both[0]}”既在 --satisfied 里，又在 --basic 里。请只留一处。",
                      f"“{both[0]}” is in --satisfied and in --basic. Please keep one of them.")
    if unknown is not None and (unknown in levels or not unknown.strip()):
        raise Refused(f"--dont-know 的“{unknown}”是空白，或者已在 --levels 里。请改用另一个回答。",
                      f"“{unknown}” of --dont-know is blank or also in --levels. Please name another answer.")
    if len(levels) >= MOST_CODES:
        raise Refused(f"--levels 最多 {MOST_CODES - 1} 级。请减少。", f"--levels holds at most {MOST_CODES - 1} levels.")
    points = _points(asked.points, len(levels))
    roles = [Role.SATISFIED if c in satisfied else Role.BASIC if c in basic else Role.UNSATISFIED for c in levels]
    made = [Level(code, code, role, point) for code, role, point in zip(levels, roles, points, strict=True)]
    if unknown is not None:
        made.append(Level(unknown, unknown, Role.UNKNOWN))
    return Scale(tuple(made), Base(asked.base))


def _listed(text: str | None, name: str) -> list[str]:
    if text is None:
        return []
    try:
        found = [each.strip() for each in next(csv.reader([text], skipinitialspace=True, strict=True), [])]
    except csv.Error:
        found = [""]
    if not found or "" in found or len(set(found)) < len(found):
        raise Refused(f"{name} 写的是“{text}”：要用半角逗号隔开，每一级写一次，不能空着。",
                      f"{name} reads “{text}”: separate the levels by commas, each once and none of them empty.")
    return found


def _points(text: str | None, size: int) -> list[Decimal | None]:
    if text is None:
        return [None] * size
    try:
        found = [Decimal(each.strip()) for each in text.split(",")]
    except InvalidOperation:
        found = []
    if not found or not all(each.is_finite() and abs(each) < 10**9 and each.adjusted() > -10 for each in found):
        raise Refused(f"--points 写的是“{text}”：每一级要写一个数，用半角逗号隔开。",
                      f"--points reads “{text}”: write one number for each level, separated by commas.")
    if len(found) != size:
        raise Refused(f"--points 有 {len(found)} 个数，--levels 有 {size} 级。请写成一样多。",
                      f"--points has {len(found)} numbers and --levels {size} levels. Please give one for each.")
    return list(found)


def _counted(asked: argparse.Namespace, columns: Columns, scale: Scale, progress: Progress) -> tuple[Results, Ballots]:
    answers = [level.code for level in scale.levels]
    table = rows(Path(asked.file))
    items, ballots = read(table, columns, answers=answers,
                          watch=lambda row: progress.say(f"正在读取第 {row} 行 / reading row {row}"))
    valid = [answers.index(level.code) for level in scale.based]
    counted = tally(ballots, codes=len(answers), valid=valid)
    found = results(ballots.atoms, counted, items=items, scale=scale, fewest=asked.fewest)
    return replace(found, ends=asked.trim_ends), ballots


def _summary(found: Results, ballots: Ballots, columns: Columns, charts: int, out: str) -> str:
    size, items = int(found.blocks[0].tally.ballots[0]), len(found.items)
    lines = [f"已计 {size} 张票、{items} 题，结果在 {out}（satisfaction.csv、satisfaction.xlsx、{charts} 张图）。",
             f"Counted {size} ballots on {items} items; the results are in {out} (satisfaction.csv, satisfaction.xlsx, "
             f"{charts} charts)."]
    for place, name in enumerate(columns.keys):
        bare = [at for at, atom in enumerate(ballots.atoms) if not atom[place]]
        many = sum(int((ballots.atom == at).sum()) for at in bare) if name and len(bare) < 1000 else 0
        if many:
            lines += [f"有 {many} 行没有填“{name}”，只计入上一级的合计。",
                      f"{many} rows have a blank “{name}”; they count in the totals above only."]
    return "\n".join(lines) + "\n"


def _fewest(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise argparse.ArgumentTypeError(f"“{text}” 不是不小于 0 的整数 / is not a whole number of 0 or more")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m analysis", allow_abbrev=False,
        description="从评议表算出满意率，写出表格、工作簿和图。Satisfaction figures, workbook and charts from a table: one row "
        "per ballot (many item columns), one row per rating (one item column), or counts (--count). Cells are compared "
        "as text; a cell of spaces is blank; a blank unit, member or group counts in the totals above it only.")
    parser.add_argument("file", metavar="FILE", help=".csv (UTF-8 or GB18030) or .xlsx (its first sheet); row 1 is the header")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the results; made if it is not there")
    parser.add_argument("--items", required=True, metavar="GLOB", help="the columns with answers, such as 'Q*'")
    parser.add_argument("--levels", required=True, metavar="A,B,…", help="the answers, best first")
    parser.add_argument("--satisfied", required=True, metavar="A,…", help="which of them count as satisfied (narrow)")
    parser.add_argument("--basic", metavar="B,…", help="which count as basically satisfied; without it wide equals narrow")
    parser.add_argument("--dont-know", metavar="X", help="the answer that takes no side")
    parser.add_argument("--base", choices=[each.value for each in Base], default=Base.VALID.value,
                        help="denominator: valid answers with --dont-know (valid, the default) or without it (known)")
    parser.add_argument("--points", metavar="N,…", help="points of each level, in the order of --levels")
    parser.add_argument("--trim-ends", action="store_true",
                        help="scores leave out one highest and one lowest where more than five are given")
    parser.add_argument("--no-charts", action="store_true", help="figures only: pictures of thousands of units take an hour")
    for name in ("unit", "member", "group", "count"):
        parser.add_argument(f"--{name}", metavar="COL", help=f"the column with the {name}")
    parser.add_argument("--fewest", type=_fewest, default=5, metavar="N", help="fewer ballots are not shown (default 5)")
    return parser
