"""Units in a tree and their members: who may be evaluated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b


class UnitKind(StrEnum):
    """What a unit is in the tree."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    DEPARTMENT = "department"


class Sector(StrEnum):
    """The fields a unit works in (领域) that come with the house; an organisation may have others. They decide which section
    of a questionnaire fits."""

    RURAL = "rural"
    STREET = "street"
    OFFICE = "office"
    SCHOOL = "school"
    STATE_ENTERPRISE = "state_enterprise"
    NEW_ORGANISATION = "new_organisation"


class MemberKind(StrEnum):
    """Kinds of member (党员类型) that come with the house; an organisation may have others."""

    LEADING = "leading"
    WORKING = "working"
    RETIRED = "retired"
    MOBILE = "mobile"
    PLAIN = "plain"


UNIT_KINDS: Mapping[UnitKind, str] = {
    UnitKind.COMMITTEE: "党委",
    UnitKind.GENERAL_BRANCH: "党总支",
    UnitKind.BRANCH: "党支部",
    UnitKind.DEPARTMENT: "部门",
}
SECTORS: Mapping[str, str] = {
    Sector.RURAL: "农村",
    Sector.STREET: "街道社区",
    Sector.OFFICE: "机关事业",
    Sector.SCHOOL: "中小学校",
    Sector.STATE_ENTERPRISE: "国有企业",
    Sector.NEW_ORGANISATION: "两新组织",
}
MEMBER_KINDS: Mapping[str, str] = {
    MemberKind.LEADING: "党员领导干部",
    MemberKind.WORKING: "在职党员",
    MemberKind.RETIRED: "离退休党员",
    MemberKind.MOBILE: "流动党员",
    MemberKind.PLAIN: "无职党员",
}

# Positions in the order a notice board lists them; what is not here comes after, by name.
_POSITION_ORDER = ("第一书记", "副书记", "书记", "委员")


@dataclass(frozen=True, slots=True)
class Unit:
    """One node of the tree. `parent` is None at the root; `sector` is a key of the list of sectors; `into` what it was merged into."""

    id: int
    parent: int | None
    kind: UnitKind
    name: str
    code: str = ""
    sector: str | None = None
    closed_on: date | None = None
    into: int | None = None

    @property
    def is_closed(self) -> bool:
        """Closed units stay for their history, and nothing new happens to them."""
        return self.closed_on is not None

    @property
    def mark(self) -> str:
        """A digest of all its fields: a form carries it, and equal marks mean that nobody changed the unit between."""
        return blake2b(repr(self).encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Member:
    """One member; belongs to one unit at a time, since a day when it is known. `kind` is a key of the list of kinds."""

    id: int
    unit: int
    name: str
    kind: str = MemberKind.WORKING
    position: str = ""
    code: str = ""
    since: date | None = None
    left_on: date | None = None


def subtree(units: Iterable[Unit], root: int) -> frozenset[int]:
    """Ids of `root` and of everything below it; empty when there is no such unit."""
    known = {unit.id: unit for unit in units}
    if root not in known:
        return frozenset()
    children: dict[int, list[int]] = {}
    for unit in known.values():
        if unit.parent is not None:
            children.setdefault(unit.parent, []).append(unit.id)
    found: set[int] = set()
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(children.get(here, ()))
    return frozenset(found)


def trail(units: Iterable[Unit], unit: int) -> tuple[Unit, ...]:
    """The units from the root down to `unit`, itself included."""
    known = {each.id: each for each in units}
    steps: list[Unit] = []
    here: int | None = unit
    while here is not None and here in known and known[here] not in steps:
        steps.append(known[here])
        here = known[here].parent
    return tuple(reversed(steps))


def by_position(members: Iterable[Member]) -> tuple[Member, ...]:
    """Members as a notice board lists them: by position, then by name, then by id."""

    def rank(member: Member) -> tuple[int, str, int]:
        # 副书记 contains 书记, so the secretary is looked for last among the three.
        place = next((i for i, word in enumerate(_POSITION_ORDER) if word in member.position), len(_POSITION_ORDER))
        order = {0: 0, 1: 2, 2: 1}.get(place, place)
        return (order, member.name, member.id)

    return tuple(sorted(members, key=rank))
