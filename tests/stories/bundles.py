"""All sheets of a round in one file: who has one and where it lies, and every figure in each of them."""

import io
import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient

from survey.actions import bundles
from survey.domain.bundles import Format, Reach, Wanted
from survey.packing import work
from survey.store.bundle_files import BundleFiles
from survey.web.board.bundle_sheets import Studio
from tests.conftest import person
from tests.stories.ledgers import TURNS, About, Ledger
from tests.stories.needs import check_overview, why
from tests.stories.scenes import Scene, joined, tokens
from tests.stories.sheets import check_sheet, lines
from tests.stories.truths import Round
from tests.stories.walks import Walk
from tests.stories.years import GIVEN, SURNAMES
from tests.townships_for_tests import Branch


def check_bundle(scene: Scene, app: Flask, client: FlaskClient) -> Mapping[str, list[str]]:
    """The township's in PDF, as the packer makes it: everybody's sheet where it belongs, with what is known by hand of whom it is
    about; and the same as whoever runs the township takes from the pages. By their paths the lines of all."""
    with zipfile.ZipFile(io.BytesIO(_packed(scene.one, app, client, scene.story.truth.root))) as archive:
        bodies = {name: archive.read(name) for name in archive.namelist()}
    page = bodies.pop("目录.html").decode()
    places = dict(_places(scene))
    assert list(bodies) == list(places) and all(f'href="{quote(path)}"' in page for path in bodies)
    said = {path: lines(body) for path, body in bodies.items()}
    for path, (unit, key) in places.items():
        if key:
            _check_lines(scene, unit, key, said[path])
        else:
            check_overview(scene, unit, said[path])
    for branch in scene.one.shown():
        own = {key: said[path] for path, (unit, key) in places.items() if unit == branch.unit}
        _check_branch(scene, branch, own)
        if branch is scene.one.branches[3]:
            _check_taken(scene, branch, own, client)
    return said


def _check_lines(scene: Scene, unit: int, key: str, said: list[str]) -> None:
    """Every figure of each line; whoever is too few has none but of his accounting."""
    walk = Walk(Ledger(scene.story, frozenset(scene.story.names)), scene.story.truth.root)
    assert [(line, odd) for line in said if (odd := walk.odd("", line, About(TURNS[scene.at], unit, key)))] == [], key
    assert bool(walk.told) is (scene.own(unit) is not None) and ("人数不足" in joined(said)) >= (not walk.told)


def _check_branch(scene: Scene, branch: Branch, own: Mapping[str, list[str]]) -> None:
    past = scene.rows[1]
    for key, said in own.items():
        check_sheet(scene.story.truth, scene.one, branch, key, past, said)
    told = joined(own[f"u{branch.unit}"])
    assert tokens(told.partition("最需要看的")[2].partition("支部“五个好”")[0]) == why(scene, branch.unit), told


def _check_taken(scene: Scene, branch: Branch, own: Mapping[str, list[str]], client: FlaskClient) -> None:
    """One by one from the pages, in Word too."""
    base = f"/board/rounds/{scene.one.number}"
    for key, said in own.items():
        path = f"{base}/units/{branch.unit}/sheet" if key.startswith("u") else f"{base}/members/{key}/sheet"
        check_sheet(scene.story.truth, scene.one, branch, key, scene.rows[1], lines(client.get(f"{path}.docx").data))
        if key.startswith("u"):
            assert lines(client.get(f"{path}.pdf").data) == said


def _packed(one: Round, app: Flask, client: FlaskClient, root: int) -> bytes:
    studio = Studio(app)
    wanted = Wanted(one.number, root, Format.PDF, Reach.MEMBERS, "zh")
    number = bundles.ask(studio.house, wanted, BundleFiles(studio.instance), by=person(studio.house, "secretary"), now=datetime.now(UTC))
    work(studio, wait=lambda seconds: bool(time.sleep(min(seconds, 0.02))))
    with client.get(f"/board/rounds/{one.number}/units/{root}/bundle.zip?bundle={number}") as answer:
        assert answer.status_code == 200
        return answer.get_data()


def _places(scene: Scene) -> Iterator[tuple[str, tuple[int, str]]]:
    """The township at the top; beside each unit's sheet a folder with what is below it. Whoever only stands above others has an
    overview; of each member who is told of by himself a sheet."""
    story, heads = scene.story, scene.one.heads
    yield f"{story.names[story.truth.root]}.pdf", (story.truth.root, "")
    yield from ((f"{story.names[head]}.pdf", (head, "")) for head in sorted(set(heads.values())))
    for surname, (unit, members) in zip(SURNAMES, story.truth.members.items(), strict=True):
        path = f"{story.names[heads[unit]]}/{story.names[unit]}"
        yield f"{path}.pdf", (unit, f"u{unit}")
        for given, member in zip(GIVEN, members if scene.own(unit) else [], strict=False):
            yield f"{path}/{surname}{given}.pdf", (unit, f"m{member}")
