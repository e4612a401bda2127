"""Several published rounds read together: questions that are one and the same are added up, and figures made of the sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analysis.satisfaction import Role
from survey.domain.periods import Total, totals
from survey.domain.publications import Publication
from survey.domain.questionnaires import Audience, Kind, Question
from survey.domain.roll_ups import Ask, Sum
from survey.domain.rounds import Scheme
from survey.office.figures import KEYS, Rated, given, middle, rated, together


@dataclass(frozen=True, slots=True)
class Turn:
    """One round: as it was published, in the words of the page, and its sums of a unit or a member."""

    made: Publication
    worded: Publication
    sums: Mapping[Ask, Sum]


@dataclass(frozen=True, slots=True)
class Summed:
    """One question over the rounds that asked it, `turns` of them: `rated` of a rating; of points their mean, None when nobody
    gave any. `n` answered, of as many as `slots` could have."""

    question: Question
    turns: int
    slots: int
    n: int
    rated: Rated | None = None
    mean: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """What `turns` rounds say of units or of members: every question, and all ratings together."""

    turns: int
    items: tuple[Summed, ...]
    rated: Rated | None

    @property
    def is_alike(self) -> bool:
        """Whether every round asked every question."""
        return all(item.turns == self.turns for item in self.items)


def over(turns: Sequence[Turn], *, scheme: Scheme, labels: Mapping[Role, str] = KEYS) -> Mapping[Audience, Over]:
    """The figures of several rounds of one scheme together; an audience that was asked nothing is left out."""
    items: dict[Audience, list[Summed]] = {}
    for same, total in totals((each.made, each.sums) for each in turns).items():
        items.setdefault(same.audience, []).append(_summed(turns, total, scheme))
    return {
        audience: Over(
            sum(any(ask.audience is audience for ask in each.sums) for each in turns), tuple(each_of),
            together([item.rated for item in each_of if item.rated is not None], scheme=scheme, labels=labels),
        )
        for audience, each_of in items.items()
    }


def _summed(turns: Sequence[Turn], total: Total, scheme: Scheme) -> Summed:
    place, ask = total.first
    form = turns[place].worded.forms[ask.form]
    question = form.question(ask.section, ask.question)
    n, many = sum(total.sum.counts.values()), len(total.turns)
    if question.kind is Kind.SCORE:
        return Summed(question, many, total.sum.slots, n, mean=middle(given(total.sum.counts, scheme), scheme))
    return Summed(question, many, total.sum.slots, n, rated(total.sum.counts, form.scale(question), slots=total.sum.slots, scheme=scheme))
