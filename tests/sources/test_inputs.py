"""What is typed (files, folders, patterns) becomes a list of inputs; what leads nowhere is told beside it."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from PIL import Image

from posecoach.errors import SourceError
from posecoach.judging.results import Results
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.storage.results_json import dump_results
from tests.odd_media import even_times, write_video

needs_links = pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def paths_under(*arguments: Path | str) -> list[str]:
    found = find_inputs([str(argument) for argument in arguments])
    assert found.problems == []
    return [item.path for item in found.inputs]


def test_a_folder_is_read_through_in_natural_order(tmp_path: Path) -> None:
    touch(tmp_path, "IMG_10.MP4", "img_9.mov", "b/IMG_2.heic", "b/IMG_1.jpg", "notes.txt", "truth.json")
    assert paths_under(tmp_path) == ["b/IMG_1.jpg", "b/IMG_2.heic", "img_9.mov", "IMG_10.MP4"]


def skipped_under(*arguments: Path | str) -> dict[str, str]:
    return {item.path: item.reason for item in find_inputs([str(argument) for argument in arguments]).skipped}


def write_results(out: Path, *clip_ids: str) -> None:
    """What a grading leaves behind of clips of these ids."""
    for clip_id in clip_ids:
        touch(out, f"annotated/{clip_id}.mp4", f"clips/{clip_id}.json", f"landmarks/{clip_id}.npz", f"stills/{clip_id}/a.jpg")
    (out / "results.json").write_text(dump_results(Results("posecoach 0", ())), "utf-8")


def test_hidden_files_and_earlier_results_are_told_and_not_read(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "._a.mp4", ".trash/b.mp4", "~$名单.docx", "~$b.mp4", "名单.xlsx")
    write_results(tmp_path / "monday", "a-12345678")
    assert paths_under(tmp_path) == ["a.mp4"]
    assert skipped_under(tmp_path) == {
        "._a.mp4": "hidden",
        ".trash/": "hidden",
        "~$名单.docx": "office_lock",
        "~$b.mp4": "office_lock",
        "名单.xlsx": "not_media",
        "monday/": "own_results",
    }


@pytest.mark.parametrize("name", ["clips", "people", "annotated", "stills", "landmarks", "regraded"])
def test_a_folder_of_the_user_is_read_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", f"{name}/b.mp4", f"{name}/deep/c.jpg")
    write_results(tmp_path, "a-12345678")
    assert paths_under(tmp_path) == ["a.mp4", f"{name}/b.mp4", f"{name}/deep/c.jpg"]
    assert skipped_under(tmp_path) == {"./": "own_results"}


def test_a_row_copied_into_a_folder_of_clips_is_known_as_drawn_here(tmp_path: Path) -> None:
    touch(tmp_path, "row.mp4", "annotated/row-12345678.mp4", "landmarks/row-12345678-01.npz", "landmarks/row-12345678-02.npz")
    (tmp_path / "results.json").write_text(dump_results(Results("posecoach 0", ())), "utf-8")
    assert paths_under(tmp_path) == ["row.mp4"]


def test_a_run_at_work_is_known_before_it_has_results(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "out/.posecoach-lock", "out/annotated/a-12345678.mp4", "out/landmarks/a-12345678.npz")
    assert (paths_under(tmp_path), skipped_under(tmp_path)) == (["a.mp4"], {"out/": "own_results"})


def test_results_of_another_program_are_no_results(tmp_path: Path) -> None:
    touch(tmp_path, "x/results.json", "x/annotated/b.mp4")
    assert (paths_under(tmp_path), skipped_under(tmp_path)) == (["x/annotated/b.mp4"], {"x/results.json": "not_media"})


@needs_links
def test_folders_behind_links_are_read_once_and_circles_end(tmp_path: Path) -> None:
    touch(tmp_path, "here/real/a.mp4", "elsewhere/b.mp4")
    (tmp_path / "here" / "again").symlink_to(tmp_path / "here" / "real")
    (tmp_path / "here" / "circle").symlink_to(tmp_path / "here")
    (tmp_path / "here" / "other").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "here" / "copy.mp4").symlink_to(tmp_path / "here" / "real" / "a.mp4")
    (tmp_path / "here" / "gone.mp4").symlink_to(tmp_path / "nothing")
    assert paths_under(tmp_path / "here") == ["copy.mp4", "other/b.mp4"]
    assert skipped_under(tmp_path / "here") == {
        "again/": "same_folder",
        "circle/": "same_folder",
        "gone.mp4": "broken_link",
        "real/a.mp4": "same_file",
    }


def test_a_folder_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Injected, since nobody refuses anything to who runs the tests as root."""
    touch(tmp_path, "a.mp4", "locked/b.mp4")
    scandir = os.scandir

    def refused(folder: Path) -> Any:
        if Path(folder).name == "locked":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refused)
    assert (paths_under(tmp_path), skipped_under(tmp_path)) == (["a.mp4"], {"locked/": "no_access"})
    found = find_inputs([str(tmp_path / "locked")])
    assert (found.inputs, found.skipped) == ([], [])
    assert found.problems[0].words.en.startswith("cannot be opened: ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_called_like_a_video_is_not_waited_for(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    os.mkfifo(tmp_path / "b.mp4")
    assert (paths_under(tmp_path), skipped_under(tmp_path)) == (["a.mp4"], {"b.mp4": "not_a_file"})


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "名" * 100 + ".mp4", "*" + "x" * 300])
def test_what_the_system_refuses_is_a_path_that_leads_nowhere(name: str, tmp_path: Path) -> None:
    found = find_inputs([str(tmp_path / name)])
    assert (found.inputs, len(found.problems)) == ([], 1)


