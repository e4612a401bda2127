"""The report of an import: who is added, what is changed in whom, who is missing, which rows cannot be used."""

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _

from survey.domain.rosters import Change, Plan
from survey.domain.terms import Terms
from survey.domain.units import Member, Unit
from survey.office.tables import Rows
from survey.web.desk.reasons import reason
from survey.web.words import member_kinds, sectors, unit_kinds

Row = tuple[str | int, ...]


def differences(plan: Plan, tree: Iterable[Unit], words: Terms) -> list[Rows]:
    """A sheet for each thing that would happen; one without rows is left out, but for the first."""
    names = {unit.id: unit.name for unit in (*tree, *plan.units)}
    kinds = member_kinds(words, retired=True)
    who = (_("姓名"), _("单位"), _("党员类别"), _("职务"), _("编号"), _("进入日期"))
    before_after = (_("哪一项"), _("原来"), _("改成"))
    sheets = [
        Rows(_("增加"), (_("行"), *who), ((number, *_about(m, names, kinds)) for number, m in plan.added), (8, 14, 28, 16, 16, 14, 12)),
        Rows(_("改动"), (_("行"), _("姓名"), *before_after), _changes(plan.changed, names, kinds), (8, 14, 14, 30, 30)),
        Rows(_("不在名单上"), who, (_about(m, names, kinds) for m in plan.missing), (14, 28, 16, 16, 14, 12)),
        Rows(_("不能用的行"), (_("工作表"), _("行"), _("原因")), ((r.sheet, r.number, reason(r, words)) for r in plan.refused), (14, 8, 90)),
        Rows(_("新建单位"), (_("单位"), _("类型"), _("上级")), _new_units(plan.units, names), (28, 12, 28)),
        Rows(_("改动的单位"), (_("单位"), *before_after), _changed_units(plan, words), (28, 14, 24, 24)),
    ]
    kept = (True, plan.changed, plan.missing, plan.refused, plan.units, plan.units_changed)
    return [sheet for sheet, some in zip(sheets, kept, strict=True) if some]


def _about(member: Member, names: Mapping[int, str], kinds: Mapping[str, str]) -> Row:
    return (
        member.name, names.get(member.unit, ""), kinds.get(member.kind, member.kind), member.position, member.code,
        member.since.isoformat() if member.since else "",
    )  # fmt: skip


def _changes(changed: Iterable[Change], names: Mapping[int, str], kinds: Mapping[str, str]) -> Iterator[Row]:
    """A row for each field that changes."""
    fields = (_("姓名"), _("单位"), _("党员类别"), _("职务"), _("编号"), _("进入日期"), _("离开日期"))
    for each in changed:
        both = [
            (*_about(m, names, kinds), m.left_on.isoformat() if m.left_on else "") for m in (each.before, each.after)
        ]
        for field, before, after in zip(fields, *both, strict=True):
            if before != after:
                yield each.number, each.after.name, field, before, after


def _new_units(new: Iterable[Unit], names: Mapping[int, str]) -> Iterator[Row]:
    for unit in new:
        yield unit.name, unit_kinds()[unit.kind], names.get(unit.parent or 0, "")


def _changed_units(plan: Plan, words: Terms) -> Iterator[Row]:
    labels, kinds = sectors(words, retired=True), unit_kinds()
    for before, after in plan.units_changed:
        for field, was, now in (
            (_("类型"), kinds[before.kind], kinds[after.kind]), (_("编号"), before.code, after.code),
            (_("领域"), labels.get(before.sector or "", ""), labels.get(after.sector or "", "")),
        ):  # fmt: skip
            if was != now:
                yield after.name, field, was, now
