"""What refusals say of a survey, where the words for an evaluation meeting would not fit."""

from collections.abc import Mapping

from flask_babel import gettext as _

from survey.domain.meetings import Stage
from survey.web.words import stages

_Said = tuple[str, str]


def void() -> _Said:
    """To the phone: there will be no count."""
    return _("这次调查已经作废"), _("票和钥匙都已销毁，没有计票，谁也看不到您怎么答。是否重做，请问发起的人。")


def stage(f: Mapping[str, object]) -> _Said:
    """To the phone, which names the title of the survey, or to the desk: not at this stage."""
    if f.get("wanted") == Stage.OPEN.value and "title" in f:
        if f.get("stage") == Stage.DRAFT.value:
            return _("调查还没有开始"), _("请等发起的人开始调查，再打开一次。")
        return _("调查已经结束"), _("票箱已经封存，不再收答卷。")
    here = stages(survey=True)[Stage(str(f["stage"]))] if f.get("stage") else ""
    return (
        _("现在不能做这一步"),
        _("这次调查现在是“%(stage)s”。可能别人刚刚操作过，请刷新页面看下一步。", stage=here),
    )


def many() -> _Said:
    """To the phone: as many sheets are under way as were asked for."""
    return _("这份问卷已经领完"), _("定好的份数已经领完。您若没有领到，请告诉发起的人，他可以调高份数。")
