"""Type on a page: every text stands there in its own size and face, whatever was written before it."""

from ctypes import c_int, create_string_buffer
from itertools import product

import pypdfium2
import pypdfium2.raw as pdfium

from survey.office import faces
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


def written(*texts: str) -> bytes:
    """A page with some texts, the first in Song."""
    pages = Pages("字")
    pages.add()
    for at, text in enumerate(texts):
        pages.write(text, Letter(Face.SANS if at else Face.SERIF, 12, 8), Box(20, 20 + 20 * at, 150, 15))
    return pages.done()


def test_a_document_holds_its_own_letters_alone_whatever_was_drawn_before_it() -> None:
    """Guards: `cut` in survey.office.faces: fonts are cut from one that has every letter drawn so far, and documents tell nothing of each other."""
    faces._known.clear()
    alone = written("满意率", "乙丙 12.5%")
    assert written("基本满意", "甲丁戊 87.5%") != alone and written("满意率", "乙丙 12.5%") == alone
    faces._known.clear()
    written("一二三", "甲丁戊𠀀")
    for _turn in range(faces._PATIENCE + 2):
        assert written("满意率", "乙丙 12.5%") == alone, "from a cut of its own, then from one with the letters of both"
    assert len(faces._known[faces.Face.SANS].glyphs) == len({*"甲丁戊𠀀乙丙12.5% "}) + 1, "and the box of what is missing"
    with pypdfium2.PdfDocument(alone) as document:
        assert "".join(letter for letter, _size, _face in typed(document[0]) if letter.strip()) == "满意率乙丙12.5%"
