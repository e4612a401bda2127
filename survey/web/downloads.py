"""Files that a page hands out, each under its name."""

from urllib.parse import quote

from flask import Response


def attached(response: Response, name: str, *, plain: str, way: str = "attachment") -> Response:
    """The response as a file under a name in any language; `plain` is for browsers that know ASCII alone."""
    response.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return response
