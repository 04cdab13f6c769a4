"""Makes the odd files that come from phones, crashes and mistakes."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation
from PIL import Image as Picture

Image = npt.NDArray[np.uint8]

TICKS = 90_000
_ROUNDING = getattr(Interpolation, "ACCURATE_RND", None)  # from PyAV 18 on
_EXACT = Interpolation.BILINEAR | _ROUNDING if _ROUNDING else Interpolation.BILINEAR
_DARKER = 0.0 if _ROUNDING else 2.0  # without it greys come back this much darker
PLAIN, TURNED = (1, 0, 0, 1), (0, 1, -1, 0)


def numbered(index: int, size_wh: tuple[int, int]) -> Image:
    """An even grey that tells the frame's number (0..44) to `number_of`."""
    return np.full((size_wh[1], size_wh[0], 3), 20 + 5 * index, np.uint8)


def number_of(image_bgr: Image) -> int:
    """The number of a `numbered` frame after coding."""
    return round((float(image_bgr.mean()) - 20 + _DARKER) / 5)


def noise(index: int, size_wh: tuple[int, int]) -> Image:
    """A picture that does not compress, so that the bytes of a file are spread evenly over its time."""
    return np.random.default_rng(index).integers(0, 255, (size_wh[1], size_wh[0], 3), np.uint8)


