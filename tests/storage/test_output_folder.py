"""Whose a file in an output folder is, and what a run may do to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posecoach.errors import OutputError
from posecoach.storage.output_folder import (
    CLIPS,
    MANIFEST,
    OF_GRADING,
    PAGE_MARK,
    PIECES,
    REGRADED,
    ForeignFilesError,
    OutputFolder,
)
from posecoach.storage.output_runs import writing_into

ID = "一班_李娜-0123abcd"
PAGE = f"<meta {PAGE_MARK}>"


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    return OutputFolder(tmp_path / "out")


def put(file: Path, content: str = "mine") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, "utf-8")
    return file


def earlier(folder: OutputFolder, schema: str = "posecoach.results/1") -> None:
    """What a version left that noted nothing."""
    put(folder.path / "results.json", json.dumps({"schema": schema}))
    put(folder.path / "index.html")


def everything(folder: OutputFolder) -> dict[str, str]:
    return {file.relative_to(folder.path).as_posix(): file.read_text("utf-8") for file in folder.path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("name", OF_GRADING)
def test_a_file_at_the_top_is_ours_when_it_was_noted(folder: OutputFolder, name: str) -> None:
    put(folder.path / name)
    assert list(folder.foreign()) == [name]
    (folder.path / name).unlink()
    folder.claim([name])
    put(folder.path / name)
    assert list(folder.foreign()) == []


@pytest.mark.parametrize("schema", ["posecoach.results/1", "posecoach.results/2"])
def test_a_folder_of_an_earlier_version_is_known_by_its_results(folder: OutputFolder, schema: str) -> None:
    earlier(folder, schema)
    assert list(folder.foreign()) == []
    put(folder.path / "results.json", '{"schema": "of another program"}')
    assert list(folder.foreign()) == ["index.html", "results.json"]


def test_what_is_made_of_clips_is_known_by_its_name(folder: OutputFolder) -> None:
    ours = (
        *(folder.landmarks(ID), folder.landmarks(ID, 3), folder.annotated(ID, "video"), folder.annotated(ID, "picture")),
        *(folder.record(ID, CLIPS), folder.record(ID, REGRADED), folder.piece(ID, "89abcdef", 12), folder.stills(ID) / "a.b.worst.jpg"),
        folder.annotated(ID, "video").with_suffix(".vtt"),
    )
    for file in ours:
        put(file)
    put(folder.path / "people" / "李娜.html", PAGE)
    assert list(folder.foreign()) == []


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "photos/a.jpg",
        "people/李娜.html",
        "pieces/one.npz",
        "landmarks/a.npz",
        f"landmarks/{ID}.txt",
        "annotated/holiday.mp4",
        f"stills/{ID}/deep/a.jpg",
        "results",
        "index.html/a.html",
    ],
)
def test_everything_else_is_somebodys(folder: OutputFolder, name: str) -> None:
    earlier(folder)
    (folder.path / "index.html").unlink()
    put(folder.path / name)
    assert [Path(name).parts[0] in found for found in folder.foreign()] == [True]
    before = everything(folder)
    with pytest.raises(ForeignFilesError, match="did not write") as caught, writing_into(folder.path, OF_GRADING):
        raise AssertionError
    assert "不是 posecoach 写的" in caught.value.words.zh
    assert everything(folder) == before


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini", "~$results.xlsx", "annotated/._a.mp4", ".~lock.results.csv#"])
def test_what_file_managers_and_office_programs_leave_is_nobodys(folder: OutputFolder, name: str) -> None:
    earlier(folder)
    put(folder.path / name)
    assert list(folder.foreign()) == []


def test_pictures_kept_of_what_was_not_read_to_its_end_go(folder: OutputFolder) -> None:
    names = [f"{ID}-89abcdef-{number}" for number in (0, 1)]
    for name in (f"{names[0]}.npz", f"{names[0]}.mp4", f"{names[1]}.mp4"):
        put(folder.path / "pieces" / name)
    with writing_into(folder.path, OF_GRADING) as out:
        assert sorted(path.name for path in (out.path / "pieces").iterdir()) == [f"{names[0]}.mp4", f"{names[0]}.npz"]
        out.forget_pieces()
    assert not (folder.path / "pieces").exists()


def test_force_keeps_what_is_somebodys(folder: OutputFolder) -> None:
    for name in (
        "index.html",
        "index.kept.html",
        "notes.txt",
        "people/李娜.html",
        "pieces/one.npz",
        f"pieces/{ID}-89abcdef-0.npz",
        "landmarks",
    ):
        put(folder.path / name, f"my {name}")
    with writing_into(folder.path, OF_GRADING, force=True) as out:
        out.make_folders("landmarks")
        out.forget_pieces()
        out.forget_pages([])
        put(folder.path / "index.html", "report")
    left = everything(folder)
    left.pop(MANIFEST)
    assert left == {
        "index.html": "report",
        "index.kept.html": "my index.kept.html",
        "index.kept2.html": "my index.html",
        "notes.txt": "my notes.txt",
        "people/李娜.kept.html": "my people/李娜.html",
        "pieces/one.npz": "my pieces/one.npz",
        "landmarks.kept": "my landmarks",
    }
    assert "index.kept.html" in list(folder.foreign())


def test_a_run_in_the_middle_has_nothing_foreign_and_leaves_no_drafts(folder: OutputFolder) -> None:
    with writing_into(folder.path, OF_GRADING):
        put(folder.path / "index.html", "half a run")
        put(folder.path / "landmarks" / f".{ID}.npz.12.tmp")
        assert list(folder.foreign()) == []
    assert list(folder.foreign()) == []
    assert sorted(everything(folder)) == [MANIFEST, "index.html"]


def test_pages_of_people_who_are_gone_go(folder: OutputFolder) -> None:
    for name in ("a.html", "b.html"):
        put(folder.path / "people" / name, PAGE)
    put(folder.path / "people" / "mine.html")
    put(folder.path / PIECES / "mine.txt")
    folder.forget_pages(["b.html"])
    assert sorted(path.name for path in (folder.path / "people").iterdir()) == ["b.html", "mine.html"]


def test_a_file_in_place_of_the_folder_is_said(folder: OutputFolder) -> None:
    put(folder.path)
    with pytest.raises(OutputError, match="--out"):
        folder.refuse_foreign()
