"""Still pictures: any bit depth and colour model to upright 8-bit BGR, HEIC of phones included, JPEGs also where the end is missing."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from posecoach.body.records import AS_IT_IS, Frame, Turn
from posecoach.errors import SourceError
from posecoach.sources.files import DAMAGED, check_file
from posecoach.sources.upright import turned
from posecoach.vocabulary import Text

MAX_PIXELS = 200_000_000
_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "HEIF", "AVIF", "TIFF")
_JPEG_START = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_LEAST_SEEN = 0.5
"""So much of the height of a cut JPEG has to be there."""
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, RuntimeError, struct.error)
"""What Pillow raises for pictures that are damaged."""

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class PictureSource:
    """A still picture as a `Source` of one frame at t = 0; ``fps`` and ``duration_s`` are 0.

    Reads JPEG, PNG, WebP, BMP, HEIC/HEIF, AVIF and TIFF whatever the file is called; turned as EXIF says, then by ``turn``; what is
    transparent becomes white. The picture is read on opening. A JPEG that lacks its last bytes is taken, with the warning `damaged`, where
    at least half of its rows are there. Raises `SourceError` for anything else that is not a whole picture, or has more than `MAX_PIXELS`
    pixels.
    """

    kind: Literal["video", "picture"] = "picture"

    def __init__(self, path: str | Path, name: str | None = None, turn: Turn = AS_IT_IS) -> None:
        self.name = name or Path(path).name
        self.duration_s: float | None = 0.0
        self.fps = 0.0
        self.warnings: list[str] = []
        image_bgr, is_cut = _read_bgr(Path(path), self.name)
        if is_cut:
            self.warnings.append(DAMAGED)
        self._frame = Frame(turned(image_bgr, turn), 0, 0.0, self.name)
        self.size_wh = self._frame.size_wh

    def __enter__(self) -> PictureSource:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        yield self._frame


def _read_bgr(path: Path, name: str) -> tuple[npt.NDArray[np.uint8], bool]:
    """The picture, and whether its end was missing."""
    check_file(path, name, "picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)
            try:
                with Image.open(path, formats=_FORMATS) as picture:
                    return to_bgr(picture), False
            except OSError:
                if not _is_jpeg(path):
                    raise
                return _cut_jpeg(path), True
    except UnidentifiedImageError as error:
        raise SourceError(
            Text(
                f"不是照片：{name} 的格式不认识（认识 JPEG、PNG、WebP、BMP、HEIC、AVIF、TIFF）；请转成 JPEG",
                f"not a picture: {name} is no JPEG, PNG, WebP, BMP, HEIC, AVIF or TIFF; convert it to JPEG",
            )
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SourceError(
            Text(
                f"照片太大：{name} 超过 {MAX_PIXELS // 10_000} 万像素；请缩小后再试",
                f"the picture is too large: {name} has over {MAX_PIXELS // 1_000_000} million pixels; make it smaller",
            )
        ) from error
    except MemoryError as error:
        raise SourceError(
            Text(
                f"照片太大：{name} 内存放不下；请缩小后再试", f"the picture is too large: {name} does not fit into memory; make it smaller"
            )
        ) from error
    except UNREADABLE as error:
        raise SourceError(
            Text(f"照片损坏：{name} 读不到结尾；请重新拷贝", f"the picture is damaged: {name} cannot be read to its end; copy it again")
        ) from error


def _is_jpeg(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == _JPEG_START


def _cut_jpeg(path: Path) -> npt.NDArray[np.uint8]:
    """What is there of a JPEG whose end is missing. Raises as Pillow does where that is too little."""
    with Image.open(io.BytesIO(path.read_bytes() + _JPEG_END), formats=("JPEG",)) as picture:
        picture.load()
        rows = np.asarray(picture.convert("L"))
        seen = np.flatnonzero(rows.max(axis=1) > rows.min(axis=1))  # the decoder fills the rest with one colour
        if not len(seen) or seen[-1] + 1 < _LEAST_SEEN * len(rows):
            raise OSError("less than half of the picture is there")
        return to_bgr(picture)


def to_bgr(picture: Any) -> npt.NDArray[np.uint8]:
    """An open picture of Pillow as (h, w, 3) BGR, upright, on white. Raises what is in `UNREADABLE`."""
    picture.load()
    upright = _upright(picture)
    if upright.mode.startswith(("I", "F")):
        grey = np.asarray(upright).astype(np.float32)
        return np.asarray(cv2.cvtColor(np.clip(grey / 257, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    return np.asarray(cv2.cvtColor(np.asarray(upright.convert("RGB")), cv2.COLOR_RGB2BGR), np.uint8)


def _upright(picture: Any) -> Any:
    """The picture turned as its EXIF data say; as it is where they are broken."""
    try:
        return ImageOps.exif_transpose(picture)
    except UNREADABLE:
        return picture
