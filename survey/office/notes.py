"""Rows and captions that are about a list and not in it: totals, who filled it in, which unit it belongs to."""

import re
from collections.abc import Mapping, Sequence

from survey.office.grids import Numbered, shown

_TOTAL = re.compile(r"(本页|本表|本支部|支部|人数|全部|以上|党员)?(合计|总计|小计|共计|累计|总人数|总数)(人数)?[:：]?\d*[人名位]?")
# 机修车间党支部小计
_SUBTOTAL = re.compile(r".{1,40}(小计|合计|总计)[:：]?")
_COUNT = re.compile(r"[共计合约]{0,3}\d+[人名位]?")
_LABELS = (
    "填表", "填报", "制表", "审核", "审批", "复核", "经办", "负责", "联系", "备注", "附注", "注", "说明", "日期", "时间", "单位",
    "支部", "书记", "电话", "签字", "签名", "盖章", "报送", "统计", "录入", "核对", "校对", "年度", "页",
)  # fmt: skip
_LABELLED = re.compile(rf"[^:：]{{0,12}}({'|'.join(_LABELS)})[^:：]{{0,8}}[:：].*")
_BARE = re.compile(r"(填表|填报|制表|审核|复核|经办|统计|联系)(人|日期|时间|单位)(签[字名])?|制表|审核|备注|附注|说明|盖章|签[字名]|负责人(签[字名])?")
_CLOSING = re.compile(r"以上.*|以下空白|此页无正文|共?计?\d+[人名行页]|第\d+页.*|[(（]?(单位|党支部|支部)?[(（]?(盖章|公章)[)）]{0,2}")
_DATE = re.compile(r"\d{4}[年./-]\d{1,2}([月./-]\d{0,2}日?)?")
_CAPTION = re.compile(
    r"(?:填报|填表|所在|所属|报送)?(?:单位|党支部|支部|党组织|部门)(?:名称|全称)?(?:[(（](?:盖章|公章|签章)[)）])?[:：](.*)"
)
_UNIT_ENDS = re.compile(r".{2,}(支部|总支|党委|党组|机关|公司|学校|小学|中学|大学|幼儿园|医院|车间|社区|部|处|科|室|局|院|中心|站|队|组|厂|所|办|镇|乡|村|街道)")
_NOT_A_UNIT = re.compile(r"名单|名册|花名册|登记|汇总|总表|说明|模板|统计|全部|干部|附件|sheet|工作表|^表", re.IGNORECASE)
_LIST = re.compile(r"(党员)?(花名册|名单|名册|情况表|登记表|信息表|一览表)$")
_NUMBER = re.compile(r"^[\d一二三四五六七八九十]{1,3}[.、．\s-]+")


def is_note(cells: Sequence[str], fields: Mapping[str, int]) -> bool:
    """A row below the header that no person stands in: 合计, 填表人：李四, 第 2 页."""
    texts = ["".join(shown(cell).split()) for cell in cells]
    first = next((text for text in texts if text), "")
    name = _cell(texts, fields.get("name", -1))
    unit = _cell(texts, fields.get("unit", -1))
    if _TOTAL.fullmatch(first) or _TOTAL.fullmatch(name):
        return True
    if _SUBTOTAL.fullmatch(first) and (not name or name == first or _COUNT.fullmatch(name)):
        return True
    # 填表人 may stand in the name's column with 李四 beside it in the unit's.
    alone = not unit or first in (unit, name)
    if _LABELLED.fullmatch(first) and (alone or not name):
        return True
    if (_BARE.fullmatch(first) or _CLOSING.fullmatch(first)) and alone:
        return True
    return bool(_DATE.fullmatch(first)) and sum(bool(text) for text in texts) == 1


def captioned_unit(above: Sequence[Numbered]) -> str:
    """The unit a line above the header names: 填报单位：机修车间党支部, in one cell or in two."""
    for _, cells in above:
        texts = [shown(cell) for cell in cells]
        for place, text in enumerate(texts):
            found = _CAPTION.fullmatch("".join(text.split()))
            if found:
                return found[1] or next((each for each in texts[place + 1 :] if each), "")
    return ""


def titled_unit(title: str) -> str:
    """The unit a sheet is named after, empty when its title does not read like one."""
    bare = _LIST.sub("", _NUMBER.sub("", title.strip())).strip()
    return bare if _UNIT_ENDS.fullmatch(bare) and not _NOT_A_UNIT.search(bare) else ""


def _cell(texts: Sequence[str], place: int) -> str:
    return texts[place] if 0 <= place < len(texts) else ""
