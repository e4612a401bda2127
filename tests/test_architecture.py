"""The house rules: floors, one library one room, no circles, who may enter."""

import ast
import graphlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MOST_LINES = 300
SOURCES = sorted(p for top in ("survey", "analysis") for p in (ROOT / top).rglob("*.py"))
MIGRATIONS = ROOT / "survey" / "store" / "migrations"

# Who may import whom inside the project, by the longest prefix that fits.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "analysis": ("analysis",),
    "survey.domain": ("survey.domain",),
    "survey.library": (),
    "survey.urn": ("survey.urn", "survey.domain"),
    "survey.store": ("survey.store", "survey.domain"),
    "survey.actions": ("survey.actions", "survey.store", "survey.urn", "survey.domain", "analysis.disclosure", "analysis.elections"),
    "survey.office": ("survey.office", "survey.domain", "analysis"),
    "survey.config": (),
    "survey.mail": ("survey.config",),
    "survey.web": ("survey.web", "survey.actions", "survey.store", "survey.office", "survey.domain", "survey.config", "survey.mail"),
    "survey.web.booth": ("survey.web", "survey.actions", "survey.domain", "survey.config"),
    "survey.web.board": (
        "survey.web", "survey.actions", "survey.store", "survey.office", "survey.domain", "survey.config", "analysis",
    ),
    "survey": ("survey", "analysis"),
}
FACES = ("booth", "desk", "board")
# What the blind booth must not even know: people's records, the journal, accounts, the office.
BOOTH_BLIND = (
    "survey.store.units", "survey.store.members", "survey.store.journal", "survey.store.staff", "survey.store.results", "survey.actions.units", "survey.actions.members",
    "survey.actions.staff", "survey.actions.meetings", "survey.actions.slips", "survey.actions.results",
    "survey.office", "survey.web.desk", "survey.web.board", "survey.web.logins", "analysis", "flask_login",
)
ONE_ROOM: dict[str, tuple[str, ...]] = {
    "cryptography": ("survey.urn",),
    "argon2": ("survey.urn",),
    "zxcvbn": ("survey.urn",),
    "sqlalchemy": ("survey.store",),
    "alembic": ("survey.store",),
    "flask": ("survey.web", "survey.app"),
    "flask_wtf": ("survey.web", "survey.app"),
    "flask_login": ("survey.web",),
    "flask_babel": ("survey.web", "survey.app"),
    "wtforms": ("survey.web",),
    "werkzeug": ("survey.web", "survey.app"),
    "gunicorn": ("survey.server",),
    "smtplib": ("survey.mail",),
    "numpy": ("analysis",),
    "pandas": ("analysis",),
    "matplotlib": ("analysis",),
    "openpyxl": ("analysis", "survey.office"),
    "xlsxwriter": ("analysis.cells",),
    "fontTools": ("survey.office",),
    "fpdf": ("survey.office",),
    "docx": ("survey.office",),
    "jsonschema": ("survey.office",),
    "unicodedataplus": ("survey.actions.candidates",),
    "qrcode": ("survey.office",),
    "pylopdf_fonts_zh_cn": ("analysis", "survey.office"),
}
# One noun leans only one way.
NOUNS = ("units", "questionnaires", "rounds", "meetings", "ballots", "results", "opinions")


def name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def known() -> frozenset[str]:
    """Every module of the project."""
    return frozenset(name(each) for each in SOURCES)


@cache
def imports(path: Path) -> tuple[tuple[str, ast.stmt], ...]:
    """Every module a file imports; `from package import module` counts as the module."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield (whole if whole in known() else node.module), node


def inside(module: str, room: str) -> bool:
    return module == room or module.startswith(room + ".")


def room_of(module: str) -> str:
    return max((room for room in MAY_IMPORT if inside(module, room)), key=len)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_file_keeps_the_house_rules(path: Path) -> None:
    own = name(path)
    parsed = tree(path)
    assert ast.get_docstring(parsed), "starts with one line saying what it is for"
    if not path.is_relative_to(MIGRATIONS):
        assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES
    for node in ast.walk(parsed):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import, line {node.lineno}"
            assert all(alias.name != "*" for alias in node.names), f"star import, line {node.lineno}"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not hidden, f"import hidden in {node.name}"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"bare except, line {node.lineno}"
    allowed = MAY_IMPORT[room_of(own)]
    for module, node in imports(path):
        top = module.split(".")[0]
        if top in ("survey", "analysis"):
            assert any(inside(module, each) for each in allowed), f"{own} may not import {module}, line {node.lineno}"
        if top in ONE_ROOM:
            assert any(inside(own, room) for room in ONE_ROOM[top]), f"{top} does not belong in {own}"
        if inside(own, "survey.domain"):
            assert top == "survey" or top in _STDLIB, f"the domain uses the standard library only, not {top}"


def test_no_room_of_the_domain_has_clock_randomness_or_files() -> None:
    forbidden = {"random", "secrets", "time", "os", "io", "pathlib", "socket", "subprocess"}
    for path in SOURCES:
        if inside(name(path), "survey.domain"):
            used = {module.split(".")[0] for module, _ in imports(path)}
            assert not used & forbidden, path.name
            assert not re.search(r"\.(now|today|utcnow)\(", path.read_text("utf-8")), path.name


def test_there_are_no_circles() -> None:
    known = {name(path) for path in SOURCES}
    graph = {name(path): {m for m, _ in imports(path) if m in known and m != name(path)} for path in SOURCES}
    list(graphlib.TopologicalSorter(graph).static_order())


def test_the_three_faces_never_import_each_other() -> None:
    for path in SOURCES:
        for face in FACES:
            if inside(name(path), f"survey.web.{face}"):
                others = [f"survey.web.{other}" for other in FACES if other != face]
                assert not [m for m, _ in imports(path) if any(inside(m, other) for other in others)], path.name


def test_the_booth_is_blind() -> None:
    for path in SOURCES:
        if inside(name(path), "survey.web.booth"):
            for module, _ in imports(path):
                assert not any(inside(module, each) for each in BOOTH_BLIND), f"{path.name} sees {module}"


@pytest.mark.parametrize("floor", ["survey.domain", "survey.store", "survey.actions"])
def test_nouns_lean_one_way(floor: str) -> None:
    for path in SOURCES:
        own = name(path)
        noun = own.rsplit(".", 1)[-1]
        if own.rsplit(".", 1)[0] == floor and noun in NOUNS:
            for module, _ in imports(path):
                other = module.rsplit(".", 1)[-1]
                if module.rsplit(".", 1)[0] == floor and other in NOUNS:
                    assert NOUNS.index(other) <= NOUNS.index(noun), f"{own} leans on {module}"


def test_the_web_never_writes() -> None:
    for path in SOURCES:
        if inside(name(path), "survey.web"):
            for node in ast.walk(tree(path)):
                assert not (isinstance(node, ast.Attribute) and node.attr in ("write", "upgrade", "scrub")
                            and isinstance(node.value, ast.Attribute) and node.value.attr == "store"), path.name


def test_every_template_lies_under_its_face() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        parts = path.relative_to(ROOT / "templates").parts
        assert parts == ("message.html",) or parts[0] in FACES, path


def test_the_booth_template_inherits_nothing_of_the_desk() -> None:
    for path in (ROOT / "templates" / "booth").rglob("*.html"):
        for used in re.findall(r"{%-?\s*(?:extends|include|import|from)\s+['\"]([^'\"]+)", path.read_text("utf-8")):
            assert used.startswith("booth/"), f"{path.name} uses {used}"


_STDLIB = frozenset(sys.stdlib_module_names)
