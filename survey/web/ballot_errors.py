"""What a ballot cannot hold, in sentences."""

from collections.abc import Mapping

from flask_babel import gettext as _

Facts = Mapping[str, object]


def bad_answer(f: Facts) -> tuple[str, str]:
    """Why an answer cannot be taken, and where it stands."""
    why = {
        "no_such_question": _("这一项不在评议票上"),
        "two_answers": _("同一题选了两个答案"),
        "no_such_option": _("选了票上没有的答案"),
        "score_range": _("分数要填 0 到 100 的整数"),
        "too_many_ticks": _("最多选 %(most)s 个", most=f.get("most", "")),
        "name_long": _("另写的姓名最多 %(most)s 个字", most=f.get("most", "")),
        "name_listed": _("“%(name)s”已经在候选人里，请直接勾选", name=f.get("name", "")),
        "name_twice": _("“%(name)s”写了两次，请去掉一个", name=f.get("name", "")),
        "too_few_ticks": _("选了就至少选 %(least)s 个", least=f.get("least", "")),
        "not_a_number": _("要填整数"),
        "number_range": _("要填 %(low)s 到 %(high)s 的整数", low=f.get("low", ""), high=f.get("high", "")),
        "not_a_date": _("要填日期，比如 2026-11-21"),
        "date_range": _("日期要在 %(low)s 到 %(high)s 之间", low=f.get("low", ""), high=f.get("high", "")),
    }.get(str(f.get("why")), "")
    where = _("：").join(part for part in (str(f.get("target", "")), str(f.get("question", ""))) if part)
    return _("有一题的答案要改一改"), _("%(where)s，%(why)s。票还没有投出，改好再提交。", where=where, why=why)
