"""A small paper with every kind of question."""

from survey.domain.papers import Paper, targets, used
from survey.domain.questionnaire_json import questionnaire
from survey.domain.units import Member, MemberKind, Unit, UnitKind

SCALE = {
    "key": "four",
    "label": "满意度",
    "options": [
        {"code": 0, "label": "满意", "role": "satisfied", "points": 100},
        {"code": 1, "label": "基本满意", "role": "basic", "points": 80},
        {"code": 2, "label": "不满意", "role": "unsatisfied", "points": 0},
        {"code": 3, "label": "不了解", "role": "unknown", "points": None},
    ],
}


def form(**changes):
    data = {
        "key": "all",
        "title": "各种题目",
        "scales": [SCALE],
        "sections": [
            {
                "key": "unit",
                "title": "评支部",
                "audience": "unit",
                "questions": [
                    {"key": "good1", "kind": "rating", "text": "领导班子好", "scale": "four"},
                    {"key": "good2", "kind": "rating", "text": "党员队伍好", "scale": "four", "required": True},
                ],
            },
            {
                "key": "member",
                "title": "评党员",
                "audience": "member",
                "questions": [
                    {"key": "score", "kind": "score", "text": "打分"},
                    {"key": "pick", "kind": "choice", "text": "推荐", "candidates": ["甲", "乙", "丙"], "choose": 2},
                ],
            },
            {
                "key": "general",
                "title": "意见",
                "audience": "general",
                "questions": [{"key": "say", "kind": "opinion", "text": "意见建议"}],
            },
        ],
    }
    return questionnaire({**data, **changes})


def paper(*, texts: bool = True, members: int = 2) -> Paper:
    unit = Unit(1, None, UnitKind.BRANCH, "机修车间党支部")
    people = [Member(i, 1, name, MemberKind.WORKING) for i, name in enumerate(("张三", "李四", "王五")[:members], 1)]
    chosen = targets(form(), [(unit, people)])
    sections, scales = used(form(), chosen)
    return Paper(7, 3, "第三季度评议会", "群众代表", "各种题目", "0" * 64, chosen, sections, scales, texts)
