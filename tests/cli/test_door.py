"""The command line takes any argument: what is wrong with it is said in a line, and nothing of it steers the terminal."""

from __future__ import annotations

import errno
import importlib.abc
import os
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from posecoach.cli import terminal
from posecoach.cli.__main__ import run
from posecoach.cli.door import FAULT, TRACEBACK, printable
from posecoach.cli.main import main
from posecoach.jobs.doctor import DoctorCheck
from posecoach.judging.results import ClipError, Results
from posecoach.storage.results_json import dump_results
from posecoach.vocabulary import Text

LONG = "x" * 300
COMMANDS = (
    ["grade", "PATH"],
    *(["grade", "nothing.mp4", option, "PATH"] for option in ("--rules", "--roster", "--reference", "--out")),
    *(["regrade", "PATH"], ["regrade", "results", "--rules", "PATH"], ["compare", "PATH", "results"], ["compare", "results", "PATH"]),
    *(["compare", "results", "results", "--out", "PATH"], ["lineup", "PATH"], ["lineup", "nothing.mp4", "--roster", "PATH"]),
    *(["lineup", "nothing.mp4", "--rules", "PATH"], ["evaluate", "PATH"], ["evaluate", "nothing", "--mapping", "PATH"]),
    *(["rules", "check", "PATH"], ["rules", "list", "PATH"], ["serve", "--rules", "PATH"], ["doctor", "--out", "PATH"]),
)


def lines_of(arguments: Sequence[str], status: Sequence[int]) -> list[str]:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert "Traceback" not in done.output
    assert done.exit_code in status, done.output
    return done.stderr.splitlines()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with earlier results, to be worked in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "results.json").write_text(dump_results(Results("posecoach 0", ())), "utf-8")
    (tmp_path / "file").touch()
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_path_that_the_system_refuses_is_a_line(command: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too long, under a file that is no folder, in a circle of links, in a place where nothing can be."""
    for check in ("check_cameras", "check_estimator"):
        monkeypatch.setattr(f"posecoach.jobs.doctor.{check}", lambda: DoctorCheck(Text("慢", "slow"), True, Text("", "")))
    paths = [LONG, "file/x", "\udc80" + LONG]
    if os.name == "posix":
        (place / "circle").symlink_to("circle")
        paths.append("circle")
    for path in paths:
        lines_of([path if word == "PATH" else word for word in command], (1, 2))


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "x", ""])
@pytest.mark.parametrize("option", [["grade", "a", "--fps"], ["grade", "a", "--time-limit"], ["lineup", "a", "--fps"]], ids=" ".join)
def test_a_number_that_is_none_is_wrong_usage(option: list[str], number: str, place: Path) -> None:
    assert any(line.startswith("Error: Invalid value for") for line in lines_of([*option, number], (2,)))
    assert not (place / "posecoach-out").exists()


def test_a_folder_without_permission_is_a_line(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Injected, since nothing is refused to who runs the tests as root."""

    def refused(self: Path, *_: object, **__: object) -> Any:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    for name in ("is_dir", "read_bytes", "read_text", "iterdir"):
        monkeypatch.setattr(Path, name, refused)
    for command in (["regrade", "results"], ["compare", "results", "results"], ["rules", "check", "results"], ["evaluate", "results"]):
        assert any("Permission denied" in line for line in lines_of(command, (2,)))


def test_a_fault_nobody_foresaw_is_a_line_with_the_way_to_see_more(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of all\nthings \x1b[31m")

    monkeypatch.setattr("posecoach.reports.comparison.load_compared", fault)
    (line,) = lines_of(["compare", "results", "results"], (FAULT,))
    assert line.endswith(f"ZeroDivisionError: of all things [31m; set {TRACEBACK}=1 to see where")
    monkeypatch.setenv(TRACEBACK, "1")
    assert isinstance(CliRunner().invoke(main, ["compare", "results", "results"]).exception, ZeroDivisionError)


class _Interrupting(importlib.abc.MetaPathFinder):
    """Ctrl-C while the program is being loaded."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "posecoach.cli.main":
            raise KeyboardInterrupt


def test_an_interrupt_while_loading_ends_in_silence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delitem(sys.modules, "posecoach.cli.main")
    monkeypatch.delattr("posecoach.cli.main")
    monkeypatch.setattr(sys, "meta_path", [_Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        run()
    assert (ended.value.code, capsys.readouterr().err) == (130, "posecoach: stopped\n")


@given(st.text())
def test_printable_text_steers_no_terminal(text: str) -> None:
    clean = printable(text)
    assert all(character.isprintable() or character in "\n\t" or ord(character) > 0x9F for character in clean)
    assert not set(clean) & {"\x1b", "\x9b", "\x07", "\r", "\x00", "\u202e", "\ud800"}
    assert printable(clean) == clean
    clean.encode()


@given(st.text(st.characters(codec="utf-8")))
def test_what_the_console_prints_is_clean(text: str) -> None:
    console = terminal.rich_console()
    console.file = StringIO()
    console.print(text, highlight=False, soft_wrap=True)
    shown = console.file.getvalue()
    assert shown == printable(shown)


def test_names_out_of_results_steer_no_terminal(place: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\u202e4pm.a"
    other = place / "other"
    other.mkdir()
    errors = (ClipError(evil, Text(evil, evil)),)
    (other / "results.json").write_text(dump_results(Results("posecoach 0", (), (), errors)), "utf-8")
    for command in (["compare", "results", str(other), "--out", "out"], ["regrade", str(other)], ["grade", evil, "--out", "out2"]):
        done = CliRunner().invoke(main, command)
        assert "]0;owned[2J4pm.a" in done.output
        assert not set(done.output) & {"\x1b", "\x07", "\u202e"}


MANIFESTS = (
    "sets: " + "[" * 3000,
    "sets: !!timestamp x",
    "5",
    "sets: [{path: 5}]",
    "sets: [[]]",
    "- &a [*a]",
    "sets: {a: !!int ''}",
    "\x01",
)


@pytest.mark.parametrize("content", MANIFESTS, ids=lambda text: text[:20])
def test_damaged_label_sets_are_a_line(content: str, place: Path) -> None:
    (place / "sets.yaml").write_text(content, "utf-8")
    assert len(lines_of(["evaluate", "sets.yaml"], (2,))) == 1
    assert len(lines_of(["evaluate", "results", "--mapping", "sets.yaml"], (2,))) == 1


DAMAGED = ("[" * 3000, '{"schema": 1e999}', '{"schema": [1]}', '{"schema": "posecoach.results/2", "clips": 5}')


@pytest.mark.parametrize("content", DAMAGED, ids=lambda text: text[:20])
def test_damaged_results_are_a_line(content: str, place: Path) -> None:
    (place / "results" / "results.json").write_text(content, "utf-8")
    for command in (["regrade", "results"], ["compare", "results", "results"]):
        assert len(lines_of(command, (2,))) == 1
