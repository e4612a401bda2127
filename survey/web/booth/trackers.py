"""The page of trackers: all of them at once, looked through on the phone itself. No request says whose."""

from flask import Response

from survey.actions import trackers
from survey.web.booth import pages
from survey.web.booth.pages import respond
from survey.web.doors import Who, admits, house
from survey.web.languages import choose_language


@admits(Who.ANYONE)
def every(door: str) -> Response:
    """The trackers of a counted box, or that it is not counted yet."""
    key = ("trackers", door, pages.query(), choose_language())
    page = pages.shelf().get(key)
    if page is not None:
        return respond(page)
    found = trackers.published(house(), door)
    page = pages.render("booth/ballots/trackers.html", scripts=("find",) if found.trackers else (), found=found)
    # What is counted never changes; before that the page is another one tomorrow.
    return respond(page if found.trackers is None else pages.shelf().put(key, page))
