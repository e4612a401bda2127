"""The ballot: shown, reviewed, cast, and the thanks."""

from flask import Response, request

from survey.actions import ballots
from survey.actions.ballots import Look
from survey.domain.meetings import Stage
from survey.domain.papers import TEXT_BUDGET, Paper
from survey.domain.refusals import BadAnswer, MissingAnswer, Refused, TextTooLong, UsedCode, VoidSlip, WrongStage
from survey.domain.slips import SlipState, read
from survey.web.booth import pages, papers, reviews
from survey.web.booth.pages import Page, respond, send_to
from survey.web.booth.reviews import Answers
from survey.web.doors import Who, admits, config, house, now
from survey.web.errors import sentence
from survey.web.languages import choose_language
from survey.web.questionnaires import in_words

# The button that was pressed. Without one (the Enter key, a script) the ballot is only reviewed, never cast.
GO = "go"
CAST = "cast"
EDIT = "edit"
SCRIPTS = ("ballot", "review", "send", "walk", "hear")
STYLES = ("booth/ballot.css",)


@admits(Who.ANYONE)
def ballot(code: str) -> Response:
    """The paper as one page, the same for every slip of it; changes nothing."""
    look = _fresh(code)
    assert look.paper is not None
    key = (look.paper, look.entry, pages.query(), choose_language())
    page = pages.shelf().get(key)
    if page is None:
        page = pages.shelf().put(key, _paper_page(look, {}))
    return respond(page)


def on_pad(code: str, answers: Answers) -> Response:
    """The paper of a slip on a tablet that goes from hand to hand: its code is in the page, since the address has none."""
    return respond(_paper_page(_fresh(code), answers))


@admits(Who.ANYONE)
def cast(code: str) -> Response:
    """Cast, or without JavaScript first the review and the way back."""
    answers = {name: values for name, values in request.form.lists() if name != GO}
    go = request.form.get(GO, "")
    if go == CAST:
        try:
            ballots.cast(house(), code, answers, now=now())
        except (BadAnswer, MissingAnswer, TextTooLong) as refused:
            return _review(_fresh(code), answers, refused)
        return send_to(f"/b/{read(code)}/in")
    look = _fresh(code)
    if go == EDIT:
        return respond(_paper_page(look, answers))
    return _review(look, answers, None)


@admits(Who.ANYONE)
def thanks(code: str) -> Response:
    """The ballot is in the box; its tracker and no answer."""
    look = ballots.look(house(), code)
    if look.state is not SlipState.SPENT or look.tracker is None:
        return send_to(f"/b/{read(code)}")
    page = pages.render(
        "booth/ballots/thanks.html",
        scripts=("done",),
        title=look.title,
        tracker=look.tracker,
        door=look.door,
        entry=look.entry.value,
        is_survey=look.is_survey,
        key_on_slip=look.key_on_slip,
    )
    return respond(page)


def _fresh(code: str) -> Look:
    """The slip, when it may be cast now; its refusal in every other case."""
    look = ballots.look(house(), code, now=now())
    if look.state is SlipState.SPENT:
        raise UsedCode(tracker=look.tracker, title=look.title, entry=look.entry.value)
    if look.state is SlipState.VOID or look.stage is Stage.VOID:
        raise VoidSlip(meeting=look.stage is Stage.VOID, title=look.title, survey=look.is_survey)
    if look.stage is not Stage.OPEN or look.paper is None:
        raise WrongStage(stage=look.stage.value, wanted=Stage.OPEN.value, title=look.title, survey=look.is_survey)
    return look


def _paper_page(look: Look, answers: Answers) -> Page:
    """The paper of a slip; what it says beside the paper is the same for every slip of the paper."""
    assert look.paper is not None
    return paper_page(in_words(house().paper(look.paper)), answers, look=look)


def paper_page(paper: Paper, answers: Answers, *, look: Look | None = None, only: str = "") -> Page:
    """A paper as one page. Without a slip it is a preview: it can be filled and not sent, and may show `only` one section."""
    parts = papers.parts(paper, only=only)
    is_plain = papers.is_plain(paper)
    return pages.render(
        "booth/ballots/ballot.html",
        scripts=(*(() if is_plain else ("more",)), *SCRIPTS, *(("clock",) if look else ())),
        styles=STYLES if is_plain else (*STYLES, "booth/more.css"),
        rules=papers.progress_rules(paper),
        paper=paper,
        parts=parts,
        rated=sum(card.is_rated for part in parts for card in part.cards),
        answers=answers,
        phrases=reviews.phrases_json(paper),
        budget=TEXT_BUDGET,
        entry=look.entry.value if look else "",
        preview=look is None,
        door=look.door if look else "",
        key_on_slip=look is not None and look.key_on_slip,
        code=read(request.form.get("code", "")) if pages.is_pad() else "",
        is_https=config().is_https,
    )


def _review(look: Look, answers: Answers, refused: Refused | None) -> Response:
    """The review from the server. Answers the box would refuse are told here, and only the way back is offered."""
    assert look.paper is not None
    paper = in_words(house().paper(look.paper))
    # The same refusal, but in the words of the page.
    refused = reviews.fault(paper, answers) or refused
    headings = reviews.review(paper, answers)
    page = pages.render(
        "booth/ballots/review.html",
        styles=STYLES,
        paper=paper,
        headings=headings,
        missing=[row for heading in headings for row in heading.rows if row.missing],
        said=sentence(refused) if refused else None,
        answers=answers,
        phrases=reviews.phrases(paper),
    )
    return respond(page, sentence(refused).status if refused else 200)
