"""The members a list is compared with, and the pairs of rows that could be one person."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from survey.domain.rosters import Refusal, RosterLine, fold, refuse
from survey.domain.units import Member

# What a row says: the member it is about, why it cannot be taken, or nothing of a member.
Found = Member | Refusal | None


class Known:
    """The members there are and were, each meant by one row at most."""

    def __init__(self, members: Iterable[Member], codes: set[str]) -> None:
        self._by_code: dict[str, Member] = {}
        self._by_name: dict[tuple[int, str], tuple[Member, ...]] = {}
        self.present: dict[int, list[Member]] = {}
        self.taken: set[int] = set()
        for member in members:
            if member.left_on is None:
                self.present.setdefault(member.unit, []).append(member)
            # What a code says is certain: a row without one must not take away the member another row names by code.
            if member.code and member.code in codes:
                other = self._by_code.get(member.code)
                if other is None or (other.left_on is not None and member.left_on is None):
                    self._by_code[member.code] = member
            else:
                key = (member.unit, fold(member.name))
                self._by_name[key] = (*self._by_name.get(key, ()), member)

    def find(self, line: RosterLine, found: Member) -> Member | Refusal | None:
        """The member a row is about, None for a new one, a refusal when there could be two."""
        if found.code in self._by_code:
            return self.take(self._by_code[found.code])
        same = self._namesakes(found)
        if len(same) > 1:
            return refuse(line, "name_known_twice", found.name)
        return self.take(same[0]) if same else None

    def pair(self, lines: Sequence[RosterLine], found: list[Found]) -> None:
        """Refuse rows that could be the same person: equal codes, or one name twice in a unit and not a code for each."""
        people = [number for number, each in enumerate(found) if isinstance(each, Member)]
        for same in _equal([n for n in people if lines[n].code], lambda n: lines[n].code):
            for number, other in _with_other(same):
                found[number] = refuse(lines[number], "code_twice", lines[number].code, lines[other])
        people = [number for number in people if isinstance(found[number], Member)]
        for same in _equal(people, lambda n: _key(found[n])):
            if not self._are_known(lines, same, found):
                coded = next((number for number in same if lines[number].code), None)
                for number, other in _with_other(same):
                    if not lines[number].code:
                        why = "name_twice" if coded is None else "name_twice_one_code"
                        found[number] = refuse(lines[number], why, lines[number].name, lines[other if coded is None else coded])

    def _are_known(self, lines: Sequence[RosterLine], same: Sequence[int], found: list[Found]) -> bool:
        """Whether rows of one name say exactly what is known of as many members: then nothing is in doubt."""
        first = found[same[0]]
        if any(lines[number].code for number in same) or not isinstance(first, Member):
            return False
        there, fits = list(self._namesakes(first)), {}
        if len(there) != len(same):
            return False
        # The row that says most has the least choice.
        for number in sorted(same, key=lambda n: sum(map(bool, (lines[n].position, lines[n].since, lines[n].kind))), reverse=True):
            each = found[number]
            fit = next((m for m in there if isinstance(each, Member) and after_of(m, each, lines[number]) == m), None)
            if fit is None:
                return False
            there.remove(fit)
            fits[number] = fit
        for number, fit in fits.items():
            found[number] = fit
        return True

    def _namesakes(self, found: Member) -> tuple[Member, ...]:
        """Who has this name in this unit and no other code: those who are there, else the one who left."""
        same = [
            each for each in self._by_name.get((found.unit, fold(found.name)), ())
            if each.id not in self.taken and not (found.code and each.code)
        ]  # fmt: skip
        here = tuple(each for each in same if each.left_on is None)
        return here or (tuple(same) if len(same) == 1 else ())

    def take(self, member: Member) -> Member:
        """A row is about this one, and no other row."""
        self.taken.add(member.id)
        return member


def after_of(before: Member, found: Member, line: RosterLine) -> Member:
    """A cell left empty changes nothing, and neither does another way to write the same name."""
    return replace(
        before,
        unit=before.unit if found.left_on else found.unit,
        name=before.name if fold(before.name) == fold(found.name) else found.name,
        kind=found.kind if line.kind else before.kind,
        position=before.position if not found.position or fold(before.position) == fold(found.position) else found.position,
        code=found.code or before.code,
        since=found.since or before.since,
        left_on=found.left_on,
    )


def _key(found: Found) -> str:
    return f"{found.unit}\n{fold(found.name)}" if isinstance(found, Member) else ""


def _equal(numbers: Sequence[int], key: Callable[[int], str]) -> Iterable[list[int]]:
    """Rows that share a key. Nearly all share it with nobody: hashes find the few that may, and keep the others out."""
    seen: set[int] = set()
    again: set[int] = set()
    for number in numbers:
        mark = hash(key(number))
        (again if mark in seen else seen).add(mark)
    several: dict[str, list[int]] = {}
    for number in numbers if again else ():
        text = key(number)
        if hash(text) in again:
            several.setdefault(text, []).append(number)
    return [same for same in several.values() if len(same) > 1]


def _with_other(same: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Each row of several with another one of them: the first, for the first the second."""
    yield same[0], same[1]
    for number in same[1:]:
        yield number, same[0]
