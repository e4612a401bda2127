"""Which questionnaires the form of a new meeting offers: what was used last first, then one's own, then by purpose."""

from collections.abc import Sequence

from flask_babel import gettext as _

from survey.actions import drafts
from survey.actions.questionnaires import library
from survey.domain.catalogue import purpose_of
from survey.domain.staff import Staff
from survey.store import catalogue
from survey.store.drafts import Line
from survey.store.engine import Connection
from survey.web.desk.questionnaire_words import purposes
from survey.web.questionnaires import said

MOST_RECENT = 5
Offered = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def offered(db: Connection, by: Staff) -> Offered:
    """Groups of (value, title): each questionnaire that rates somebody, once."""
    own = {f"d{line.id}": _own(line) for line in drafts.usable(db, by=by)}
    ready = {key: form for key, form in library().items() if not form.is_survey}
    titles = {**own, **{key: said(form.title) for key, form in ready.items()}}
    recent = [key for key in catalogue.recent(db, by.unit, most=2 * MOST_RECENT) if key in titles][:MOST_RECENT]
    groups = [(_("最近用过的"), recent), (_("自己的和上级共享的"), list(own))]
    groups += [(name, [key for key, form in ready.items() if purpose_of(form) is purpose]) for purpose, name in purposes().items()]
    seen: set[str] = set()
    found = []
    for name, keys in groups:
        fresh = [key for key in keys if key not in seen]
        seen.update(fresh)
        if fresh:
            found.append((name, [(key, titles[key]) for key in fresh]))
    return found


def _own(line: Line) -> str:
    title = _("%(title)s，第 %(n)s 版", title=line.title, n=line.finished)
    return title + _("（以后的改动还没有定稿）") if line.is_changed else title
