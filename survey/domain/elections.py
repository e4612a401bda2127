"""Selection: who stands at a question, in which order, how many are to be elected, and what majority they need."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_SEATS = 250
MOST_WRITE_INS = 10
LONGEST_NAME = 30
# How many ballots a written name must stand on to be named, and to be elected: a name on one or two may be a mark agreed
# upon, by which a ballot could be told. Where words are not kept at all, as many as any group of people must be.
FEWEST_WRITTEN = 3
_BLANKS = re.compile(r"\s+")
# Between two Latin letters a blank parts two names; anywhere else it is a habit of typing.
_LATIN_BLANK = re.compile(r"(?<=[A-Za-z.]) (?=[A-Za-z])")
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･", "·"))


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


class Order(StrEnum):
    """How candidates stand on the paper: as they were listed, by the strokes of the surname, or as one draw at opening
    has it, the same for every ballot of the meeting."""

    LISTED = ""
    STROKES = "strokes"
    RANDOM = "random"


class Pool(StrEnum):
    """Who the candidates are: names that were typed, or whoever is there when the meeting opens."""

    TYPED = ""
    MEMBERS = "members"
    UNITS = "units"


@dataclass(frozen=True, slots=True)
class Election:
    """How a question elects. At its defaults it is an ordinary question.

    Attributes
    ----------
    seats : how many are to be elected; 0 elects everybody who has the majority
    majority : what a candidate needs beside more votes than others
    order, pool : how a choice comes by its candidates and in which order they stand
    write_ins : how many names may be written beside the candidates of a choice; they count among the ticks
    """

    seats: int = 0
    majority: Majority = Majority.NONE
    order: Order = Order.LISTED
    pool: Pool = Pool.TYPED
    write_ins: int = 0

    @property
    def elects(self) -> bool:
        """Whether anybody can be elected at all."""
        return self.seats > 0 or self.majority is not Majority.NONE

    @property
    def of_votes(self) -> "Election":
        """What of it a yes-or-no vote can have."""
        return Election(self.seats, self.majority)


NO_ELECTION = Election()


def election_json(election: Election) -> dict[str, Any]:
    """The rule as plain JSON values, without what is at its default."""
    plain = {
        "seats": election.seats,
        "majority": election.majority.value,
        "order": election.order.value,
        "pool": election.pool.value,
        "write_ins": election.write_ins,
    }
    return {name: value for name, value in plain.items() if value}


def read_election(data: Mapping[str, Any]) -> Election:
    """Read a rule from JSON values; nothing of it need be there."""
    seats, written = data.get("seats", 0), data.get("write_ins", 0)
    for number in (seats, written):
        if not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(f"{number!r} is no whole number")
    words = Majority(data.get("majority", "")), Order(data.get("order", "")), Pool(data.get("pool", ""))
    return Election(seats, *words, written)


def name_of(typed: str) -> str:
    """A written name as it is counted: NFKC, without blanks, unseen characters and kinds of middle dot; blanks stay
    between Latin words."""
    plain = unicodedata.normalize("NFKC", typed).translate(_DOTS)
    seen = "".join(" " if c.isspace() else c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    tidy = _BLANKS.sub(" ", seen).strip()
    # An accent may have stood alone behind a blank and joins its letter now.
    return unicodedata.normalize("NFKC", _LATIN_BLANK.sub("\0", tidy).replace(" ", "").replace("\0", " "))


def fewest_written(returned: int, *, fewest: int, for_words: int) -> int:
    """How many ballots must bear a written name for it to be named and elected: three, or `fewest` where fewer than
    `for_words` came back, so few that no word of theirs is kept."""
    return FEWEST_WRITTEN if returned >= for_words else fewest


def by_strokes(names: Sequence[str], strokes: Callable[[str], int | None]) -> tuple[str, ...]:
    """Names by the strokes of the surname, then of each further character; those with equal strokes keep characters of
    one kind together. What has no strokes (a Latin letter) stands first, by the alphabet.

    Parameters
    ----------
    strokes : of one character its strokes, None when it has none
    """
    return tuple(sorted(names, key=lambda name: [(strokes(character) or 0, character) for character in name]))
