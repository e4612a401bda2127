"""Write the results: satisfaction.csv, satisfaction.xlsx and the charts, all of them or nothing."""

import itertools
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from analysis.cells import Cell, csv_line, csv_parts
from analysis.charts import A_PAGE, Bar, Words, pages, png, side_by_side, stacked, svg
from analysis.refusals import Refused
from analysis.report import MOST_ROWS, Plain, Sheet, workbook
from analysis.results import Block, Results, header, rows
from analysis.satisfaction import Scale

MOST_ITEMS: Final = 60
MOST_CHARTED: Final = 250
# Fewer pictures than this are drawn before a second process has started.
WORTH_SHARING: Final = 12
UNSAFE: Final = re.compile(r"[^\w\-（）()]+")


@dataclass(frozen=True)
class Picture:
    """One picture to draw. `members`: members side by side instead of one bar per item."""

    name: str
    words: Words
    bars: tuple[Bar, ...]
    scale: Scale
    members: bool = False
    whole: Bar | None = None


def write(found: Results, out: Path, *, title: str, charts: bool = True, watch: Callable[[str], None] = lambda text: None) -> int:
    """Write everything into a folder of its own, then put it in place; return how many pictures there are.

    Files of an earlier run are replaced; whatever else lies in `out` stays.

    Raises
    ------
    Refused
        The folder cannot be written.
    """
    new = not out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        # Inside `out`, not beside it: the folder above may be another disk, or not ours to write.
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=out) as folder:
            made = Path(folder)
            table = _table(found, made / "satisfaction.csv")
            watch("正在写工作簿 / writing the workbook")
            (made / "satisfaction.xlsx").write_bytes(workbook(_sheets(found, table, title), foot=title))
            pictures = _pictures(found, title) if charts else []
            (made / "charts").mkdir()
            for done, (picture, vector, pixels) in enumerate(_drawn(pictures), start=1):
                watch(f"正在画图 {done} / {len(pictures)} / drawing")
                (made / "charts" / f"{picture.name}.svg").write_bytes(vector)
                (made / "charts" / f"{picture.name}.png").write_bytes(pixels)
            _place(made, out)
    except OSError as error:
        if new and out.is_dir() and not any(out.iterdir()):
            out.rmdir()
        raise Refused(f"写不进文件夹 {out}（{error.strerror}）。请核对路径、权限和磁盘空间。",
                      f"The folder {out} cannot be written ({error.strerror}). Please check path, rights and room.") from None
    return len(pictures)


def _table(found: Results, path: Path) -> list[Sequence[Cell]]:
    """Write all rows of the table, which a city has more of than memory; those that the workbook shows, and one more."""
    kept: list[Sequence[Cell]] = []

    def lines() -> Iterator[str]:
        for row in rows(found):
            if len(kept) <= MOST_ROWS:
                kept.append(row)
            yield csv_line(row)

    with path.open("wb") as file:
        file.writelines(csv_parts(header(found.scale), lines()))
    return kept


def _place(made: Path, out: Path) -> None:
    moved: list[str] = []
    try:
        for name in ("satisfaction.csv", "satisfaction.xlsx", "charts"):
            if (out / name).exists():
                os.replace(out / name, made / f"{name}.before")
            moved.append(name)
            os.replace(made / name, out / name)
    except OSError:
        for name in moved:
            if (made / f"{name}.before").exists():
                if (out / name).exists():
                    os.replace(out / name, made / f"{name}.after")
                os.replace(made / f"{name}.before", out / name)
        raise


def _sheets(found: Results, table: Sequence[Sequence[Cell]], title: str) -> list[Sheet | Plain]:
    made: list[Sheet | Plain] = [
        Sheet("合计", f"{title}：各题", _items(found, found.blocks[0], 0), found.scale)]
    for block in found.blocks[1:]:
        labelled = tuple(Bar(" ".join(part for part in key if part), *_marks(block, place, -1))
                         for place, key in enumerate(block.keys[:MOST_CHARTED]))
        part = "" if len(block.keys) <= MOST_CHARTED else f"共 {len(block.keys)} 行，这里是前 {MOST_CHARTED} 行。"
        made.append(Sheet(_kind(block), f"{title}：{_kind(block)}（各题合计）", labelled, found.scale, head=_kind(block),
                          note=part, together=True))
    names = header(found.scale)
    figures = [[*row[:4], *(_number(cell) for cell in row[4:])] for row in table[:MOST_ROWS]]
    made.append(Plain("全部数字" if len(table) <= MOST_ROWS else f"前 {MOST_ROWS} 行数字", names, figures))
    return made


