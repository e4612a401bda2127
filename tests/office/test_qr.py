"""QR codes: what they hold, as a path and in a terminal."""

import re
from random import Random

import zxingcpp
from PIL import Image, ImageDraw

from survey.domain.slips import spell
from survey.office.qr import QUIET, matrix, qr_path, qr_terminal

LINK = "http://192.168.1.23:8000/b/7K3M9QX2P4TD"


def drawn(path: str, size: int) -> Image.Image:
    """A picture of path data, one module 6 pixels, with its border."""
    image = Image.new("L", ((size + 2 * QUIET) * 6, (size + 2 * QUIET) * 6), 255)
    pen = ImageDraw.Draw(image)
    for left, top, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        x, y = (int(left) + QUIET) * 6, (int(top) + QUIET) * 6
        pen.rectangle((x, y, x + int(length) * 6 - 1, y + 5), fill=0)
    return image


def read(image: Image.Image) -> str:
    found = zxingcpp.read_barcodes(image)
    assert len(found) == 1
    return found[0].text


def test_a_path_reads_back_as_its_text() -> None:
    code = qr_path(LINK)
    assert code.size == 29
    assert read(drawn(code.path, code.size)) == LINK


def test_a_hundred_links_of_random_codes_read_back_with_the_one_mask() -> None:
    random = Random(20260901)
    for _ in range(100):
        link = f"https://pingyi.example.cn/b/{spell(random.getrandbits(60))}"
        code = qr_path(link)
        assert read(drawn(code.path, code.size)) == link


def test_chinese_and_long_addresses_read_back() -> None:
    for text in ("评议", "https://a.cn/m/" + "x" * 200):
        code = qr_path(text)
        assert read(drawn(code.path, code.size)) == text


def test_the_correction_level_is_m() -> None:
    code = qr_path(LINK)
    found = zxingcpp.read_barcodes(drawn(code.path, code.size))[0]
    assert found.ec_level == "M"


def seen(text: str, *, colour: bool, ground: bool) -> list[list[bool]]:
    """What a terminal shows, dark is True. `ground` is whether the terminal itself is dark."""
    rows: list[list[bool]] = []
    for line in text.splitlines():
        bare = re.sub(r"\x1b\[[0-9;]*m", "", line)
        ink, paper = (True, False) if colour else (not ground, ground)
        halves = {"█": (ink, ink), "▀": (ink, paper), "▄": (paper, ink), " ": (paper, paper)}
        rows += [[halves[each][0] for each in bare], [halves[each][1] for each in bare]]
    return rows


def bordered() -> list[list[bool]]:
    bare = matrix(LINK)
    side = len(bare) + 2 * QUIET
    white = [[False] * side for _ in range(QUIET)]
    return white + [[False] * QUIET + list(row) + [False] * QUIET for row in bare] + white


def test_a_terminal_shows_black_on_white_whatever_its_own_ground_is() -> None:
    text = qr_terminal(LINK)
    lines = text.splitlines()
    assert all(line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m") for line in lines)
    for ground in (True, False):
        rows = seen(text, colour=True, ground=ground)
        assert rows[: len(bordered())] == bordered()
        assert not any(any(row) for row in rows[len(bordered()) :])


def test_a_terminal_without_colour_shows_the_code_on_its_dark_ground() -> None:
    rows = seen(qr_terminal(LINK, colour=False), colour=False, ground=True)
    assert rows[: len(bordered())] == bordered()


def test_the_terminal_code_fits_a_small_window() -> None:
    lines = qr_terminal(LINK, colour=False).splitlines()
    assert len(lines) <= 22
    assert {len(line) for line in lines} == {37}
