"""Folders as the page shows them, and rosters as spreadsheets save them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from posecoach.jobs import folders
from posecoach.jobs.folders import FolderError, beside, check_out, drives, list_folder, places, typed_path


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def test_a_list_has_folders_with_what_lies_in_them(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "一班/a.mp4",
        "一班/b.MOV",
        "一班/c.jpg",
        "一班/notes.txt",
        "一班/._a.mp4",
        "old/results.json",
        ".hidden/a.mp4",
        "z.png",
        "people.CSV",
    )
    found = list_folder(tmp_path)
    assert [(f.name, f.videos, f.pictures, f.has_results) for f in found.folders] == [("old", 0, 0, True), ("一班", 2, 1, False)]
    assert (found.here.videos, found.here.pictures, found.files) == (0, 1, ("z.png",))
    assert found.crumbs[0] == ("/", "/") or found.crumbs[0][0].endswith("\\")
    assert found.crumbs[-1] == (tmp_path.name, str(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_names_that_are_no_text_are_left_out(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff\xfe")).mkdir()
    assert list_folder(tmp_path).folders == ()


def test_a_slow_disc_leaves_folders_uncounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a/a.mp4")
    monkeypatch.setattr(folders, "COUNTING_S", -1.0)
    assert [(f.name, f.videos) for f in list_folder(tmp_path).folders] == [("a", None)]


def test_a_list_ends_somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_FOLDERS", 2)
    for i in range(3):
        (tmp_path / str(i)).mkdir()
    assert (len(list_folder(tmp_path).folders), list_folder(tmp_path).is_cut) == (2, True)


@pytest.mark.parametrize("name", ["missing", "file.txt"])
def test_what_is_no_folder_is_told_in_both_languages(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "file.txt")
    with pytest.raises(FolderError) as caught:
        list_folder(tmp_path / name)
    assert str(tmp_path / name) in caught.value.words.zh
    assert str(tmp_path / name) in caught.value.words.en


def test_paths_are_taken_as_people_paste_them(tmp_path: Path) -> None:
    assert typed_path(f' "{tmp_path}" ') == tmp_path
    assert typed_path(f"{tmp_path}/a/../b/") == tmp_path / "b"
    assert typed_path("~") == Path.home()
    with pytest.raises(FolderError):
        typed_path("~nobody-of-that-name/a")


@pytest.mark.parametrize("text", ["clips", "./clips", "", "a\0b", "/a\0b", "/\ud800"])
def test_half_a_path_is_refused(text: str) -> None:
    with pytest.raises(FolderError):
        typed_path(text)


def test_places_begin_at_home_and_exist() -> None:
    found = places()
    assert found[0][::2] == ("home", str(Path.home()))
    assert all(Path(path).is_dir() for _, _, path in found)


def test_drives_of_a_mask() -> None:
    assert drives(0b1101) == ["A:\\", "C:\\", "D:\\"]


def test_results_lie_beside_the_clips_and_inside_a_root(tmp_path: Path) -> None:
    assert beside(tmp_path / "一班") == tmp_path / "一班-posecoach"
    assert beside(Path("/")) == Path("/posecoach-out")


@pytest.mark.parametrize("inside", [(), ("landmarks/a-0123abcd.npz",)], ids=["empty", "a run broken off"])
def test_results_go_to_an_empty_folder_or_to_earlier_results(tmp_path: Path, inside: tuple[str, ...]) -> None:
    (tmp_path / "out").mkdir()
    check_out(fill(tmp_path / "out", *inside), tmp_path / "clips")
    check_out(tmp_path / "new", tmp_path / "clips")


def test_results_go_nowhere_else(tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        check_out(tmp_path, tmp_path)
    with pytest.raises(FolderError, match="other things"):
        check_out(fill(tmp_path / "site", "index.html"), tmp_path / "clips")
