"""SECURITY.md is held to the tests it names: each is there, and every thief has at least one."""

import ast
import re
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text("utf-8")
THIEVES = (
    "phone", "printed slip", "projector", "plain http", "https", "logs", "database, read", "database, for writing", "backup",
    "pepper", "pepper and database", "key room while", "key room after", "staff password", "scrutineer",
)  # fmt: skip


@lru_cache
def _tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 40
    for path, name in named:
        assert name.startswith("test_") and name in _tests(ROOT / path), f"{path}::{name}"


def test_every_file_that_is_named_exists() -> None:
    for path in re.findall(r"`((?:deploy|tests)/[\w./]+)[`:]", PAGE):
        assert (ROOT / path).is_file(), path


def test_every_thief_has_his_tests() -> None:
    sections = {part.partition("\n")[0].lower(): part for part in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}
    for thief in THIEVES:
        assert any(thief in title for title in sections), thief
    for title, part in sections.items():
        assert re.search(r"^- `tests/.+::test_\w+`$", part, re.MULTILINE), f"{title}: no test shows it"
