"""What was typed into the form of a round: kept as it was for the next try, or read into values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.actions.plans import KEPT, Asked
from survey.actions.questionnaires import DEFAULT, library
from survey.domain.meetings import LONGEST_NAME, Entry, check_groups
from survey.domain.plans import LONGEST_ROUND, MOST_NAMED, MOST_RULES, Invited, Planned, days, following, periods
from survey.domain.refusals import BadField
from survey.domain.rounds import Scheme
from survey.domain.scheme_versions import fitted
from survey.domain.texts import line
from survey.domain.titles import whole_round
from survey.domain.units import UnitKind
from survey.store.meetings import MOST_ID
from survey.web.desk.fields import MOST_GROUPS, MOST_PEOPLE, Errors, near_day, number, numbers, row_by_row
from survey.web.errors import sentence
from survey.web.words import group_name, plain_group


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of evaluators as it was typed; `counting` says whether `due` counts or the members of each unit do."""

    group: str = ""
    counting: str = "number"
    due: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """Which questionnaire for which units, as it was chosen."""

    kind: str = ""
    sector: str = ""
    questionnaire: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """The form of a round as it was typed; `source` is the round it was copied from.

    `picks` says whether all units take part or `only` those ticked by name; `find_only` is what was looked for among them, and
    `sought` what their list shows.
    """

    unit: str
    period: str
    name: str = ""
    starts_on: str = ""
    ends_on: str = ""
    entry: str = Entry.SLIPS.value
    groups: tuple[GroupRow, ...] = ()
    rules: tuple[RuleRow, ...] = (RuleRow(questionnaire=DEFAULT),)
    source: str = ""
    picks: str = "all"
    only: tuple[int, ...] = ()
    find_only: str = ""
    sought: str = ""


def empty(unit: int, period: str, names: Sequence[str]) -> Typed:
    """The form before anything was typed: the two groups that hardly any meeting lacks."""
    both = (GroupRow(names[0]), *(GroupRow(name, "members") for name in names[1:2]))
    return Typed(str(unit), period, groups=both)


def of(planned: Planned) -> Typed:
    """A round as its form shows it."""
    return Typed(
        str(planned.unit), planned.period, planned.name, planned.starts_on.isoformat(), planned.ends_on.isoformat(), planned.plan.entry,
        tuple(
            GroupRow(group_name(each.name), "members" if each.due is None else "number", str(each.due or ""))
            for each in planned.plan.groups
        ),
        tuple(
            RuleRow(each.kind, each.sector, each.ref if each.ref in library() else f"{KEPT}{each.questionnaire}")
            for each in planned.plan.rules
        ),
        picks="some" if planned.plan.units else "all", only=planned.plan.units,
    )  # fmt: skip


def again(planned: Planned) -> Typed:
    """The next round after this one: the same in the period that follows, its name and days by that period."""
    return replace(of(planned), period=following(planned.period), name="", starts_on="", ends_on="", source=str(planned.id))


def typed(form: MultiDict[str, str]) -> Typed:
    """The form as it was typed, with a row added, taken out or moved up when a button for that was pressed."""
    plain = ("unit", "period", "name", "starts_on", "ends_on", "entry", "source", "find_only", "sought")
    groups = [GroupRow(*three) for three in row_by_row(form, "group", "counting", "due")]
    rules = [RuleRow(*three) for three in row_by_row(form, "kind", "sector", "questionnaire")]
    for rows, name in ((groups, "remove_group"), (rules, "remove_rule")):
        out = number(form.get(name, ""))
        if out is not None and out < len(rows):
            del rows[out]
    up = number(form.get("raise_rule", ""))
    if up and up < len(rules):
        rules.insert(up - 1, rules.pop(up))
    if "add_group" in form and len(groups) < MOST_GROUPS:
        groups.append(GroupRow())
    if "add_rule" in form and len(rules) < MOST_RULES:
        rules.append(RuleRow(questionnaire=DEFAULT))
    texts = {name: line(form.get(name, "")) for name in plain}
    picks = "some" if form.get("picks") == "some" else "all"
    return Typed(**texts, groups=tuple(groups) or (GroupRow(),), rules=tuple(rules) or (RuleRow(),), picks=picks, only=_ticked(form))


def offered(today: date, before: Planned | None) -> tuple[str, ...]:
    """Periods to choose from; of a round that is changed or copied its own and the one after it, too."""
    more = (before.period, following(before.period)) if before is not None else ()
    return (*periods(today), *(each for each in more if each not in periods(today)))


