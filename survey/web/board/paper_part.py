"""What the protocol says of forms on paper: who read them, how many there were, what was spoiled and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _

from survey.domain.keyings import Spoil
from survey.domain.meetings import Meeting
from survey.domain.rounds import FEWEST, SpoilRule
from survey.office.protocols import Facts, Part
from survey.store import keyings
from survey.store.engine import Connection
from survey.store.journal import Entry
from survey.store.keyings import Keyed
from survey.web.board.results import Result
from survey.web.paper_words import reason_words


def paper_part(db: Connection, meeting: Meeting, result: Result, done: Iterable[Entry]) -> Part | None:
    """The part of a meeting that had forms on paper; None for any other."""
    if not meeting.forms:
        return None
    keyed = keyings.keyed(db, meeting.id)
    names = dict.fromkeys(entry.name for entry in done if entry.act == "key_forms")
    rows = [(_("做出的纸表"), str(meeting.forms)), (_("录入的人"), _("、").join(names) or "–"), *_read(keyed, result)]
    if result.is_shown:
        rows += _spoils(keyings.spoils(db, meeting.id))
    rule = _("有一题多选或看不清的，整张无效。") if result.round.scheme.spoil is SpoilRule.FORM else _("多选或看不清的，只那一题无效，算弃权。")
    note = _("纸表由录入的人看着原表录入两遍，两遍一样才投进票箱，不一样的看着原表核定。他们看得到这些表上的答案。")
    return Part(_("纸质评议表"), (Facts(tuple(rows)),), f"{note}{rule}")


def _read(keyed: Keyed, result: Result) -> Iterator[tuple[str, str]]:
    """How many ballots came on paper. Where one of the two heaps is smaller than five, it is said no closer than that: who
    keyed the paper could take it from the whole, and nobody else need know how small the rest is. Nor is none said of too few:
    it would tell that all forms were spoiled."""
    rest = result.total.valid - keyed.done
    if keyed.done < FEWEST and (keyed.done or not result.is_shown):
        yield _("投进票箱的纸表"), _("不到 %(k)s 张。少于 %(k)s 张不写明，以免认出是谁。", k=FEWEST)
    elif keyed.done and 0 < rest < FEWEST:
        yield _("投进票箱的纸表"), _("除不到 %(k)s 张外都是。少于 %(k)s 张不写明，以免认出是谁。", k=FEWEST)
    else:
        yield _("投进票箱的纸表"), str(keyed.done)
        yield _("两遍由同一人录入"), str(keyed.alone)
        yield _("两遍不一样，核定的"), str(keyed.settled)


def _spoils(by_group: Mapping[int, Mapping[Spoil, tuple[int, int]]]) -> Iterator[tuple[str, str]]:
    forms: Counter[Spoil] = Counter()
    answers: Counter[Spoil] = Counter()
    for each in by_group.values():
        for reason, (whole, single) in each.items():
            forms[reason] += whole
            answers[reason] += single
    for label, counted in ((_("整张无效的表"), forms), (_("无效的单题答案"), answers)):
        said = [f"{words} {counted[reason]}" for reason, words in reason_words().items() if counted[reason]]
        yield label, _("，").join(said) or "0"
