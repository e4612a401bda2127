"""A protocol for signature as values: facts, tables, codes and room to sign, the same in PDF and in Word."""

from dataclasses import dataclass

from survey.office.words import mark

SIGN = mark("%(who)s：")
DAY = mark("日期：")


@dataclass(frozen=True, slots=True)
class Facts:
    """Lines of a label and what is to be said under it."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `first` is the width of its first column in millimetres; the others share what is left."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first: float = 44.0


@dataclass(frozen=True, slots=True)
class Codes:
    """Short codes of one length, side by side."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what stands below it, and a note in small letters."""

    heading: str
    blocks: tuple[Facts | Grid | Codes, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Protocol:
    """A title, its parts, and who signs."""

    title: str
    parts: tuple[Part, ...]
    signers: tuple[str, ...]
