"""The editor: a scale with its levels, what each counts as and what points it gives."""

from dataclasses import dataclass, replace
from itertools import zip_longest

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _

from survey.domain.drafts import Work, add_scale, change_scale, remove_scale, scale_of
from survey.domain.questionnaire_checks import MOST_POINTS
from survey.domain.questionnaires import MOST_CODE, Option, Role, Scale
from survey.domain.refusals import BadField, Stale
from survey.domain.texts import line
from survey.web.desk.editor_answers import Compared, View, change, opened, overtaken, page, saved, to_part
from survey.web.desk.editor_fields import presets, roles
from survey.web.doors import Who, admits
from survey.web.errors import sentence
from survey.web.limits import takes

_MOST_BODY = 1024 * 1024
MOST_LEVELS = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One level as it was typed."""

    code: str
    label: str
    role: str
    points: str


@dataclass(frozen=True, slots=True)
class TypedScale:
    """A scale as it was typed."""

    label: str
    levels: tuple[Level, ...]

    def scale(self, key: str) -> tuple[Scale, str]:
        """The scale, or the sentence that says what to change. New levels get codes nobody had; blank ones do not count."""
        codes = {int(level.code) for level in self.levels if _is_code(level.code)}
        options: list[Option] = []
        for level in self.levels:
            points, said = _points(level)
            if said:
                return Scale(key, self.label, ()), said
            code = int(level.code) if _is_code(level.code) else min(set(range(MOST_CODE + 1)) - codes)
            codes.add(code)
            role = Role(level.role) if level.role in set(Role) else Role.SATISFIED
            options.append(Option(code, level.label, role, points))
        return Scale(key, self.label, tuple(options)), ""


@admits(Who.SECRETARY)
def show(draft_id: int) -> Response:
    """One scale; the first when none is named."""
    view = opened(draft_id, edit=True)
    form = view.draft.form
    key = request.args.get("scale", form.scales[0].key if form.scales else "")
    if not form.scales and not key:
        return redirect(to_part(draft_id), 303)  # type: ignore[return-value]
    return _page(view, key, _as_typed(scale_of(form, key)), "")


@admits(Who.SECRETARY)
@takes(_MOST_BODY)
def save(draft_id: int) -> Response:
    """Write what was typed about a scale; then do what the button says."""
    view = opened(draft_id, edit=True)
    key, (verb, _colon, word) = request.form.get("scale", ""), request.form.get("do", "").partition(":")
    typed = _reshaped(_typed(), verb, word)
    scale, said = typed.scale(key)
    if said:
        scale_of(view.draft.form, key)
        return _page(view, key, typed, said)
    try:
        draft, fresh = change(draft_id, lambda work: _act(work, scale, verb, word))
    except Stale:
        return overtaken(draft_id, lambda now: _compared(now, key, typed), _address(draft_id, key))
    except BadField as fault:
        return _page(view, key, typed, sentence(fault).text)
    if verb == "remove" or verb == "back":
        return saved(draft, to_part(draft_id, request.form.get("part", "")))
    return saved(draft, _address(draft_id, fresh or key))


def _act(work: Work, scale: Scale, verb: str, word: str) -> Work:
    if verb == "new" and word in presets():
        return add_scale(work, presets()[word])
    work = change_scale(work, scale)
    return remove_scale(work, scale.key) if verb == "remove" else work


def _typed() -> TypedScale:
    fields = (request.form.getlist(name) for name in ("code", "level", "role", "points"))
    rows = (Level(code, line(label), role, line(points)) for code, label, role, points in zip_longest(*fields, fillvalue=""))
    return TypedScale(line(request.form.get("label", "")), tuple(rows)[:MOST_LEVELS])


def _reshaped(typed: TypedScale, verb: str, word: str) -> TypedScale:
    """The levels after a button that adds, drops or moves one."""
    levels = list(typed.levels)
    place = int(word) if word.isascii() and word.isdecimal() and len(word) < 4 else len(levels)
    if verb == "add" and len(levels) < MOST_LEVELS:
        levels.append(Level("", "", Role.SATISFIED.value, ""))
    elif verb == "drop" and place < len(levels):
        del levels[place]
    elif verb in ("up", "down") and place < len(levels):
        level = levels.pop(place)
        levels.insert(max(0, place + (1 if verb == "down" else -1)), level)
    return replace(typed, levels=tuple(levels))


def _as_typed(scale: Scale) -> TypedScale:
    levels = (Level(str(o.code), o.label, o.role.value, "" if o.points is None else f"{o.points:g}") for o in scale.options)
    return TypedScale(scale.label, tuple(levels))


def _points(level: Level) -> tuple[float | None, str]:
    """The points of a level; blank is none."""
    if not level.points:
        return None, ""
    try:
        points = float(level.points.replace("\u2212", "-")) if len(level.points) < 12 else MOST_POINTS + 1
    except ValueError:
        points = MOST_POINTS + 1
    if not -MOST_POINTS <= points <= MOST_POINTS:
        return None, _("“%(level)s”的分值要填 −%(most)s 到 %(most)s 的数，不计分就空着。", level=level.label, most=MOST_POINTS)
    return points, ""


def _is_code(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= MOST_CODE


def _page(view: View, key: str, typed: TypedScale, wrong: str) -> Response:
    form = view.draft.form
    used = sum(question.scale == key for section in form.sections for question in section.questions)
    return page(
        "scale", view, key=key, typed=typed, wrong=wrong, roles=roles(), presets=presets(), used=used, full=MOST_LEVELS,
        status=400 if wrong else 200,
    )  # fmt: skip


def _address(draft_id: int, key: str) -> str:
    return url_for("desk_questionnaires.scale", draft_id=draft_id, scale=key)


def _compared(view: View, key: str, typed: TypedScale) -> Compared:
    now = next((_as_typed(each) for each in view.draft.form.scales if each.key == key), TypedScale("", ()))
    names = roles()

    def told(scale: TypedScale) -> str:
        rows = ((level.label, names.get(level.role, ""), level.points or "–") for level in scale.levels)
        return "\n".join(_("%(level)s：算作%(role)s，%(points)s 分", level=label, role=role, points=points) for label, role, points in rows)

    return [(_("等次的名称"), typed.label, now.label), (_("各档"), told(typed), told(now))]
