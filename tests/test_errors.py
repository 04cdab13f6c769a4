"""Every error of ours says what is wrong in both languages, from where it is raised to whoever reads it."""

from __future__ import annotations

import ast
import errno
import importlib
import inspect
import pickle
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import posecoach
from posecoach.errors import OutputError, PosecoachError, SourceError, reason_of
from posecoach.sources.camera import UNPLUGGED, CameraError
from posecoach.storage.tables import RosterError
from posecoach.vocabulary import Text

PACKAGE = Path(posecoach.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")
WRONG = Text("不是视频", "not a video")


def every_error() -> list[type[PosecoachError]]:
    """All classes of errors of ours, wherever they are declared."""
    for module in pkgutil.walk_packages(posecoach.__path__, "posecoach."):
        if not module.name.endswith(("__main__", "migrations.env")):  # Alembic alone runs its own
            importlib.import_module(module.name)
    found, todo = [], [PosecoachError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return [kind for kind in found if kind.__module__.startswith("posecoach.")]


def test_no_error_can_be_made_without_both_languages() -> None:
    kinds = every_error()
    assert len(kinds) > 10
    for kind in kinds:
        annotations = [parameter.annotation for parameter in inspect.signature(kind.__init__).parameters.values()]
        assert "Text" in annotations, kind
        with pytest.raises((TypeError, AttributeError)):
            kind(*["not a video" for _ in range(annotations.index("Text"))])  # type: ignore[arg-type]


def test_what_the_system_says_is_put_into_words_in_one_place() -> None:
    asked = [path for path in PACKAGE.rglob("*.py") if "strerror" in path.read_text("utf-8")]
    assert asked == [PACKAGE / "errors.py"]


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call in the source, with its place."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def written(node: ast.expr) -> str:
    """What a string in the source says, without what is filled in; empty for other expressions."""
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_chinese_stands_first_and_english_second_wherever_words_are_written() -> None:
    pairs = [(place, *map(written, call.args)) for place, call in calls() if ast.unparse(call.func) == "Text" and len(call.args) == 2]
    sentences = [(place, zh, en) for place, zh, en in pairs if re.search("[a-z]{3} ", en)]
    assert len(sentences) > 150
    assert [place for place, zh, en in sentences if not CHINESE.search(zh) or CHINESE.search(en)] == []


@pytest.mark.parametrize(
    "error",
    [SourceError(WRONG), CameraError("lost", UNPLUGGED), RosterError(WRONG, "名单.csv", 3, "file"), OutputError(WRONG)],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_whole_after_its_way_from_process_to_process(error: PosecoachError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
    assert (again.words, again.args) == (error.words, (error.words.en,))


def test_what_the_system_says_is_told_in_chinese_where_it_is_known() -> None:
    full, odd = OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EXDEV, "Invalid cross-device link")
    assert reason_of(full) == Text("磁盘已满", "No space left on device")
    assert reason_of(odd) == Text("Invalid cross-device link", "Invalid cross-device link")
    assert reason_of(OSError("odd")) == Text("odd", "odd")
    assert "磁盘已满" in OutputError.at(Path("out"), full).words.zh


def test_a_mistake_in_a_roster_is_told_with_its_place_in_both_languages() -> None:
    error = RosterError(WRONG, "名单.csv", 3, "file")
    assert error.words == Text("名单.csv 第 3 行“file”列：不是视频", "名单.csv:3: file: not a video")
    assert RosterError(WRONG, "名单.csv").words == Text("名单.csv：不是视频", "名单.csv: not a video")
    assert (RosterError(WRONG).words, error.what) == (WRONG, WRONG)
