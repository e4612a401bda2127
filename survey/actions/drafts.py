"""Questionnaires of one's own: begin, change, finish, share, shelve. Each is one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from survey.actions.house import House
from survey.actions.rights import check_runs
from survey.domain.draft_keys import begun, keys
from survey.domain.drafts import Work, fitting
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaires import Questionnaire
from survey.domain.refusals import NotAllowed, NotFound, Stale, Unfinished
from survey.domain.staff import Staff
from survey.domain.texts import line
from survey.store import drafts, journal, questionnaires
from survey.store.drafts import Draft
from survey.store.engine import Connection

CHOSEN = "d"
_MOST_OFFERED = 500


def begin(house: House, form: Questionnaire, *, by: Staff, now: datetime) -> int:
    """A draft of one's own unit, from any form: one of the library, another draft, an empty one, an imported one."""
    check_runs(by, by.unit)
    with house.store.write() as db:
        added = drafts.add(db, form, unit=by.unit, by=by.id, now=now)
        drafts.name_form(db, added, begun(form, f"{CHOSEN}{added}"))
        journal.note(db, "begin_draft", by=by.id, now=now, draft=added, title=line(form.title)[:100])
    return added


def change(
    house: House, draft_id: int, edit: Callable[[Work], Work], *, seen: int, by: Staff, now: datetime
) -> tuple[Draft, str]:
    """One step of editing. Returns the draft as it stands then, and the key of what was added.

    Raises
    ------
    Stale
        Somebody saved it since revision `seen`; nothing was written.
    """

    def step(draft: Draft, work: Work) -> Work:
        if draft.revision != seen:
            raise Stale(what="draft")
        return edit(work)

    return join(house, draft_id, step, by=by, now=now)


def join(
    house: House, draft_id: int, edit: Callable[[Draft, Work], Work], *, by: Staff, now: datetime
) -> tuple[Draft, str]:
    """One step of editing, on whatever stands there: the step looks for itself what others did. Returns what `change` does."""
    with house.store.write() as db:
        draft = hold(db, draft_id, by=by)
        before = _work(db, draft)
        after = edit(draft, before)
        if after != before:
            drafts.put(db, draft_id, after, by=by.id, now=now)
        return drafts.get(db, draft_id), after.fresh


def finish(house: House, draft_id: int, *, seen: int, by: Staff, now: datetime) -> int:
    """Freeze the draft as its next version, unless it is what the last one is. Returns the number of the version.

    Raises
    ------
    Unfinished
        Something is at fault.
    Stale
        Somebody saved it since revision `seen`: what would be frozen is not what was looked at.
    """
    with house.store.write() as db:
        draft = hold(db, draft_id, by=by)
        if draft.revision != seen:
            raise Stale(what="draft")
        form = fitting(draft.form)
        wrong = faults(form)
        if wrong:
            raise Unfinished(faults=wrong)
        if draft.finished and drafts.version(db, draft_id, draft.finished) == form:
            drafts.stand_by(db, draft)
            return draft.finished
        number = drafts.add_version(db, draft, questionnaires.keep(db, form), by=by.id, now=now)
        journal.note(db, "finish_draft", by=by.id, now=now, unit_id=draft.unit, draft=draft_id, version=number, title=form.title)
    return number


def share(house: House, draft_id: int, shared: bool, *, by: Staff, now: datetime) -> None:
    """Lend it to the units below, or no longer."""
    with house.store.write() as db:
        draft = hold(db, draft_id, by=by)
        if draft.shared is not shared:
            drafts.mark(db, draft_id, shared=shared)
            act = "share_draft" if shared else "unshare_draft"
            journal.note(db, act, by=by.id, now=now, unit_id=draft.unit, draft=draft_id, title=line(draft.form.title)[:100])


def shelve(house: House, draft_id: int, shelved: bool, *, by: Staff, now: datetime) -> None:
    """Put it aside, or take it up again. What uses its versions goes on."""
    with house.store.write() as db:
        draft = hold(db, draft_id, by=by)
        if draft.shelved is not shelved:
            drafts.mark(db, draft_id, shelved=shelved)
            act = "shelve_draft" if shelved else "unshelve_draft"
            journal.note(db, act, by=by.id, now=now, unit_id=draft.unit, draft=draft_id, title=line(draft.form.title)[:100])


def look(db: Connection, draft_id: int, *, by: Staff) -> Draft:
    """A draft to look at: of one's own subtree, or shared by a unit above.

    Raises
    ------
    NotFound
        There is none, or it is none of the asker's business.
    """
    if not by.runs_meetings:
        raise NotAllowed()
    draft = drafts.get(db, draft_id)
    if not by.sees(draft.unit) and not (draft.shared and draft.unit in drafts.above(db, by.unit)):
        raise NotFound(what="draft")
    return draft


def edits(by: Staff, draft: Draft) -> bool:
    """Whether this person may change a draft he may look at."""
    return by.runs_meetings and by.sees(draft.unit)


def hold(db: Connection, draft_id: int, *, by: Staff) -> Draft:
    """Lock a draft this person may change.

    Raises
    ------
    NotFound
        There is none in his subtree and none is shared with him.
    NotAllowed
        It is shared with him, and he may only copy it.
    """
    drafts.get(db, draft_id, lock=True)
    draft = look(db, draft_id, by=by)
    if not edits(by, draft):
        raise NotAllowed()
    return draft


def usable(db: Connection, *, by: Staff, rates: bool = True) -> tuple[drafts.Line, ...]:
    """Drafts with a finished version that may be put before people: those that rate somebody, or plain surveys."""
    asked = drafts.Asked(by.unit, drafts.above(db, by.unit), rates=rates)
    return drafts.listed(db, asked, most=_MOST_OFFERED)


def chosen(db: Connection, value: str, *, by: Staff) -> Questionnaire | None:
    """The last version of the draft that `d12` names, when this person may use it; else None."""
    number = value.removeprefix(CHOSEN)
    if not value.startswith(CHOSEN) or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    try:
        draft = look(db, int(number), by=by)
        return drafts.version(db, draft.id, draft.finished) if draft.finished and not draft.shelved else None
    except NotFound:
        return None


def _work(db: Connection, draft: Draft) -> Work:
    """The form under work; the keys of the last version are never given to anything else."""
    taken = keys(drafts.version(db, draft.id, draft.finished)) if draft.finished else frozenset()
    return replace(Work(draft.form), deleted=draft.deleted, taken=taken)
