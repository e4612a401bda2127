"""What was written: all of it on the page of its meeting, some on the page and the sheet of its branch, a line or two where it is said
that the branch needs help, and nowhere else."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from flask.testing import FlaskClient

from tests.stories.needs import needing
from tests.stories.scenes import Scene
from tests.stories.years import Story

# Of so many ballots on something is told; so many of a branch on its own page, so many where others are told of, too.
FEWEST, SHOWN, QUOTED = 8, 10, 2
WRITTEN = re.compile(r"盼修路\w\w\d\d")


def check_opinions(story: Story, pages: Mapping[str, str], sheets: Mapping[str, list[str]], client: FlaskClient) -> None:
    """Every page somebody who sees all reaches, and the sheets of the second round."""
    heard = {path: found for path, page in pages.items() if (found := WRITTEN.findall(page))}
    wanted = {}
    for at, one in enumerate(story.rounds):
        own = dict[int, list[str]]()
        for branch in (each for each in one.branches if each.returned >= FEWEST):
            said, path = story.said[one.number, branch.unit], f"/board/rounds/{one.number}/units/{branch.unit}"
            own[branch.unit] = heard[path]
            assert len({*own[branch.unit]} & {*said}) == len(own[branch.unit]) == min(len(said), SHOWN), "each of them once"
            assert (f"还有 {len(said) - SHOWN} 条" in pages[path]) is (len(said) > SHOWN)
            wanted |= {path: own[branch.unit], **_of_meeting(branch.meeting, said, heard)}
        for node in (story.truth.root, *sorted(set(one.heads.values()))):
            quoted = [text for unit in needing(Scene(story, at), node) for text in own.get(unit, [])[:QUOTED]]
            wanted |= {f"/board/rounds/{one.number}/units/{node}": quoted} if quoted else {}
        wanted[f"/board/rounds/{one.number}/results"] = wanted[f"/board/rounds/{one.number}/units/{story.truth.root}"]
    wanted |= _of_meeting(story.late.meeting, story.said[story.rounds[-1].number, story.late.unit], heard)
    assert heard == wanted
    second = story.rounds[1]
    for path, lines in sheets.items():
        unit = next((unit for unit, name in story.names.items() if path.endswith(f"/{name}.pdf")), 0)
        assert WRITTEN.findall("".join(lines)) == heard.get(f"/board/rounds/{second.number}/units/{unit}", []), path
    for path in ("publication.zip", "results.xlsx"):
        with zipfile.ZipFile(io.BytesIO(client.get(f"/board/rounds/{second.number}/{path}").data)) as archive:
            assert not [name for name in archive.namelist() if WRITTEN.search(archive.read(name).decode("utf-8", "ignore"))], path


def _of_meeting(meeting: int, said: Sequence[str], heard: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Every one of them, in whatever order."""
    path = f"/board/meetings/{meeting}/opinions"
    assert sorted(heard[path]) == sorted(said)
    return {path: heard[path]}
