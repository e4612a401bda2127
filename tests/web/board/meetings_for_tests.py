"""Counted meetings with known answers."""

from dataclasses import dataclass

from survey.actions.house import House
from survey.domain.rounds import Scheme
from survey.store import members
from tests.conftest import Hall, make_meeting

SATISFIED, BASIC, UNSATISFIED, UNKNOWN = "0", "1", "2", "3"
# Field 0.0 is the branch's first question, 1.0 the first member's, 2.0 the second member's, 5.0 the opinion.
WORKERS: tuple[dict[str, str], ...] = (
    {"f1_0": BASIC},
    {"f1_0": BASIC},
    {"f1_0": BASIC, "f5_0": "办事再快一点"},
    {"f1_0": BASIC, "f0_0": BASIC},
    {"f1_0": BASIC, "f0_0": UNSATISFIED},
    {"f1_0": BASIC, "f0_0": UNKNOWN},
)
PARTY: tuple[dict[str, str], ...] = ({"f1_0": UNSATISFIED}, *({"f1_0": UNSATISFIED},) * 3, {"f1_0": UNSATISFIED, "f2_0": ""})


@dataclass(frozen=True)
class Counted:
    """A meeting after its count: where its pages are, and the keys of the branch and its members by roster."""

    hall: Hall
    base: str
    branch: str
    members: tuple[str, ...]
    trackers: tuple[str, ...]


def counted(
    house: House,
    votes: tuple[tuple[dict[str, str], ...], ...] = (WORKERS, PARTY),
    *,
    groups: tuple[tuple[str, int, int], ...] = (("群众代表", 8, 6), ("党员", 6, 6)),
    members: int = 4,
    questionnaire: str = "five_goods_five_leads",
    scheme: Scheme | None = None,
) -> Counted:
    """A meeting in which each group cast these ballots, in this order; the other slips are left over."""
    hall = make_meeting(house, groups=groups, members=members, questionnaire=questionnaire, scheme=scheme)
    trackers, left = [], {}
    for (group, codes), cast in zip(hall.codes.items(), votes, strict=True):
        trackers += [hall.vote(code, **each) for code, each in zip(codes, cast, strict=False)]
        left[group] = len(codes) - len(cast)
    hall.close(left)
    hall.count()
    return _counted(hall, tuple(trackers))


def _counted(hall: Hall, trackers: tuple[str, ...]) -> Counted:
    with hall.house.store.read() as db:
        people = members.of_units(db, [hall.branch])
    keys = tuple(f"m{member.id}" for member in sorted(people, key=lambda m: (m.position == "", m.name, m.id)))
    return Counted(hall, f"/board/meetings/{hall.meeting}", f"u{hall.branch}", keys, trackers)
