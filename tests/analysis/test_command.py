"""The command on many tables, against a plain reference and on files that must be refused."""

import csv
import io
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ballots import Columns, read
from analysis.command import main
from analysis.results import header, results, rows
from analysis.satisfaction import Level, Role, Scale
from analysis.tally import tally
from tests.analysis.equations import reach

Row = dict[str, str]
BASE = ["--items", "Q*", "--levels", "5,4,3,2,1", "--satisfied", "5,4", "--basic", "3"]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[int, list[Row]]]:
    def go(content: str | bytes, *options: str, name: str = "t.csv") -> tuple[int, list[Row]]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = main([str(path), "--out", str(tmp_path / "out"), *(options if "--items" in options else (*BASE, *options))])
        made = tmp_path / "out" / "satisfaction.csv"
        if code:
            assert not made.exists()
            assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]
            return code, []
        return code, list(csv.DictReader(io.StringIO(made.read_text("utf-8-sig"), newline="")))
    return go


def one(table: list[Row], **key: str) -> Row:
    wanted = {"unit": "", "member": "", "group": "", "item": "*", **key}
    (row,) = [row for row in table if all(row[k] == v for k, v in wanted.items())]
    return row


def test_a_ballot_table_gives_hand_made_figures(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("Q1,Q2\n5,1\n4,\n3,2\n5,5\n ,4\n5,3\n", "--points", "100,80,60,30,0")
    first = one(table, item="Q1")
    # Q1: 5 4 3 5 5 and one blank: 4/5 satisfied, 5/5 wide, (3*100+80+60)/5 = 88.
    assert [first[k] for k in ("ballots", "valid", "blank", "n_5", "n_4", "n_3", "n_2", "n_1")] == list("65131100")
    assert (first["narrow"], first["wide"], first["score"]) == ("0.800000", "1.000000", "88.000000")
    whole = one(table)
    assert (whole["ballots"], whole["valid"], whole["blank"], whole["low"], whole["high"]) == ("6", "10", "2", "", "")


def test_scores_leave_out_one_highest_and_one_lowest_of_more_than_five(run: Callable[..., tuple[int, list[Row]]]) -> None:
    table = "item,given,count\n甲,50,1\n甲,80.5,4\n甲,100,1\n甲,,3\n乙,50,1\n乙,80.5,3\n乙,100,1\n"
    lines = [line.split(",") for line in table.splitlines()[1:]]
    wide = "给甲,给乙,n\n" + "".join(f"{given},,{n}\n" if item == "甲" else f",{given},{n}\n" for item, given, n in lines)
    said = ("--items", "给*", "--levels", "100,80.5,50", "--satisfied", "100", "--points", "100,80.5,50", "--count", "n", "--fewest", "0")
    for options, wanted in (((), ("78.666667", "78.300000", "78.500000")), (("--trim-ends",), ("80.500000", "78.300000", "79.277778"))):
        _, found = run(wide, *said, *options)
        # 472 / 6 and without its ends 322 / 4; of five 391.5 / 5; together 863.5 / 11, and 713.5 / 9.
        assert tuple(one(found, item=item)["score"] for item in ("给甲", "给乙", "*")) == wanted


def test_a_table_of_counts_equals_the_rows_it_stands_for(run: Callable[..., tuple[int, list[Row]]]) -> None:
    pairs = [("甲", "5", 7), ("甲", "3", 2), ("乙", "1", 6), ("乙", "", 3), ("乙", "5", 0)]
    long = "unit,Q\n" + "".join(f"{unit},{mark}\n" * many for unit, mark, many in pairs)
    short = "unit,Q,n\n" + "".join(f"{unit},{mark},{many}\n" for unit, mark, many in pairs)
    _, by_rows = run(long, "--unit", "unit")
    _, by_counts = run(short, "--unit", "unit", "--count", "n")
    assert by_rows == by_counts


def test_cells_are_text_and_words_for_nothing_can_be_answers(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("Q\nNone\nNA\n无\nNA\n\u3000\nnan\n", "--items", "Q", "--levels", "None,NA,无,nan", "--satisfied", "NA")
    row = one(table, item="Q")
    assert (row["n_None"], row["n_NA"], row["n_无"], row["n_nan"], row["blank"]) == ("1", "2", "1", "1", "1")


def test_a_hidden_row_keeps_its_keys_and_nothing_else(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("u,Q\n" + "甲,5\n" * 9 + "乙,5\n" * 2 + "丙,4\n" * 6, "--unit", "u")
    assert one(table, unit="甲")["shown"] == "1"
    for unit in "乙丙":
        row = one(table, unit=unit)
        assert row.pop("shown") == "0"
        assert [v for k, v in row.items() if k not in ("unit", "item")] == [""] * (len(row) - 2)


def test_the_few_are_merged_and_the_merged_row_is_their_sum(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("u,g,Q\n" + "甲,群众,5\n" * 9 + "乙,群众,5\n" * 2 + "丙,群众,4\n" * 6 + "甲,党员,1\n" * 3, "--unit", "u", "--group", "g")
    names = [(row["unit"], row["group"]) for row in table if row["shown"] == "1" and row["item"] == "*"]
    assert names == [("", ""), ("甲", ""), ("乙＋丙", ""), ("", "群众＋党员"), ("甲", "群众＋党员")]
    both = one(table, unit="乙＋丙")
    assert (both["ballots"], both["n_5"], both["n_4"], both["narrow"]) == ("8", "2", "6", "1.000000")


def test_an_item_too_few_were_asked_about_is_not_in_the_sum_either(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("u,Q1,Q2\n" + "甲,5,\n" * 9 + "乙,5,1\n" * 3, "--unit", "u")
    assert one(table, item="Q2")["shown"] == "0"
    assert (one(table, item="*")["n_1"], one(table, item="*")["n_5"]) == ("0", "12")


CELLS = st.tuples(st.sampled_from(["", "甲", "乙", "丙"]), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "g", "h"]))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(CELLS, st.integers(1, 9), min_size=1, max_size=7))
def test_somebody_who_solves_equations_over_the_whole_file_finds_no_small_set(cells: dict[tuple[str, str, str], int]) -> None:
    """Units, members and groups, alone and crossed: whatever sums he makes of shown rows, five or nobody stand behind them."""
    numbered = enumerate([["u", "m", "g", "Q"], *[[*cell, "a"] for cell, n in cells.items() for _ in range(n)]], start=1)
    items, ballots = read(iter(numbered), Columns("Q", "u", "m", "g"), answers=["a"])
    scale = Scale((Level("a", "a", Role.SATISFIED),))
    found = results(ballots.atoms, tally(ballots, codes=1, valid=[0]), items=items, scale=scale, fewest=5)
    figures = [
        [all(name in want.replace("（空白）", "").split("＋") for name, want in zip(cell, row[:3], strict=True) if want) for cell in cells]
        for row in rows(found) if row[-1] == 1
    ]
    assert len(figures) == len({tuple(map(str, row)) for row in rows(found) if row[-1] == 1})
    sizes = list(cells.values())
    assert bool(figures) == (sum(sizes) >= 5)
    for chosen in product((0, 1), repeat=len(sizes)):
        if 0 < sum(n for n, taken in zip(sizes, chosen, strict=True) if taken) < 5:
            assert not reach([list(map(Fraction, row)) for row in figures], list(map(Fraction, chosen)))


def test_rows_without_a_member_count_for_the_unit_only(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("u,m,Q\n" + "甲,张三,5\n" * 6 + "甲,,1\n" * 7, "--unit", "u", "--member", "m")
    assert one(table, unit="甲")["ballots"] == "13"
    assert [row["member"] for row in table if row["member"]] == ["张三", "张三"]


@pytest.mark.parametrize("cell", ["=1+1", "+x", "-x", "@x", "＝1", "\tx"])
def test_a_name_that_looks_like_a_formula_is_harmless(run: Callable[..., tuple[int, list[Row]]], tmp_path: Path, cell: str) -> None:
    _, table = run("u,Q\n" + f'"{cell}",5\n' * 6, "--unit", "u")
    assert one(table, unit=f"'{cell}")["ballots"] == "6"
    book = openpyxl.load_workbook(tmp_path / "out" / "satisfaction.xlsx")
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_units_with_wild_names_each_get_a_safe_file_of_their_own(run: Callable[..., tuple[int, list[Row]]], tmp_path: Path) -> None:
    wild = ["../../x", "/", "x", "长" * 400, "..", "a/b", "a:b", "A_B", "CON", "all", "x-2", "x_2"]
    code, _ = run("u,Q\n" + "".join(f"{u},5\n" * 6 for u in wild), "--unit", "u")
    assert code == 0
    names = [p.name for p in (tmp_path / "out" / "charts").iterdir()]
    assert len(names) == 2 * (1 + len(wild))
    assert len({n.lower() for n in names}) == len(names)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "t.csv"]


def test_more_than_25_members_go_on_to_further_pages(run: Callable[..., tuple[int, list[Row]]], tmp_path: Path) -> None:
    run("u,m,Q\n" + "".join(f"甲,员{i},5\n" * 5 for i in range(51)), "--unit", "u", "--member", "m")
    assert sorted(p.name for p in (tmp_path / "out" / "charts").glob("*.svg")) == [
        "all.svg", "unit-甲-2.svg", "unit-甲-3.svg", "unit-甲.svg"]


@pytest.mark.parametrize(("content", "options", "said"), [
    ("Q1\n5\n5.0\n", (), "第 3 行“Q1”列是“5.0”"),
    ("Q1\n5\n\n05\n", (), "第 4 行“Q1”列是“05”"),
    ("Q1,Q2\n5,4\n5\n", (), "第 3 行有 1 格"),
    ("Q1,Q2\n5,4,3\n", (), "第 2 行有 3 格"),
    ("Q1,Q1\n5,4\n", (), "都叫“Q1”"),
    ("A\n5\n", (), "没有一列"),
    ("Q1\n5\n", ("--unit", "u"), "没有“u”"),
    ("Q1,n\n5,1.5\n", ("--count", "n"), "第 2 行“n”列是“1.5”"),
    ("Q1,n\n5,-1\n", ("--count", "n"), "不是不小于 0 的整数"),
    ("Q1,n\n5,\n", ("--count", "n"), "第 2 行“n”列"),
    ("Q1,n\n5,9999999999999\n", ("--count", "n"), "一万亿"),
    ("Q1\n5\n", ("--dont-know", "5"), "--dont-know"),
    ("Q1\n5\n", ("--points", "1,2"), "2 个数"),
    ("Q1\n5\n", ("--points", "1,2,3,4,x"), "--points"),
    ("Q1\n5\n", ("--points", "1,2,3,4,nan"), "--points"),
    ("Q1\n5\n", ("--items", "Q1", "--levels", "5,4", "--satisfied", "6"), "“6”不在"),
    ("Q1\n5\n", ("--items", "Q1", "--levels", "5,5", "--satisfied", "5"), "写一次"),
    ("Q1\n5\n", ("--items", "Q1", "--levels", "5,4", "--satisfied", "5", "--basic", "5"), "只留一处"),
    ("", (), "空的"),
    ("\n", (), "空的"),
    ('Q1\n"5\n', (), "引号"),
    ("Q1\n满意".encode("utf-16"), (), "编码"),
    (b"Q1\n\xff\xff\xff\n", (), "编码"),
    ("\ufeffu,Q1\n机\n".encode()[:-2] + b"\xd0,5\n", (), "编码"),
    ("Q1,备注\n5,满意".encode()[:-1], (), "一个字的中间"),
    (b"\xd0\xcf\x11\xe0 old", (), "密码"),
    (b"PK\x03\x04 broken", (), "打不开"),
])
def test_what_cannot_be_read_is_refused_in_a_sentence(
    run: Callable[..., tuple[int, list[Row]]], capsys: pytest.CaptureFixture[str],
    content: str | bytes, options: tuple[str, ...], said: str,
) -> None:
    assert run(content, *options)[0] == 2
    assert said in capsys.readouterr().err


def test_only_a_header_gives_an_empty_result(run: Callable[..., tuple[int, list[Row]]]) -> None:
    _, table = run("Q1,u\n", "--unit", "u")
    assert [(row["item"], row["shown"]) for row in table] == [("Q1", "0"), ("*", "0")]
    assert one(run("Q1,u\n", "--unit", "u", "--fewest", "0")[1])["narrow"] == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_read_the_same(run: Callable[..., tuple[int, list[Row]]], encoding: str) -> None:
    _, table = run(("支部,Q\n" + "机修,5\n" * 5).encode(encoding), "--unit", "支部")
    assert one(table, unit="机修")["narrow"] == "1.000000"


def test_a_workbook_reads_like_its_csv(run: Callable[..., tuple[int, list[Row]]]) -> None:
    book = openpyxl.Workbook()
    for row in [["u", "Q1"], *[["甲", 5]] * 6, ["甲", None], ["甲", "4"], [None, None]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    _, by_book = run(out.getvalue(), "--unit", "u", name="t.xlsx")
    _, by_csv = run("u,Q1\n" + "甲,5\n" * 6 + "甲,\n甲,4\n", "--unit", "u")
    assert by_book == by_csv


def test_a_formula_without_its_result_is_refused_with_its_cell(
    run: Callable[..., tuple[int, list[Row]]], capsys: pytest.CaptureFixture[str]) -> None:
    book = openpyxl.Workbook()
    for row in [["Q1"], [5], ["=2+3"]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert run(out.getvalue(), name="t.xlsx")[0] == 2
    assert "A3" in capsys.readouterr().err


def test_a_cut_off_workbook_is_refused(run: Callable[..., tuple[int, list[Row]]]) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "Q1")
    assert run(out.getvalue()[: len(out.getvalue()) // 2], name="t.xlsx")[0] == 2


def test_a_second_run_gives_the_same_bytes(run: Callable[..., tuple[int, list[Row]]], tmp_path: Path) -> None:
    rng = random.Random(7)
    table = "instr,Q1,Q2,Q3\n" + "".join(f"{rng.randint(1, 2)},{','.join(rng.choices('54321', k=3))}\n" for _ in range(400))
    seen = []
    for _ in range(2):
        run(table, "--unit", "instr")
        seen.append({p.relative_to(tmp_path): p.read_bytes() for p in (tmp_path / "out").rglob("*.*")})
    assert seen[0] == seen[1]


def _slow(table: list[tuple[str, str, str, str, str]], key: tuple[str, str, str]) -> list[tuple[int, int]]:
    """Satisfied and valid answers of both items in a grouping, by going through the rows."""
    inside = [row for row in table if all(not want or row[at] == want for at, want in enumerate(key))]
    return [(sum(row[item] == "a" for row in inside), sum(bool(row[item]) for row in inside)) for item in (3, 4)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "甲", "乙"]), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "g", "h"]),
                          st.sampled_from(["", "a", "b"]), st.sampled_from(["", "a", "b"])), max_size=40))
