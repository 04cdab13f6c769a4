"""Opening a video file: what it is, which of its tracks is the film, how long it says to be."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import av

from posecoach.errors import SourceError
from posecoach.sources.files import cannot_open, check_file
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

# Only real video containers, only from disk: play lists and text "videos" could open other files or the network.
_OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,matroska,avi,mpegts,mpeg,flv,asf,h264,hevc,m4v,ogg,gif,mxf,ivf,rm,dv,wtv,yuv4mpegpipe",
}
_NO_FILM = av.stream.Disposition.attached_pic | av.stream.Disposition.still_image | av.stream.Disposition.timed_thumbnails
_THUMBNAIL_SHARE = 4
"""A track with less than a quarter of another's area and of its pictures goes with that one."""
_PROBED = 400


def open_container(path: Path, name: str, *, keeps_edits: bool = True) -> Any:
    """The file opened; ``keeps_edits``: only what an MP4's edit list says is played. Raises `SourceError`."""
    check_file(path, name, "video")
    options = _OPEN_OPTIONS if keeps_edits else _OPEN_OPTIONS | {"ignore_editlist": "1"}
    try:
        return av.open(f"file:{path}", options=options, metadata_errors="replace")
    except OSError as error:
        raise cannot_open(name, error) from error
    except av.FFmpegError as error:
        raise SourceError(_incomplete(name) if _lacks_index(path) else _not_a_video(name)) from error


def _incomplete(name: str) -> Text:
    return Text(
        f"录像不完整：{name} 没有完整的索引（moov），录制或拷贝时中断了；请重新拷贝",
        f"the recording is incomplete: {name} has no whole index (moov), it was cut off while recording or copying; copy it again",
    )


def _not_a_video(name: str) -> Text:
    return Text(
        f"不是视频：{name} 的格式不认识，可能是别的文件或已损坏；请重新拷贝，或转成 MP4",
        f"not a video: {name} is in no known video format; it is another kind of file or damaged; copy it again or convert it to MP4",
    )


def _lacks_index(path: Path) -> bool:
    """Whether an MP4 or MOV file ends before its whole index was written."""
    size = path.stat().st_size
    with path.open("rb") as file:
        position = 0
        while position + 8 <= size:
            file.seek(position)
            header = file.read(16)
            length, kind = int.from_bytes(header[:4], "big"), header[4:8]
            if position == 0 and kind not in (b"ftyp", b"wide", b"mdat", b"free", b"skip"):
                return False
            length = {0: size - position, 1: int.from_bytes(header[8:], "big")}.get(length, length)
            if kind == b"moov":
                return position + length > size
            position += max(length, 8)
    return size >= 8


def main_track(container: Any, path: Path, name: str) -> Any:
    """The track of pictures that is the film: never a cover or a thumbnail, else the one flagged as default, else the one with most and
    largest pictures. Raises `SourceError` where there is none that can be read.
    """
    tracks = [stream for stream in container.streams.video if not stream.disposition & _NO_FILM]
    known = [stream for stream in tracks if stream.codec_context is not None]
    if not known:
        raise SourceError(_unknown_coding(name) if tracks else _incomplete(name) if _lacks_index(path) else _no_pictures(name))
    chosen = known[0] if len(known) == 1 else _the_film(known, _counts(path, name))
    chosen.thread_type, chosen.codec_context.thread_count = "NONE", 1
    return chosen


def _the_film(tracks: list[Any], counts: Counter[int]) -> Any:
    """Of several tracks the main one; ``counts``: packets by track."""

    def area(stream: Any) -> int:
        return int(stream.width) * int(stream.height)

    def rank(stream: Any) -> tuple[bool, bool, int]:
        is_flagged = bool(stream.disposition & av.stream.Disposition.default)
        small = area(stream) * _THUMBNAIL_SHARE < max(map(area, tracks))
        few = counts[stream.index] * _THUMBNAIL_SHARE < max(counts[other.index] for other in tracks)
        is_thumbnail = (counts[stream.index] <= 1 < max(counts.values(), default=0)) or (small and few)
        return not is_thumbnail, is_flagged, counts[stream.index] * area(stream)

    return max(tracks, key=rank)


def _counts(path: Path, name: str) -> Counter[int]:
    """How many of the first packets belong to each track of pictures."""
    counts: Counter[int] = Counter()
    with open_container(path, name) as container:
        try:
            counts.update(packet.stream_index for packet in islice(container.demux(*container.streams.video), _PROBED) if packet.size)
        except av.FFmpegError as error:
            log.debug("%s: looking for the main track stopped: %s", name, error)
    return counts


def _unknown_coding(name: str) -> Text:
    return Text(
        f"视频编码不认识：{name} 在这里解不了码；请转成 H.264 的 MP4",
        f"unknown picture coding: {name} cannot be decoded here; convert it to H.264 MP4",
    )


def _no_pictures(name: str) -> Text:
    return Text(
        f"没有画面：{name} 里只有声音或数据；录制时请打开摄像头",
        f"no picture track: {name} holds no moving pictures, only sound or data; record it with the camera on",
    )


def stamps_of(container: Any, index: int) -> Iterator[int]:
    """The stamps of all packets of a track that have one, as far as they can be read."""
    try:
        for packet in container.demux(container.streams[index]):
            if packet.pts is not None:
                yield packet.pts
    except av.FFmpegError as error:
        log.debug("looking through packets stopped: %s", error)


def declared_duration_s(container: Any, stream: Any) -> float | None:
    """How long the pictures last; the container's figure counts only where no sound can be longer than the pictures."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if tag := re.fullmatch(r"(\d+):(\d+):(\d+\.?\d*)", stream.metadata.get("DURATION", "")):  # Matroska
        hours, minutes, seconds = map(float, tag.groups())
        return 3600 * hours + 60 * minutes + seconds
    if container.duration and len(container.streams) == 1:
        return float(container.duration / av.time_base)
    return None