def is_reshaping(form: MultiDict[str, str]) -> bool:
    """Whether a button was pressed that only changes rows or ticks or looks for a unit; so does Enter in a search."""
    if "save" not in form and line(form.get("find_only", "")) != line(form.get("sought", "")):
        return True
    return any(name in form for name in ("add_group", "remove_group", "add_rule", "remove_rule", "raise_rule", "find", "tick"))


def read(form: Typed, *, today: date, before: Planned | None, sectors: Mapping[str, str]) -> tuple[Asked | None, Errors]:
    """The round that was asked for, or a sentence for each field to change."""
    wrong: Errors = {}
    period = form.period if form.period in offered(today, before) else ""
    if not period:
        wrong["period"] = _("请选择哪一期。")
    if len(form.name) > LONGEST_ROUND:
        wrong["name"] = _("写得太长了，最多 %(most)s 个字。", most=LONGEST_ROUND)
    first, last = _days(form, period, wrong, today=today)
    rules = tuple((each.kind, each.sector, each.questionnaire) for each in form.rules)
    if len(rules) > MOST_RULES or any(kind not in {"", *UnitKind} or sector not in {"", *sectors} or not ref for kind, sector, ref in rules):
        wrong["rules"] = _("每一行都要选问卷，单位类型和领域请从列表中选，最多 %(most)s 行。", most=MOST_RULES)
    if form.entry not in (Entry.SLIPS, Entry.SCREEN):
        wrong["entry"] = _("请选择评议人怎么拿到评议票。")
    groups = _groups(form.groups, wrong)
    scheme = fitted(before.scheme if before is not None else Scheme(), (each.name for each in groups))
    if form.picks == "some" and not 0 < len(form.only) <= MOST_NAMED:
        wrong["only"] = _("请给要评的单位打钩，最多 %(most)s 个；或者选全部单位。", most=MOST_NAMED)
    if wrong or first is None or last is None:
        return None, wrong
    unit, source = number(form.unit, most=MOST_ID) or 0, number(form.source, most=MOST_ID)
    name = form.name or whole_round(period)
    only = form.only if form.picks == "some" else ()
    return Asked(unit, name, period, first, last, rules, groups, form.entry, scheme, source, only), {}


def _ticked(form: MultiDict[str, str]) -> tuple[int, ...]:
    """Units ticked by name, with all that are shown or without them when a button for that was pressed."""
    ticked, shown = (numbers(form.getlist(name)) for name in ("only", "shown"))
    changed = {"all": ticked | shown, "none": ticked - shown}.get(form.get("tick", ""), ticked)
    return tuple(sorted(changed))


def _days(form: Typed, period: str, wrong: Errors, *, today: date) -> tuple[date | None, date | None]:
    first, last = days(period) if period else (None, None)
    for name, text in (("starts_on", form.starts_on), ("ends_on", form.ends_on)):
        found, said = near_day(text, today=today)
        if said:
            wrong[name] = said
        elif found and name == "starts_on":
            first = found
        elif found:
            last = found
    if first and last and first > last and "ends_on" not in wrong:
        wrong["ends_on"] = _("最后一天（%(last)s）在头一天（%(first)s）前面，请改一个。", last=last.isoformat(), first=first.isoformat())
    return first, last


def _groups(rows: Sequence[GroupRow], wrong: Errors) -> tuple[Invited, ...]:
    found = []
    for row in rows:
        if not (row.group or row.due):
            continue
        called = plain_group(row.group)
        name = row.group or _("没有写名称的一类")
        due = number(row.due or "0")
        if len(called) > LONGEST_NAME:
            wrong["groups"] = _("“%(name)s…”太长，类别名称最多 %(most)s 个字。", name=row.group[:10], most=LONGEST_NAME)
        if due is None:
            wrong["groups"] = _("“%(name)s”的人数要填 0 到 %(most)s 的整数。", name=name, most=MOST_PEOPLE)
        found.append(Invited(called, None if row.counting == "members" else due or 0))
    try:
        if len(found) > MOST_GROUPS:
            wrong["groups"] = _("评议人最多分 %(most)s 类，这里有 %(n)s 类。请合并几类。", most=MOST_GROUPS, n=len(found))
        check_groups([(each.name, each.due or 0, 0) for each in found])
    except BadField as refused:
        wrong["groups"] = sentence(refused).text
    return tuple(found)
