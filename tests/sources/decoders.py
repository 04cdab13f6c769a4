"""Every decoder of pictures that a stranger's bytes reach, tried on damaged copies: ``python -m tests.sources.decoders KIND``."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from posecoach.errors import SourceError
from posecoach.sources.picture import PictureSource
from posecoach.sources.posted import decode_posted
from tests.mutations import COUNT, mutations, try_all

SIZE_WH = (97, 61)


def seeds_of(suffix: str) -> list[bytes]:
    """Whole pictures of a kind, in its colour models and ways of being stored."""
    return [_stored(suffix, mode, more) for mode, more in _WAYS[suffix]]


def _stored(suffix: str, mode: str, more: dict[str, object]) -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (SIZE_WH[1], SIZE_WH[0], 3), np.uint8)
    smooth = np.add.outer(np.arange(SIZE_WH[1]), np.arange(SIZE_WH[0]))[..., None] * np.ones(3)
    frames = [Image.fromarray(values.astype(np.uint8)).convert(mode) for values in (smooth, noise, smooth // 2)]
    if more.get("save_all"):
        more = more | {"append_images": frames[1:]}
    room = BytesIO()
    frames[0].save(room, {"jpg": "JPEG", "heic": "HEIF"}.get(suffix, suffix.upper()), **more)
    return room.getvalue()


_EXIF = Image.Exif()
_EXIF[0x0112] = 6
_JPEGS: tuple[tuple[str, dict[str, object]], ...] = (
    ("RGB", {"quality": 80}),
    ("RGB", {"progressive": True, "exif": _EXIF.tobytes()}),
    ("L", {"optimize": True}),
    ("CMYK", {"subsampling": 0}),
)
_WAYS: dict[str, Sequence[tuple[str, dict[str, object]]]] = {
    "jpg": _JPEGS,
    "png": (
        ("RGB", {"exif": _EXIF.tobytes()}),
        ("P", {}),
        ("LA", {}),
        ("I;16", {}),
        ("RGBA", {"save_all": True, "duration": 40}),
        ("RGB", {"save_all": True}),
    ),
    "webp": (("RGB", {"quality": 60}), ("RGBA", {"lossless": True}), ("RGB", {"save_all": True, "duration": 40})),
    "bmp": (("RGB", {}), ("P", {}), ("1", {})),
    "heic": (("RGB", {"quality": 60}), ("RGBA", {"exif": _EXIF.tobytes()})),
}
KINDS = ("posted", *_WAYS)


def _from_file(suffix: str) -> Callable[[bytes], object]:
    path = Path(tempfile.mkdtemp()) / f"damaged.{suffix}"

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return PictureSource(path)

    return read


def main(kind: str) -> None:
    """Decode the damaged copies of a kind; whatever else than `SourceError` comes out ends it."""
    warnings.simplefilter("error")
    decode = decode_posted if kind == "posted" else _from_file(kind)
    seeds = [data for each in _WAYS for data in seeds_of(each)] if kind == "posted" else seeds_of(kind)
    try_all(kind, mutations(seeds, COUNT), decode, (SourceError,))


if __name__ == "__main__":
    main(sys.argv[1])
