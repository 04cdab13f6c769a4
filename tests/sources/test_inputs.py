"""What is typed (files, folders, patterns) becomes a list of inputs; what leads nowhere is told beside it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from posecoach.errors import SourceError
from posecoach.sources.inputs import find_inputs, open_source
from tests.odd_media import even_times, write_video


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def paths_under(*arguments: Path | str) -> list[str]:
    inputs, problems = find_inputs([str(argument) for argument in arguments])
    assert problems == []
    return [found.path for found in inputs]


def test_a_folder_is_read_through_in_natural_order(tmp_path: Path) -> None:
    touch(tmp_path, "IMG_10.MP4", "img_9.mov", "b/IMG_2.heic", "b/IMG_1.jpg", "notes.txt", "truth.json")
    assert paths_under(tmp_path) == ["b/IMG_1.jpg", "b/IMG_2.heic", "img_9.mov", "IMG_10.MP4"]


def test_hidden_files_and_earlier_results_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "._a.mp4", ".trash/b.mp4", "posecoach-out/results.json", "posecoach-out/annotated/a.mp4")
    assert paths_under(tmp_path) == ["a.mp4"]


def test_a_folder_that_got_its_own_results_is_read_without_them(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "b/c.mp4", "results.json", "annotated/a-1234.mp4")
    assert paths_under(tmp_path) == ["a.mp4", "b/c.mp4"]


def test_a_single_file_goes_by_its_name_and_any_ending_is_tried(tmp_path: Path) -> None:
    touch(tmp_path, "x/a.mp4", "x/clip.dat", "x/p.PNG")
    inputs, _ = find_inputs([str(tmp_path / "x" / name) for name in ("a.mp4", "clip.dat", "p.PNG")])
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
    inputs, problems = find_inputs([*arguments, ""])
    assert [found.path for found in inputs] == ["a.mp4"]
    assert [problem.path for problem in problems] == [*arguments[:3], ""]
    for problem, message in zip(problems, ["no such file", "no video or picture in the folder", "nothing matches", "no such"], strict=True):
        assert problem.words.en.startswith(message)
        assert "\n" not in problem.words.en + problem.words.zh


def test_two_files_of_one_name_get_two_clip_ids(tmp_path: Path) -> None:
    touch(tmp_path, "a/IMG_0001.mp4", "b/IMG_0001.mp4", "a/IMG_0001.jpg", "a_IMG_0001.mp4")
    within, _ = find_inputs([str(tmp_path)])
    across, _ = find_inputs([str(tmp_path / "a"), str(tmp_path / "b")])
    swapped, _ = find_inputs([str(tmp_path / "b"), str(tmp_path / "a")])
    assert len({found.clip_id for found in within}) == 4
    assert [found.path for found in across] == ["IMG_0001.jpg", "IMG_0001.mp4", "IMG_0001.mp4"]
    assert len({found.clip_id for found in across}) == 3
    assert {found.file: found.clip_id for found in across} == {found.file: found.clip_id for found in swapped}


def test_clip_ids_do_not_depend_on_where_the_folder_lies(tmp_path: Path) -> None:
    touch(tmp_path, "one/x/站姿 1.mp4", "two/x/站姿 1.mp4")
    (first,), (second,) = (find_inputs([str(tmp_path / name)])[0] for name in ("one", "two"))
    assert first.clip_id == second.clip_id


def test_clip_ids_are_safe_file_names_and_keep_chinese(tmp_path: Path) -> None:
    touch(tmp_path, f"早会/站姿 (第1次): {'很' * 70}.mp4", "...mp4", "早会/站姿.v2.mp4")
    ids = sorted(found.clip_id for found in find_inputs([str(tmp_path)])[0])
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
    clip, photo, text = find_inputs([str(tmp_path)])[0]
    with open_source(clip, 10) as source:
        assert (source.kind, source.name, len(list(source))) == ("video", "b/a.mp4", 10)
    with open_source(photo, 10) as source:
        assert (source.kind, source.name, len(list(source))) == ("picture", "b/p.png", 1)
    with pytest.raises(SourceError, match=r"not a video: b/t\.mp4"):
        open_source(text, 10)
