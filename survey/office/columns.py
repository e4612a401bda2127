"""Column names: what the office calls a column, and which field it is."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

# By field; the first name of each is the one our own template uses.
MEMBER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "党员姓名", "名字", "党员", "成员姓名", "name"),
    "unit": (
        "所在党支部", "单位", "支部名称", "部门", "支部", "所在支部", "党支部", "所属党支部", "所属支部", "党支部名称",
        "所在单位", "单位名称", "组织", "所在组织", "党组织", "所在党组织", "所属党组织", "党组织名称", "所在部门", "unit",
    ),
    "kind": ("类别", "党员类型", "党员类别", "人员类别", "类型", "kind"),
    "position": ("职务", "岗位", "党内职务", "职务岗位", "position"),
    "code": ("编号", "代码", "工号", "党员编号", "人员编号", "code"),
    "parent": ("上级组织", "上级", "上级单位", "上级党组织", "所属党委", "所属党总支", "parent"),
    "sector": ("领域", "行业", "所属领域", "所属行业", "sector"),
    "unit_kind": ("单位类型", "组织类型", "单位类别", "组织类别", "unitkind"),
}
UNIT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "unit": ("名称", "单位名称", "组织名称", "党组织名称", "支部名称", "党支部名称", "部门名称", "单位", "党支部", "支部", "部门", "unit"),
    "unit_kind": ("类型", "单位类型", "组织类型", "单位类别", "组织类别", "类别", "unitkind"),
    "parent": MEMBER_COLUMNS["parent"],
    "sector": MEMBER_COLUMNS["sector"],
    "code": ("编号", "代码", "单位编号", "组织编号", "单位代码", "组织代码", "code"),
}

_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s*＊:：_/、\-.]+")


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
    known = {name for names in (*MEMBER_COLUMNS.values(), *UNIT_COLUMNS.values()) for name in names}
    return next((cells[i].strip() for i, name in enumerate(plain) if name in known and name in plain[:i]), "")


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
