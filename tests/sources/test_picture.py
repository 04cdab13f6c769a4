"""Still pictures of any colour model come out upright and BGR; broken ones get one clear line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posecoach.errors import SourceError
from posecoach.sources.picture import PictureSource
from tests.odd_media import corners, cut, huge_png_header, noise, quarters

UPRIGHT = Image.fromarray(quarters(0, (96, 64))[..., ::-1].copy())


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "heic", "avif", "tiff"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"站姿.{suffix}"
    UPRIGHT.save(path)
    with PictureSource(path) as source:
        (frame,) = source
    assert (corners(frame.image_bgr), frame.size_wh, source.size_wh) == ("bgrw", (96, 64), (96, 64))
    assert (frame.index, frame.t_ms, source.kind, source.name, source.warnings) == (0, 0.0, "picture", path.name, [])


@pytest.mark.parametrize("suffix", ["jpg", "heic"])
def test_a_phone_held_upright(tmp_path: Path, suffix: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    UPRIGHT.save(tmp_path / f"a.{suffix}", exif=exif.tobytes())
    source = PictureSource(tmp_path / f"a.{suffix}")
    assert (source.size_wh, corners(next(iter(source)).image_bgr)) == ((64, 96), "wbgr")


def test_broken_exif_data_do_not_matter(tmp_path: Path) -> None:
    UPRIGHT.save(tmp_path / "a.jpg", exif=b"Exif\x00\x00MM\x00*\x00\x00\xff\xff")
    assert PictureSource(tmp_path / "a.jpg").size_wh == (96, 64)


@pytest.mark.parametrize(
    ("mode", "suffix"), [("P", "png"), ("RGBA", "png"), ("RGBA", "webp"), ("CMYK", "jpg"), ("L", "jpg"), ("1", "png"), ("LA", "png")]
)
def test_colour_models(tmp_path: Path, mode: str, suffix: str) -> None:
    UPRIGHT.convert(mode).save(tmp_path / f"a.{suffix}")
    image = next(iter(PictureSource(tmp_path / f"a.{suffix}"))).image_bgr
    assert image.shape == (64, 96, 3)
    if mode in ("P", "RGBA", "CMYK"):
        assert corners(image) == "bgrw"
    assert image[48, 24].min() > 250


def test_sixteen_bits_keep_their_tones(tmp_path: Path) -> None:
    Image.fromarray(np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)).save(tmp_path / "a.png")
    image = next(iter(PictureSource(tmp_path / "a.png"))).image_bgr
    assert np.abs(image[..., 1].reshape(-1).astype(int) - np.arange(256)).max() <= 1


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert next(iter(PictureSource(tmp_path / "a.png"))).image_bgr.min() == 255


@pytest.mark.parametrize("size_wh", [(1, 1), (7680, 4320)], ids=["1x1", "8K"])
def test_sizes(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    Image.new("RGB", size_wh, "red").save(tmp_path / "a.jpg")
    source = PictureSource(tmp_path / "a.jpg")
    assert (source.size_wh, next(iter(source)).size_wh) == (size_wh, size_wh)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "bmp", "heic", "avif", "tiff"])
@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_cut_off_picture_is_an_error(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(noise(0, (96, 64))).save(path)
    with pytest.raises(SourceError, match=rf"picture.*: a\.{suffix}"):
        PictureSource(cut(path, share))


@pytest.mark.parametrize("share", [0.7, 0.99])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_end_is_taken_as_damaged(tmp_path: Path, share: float, progressive: bool) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(noise(0, (96, 64))).save(path, progressive=progressive)
    whole = next(iter(PictureSource(path))).image_bgr
    source = PictureSource(cut(path, share))
    assert (source.warnings, source.size_wh) == (["damaged"], (96, 64))
    assert progressive or np.array_equal(next(iter(source)).image_bgr[:16], whole[:16])


@pytest.mark.parametrize("size_wh", [(20_000, 10_001), (60_000, 60_000)])
def test_a_picture_too_large_for_memory_is_refused_before_it_is_read(tmp_path: Path, size_wh: tuple[int, int]) -> None:
    with pytest.raises(SourceError, match=r"the picture is too large: a\.png has over 200 million pixels"):
        PictureSource(huge_png_header(tmp_path / "a.png", size_wh))


def test_what_is_no_picture_gets_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("not a picture")
    for name, message in [("empty.jpg", "the file is empty"), ("text.jpg", "not a picture"), ("no.jpg", "no such file"), (".", "folder")]:
        with pytest.raises(SourceError, match=message) as caught:
            PictureSource(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_real_photos_open(shared_data: Path) -> None:
    photos = [path for path in sorted((shared_data / "photos").iterdir()) if path.suffix in (".jpg", ".jpeg", ".png")]
    assert photos
    for path in photos[::6]:
        assert min(PictureSource(path).size_wh) > 50
