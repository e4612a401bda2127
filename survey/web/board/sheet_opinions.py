"""What was written about a unit or a member, on its sheet as on its page."""

from collections.abc import Iterator

from flask_babel import gettext as _

from survey.domain.publications import Held
from survey.office.reports import Block, Part, Words
from survey.web.board.round_opinions import Heard
from survey.web.board.sheet_frames import Frame, sentences
from survey.web.words import meeting_title


def opinion_parts(frame: Frame, meetings: tuple[Held, ...], key: str, *, most: int | None = None) -> Iterator[Part]:
    """The opinions of each meeting; of each question `most`, when there is little room."""
    heard = frame.heard(meetings, key) if frame.heard is not None else ()
    for each in heard:
        said = _("次序已经打乱，不记是谁、哪一类人写的。")
        named = f"{meeting_title(each.held.title)} {each.held.held_on}{_('。')}" if len(heard) > 1 else ""
        yield Part(_("意见建议"), (Words(sentences([named, said]), small=True, leads=True), *_texts(each, most)))


def _texts(heard: Heard, most: int | None) -> Iterator[Block]:
    more = heard.more
    for question, texts in heard.texts:
        some = texts[:most]
        more += len(texts) - len(some)
        # A question that is called like its heading needs none of its own.
        if question != _("意见建议"):
            yield Words(f"{question}{_('：')}", leads=True)
        yield from (Words(f"· {text}") for text in some)
    if more:
        yield Words(_("还有 %(n)s 条，在评议会的页上", n=more) + _("。"), small=True)
