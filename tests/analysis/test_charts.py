"""Pictures and workbooks: what is in them, the same bytes each time, nothing of the machine's own fonts."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from PIL import Image

from analysis.charts import Bar, Words, drawn, pages, png, side_by_side, stacked, svg
from analysis.frames import BAR
from analysis.labels import CHINESE
from analysis.letters import legible, shortened, width
from analysis.report import Plain, Sheet, workbook
from analysis.satisfaction import Level, Role, Scale
from analysis.style import INK, ORDER, SHADES, looks
from tests.analysis.pictures_for_tests import lines, texts, words

SCALE = Scale((Level("a", "满意", Role.SATISFIED, Decimal(100)), Level("b", "基本满意", Role.BASIC, Decimal(60)),
               Level("c", "不满意", Role.UNSATISFIED, Decimal(0)), Level("d", "不了解", Role.UNKNOWN)))
BARS = [Bar("带头学习提高", {"a": 30, "b": 6, "c": 1, "d": 1}), Bar("带头服务群众", {"a": 20, "b": 10, "c": 6, "d": 2})]


def test_the_same_picture_has_the_same_bytes_and_no_date() -> None:
    first, second = (stacked(BARS, scale=SCALE, words=Words("机修车间党支部")) for _ in range(2))
    assert svg(first) == svg(second)
    assert png(first) == png(second)
    assert not re.search(rb"20\d\d-\d\d|dc:date", svg(first))


def test_letters_are_outlines_and_the_title_is_text() -> None:
    made = svg(stacked(BARS, scale=SCALE, words=Words("机修车间党支部"))).decode()
    assert "<title>机修车间党支部</title>" in made
    assert "<text" not in made
    assert f'id="u{ord("带"):x}"' in made
    assert len(made) < 100_000


def test_an_interval_lies_below_the_bar_of_one_question_and_of_no_several_together() -> None:
    """Wilson (Newcombe 1998): 81 of 263 lie between 25.53 and 36.62 %, 15 of 148 between 6.24 and 16.05 %."""
    bars = [Bar("甲", {"a": 81, "c": 182}), Bar("乙", {"a": 15, "b": 133}), Bar("丙", {}), Bar("丁", None)]
    made = svg(drawn(bars, scale=SCALE, words=Words("图")))
    long = BAR[1] - BAR[0]
    found = [[round(100 * (x - BAR[0]) / long, 1) for x, _y in each.points] for each in lines(made) if each.stroke == INK.lower()]
    assert found[::4] == [[25.5, 36.6], [6.2, 16.0]], "from end to end, then its ends and the rate as ticks"
    assert [found[1], found[2], found[3]] == [[25.5] * 2, [30.8] * 2, [36.6] * 2] and len(found) == 8
    assert CHINESE.ranges in "".join(words(made))
    together = svg(drawn([replace(bar, total=True) for bar in bars], scale=SCALE, words=Words("图")))
    assert not [each for each in lines(together) if each.stroke == INK.lower()] and CHINESE.ranges not in "".join(words(together))


def test_a_name_too_long_for_its_line_stands_on_two() -> None:
    """Names that are cut in their middle would look the same."""
    names = [f"中国共产党青山镇{side}坡村与开发区联合支部委员会" for side in "东西"]
    made = svg(drawn([Bar(name, {"a": 5}) for name in names], scale=SCALE, words=Words("图")))
    assert all(any(first + second == name for first, second in pairwise(words(made))) for name in names), words(made)
    assert max(each.right for each in texts(made) if each.text in "".join(names)) < BAR[0]


def test_a_title_with_markup_stays_text() -> None:
    assert b"<script" not in svg(stacked(BARS, scale=SCALE, words=Words("<script>$x$")))


def test_the_segments_have_the_colours_of_their_roles() -> None:
    with Image.open(io.BytesIO(png(stacked(BARS, scale=SCALE, words=Words("x"))))) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or []}
    for role in (Role.SATISFIED, Role.BASIC, Role.UNSATISFIED, Role.UNKNOWN):
        assert tuple(bytes.fromhex(SHADES[role][0][1:])) in colours


def test_the_four_answers_keep_apart_in_grey() -> None:
    greys = []
    for role in ORDER:
        red, green, blue = bytes.fromhex(SHADES[role][0][1:])
        greys.append(0.299 * red + 0.587 * green + 0.114 * blue)
    assert np.diff(sorted(greys)).min() > 30


def test_a_hidden_bar_says_too_few_and_an_unanswered_one_a_dash() -> None:
    made = svg(stacked([Bar("x", None), Bar("y", {})], scale=SCALE, words=Words("t"))).decode()
    assert all(f'id="u{ord(c):x}"' in made for c in "人数不足–")


def test_a_scale_from_worst_to_best_is_turned_round() -> None:
    levels = [Level(str(n), str(n), Role.SATISFIED if n > 3 else Role.UNSATISFIED) for n in range(1, 6)]
    assert [look.level.code for look in looks(levels)] == ["5", "4", "3", "2", "1"]
    assert looks(levels)[-1].colour == SHADES[Role.UNSATISFIED][0]


def test_25_stand_on_a_page_and_a_26th_opens_another() -> None:
    assert [len(page) for page in pages([BARS[0]] * 25)] == [25]
    assert [len(page) for page in pages([BARS[0]] * 51)] == [17, 17, 17]
    with pytest.raises(ValueError, match="26"):
        side_by_side([BARS[0]] * 26, scale=SCALE, words=Words("t"))


def test_rare_names_are_drawn_and_unknown_signs_become_boxes() -> None:
    assert legible("王䶮\n\U0001F600") == "王䶮 □"
    assert width(shortened("很长的名字" * 40, 12)) <= 12


def test_drawing_needs_no_pyplot() -> None:
    code = "import sys, analysis.charts, analysis.report; sys.exit('matplotlib.pyplot' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_a_workbook_has_native_charts_and_no_formulas_or_links() -> None:
    bars = [Bar("=1+1", {"a": 134, "b": 4, "c": 3}), Bar("http://x", None)]
    made = workbook([Sheet("a/b[", "机修", bars, SCALE), Sheet("A b", "机修", BARS, SCALE), Plain("t", ["x"], [["=2"], [3]])])
    assert made == workbook([Sheet("a/b[", "机修", bars, SCALE), Sheet("A b", "机修", BARS, SCALE),
                             Plain("t", ["x"], [["=2"], [3]])])
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert len({name.lower() for name in book.sheetnames}) == 3
    first = book.worksheets[0]
    assert [cell.value for cell in first[4]][:9] == ["=1+1", 134, 4, 3, 0, 141, 0, 95.04, 97.87]
    assert first["B5"].value == "人数不足"
    assert not [c for s in book for row in s.iter_rows() for c in row if c.data_type == "f" or c.hyperlink]
    assert len(first._charts) == 1
