"""What was written about a unit or a member in the meetings of a published round, as the pages of these meetings show it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from survey.domain.publications import Held
from survey.domain.questionnaires import Audience
from survey.web.board.results import Spoken, spoken_in
from survey.web.doors import house, staff

# So many meetings are read, so many opinions to a question shown; the others stand on the page of the meeting.
MOST_MEETINGS = 3
MOST_SHOWN = 10
# So many stand where a unit is only named, each cut to so many letters: the rest is on its own page.
MOST_QUOTED, _LONGEST = 2, 60


@dataclass(frozen=True, slots=True)
class Heard:
    """The opinions of one meeting about one target; `more` are those that are not among them."""

    held: Held
    texts: tuple[tuple[str, tuple[str, ...]], ...]
    more: int


def heard_of(meetings: Iterable[Held], key: str) -> tuple[Heard, ...]:
    """The opinions about one target, of the meetings this person sees; those of few ballots have none."""
    return heard_of_each({key: meetings})[key]


def quotes_of(asked: Mapping[str, Iterable[Held]]) -> Mapping[str, tuple[str, ...]]:
    """The first of the opinions about each of some targets, as their own pages show them to this person."""
    return {
        key: tuple(dict.fromkeys(_cut(text) for each in heard for _question, texts in each.texts for text in texts))[:MOST_QUOTED]
        for key, heard in heard_of_each(asked).items()
    }


def heard_of_each(asked: Mapping[str, Iterable[Held]]) -> Mapping[str, tuple[Heard, ...]]:
    """The same about several targets, read at once."""
    mine = {key: [each for each in meetings if staff().sees(each.unit)][:MOST_MEETINGS] for key, meetings in asked.items()}
    with house().store.read() as db:
        said = spoken_in(db, {each.id for some in mine.values() for each in some})
    return {key: tuple(_about(some, key, said)) for key, some in mine.items()}


def _about(meetings: Iterable[Held], key: str, said: Mapping[int, Iterable[Spoken]]) -> Iterator[Heard]:
    # Somebody of two units has a key of his own for one of them; on the paper he has his plain one.
    plain = key.partition(".")[0]
    for each in meetings:
        # What was asked of nobody in particular is about the unit, where a meeting rated only one.
        is_alone = plain.startswith("u") and len(each.rated) == 1
        spoken = [one for one in said.get(each.id, ()) if one.target.key == plain or (is_alone and one.target.audience is Audience.GENERAL)]
        if spoken:
            yield _heard(each, spoken)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _heard(held: Held, spoken: Iterable[Spoken]) -> Heard:
    every = [each for one in spoken for each in one.texts]
    texts = tuple((question, some[:MOST_SHOWN]) for question, some in every)
    return Heard(held, texts, sum(len(some) - MOST_SHOWN for _question, some in every if len(some) > MOST_SHOWN))
