"""Column names: what the office calls a column, and which field it is. Headers of one row and of two."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.office.grids import Numbered, shown

# By field; the first name of each is the one our own template uses.
MEMBER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "党员姓名", "名字", "党员", "成员姓名", "人员姓名", "党员名字", "党员名称", "成员", "name", "fullname"),
    "unit": (
        "所在党支部", "单位", "支部名称", "部门", "支部", "所在支部", "党支部", "所属党支部", "所属支部", "党支部名称",
        "所在单位", "单位名称", "组织", "所在组织", "党组织", "所在党组织", "所属党组织", "党组织名称", "所在部门", "部门名称",
        "所属单位", "所属部门", "所在党支部名称", "所属组织", "组织名称", "组织关系所在支部", "组织关系所在党支部", "unit", "branch",
    ),
    "kind": ("类别", "党员类型", "党员类别", "人员类别", "人员类型", "类型", "kind"),
    "position": ("职务", "岗位", "党内职务", "职务岗位", "岗位职务", "行政职务", "现任职务", "position"),
    "code": ("编号", "代码", "工号", "党员编号", "人员编号", "职工编号", "员工编号", "code"),
    "parent": ("上级组织", "上级", "上级单位", "上级党组织", "所属党委", "所属党总支", "parent"),
    "sector": ("领域", "行业", "所属领域", "所属行业", "sector"),
    "unit_kind": ("单位类型", "组织类型", "单位类别", "组织类别", "unitkind"),
    "unit_code": ("单位编号", "支部编号", "组织编号", "党支部编号", "党组织编号", "单位代码", "组织代码", "支部代码"),
    "since": ("进入日期", "加入日期", "转入日期", "进入支部日期", "加入支部日期", "转入支部日期", "since"),
    "left": ("离开日期", "转出日期", "离开支部日期", "left"),
}
UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": ("名称", "单位名称", "组织名称", "党组织名称", "支部名称", "党支部名称", "部门名称", "单位", "党支部", "支部", "部门", "unit"),
    "unit_kind": ("类型", "单位类型", "组织类型", "单位类别", "组织类别", "类别", "unitkind"),
    "parent": MEMBER_COLUMNS["parent"],
    "sector": MEMBER_COLUMNS["sector"],
    "unit_code": ("编号", "代码", "单位编号", "组织编号", "单位代码", "组织代码", "code"),
}

_KNOWN = frozenset(name for columns in (MEMBER_COLUMNS, UNIT_COLUMNS) for names in columns.values() for name in names)
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s*＊:：_/、\-.]+")


@dataclass(frozen=True, slots=True)
class Header:
    """Where a list begins: its cells, which field stands in which column, and the row that is its last."""

    cells: tuple[str, ...]
    fields: Mapping[str, int]
    last: int

    @property
    def is_members(self) -> bool:
        """It heads a list of members, not one of units alone."""
        return "name" in self.fields


def find_header(rows: Sequence[Numbered]) -> Header | None:
    """The first row, or pair of rows, that heads a list.

    Two rows make one header when each adds a column the other lacks, and no person stands in the lower one:
    单位 | 人员情况 over an empty cell | 姓名.
    """
    for place, (number, cells) in enumerate(rows):
        upper = tuple(shown(cell) for cell in cells)
        alone = fields(upper)
        if place + 1 < len(rows) and rows[place + 1][0] == number + 1:
            lower = tuple(shown(cell) for cell in rows[place + 1][1])
            both = _joined(upper, lower, alone)
            if both:
                return Header(both, fields(both), number + 1)
        if alone:
            return Header(upper, alone, number)
    return None


def fields(cells: Sequence[str]) -> dict[str, int]:
    """Which field stands in which column, {} when the row is no header.

    A row with a name column heads a list of members. One with a column for the unit's name and another we know
    heads a list of units. Of two columns for the same field the one whose name we prefer is taken.
    """
    plain = [_plain(cell) for cell in cells]
    members = _match(plain, MEMBER_COLUMNS)
    if "name" in members:
        return members
    units = _match(plain, UNIT_COLUMNS)
    return units if "unit" in units and len(units) > 1 else {}


def doubled(cells: Sequence[str]) -> str:
    """A column name of ours that stands twice in a header, as it is written; empty when there is none."""
    plain = [_plain(cell) for cell in cells]
    return next((cells[i].strip() for i, name in enumerate(plain) if name in _KNOWN and name in plain[:i]), "")


def is_header_again(header: Header, cells: Sequence[str]) -> bool:
    """The header repeated further down, as lists have it that were made for printing."""
    first = header.fields.get("name", header.fields.get("unit", 0))
    if first >= len(cells) or _plain(cells[first]) != _plain(header.cells[first]):
        return False
    # A cell may be missing: a unit merged from above reaches across.
    return all(
        _plain(cells[place]) in ("", _plain(header.cells[place])) for place in header.fields.values() if place < len(cells)
    )


def _joined(upper: Sequence[str], lower: Sequence[str], alone: Mapping[str, int]) -> tuple[str, ...]:
    """The header two rows make together, () when the lower one is a row of its own."""
    width = max(len(upper), len(lower))
    above, below = (tuple(cells) + ("",) * (width - len(cells)) for cells in (upper, lower))
    if "name" in alone and below[alone["name"]] and _plain(below[alone["name"]]) not in MEMBER_COLUMNS["name"]:
        return ()
    both = tuple(
        down if _plain(down) in _KNOWN or not up else up for up, down in zip(above, below, strict=True)
    )
    found = fields(both)
    from_above = [place for place in found.values() if _plain(below[place]) not in _KNOWN]
    from_below = [place for place in found.values() if _plain(below[place]) in _KNOWN]
    return both if from_above and from_below and len(found) > len(alone) else ()


def _match(plain: Sequence[str], columns: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for field, names in columns.items():
        places = [(names.index(name), place) for place, name in enumerate(plain) if name in names]
        if places:
            found[field] = min(places)[1]
    return found


def _plain(cell: str) -> str:
    """A header cell without spaces, stars and remarks in brackets: “姓 名*（必填）” is 姓名."""
    return _NOISE.sub("", _ASIDE.sub("", unicodedata.normalize("NFKC", cell))).lower()
