"""Forms as a browser finds them on a page: where they go, what can be typed, what stood there, what is said beside a field."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

# Text that programs stumble over. Whatever a form does with it, it must be deliberate.
NAUGHTY = (
    "", " ", "\u3000\u3000", "长" * 10_000, "x" * 10_000, "\u202e张三\u202c", "\u200f\u200e\u2066李四\u2069", "王\u200b五\u200c\ufeff",
    "赵\x00六", "\x00", "孙\ud800七", "\udfff", "\ufffe\uffff", "=cmd|'/C calc'!A0", "＝1+1", "@SUM(A1)", "+86", "-1", "－１",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</textarea></title><svg onload=alert(1)>", "'\"`", "' OR 1=1 --",
    "{{7*7}}{% raw %}", "%s%(name)s%n{0}", "${7*7}", "👨‍👩‍👧‍👦🇨🇳👍🏽", "Z̷̙͝a͐l̸g̵o̷", "𠮷野家𪚥", "ﷺ", "行一\r\n行二\t末", "\u2028\u2029\x85\x0b\x0c\x1b[31m",
    "9" * 400, "１２３", "٣٤٥", "5²", "①", "1e3", "1_000", "0x10", "1,000", "10" * 20, str(10**30), "NaN", "Infinity", "-0", "3.5", "٠",
    "0000-00-00", "2026-02-30", "9999-12-31", "2026-W10", "20261121", "2026-11-21T00:00", "../../etc/passwd", "C:\\x", "null", "None", "$x^{$",
)  # fmt: skip
FILLABLE = {"text", "search", "textarea", "password", "hidden", "date", "number", "select", "radio", "checkbox", "file"}


@dataclass
class Field:
    """One field: its name, kind and value, and the words that stand beside it when it was wrong."""

    name: str
    kind: str
    value: str = ""
    beside: str = ""
    is_invalid: bool = False


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def names(self) -> list[str]:
        """What a sender may fill: every name once, the token and the key of the form left out."""
        return list(dict.fromkeys(each.name for each in self.fields if each.name not in ("", "csrf_token", "once")))

    def data(self) -> dict[str, list[str]]:
        """What a browser would send if nothing were touched."""
        found: dict[str, list[str]] = {}
        for each in self.fields:
            if each.name and each.kind not in ("file", "submit"):
                found.setdefault(each.name, []).append(each.value)
        return found

    def values(self, name: str) -> list[str]:
        """What stands in the fields of a name."""
        return [each.value for each in self.fields if each.name == name]


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self._address = address
        self._open: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self._described: list[tuple[Field, str]] = []
        self._by_id: dict[str, list[str]] = {}
        self._inside: list[tuple[str, str]] = []
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self._inside.append((tag, values["id"]))
            self._by_id[values["id"]] = []
        if tag == "form":
            action = urlsplit(urljoin(f"http://localhost{self._address}", values.get("action", "")))
            self._open = Form(action.path, values.get("method", "get").upper())
            self.forms.append(self._open)
        if self._open is not None and tag in ("input", "textarea", "select", "button"):
            self._field(tag, values)
        if self._open is not None and tag == "option" and self._select is not None and "selected" in values:
            self._select.value = values.get("value", "")

    def _field(self, tag: str, values: dict[str, str]) -> None:
        assert self._open is not None
        kind = {"textarea": "textarea", "select": "select", "button": "submit"}.get(tag) or values.get("type", "text")
        if kind in ("radio", "checkbox") and "checked" not in values and values.get("name") in self._open.names():
            return
        made = Field(values.get("name", ""), kind, values.get("value", ""), is_invalid=values.get("aria-invalid") == "true")
        if kind == "submit" or "disabled" in values:
            return
        self._open.fields.append(made)
        self._described.append((made, values.get("aria-describedby", "")))
        if kind == "textarea":
            self._area = made
        if kind == "select":
            self._select = made

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None
        if any(each == tag for each, _ in self._inside):
            while self._inside and self._inside.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        for _, name in self._inside:
            self._by_id[name].append(data)

    def finish(self) -> list[Form]:
        for made, ids in self._described:
            made.beside = " ".join("".join(self._by_id.get(each, ())).strip() for each in ids.split())
            if made.kind == "textarea":
                # A browser leaves out the first line break of a textarea.
                made.value = made.value.removeprefix("\n")
        return self.forms


def forms(page: str, address: str) -> list[Form]:
    """Every form of a page. That of a preview goes nowhere."""
    reader = _Reader(address)
    reader.feed(page)
    reader.close()
    return [form for form in reader.finish() if form.method != "DIALOG"]


def words(page: str) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", text)))


def raw_markup(page: str) -> list[str]:
    """Pieces of the naughty texts that stand on a page as markup."""
    return [piece for piece in ("<script>alert", "<img src=x", "<svg onload", "</title><svg") if piece in page]
