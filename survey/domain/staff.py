"""Staff: roles and what each may do, always within a subtree."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

from survey.domain.refusals import BadField


class StaffRole(StrEnum):
    """Admin: accounts too. Secretary: runs meetings. Leader: looks."""

    ADMIN = "admin"
    SECRETARY = "secretary"
    LEADER = "leader"


LONGEST_WAIT = 15 * 60
LONGEST_LOGIN = 60
LONGEST_NAME = 100
LONGEST_EMAIL = 254
# What every mail server takes: one @, letters without accents, no spaces or line breaks, and nothing a header reads as a code
# for other letters (=?…?=).
_EMAIL = re.compile(r"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}")


@dataclass(frozen=True, slots=True)
class Staff:
    """One account. `units` are the ids of its subtree: outside it nothing exists for this person; `is_top` when that is all."""

    id: int
    login: str
    name: str
    role: StaffRole
    unit: int
    units: frozenset[int]
    is_top: bool = False

    @property
    def runs_meetings(self) -> bool:
        """May create, open, close and count meetings and change the member list."""
        return self.role in (StaffRole.ADMIN, StaffRole.SECRETARY)

    def sees(self, unit: int) -> bool:
        """Whether a unit lies in the subtree of this account."""
        return unit in self.units


def check_email(email: str) -> None:
    """Refuse what no mail could be sent to; no address at all is one's own business.

    Raises
    ------
    BadField
        Facts: field, value, why.
    """
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise BadField(field="email", value=email[:60], why="wrong")


def wait_after(failures: int) -> int:
    """Seconds to wait after so many failed logins in a row: four are free, then 2, 4, 8 … up to 15 minutes."""
    return 0 if failures < 5 else min(LONGEST_WAIT, 2 ** (failures - 4))


def seconds_left(until: datetime | None, moment: datetime) -> int:
    """Whole seconds until the next login counts. A wait longer than any was set by a clock that has since gone back."""
    left = ceil((until - moment).total_seconds()) if until is not None else 0
    return left if 0 < left <= LONGEST_WAIT else 0