def _number(cell: Cell) -> Cell:
    return float(cell) if isinstance(cell, str) else cell


def _kind(block: Block) -> str:
    unit, member, group = block.keys[0]
    return "".join(word for word, key in (("单位", unit), ("成员", member), ("类别", group)) if key)


def _marks(block: Block, place: int, item: int) -> tuple[dict[str, int] | None, int]:
    """Counts by code and blanks of an item, or of all together for -1; None where they are not shown."""
    if not block.shown[place, item]:
        return None, 0
    every = block.tally.counts[place] if item == -1 else block.tally.counts[place, item : item + 1]
    blank = block.tally.blank[place] if item == -1 else block.tally.blank[place, item]
    return dict(zip(block.codes, every.sum(axis=0).tolist(), strict=True)), int(blank.sum())


def _items(found: Results, block: Block, place: int) -> tuple[Bar, ...]:
    each = [Bar(name, *_marks(block, place, item)) for item, name in enumerate(found.items)]
    if len(found.items) > 1:
        each.append(Bar("各题合计", *_marks(block, place, -1), total=True))
    return tuple(each)


def _pictures(found: Results, title: str) -> list[Picture]:
    blocks = {_kind(block): block for block in found.blocks}
    units, members = blocks.get("单位"), blocks.get("单位成员")
    made = list(_paged("all", f"{title}：全部", _items(found, found.blocks[0], 0), found.scale))
    if "成员" in blocks:
        made += _side("members", f"{title}：成员", (found.blocks[0], 0), (blocks["成员"], None), found.scale)
    taken = {picture.name.lower() for picture in made}
    inside: dict[str, list[int]] = {}
    for row, key in enumerate(members.keys if members else []):
        inside.setdefault(key[0], []).append(row)
    for place, (unit, _, _) in enumerate(units.keys if units else []):
        assert units is not None
        name = _file(unit, taken)
        if members and unit in inside:
            made += _side(name, unit, (units, place), (members, inside[unit]), found.scale)
        else:
            made += _paged(name, unit, _items(found, units, place), found.scale)
    return made


def _paged(name: str, title: str, bars: tuple[Bar, ...], scale: Scale) -> Iterator[Picture]:
    for page, part in enumerate(pages(bars, MOST_ITEMS), start=1):
        yield Picture(_page(name, page), Words(title), tuple(part), scale)


def _side(name: str, title: str, whole: tuple[Block, int], parts: tuple[Block, list[int] | None],
          scale: Scale) -> Iterator[Picture]:
    block, chosen = parts
    bars = [Bar(block.keys[row][1], *_marks(block, row, -1), total=True)
            for row in (range(len(block.keys)) if chosen is None else chosen)]
    above = Bar("全体", *_marks(*whole, -1), total=True)
    for page, part in enumerate(pages(bars, A_PAGE), start=1):
        yield Picture(_page(name, page), Words(title, head="成员"), tuple(part), scale, members=True, whole=above)


def _page(name: str, page: int) -> str:
    return name if page == 1 else f"{name}-{page}"


def _file(unit: str, taken: set[str]) -> str:
    """A file name for the unit: safe on every system, and its own, also where letters' case does not count."""
    stem = UNSAFE.sub("_", unit).strip("_-")
    # “-2” at the end is a second page: a unit called so must not take another's.
    stem = re.sub(r"-(?=[0-9]+$)", "_", stem)
    # 255 bytes is the limit of a name; pages and a number still have to fit.
    stem = stem.encode()[:150].decode(errors="ignore") or "unit"
    stem = f"unit-{stem}"
    for number in itertools.count(1):
        name = stem if number == 1 else f"{stem}~{number}"
        if name.lower() not in taken:
            taken.add(name.lower())
            return name
    raise AssertionError("counting never ends")


def _drawn(pictures: list[Picture]) -> Iterator[tuple[Picture, bytes, bytes]]:
    workers = min(os.cpu_count() or 1, 8)
    if len(pictures) < WORTH_SHARING or workers < 2 or not sys.platform.startswith("linux"):
        yield from map(_draw, pictures)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(_draw, pictures, chunksize=4)


def _draw(picture: Picture) -> tuple[Picture, bytes, bytes]:
    if picture.members:
        figure = side_by_side(picture.bars, scale=picture.scale, words=picture.words, whole=picture.whole)
    else:
        figure = stacked(picture.bars, scale=picture.scale, words=picture.words, whole=False)
    return picture, svg(figure), png(figure)
