"""The words of charts and workbooks in the language of the reader."""

from flask_babel import gettext as _
from flask_babel import pgettext

from analysis.labels import Labels


def labels() -> Labels:
    """The arithmetic knows no language: what stands beside its figures is told it."""
    return Labels(
        question=_("题目"),
        total=_("合计"),
        valid=_("有效"),
        blank=_("未选"),
        narrow=pgettext("chart", "满意率 %"),
        wide=pgettext("chart", "以上率 %"),
        whole_wide=_("基本满意以上率 %"),
        score=_("得分"),
        weighted=pgettext("chart", "加权满意率 %"),
        too_few=_("人数不足"),
        narrow_is=_("满意率 = 满意 ÷ 有效答案"),
        with_unknown=_("（含不了解）"),
        without_unknown=_("（不含不了解）"),
        wide_is=_("；以上率 =（满意 + 基本满意）÷ 有效答案"),
        no_basic=_("；没有“基本满意”一级，以上率等于满意率"),
        without_abstained=_("；弃权不算有效答案"),
        bars=_("。条形为各种回答所占的百分比。"),
        ranges=_("细线是满意率的误差范围（95%）。"),
        line=_("满意线"),
        all=pgettext("chart", "共"),
        no_answer=_("没有有效答案"),
        nothing=_("没有可以画的数字"),
        after=_("："),
        between=_("，"),
        apart=_("；"),
        stop=_("。"),
    )
