"""Within one unit or member of a published round: its members, its groups of evaluators, or its rounds side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask import render_template, request, url_for
from flask_babel import gettext as _

from analysis.comparisons import MOST
from survey.domain.refusals import NotFound
from survey.domain.rounds import JOINT
from survey.web.board.branches import branch_of, groups_of, past
from survey.web.board.changes import Then, Why
from survey.web.board.compared import Chosen, drawn_of, fits, tables
from survey.web.board.publications import Seen, earlier, find, find_member
from survey.web.board.roll_ups import Reading
from survey.web.board.round_weights import weighed_over, weighed_whole
from survey.web.doors import Who, admits, house
from survey.web.words import round_name


class What(StrEnum):
    """What of one unit or member is put side by side."""

    MEMBERS = "members"
    GROUPS = "groups"
    ROUNDS = "rounds"


@dataclass(frozen=True, slots=True)
class Offer:
    """Those that may be put side by side, by what stands for each in the address: members only who were asked the same."""

    title: str
    options: Mapping[str, Chosen]


@dataclass(frozen=True)
class Own:
    """A unit or a member of a round and what of it can be compared."""

    seen: Seen
    reading: Reading
    then: tuple[Then, ...]
    key: str

    @property
    def label(self) -> str:
        """Its name."""
        return self.reading.made.targets[self.key].label if self.key in self.reading.standings else self.seen.node.place.name

    def offers(self, what: What) -> tuple[Offer, ...]:
        """What there is to choose from."""
        if what is What.MEMBERS:
            return tuple(self._members()) if self.key.startswith("u") else ()
        if self.key not in self.reading.standings:
            return ()
        return (Offer("", self._groups() if what is What.GROUPS else self._rounds()),)

    def kinds(self) -> tuple[What, ...]:
        """What there is enough of."""
        return tuple(what for what in What if any(len(offer.options) > 1 for offer in self.offers(what)))

    def _members(self) -> Iterable[Offer]:
        own = branch_of(self.reading, self.seen.unit, ())
        for roll in own.rolls if own is not None else ():
            options = {
                each.key: Chosen(f"{each.label} {each.note}".strip(), url_for("board.round_member", round_id=self.seen.planned.id, key=each.key), each.part, weighted=weighed_whole(self.reading, each.key))
                for each in roll.people
            }
            yield Offer(roll.section, options)

    def _groups(self) -> dict[str, Chosen]:
        shown = [(JOINT.join(each.names), each.sheet) for each in groups_of(self.reading, self.key) if each.sheet is not None]
        return {f"g{place}": Chosen(name, "", part) for place, (name, part) in enumerate(shown, start=1)}

    def _rounds(self) -> dict[str, Chosen]:
        """The first round first."""
        told = {each.then.listed.round: each for each in past(self.reading, self.then, self.key)}
        found, means = {}, weighed_over(self.reading, self.key, told.values())
        for then in reversed(self.then):
            change, was = told[then.listed.round], then.reading
            # Of another unit it is not this one's to tell; what is not shown by itself, nobody tells.
            if self.key in was.standings and was.roll.unit_of(self.key) == self.seen.unit:
                part = was.target(self.key)
                found[f"r{then.listed.round}"] = Chosen(round_name(then.listed), self._address(then.listed.round), part, why=change.why if change.why is Why.RULES else None, weighted=means.get(then.listed.round))
        planned = self.seen.planned
        return {**found, f"r{planned.id}": Chosen(round_name(planned), self._address(planned.id), self.reading.target(self.key), weighted=means.get(planned.id))}

    def _address(self, round_id: int) -> str:
        if self.key.startswith("m"):
            return url_for("board.round_member", round_id=round_id, key=self.key)
        return url_for("board.round_unit", round_id=round_id, unit_id=self.seen.unit)


@admits(Who.STAFF)
def of_unit(round_id: int, unit_id: int) -> str:
    """Members, groups or rounds of a unit."""
    seen, own = own_unit(round_id, unit_id)
    return render_template("board/rounds/unpublished.html", seen=seen, planned=seen.planned) if own is None else _page(own)


@admits(Who.STAFF)
def of_member(round_id: int, key: str) -> str:
    """Groups or rounds of a member."""
    return _page(own_member(round_id, key))


def own_unit(round_id: int, unit_id: int) -> tuple[Seen, Own | None]:
    """A unit; None where there are no results of it."""
    with house().store.read() as db:
        seen = find(db, round_id, unit_id)
        then = earlier(db, seen)
    return seen, None if seen.reading is None else Own(seen, seen.reading, then, f"u{unit_id}")


def own_member(round_id: int, key: str) -> Own:
    """A member."""
    with house().store.read() as db:
        seen, reading = find_member(db, round_id, key)
        return Own(seen, reading, earlier(db, seen), key)


def chosen_of(own: Own) -> tuple[What, tuple[Chosen, ...]]:
    """What the address asks for, and which; without any those that there are, of rounds the last.

    Raises
    ------
    NotFound
        There is none of the kind, or one that is named is not offered.
    """
    what = _what(own)
    every = {key: chosen for offer in own.offers(what) for key, chosen in offer.options.items()}
    picked = list(dict.fromkeys(request.args.getlist("pick")))
    if not all(key in every for key in picked):
        raise NotFound(what="target")
    if not picked and what is not What.MEMBERS:
        picked = list(every)[-MOST:]
    return what, tuple(every[key] for key in picked)


def title_of(own: Own, what: What) -> tuple[str, str]:
    """The title of the picture, and the head of its rows."""
    head = {What.MEMBERS: _("党员"), What.GROUPS: _("评议人类别"), What.ROUNDS: _("轮次")}[what]
    return f"{own.label} · {round_name(own.seen.planned) if what is not What.ROUNDS else _('各轮次')}", head


def _what(own: Own) -> What:
    asked, kinds = request.args.get("by", ""), own.kinds()
    if asked and asked not in tuple(What):
        raise NotFound(what="target")
    return What(asked) if asked else kinds[0] if kinds else What.ROUNDS


def _page(own: Own) -> str:
    what, compared = chosen_of(own)
    offers = own.offers(what)
    mixed = sum(bool(_in(offer, compared)) for offer in offers) > 1
    ticked = [key for offer in offers for key, each in offer.options.items() if any(each == one for one in compared)]
    is_fit = fits(len(compared)) and not mixed
    return render_template(
        "board/rounds/compare_own.html", own=own, seen=own.seen, planned=own.seen.planned, what=what, kinds=own.kinds(), offers=offers, ticked=ticked, most=MOST,
        compared=compared, fits=is_fit, mixed=mixed, is_told="pick" in request.args, tables=tables(compared) if is_fit else (), drawn=drawn_of(compared),
        first=next((each.part.whole for each in compared if each.part is not None and each.part.whole is not None), None),
    )  # fmt: skip


def _in(offer: Offer, compared: Sequence[Chosen]) -> list[Chosen]:
    return [each for each in offer.options.values() if each in compared]
