"""The library of questionnaires: the ready ones, one's own and those lent from above, to be found, read and used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from survey.actions import drafts
from survey.actions.questionnaires import library
from survey.domain.advice import advice
from survey.domain.catalogue import Wanted, fits, is_special, only_for, purpose_of, texts
from survey.domain.minutes import minutes
from survey.domain.questionnaires import Audience, Questionnaire
from survey.domain.refusals import NotFound, Refused
from survey.domain.texts import line
from survey.store import catalogue
from survey.store.drafts import version
from survey.store.engine import Connection
from survey.store.meetings import MOST_ID
from survey.store.terms import all_terms
from survey.web.desk.fields import number
from survey.web.desk.halls import refused
from survey.web.desk.questionnaire_advice import advice_sentence
from survey.web.desk.questionnaire_words import answers, asked_when, purposes, sizes, targets, whom
from survey.web.desk.versions import on_a_phone
from survey.web.doors import Who, admits, house, staff
from survey.web.lists import LONGEST_SEARCH
from survey.web.questionnaires import said
from survey.web.words import member_kinds, sectors

BLUEPRINT = Blueprint("desk_library", __name__, url_prefix="/desk/library")
BLUEPRINT.register_error_handler(Refused, refused)
MOST_OWN = 200
# Members a form is timed with when nobody says how many: about a branch of the 7,079 that have 167,000 members.
_USUAL = 24
_MOST_MEMBERS = 999


@dataclass(frozen=True, slots=True)
class Card:
    """A questionnaire as the library shows it. `ref` names it in addresses and in the form of a new meeting; `unit` is whose
    it is, "" for a ready one."""

    ref: str
    form: Questionnaire
    unit: str = ""
    draft: int = 0
    is_lent: bool = False
    is_special: bool = False


@BLUEPRINT.get("")
@admits(Who.SECRETARY)
def index() -> Response:
    """Everything this account may use, or what a search leaves of it, by purpose."""
    by = staff()
    wanted = _wanted(request.args)
    typed = line(request.args.get("members", ""))
    people = number(typed, most=_MOST_MEMBERS)
    with house().store.read() as db:
        kept = catalogue.finished(db, by.unit, words=wanted.words, most=MOST_OWN + 1)
        terms = all_terms(db)
    own = [Card(f"d{each.draft}", each.form, each.unit_name, each.draft, not by.sees(each.unit)) for each in kept[:MOST_OWN]]
    ready = [Card(key, form) for key, form in library().items() if _holds(form, wanted.words)]
    cards = [_marked(card, wanted) for card in (*own, *ready) if fits(card.form, wanted)]
    text = render_template(
        "desk/library/index.html",
        groups=_grouped(cards),
        total=len(cards),
        special=sum(card.is_special for card in cards),
        more=len(kept) > MOST_OWN,
        most=MOST_OWN,
        wanted=wanted,
        members=_USUAL if people is None else people,
        typed=typed,
        is_wrong=bool(typed) and people is None,
        most_members=_MOST_MEMBERS,
        minutes=minutes,
        sizes=sizes,
        tags=_tags,
        purposes=purposes(),
        targets=targets(),
        sectors=sectors(terms),
        kinds=member_kinds(terms),
    )
    return make_response(text)


@BLUEPRINT.get("/<ref>")
@admits(Who.SECRETARY)
def form(ref: str) -> Response:
    """One questionnaire with everything it asks, what is worth a look, and what can be done with it."""
    with house().store.read() as db:
        card = _card(db, ref)
        terms = all_terms(db)
    people = number(request.args.get("members", ""), most=_MOST_MEMBERS)
    found = advice(card.form, members=_USUAL if people is None else people)
    text = render_template(
        "desk/library/form.html",
        card=card,
        said_advice=[advice_sentence(each) for each in found],
        purpose=purposes()[purpose_of(card.form)],
        sizes=sizes(card.form),
        answers=answers,
        asked_when=asked_when,
        whom=whom,
        sectors=sectors(terms, retired=True),
        kinds=member_kinds(terms, retired=True),
    )
    return make_response(text)


@BLUEPRINT.get("/<ref>/preview")
@admits(Who.SECRETARY)
def preview(ref: str) -> Response:
    """The booth's own page of it, about people who are invented."""
    with house().store.read() as db:
        card = _card(db, ref)
        terms = all_terms(db)
    titled = replace(card.form, title=said(card.form.title))
    return on_a_phone(titled, member_kinds(terms, retired=True), sectors(terms, retired=True))


def _wanted(typed: Mapping[str, str]) -> Wanted:
    """What the sieve holds. A key nobody knows is a search that finds nothing, not an error."""
    words, *rest = (line(typed.get(field, "")) for field in ("q", "target", "sector", "kind", "purpose"))
    return Wanted(words[:LONGEST_SEARCH], *rest)


def _holds(form: Questionnaire, words: str) -> bool:
    """Whether the words stand anywhere in a form, in Chinese or in the language of the page."""
    looked = words.casefold()
    return any(looked in text.casefold() or looked in said(text).casefold() for text in texts(form))


def _marked(card: Card, wanted: Wanted) -> Card:
    return Card(card.ref, card.form, card.unit, card.draft, card.is_lent, is_special(card.form, wanted))


def _grouped(cards: Sequence[Card]) -> Sequence[tuple[str, Sequence[Card]]]:
    """One's own first, then by purpose; within each what was made for the sector or kind looked for stands first."""
    own = [card for card in cards if card.unit]
    groups = [(_("自己的和上级共享的"), own)]
    for purpose, name in purposes().items():
        groups.append((name, [card for card in cards if not card.unit and purpose_of(card.form) is purpose]))
    return [(name, sorted(found, key=lambda card: not card.is_special)) for name, found in groups if found]


def _tags(form: Questionnaire, fields: Mapping[str, str], kinds: Mapping[str, str]) -> Sequence[str]:
    """The sectors and kinds a form has sections of their own for."""
    named = [fields.get(key, key) for key in only_for(form, Audience.UNIT)]
    return [*named, *(kinds.get(key, key) for key in only_for(form, Audience.MEMBER))]


def _card(db: Connection, ref: str) -> Card:
    """A ready questionnaire, or the last finished version of a draft this account may look at.

    Raises
    ------
    NotFound
        There is none, or it is none of the asker's business.
    """
    if ref in library():
        return Card(ref, library()[ref])
    draft_id = number(ref.removeprefix("d"), most=MOST_ID) if ref.isascii() and ref.startswith("d") else None
    if draft_id is None:
        raise NotFound(what="questionnaire")
    draft = drafts.look(db, draft_id, by=staff())
    if not draft.finished:
        raise NotFound(what="questionnaire")
    unit = catalogue.unit_name(db, draft.unit)
    return Card(ref, version(db, draft_id, draft.finished), unit, draft_id, not staff().sees(draft.unit))