def test_what_a_pattern_matches_and_is_not_read_is_told(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "a.txt", "b/c.mp4", "b/d.txt")
    assert paths_under(tmp_path / "**" / "*") == ["a.mp4", "b/c.mp4"]
    assert skipped_under(tmp_path / "**" / "*") == {"a.txt": "not_media", "b/d.txt": "not_media"}


def test_every_file_under_a_folder_is_read_or_told(tmp_path: Path) -> None:
    """Whatever lies there: read, told, or in a folder that is told."""
    names = [
        f"{place}{name}"
        for place in ("", "clips/", ".x/", "out/", "out/annotated/", "深/")
        for name in ("a.mp4", "b.GIF", ".c", "~$d", "e.txt")
    ]
    touch(tmp_path, *names)
    write_results(tmp_path / "out", "a-12345678")
    found = find_inputs([str(tmp_path)])
    told = {item.path for item in found.inputs} | {item.path for item in found.skipped}
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        path = file.relative_to(tmp_path).as_posix()
        parents = {f"{parent}/" for parent in PurePosixPath(path).parents}
        assert path in told or parents & told, path


@pytest.mark.parametrize("name", ["a.gif", "a.avif", "a.tif", "a.TIFF"])
def test_a_picture_named_singly_is_also_read_in_a_folder(name: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    Image.new("RGB", (64, 48), "navy").save(tmp_path / "in" / name)
    for argument in (tmp_path / "in", tmp_path / "in" / name):
        (found,) = find_inputs([str(argument)]).inputs
        with open_source(found, None) as source:
            assert [frame.size_wh for frame in source] == [(64, 48)]


def test_a_single_file_goes_by_its_name_and_any_ending_is_tried(tmp_path: Path) -> None:
    touch(tmp_path, "x/a.mp4", "x/clip.dat", "x/p.PNG")
    inputs = find_inputs([str(tmp_path / "x" / name) for name in ("a.mp4", "clip.dat", "p.PNG")]).inputs
    assert [(found.path, found.kind) for found in inputs] == [("a.mp4", "video"), ("clip.dat", "video"), ("p.PNG", "picture")]


def test_patterns_are_expanded_here(tmp_path: Path) -> None:
    touch(tmp_path, "视频/站姿/早会_1.mp4", "视频/站姿/早会_2.mp4", "视频/坐姿/a.mp4", "视频/坐姿/a.txt")
    assert paths_under(tmp_path / "视频" / "站姿" / "早会_?.mp4") == ["早会_1.mp4", "早会_2.mp4"]
    assert paths_under(tmp_path / "视频" / "**" / "*.mp4") == ["坐姿/a.mp4", "站姿/早会_1.mp4", "站姿/早会_2.mp4"]
    assert paths_under(tmp_path / "视频" / "*姿") == ["坐姿/a.mp4", "站姿/早会_1.mp4", "站姿/早会_2.mp4"]


def test_a_relative_pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.mp4", "b.mp4")
    monkeypatch.chdir(tmp_path)
    assert paths_under("*.mp4") == ["a.mp4", "b.mp4"]
    assert paths_under(".") == ["a.mp4", "b.mp4"]


def test_a_file_with_brackets_in_its_name_is_a_file(tmp_path: Path) -> None:
    touch(tmp_path, "clip [1].mp4")
    assert paths_under(tmp_path / "clip [1].mp4") == ["clip [1].mp4"]


def test_a_file_found_twice_is_read_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "b.mp4")
    assert paths_under(tmp_path / "b.mp4", tmp_path, tmp_path / "*.mp4", tmp_path / ".." / tmp_path.name) == ["b.mp4", "a.mp4"]


