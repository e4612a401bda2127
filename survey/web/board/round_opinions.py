"""What was written about a unit or a member in the meetings of a published round, as the pages of these meetings show it."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.domain.publications import Held
from survey.domain.questionnaires import Audience
from survey.web.board.results import Spoken, spoken_in
from survey.web.doors import house, staff

# So many meetings are read, so many opinions to a question shown; the others stand on the page of the meeting.
MOST_MEETINGS = 3
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """The opinions of one meeting about one target; `more` are those that are not among them."""

    held: Held
    texts: tuple[tuple[str, tuple[str, ...]], ...]
    more: int


def heard_of(meetings: Iterable[Held], key: str) -> tuple[Heard, ...]:
    """The opinions about one target, of the meetings this person sees; those of few ballots have none."""
    # Somebody of two units has a key of his own for one of them; on the paper he has his plain one.
    plain = key.partition(".")[0]
    mine = [each for each in meetings if staff().sees(each.unit)][:MOST_MEETINGS]
    with house().store.read() as db:
        said = spoken_in(db, [each.id for each in mine])
    found = []
    for each in mine:
        # What was asked of nobody in particular is about the unit, where a meeting rated only one.
        is_alone = plain.startswith("u") and len(each.rated) == 1
        spoken = [one for one in said.get(each.id, ()) if one.target.key == plain or (is_alone and one.target.audience is Audience.GENERAL)]
        found += [_heard(each, spoken)] if spoken else []
    return tuple(found)


def _heard(held: Held, spoken: Iterable[Spoken]) -> Heard:
    every = [each for one in spoken for each in one.texts]
    texts = tuple((question, some[:MOST_SHOWN]) for question, some in every)
    return Heard(held, texts, sum(len(some) - MOST_SHOWN for _question, some in every if len(some) > MOST_SHOWN))
