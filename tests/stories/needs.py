"""What a leader is told first, by hand: who needs help, why, since when and how sure; what moved; which questions are weak; and why a
branch is worth a look. Held word for word as far as words name somebody and as figures go, on the page and on paper."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from flask.testing import FlaskClient

from tests.stories.ledgers import TEXTS, TURNS
from tests.stories.scenes import LINE, Scene, joined, part, rate, tokens, wilson
from tests.stories.sheets import DUE, lines
from tests.stories.truths import QUESTIONS, Cells, half_up
from tests.stories.years import GIVEN, SURNAMES, Story

# So far apart groups, so far a fall, so far below the others a question, so far a change is worth a word.
APART, FELL, FAR, MOVED = 15, 10, 20, 3
EDGES = (0, 60, 70, 80, 90, 100)
def check_needs(story: Story, client: FlaskClient) -> None:
    """Every round, every unit with others below it on the page; the township and a head on paper."""
    for at in range(len(story.rounds)):
        scene = Scene(story, at)
        for node in (story.truth.root, *sorted(set(scene.one.heads.values()))):
            base = f"/board/rounds/{scene.one.number}/units/{node}"
            page = client.get(base).text
            _check_page(scene, node, page)
            (drawn,) = re.findall(r"(?s)<desc>(.*?)</desc>", client.get(f"{base}/distribution.svg").text)
            assert tokens(drawn.partition("。")[0].partition("，人数不足")[0]) == [*_spread(scene, node)]
            if at == 1 and node != max(scene.one.heads.values()):
                check_overview(scene, node, lines(client.get(f"{base}/overview.pdf").data))
        for branch in scene.one.shown():
            page = client.get(f"/board/rounds/{scene.one.number}/units/{branch.unit}").text
            assert tokens(part(page, 'id="why"', "</section>") if 'id="why"' in page else "") == why(scene, branch.unit), branch


def check_overview(scene: Scene, node: int, said: Sequence[str]) -> None:
    """The one page to take into a meeting."""
    text = joined(said)
    assert tokens(part(text, "评定了", "需要帮助的单位")) == [*_lead(scene, node)]
    wanted = [f"{LINE}", f"{FELL}"] if needing(scene, node) else []
    for unit in needing(scene, node):
        wanted += [scene.name(unit), *_told(scene, unit), *_need(scene, node, unit)]
    assert tokens(part(text, "需要帮助的单位", "单位按满意率")) == wanted
    few = [scene.name(each.unit) for each in scene.one.branches if each.returned < 5 and node in (scene.story.truth.root, scene.one.heads[each.unit])]
    below = [token for each in _below_both(scene, node) for token in each[:-3]]
    wanted = [*_spread(scene, node), *(["5", *few] if few else []), *below]
    assert tokens(part(text, "单位按满意率", "变化最大的单位")) == wanted
    assert tokens(part(text, "变化最大的单位", "对单位的题")) == [TURNS[scene.at - 1], *_moves(scene, node)]
    # One page: where there is much to tell, fewer questions and units stand on it, and each of these as it is.
    last = "下级单位" if "下级单位" in text[text.index("对党员的题") :] else "怎样评定"
    for kind, title, end in (("u", "对单位的题", "对党员的题"), ("m", "对党员的题", last)):
        asked, all_of = ([some[at : at + 4] for at in range(0, len(some), 4)] for some in (tokens(part(text, title, end)), [*_ends(scene, node, kind)]))
        assert asked == [each for each in all_of if each in asked] and len(asked) >= min(2, len(all_of)), (title, asked)
        assert asked[:1] == all_of[:1], "the weakest of all first"
    rows = re.findall(r"(第\d总支(?:第\d支部)?) (\d+)/(\d+) (\d.*)", "\n".join(said))
    told, below_it = [(name, figures.split()[:3]) for name, _back, _out, figures in rows], [(scene.name(unit), _told(scene, unit)) for unit in _right_below(scene, node)]
    assert all(each in below_it for each in told) and len(told) == len({name for name, _figures in told}) and (told or last == "怎样评定")


def _lead(scene: Scene, node: int) -> Iterator[str]:
    """How many were rated and how, how many came; then both rates."""
    shown, here = scene.inside(node), [each for each in scene.one.branches if node in (scene.story.truth.root, scene.one.heads[each.unit])]
    verdicts = [[scene.rows[0][each.unit, "own", key, "", ""][-1] for each in shown for key in scene.story.truth.targets(each) if key[0] == kind] for kind in "um"]
    verdicts = [some for some in verdicts if some]
    told = [[f"{len(some)}", f"{some.count('satisfied')}", f"{len(some) - some.count('below')}"] for some in verdicts]
    back, due = sum(each.returned for each in here), DUE * len(here)
    yield from (*(token for each in told for token in each), f"{back}", f"{back}", "100.00", f"{due}", f"{due // 2}", half_up(Fraction(100 * back, due), 2))
    yield from (token for (many, good, basic), some in zip(told, verdicts, strict=True) for token in (good, many, basic, f"{some.count('below')}"))
    yield from (token for kind in "um" for token in (scene.rows[0][node, "below", f"{kind}*", "", ""][at] for at in (7, 8, 1)))
    yield from ("100.00", f"{back}", f"{back}")


def _check_page(scene: Scene, node: int, page: str) -> None:
    wanted = [f"{LINE}", f"{FELL}"] if needing(scene, node) else []
    for unit in needing(scene, node):
        wanted += [scene.name(unit), _told(scene, unit)[0], *_need(scene, node, unit)]
    wanted += [f"{FAR}", f"{APART}"] if wanted else []
    assert tokens(part(page, 'id="needs"', "</section>")) == wanted, (scene.at, node)
    below = [token for each in _below_both(scene, node) for token in each]
    assert tokens(part(page, '<ul class="look-at put-right">', "</ul>") if below else "") == below
    assert tokens(part(page, '<table class="list classes">', "</table>")) == [*_spread(scene, node)]
    if scene.at:
        moved = tokens(part(page, "变化最大的单位", "</section>"))
        lost = sum(scene.moved(each.unit) is None for each in scene.inside(node))
        assert moved == [TURNS[scene.at - 1], *([f"{lost}"] if lost else []), *_moves(scene, node)], (scene.at, node)
    for kind, title in (("u", "<h2>对单位的题"), ("m", "<h2>对党员的题")):
        wanted = [*_ends(scene, node, kind)]
        assert tokens(part(page, title, "</section>") if wanted else "") == wanted
    rows = re.findall(r'(?s)<tr><th scope="row"><a[^>]*>([^<]*)', part(page, 'id="below"', "</table>"))
    shown = [unit for unit in _right_below(scene, node) if _told(scene, unit)]
    ranked = sorted(shown, key=lambda unit: rate(_cells(scene, unit)), reverse=True)
    assert rows[: len(ranked)] == [scene.name(unit) for unit in ranked], "by 满意率, whoever has none last"


def needing(scene: Scene, node: int) -> list[int]:
    """Whoever does not reach the line or fell far, the lowest first."""
    found = [each.unit for each in scene.inside(node) if Decimal(_told(scene, each.unit)[0]) < LINE or (scene.moved(each.unit) or 0) <= -FELL]
    return sorted(found, key=lambda unit: Decimal(_told(scene, unit)[0]))


def weak(scene: Scene, unit: int) -> list[str]:
    """The questions of a branch far below its others, by more than chance."""
    found = []
    for question in QUESTIONS["u"]:
        whole, cells = scene.own(unit), scene.own(unit, question)
        assert whole is not None and cells is not None
        others = Fraction(100 * (int(whole[3]) - int(cells[3])), int(whole[1]) - int(cells[1]))
        if others - rate(cells) >= FAR and 100 * wilson(cells)[1] < others:
            found.append(question)
    return found


def why(scene: Scene, unit: int) -> list[str]:
    """The questions of a branch that stand out, and groups of two minds."""
    found = [token for question in weak(scene, unit) for token in _standing_out(scene, unit, question)]
    groups = scene.groups(unit)
    if groups and rate(groups[-1][1]) - rate(groups[0][1]) >= APART:
        found += _divided(scene, unit, groups)
    return [*found, f"{FAR}", f"{APART}"] if found else []


def _standing_out(scene: Scene, unit: int, question: str) -> Iterator[str]:
    whole, cells = scene.own(unit), scene.own(unit, question)
    assert whole is not None and cells is not None
    others = half_up(Fraction(100 * (int(whole[3]) - int(cells[3])), int(whole[1]) - int(cells[1])), 2)
    low, high = wilson(cells)
    yield from (TEXTS[question], cells[7], others, f"{Decimal(others) - Decimal(cells[7])}", cells[1], "95", f"{floor(100 * low)}", f"{ceil(100 * high)}")
    past = scene.past(unit, question, 3)
    yield from (token for each in past for token in each)
    yield from [cells[7]] if past else []


def _divided(scene: Scene, unit: int, groups: Sequence[tuple[str, Cells]]) -> Iterator[str]:
    (bad, low), (good, high) = groups
    yield from (low[7], high[7], bad, low[7], low[1], good, high[7], high[1], f"{Decimal(high[7]) - Decimal(low[7])}")
    before = [(TURNS[scene.at - back], scene.own(unit, "", bad, back=back), scene.own(unit, "", good, back=back)) for back in range(len(scene.rows) - 1, 0, -1)]
    told = [(turn, under[7], over[7]) for turn, under, over in before if under and over]
    yield from (token for each in told for token in each)
    yield from (low[7], high[7]) if told else ()


def _need(scene: Scene, node: int, unit: int) -> Iterator[str]:
    """Where it falls short, since when, how sure."""
    branch = next(each for each in scene.one.shown() if each.unit == unit)
    worst = min(QUESTIONS["u"], key=lambda question: scene.narrow(unit, question))
    is_alike = len({scene.narrow(unit, question) for question in QUESTIONS["u"]}) == 1
    cells = scene.own(unit, worst)
    assert cells is not None
    if not is_alike:
        yield from (TEXTS[worst], cells[7], cells[1], scene.rows[0][node, "below", "u*", "", worst][7])
    groups = scene.groups(unit)
    if groups and rate(groups[-1][1]) - rate(groups[0][1]) >= APART:
        yield from (token for name, each in (groups[0], groups[-1]) for token in (name, each[7], each[1]))
    if (turns := scene.turns(unit)) > 1:
        yield from (f"{turns}", TURNS[scene.at - turns + 1])
    if (moved := scene.moved(unit)) is not None:
        yield from ((scene.own(unit, back=1) or ())[7], f"{moved:+}")
    past = scene.past(unit, worst, 2) if not is_alike else []
    if past:
        yield from (f"{len(past) + 1}", *(rate for _turn, rate in past), cells[7])
    yield from (f"{branch.returned}", f"{len(QUESTIONS['u'])}", _told(scene, unit)[2], f"{DUE}")
    begin, end = wilson(cells)
    yield from (cells[1], "95", f"{floor(100 * begin)}", f"{ceil(100 * end)}")


def _below_both(scene: Scene, node: int) -> Iterator[list[str]]:
    """Units by name, then members by unit and name."""
    units = {scene.name(each.unit): each.unit for each in scene.inside(node)}
    for name, unit in sorted(units.items()):
        cells = scene.own(unit)
        if cells and cells[-1] == "below":
            yield [name, cells[7], cells[8], cells[1]]
    for name, unit in sorted(units.items()):
        surname = SURNAMES[list(scene.story.truth.members).index(unit)]
        people = {f"{surname}{given}": f"m{each}" for given, each in zip(GIVEN, scene.story.truth.members[unit], strict=False)}
        for person, key in sorted(people.items()):
            cells = scene.rows[0][unit, "own", key, "", ""]
            if cells[-1] == "below":
                yield [person, name, cells[7], cells[8], cells[1]]


def _spread(scene: Scene, node: int) -> Iterator[str]:
    rates = [scene.narrow(each.unit) for each in scene.inside(node)]
    for low, high in reversed([*pairwise(EDGES)]):
        n = sum(low <= rate < high or rate == high == EDGES[-1] for rate in rates)
        yield from (*([f"{low}"] if low else []), f"{high}", f"{n}")


def _moves(scene: Scene, node: int) -> Iterator[str]:
    """Those that fell, the farthest first; then those that rose."""
    known = [(moved, each.unit) for each in scene.inside(node) if (moved := scene.moved(each.unit)) is not None]
    found = [each for each in known if abs(each[0]) >= MOVED]
    for moved, unit in (*sorted(each for each in found if each[0] < 0), *sorted((each for each in found if each[0] > 0), reverse=True)):
        yield from (scene.name(unit), f"{moved:+}", (scene.own(unit, back=1) or ())[7])
    if len(known) > len(found):
        yield from (f"{len(known) - len(found)}", f"{MOVED}")


def _ends(scene: Scene, node: int, kind: str) -> Iterator[str]:
    """Of five questions the two weakest, and then the others, the strongest first."""
    told = [(question, cells) for question in QUESTIONS[kind] if (cells := scene.rows[0].get((node, "below", f"{kind}*", "", question)))]
    ranked = sorted(told, key=lambda each: rate(each[1]))
    edge = rate(ranked[1][1]) if ranked else 0
    better = [each for each in ranked if rate(each[1]) > edge]
    for question, cells in (*ranked[: len(ranked) - len(better)], *reversed(better)):
        yield from (TEXTS[question], cells[7], cells[8], cells[1])


def _right_below(scene: Scene, node: int) -> list[int]:
    heads = dict.fromkeys(scene.one.heads.values())
    if node == scene.story.truth.root:
        return sorted(heads)
    return [each.unit for each in scene.inside(node)]


def _cells(scene: Scene, unit: int) -> Cells:
    found = scene.own(unit) or scene.rows[0].get((unit, "below", "u*", "", ""))
    assert found is not None
    return found


def _told(scene: Scene, unit: int) -> list[str]:
    cells = _cells(scene, unit)
    return [cells[7], cells[8], cells[1]]
