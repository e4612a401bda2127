"""A member of a published round on one page: his figures, his groups, the rounds before, his branch together, his peers by name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from survey.office.reports import INNER, Cell, Column, Content, Figures, Part, Report, Table, Words
from survey.web.board.branches import Person, Roll, alike, groups_of, held_about, past
from survey.web.board.figures import Rate
from survey.web.board.labels import labels
from survey.web.board.roll_ups import Part as Told
from survey.web.board.roll_ups import Reading
from survey.web.board.round_weights import weighing_of
from survey.web.board.sheet_frames import ALONE, Frame, figures_of, foot, how_part, lang, sentences, under
from survey.web.board.sheet_opinions import opinion_parts
from survey.web.board.sheet_tables import (
    bars_part,
    group_part,
    question_part,
    rates_of,
    trend_part,
    trend_pictures,
    verdict_words,
)
from survey.web.questionnaires import noted

# Peers stand in two columns, more than so many in three, so far apart in millimetres.
_MANY = 30
_APART = 5.0
# So many opinions to a question have room on one page.
_HEARD = 3


def member_report(reading: Reading, key: str, frame: Frame = ALONE) -> Report:
    """Whatever is said of somebody who is shown by himself."""
    named, part = reading.made.targets[key], reading.target(key)
    home = reading.roll.place(named.unit).name
    peers = alike(reading, key)
    about = [each for each in (noted(named.note), home) if each]
    together = _branch(reading, named.unit)
    parts = (*_told(reading, key, part, frame), *_beside(named.label, part.whole, together), *_peers(peers, key), *opinion_parts(frame, held_about(reading, named.unit), key, most=_HEARD), how_part(reading, frame))
    return Report(named.label, under(reading, frame, before=about), _sentence(part, together), parts, foot(reading, f"{named.label} · {home}"), lang(), is_one_page=True)


def _sentence(part: Told, together: tuple[int, Rate] | None) -> str:
    rate = part.whole
    if rate is None:
        return _("这位党员没有满意度题。") if part.scores else _("这里没有结果。")
    if not rate.valid:
        return _("没有有效答案，没有率。")
    said = _("满意率 %(narrow)s%%，基本满意以上率 %(wide)s%%，有效答案 %(valid)s，评定为“%(verdict)s”。", narrow=rate.narrow, wide=rate.wide, valid=rate.valid, verdict=verdict_words(part.verdict))  # fmt: skip
    if together is not None:
        many, all_of = together
        others = _("本支部 %(n)s 名党员合在一起，满意率 %(narrow)s%%，基本满意以上率 %(wide)s%%。", n=many, narrow=all_of.narrow, wide=all_of.wide)
        return sentences([said, others])
    return said


def _told(reading: Reading, key: str, part: Told, frame: Frame) -> Iterator[Part]:
    ballots = reading.ballots(key)
    figures = figures_of(part, ballots)
    if figures:
        yield Part("", (Figures(figures),))
    yield question_part(part, reading.made.targets[key].label, scheme=reading.scheme)
    if part.whole is not None:
        groups, before = groups_of(reading, key), past(reading, frame.then, key)
        if groups:
            yield group_part(groups, part.whole, ballots, key=key, weighing=weighing_of(reading, key))
        if before:
            told = trend_part(reading, key, before)
            yield replace(told, blocks=(*trend_pictures(reading, key, before), *told.blocks))


def _branch(reading: Reading, unit: int) -> tuple[int, Rate] | None:
    """The members of a unit together, and how many they are; None for one alone, who would be told by what is left."""
    keys = [each for each in reading.roll.own(unit) if each.startswith("m") and reading.rate(each) is not None]
    rate = reading.pooled(keys)
    return (len(keys), rate) if len(keys) > 1 and rate is not None and rate.valid else None


def _beside(name: str, whole: Rate | None, together: tuple[int, Rate] | None) -> Iterator[Part]:
    if whole is None or not whole.valid or together is None:
        return
    rows = [(_("本支部 %(n)s 名党员合计", n=together[0]), together[1])]
    yield bars_part(_("和本支部的党员放在一起看"), _("党员"), (name, whole), rows)


def _peers(peers: Roll | None, key: str) -> Iterator[Part]:
    """Everybody who was asked the same, by name, several beside each other."""
    people = [each for each in peers.people if each.part.whole is not None] if peers else []
    if len(people) < 2:
        return
    many = 2 if len(people) <= _MANY else 3
    high = -(-len(people) // many)
    said = labels()
    wide = (INNER - _APART * (many - 1)) / many
    numbers = ((said.narrow, 14.0), (said.wide, 14.0), (_("有效"), 11.0)) if many == 2 else ((said.narrow, 12.0), (said.wide, 12.0), (_("有效"), 9.0))
    one = (Column(_("党员"), wide - sum(width for _head, width in numbers), is_number=False), *(Column(head, width) for head, width in numbers))
    # A little room keeps the numbers of one from the name of the next.
    heads = (*one, *((Column("", _APART), *one) * (many - 1)))
    rows = [sum(((("",) if block else ()) + _peer(people, at + high * block, key) for block in range(many)), ()) for at in range(high)]
    yield Part(_("答同样题目的党员"), (Table(heads, tuple(rows)), Words(_("按花名册排，不是名次。"), small=True)))


def _peer(people: Sequence[Person], at: int, key: str) -> tuple[Content, ...]:
    if at >= len(people):
        return ("",) * 4
    each = people[at]
    assert each.part.whole is not None
    if each.key == key:
        return (Cell(each.label, heavy=True), *rates_of(each.part.whole))
    return (each.label, each.part.whole.narrow, each.part.whole.wide, str(each.part.whole.valid))
