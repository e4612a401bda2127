"""What a picture draws, beside what it says of itself: the same numbers, and the same picture in each of its formats."""

import io
import re
from collections.abc import Set

import numpy as np
import pypdfium2
from flask.testing import FlaskClient
from numpy.typing import NDArray
from PIL import Image

from tests.analysis.pictures_for_tests import words

_NUMBER = re.compile(r"\d+\.\d\d")
# Side of the squares, in pixels, whose mean grey is compared: a digit has about six of them.
_SQUARE = 6


def check_drawn(client: FlaskClient, link: str, known: Set[str]) -> None:
    """The numbers in letters are those it tells who cannot see it, or other rates of whom it is about; and as PNG and as PDF it looks alike."""
    path, _question, query = link.partition("?")
    drawn, page, png = (client.get(f"{path.removesuffix('.svg')}.{kind}?{query}").data for kind in ("svg", "pdf", "png"))
    numbers = {each for word in words(drawn) for each in _NUMBER.findall(word)}
    told = {*_NUMBER.findall(re.findall(r"(?s)<desc>(.*?)</desc>", drawn.decode())[0])}
    assert numbers & told and numbers <= told | known, (link, numbers - told)
    with pypdfium2.PdfDocument(page) as document, Image.open(io.BytesIO(png)) as image:
        drawing = document[0].render(scale=image.width / document[0].get_width()).to_pil().resize(image.size)
        assert unlike(image, drawing) < 45, link


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How far the mean grey of a small square of two pictures of one size lies apart at most, of 255: another digit is more than 70."""
    return float(np.abs(_squares(one) - _squares(other)).max())


def _squares(image: Image.Image) -> NDArray[np.float64]:
    """Mean grey of every square of a picture."""
    grey = np.asarray(image.convert("L"), dtype=np.float64)
    high, wide = (each // _SQUARE for each in grey.shape)
    return grey[: high * _SQUARE, : wide * _SQUARE].reshape(high, _SQUARE, wide, _SQUARE).mean(axis=(1, 3))
