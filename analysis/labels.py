"""The words of charts and workbooks, Chinese unless others are passed in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """Headings, and the parts of the sentence that says how the rates are made."""

    question: str = "题目"
    total: str = "合计"
    valid: str = "有效"
    blank: str = "未选"
    narrow: str = "满意率 %"
    wide: str = "以上率 %"
    whole_wide: str = "基本满意以上率 %"
    score: str = "得分"
    weighted: str = "加权满意率 %"
    too_few: str = "人数不足"
    narrow_is: str = "满意率 = 满意 ÷ 有效答案"
    with_unknown: str = "（含不了解）"
    without_unknown: str = "（不含不了解）"
    wide_is: str = "；以上率 =（满意 + 基本满意）÷ 有效答案"
    no_basic: str = "；没有“基本满意”一级，以上率等于满意率"
    without_abstained: str = "；弃权不算有效答案"
    bars: str = "。条形为各种回答所占的百分比。"
    ranges: str = "细线是满意率的误差范围（95%）。"
    line: str = "满意线"
    all: str = "共"
    no_answer: str = "没有有效答案"
    nothing: str = "没有可以画的数字"
    after: str = "："
    between: str = "，"
    apart: str = "；"
    stop: str = "。"


CHINESE = Labels()
