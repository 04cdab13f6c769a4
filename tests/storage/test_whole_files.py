"""What all reports share."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from posecoach.errors import OutputError
from posecoach.storage import whole_files
from posecoach.storage.whole_files import write_atomically


def hold(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let files be held, as on Windows, when they are replaced for so many times."""
    replace, tries = Path.replace, iter(range(times))

    def held(self: Path, target: Path) -> Path:
        if next(tries, None) is not None:
            raise PermissionError(13, "Access is denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(whole_files, "_HELD_S", (0.0, 0.0))


def test_a_file_that_a_virus_scanner_holds_for_a_moment_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, 2)
    write_atomically(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_one_that_stays_open_elsewhere_is_named_and_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    hold(monkeypatch, 3)
    with pytest.raises(OutputError, match=r"a\.json cannot be written \(Access is denied\); close it in other programs"):
        write_atomically(tmp_path / "a.json", b"new")
    assert (tmp_path / "a.json").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_two_threads_that_write_one_file_leave_one_of_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a page saves twice: the second begins and ends between writing and replacing of the first."""
    replace = whole_files._replace
    others = [threading.Thread(target=write_atomically, args=(tmp_path / "a.json", b"second"))]

    def overtaken(part: Path, path: Path) -> None:
        if others:
            other = others.pop()
            other.start()
            other.join()
        replace(part, path)

    monkeypatch.setattr(whole_files, "_replace", overtaken)
    write_atomically(tmp_path / "a.json", b"first")
    assert (tmp_path / "a.json").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
