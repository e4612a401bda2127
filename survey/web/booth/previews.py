"""The ballot's own page of a paper that nobody votes with: it can be filled and reviewed, and nothing is sent.

The desk shows it beside its editor. It is handed over by the app, since the faces know nothing of each other, and it alone
may stand in a frame of our own pages.
"""

from flask import Response

from survey.domain.papers import Paper
from survey.web.booth.ballots import paper_page
from survey.web.booth.pages import respond
from survey.web.questionnaires import in_words


def preview(paper: Paper, part: str = "") -> Response:
    """The page, or the cards of one section of it, framed by nobody but ourselves."""
    response = respond(paper_page(in_words(paper), {}, only=part))
    policy = response.headers["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
