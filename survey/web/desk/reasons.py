"""Why a row or a sheet of a list was not taken, in whole sentences for someone who knows Excel and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from survey.domain.rosters import Refusal
from survey.domain.terms import BUILT_IN, TermList, Terms
from survey.domain.units import UNIT_KINDS
from survey.office.sheets import SheetRead

# More places than this are no help on a page; the file has them all.
_MOST_RUNS = 12
_Facts = Mapping[str, Any]
_Words = Callable[[_Facts], str]


@dataclass(frozen=True, slots=True)
class Same:
    """Rows that are refused for one reason, told once."""

    places: str
    said: str
    rows: int


def same(refused: Iterable[Refusal], words: Terms = BUILT_IN) -> list[Same]:
    """Refused rows by reason, in the order of the first: two hundred times the same sentence helps nobody."""
    by_reason: dict[str, list[Refusal]] = {}
    for each in refused:
        # Whichever row is the other one, the reason is the same.
        by_reason.setdefault(reason(replace(each, other=None), words), []).append(each)
    return [Same(_places(rows), reason(rows[0], words), len(rows)) for rows in by_reason.values()]


def _places(rows: Sequence[Refusal]) -> str:
    """第 3–4、6–7 行, sheet by sheet; of very many the first, and how many there are."""
    runs: list[tuple[str, int, int]] = []
    for each in rows:
        if runs and runs[-1][0] == each.sheet and runs[-1][2] == each.number - 1:
            runs[-1] = (each.sheet, runs[-1][1], each.number)
        else:
            runs.append((each.sheet, each.number, each.number))
    by_sheet: dict[str, list[str]] = {}
    for sheet, first, last in runs[:_MOST_RUNS]:
        by_sheet.setdefault(sheet, []).append(str(first) if first == last else f"{first}–{last}")
    places = _("、").join(where(_("、").join(numbers), sheet) for sheet, numbers in by_sheet.items())
    return _("%(places)s等，共 %(n)s 行", places=places, n=len(rows)) if len(runs) > _MOST_RUNS else places


def where(number: int | str, sheet: str) -> str:
    """A row as people find it in Excel."""
    return _("“%(sheet)s”第 %(number)s 行", sheet=sheet, number=number) if sheet else _("第 %(number)s 行", number=number)


def reason(refusal: Refusal, words: Terms = BUILT_IN) -> str:
    """Why a row is not taken, and what to do; `words` are those one may write."""
    facts = {"text": refusal.text, "kinds": words.labels(TermList.MEMBER_KIND), "sectors": words.labels(TermList.SECTOR), "other": where(refusal.other, refusal.other_sheet) if refusal.other else ""}
    return _REASONS[refusal.why](facts)


def passed(sheet: SheetRead) -> str:
    """Why nothing was read from a sheet."""
    return {
        "hidden": _("隐藏的工作表，没有读。要读它，请先取消隐藏。"),
        "blank": _("空的，没有读。"),
        "no_header": _("没有找到写着“姓名”的表头，没有读。"),
        "no_rows": _("表头下面没有内容，没有读。"),
        "twice": _("表头里有两列都是“%(other)s”，没有读。请删去一列，或者改掉一个列名。", other=sheet.other),
        "no_unit": _("没有写单位的列，工作表的名字也不是单位名称，没有读。"),
        "units_only": _("只有单位，没有姓名。这次只读了有姓名的工作表。"),
        "repeated": _("里面的人“%(other)s”里都有，没有再读一遍。", other=sheet.other),
    }[sheet.why]


def _kinds(facts: _Facts) -> str:
    return _all(facts["kinds"].values())


def _all(labels: Iterable[str]) -> str:
    return _("、").join(labels)


_REASONS: Mapping[str, _Words] = {
    "code_twice": lambda f: _(
        "编号“%(text)s”在%(other)s也有，都没有采用。一个编号只能有一个人；若只是各支部自己的顺序号，请把这一列的名字改成“序号”。", text=f["text"], other=f["other"]
    ),
    "name_twice": lambda f: _(
        "“%(text)s”在同一单位的%(other)s也有，都没有采用。若是一个人，请删去一行；若是两个人，请加上“编号”一列，每人填一个。", text=f["text"], other=f["other"]
    ),
    "name_twice_one_code": lambda f: _(
        "“%(text)s”在同一单位的%(other)s也有，那一行有编号，这一行没有。若是一个人，请删去这一行；若是两个人，请给这一行也填上编号。", text=f["text"], other=f["other"]
    ),
    "name_known_twice": lambda f: _("这个单位已有两位“%(text)s”，分不清是哪一位。请在“编号”一列填上编号。", text=f["text"]),
    "no_unit": lambda f: _("没有写单位。请在“所在党支部”一列填上单位名称。", text=f["text"]),
    "no_name": lambda f: _("姓名一格是“%(text)s”，里面没有一个字。请看看是不是填错了列。", text=f["text"]),
    "name_missing": lambda f: _("填了职务或编号，却没有写姓名。请补上姓名，或者删去这一行。", text=f["text"]),
    "too_long": lambda f: _("“%(text)s…”太长，姓名和单位都不能超过 100 个字。请看看是不是几个人写在了一格里。", text=f["text"]),
    "position_long": lambda f: _("职务“%(text)s…”太长。请缩短到 100 个字以内。", text=f["text"]),
    "code_long": lambda f: _("编号“%(text)s…”太长。请缩短到 60 个字以内。", text=f["text"]),
    "code_rounded": lambda f: _(
        "“%(text)s”一格的数字太长，Excel 已经把最后几位变成了 0。请把这一列设为文本格式，再重新填写；身份证号不用填。", text=f["text"], other=f["other"]
    ),
    "formula_empty": lambda f: _(
        "“%(text)s”一格是公式，文件里没有存下算出来的结果。请用 Excel 打开，保存一次再导入，或者把公式换成文字。", text=f["text"], other=f["other"]
    ),
    "formula_error": lambda f: _("“%(text)s”一格的公式出了错，显示的是以 # 开头的错误。请换成文字。", text=f["text"]),
    "formula_text": lambda f: _("“%(text)s”一格以等号开头，是公式，不是文字。请换成文字。", text=f["text"]),
    "unknown_kind": lambda f: _("没有“%(text)s”这种类别。可以写：%(all)s；也可以留空。", all=_kinds(f), text=f["text"]),
    "kind_standing": lambda f: _(
        "“%(text)s”说的是转正没有，不是类别。类别可以写：%(all)s；也可以留空。整列都这样写的，请把这一列的名字改成“党籍”。", all=_kinds(f), text=f["text"]
    ),
    "kind_outside": lambda f: _("“%(text)s”还不是党员，不列入党员名单。请删去这一行，或者改正类别。", text=f["text"]),
    "bad_day": lambda f: _("“%(text)s”不是日期。请写成 2026-03-01 这样，或者留空。", text=f["text"]),
    "day_away": lambda f: _("“%(text)s”还没有到，或者太早了。请看看年份有没有填错。", text=f["text"]),
    "left_before": lambda f: _("离开日期“%(text)s”早于进入日期。请改正其中一个。", text=f["text"]),
    "since_before": lambda f: _("“%(text)s”早于他在原单位的日期，转不过来。请改正进入日期，或者留空，就记为今天。", text=f["text"]),
    "unit_closed": lambda f: _("“%(text)s”已经撤销，不能再进人。请改成别的单位，或者先到单位的页面恢复它。", text=f["text"]),
    "parent_twice": lambda f: _("有两个单位都叫“%(text)s”，分不清是哪一个。请在上级组织一列写全，例如“某某党委/某某总支”。", text=f["text"]),
    "unknown_sector": lambda f: _("没有“%(text)s”这个领域。可以写：%(all)s；也可以留空。", all=_all(f["sectors"].values()), text=f["text"]),
    "unknown_unit_kind": lambda f: _("没有“%(text)s”这种单位。可以写：%(all)s；也可以留空。", all=_all(UNIT_KINDS.values()), text=f["text"]),
    "unknown_parent": lambda f: _("没有找到上级单位“%(text)s”。请先写上级单位，再写下级单位，名称要和已有的一样。", text=f["text"]),
    "unit_known_twice": lambda f: _("有两个单位都叫“%(text)s”，分不清是哪一个。请加上“上级组织”一列，写明它在谁下面。", text=f["text"]),
}
