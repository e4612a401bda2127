"""What all sheets of a published round share: what they are told beside it, their first figures, their rules and digest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import get_locale, pgettext
from flask_babel import gettext as _

from survey.domain.publications import Held
from survey.domain.rounds import FEWEST
from survey.office.reports import Figure, Part, Words
from survey.web.board.changes import Then
from survey.web.board.roll_ups import Part as Told
from survey.web.board.roll_ups import Reading
from survey.web.board.round_opinions import Heard
from survey.web.scheme_words import rules
from survey.web.words import day, quarter, round_name


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sheet is told beside the publication.

    Attributes
    ----------
    sha256, day : str, date or None
        The digest and the day of the publication; left out where they are not given.
    then : tuple of Then
        Earlier rounds, the last first.
    sees : callable or None
        Which units its reader sees; None: the unit of the sheet and those below it, so that nothing is said of its sisters.
    heard : callable or None
        The opinions of some meetings about a target, as `round_opinions.heard_of` tells them; None leaves them out.
    """

    sha256: str = ""
    day: date | None = None
    then: tuple[Then, ...] = ()
    sees: Callable[[int], bool] | None = None
    heard: Callable[[Iterable[Held], str], tuple[Heard, ...]] | None = None


ALONE = Frame()


def figures_of(part: Told, ballots: int) -> tuple[Figure, ...]:
    """Both rates with what they are of, and the ballots."""
    if part.whole is None:
        return ()
    found, sign = part.whole.figures, "%" if part.whole.valid else ""
    return (
        Figure(_("满意率"), f"{part.whole.narrow}{sign}", _("满意 %(n)s，有效答案 %(valid)s", n=found.satisfied, valid=found.valid)),
        Figure(_("基本满意以上率"), f"{part.whole.wide}{sign}", _("满意和基本满意 %(n)s，有效答案 %(valid)s", n=found.satisfied + found.basic, valid=found.valid)),
        Figure(pgettext("figure", "评议票"), str(ballots), _("%(n)s 处未选", n=found.blank)),
    )


def how_part(reading: Reading, frame: Frame) -> Part:
    """By which rules the figures were made, and which publication they are of."""
    # The digest never stands alone on a page.
    blocks = [Words(sentences(rule_texts(reading)), small=True, leads=bool(frame.sha256))]
    if frame.sha256:
        blocks.append(Words(_("这一轮公布的摘要（SHA-256）：") + frame.sha256, small=True))
    return Part(_("怎样评定"), tuple(blocks))


def rule_texts(reading: Reading) -> tuple[str, ...]:
    """By which rules the figures were made, a sentence or two each."""
    said = _("满意的也算在基本满意以上里。收回不到 %(k)s 张票的，不单独显示，和别的同样少的合在一起计入上级；合起来还不够的，哪里也不计入。", k=FEWEST)
    return (_("表里的“以上率”就是基本满意以上率。"), *rules(reading.scheme), said)


def sentences(said: Iterable[str]) -> str:
    """Sentences one after the other: with a blank between them where the language has one."""
    gap = "" if lang() == "zh-CN" else " "
    return gap.join(each.strip() for each in said if each)


def under(reading: Reading, frame: Frame, *, before: Sequence[str] = ()) -> str:
    """The line under the title: what it belongs to, the round, when it was published."""
    made = reading.made
    name, period = round_name(made), quarter(made.period)
    parts = [*before, name, "" if period in name else period, _("%(day)s公布", day=day(frame.day)) if frame.day else ""]
    return " · ".join(each for each in parts if each)


def foot(reading: Reading, name: str) -> str:
    """What stands at the foot of every page."""
    return f"{name} · {round_name(reading.made)}"


def lang() -> str:
    """The language of the moment, as documents want it."""
    return "en" if str(get_locale() or "zh").startswith("en") else "zh-CN"
