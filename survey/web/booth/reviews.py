"""The review before casting: one line per card, spelling out only what differs. The phone says the same by itself."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey.domain.ballots import clean, fill, is_asked
from survey.domain.papers import TEXT_BUDGET, Paper
from survey.domain.questionnaires import Kind
from survey.domain.refusals import BadAnswer, MissingAnswer, Refused, TextTooLong
from survey.domain.scheme_parts import Validity
from survey.domain.write_ins import names_in
from survey.web.booth.papers import Card, Item, Part, is_plain, numeral, numerals, parts

Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One card. `missing` is how many marks are open, `others` every answer that is no rating, each to its own line, and
    `words` the opinions as they were written."""

    number: int
    label: str
    text: str
    others: tuple[str, ...]
    words: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines under one heading of the paper."""

    heading: str
    rows: tuple[Row, ...]


def phrases(paper: Paper | None = None) -> dict[str, str]:
    """Every sentence the review is made of. The script in the page gets the same ones, so both say the same."""
    of_survey = {
        "open": _("还有 {k} 处没有答完"),
        "free": _("可以去选，也可以就这样提交，没选的就空着。"),
        "kept": _("您上次选的都还在，接着答就可以。"),
        "before": _("上一页"),
        "onward": _("下一页"),
        "list": _("看哪里没答完"),
        "done": _("已答"),
        "then": _("{who}答完了，下面是{next}。"),
    }
    return {
        "numerals": " ".join(numerals()),
        "all": _("{n}项{label}"),
        "some": _("{label} {k}"),
        "comma": _("，"),
        "pause": _("、"),
        "left": _("还有 {k} 项没选"),
        "none": _("{n}项都没选"),
        "one": _("没选"),
        "score": _("{text} {value} 分"),
        "marked": _("{text}：{names}"),
        "silent": _("没有写"),
        "open": _("还有 {k} 处没有评完"),
        "open_one": _("{who}{what}。"),
        "more": _("另外还有 {k} 处。"),
        "free": _("可以去选，也可以就这样提交，没选的记为弃权。"),
        "stop": _("有一处要改，改好才能提交"),
        "must": _("{who}：“{text}”必须回答。"),
        "range": _("{who}：“{text}”要填 0 到 100 的整数。"),
        "long": _("全部意见合起来最多 {most} 字，现在有 {k} 字，请删短一些。"),
        "go": _("去选"),
        "change": _("修改"),
        "same": _("{n}项同选"),
        "same_of": _("{who}：{n}项选同一个答案"),
        "ticked": _("已选 {k} 个，还可以选 {left} 个"),
        "full": _("最多选 {most} 个，请先去掉一个再选别的。"),
        "letters": _("还可以写 {k} 字"),
        "over": _("多了 {k} 字，请删短一些"),
        "kept": _("您上次选的都还在，接着评就可以。"),
        "next": _("下一处没选的"),
        "finished": _("都选好了"),
        "sending": _("正在投票。"),
        "again": _("正在投票，网络不好，会自动再试。请不要关掉这一页。"),
        "paused": _("现在暂停投票，恢复以后会自动再试。请不要关掉这一页。"),
        "before": _("上一位"),
        "onward": _("下一位"),
        "page": _("第 {k} 页，共 {n} 页"),
        "list": _("看谁没评完"),
        "done": _("已评"),
        "then": _("{who}评完了，下面是{next}。"),
        "hear": _("念给我听"),
        "heard": _("旁边也听得到"),
        "hush": _("不念了"),
        "offers": _("可以选{names}。"),
        "chosen": _("您选了{names}。"),
        "most": str(TEXT_BUDGET),
        **(_rows_that_count(paper) if paper is not None else {}),
        **(of_survey if paper is not None and paper.is_survey else {}),
    }


def _rows_that_count(paper: Paper) -> dict[str, str]:
    """What leaving something open does, where the round wants half or all of a card to be answered."""
    free = {
        Validity.HALF: _("可以去选，也可以就这样提交，没选的记为弃权。对谁选得不到一半，对他选的就都不算。"),
        Validity.ALL: _("可以去选，也可以就这样提交，没选的记为弃权。对谁有一项没选，对他选的就都不算。"),
    }
    return {"free": free[paper.validity]} if paper.validity in free else {}


def more_phrases() -> dict[str, str]:
    """What only papers with numbers, dates or a least number of ticks can have to say."""
    return {
        "number": _("{who}：“{text}”要填整数。"),
        "between": _("{who}：“{text}”要填 {low} 到 {high} 的整数。"),
        "day": _("{who}：“{text}”要填日期，比如 2026-11-21。"),
        "within": _("{who}：“{text}”的日期要在 {low} 到 {high} 之间。"),
        "few": _("{who}：“{text}”选了就至少选 {least} 个。"),
        "listed": _("{who}：“{name}”已经在候选人里，请直接勾选。"),
        "double": _("{who}：“{name}”写了两次，请去掉一个。"),
    }


def phrases_json(paper: Paper) -> str:
    """The phrases as the page carries them."""
    said = phrases(paper) | ({} if is_plain(paper) else more_phrases())
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def review(paper: Paper, answers: Answers) -> tuple[Heading, ...]:
    """The whole review; answers that do not fit the paper are left out, the casting refuses them with a sentence."""
    return tuple(_under(part, answers) for part in parts(paper))


def fault(paper: Paper, answers: Answers) -> Refused | None:
    """What the box would refuse these answers for."""
    try:
        fill(paper, answers)
    except (BadAnswer, MissingAnswer, TextTooLong) as refused:
        return refused
    return None


def _under(part: Part, answers: Answers) -> Heading:
    return Heading(part.heading, tuple(_row(card, answers) for card in part.cards))


def _row(card: Card, answers: Answers) -> Row:
    say = phrases()
    asked = _asked(card, answers)
    marked = [item for item in asked if item.is_marked]
    missing = sum(1 for item in marked if not given(item, answers) and not written(item, answers))
    words = tuple(text for item in asked if not item.is_marked if (text := _words(item, answers)))
    if missing and missing == len(marked):
        text = say["one"] if missing == 1 else say["none"].format(n=numeral(missing))
    else:
        said = _ratings(asked, answers)
        text = say["comma"].join([*said, say["left"].format(k=missing)] if missing else said)
    if not marked and not words:
        text = say["silent"]
    return Row(card.number, card.label, text, tuple(_others(asked, answers)), words, missing)


def _asked(card: Card, answers: Answers) -> list[Item]:
    """The questions that are asked after these answers; what was typed into the others does not count."""
    chosen: dict[str, Collection[int]] = {}
    found = []
    for item in card.items:
        if is_asked(item.question, chosen):
            found.append(item)
            chosen[item.question.key] = [int(value) for value in given(item, answers)] if item.options else ()
    return found


def given(item: Item, answers: Answers) -> list[str]:
    """The answers to a question that its paper offers; for a score, a number and a day whatever was typed."""
    typed = [value.strip() for value in answers.get(item.name, ()) if value.strip()]
    if item.kind in (Kind.SCORE, Kind.NUMBER, Kind.DATE):
        return typed[:1]
    offered = {code for code, _label in item.options}
    return [value for value in typed if value in offered]


def written(item: Item, answers: Answers) -> tuple[str, ...]:
    """The names written beside the candidates, as they will be counted."""
    return names_in(item.name, item.write_ins, answers)


def _words(item: Item, answers: Answers) -> str:
    return clean("\n".join(answers.get(item.name, ())))


def _ratings(asked: Sequence[Item], answers: Answers) -> list[str]:
    """How often each answer was chosen, in the order of the scale; all alike is said in one breath."""
    say = phrases()
    items = [item for item in asked if item.kind is Kind.RATING]
    order = list(dict.fromkeys(label for item in items for _code, label in item.options))
    chosen = Counter(dict(item.options)[code] for item in items for code in given(item, answers)[:1])
    if len(chosen) == 1 and chosen.total() == len(items):
        (label,) = chosen
        return [label if len(items) == 1 else say["all"].format(n=numeral(len(items)), label=label)]
    return [say["some"].format(label=label, k=chosen[label]) for label in order if chosen[label]]


def _others(asked: Sequence[Item], answers: Answers) -> list[str]:
    say = phrases()
    said = []
    for item in asked:
        values = given(item, answers)
        if item.kind is Kind.SCORE and values:
            said.append(say["score"].format(text=item.text, value=values[0]))
        if item.kind is Kind.CHOICE and (values or written(item, answers)):
            names = say["pause"].join([*(dict(item.options)[value] for value in values), *written(item, answers)])
            said.append(say["marked"].format(text=item.text, names=names))
        if item.kind.is_wide and values:
            said.append(say["marked"].format(text=item.text, names=values[0]))
    return said
