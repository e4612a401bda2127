"""Selection: how many are to be elected by a question, and what majority they need."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_SEATS = 250


class Majority(StrEnum):
    """What a candidate needs: more than half, or at least two thirds, of the valid ballots, of the people present, or of
    the people due. 以上 includes the number itself, so that two thirds exactly are enough; half exactly is not."""

    NONE = ""
    HALF_VALID = "half_of_valid"
    HALF_PRESENT = "half_of_present"
    HALF_DUE = "half_of_due"
    TWO_THIRDS_VALID = "two_thirds_of_valid"
    TWO_THIRDS_PRESENT = "two_thirds_of_present"
    TWO_THIRDS_DUE = "two_thirds_of_due"


@dataclass(frozen=True, slots=True)
class Election:
    """How a question elects. At its defaults nobody is elected: votes are counted and ranked.

    Attributes
    ----------
    seats : how many are to be elected; 0 elects everybody who has the majority
    majority : what a candidate needs beside more votes than others
    """

    seats: int = 0
    majority: Majority = Majority.NONE

    @property
    def elects(self) -> bool:
        """Whether anybody can be elected at all."""
        return self.seats > 0 or self.majority is not Majority.NONE


NO_ELECTION = Election()


def election_json(election: Election) -> dict[str, Any]:
    """The rule as plain JSON values, without what is at its default."""
    plain = {"seats": election.seats, "majority": election.majority.value}
    return {name: value for name, value in plain.items() if value}


def read_election(data: Mapping[str, Any]) -> Election:
    """Read a rule from JSON values; nothing of it need be there."""
    seats = data.get("seats", 0)
    if not isinstance(seats, int) or isinstance(seats, bool):
        raise TypeError(f"{seats!r} is no whole number")
    return Election(seats, Majority(data.get("majority", "")))
