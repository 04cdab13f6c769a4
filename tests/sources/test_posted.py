"""Posted pictures: JPEG only, bounded before anything is decoded; and every decoder of strangers' pictures holds against damaged copies."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from posecoach.errors import SourceError
from posecoach.sources.posted import MAX_SIDE_PX, MOST_SCANS, decode_posted
from tests.mutations import crash_of
from tests.odd_media import corners, quarters
from tests.sources.decoders import KINDS, seeds_of

ROOT = Path(__file__).parents[2]
UPRIGHT = Image.fromarray(quarters(0, (96, 64))[..., ::-1].copy())


def jpeg(picture: Image.Image = UPRIGHT, **more: Any) -> bytes:
    room = BytesIO()
    picture.save(room, "JPEG", **more)
    return room.getvalue()


@pytest.mark.parametrize(
    "more", [{}, {"progressive": True}, {"exif": b"Exif\x00\x00MM\x00*\x00\x00\xff\xff"}, {"comment": b"x" * 999}], ids=str
)
def test_a_jpeg_comes_out_as_its_rows_lie(more: dict[str, Any]) -> None:
    found = decode_posted(jpeg(**more))
    assert (found.shape, corners(found)) == ((64, 96, 3), "bgrw")


@pytest.mark.parametrize("kind", ["png", "webp", "bmp", "heic"])
def test_nothing_else_is_decoded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("posecoach.sources.posted.JpegImageFile")
    for data in seeds_of(kind):
        with pytest.raises(SourceError, match="expected a JPEG"):
            decode_posted(data)


@pytest.mark.parametrize("size_wh", [(MAX_SIDE_PX + 1, 8), (8, MAX_SIDE_PX + 1), (65535, 65535)])
def test_a_size_that_is_too_large_is_refused_by_the_header(size_wh: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("posecoach.sources.posted.JpegImageFile")
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = size_wh[1].to_bytes(2, "big") + size_wh[0].to_bytes(2, "big")
    with pytest.raises(SourceError, match="too large"):
        decode_posted(bytes(data))


def test_a_picture_of_countless_scans_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg(progressive=True)
    monkeypatch.delattr("posecoach.sources.posted.JpegImageFile")
    last = data.rindex(b"\xff\xda")
    with pytest.raises(SourceError, match="scans"):
        decode_posted(data[:-2] + data[last:-2] * MOST_SCANS + data[-2:])


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00\x00", jpeg()[:-40], jpeg()[:100]], ids=len)
def test_what_is_not_whole_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        decode_posted(data)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_copies_crash_no_decoder(kind: str) -> None:
    assert crash_of("tests.sources.decoders", kind) == ""


def test_opencv_reads_no_files() -> None:
    """Its decoder of animated PNGs crashes on damaged ones."""
    for file in (ROOT / "posecoach").rglob("*.py"):
        assert not {word for word in ("imdecode", "imread") if word in file.read_text("utf-8")}, file


def test_black_is_told_from_bytes() -> None:
    assert np.array_equal(decode_posted(jpeg(Image.new("L", (16, 16)))), np.zeros((16, 16, 3), np.uint8))
