"""Pictures that move are clips, whatever they are called; those that do not stay pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, features

from posecoach.errors import SourceError
from posecoach.sources.animation import AnimationSource
from posecoach.sources.inputs import find_inputs, open_source
from tests.odd_media import cut, number_of, numbered, write_animation

SUFFIXES = ["webp", "png", *(["avif"] if features.check("avif") else [])]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_animated_picture_is_a_clip_and_its_blank_first_frame_only_one_of_many(tmp_path: Path, suffix: str) -> None:
    write_animation(tmp_path / f"a.{suffix}", 12, is_first_blank=True)
    (found,) = find_inputs([str(tmp_path)]).inputs
    assert found.kind == "video"
    with open_source(found, 5.0) as source:
        frames = list(source)
    assert (source.kind, source.fps, source.size_wh, source.warnings) == ("video", 5.0, (64, 48), [])
    assert source.duration_s == pytest.approx(1.2)
    assert [frame.t_ms for frame in frames] == pytest.approx([200.0 * i for i in range(6)])
    assert frames[0].image_bgr.min() > 250
    assert [round((float(frame.image_bgr.mean()) - 20) / 5) for frame in frames[1:]] == [2, 4, 6, 8, 10]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_picture_that_does_not_move_stays_a_picture(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(numbered(3, (64, 48))).save(tmp_path / f"a.{suffix}")
    (found,) = find_inputs([str(tmp_path)]).inputs
    assert found.kind == "picture"


def test_an_animated_picture_is_known_by_its_content(tmp_path: Path) -> None:
    write_animation(tmp_path / "a.webp", 3).rename(tmp_path / "a.jpg")
    (found,) = find_inputs([str(tmp_path)]).inputs
    with open_source(found, None) as source:
        assert [number_of(frame.image_bgr) for frame in source] == [0, 1, 2]


def test_a_gif_is_a_clip(tmp_path: Path) -> None:
    write_animation(tmp_path / "a.gif", 8)
    (found,) = find_inputs([str(tmp_path)]).inputs
    with open_source(found, None) as source:
        assert (source.kind, len(list(source))) == ("video", 8)


def test_an_animation_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    path = cut(write_animation(tmp_path / "a.png", 12, (64, 48)), 0.6)
    with AnimationSource(path) as source:
        frames = list(source)
    assert 2 <= len(frames) < 12
    assert source.warnings == ["damaged"]


def test_what_is_no_picture_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.webp").write_bytes(b"RIFF1234WEBPVP8X" + b"x" * 40)
    with pytest.raises(SourceError, match=r"damaged: a\.webp cannot be read"):
        AnimationSource(tmp_path / "a.webp")