def test_every_grouping_equals_going_through_the_rows(table: list[tuple[str, str, str, str, str]]) -> None:
    scale = Scale((Level("a", "a", Role.SATISFIED), Level("b", "b", Role.UNSATISFIED)))
    numbered = enumerate([["u", "m", "g", "Q1", "Q2"], *map(list, table)], start=1)
    items, ballots = read(iter(numbered), Columns("Q*", "u", "m", "g"), answers=["a", "b"])
    found = results(ballots.atoms, tally(ballots, codes=2, valid=[0, 1]), items=items, scale=scale, fewest=0)
    names = header(scale)
    keys = set()
    for cells in rows(found):
        row = dict(zip(names, cells, strict=True))
        key = (row["unit"], row["member"], row["group"])
        keys.add(key)
        each = _slow(table, key)
        want = {"Q1": each[0], "Q2": each[1], "*": (each[0][0] + each[1][0], each[0][1] + each[1][1])}[row["item"]]
        assert (row["n_a"], row["valid"]) == want
    expected = {("", "", "")}
    # Without any unit in the file a member stands directly under everything.
    lone = not any(row[0] for row in table)
    for unit, member, group, *_ in table:
        for part in [("", ""), *([(unit, "")] if unit else []), *([(unit, member)] if member and (unit or lone) else [])]:
            expected |= {(*part, ""), (*part, group)}
    assert keys == expected


