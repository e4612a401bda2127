"""What came of each row of a questionnaire somebody brought, and why a file holds none, in whole sentences."""

from collections.abc import Callable, Mapping

from flask_babel import get_locale
from flask_babel import gettext as _

from survey.domain.questionnaires import Kind
from survey.domain.readings import BadForm, Fate, Misfit, Note
from survey.office.files import BadFile

_MOST_SAID = 8


def fates() -> Mapping[Fate, str]:
    """What can become of a row."""
    return {Fate.TAKEN: _("照收"), Fate.CHANGED: _("改了一点"), Fate.LEFT: _("没有收")}


def kind_names() -> Mapping[Kind, str]:
    """Kinds of question, as a clerk calls them."""
    return {
        Kind.RATING: _("评等次"),
        Kind.SCORE: _("打分（0 到 100）"),
        Kind.CHOICE: _("选择"),
        Kind.NUMBER: _("填数字"),
        Kind.DATE: _("填日期"),
        Kind.OPINION: _("写意见"),
    }


def note_sentence(note: Note) -> str:
    """What came of a row."""
    words = _TAKEN if note.fate is Fate.TAKEN else _CHANGED if note.fate is Fate.CHANGED else _LEFT
    said = words.get(note.why)
    return said(note) if said else fates()[note.fate]


def place(note: Note) -> str:
    """Where the row stands."""
    if not note.place:
        return note.sheet or _("整份")
    return f"{note.sheet} {note.place}" if note.sheet else str(note.place)


def refusal(fault: BadForm | BadFile) -> list[str]:
    """Why nothing could be read, with every place."""
    facts = {key: str(value) for key, value in fault.facts.items()}
    misfits = fault.facts.get("misfits", ())
    if isinstance(misfits, tuple) and misfits:
        return [misfit_sentence(each) for each in misfits[:_MOST_SAID] if isinstance(each, Misfit)]
    if str(get_locale()) == "en":
        facts["kind"] = facts.get("kind_en", "")
    said = _REFUSED.get(fault.why, lambda _f: _("这份文件读不出问卷。请另存一份再试。"))
    return [said({"said": "", "most": "", "kind": "", **facts})]


def misfit_sentence(misfit: Misfit) -> str:
    """One value that does not fit the schema: where, what is wrong, what to do."""
    facts = {"where": _way(misfit.path), "said": misfit.said, "wanted": misfit.wanted}
    return _MISFITS.get(misfit.rule, lambda f: _("%(where)s的内容“%(said)s”不能用。", **f))(facts)


def _way(path: tuple[str | int, ...]) -> str:
    """sections, 1, questions, 2 is 第 2 部分第 3 题."""
    words: Mapping[str, Callable[[int], str]] = {
        "sections": lambda n: _("第 %(n)s 部分", n=n),
        "questions": lambda n: _("第 %(n)s 题", n=n),
        "scales": lambda n: _("第 %(n)s 组等次", n=n),
        "options": lambda n: _("第 %(n)s 档", n=n),
        "candidates": lambda n: _("第 %(n)s 个选项", n=n),
    }
    parts: list[str] = []
    name = ""
    for step in path:
        if isinstance(step, int):
            parts[-1:] = [words[name](step + 1) if name in words else f"{name}[{step + 1}]"]
        else:
            parts.append(_("的“%(field)s”", field=step) if parts else f"“{step}”")
            name = step
    return " ".join(parts) or _("文件的最外层")


def _kind(note: Note) -> str:
    return kind_names()[Kind(note.detail)] if note.detail in set(Kind) else ""


