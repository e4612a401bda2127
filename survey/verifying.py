"""The commands `pingyi verify` and `pingyi sums`: a published round read back from its file, or from this database, and redone."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from survey.actions.publication_sums import Compared, compare
from survey.app import open_house
from survey.config import Config
from survey.domain.hand_ins import SEAL, NotWhole
from survey.domain.publication_files import MANIFEST, digest, sums_named
from survey.domain.publication_readings import opened
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.rounds import Base, Scheme
from survey.domain.scheme_parts import Missing, Validity
from survey.domain.texts import line
from survey.office.figure_tables import table
from survey.office.hand_ins import unpacked

# A city's round has more than a meeting, but no file is unpacked without an end.
MOST_BYTES = 1 << 30
_LONGEST = 200
_FAULTS = {
    "unreadable": "{file} is no published round, or it is damaged. Ask for it again.",
    "format": "{file} was written by a later release. Verify it with that one.",
    "missing": "{file} is not whole: {part} is missing. Ask for it again.",
    "changed": "{file} is not whole: {part} was changed. Ask for it again.",
    "strange": "{file} holds more than was written: {part}. Ask for it again.",
    "sums": "{file} is not whole: {part} names other sums than its counts make. Ask for it again.",
    "unfit": "{file} is not whole: {part} does not fit the rest. Ask for it again.",
    "empty": "{file} is empty. Ask for it again.",
    "kind": "{file} is no published round. Ask for the .zip from the page of the round.",
    "meeting": "{file} is the file of one counted meeting. See whether it is whole with: pingyi check {file}",
    "cut": "{file} is cut off. Ask for it again.",
    "encrypted": "{file} is encrypted. Ask for the file as it was downloaded, without a password.",
}


def verify(file: Path, figures: Path | None) -> int:
    """0 when a published round is whole; else 2, and which part is not. With `figures` every figure is written there."""
    try:
        parts = unpacked(file.read_bytes(), most=MOST_BYTES)
        if SEAL in parts:
            raise NotWhole("meeting")
        roll = opened(parts)
    except OSError as fault:
        return _refuse(f"{file} cannot be read: {fault.strerror}.")
    except NotWhole as fault:
        return _refuse(_FAULTS[fault.why].format(file=file, part=fault.file or "something"))
    if figures is not None:
        try:
            with figures.open("wb") as out:
                out.writelines(table(roll))
        except OSError as fault:
            return _refuse(f"{figures} cannot be written: {fault.strerror}. {file} itself is whole.")
    print(f"{file} is whole.")
    print("\n".join(_said(roll)))
    print(f"  SHA-256 of the round  {digest(parts)}")
    if sums_named(parts[MANIFEST]) is not None:
        print("  the sums that its pages read are named in it, and are what its counts make")
    if figures is not None:
        print(f"Every figure, made anew from the counts, is in {figures}.")
    print("It is the round that was published when its page shows the same digest.")
    return 0


def sums(config: Config, *, mend: bool) -> int:
    """0 when the sums kept of every published round are what its counts make, or were made anew; else 2, and which are not."""
    house, faults = open_house(config), 0
    if not house.store.is_current():
        return _refuse("This database is not of this release. Run: pingyi migrate")
    for each in compare(house, mend=mend, now=datetime.now(UTC)):
        print(f"{_short(each.name)} ({each.sha256[:16]}…): {outcome(each, mend=mend)}")
        faults += not each.is_whole or (each.changed > 0 and not mend)
    house.store.close()
    return 2 if faults else 0


def outcome(found: Compared, *, mend: bool) -> str:
    """What is so of the sums of one round, and what to do."""
    if not found.is_whole:
        return "what was published is not what its digest names. Put a backup back, or ask for its file and trust nothing else."
    if found.changed:
        what = f"{found.changed} of {found.pieces} pieces of what its pages read were changed"
        return f"{what}, and are made anew." if mend else f"{what}. See who writes this database, then run: pingyi sums --mend"
    bound = "" if found.is_bound else " An earlier release published it: its digest does not name them."
    return f"all {found.pieces} pieces of what its pages read are what its counts make.{bound}"


def _said(roll: FrozenRoll) -> Iterator[str]:
    made, joined = roll.made, roll.joined
    account = roll.accounting(made.root.id)
    yield f"  {_short(made.name)} · {_short(made.period)} · {_short(made.root.name)}"
    yield f"  {account.meetings} meetings of {len({unit for each in made.meetings for unit in each.rated})} units"
    yield f"  due {account.due}, present {account.present}, issued {account.issued}, returned {account.returned}"
    if joined:
        yield f"  {joined} times several meetings are shown only together, since fewer than five ballots came back in each"
    yield f"  {_rules(made.scheme)}"
    yield f"  published by Pingyi {_short(made.version) or 'from a checkout'}"


def _rules(scheme: Scheme) -> str:
    base = "all valid answers" if scheme.base is Base.VALID else "the valid answers without “don't know”"
    weights = f"; weights of the groups: {', '.join(f'{_short(name)} {n}' for name, n in scheme.weights)}" if scheme.weights else ""
    return (
        f"base of the rates: {base}; satisfied from {_percent(scheme.satisfied_at)} %, basically satisfied and above from "
        f"{_percent(scheme.basic_at)} %; {scheme.decimals} decimals{weights}{''.join(_special(scheme))}"
    )


def _special(scheme: Scheme) -> Iterator[str]:
    """What is seldom so."""
    if scheme.validity is not Validity.ANY:
        yield f"; a ballot counts about somebody only with {'half' if scheme.validity is Validity.HALF else 'all'} of the answers"
    if scheme.points:
        changed = ", ".join(f"{_short(scale)} {code} {points:g}" for scale, code, points in scheme.points)
        yield f"; points of answers (scale, code, points): {changed}"
    if scheme.trim_ends:
        yield "; of more than five points one highest and one lowest are left out"
    if scheme.weights and scheme.missing is Missing.WITHHOLD:
        yield "; nothing weighted is said where a group is missing"


def _percent(at: float) -> str:
    return f"{100 * at:g}"


def _short(text: str) -> str:
    """One line: a name with a line break could print a digest of its own."""
    return line(text)[:_LONGEST]


def _refuse(said: str) -> int:
    print(said, file=sys.stderr)
    return 2
