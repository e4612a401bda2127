"""Who is to be commended and who has a deadline, by hand, after some grades were decided: on the page, in Word, PDF and Excel; who
does not reach the line of 满意; and the table of grades."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import openpyxl
from flask.testing import FlaskClient

from survey.actions import grades
from survey.actions.house import House
from survey.domain.grades import Choice
from tests.conftest import NOW, person
from tests.stories.ledgers import TURNS
from tests.stories.scenes import Scene, joined
from tests.stories.sheets import VERDICTS, lines
from tests.stories.spans import rows_and_words
from tests.stories.truths import GRADES, Cells
from tests.stories.years import GIVEN, SURNAMES

REASON = "抗洪有功"
BEST, WORST = GRADES[0][0], GRADES[-1][0]
# Nobody has two of them, so that cells side by side are told apart.
Row = tuple[str, ...]
# In which unit, what was decided, what the figures come to.
Decided = tuple[int, str, str]


def check_lists(scene: Scene, house: House, client: FlaskClient) -> None:
    """The township's and those of a head: a branch and a member with what the figures say, another branch with a better grade; and
    the township's of the last round, where nothing is decided."""
    decided = dict(_decide(scene, house))
    _check_files(scene, decided, [scene.story.truth.root, max(scene.one.heads.values())], client)
    _check_files(Scene(scene.story, scene.at + 1), {}, [scene.story.truth.root], client)
    base = f"/board/rounds/{scene.one.number}"
    for key, (unit, grade, result) in decided.items():
        at = scene.one.heads[unit] if key.startswith("u") else unit
        rows = rows_and_words(client.get(f"{base}/units/{at}/grades").text)[1]
        ends = f"{result} {grade}{f' {REASON}' if grade != result else ''}"
        assert any(row.startswith(_name(scene, unit, key)) and row.endswith(ends) for row in rows), (key, rows)
        assert f"决定：{grade}。" in rows_and_words(client.get(f"{base}/scores/{key}").text)[0]


def _check_files(scene: Scene, decided: Mapping[str, Decided], nodes: Sequence[int], client: FlaskClient) -> None:
    base = f"/board/rounds/{scene.one.number}"
    for node in nodes:
        best, poor = list(_best(scene, node, decided)), list(_poor(scene, node, decided))
        page = client.get(f"{base}/lists?unit={node}").text
        late = [(*row[:-2], row[-1]) for row in poor]
        # Where nobody has a score there is no column of them.
        for place, rows in (("commended", best), ("poor", poor if any(row[-2] != "–" for row in poor) else late)):
            found = rows_and_words(page[page.index(f'id="{place}"') :].partition("</section>")[0])[1][1:]
            assert [_plain(each) for each in found] == [" ".join(row) for row in rows], place
        for kind in ("pdf", "docx"):
            said = _plain(joined(lines(client.get(f"{base}/lists.{kind}?unit={node}").data)))
            places = [said.find(" ".join(row)) for row in (*(row[:-1] for row in best), *late)]
            assert -1 not in places and places == sorted(places), (said, best, poor)
            assert len(re.findall(r"\d\d\.\d\d \d+\.\d\d \d+", said)) == len(places)
            assert f"“{BEST}” {len(best)} 个，限期整改 {len(poor)} 个" in said
        _check_excel(client.get(f"{base}/lists.xlsx?unit={node}").data, best, poor)
        short = rows_and_words(client.get(f"{base}/units/{node}/short").text)[1][1:]
        assert [_plain(each) for each in short] == [" ".join((name, unit, *_told(cells), VERDICTS[cells[-1]])) for name, unit, cells in _short(scene, node)]