_TAKEN: Mapping[str, Callable[[Note], str]] = {
    "title": lambda n: _("问卷的名称。"),
    "section": lambda n: _("一个部分的标题。"),
    "group": lambda n: _("只是把几道题放在一起，没有另成一部分。"),
    "said_first": lambda n: _("放在这一部分的前面，作为说明。"),
    "question": lambda n: _("一道题：%(kind)s。", kind=_kind(n)),
    "answers": lambda n: _("上面这道题的选项。"),
    "answer": lambda n: _("一个选项。"),
    "columns": lambda n: _("一组等次。"),
    "row": lambda n: _("表里的一行，成为一道题。"),
    "room": lambda n: _("留给人写字的地方。"),
    "note": lambda n: _("一句说明。"),
}
_CHANGED: Mapping[str, Callable[[Note], str]] = {
    "no_title": lambda n: _("没有名称，先叫“%(text)s”。收下以后请改名称。", text=n.text),
    "unseen": lambda n: _("“%(where)s”里有看不见的字符，已经去掉。", where=n.detail),
    "no_number": lambda n: _("没有题号，因为下面跟着选项，当作一道题。"),
    "bare_answer": lambda n: _("没有选项的记号，当作上面这道题的选项。"),
    "other_text": lambda n: _("可以选“其他”，但选了以后不能再写字。要听具体的话，请另加一道写意见的题。"),
    "jump": lambda n: _("不能跳题，文字照收。要按回答决定问不问，请收下以后设“什么时候问”。"),
    "order": lambda n: _("是一道评等次的题，等次改成从好到差。"),
    "known_scale": lambda n: _("选项像是满意度一类的等次，当作评等次的题。请核对每一档的含义和分值。"),
    "guessed_scale": lambda n: _("每一档的含义和分值是估计的，请核对。"),
    "ranking": lambda n: _("不能排序，改成选几项。"),
    "hundred": lambda n: _("改成 0 到 100 分打分。"),
    "no_answers": lambda n: _("下面没有选项，改成写文字。"),
    "help": lambda n: _("不像题目也不像选项，放在题目下面作为说明。"),
    "decimal": lambda n: _("只能填整数。"),
    "step": lambda n: _("不能限定每一步差 %(step)s，任何整数都可以填。", step=n.detail),
    "constraint": lambda n: _("这条限制做不到，没有收：%(rule)s", rule=n.detail),
    "election": lambda n: _("这条选举规则读不懂，没有收：%(rule)s", rule=n.detail),
    "choice_filter": lambda n: _("不能按前面的回答筛选项，全部选项都会列出：%(rule)s", rule=n.detail),
    "randomize": lambda n: _("选项不会打乱，按原来的次序列出。"),
    "name_as_label": lambda n: _("没有写文字，先用它的代号。"),
    "reference": lambda n: _("文字里的 ${…} 不会换成前面的回答，照原样显示。"),
    "required": lambda n: _("是不是必答，只能固定，不能按条件：%(rule)s", rule=n.detail),
    "condition_form": lambda n: _("这个条件太复杂，改成总是问：%(rule)s", rule=n.detail),
    "condition_kind": lambda n: _("条件里的那道题没有选项，改成总是问：%(rule)s", rule=n.detail),
    "condition_section": lambda n: _("条件里的那道题在另一部分，改成总是问：%(rule)s", rule=n.detail),
    "condition_unknown": lambda n: _("前面没有条件里的那道题，改成总是问：%(rule)s", rule=n.detail),
    "condition_answer": lambda n: _("条件里的答案不在选项里，改成总是问：%(rule)s", rule=n.detail),
    "repeat": lambda n: _("不能重复填，只问一遍。"),
    "audience": lambda n: _("评议对象“%(said)s”不认识，先当作综合部分。", said=n.detail),
    "group_relevant": lambda n: _("整个部分不能带条件，条件放到里面的每道题上：%(rule)s", rule=n.detail),
    "note_relevant": lambda n: _("说明不能带条件，总是显示：%(rule)s", rule=n.detail),
    "role": lambda n: _("含义“%(said)s”不认识，先当作“基本满意”。", said=n.detail),
    "points": lambda n: _("分值“%(said)s”不是数，没有收。", said=n.detail),
}
_LEFT: Mapping[str, Callable[[Note], str]] = {
    "thanks": lambda n: _("是一句客气话，没有收。"),
    "jump": lambda n: _("不能跳题，没有收。要按回答决定问不问，请收下以后设“什么时候问”。"),
    "too_long": lambda n: _("说明太长，这一行放不下，没有收。"),
    "languages": lambda n: _("一份问卷用一种语言，收了“%(chosen)s”这一栏。没有收：%(others)s。", chosen=n.text, others=n.detail),
    "column": lambda n: _("“%(name)s”这一栏用不上。", name=n.detail),
    "no_type": lambda n: _("没有写题型。"),
    "comment": lambda n: _("是一行批注。"),
    "disabled": lambda n: _("写明了停用。"),
    "recorder": lambda n: _("会记下填表的时间、设备或人。评议是匿名的，不记这些。"),
    "place": lambda n: _("会记下填表的地点。评议是匿名的，不记这些。"),
    "media": lambda n: _("不收照片、录音和文件。"),
    "computed": lambda n: _("是算出来的，不问人。"),
    "clock": lambda n: _("可以问日期，不能问钟点。"),
    "external": lambda n: _("选项在另一个文件里，读不到。请把选项写进 choices 表。"),
    "no_list": lambda n: _("choices 表里没有这组选项：%(rule)s", rule=n.detail),
    "type": lambda n: _("没有这种题型：%(rule)s", rule=n.detail),
    "note_last": lambda n: _("这句说明后面没有题目，没有地方放。"),
    "no_list_name": lambda n: _("没有写属于哪一组选项。"),
    "no_label": lambda n: _("这个选项没有文字。"),
}
_Facts = Mapping[str, str]
_MISFITS: Mapping[str, Callable[[_Facts], str]] = {
    "type": lambda f: _("%(where)s的类型不对，这里不能是“%(said)s”。", **f) if f["said"] else _("%(where)s的类型不对。", **f),
    "enum": lambda f: _("%(where)s不能是“%(said)s”，只能是这几个：%(wanted)s。", **f),
    "required": lambda f: _("%(where)s少了“%(said)s”。", **f),
    "additionalProperties": lambda f: _("%(where)s多了“%(said)s”，没有这一项。请看看有没有拼错。", **f),
    "maxLength": lambda f: _("%(where)s太长，最多 %(wanted)s 个字。", **f),
    "maxItems": lambda f: _("%(where)s太多，最多 %(wanted)s 个。", **f),
    "minimum": lambda f: _("%(where)s不能小于 %(wanted)s。", **f),
    "maximum": lambda f: _("%(where)s不能大于 %(wanted)s。", **f),
    "pattern": lambda f: _("%(where)s“%(said)s”不是日期，要写成 2026-01-31 这样。", **f),
    "format": lambda f: _("%(where)s“%(said)s”不是日期，要写成 2026-01-31 这样。", **f),
}
_REFUSED: Mapping[str, Callable[[_Facts], str]] = {
    "empty": lambda f: _("这份文件是空的。请选有内容的问卷。"),
    "too_large": lambda f: _("文件超过 %(most)s MB。问卷一般不到 1 MB，请删去图片和别的工作表再试。", **f),
    "encrypted": lambda f: _("这份文件设了打开密码，读不出来。请用 Excel 或 WPS 打开，去掉密码，保存以后再来。"),
    "wrong_kind": lambda f: _("这是%(kind)s文件，不是表格，也不是 JSON。文档里的问卷可以复制文字，用“粘贴文字”收进来。", **f),
    "wrong_spreadsheet": lambda f: _("这其实是%(kind)s文件。请用 Excel 或 WPS 打开它，另存为 .xlsx，再选新存的那一份。", **f),
    "cut_off": lambda f: _("文件不完整，可能没有传完。请重新保存或重新传一次。"),
    "broken": lambda f: _("文件损坏，打不开。请用 Excel 或 WPS 打开，另存为 .xlsx 再来。"),
    "unsafe": lambda f: _("文件展开后大得不正常，或者夹带了外部引用，没有打开。请把内容复制到新的工作簿再来。"),
    "encoding": lambda f: _("文字编码读不懂。请存成 UTF-8 编码再来。"),
    "not_workbook": lambda f: _("这不是 Excel 表格，也不是 JSON。文字的问卷请用“粘贴文字”收进来。"),
    "no_survey": lambda f: _("没有找到 survey 工作表，也没有哪张表有 type 这一栏。这份文件里有：%(said)s。请照模板改好再来。", **f),
    "too_many_rows": lambda f: _("一张工作表超过 %(most)s 行，问卷没有这么长。请删去不用的行。", **f),
    "syntax": lambda f: _("第 %(row)s 行第 %(column)s 个字附近写得不对，读不下去。请看看有没有少了引号、逗号或括号。", **f),
    "twice": lambda f: _("同一个“%(said)s”写了两次，不知道该信哪一个。请删去一个。", **f),
    "number": lambda f: _("有一个数“%(said)s”不能用。请改成普通的数。", **f),
    "deep": lambda f: _("括号一层套一层，超过 %(most)s 层。这不是问卷文件。", **f),
    "shape": lambda f: _("有一处内容不像问卷（%(said)s）。请检查一下。", **f),
    "long_text": lambda f: _("粘贴的文字超过 %(most)s 个字。请分成几份问卷。", **f),
    "no_text": lambda f: _("还没有粘贴文字。请把问卷的文字复制过来。"),
    "no_file": lambda f: _("还没有选文件。请选 .json、.xlsx 或 .xls 格式的问卷。"),
    "nothing": lambda f: _("没有读出题目。请看下面每一行的原因，改好再来。"),
}