def quarters(index: int, size_wh: tuple[int, int]) -> Image:
    """Clockwise from the top left: blue, green, red, white."""
    width, height = size_wh
    image = np.zeros((height, width, 3), np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, width // 2 :] = (0, 0, 255)
    image[height // 2 :, : width // 2] = (255, 255, 255)
    return image


def corners(image_bgr: Image) -> str:
    """The colours of `quarters` found in a picture, clockwise from the top left, for example ``bgrw``."""
    height, width = image_bgr.shape[:2]
    points = [(height // 4, width // 4), (height // 4, -width // 4), (-height // 4, -width // 4), (-height // 4, width // 4)]
    names = {(True, False, False): "b", (False, True, False): "g", (False, False, True): "r", (True, True, True): "w"}
    return "".join(names.get(tuple((image_bgr[point] > 127).tolist()), "?") for point in points)


def even_times(count: int, fps: float) -> list[float]:
    """``count`` times in seconds from 0 at a constant rate."""
    return [i / fps for i in range(count)]


def write_video(
    path: Path,
    times_s: Sequence[float],
    size_wh: tuple[int, int] = (64, 48),
    draw: Callable[[int, tuple[int, int]], Image] = numbered,
    **settings: Any,
) -> Path:
    """Write a clip whose frame i is ``draw(i, size_wh)`` at ``times_s[i]``.

    Settings: codec, pix_fmt, rate (what the container is told), aspect (of a pixel), options (of the encoder).
    """
    options = {"crf": "4", "preset": "ultrafast", "g": "10", **settings.get("options", {})}
    with av.open(str(path), "w", options={"movflags": "+faststart"} if path.suffix == ".mp4" else {}) as container:
        stream: Any = container.add_stream(settings.get("codec", "libx264"), rate=Fraction(settings.get("rate", 30)), options=options)
        stream.width, stream.height = size_wh
        stream.pix_fmt = settings.get("pix_fmt", "yuv420p")
        stream.codec_context.time_base = Fraction(1, settings.get("ticks", TICKS))
        if "aspect" in settings:
            stream.codec_context.sample_aspect_ratio = settings["aspect"]
        for index, time_s in enumerate(times_s):
            picture = av.VideoFrame.from_ndarray(draw(index, size_wh), format="bgr24").reformat(format=stream.pix_fmt, interpolation=_EXACT)
            picture.time_base = stream.codec_context.time_base
            picture.pts = round(time_s / picture.time_base)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def write_turned_phone(path: Path, sizes_wh: Sequence[tuple[int, int]], seconds: float = 1.0) -> Path:
    """A transport stream whose picture has one size after the other, showing `quarters`, ten pictures a second."""
    parts = [path.with_name(f"{path.stem}-{i}.ts") for i in range(len(sizes_wh))]
    for i, (part, size_wh) in enumerate(zip(parts, sizes_wh, strict=True)):
        write_video(part, [i * seconds + t for t in even_times(round(10 * seconds), 10)], size_wh, quarters, rate=10)
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def write_with_thumbnail(
    path: Path,
    flags: tuple[bool, bool],
    thumbnails: int = 1,
    is_cover: bool = False,
    sizes_wh: tuple[tuple[int, int], tuple[int, int]] = ((32, 24), (128, 96)),
) -> Path:
    """A clip of 20 `numbered` frames as stream 1, with thumbnails of `noise` as stream 0; ``flags``: which of the two is a default."""
    with av.open(str(path), "w") as container:
        tracks: list[Any] = [
            container.add_stream("mjpeg", rate=10),
            container.add_stream("libx264", rate=10, options={"g": "1", "crf": "4"}),
        ]
        for track, pix_fmt, is_default, size_wh in zip(tracks, ("yuvj420p", "yuv420p"), flags, sizes_wh, strict=True):
            track.pix_fmt, (track.width, track.height) = pix_fmt, size_wh
            track.disposition = av.stream.Disposition.default if is_default else av.stream.Disposition(0)
        if is_cover:
            tracks[0].disposition |= av.stream.Disposition.attached_pic
        for track, count, draw, every in zip(tracks, (thumbnails, 20), (noise, numbered), (max(1, 20 // (2 * thumbnails)), 1), strict=True):
            for i in range(count):
                picture = av.VideoFrame.from_ndarray(draw(i, (track.width, track.height)), format="bgr24")
                picture = picture.reformat(format=track.pix_fmt, interpolation=_EXACT)
                picture.pts, picture.time_base = i * every, Fraction(1, 10)
                container.mux(track.encode(picture))
            container.mux(track.encode(None))
    return path


def write_animation(path: Path, count: int, size_wh: tuple[int, int] = (64, 48), is_first_blank: bool = False) -> Path:
    """An animated picture of ``count`` `numbered` frames, ten a second; the first may be all white."""
    pictures = [Picture.fromarray(numbered(i, size_wh)) for i in range(count)]
    if is_first_blank:
        pictures[0] = Picture.new("RGB", size_wh, "white")
    lossless: dict[str, Any] = {"lossless": True} if path.suffix == ".webp" else {}
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100, loop=0, **lossless)
    return path


def with_jumps(path: Path, shift_s: Callable[[int], float], at_picture: Callable[[int], float] = lambda _: 0.0) -> Path:
    """Copy a clip with the clock of packet i moved by ``shift_s(i)`` seconds, its picture's time by ``at_picture(i)`` on top."""
    out = path.with_name(f"{path.stem}-jumps{path.suffix}")
    with av.open(str(path)) as source, av.open(str(out), "w") as copy:
        track: Any = copy.add_stream_from_template(source.streams.video[0])
        for i, packet in enumerate(packet for packet in source.demux(video=0) if packet.size):
            unit_s = float(packet.time_base)
            packet.dts += round(shift_s(i) / unit_s)
            packet.pts += round((shift_s(i) + at_picture(i)) / unit_s)
            packet.stream = track
            copy.mux(packet)
    return out


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    """A file with a sound track only."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=44100)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.sample_rate = 44100
        for i in range(int(seconds * 44100 / 1024)):
            sound.pts = 1024 * i
            container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path


def write_zero_frames(path: Path) -> Path:
    """A video with a picture track and no picture in it."""
    with av.open(str(path), "w", options={"movflags": "empty_moov"}) as container:
        stream: Any = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.start_encoding()
    return path


def cut(path: Path, share: float) -> Path:
    """Leave the first ``share`` of a file's bytes."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def scratch(path: Path, share: float, count: int) -> Path:
    """Overwrite ``count`` bytes from ``share`` of the file on."""
    content = bytearray(path.read_bytes())
    start = int(len(content) * share)
    content[start : start + count] = b"\xff" * count
    path.write_bytes(content)
    return path


def without_index(path: Path) -> Path:
    """What a phone leaves that dies while recording: an MP4 without its moov box."""
    content = path.read_bytes()
    start = content.index(b"moov") - 4
    length = struct.unpack(">I", content[start : start + 4])[0]
    path.write_bytes(content[:start] + content[start + length :])
    return path


def with_matrix(path: Path, abcd: tuple[int, int, int, int]) -> Path:
    """Set the display matrix of an MP4's track, as phones do: x' = ax + cy, y' = bx + dy; `TURNED` is a quarter turn clockwise."""
    a, b, c, d = (value << 16 for value in abcd)
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 4 + 40
    content[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path


def with_orientation_message(path: Path) -> Path:
    """Put a message "a quarter turn clockwise, until told otherwise" before each key picture of an H.264 stream, as some cameras do."""
    bits = "0" + "00" + f"{3 << 14:016b}" + "010" + "0" + "1"  # not cancelled, no flips, three quarters anticlockwise, period 1, end
    payload = int(bits.ljust(24, "0"), 2).to_bytes(3, "big")
    message = b"\x00\x00\x00\x01\x06" + bytes([47, len(payload)]) + payload + b"\x80"
    content = path.read_bytes()
    key = re.compile(rb"\x00\x00\x00?\x01\x65")
    path.write_bytes(key.sub(lambda found: message + found.group(0), content))
    return path


def with_unknown_coding(path: Path) -> Path:
    """Call the coding of an H.264 MP4's pictures something nobody knows."""
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzz9"))
    return path


def huge_png_header(path: Path, size_wh: tuple[int, int]) -> Path:
    """A PNG that claims a size and has nothing behind the claim."""
    body = b"IHDR" + struct.pack(">IIBBBBB", *size_wh, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"")
    chunks = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (body, data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path