def test_what_leads_nowhere_does_not_stop_the_rest(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "docs/readme.txt")
    arguments = [str(tmp_path / name) for name in ("没有.mp4", "docs", "*.mov", "a.mp4")]
    found = find_inputs([*arguments, ""])
    problems = found.problems
    assert [item.path for item in found.inputs] == ["a.mp4"]
    assert [problem.path for problem in problems] == [*arguments[:3], ""]
    for problem, message in zip(problems, ["no such file", "no video or picture in the folder", "nothing matches", "no such"], strict=True):
        assert problem.words.en.startswith(message)
        assert "\n" not in problem.words.en + problem.words.zh


def test_two_files_of_one_name_get_two_clip_ids(tmp_path: Path) -> None:
    touch(tmp_path, "a/IMG_0001.mp4", "b/IMG_0001.mp4", "a/IMG_0001.jpg", "a_IMG_0001.mp4")
    within = find_inputs([str(tmp_path)]).inputs
    across = find_inputs([str(tmp_path / "a"), str(tmp_path / "b")]).inputs
    swapped = find_inputs([str(tmp_path / "b"), str(tmp_path / "a")]).inputs
    assert len({found.clip_id for found in within}) == 4
    assert [found.path for found in across] == ["IMG_0001.jpg", "IMG_0001.mp4", "IMG_0001.mp4"]
    assert len({found.clip_id for found in across}) == 3
    assert {found.file: found.clip_id for found in across} == {found.file: found.clip_id for found in swapped}


def test_clip_ids_do_not_depend_on_where_the_folder_lies(tmp_path: Path) -> None:
    touch(tmp_path, "one/x/站姿 1.mp4", "two/x/站姿 1.mp4")
    (first,), (second,) = (find_inputs([str(tmp_path / name)]).inputs for name in ("one", "two"))
    assert first.clip_id == second.clip_id


def test_clip_ids_are_safe_file_names_and_keep_chinese(tmp_path: Path) -> None:
    touch(tmp_path, f"早会/站姿 (第1次): {'很' * 70}.mp4", "...mp4", "早会/站姿.v2.mp4")
    ids = sorted(found.clip_id for found in find_inputs([str(tmp_path)]).inputs)
    assert all(len(clip_id.encode()) < 200 and not set(clip_id) & set('<>:"/\\|?* .()') for clip_id in ids)
    assert any(clip_id.startswith("早会_站姿_v2-") for clip_id in ids)


def test_names_are_composed_unicode(tmp_path: Path) -> None:
    touch(tmp_path, unicodedata.normalize("NFD", "é.mp4"))
    assert paths_under(tmp_path) == [unicodedata.normalize("NFC", "é.mp4")]


def test_opening_gives_the_right_source(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write_video(tmp_path / "b" / "a.mp4", even_times(30, 30))
    Image.new("RGB", (8, 8)).save(tmp_path / "b" / "p.png")
    (tmp_path / "b" / "t.mp4").write_text("text")
    clip, photo, text = find_inputs([str(tmp_path)]).inputs
    with open_source(clip, 10) as source:
        assert (source.kind, source.name, len(list(source))) == ("video", "b/a.mp4", 10)
    with open_source(photo, 10) as source:
        assert (source.kind, source.name, len(list(source))) == ("picture", "b/p.png", 1)
    with pytest.raises(SourceError, match=r"not a video: b/t\.mp4"):
        open_source(text, 10)
