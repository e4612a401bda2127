"""What was typed into the forms of a meeting: kept as it was for the next try, or read into values."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.actions.meetings import LONGEST_TITLE, NewMeeting
from survey.actions.questionnaires import DEFAULT, library
from survey.domain.meetings import LONGEST_NAME, Entry, check_groups
from survey.domain.refusals import BadField
from survey.domain.texts import line
from survey.store.meetings import MOST_ID
from survey.web.errors import sentence
from survey.web.words import plain_group

MOST_PEOPLE = 9999
MOST_GROUPS = 30
_DAYS_AWAY, _YEARS_AWAY = 370, 3
_LONGEST_ID = 9

Errors = dict[str, str]
Groups = list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of groups as it was typed."""

    name: str = ""
    due: str = ""
    present: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into it."""
        return not (self.name or self.due or self.present)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a new meeting as it was typed."""

    unit: str
    day: str
    place: str = ""
    entry: str = Entry.SLIPS.value
    rows: tuple[Row, ...] = (Row(),)
    title: str = ""
    questionnaire: str = DEFAULT
    one_officer: bool = False

    @property
    def is_special(self) -> bool:
        """Whether anything beyond the five fields was touched."""
        return bool(self.title or self.one_officer or self.questionnaire != DEFAULT)


def empty(*, unit: str, day: str, names: Sequence[str]) -> Typed:
    """The form before anything was typed: one group, the one that hardly any meeting lacks."""
    return Typed(unit, day, rows=(Row(names[0]),))


def typed(form: MultiDict[str, str]) -> Typed:
    """The form as it was typed, with a row added or removed when a button for that was pressed."""
    return Typed(
        unit=_text(form, "unit"),
        day=_text(form, "day"),
        place=_text(form, "place"),
        entry=_text(form, "entry"),
        rows=rows(form),
        title=_text(form, "title"),
        questionnaire=_text(form, "questionnaire"),
        one_officer="one_officer" in form,
    )


def rows(form: MultiDict[str, str]) -> tuple[Row, ...]:
    """The rows of groups, after “加一类” or “去掉” when one of these was pressed."""
    found = [Row(*three) for three in row_by_row(form, "group", "due", "present")]
    out = number(form.get("remove_row", ""))
    if out is not None and out < len(found):
        del found[out]
    if "add_row" in form and len(found) < MOST_GROUPS:
        found.append(Row())
    return tuple(found) or (Row(),)


def is_reshaping(form: MultiDict[str, str]) -> bool:
    """Whether a button was pressed that only adds or removes a row."""
    return "add_row" in form or "remove_row" in form


def number(text: str, *, most: int = MOST_PEOPLE) -> int | None:
    """A whole number from 0 to `most`, also in full-width digits; None for anything else."""
    plain = text.strip()
    # Digits of any script, nothing that only looks like one: 5² is not 52.
    if not plain.isdecimal() or len(plain) > len(str(most)):
        return None
    return int(plain) if int(plain) <= most else None


def numbers(texts: Iterable[str]) -> set[int]:
    """The keys that boxes to tick sent; what is none is left out."""
    return {int(each) for each in texts if each.isascii() and each.isdigit() and len(each) <= _LONGEST_ID}


def groups(typed_rows: Sequence[Row]) -> tuple[Groups, str]:
    """The groups in values, or the sentence that says which row to change. Blank rows do not count."""
    read: Groups = []
    filled = [row for row in typed_rows if not row.is_blank]
    if len(filled) > MOST_GROUPS:
        return [], _("评议人最多分 %(most)s 类，这里有 %(n)s 类。请合并几类。", most=MOST_GROUPS, n=len(filled))
    for row in filled:
        called = plain_group(row.name)
        if len(called) > LONGEST_NAME:
            return [], _("“%(name)s…”太长，类别名称最多 %(most)s 个字。", name=row.name[:10], most=LONGEST_NAME)
        due = number(row.due)
        # Who has come is often known only at the door: it may stay open until the meeting begins.
        present = number(row.present) if row.present else 0
        if due is None or present is None:
            name = row.name or _("没有写名称的一类")
            return [], _("“%(name)s”的人数要填 0 到 %(most)s 的整数。", name=name, most=MOST_PEOPLE)
        read.append((called, due, present))
    try:
        check_groups(read)
    except BadField as refused:
        return [], sentence(refused).text
    return read, ""


def new_meeting(form: Typed, *, units: Collection[int], today: date, own: Collection[str] = ()) -> tuple[NewMeeting | None, Errors]:
    """The meeting that was asked for, or a sentence for each field to change. `own` are questionnaires beside the library."""
    wrong: Errors = {}
    unit = number(form.unit, most=MOST_ID)
    if unit is None or unit not in units:
        wrong["unit"] = _("请选择评议哪个单位。")
    day = meeting_day(form.day, wrong, today=today)
    check_length("place", form.place, wrong)
    check_length("title", form.title, wrong)
    if form.entry not in (Entry.SLIPS, Entry.SCREEN):
        wrong["entry"] = _("请选择评议人怎么拿到评议票。")
    chosen = library().get(form.questionnaire)
    if (chosen is None or chosen.is_survey) and form.questionnaire not in own:
        wrong["questionnaire"] = _("没有这份问卷，请重新选择。")
    read, said = groups(form.rows)
    if said:
        wrong["groups"] = said
    if wrong or unit is None or day is None:
        return None, wrong
    entry = Entry(form.entry)
    plain = NewMeeting(unit, day, form.place, entry, read, form.title, form.questionnaire)
    return replace(plain, one_officer=form.one_officer), wrong


def meeting_day(text: str, wrong: Errors, *, today: date) -> date | None:
    """The day a meeting is held, with a sentence in `wrong` when it is none or far from now."""
    day = day_of(text)
    if day is None:
        wrong["day"] = _("请填开会的日期，例如 %(day)s。", day=today.isoformat())
    elif abs((day - today).days) > _DAYS_AWAY:
        wrong["day"] = _("这一天离今天太远，请看看年份有没有填错。")
    return day


def near_day(text: str, *, today: date) -> tuple[date | None, str]:
    """A day at most three years away, None when nothing was typed; or a sentence about what to change."""
    day = day_of(text) if text else None
    if text and day is None:
        return None, _("这里要填一个日期，例如 %(day)s。", day=today.isoformat())
    if day is not None and abs(day.year - today.year) > _YEARS_AWAY:
        return None, _("这一天离今天太远，请看看年份有没有填错。")
    return day, ""


def row_by_row(form: MultiDict[str, str], *names: str) -> Iterator[tuple[str, ...]]:
    """Fields that a form has once a row, as they were typed; one that was not sent is empty."""
    yield from (tuple(map(line, each)) for each in zip_longest(*map(form.getlist, names), fillvalue=""))


def check_length(field: str, text: str, wrong: Errors) -> None:
    """A sentence in `wrong` when a title or a place is too long."""
    if len(text) > LONGEST_TITLE:
        wrong[field] = _("写得太长了，最多 %(most)s 个字。", most=LONGEST_TITLE)


def as_rows(chosen: Sequence[tuple[str, int, int]]) -> tuple[Row, ...]:
    """Groups as they stand in the form; nobody present yet is left open."""
    return tuple(Row(name, str(due), str(present or "")) for name, due, present in chosen)


def _text(form: MultiDict[str, str], field: str) -> str:
    return line(form.get(field, ""))


def day_of(text: str) -> date | None:
    """The day of a field of dates; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
