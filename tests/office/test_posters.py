"""The poster and the scrutineer's slip, read back from the finished PDF."""

from concurrent.futures import ThreadPoolExecutor

import pypdfium2
import zxingcpp

from survey.domain.slip_keys import pretty_key, spell_key
from survey.office.posters import IN_THE_CLEAR, PROMISE, STEPS, Poster, ScrutineerSlip, poster_pdf, scrutineer_pdf

TITLE = "机修车间党支部第三季度评议会"


def words(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(data)
    assert len(pdf) == 1
    return pdf[0].get_textpage().get_text_bounded().replace("\r\n", "")


def codes_on(data: bytes) -> list[str]:
    image = pypdfium2.PdfDocument(data)[0].render(scale=1, grayscale=True).to_pil()
    return [each.text for each in zxingcpp.read_barcodes(image)]


def test_the_poster_scans_to_its_address_even_when_small() -> None:
    data = poster_pdf(Poster(TITLE, "http://192.168.1.23:8000/", "三楼会议室"))
    assert codes_on(data) == ["http://192.168.1.23:8000/"]


def test_the_poster_says_what_to_do_and_what_we_promise() -> None:
    text = words(poster_pdf(Poster(TITLE, "https://pingyi.example.cn/", "三楼会议室")))
    for part in (TITLE, "三楼会议室", "https://pingyi.example.cn", *STEPS, *PROMISE):
        assert part in text
    assert IN_THE_CLEAR not in text


def test_a_poster_for_an_address_without_encryption_says_so() -> None:
    assert IN_THE_CLEAR in words(poster_pdf(Poster(TITLE, "http://192.168.1.23:8000/")))


def test_posters_drawn_at_once_are_each_what_they_are_alone() -> None:
    """Documents share what the font is, and nothing of what another one draws."""
    posters = [Poster(TITLE[:n] + "〇一二三四五六七八九"[n], "http://192.168.1.23:8000/", "楼" * n) for n in range(2)]
    alone = [poster_pdf(each) for each in posters]
    assert len(set(alone)) == len(posters)
    with ThreadPoolExecutor(len(posters)) as hands:
        assert list(hands.map(poster_pdf, posters)) == alone


def test_a_poster_with_everything_long_stays_on_its_page() -> None:
    site = "http://pingyi.dangjian.some-very-long-host-name.gov.cn:8443/m/" + "x" * 60
    data = poster_pdf(Poster("题" * 200, site, "楼" * 200, steps=("步" * 120,) * 3, promise=("诺" * 150,) * 6))
    assert codes_on(data) == [site]
    page = pypdfium2.PdfDocument(data)[0].get_textpage()
    boxes = [page.get_charbox(i) for i in range(page.count_chars()) if page.get_text_range(i, 1).strip()]
    assert min(box[1] for box in boxes) > 25
    assert min(box[0] for box in boxes) > 50
    assert max(box[2] for box in boxes) < 595.28 - 50


def test_the_scrutineers_slip_says_what_the_code_is_for_and_holds_no_qr_code() -> None:
    data = scrutineer_pdf(ScrutineerSlip(TITLE, "7K3M9QX2P4TD"))
    text = words(data)
    for part in ("监票签", TITLE, "7K3M-9QX2-P4TD", "计票", "重开", "不要交给书记", "谁也不能再打印一张"):
        assert part in text
    assert codes_on(data) == []


def test_posters_and_scrutineers_slips_are_the_same_for_the_same_input() -> None:
    assert poster_pdf(Poster(TITLE, "https://a.cn/")) == poster_pdf(Poster(TITLE, "https://a.cn/"))
    slip = ScrutineerSlip(TITLE, "7K3M9QX2P4TD")
    assert scrutineer_pdf(slip) == scrutineer_pdf(slip)


def test_a_slip_with_the_boxs_key_scans_to_it_and_says_what_losing_it_means() -> None:
    key = spell_key(bytes(range(32)))
    data = scrutineer_pdf(ScrutineerSlip(TITLE, "7K3M9QX2P4TD", "二楼会议室", key))
    text = words(data)
    for part in ("7K3M-9QX2-P4TD", "票箱的钥匙", "不用手机扫", "丢了就不能计票，只能作废重评", "计票以后请当场撕碎", *pretty_key(key).split(" ")):
        assert part in text
    assert "打不开票箱" not in text
    assert codes_on(data) == [key]
