"""Who may import whom. The core computes; it does no IO, reads no clock and knows no camera, model or page."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "posecoach"
SCRIPTS = Path(__file__).parents[1] / "web" / "static"

# From the bottom up: a room imports only from rooms before it in this list.
ROOMS = (
    *("vocabulary", "errors", "resources", "wording"),
    *("body", "measures", "rulebook", "judging", "row"),
    *("storage", "history", "sources", "estimators", "runners", "drawing", "reports", "evaluation", "jobs", "live"),
    *("webapp", "cli"),
)
MODULES_AT_THE_TOP = {"vocabulary", "errors", "resources", "wording"}
CORE = {"body", "measures", "rulebook", "judging", "row"}
LONGEST_CHAIN = 10
NOT_IN_CORE = {
    "cv2",
    "mediapipe",
    "flask",
    "av",
    "PIL",
    "click",
    "rich",
    "jinja2",
    "time",
    "datetime",
    "os",
    "io",
    "socket",
    "subprocess",
    "tempfile",
}
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir"}
READS_FILES = {"rulebook.loading": {"read_bytes"}}  # the rule files, on loading and never afterwards
ONLY_IN = {"mediapipe": "estimators.mediapipe*", "flask": "webapp*", "click": "cli.*", "sqlalchemy": "history*", "alembic": "history*"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
TREES = [pytest.param(name, tree, id=name) for name, tree in MODULES.items()]


def room_of(module: str) -> str:
    return module.split(".")[0]


def imported(tree: ast.Module) -> set[str]:
    """Full names of all imported modules; ``from a import b`` gives both ``a`` and ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return names


def own_imports(tree: ast.Module) -> set[str]:
    return {name.removeprefix("posecoach.") for name in imported(tree)} & MODULES.keys()


def rooms_imported(room: str) -> set[str]:
    return {room_of(other) for name, tree in MODULES.items() if room_of(name) == room for other in own_imports(tree)} - {room, ""}


def test_every_module_has_a_room() -> None:
    assert {room_of(name) for name in MODULES} - {"__init__"} == set(ROOMS)
    assert {name for name in MODULES if "." not in name and not (PACKAGE / name).is_dir()} - {"__init__"} == MODULES_AT_THE_TOP


@pytest.mark.parametrize(("name", "tree"), TREES)
def test_imports_run_downwards(name: str, tree: ast.Module) -> None:
    if name != "__init__":
        upwards = sorted(other for other in own_imports(tree) if ROOMS.index(room_of(other)) > ROOMS.index(room_of(name)))
        assert not upwards, f"{name} imports upwards"


def test_no_module_imports_itself_through_others() -> None:
    TopologicalSorter({name: own_imports(tree) - {name} for name, tree in MODULES.items()}).prepare()


def test_no_chain_of_packages_is_too_long() -> None:
    longest: dict[str, int] = {}
    for room in ROOMS:
        below = max((longest[other] for other in rooms_imported(room)), default=0)
        longest[room] = below + (room not in MODULES_AT_THE_TOP)
    assert max(longest.values()) <= LONGEST_CHAIN, longest


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in MODULES_AT_THE_TOP])
def test_every_package_says_what_lives_there_and_what_does_not(room: str) -> None:
    lives, _, does_not = (ast.get_docstring(MODULES[room]) or "").partition("\n\n")
    assert lives
    assert does_not


@pytest.mark.parametrize(("name", "tree"), TREES)
def test_the_outside_world_stays_outside_the_core(name: str, tree: ast.Module) -> None:
    packages = {other.split(".")[0] for other in imported(tree)}
    for package, pattern in ONLY_IN.items():
        assert package not in packages or fnmatch(name, pattern), f"only {pattern} may import {package}"
    if room_of(name) in CORE:
        assert not packages & NOT_IN_CORE
        assert not calls(tree) & FILE_CALLS - READS_FILES.get(name, set())


def calls(tree: ast.Module) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in functions if isinstance(f, ast.Name | ast.Attribute)}


# --- the pages' scripts -------------------------------------------------------------------------------------------------------------------


def scripts_imported(path: Path) -> set[Path]:
    """The files a script imports or exports from."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(r'^(?:import|export)\b[^;]*?"(\.{1,2}/[^"]+)";', text, re.MULTILINE)
    by_address = re.findall(r'import\("/static/([\w/]+\.js)"\)', text)
    return {*((path.parent / name).resolve() for name in found), *(SCRIPTS / name for name in by_address)}


PAGES = {path: scripts_imported(path) for path in sorted(SCRIPTS.rglob("*.js"))}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_scripts_import_what_is_shared_and_their_own_folder(path: Path) -> None:
    assert {other for other in PAGES[path] if not other.is_file()} == set()
    assert {other.parent for other in PAGES[path]} <= {SCRIPTS / "shared", path.parent}


def test_no_script_imports_itself_through_others() -> None:
    TopologicalSorter(PAGES).prepare()


def test_every_script_is_reached_from_a_page() -> None:
    templates = "".join(path.read_text(encoding="utf-8") for path in (SCRIPTS.parent / "templates").glob("*.html"))
    reached = {SCRIPTS / name for name in re.findall(r'src="/static/([\w/]+\.js)"', templates)}
    reached |= {SCRIPTS / name for path in PAGES for name in re.findall(r'new Worker\("/([\w/]+\.js)"\)', path.read_text("utf-8"))}
    while fresh := {other for path in reached for other in PAGES[path]} - reached:
        reached |= fresh
    assert PAGES.keys() - reached == set()


def picture() -> str:
    """The rooms as a Mermaid diagram: an arrow from each to those it imports, but for those it reaches by way of another."""
    imports = {room: rooms_imported(room) for room in ROOMS}
    reached: dict[str, set[str]] = {}
    for room in ROOMS:
        reached[room] = imports[room].union(*(reached[other] for other in imports[room]))
    lines = ["graph TD"]
    for room in reversed(ROOMS):
        direct = {other for other in imports[room] if not any(other in reached[between] for between in imports[room])}
        lines += [f"    {room} --> {other}" for other in sorted(direct, key=ROOMS.index)]
    return "\n".join([*lines, *(f"    class {room} core" for room in ROOMS if room in CORE), "    classDef core fill:#dff0e4"])


def test_what_drives_a_browser_with_models_lies_where_it_is_looked_for() -> None:
    """`make test` runs them apart from the others."""
    texts = {path.relative_to(PACKAGE.parent): path.read_text("utf-8") for path in (PACKAGE.parent / "tests").rglob("test_*.py")}
    both = {path.parent.as_posix() for path, text in texts.items() if "\npytestmark = [pytest.mark.browser, pytest.mark.model" in text}
    assert both == {"tests/webapp"}


def test_the_picture_in_the_documents_is_that_of_the_imports() -> None:
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    assert text.partition("```mermaid\n")[2].partition("\n```")[0] == picture()


def test_the_documents_name_modules_that_there_are() -> None:
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"`((?:posecoach|rules|web|tests)/[\w./*-]+)`", text)
    assert len(named) > 30
    assert [path for path in named if not list(PACKAGE.parent.glob(path))] == []
