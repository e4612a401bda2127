"""A township of two rounds, in worlds that differ only in what may not be shown, with somebody of every role at every height of its tree."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select, update

from survey.actions import ballots, scores
from survey.domain.keyings import Spoil
from survey.domain.questionnaires import Audience, Kind
from survey.domain.rounds import Scheme
from survey.domain.scheme_parts import Source
from survey.domain.scores import Typing
from survey.domain.slips import Way
from survey.domain.staff import StaffRole
from survey.store import keyings, meetings
from survey.store.office_tables import MemberRow, UnitRow
from survey.store.rounds import change_scheme
from survey.store.tables import IssueRow
from tests.conftest import NOW, hire
from tests.townships_for_tests import GROUPS, Branch, Township

# What the ballots of both groups of a branch say, one sign a ballot: + satisfied with everything, x with nothing, - not a mark; o is +
# with an opinion, / a form that came back torn.
Said = tuple[str, str]
# By round and by place of the branch.
World = Sequence[Sequence[Said]]
TORN = "/"
_ANSWERS = {"+": "0", "o": "0", "x": "2"}
_WORDS = "会开得太长"
# Groups that weigh unlike, and scores made of them: whoever sees a weighted figure beside the pooled one has one equation more.
SCHEME = Scheme(
    weights=((GROUPS[0], 70), (GROUPS[1], 30)), trim_ends=True, below=30, bonus=5, league=True, quota=(1, 3),
    sources=(Source("群众评", 50, GROUPS[:1]), Source("党员评", 30, GROUPS[1:]), Source("领导评", 20)), grades=(("优秀", 90.0), ("合格", 60.0), ("不合格", 0.0)),
)  # fmt: skip
# Above the tree of the round sit the first two; who else there is, his role, and at which place of `places` he sits.
ABOVE = (("secretary", StaffRole.SECRETARY), ("admin", StaffRole.ADMIN))
ROLES = (
    ("root", StaffRole.LEADER, 0), ("head", StaffRole.LEADER, 1), ("clerk of the head", StaffRole.SECRETARY, 2),
    ("admin of the head", StaffRole.ADMIN, 2), ("leader of few", StaffRole.LEADER, 3), ("clerk of few", StaffRole.SECRETARY, 4),
)  # fmt: skip
# Somebody of the head that a branch leaves between the rounds, and the name of the branch.
LEFT, GONE = "clerk of the head", "第2总支第1支部"


class Two(Township):
    """Two rounds; between them a branch with all its members goes to the other head, and a member to another branch."""

    _signs: Iterator[str] = iter("")
    _torn: Sequence[int] = ()
    codes: tuple[str, ...] = ()
    rounds: tuple[int, ...] = ()

    def plan(self, name: str, begin: date) -> None:
        super().plan(name, begin)
        self.rounds += (self.round,)
        with self.house.store.write() as db:
            assert change_scheme(db, self.round, SCHEME)

    def vote_all(self, said: Sequence[Said]) -> None:
        """Every meeting, counted."""
        for branch, both in zip(self.branches, said, strict=True):
            self._signs, self._torn = iter("".join(both)), [each.count(TORN) for each in both]
            self.hold_one(branch, (len(both[0]), len(both[1])))

    def vote(self, branch: Branch, sizes: tuple[int, int]) -> None:
        super().vote(branch, sizes)
        with self.house.store.write() as db:
            groups = meetings.get(db, branch.meeting).groups
            # Everywhere there was paper, so that there may have been a torn form.
            db.execute(update(IssueRow).where(IssueRow.group_id.in_([group.id for group in groups])).values(way=Way.PAPER.value))
            for group, n in zip(groups, self._torn, strict=True):
                assert not n or keyings.add_spoils(db, branch.meeting, group.id, Spoil.TORN, forms=n)

    def cast(self, code: str, marks: Counter[tuple[str, str, int]]) -> None:
        sign = next(self._signs)
        # One slip of the last meeting.
        self.codes = (code,)
        if sign == TORN:
            # What chance would have made of a ballot: all that comes after it is the same in both worlds.
            self.house.random.getrandbits(ballots.KEY_BITS)
            return
        paper = self.house.paper(ballots.look(self.house, code).paper or "")
        kinds = {name: paper.questions(paper.targets[t])[q].kind for name, (t, q) in paper.fields.items()}
        answer = _ANSWERS.get(sign)
        written = [name for name, kind in kinds.items() if kind is Kind.OPINION][-1:] if sign == "o" else []
        rated = {name: [answer] for name, kind in kinds.items() if kind is Kind.RATING and answer}
        ballots.cast(self.house, code, rated | {name: [_WORDS] for name in written})
        for name, (t, q) in paper.fields.items() if answer else ():
            target, question = paper.targets[t], paper.questions(paper.targets[t])[q]
            if kinds[name] is Kind.RATING and target.audience is not Audience.GENERAL:
                marks[target.key, question.key, int(answer or 0)] += 1

    def hire_all(self) -> None:
        """Everybody who may look."""
        places = (self.tree.root, *self.tree.heads.values(), self.branches[1].unit, self.branches[5].unit)
        for login, role, at in ROLES:
            hire(self.house, login, "王委员", role=role, unit=places[at])

    @property
    def units(self) -> frozenset[int]:
        """Those of the round."""
        return frozenset({self.tree.root, *self.tree.heads.values(), *(each.unit for each in self.branches)})

    def open_to_all(self) -> Iterator[str]:
        """What anybody may ask for without an account: the hall, a phone, whoever found a slip."""
        with self.house.store.read() as db:
            doors = [meetings.get(db, each.meeting).door for each in (self.branches[1], self.branches[5])]
        yield from ("/", "/pad", "/health", "/desk/login", *(f"/t/{door}" for door in doors), *(f"/d/{door}" for door in doors))
        for code in self.codes:
            yield from (f"/b/{code}", f"/b/{code}/in")

    def type_all(self) -> None:
        """The office types a score and a bonus for everybody: a total less what was typed is what a box said."""
        source = next(each.name for each in SCHEME.sources if each.is_typed)
        with self.house.store.read() as db:
            people = db.execute(select(MemberRow.id, MemberRow.unit_id)).all()
        some = [Typing(f"u{unit}", "", unit, source, 8000, None) for unit in sorted(self.units)]
        some += [Typing(f"m{person}", "", unit, source, 7000, None) for person, unit in people if unit in self.units]
        scores.write(self.house, self.round, scores.Typed(self.tree.root, "", some, {}), by=self.by, now=NOW)

    def turn_over(self) -> None:
        """What happens between the rounds."""
        first, _second = self.tree.heads.values()
        with self.house.store.write() as db:
            db.execute(update(UnitRow).where(UnitRow.id == self.branches[3].unit).values(parent_id=first))
            gone = select(MemberRow.id).where(MemberRow.unit_id == self.branches[2].unit).order_by(MemberRow.id).limit(1)
            moved = db.execute(gone).scalar_one()
            db.execute(update(MemberRow).where(MemberRow.id == moved).values(unit_id=self.branches[4].unit))
