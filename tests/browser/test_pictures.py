"""Pictures as a browser draws them."""

import io
from base64 import b64encode
from decimal import Decimal

from PIL import Image
from playwright.sync_api import Browser

from analysis.charts import Bar, Words, drawn, png, svg
from analysis.satisfaction import Level, Role, Scale
from tests.stories.pictures import unlike

SCALE = Scale((Level("a", "满意", Role.SATISFIED, Decimal(100)), Level("b", "基本满意", Role.BASIC, Decimal(60)), Level("c", "不满意", Role.UNSATISFIED, Decimal(0))))


def test_a_picture_looks_alike_as_svg_and_as_png(browser: Browser) -> None:
    """Whoever downloads a picture has the one of the page: every letter and every bar, as another digit shows."""
    bars = [Bar("带头学习提高", {"a": 30, "b": 6, "c": 1}), "各类评议人", Bar("群众代表", {"a": 81, "b": 12, "c": 170}, 3), Bar("党员", None)]
    made = drawn(bars, scale=SCALE, words=Words("机修车间党支部"))
    other = drawn([Bar("带头学习提高", {"a": 31, "b": 6, "c": 1}), *bars[1:]], scale=SCALE, words=Words("机修车间党支部"))
    with Image.open(io.BytesIO(png(made))) as image, Image.open(io.BytesIO(png(other))) as changed:
        page = browser.new_page(viewport={"width": image.width, "height": image.height})
        address = f"data:image/svg+xml;base64,{b64encode(svg(made)).decode()}"
        page.set_content(f'<body style="margin:0"><img src="{address}" style="display:block;width:{image.width}px;height:{image.height}px">')
        page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
        with Image.open(io.BytesIO(page.screenshot())) as shown:
            assert unlike(image, shown) < 45 < unlike(changed, shown)
        page.close()
