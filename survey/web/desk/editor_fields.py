"""Words and beginnings of the editor: kinds of question, whom a section is for, scales that are ready."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from survey.domain.questionnaires import Audience, Kind, Option, Question, Questionnaire, Role, Scale
from survey.web.words import roles as four_roles

SINGLE, MOST, SEVERAL = "single", "most", "several"


def kinds() -> Mapping[str, str]:
    """Kinds of question as a clerk knows them; three of them are choices."""
    return {
        Kind.RATING.value: _("评等次"),
        Kind.SCORE.value: _("打分（0 到 100）"),
        SINGLE: _("单选"),
        MOST: _("多选，最多选几个"),
        SEVERAL: _("多选，个数不限"),
        Kind.NUMBER.value: _("填数字"),
        Kind.DATE.value: _("填日期"),
        Kind.OPINION.value: _("写意见"),
    }


def kind_of(question: Question) -> str:
    """Which of them a question is."""
    if question.kind is not Kind.CHOICE:
        return question.kind.value
    if question.choose == 1:
        return SINGLE
    return SEVERAL if question.choose in (0, question.offered) else MOST


def audiences() -> Mapping[str, str]:
    """Whom a section is for."""
    return {
        Audience.UNIT.value: _("评单位"),
        Audience.MEMBER.value: _("评党员"),
        Audience.GENERAL.value: _("总的，不针对谁"),
    }


def roles() -> Mapping[str, str]:
    """What a level of a scale counts as."""
    return {**{role.value: words for role, words in four_roles().items()}, Role.ABSTAIN.value: _("弃权")}


def presets() -> Mapping[str, Scale]:
    """Scales that are ready, in the language of the page: from then on they are the questionnaire's own words."""
    good, basic, poor, unknown = Role.SATISFIED, Role.BASIC, Role.UNSATISFIED, Role.UNKNOWN
    return {
        "four": _scale(_("满意度（四级）"), (_("满意"), good, 100), (_("基本满意"), basic, 80), (_("不满意"), poor, 0), (_("不了解"), unknown, None)),
        "five": _scale(
            _("满意度（五级）"), (_("很满意"), good, 100), (_("满意"), good, 80), (_("基本满意"), basic, 60), (_("不太满意"), poor, 30),
            (_("不满意"), poor, 0), (_("不了解"), unknown, None),
        ),
        "grade": _scale(_("等次（好、中、差）"), (_("好"), good, 100), (_("中"), basic, 60), (_("差"), poor, 0)),
        "pass": _scale(
            _("等次（优秀、合格、基本合格、不合格）"), (_("优秀"), good, 100), (_("合格"), good, 80), (_("基本合格"), basic, 60), (_("不合格"), poor, 0)
        ),
    }  # fmt: skip


def new_question(kind: str, form: Questionnaire, before: Sequence[Question]) -> Question:
    """An empty question of a kind; a rating takes the scale of the one before it, the answers of a choice are still to be written."""
    if kind in (SINGLE, MOST, SEVERAL):
        return Question("", Kind.CHOICE, "", choose={SINGLE: 1, MOST: 2, SEVERAL: 0}[kind])
    found = Kind(kind) if kind in set(Kind) - {Kind.CHOICE} else Kind.RATING
    used = [question.scale for question in before if question.kind is Kind.RATING]
    scale = used[-1] if used else form.scales[0].key if form.scales else ""
    return Question("", found, "", scale=scale if found is Kind.RATING else "")


def _scale(label: str, *levels: tuple[str, Role, float | None]) -> Scale:
    return Scale("", label, tuple(Option(code, words, role, points) for code, (words, role, points) in enumerate(levels)))


