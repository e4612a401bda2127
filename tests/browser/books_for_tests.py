"""What the books of one meeting must say, on every page and in every file: hand arithmetic beside the numbers."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import ImageOps
from playwright.sync_api import Locator, Page, expect

from tests.web.board.test_protocols import words_in
from tests.web.desk.desks_for_tests import text_in

# Of 21 due 19 came. 14 + 5 slips and forms and one link are 20 codes; one form was left over, so 19 went out. 12 phones, 4 forms, the
# link and one torn form came back; one slip never did. One voter left everything open.
ACCOUNT = {
    "群众代表": {"due": 15, "present": 14, "issued": 13, "returned": 12},
    "党员": {"due": 6, "present": 5, "issued": 6, "returned": 6},
    "合计": {"due": 21, "present": 19, "issued": 19, "returned": 18},
}
SPOILED = {"群众代表": 1, "党员": 0, "合计": 1}
VALID, ABSTAINED, FORMS = 17, 1, 6
# 16 ballots with marks × 5 questions = 80. At the branch one answer was spoiled, one settled as 基本满意: 78 and 1 of 79. One mild
# voter: 75 of 80 for 李四. Four cross ones: 60 of 80 for 王五.
RATES = {
    "机修车间党支部": (79, "98.73", "100.00"),
    "张三": (80, "100.00", "100.00"),
    "李四": (80, "93.75", "100.00"),
    "王五": (80, "75.00", "75.00"),
}
OPINIONS = ("东门的路灯坏了", "纸上也写一句")
TRACKER = re.compile(r"[A-Z2-7]{5}-[A-Z2-7]{5}")
# What a printer cannot reach.
MARGIN_MM = 6


def brought(what: Locator) -> bytes:
    """The file that comes when this is clicked."""
    with what.page.expect_download() as waiting:
        what.click()
    return Path(waiting.value.path()).read_bytes()


def check_the_page(desk: Page) -> str:
    """The page of the result; the digest of the seal as it says it."""
    whole = ACCOUNT["合计"]
    numbers = dict(zip(desk.locator(".account dt").all_inner_texts(), desk.locator(".account dd").all_inner_texts(), strict=True))
    told = {"应到": whole["due"], "实到": whole["present"], "发出": whole["issued"], "收回": whole["returned"]}
    told |= {"无效": SPOILED["合计"], "有效": VALID, "弃权": ABSTAINED}
    assert numbers == {name: str(n) for name, n in told.items()}
    expect(desk.locator(".figures dd").first).to_have_text("98.73%")
    for name, (valid, narrow, wide) in list(RATES.items())[1:]:
        row = desk.locator("#members tbody tr", has_text=name)
        expect(row.locator("td.first")).to_have_text([narrow, wide, str(valid)])
    groups = [f"{name} {line['returned'] - SPOILED[name]} 票" for name, line in ACCOUNT.items()]
    expect(desk.locator("table.groups tbody th")).to_have_text(groups)
    expect(desk.locator("body")).to_contain_text(f"{len(OPINIONS)} 条")
    return desk.locator("code.seal").inner_text()


def check_the_lists(desk: Page, url: str) -> None:
    """The lists of the desk and of the board."""
    whole = ACCOUNT["合计"]
    for path, told in (("/desk", f"{whole['returned']} / {whole['present']}"), ("/board", f"{whole['returned']}/{whole['issued']}")):
        desk.goto(url + path)
        expect(desk.locator("tbody tr").first).to_contain_text(told)


def check_the_protocol(desk: Page, trackers: Sequence[str], digest: str) -> None:
    """On paper and in Word: every number, every tracker, nothing cut off."""
    pdf = brought(desk.get_by_role("link", name="PDF", exact=True))
    signed = list(pypdfium2.PdfDocument(pdf))[-1].get_textpage().get_text_range()
    for said in (text_in(pdf), words_in(brought(desk.get_by_role("link", name="Word", exact=True)))):
        flat = re.sub(r"\s+", " ", said)
        for name, line in ACCOUNT.items():
            row = [*line.values(), SPOILED[name], line["returned"] - SPOILED[name]]
            assert " ".join([name, *map(str, row)]) in flat, name
        for name, (valid, narrow, wide) in RATES.items():
            assert re.search(rf"{name}(?:（[^）]+）)? {valid} {narrow} {wide}", flat), name
        assert re.search(rf"弃权 {ABSTAINED}\b", flat)
        assert sorted(TRACKER.findall(said)) == sorted(trackers)
        assert digest in re.sub(r"\s", "", said)
        for act in ("暂停投票", "恢复投票", "录入纸质评议表", "时间到，票箱封存", "李秘书", "王干事"):
            assert act in said, act
    assert re.search(r"主持人.*计票人.*监票人", re.sub(r"\s", "", signed)), "they sign on one sheet"
    assert TRACKER.search(signed), "and on it the list ends"
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=1).to_pil().convert("L")
        left, top, right, bottom = ImageOps.invert(picture).getbbox() or (0, 0, 0, 0)
        edge = MARGIN_MM * 72 / 25.4
        assert min(left, top, picture.width - right, picture.height - bottom) > edge, "something runs off the sheet"


def check_the_files(desk: Page, trackers: Sequence[str], digest: str) -> None:
    """The table and the seal say what the page says."""
    table = list(csv.DictReader(io.StringIO(brought(desk.get_by_role("link", name="CSV", exact=True)).decode("utf-8-sig"))))
    wholes = {row["member"] or row["unit"]: row for row in table if row["item"] == "*" and not row["group"]}
    for name, (valid, narrow, wide) in RATES.items():
        row = wholes[name]
        asked = VALID * 5
        assert (row["ballots"], row["valid"], row["blank"]) == (str(VALID), str(valid), str(asked - valid))
        assert (row["narrow_percent"], row["wide_percent"]) == (narrow, wide)
    sealed = brought(desk.get_by_role("link", name="seal.json", exact=True))
    assert hashlib.sha256(sealed).hexdigest() == digest
    seal = json.loads(sealed)
    assert seal["spoiled"] == {"forms": {"torn": 1}, "answers": {"marks": 1}}
    for line, (name, told) in zip(seal["accounting"], ACCOUNT.items(), strict=True):
        assert {key: line[key] for key in told} == told, name
    assert [f"{each[:5]}-{each[5:]}" for each in seal["trackers"]] == sorted(trackers)
    marked = sum(n for shown in seal["counts"] for *_key, n in shown["counts"])
    assert marked == sum(valid for valid, *_rates in RATES.values())
