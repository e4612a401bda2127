"""Response headers of every answer, unless its own face has set stricter ones; and files whose address changes with them."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from survey.config import Config

# Style and script come as files; the booth sets its own policy with hashes of its inline blocks.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    # For the browsers inside old chat programs, which do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# Browsers take these two from https alone; over http the second one only fills their consoles.
UNDER_HTTPS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A file asked for by its digest never changes; without the digest it may have changed since.
KEPT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"
RETRY_SECONDS = "5"


def set_headers(app: Flask, config: Config) -> None:
    """Add the headers to every answer, and the digest of its file to every address of a static file."""
    headers = {**ALWAYS, **(UNDER_HTTPS if config.is_https else {})}
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values.setdefault("v", digest(folder / values["filename"]))

    @app.after_request
    def add(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code < 400:
            known = request.args.get("v") == digest(folder / (request.view_args or {})["filename"])
            response.headers["Cache-Control"] = KEPT if known else ASKED_AGAIN
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
        return response


@lru_cache(maxsize=64)
def digest(path: Path) -> str | None:
    """What stands in a file's address: enough of its SHA-256 to tell two releases. None when there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None
