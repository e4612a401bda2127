"""Sheets of slips, read back from the finished PDF as a phone and a person would."""

import re
from itertools import combinations
from random import Random

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from survey.domain.slips import pretty, read, spell
from survey.office.slips import SlipSheet, bare_host, slips_pdf

SITE = "http://192.168.1.23:8000"
TITLE = "机修车间党支部第三季度评议会"
LONG_TITLE = "中共某省某市某县某镇委员会所属机关事业单位和国有企业离退休干部职工联合党总支第一党支部二〇二六年第三季度群众满意度评议会" * 3


def codes(n: int) -> tuple[str, ...]:
    random = Random(7)
    return tuple(spell(random.getrandbits(60)) for _ in range(n))


def sheet(n: int = 10, title: str = TITLE, group: str = "群众代表", site: str = SITE) -> SlipSheet:
    return SlipSheet(title, group, codes(n), site)


def words(page: pypdfium2.PdfPage) -> str:
    return page.get_textpage().get_text_bounded()


def picture(page: pypdfium2.PdfPage) -> Image.Image:
    return page.render(scale=3, grayscale=True).to_pil()


def test_every_slip_of_a_page_scans_to_its_own_link() -> None:
    pdf = pypdfium2.PdfDocument(slips_pdf(sheet()))
    found = {each.text for each in zxingcpp.read_barcodes(picture(pdf[0]))}
    assert found == {f"{SITE}/b/{code}" for code in codes(10)}


def test_a_slip_can_be_typed_and_says_whose_it_is_and_where_to_go() -> None:
    pdf = pypdfium2.PdfDocument(slips_pdf(sheet()))
    text = words(pdf[0])
    for code in codes(10):
        assert pretty(code) in text
        assert f"{SITE}/b/{code}" in text
    assert text.count("群众代表") == 10
    assert text.count("只能用一次，用后撕掉") == 10
    assert text.count("192.168.1.23:8000，输入上面的票码") == 10
    assert {read(each) for each in re.findall(r"\b\w{4}-\w{4}-\w{4}\b", text)} == set(codes(10))


@pytest.mark.parametrize(("slips", "pages"), [(1, 1), (10, 1), (11, 2), (42, 5)])
def test_ten_slips_go_on_a_page(slips: int, pages: int) -> None:
    pdf = pypdfium2.PdfDocument(slips_pdf(sheet(slips)))
    assert len(pdf) == pages
    assert pdf[0].get_size() == pytest.approx((595.28, 841.89), abs=0.01)


def test_each_group_begins_a_page_of_its_own() -> None:
    other = SlipSheet(TITLE, "党员", ("7K3M9QX2P4TD",), SITE)
    pdf = pypdfium2.PdfDocument(slips_pdf(sheet(3), other))
    assert len(pdf) == 2
    assert "党员" not in words(pdf[0])
    assert "7K3M-9QX2-P4TD" in words(pdf[1])


def test_a_slip_carries_no_number_and_no_date() -> None:
    data = slips_pdf(sheet(12))
    text = words(pypdfium2.PdfDocument(data)[1])
    stripped = text.replace("192.168.1.23:8000", "")
    for code in codes(12):
        stripped = stripped.replace(code, "").replace(pretty(code), "")
    assert not re.search(r"\d", stripped)
    assert b"(D:20000101" in data


def test_the_same_input_makes_the_same_bytes() -> None:
    assert slips_pdf(sheet(11)) == slips_pdf(sheet(11))


def edges(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """Boxes of all characters: left, bottom, right, top in points."""
    text = page.get_textpage()
    kept = (i for i in range(text.count_chars()) if text.get_text_range(i, 1).strip())
    return [text.get_charbox(i) for i in kept]


@pytest.mark.parametrize("group", ["两代表一委员、离退休干部职工代表和服务对象代表（含流动党员委托代表）", "类" * 60, "W" * 60], ids=["long", "wide", "latin"])
@pytest.mark.parametrize("title", [TITLE, LONG_TITLE, "Quarterly " * 20], ids=["short", "long", "latin"])
def test_long_names_stay_inside_their_slip_and_never_lie_on_each_other(title: str, group: str) -> None:
    site = "https://pingyi.dangjian.some-very-long-host-name.gov.cn:8443/pingyi"
    page = pypdfium2.PdfDocument(slips_pdf(sheet(1, title=title, group=group, site=site)))[0]
    wide, tall = 595.28 / 2, 841.89 / 5
    first = edges(page)
    assert max(box[2] for box in first) <= wide - 9
    assert min(box[1] for box in first) >= 4 * tall + 9
    beside = [box for box in first if box[1] > 841.89 - (4.8 + 34.5) * 72 / 25.4]
    # Right of the code's white border, and below the code nothing but the typed code and the addresses.
    assert min(box[0] for box in beside) >= (9 + 34 + 4.5) * 72 / 25.4
    for one, other in combinations(first, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        along = min(one[3], other[3]) - max(one[1], other[1])
        assert min(across, along) < 1.5
    assert [each.text for each in zxingcpp.read_barcodes(picture(page))] == [f"{site}/b/{codes(1)[0]}"]


def test_rare_characters_are_printed_and_unknown_ones_leave_a_mark_of_type() -> None:
    text = words(pypdfium2.PdfDocument(slips_pdf(sheet(1, title="𬭎䶮㙍支部\u200b", group="𠮷😀班\x07")))[0])
    assert "𬭎䶮㙍支部" in text
    assert "〓〓班" in text


def test_a_page_with_few_slips_stays_small_because_only_used_letters_are_in_it() -> None:
    assert len(slips_pdf(sheet(10))) < 60_000


def test_the_address_is_printed_the_way_people_type_it() -> None:
    assert bare_host("http://192.168.1.23:8000/") == "192.168.1.23:8000"
    assert bare_host("https://a.cn") == "https://a.cn"
