"""Type on a page: every text stands there in its own size and face, whatever was written before it."""

from ctypes import c_int, create_string_buffer
from itertools import product

import pypdfium2
import pypdfium2.raw as pdfium

from survey.office.pages import Box, Face, Letter, Pages

LETTERS = [Letter(Face.SANS, size, size, heavy=heavy) for size, heavy in product((9, 12), (False, True))]


def typed(page: pypdfium2.PdfPage) -> list[tuple[str, float, str]]:
    """Every letter of a page with its size in points and the name of its face."""
    text = page.get_textpage()
    found = []
    for at in range(text.count_chars()):
        name = create_string_buffer(80)
        pdfium.FPDFText_GetFontInfo(text, at, name, len(name), c_int())
        found.append((text.get_text_range(at, 1), pdfium.FPDFText_GetFontSize(text, at), name.value.decode()))
    return found


def test_a_text_has_its_own_size_and_face_after_every_other() -> None:
    """Guards: `draw` in survey.office.pages. A reader draws nothing of a text for which no face is set, and where a face is set
    only for what is forgotten again, the next text stands in the size of another."""
    pages = Pages("字")
    threes = list(product(LETTERS, repeat=3))
    for three in threes:
        pages.add()
        for at, letter in enumerate(three):
            pages.write("甲乙丙"[at], letter, Box(20, 20 + 10 * at, 20, 8))
    with pypdfium2.PdfDocument(pages.done()) as document:
        for three, page in zip(threes, document, strict=True):
            found = [each for each in typed(page) if each[0] in "甲乙丙"]
            assert [size for _letter, size, _face in found] == [letter.size for letter in three]
            assert len({face for _letter, _size, face in found}) == 1 and "Noto" in found[0][2], found
