"""A protocol as a Word document."""

from collections.abc import Sequence

from survey.office.protocols import DAY, SIGN, Codes, Facts, Grid, Part, Protocol
from survey.office.word_pages import CENTRE, HEAVY, INNER, WordPages, bind
from survey.office.words import Say, chinese

_LABEL = 44.0
_CODES = 6


def protocol_docx(protocol: Protocol, say: Say = chinese) -> bytes:
    """The whole protocol."""
    pages = WordPages(protocol.title)
    pages.text(protocol.title, size=18, face=HEAVY, align=CENTRE)
    for part in protocol.parts:
        _part(pages, part)
    for place, who in enumerate(protocol.signers, start=1):
        line = f"{say(SIGN) % {'who': who}}{'_' * 24}    {say(DAY)}{'_' * 16}"
        pages.text(line, before=16, keep=place < len(protocol.signers))
    pages.foot(protocol.title, say)
    return pages.bytes()


def _part(pages: WordPages, part: Part) -> None:
    pages.text(part.heading, size=12, face=HEAVY, before=8, keep=True)
    for block in part.blocks:
        match block:
            case Facts():
                _rows(pages, [_LABEL, INNER - _LABEL], block.rows, is_headed=False)
            case Grid():
                rest = (INNER - block.first) / (len(block.heads) - 1)
                _rows(pages, [block.first, *[rest] * (len(block.heads) - 1)], (block.heads, *block.rows))
            case Codes():
                lines = [(*some, *[""] * (_CODES - len(some))) for some in _batches(block.codes)]
                _rows(pages, [INNER / _CODES] * _CODES, lines, is_headed=False, centred=True)
    if part.note:
        pages.text(part.note, size=9)


def _rows(pages: WordPages, widths: Sequence[float], rows: Sequence[Sequence[str]], *, is_headed: bool = True, centred: bool | None = None) -> None:
    if rows:
        table = pages.table(widths, is_headed=is_headed)
        for place, row in enumerate(rows):
            pages.cells(table.add_row() if place else table.rows[0], row, size=9, centred=is_headed if centred is None else centred)
        bind(table)
        pages.space()


def _batches(codes: Sequence[str]) -> list[Sequence[str]]:
    return [codes[n : n + _CODES] for n in range(0, len(codes), _CODES)]
