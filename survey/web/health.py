"""A sign of life for whoever watches over the server: whether the database answers, and nothing else."""

from flask import Response

from survey.domain.refusals import Away
from survey.web.doors import Who, admits, house


@admits(Who.ANYONE)
def health() -> Response:
    """`ok`, or `away` with 503."""
    try:
        house().store.check()
    except Away:
        return Response("away\n", 503, content_type="text/plain; charset=utf-8")
    return Response("ok\n", content_type="text/plain; charset=utf-8")
