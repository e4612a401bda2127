"""Pages of the booth: one response holds everything, inline blocks are allowed by their hash, bytes go out squeezed."""

import base64
import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Response, current_app, render_template, request

from survey.web.languages import LANGUAGES, choose_language, switch_to
from survey.web.words import meeting_title

STYLES = ("tokens.css", "booth/booth.css")
LARGE = ("1", "2", "3")
# Where a tablet goes from hand to hand.
PAD = "/pad"
_PAGES_KEPT = 128
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Block:
    """An inline block: `kind` is style or script, `text` exactly what stands between the tags."""

    kind: str
    text: str

    @property
    def source(self) -> str:
        """How a policy names this block and no other."""
        return f"'sha256-{base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}'"


@dataclass(frozen=True, slots=True)
class Page:
    """A finished page: its bytes, the same bytes gzipped, and the policy that lets its own blocks run."""

    plain: bytes
    packed: bytes
    policy: str


@dataclass
class Shelf:
    """Pages that are the same for everybody, kept until others push them out."""

    _pages: OrderedDict[Hashable, Page] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Page | None:
        """The page kept under this key."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: Hashable, page: Page) -> Page:
        """Keep a page; the one unused for longest goes."""
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        return page


def shelf() -> Shelf:
    """The shelf of this app."""
    found: Shelf = current_app.extensions.setdefault("booth_shelf", Shelf())
    return found


def csp(blocks: Iterable[Block]) -> str:
    """The policy of a page: nothing but its own blocks runs, nothing is asked of anybody else."""
    rows = list(blocks)
    sources = {kind: " ".join(b.source for b in rows if b.kind == kind) or "'none'" for kind in ("style", "script")}
    return (
        f"default-src 'none'; style-src {sources['style']}; script-src {sources['script']}; img-src data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def render(
    template: str, *, scripts: tuple[str, ...] = (), styles: tuple[str, ...] = (), rules: str = "", **values: Any
) -> Page:
    """A template as a page. `scripts` run at its end, `styles` and `rules` are style of this page alone."""
    folder = Path(current_app.static_folder or "")
    style = Block("style", "\n".join([*(_squeezed(folder / name) for name in STYLES + styles), rules]))
    early = Block("script", _squeezed(folder / "booth/early.js"))
    # One block, one hash: every voter carries the policy three times.
    scripts = (*scripts, "hand") if is_pad() else scripts
    late = [Block("script", "\n".join(_squeezed(folder / f"booth/{name}.js") for name in scripts))] if scripts else []
    if "title" in values:
        values["title"] = meeting_title(values["title"])
    html = render_template(
        template,
        style=style.text,
        early=early.text,
        late=[block.text for block in late],
        **{"pad": is_pad(), "big": size(), "sizes": _sizes(), "query": query(), "home": home(), "tongue": choose_language(), "other_language": switch_to(**_kept()), **values},
    ).encode()
    return Page(html, gzip.compress(html, _LEVEL, mtime=0), csp([style, early, *late]))


def respond(page: Page, status: int = 200) -> Response:
    """A page as the phone gets it."""
    packed = request.accept_encodings.quality("gzip") > 0
    response = Response(page.packed if packed else page.plain, status, content_type="text/html; charset=utf-8")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Accept-Language"
    return sealed(response, page.policy)


def send_to(path: str) -> Response:
    """See there: the answer to a POST that was done. Language and size of letters go along."""
    response = Response(b"", 303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = path + query()
    return sealed(response, csp([]))


def sealed(response: Response, policy: str) -> Response:
    """The headers of every answer of the booth."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept() -> dict[str, str]:
    """What the switch takes along: the size of letters, and on a tablet the language it was set up in."""
    set_up = home() or choose_language()
    apart = {"home": set_up} if is_pad() and choose_language() == set_up else {}
    return apart | ({"big": str(size())} if size() else {})


def size() -> int:
    """The elder view asked for in the address, for phones without JavaScript: its letters in steps of 1 to 3, or 0."""
    asked = request.args.get("big", "")
    return int(asked) if asked in LARGE else 0


def _sizes() -> list[str]:
    """The addresses of this page in the standard view and in each size of the elder view."""
    return [query(big=None) or "?", *(query(big=each) for each in LARGE)]


def is_pad() -> bool:
    """Whether this page is on a tablet that goes from hand to hand."""
    return request.path == PAD


def home() -> str:
    """The language a tablet was set up in, by its address; "" is the browser's. One voter's switch is not the next one's."""
    asked = [request.args.get(name, "") for name in ("home", "lang")]
    return next((each for each in asked if each in LANGUAGES), "") if is_pad() else ""


def query(**changes: str | None) -> str:
    """The part of the address that goes along from page to page; a change to None drops a part."""
    values = {"lang": choose_language() if request.args.get("lang") else None, "big": str(size()) if size() else None}
    if is_pad() and home() != values["lang"]:
        values["home"] = home() or None
    values |= changes
    return "".join(
        f"{'&' if i else '?'}{name}={value}"
        for i, (name, value) in enumerate((n, v) for n, v in values.items() if v is not None)
    )


@lru_cache(maxsize=16)
def _squeezed(path: Path) -> str:
    """A file without comments and indentation; of style without the room around its marks too."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    if path.suffix == ".css":
        # Never the room before a colon: in a selector it means something.
        text = re.sub(r"\s*([{}])\s*", r"\1", re.sub(r"([:;,])\s+", r"\1", text)).replace(";}", "}")
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