def test_a_folder_that_cannot_be_written_is_refused_and_nothing_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("Q1\n5\n")
    (tmp_path / "out").write_text("a file, not a folder")
    assert main([str(tmp_path / "t.csv"), "--out", str(tmp_path / "out"), *BASE]) == 2
    assert "写不进" in capsys.readouterr().err
    assert (tmp_path / "out").read_text() == "a file, not a folder"


def test_a_second_run_replaces_its_own_files_and_leaves_others(run: Callable[..., tuple[int, list[Row]]], tmp_path: Path) -> None:
    run("u,Q1\n" + "甲,5\n" * 6, "--unit", "u")
    (tmp_path / "out" / "mine.txt").write_text("x")
    run("Q1\n" + "5\n" * 6)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["charts", "mine.txt", "satisfaction.csv", "satisfaction.xlsx"]
    assert sorted(p.name for p in (tmp_path / "out" / "charts").iterdir()) == ["all.png", "all.svg"]
    before = (tmp_path / "out" / "satisfaction.csv").read_bytes()
    run("Q1\n" + "5\n" * 6, "--no-charts")
    assert (tmp_path / "out" / "satisfaction.csv").read_bytes() == before
    assert not [*(tmp_path / "out" / "charts").iterdir()]


def test_more_groupings_than_are_written_at_once_are_each_written_in_their_place(run: Callable[..., tuple[int, list[Row]]]) -> None:
    units = [f"{n:04}" for n in range(4_100)]
    _code, table = run("u,Q1,n\n" + "".join(f"{unit},5,{5 + n % 7}\n" for n, unit in enumerate(units)), "--unit", "u", "--count", "n", "--no-charts")
    assert [(row["unit"], row["n_5"]) for row in table if row["unit"] and row["item"] == "Q1"] == [(unit, str(5 + n % 7)) for n, unit in enumerate(units)]


def test_a_seeded_table_of_28_items_and_two_instructors_equals_going_through_the_rows(
    run: Callable[..., tuple[int, list[Row]]]) -> None:
    rng = random.Random(262)
    table = [[rng.choice("12"), *rng.choices("12345", weights=(3, 2, 5, 6, 4), k=28)] for _ in range(600)]
    names = ["instr", *(f"Q{n}" for n in range(1, 29))]
    _, found = run("\n".join(",".join(row) for row in [names, *table]), "--unit", "instr")
    assert len(found) == 3 * 29
    for row in found:
        inside = [each for each in table if row["unit"] in ("", each[0])]
        marks = [mark for each in inside for name, mark in zip(names[1:], each[1:], strict=True) if row["item"] in ("*", name)]
        good, wide = sum(mark in "45" for mark in marks), sum(mark in "345" for mark in marks)
        assert int(row["ballots"]) == len(inside)
        assert abs(float(row["narrow"]) - good / len(marks)) <= 5.1e-7
        assert abs(float(row["wide"]) - wide / len(marks)) <= 5.1e-7
