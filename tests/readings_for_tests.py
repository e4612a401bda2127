"""A published round made by hand, of any shape: what a sheet says of it can be reckoned on paper."""

from dataclasses import replace

from survey.actions.questionnaires import library
from survey.domain.publication_rolls import FrozenRoll
from survey.domain.publications import Form, Held, Leaf, Mark, Named, Place, Publication
from survey.domain.questionnaires import Audience, Kind, Questionnaire, Section
from survey.domain.rounds import Scheme
from survey.web.board.roll_ups import Reading

GROUPS = ("群众代表", "党员", "服务对象")
# Ballots of each group that gave each answer of the library's scale; the rest left it blank.
MARKED = (8, 3, 1, 1)
BALLOTS = 15
BRANCH = 3


def publication(
    *, members: int = 24, name: str = "机修车间党支部", marked: tuple[int, ...] = MARKED, questions: int | None = None, scheme: Scheme | None = None
) -> Publication:
    """A committee, a general branch, one branch with its members and three groups; every answer of the branch is `marked`, those
    of a member are one satisfied less and one unsatisfied more for every fourth of them."""
    form = _form(library()["five_goods_five_leads"], questions)
    places = (Place(1, None, "committee", "某集团党委"), Place(2, 1, "general_branch", "第一党总支"), Place(BRANCH, 2, "branch", name, "state_enterprise"))
    held = Held(1, BRANCH, f"{name} 2026 年第三季度评议会", "2026-09-18", 1, (BRANCH,), 60, 50, 45, 45, 0, "0" * 64)
    atoms = tuple((Leaf(1, BRANCH, (group,), BALLOTS),) for group in GROUPS)
    targets = {f"u{BRANCH}": Named(name, "", BRANCH)}
    targets |= {f"m{n}": Named(f"张{n:02}", ("党员领导干部", "在职党员", "离退休党员")[n % 3], BRANCH) for n in range(1, members + 1)}
    unit, member = (next(each for each in form.sections if each.audience is audience) for audience in (Audience.UNIT, Audience.MEMBER))
    of = {key: unit if key.startswith("u") else member for key in targets}
    marks = [
        Mark(atom, BRANCH, key, 1, section.key, question.key, code, ballots)
        for atom in range(len(GROUPS))
        for key, section in of.items()
        for question in section.questions
        for code, ballots in enumerate(_marks(key, marked))
        if ballots
    ]
    asked = {(1, key): section.key for key, section in of.items()}
    return Publication(
        7, "2026 年第三季度评议", "2026Q3", "1.0", scheme or Scheme(), places, {1: form}, (held,), atoms, targets, asked, (), tuple(marks)
    )


def reading(made: Publication | None = None) -> Reading:
    """The same as a page reads it."""
    return Reading(FrozenRoll.of(made or publication()))


def _marks(key: str, marked: tuple[int, ...]) -> tuple[int, ...]:
    if key.startswith("u") or int(key[1:]) % 4 or not marked:
        return marked
    return (marked[0] - 1, marked[1], marked[2] + 1, *marked[3:])


def _form(found: Questionnaire, questions: int | None) -> Form:
    return Form(found.title, tuple(_rated(each, questions) for each in found.sections if each.audience is not Audience.GENERAL), found.scales)


def _rated(section: Section, questions: int | None) -> Section:
    kept = tuple(each for each in section.questions if each.kind in (Kind.RATING, Kind.SCORE))
    return replace(section, questions=kept[:questions])


def tree(*, heads: int, each: int, worse: int = 0) -> Publication:
    """Several general branches with as many branches each, every branch rated by one group of 20 and a little worse than the one
    before it; all of them by `worse` ballots worse still."""
    form = _form(library()["five_goods_five_leads"], None)
    unit = next(one for one in form.sections if one.audience is Audience.UNIT)
    above = [Place(2 + n, 1, "general_branch", f"第{n + 1}党总支") for n in range(heads)]
    leaves = [Place(100 + n, 2 + n // each, "branch", f"第{n + 1}支部", "rural") for n in range(heads * each)]
    held = tuple(Held(n, leaf.id, f"{leaf.name}评议会", "2026-09-18", 1, (leaf.id,), 30, 22, 20, 20, 0, "0" * 64) for n, leaf in enumerate(leaves, start=1))
    marks = []
    for n, leaf in enumerate(leaves):
        good = max(0, 20 - n - worse)
        for question in unit.questions:
            given = (good, (20 - good) // 2, 20 - good - (20 - good) // 2)
            marks += [Mark(n, leaf.id, f"u{leaf.id}", 1, unit.key, question.key, code, ballots) for code, ballots in enumerate(given) if ballots]
    return Publication(
        7, "2026 年第三季度评议", "2026Q3", "1.0", Scheme(), (Place(1, None, "committee", "某集团党委"), *above, *leaves), {1: form}, held,
        tuple((Leaf(each.id, each.unit, GROUPS[:1], 20),) for each in held), {f"u{leaf.id}": Named(leaf.name, "", leaf.id) for leaf in leaves},
        {(each.id, f"u{each.unit}"): unit.key for each in held}, (), tuple(marks),
    )  # fmt: skip
