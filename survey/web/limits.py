"""How much may be sent: no form takes more than it needs, and what is too much is refused before it is kept in memory."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any, TypeVar
from urllib.parse import unquote_to_bytes

from flask import Flask, Request, current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge, UnsupportedMediaType
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

# Ten thousand letters in each of two fields, every byte of them as %E8, still get an answer in words.
MOST_BODY = 256 * 1024
# A ballot about 700 people with ten questions each; a form of the desk has 100.
MOST_FIELDS = 10_000
# Files come in parts: a file and a token.
MOST_PARTS = 1000
# gunicorn reads lines twice as long, so that the answer is a sentence of ours.
MOST_QUERY = 4000
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"

View = TypeVar("View", bound=Callable[..., Any])


def takes(most: int) -> Callable[[View], View]:
    """Mark a view whose form may be larger than others, for lists; `most` is in bytes."""

    def mark(view: View) -> View:
        view.most_body = most  # type: ignore[attr-defined]
        return view

    return mark


class MeasuredParser(FormDataParser):
    """Werkzeug's, but a form with too many fields, in another encoding or of another kind is refused, not read as empty."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        """The fields of a form.

        Raises
        ------
        RequestEntityTooLarge, UnsupportedMediaType, BadRequest
            Too many fields, not a form, not UTF-8 or cut off.
        """
        self.silent = False
        if mimetype == _URLENCODED:
            if (options or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
                raise UnsupportedMediaType()
            body = stream.read()
            # What comes in chunks says no length, and Werkzeug reads it up to the limit as if it ended there: look behind.
            stream.read(1)
            stream = BytesIO(_checked(body))
        elif mimetype != _MULTIPART and stream.read(1):
            raise UnsupportedMediaType()
        try:
            return super().parse(stream, mimetype, content_length, options)
        except ValueError as fault:
            raise BadRequest() from fault


class MeasuredRequest(Request):
    """A request whose forms are measured."""

    form_data_parser_class = MeasuredParser


class PlainNumber(IntegerConverter):
    """Ids as we write them: 7, not 007 and not ７; and never so long that Python refuses to read the number."""

    regex = "0|[1-9][0-9]{0,17}"


def set_limits(app: Flask) -> None:
    """Measure every request. Before the routes are added, and before anything that reads a form."""
    app.request_class = MeasuredRequest
    app.url_map.converters["int"] = PlainNumber
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY, MAX_FORM_MEMORY_SIZE=MOST_BODY, MAX_FORM_PARTS=MOST_PARTS)
    app.before_request(_measure)


def _measure() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most: int = getattr(view, "most_body", MOST_BODY)
    request.max_content_length = request.max_form_memory_size = most
    if len(request.query_string) > MOST_QUERY:
        raise RequestURITooLarge()
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge()
    if request.method == "POST" and request.content_length and not request.mimetype:
        raise UnsupportedMediaType()


def _checked(body: bytes) -> bytes:
    if body.count(b"&") >= MOST_FIELDS:
        raise RequestEntityTooLarge()
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError as fault:
        raise BadRequest() from fault
    return body
