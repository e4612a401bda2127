"""What sheets are called inside their one file: every name fits every file system, and none stands twice."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.domain.bundles import Format, Reach, Spot, Wanted, arranged, safe

BOTH = Wanted(1, 1, Format.BOTH, Reach.MEMBERS, "zh")
UNITS = Wanted(1, 1, Format.PDF, Reach.UNITS, "zh")
# Of Windows, the strictest: its letters, its devices, no blank or dot at the end.
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]|[ .]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
LONGEST = 240

spots = st.lists(st.tuples(st.integers(0, 8), st.text(max_size=60), st.booleans(), st.lists(st.text(max_size=60), max_size=3)), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("青山镇党委", "青山镇党委"),
        ("一/二：三?", "一_二：三_"),
        ("..", "_"),
        ("", "_"),
        (" 第一\t支部. ", "第一 支部"),
        ("NUL", "_NUL"),
        ("con.txt", "_con.txt"),
        ("\u202e甲\u200b乙\ud800\x00", "甲乙"),
        ("党" * 99, "党" * 40),
    ],
)
def test_a_name_becomes_one_that_every_file_system_takes(name: str, fits: str) -> None:
    assert safe(name) == fits


def test_beside_the_sheet_of_a_unit_lies_a_folder_with_what_is_below_it() -> None:
    tree = [
        Spot(1, 9, "镇", "u1"), Spot(2, 1, "总支", None), Spot(3, 2, "支部", "u3", (("m5", "张三"), ("m6", "张三"))),
        Spot(4, 2, "支部", "u4", (("m7", "李四"),)),
    ]  # fmt: skip
    found = {each.path: each.key for each in arranged(tree, Wanted(1, 1, Format.PDF, Reach.MEMBERS, "zh"))}
    assert found == {
        "镇.pdf": "u1", "总支/支部.pdf": "u3", "总支/支部/张三.pdf": "m5", "总支/支部/张三 (2).pdf": "m6", "总支/支部 (2).pdf": "u4", "总支/支部 (2)/李四.pdf": "m7",
    }  # fmt: skip
    # One that was rated itself and stands above others has two sheets beside each other, and one folder.
    both = [Spot(1, 9, "镇", "u1", (("m1", "王五"),), ("o1", "镇（概况）")), Spot(2, 1, "总支", "u2", (("m2", "赵六"),), ("o2", "总支（概况）"))]
    assert [(each.path, each.key) for each in arranged(both, Wanted(1, 1, Format.PDF, Reach.MEMBERS, "zh"))] == [
        ("镇.pdf", "u1"), ("镇（概况）.pdf", "o1"), ("镇/王五.pdf", "m1"), ("总支.pdf", "u2"), ("总支（概况）.pdf", "o2"), ("总支/赵六.pdf", "m2"),
    ]  # fmt: skip
    assert [each.path for each in arranged(tree, UNITS)] == ["镇.pdf", "总支/支部.pdf", "总支/支部 (2).pdf"]


def test_names_that_differ_in_large_letters_alone_are_told_apart_and_no_folder_lies_too_deep() -> None:
    twins = [Spot(1, None, "镇", None), Spot(2, 1, "Party", "u2"), Spot(3, 1, "PARTY", "u3")]
    assert [each.path for each in arranged(twins, UNITS)] == ["Party.pdf", "PARTY (2).pdf"]
    # Names of 40 letters: the fourth folder would reach beyond 110, so what is below stays in the third.
    deep = [Spot(n, n - 1 or None, str(n) * 40, f"u{n}") for n in range(1, 7)]
    below = "/".join(str(n) * 40 for n in (2, 3))
    assert [each.path for each in arranged(deep, UNITS)][2:] == [f"{below}.pdf", *(f"{below}/{str(n) * 40}.pdf" for n in (4, 5, 6))]


@given(spots)
def test_no_path_stands_twice_or_is_one_that_cannot_be(drawn: list[tuple[int, str, bool, list[str]]]) -> None:
    tree = [
        Spot(n, min(above, n - 1) if n else None, name, f"u{n}" if has_sheet else None, tuple((f"m{n}{at}", each) for at, each in enumerate(people)))
        for n, (above, name, has_sheet, people) in enumerate(drawn)
    ]
    found = arranged(tree, BOTH)
    assert len(found) == 2 * sum((spot.key is not None) + len(spot.members) for spot in tree)
    paths = [unicodedata.normalize("NFC", each.path).casefold() for each in found]
    assert len(set(paths)) == len(paths)
    for path in paths:
        assert len(path) <= LONGEST and not path.startswith("/")
        assert not any(FORBIDDEN.search(part) for part in path.split("/")), path
    # A folder is never called like a file.
    assert not {"/".join(path.split("/")[:n]) for path in paths for n in range(1, path.count("/") + 1)} & set(paths)
