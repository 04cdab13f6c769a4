"""Who may import whom. The core computes; it does no IO, reads no clock and knows no camera, model or page."""

from __future__ import annotations

import ast
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "posecoach"

# From the bottom up: a module imports from its own row and the rows above it in this table. What no row names is an adapter.
LAYERS = (
    (
        "core",
        "errors landmarks records geometry face_geometry smile* motion body timeline smoothing measuring *measures posture rule* judge"
        " coach placement neighbours row row_camera row_record comparing",
    ),
    ("protocols", "sources.base estimators.base"),
    ("pipeline", "pipeline live charts live_row row_grading"),
    ("adapters", "*"),
    ("jobs", "evaluation* grading* regrade* batch* lineup watching cluster trainer_job doctor"),
    ("edge", "cli cli_* terminal* webapp*"),
)
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
READS_FILES = {"rules": {"read_bytes"}}  # the rule files, on loading and never afterwards
ONLY_IN = {"mediapipe": "estimators.mediapipe*", "flask": "webapp*", "click": "cli*"}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
TREES = [pytest.param(name, tree, id=name) for name, tree in MODULES.items()]


def layer_of(module: str) -> int:
    rows = [i for i, (_, patterns) in enumerate(LAYERS) if any(fnmatch(module, p) for p in patterns.split() if p != "*")]
    return rows[0] if rows else next(i for i, row in enumerate(LAYERS) if row[1] == "*")


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


@pytest.mark.parametrize(("name", "tree"), TREES)
def test_imports_run_downwards(name: str, tree: ast.Module) -> None:
    upwards = sorted(other for other in own_imports(tree) if layer_of(other) > layer_of(name))
    assert not upwards, f"{name} ({LAYERS[layer_of(name)][0]}) imports upwards"


def test_no_module_imports_itself_through_others() -> None:
    TopologicalSorter({name: own_imports(tree) - {name} for name, tree in MODULES.items()}).prepare()


@pytest.mark.parametrize(("name", "tree"), TREES)
def test_the_outside_world_stays_outside_the_core(name: str, tree: ast.Module) -> None:
    packages = {other.split(".")[0] for other in imported(tree)}
    for package, pattern in ONLY_IN.items():
        assert package not in packages or fnmatch(name, pattern), f"only {pattern} may import {package}"
    if LAYERS[layer_of(name)][0] in ("core", "protocols", "pipeline"):
        assert not packages & NOT_IN_CORE
        assert not calls(tree) & FILE_CALLS - READS_FILES.get(name, set())


def calls(tree: ast.Module) -> set[str]:
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {f.id if isinstance(f, ast.Name) else f.attr for f in functions if isinstance(f, ast.Name | ast.Attribute)}
