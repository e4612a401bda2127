"""How everybody who is shown by himself stands in a published round: columns of whole numbers, of which a page takes its lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import compress

from analysis import standings
from analysis.satisfaction import Role, percent
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import audience_of
from survey.domain.questionnaires import Audience, Scale
from survey.office.figures import Rated, Verdict, rated, together
from survey.web.board.figures import Rate, printed

Standing = tuple[Verdict | None, Rated | None]
_VERDICTS = (None, Verdict.SATISFIED, Verdict.BASIC, Verdict.BELOW)
_PARTS = tuple[int, int, list[int]]


class Standings(Mapping[str, Standing]):
    """By the key of a unit or member its verdict and its figures, each made when it is asked for."""

    def __init__(self, roll: FrozenRoll, scales: Sequence[Scale], labels: Mapping[Role, str]) -> None:
        self._roll, self._scales, self._labels = roll, scales, labels
        self._scheme = roll.made.scheme

    def __getitem__(self, key: str) -> Standing:
        at = self._roll.spots[key]
        return self.verdict(at), self._rated(at)

    def __contains__(self, key: object) -> bool:
        return key in self._roll.spots

    def __iter__(self) -> Iterator[str]:
        return iter(self._roll.keys)

    def __len__(self) -> int:
        return len(self._roll.keys)

    def nodes(self, place: int) -> tuple[int, int]:
        """Where a unit with all below it stands: what was said of units, and of members."""
        first = len(self) + 2 * place
        return first, first + 1

    def verdict(self, at: int) -> Verdict | None:
        """How one of them is rated."""
        return _VERDICTS[self._ranked[at]]

    def answers(self, at: int) -> tuple[int, int, int]:
        """How many answers are 满意, how many at least 基本满意, of how many."""
        satisfied, wide, valid = self._answers
        return satisfied[at], wide[at], valid[at]

    def narrow(self, key: str) -> Decimal | None:
        """The 满意率 as it is printed; None without an answer."""
        satisfied, _wide, valid = self.answers(self._roll.spots[key])
        return percent(satisfied, valid, self._scheme.decimals)

    def printed(self, at: int) -> Rate | None:
        """All ratings together; None where nothing was rated."""
        found = self._rated(at)
        return None if found is None else printed(found, self._scheme)

    def together(self, keys: Iterable[str]) -> Rated | None:
        """All ratings of several together."""
        return self._whole(standings.sums(self._columns, [self._roll.spots[key] for key in keys]))

    def spread(self, keys: Iterable[str], edges: Sequence[int]) -> tuple[int, ...]:
        """How many 满意率 lie from each edge, in per cent, to below the next."""
        return standings.spread(self._stand, [self._roll.spots[key] for key in keys], edges)

    def below(self) -> tuple[str, ...]:
        """Those below both thresholds."""
        return self._below

    @cached_property
    def _below(self) -> tuple[str, ...]:
        wanted = _VERDICTS.index(Verdict.BELOW)
        return tuple(key for key, rank in zip(self._roll.keys, self._listed, strict=True) if rank == wanted)

    @cached_property
    def tallies(self) -> tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]:
        """By the place of a unit how those at or below it stand, units and members: no answer, 满意, 基本满意, neither."""
        parents = [self._roll.at[place.parent] if place.parent is not None else -1 for place in self._roll.made.places]
        keys, places, ranks = self._roll.keys, self._roll.units, self._listed
        are_units = [audience_of(key) is Audience.UNIT for key in keys]
        units, members = (standings.tallies([*compress(ranks, some)], [*compress(places, some)], parents) for some in (are_units, [not each for each in are_units]))
        return units, members

    @cached_property
    def _columns(self) -> standings.Columns:
        table = self._roll.table
        return standings.columns(table.body, targets=table.targets + 2 * len(self._roll.made.places), rows=table.rows, word=table.word)

    @cached_property
    def _stand(self) -> standings.Stand:
        """By the roles of the answers, as every figure is."""
        read = [rated({}, scale, slots=0, scheme=self._scheme).scale for scale in self._scales]
        satisfied, basic = ([[at for at, level in enumerate(s.levels) if level.role is role] for s in read] for role in (Role.SATISFIED, Role.BASIC))
        return standings.stand(self._columns, satisfied, basic, [[at for at, level in enumerate(s.levels) if level in s.based] for s in read])

    @cached_property
    def _ranks(self) -> standings.Ints:
        lines = (Fraction(str(each)) for each in (self._scheme.satisfied_at, self._scheme.basic_at))
        satisfied_at, basic_at = lines
        return standings.ranks(self._stand, satisfied_at=satisfied_at, basic_at=basic_at)

    @cached_property
    def _answers(self) -> tuple[list[int], list[int], list[int]]:
        """As plain numbers: a page looks at thousands of them, one by one."""
        return self._stand.satisfied.tolist(), self._stand.wide.tolist(), self._stand.valid.tolist()

    @cached_property
    def _ranked(self) -> list[int]:
        found: list[int] = self._ranks.tolist()
        return found

    @property
    def _listed(self) -> list[int]:
        return self._ranked[: len(self)]

    def _rated(self, at: int) -> Rated | None:
        return self._whole(standings.one(self._columns, at))

    def _whole(self, parts: Iterable[_PARTS]) -> Rated | None:
        found = []
        for number, slots, counts in parts:
            scale = self._scales[number]
            given = {option.code: n for option, n in zip(scale.options, counts, strict=False) if n}
            found.append(rated(given, scale, slots=slots, scheme=self._scheme))
        return together(found, scheme=self._scheme, labels=self._labels)