def _decide(scene: Scene, house: House) -> Iterator[tuple[str, Decided]]:
    first, fourth, last = (scene.one.branches[at] for at in (0, 3, 5))
    for branch, key, grade in ((first, f"u{first.unit}", ""), (fourth, f"m{scene.story.truth.members[fourth.unit][0]}", ""), (last, f"u{last.unit}", BEST)):
        weighted = scene.story.truth.weighted(branch, key)
        result = weighted[3] if weighted else ""
        grade = grade or result
        choice = Choice(key, _name(scene, branch.unit, key), branch.unit, grade, result, REASON if grade != result else "")
        wanted = grades.Deciding(scene.story.truth.root, "", [choice], [name for name, _from in GRADES])
        grades.decide(house, scene.one.number, wanted, by=person(house, "secretary"), now=NOW)
        yield key, (branch.unit, grade, result)


def _best(scene: Scene, node: int, decided: Mapping[str, Decided]) -> Iterator[Row]:
    for name, unit, key, cells in _targets(scene, node):
        if decided.get(key, (0, "", ""))[1] == BEST:
            yield (name, *_of(scene, unit, key), BEST, *_told(cells), _score(scene, unit, key))


def _poor(scene: Scene, node: int, decided: Mapping[str, Decided]) -> Iterator[Row]:
    """Decided to be, or below both lines and not decided to be the best; and since which round without a break."""
    for name, unit, key, cells in _targets(scene, node):
        grade = decided.get(key, (0, "", ""))[1]
        if grade == WORST or (cells[-1] == "below" and grade != BEST):
            since = "这一轮"
            for back in range(1, len(scene.rows)):
                then = scene.rows[back].get((unit, "own", key, "", ""))
                if cells[-1] != "below" or then is None or then[-1] != "below":
                    break
                since = TURNS[scene.at - back]
            yield (name, *_of(scene, unit, key), grade or "–", *_told(cells), _score(scene, unit, key), since)


def _score(scene: Scene, unit: int, key: str) -> str:
    weighted = scene.story.truth.weighted(next(each for each in scene.one.shown() if each.unit == unit), key)
    return weighted[2] if weighted else "–"


def _short(scene: Scene, node: int) -> Iterator[tuple[str, str, Cells]]:
    for name, unit, key, cells in _targets(scene, node):
        if key.startswith("m") and Decimal(cells[7]) < 80:
            yield name, scene.name(unit), cells


def _targets(scene: Scene, node: int) -> list[tuple[str, int, str, Cells]]:
    """Units, then members, by the tree."""
    found = [(branch.unit, key) for branch in scene.inside(node) for key in scene.story.truth.targets(branch)]
    return [(_name(scene, unit, key), unit, key, scene.rows[0][unit, "own", key, "", ""]) for unit, key in sorted(found, key=lambda each: each[1].startswith("m"))]


def _check_excel(body: bytes, best: list[Row], poor: list[Row]) -> None:
    """Numbers are numbers there."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    for title, rows in (("拟表彰", best), ("限期整改", poor)):
        told = [[f"{each}" for each in row if each is not None] for row in book[title].iter_rows(min_row=2, values_only=True)]
        # Under the table stand sentences, each in a line of its own.
        assert all(len(each) == 1 and each[0].endswith("。") for each in told[len(rows) :]) and (rows or told)
        for row, cells in zip(rows, told[: len(rows)], strict=True):
            figures = [f"{float(each)}" if "." in each else each for each in row if re.fullmatch(r"[\d.]+", each)]
            words = [each for each in row[: -1 if row[-1] == "这一轮" else None] if not re.fullmatch(r"[\d.]+|–", each)]
            assert [each for each in cells if each in figures] == figures and set(words) <= set(cells), (row, cells)


def _plain(line: str) -> str:
    return re.sub(r" +", " ", re.sub(rf"无职党员|（算出来是[^）]*：{REASON}）", "", line)).strip()


def _of(scene: Scene, unit: int, key: str) -> tuple[str, ...]:
    return (scene.name(unit),) if key.startswith("m") else ()


def _name(scene: Scene, unit: int, key: str) -> str:
    if key.startswith("u"):
        return scene.name(unit)
    members = scene.story.truth.members
    return SURNAMES[list(members).index(unit)] + GIVEN[members[unit].index(int(key[1:]))]


def _told(cells: Cells) -> tuple[str, str, str]:
    return cells[7], cells[8], cells[1]
