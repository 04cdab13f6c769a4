"""Live pictures without an end: a camera by number or name, a video file played over and over, a network address.

What cannot be had now may be had again: every trouble is a `CameraError` with a state and words, and the caller tries again.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

import av
import cv2
import numpy as np

from posecoach.errors import SourceError
from posecoach.sources.upright import Image, Upright
from posecoach.sources.video import VideoSource
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

CameraState = Literal["ok", "opening", "lost", "busy", "black", "none"]
Wait = Callable[[float], bool]
"""Sleeps so many seconds, or less when it is time to stop; returns whether it is."""

ASKED_WH = (1280, 720)
OPEN_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 3.0

_NETWORK_SCHEMES = ("rtsp", "rtsps", "http", "https")
_NETWORK_OPTIONS = {
    "protocol_whitelist": "rtsp,rtsps,rtp,udp,tcp,tls,http,https,crypto",
    "rtsp_transport": "tcp",
    "fflags": "nobuffer",
    "flags": "low_delay",
}
_VIDEO_NAMES = Path("/sys/class/video4linux")
_DEVICES = Path("/dev")

UNPLUGGED = Text("没有找到摄像头，请检查连线；接好后会自动恢复", "The camera is not there: check the cable; it comes back by itself")
IN_USE = Text("摄像头打不开，可能被其他程序占用；关闭后会自动恢复", "The camera does not open, another program may use it; close that one")
FORBIDDEN = Text("没有使用摄像头的权限，请联系管理员", "The camera may not be used: ask the administrator for the permission")
STOPPED = Text("摄像头断开了，请检查连线；接好后会自动恢复", "The camera has stopped: check the cable; it comes back by itself")
FILE_GONE = Text("视频文件打不开，请检查文件", "The video file cannot be read: check the file")
UNREACHABLE = Text(
    "连不上网络摄像头，请检查地址和网络；会自动重试", "The network camera does not answer: check address and network; it is tried again"
)


class CameraError(SourceError):
    """No picture now: ``state`` is ``lost`` or ``busy``, ``words`` say what to do. Never holds a password."""

    def __init__(self, state: CameraState, words: Text) -> None:
        super().__init__(words)
        self.state: CameraState = state


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where pictures come from. ``name`` may be shown and stored; ``address`` may hold a password and is shown nowhere."""

    kind: Literal["device", "file", "network"]
    name: str
    address: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> CameraAddress:
        """A number, a network address, a video file, or else the name of a camera. Raises `SourceError` for an address without a host."""
        if text.isdecimal():
            return cls("device", text, text)
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]+://", text):
            return cls("network", _without_secrets(text), text)
        if Path(text).exists() or Path(text).suffix or len(Path(text).parts) > 1:
            return cls("file", Path(text).name or text, text)
        return cls("device", text, text)


def check_file(source: CameraAddress) -> None:
    """Raise `SourceError`, with words, where a video file is not there or cannot be played; nothing happens for other cameras.

    A file that is missing from the start is a slip of the pen. A device or a network camera may come later.
    """
    if source.kind == "file":
        with VideoSource(source.address, name=source.name):
            pass


def pictures(source: CameraAddress, wait: Wait) -> Generator[Image, None, None]:
    """Pictures (h, w, 3) BGR as they come, until ``wait`` says stop. Raises `CameraError` when there is none, or no more."""
    if source.kind == "file":
        return _looped(source, wait)
    return _from_network(source) if source.kind == "network" else _from_device(source)


def _without_secrets(address: str) -> str:
    """Scheme, host, port and path; user, password and query may be secrets."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in _NETWORK_SCHEMES:
        raise SourceError(
            Text(
                f"不是摄像头地址：要以 {'、'.join(_NETWORK_SCHEMES)} 之一开头，例如 rtsp://camera.local/stream",
                f"not a camera address: expected one of {', '.join(_NETWORK_SCHEMES)}, such as rtsp://camera.local/stream",
            )
        )
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme, host if port is None else f"{host}:{port}", parts.path, "", ""))


# --- a device -----------------------------------------------------------------------------------------------------------------------------


def _from_device(source: CameraAddress) -> Generator[Image, None, None]:
    number = int(source.address) if source.address.isdecimal() else _number_of(source.address)
    _check_device(number)
    capture = cv2.VideoCapture(number, cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_ANY)
    try:
        if not capture.isOpened():
            raise CameraError("busy", IN_USE)
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, ASKED_WH[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, ASKED_WH[1])
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        while True:
            is_read, picture = capture.read()
            if not is_read:
                raise CameraError("lost", STOPPED)
            yield np.asarray(picture, np.uint8)
    finally:
        capture.release()


def _check_device(number: int) -> None:
    """Where devices are files, tell a missing one from a busy one; opening alone would say only that it failed."""
    if sys.platform != "linux":
        return
    device = _DEVICES / f"video{number}"
    if not device.exists():
        raise CameraError("lost", UNPLUGGED)
    try:
        device.open("rb", buffering=0).close()
    except PermissionError as error:
        raise CameraError("lost", FORBIDDEN) from error
    except OSError as error:
        raise CameraError("busy", IN_USE) from error


def _number_of(name: str) -> int:
    """The number of the first camera whose name holds ``name``; only Linux tells the names."""
    for entry in sorted(_VIDEO_NAMES.glob("video*/name"), key=lambda path: int(path.parent.name[5:])):
        if name.casefold() in entry.read_text("utf-8", errors="replace").casefold():
            return int(entry.parent.name[5:])
    raise CameraError("lost", UNPLUGGED)


# --- a file, over and over ----------------------------------------------------------------------------------------------------------------


def _looped(source: CameraAddress, wait: Wait) -> Generator[Image, None, None]:
    while True:
        try:
            with VideoSource(source.address) as clip:
                start = time.monotonic()
                for frame in clip:
                    if wait(max(0.0, start + frame.t_ms / 1000 - time.monotonic())):
                        return
                    yield frame.image_bgr
        except SourceError as error:
            raise CameraError("lost", FILE_GONE) from error
        if wait(1 / clip.fps):
            return


# --- the network --------------------------------------------------------------------------------------------------------------------------


def _from_network(source: CameraAddress) -> Generator[Image, None, None]:
    """The messages of the library repeat the address, password included: only the kind of error goes on."""
    try:
        container: Any = av.open(source.address, options=_NETWORK_OPTIONS, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S))
    except (av.FFmpegError, OSError, ValueError) as error:
        log.info("camera %s does not open: %s", source.name, type(error).__name__)
        raise CameraError("lost", UNREACHABLE) from None
    with container:
        try:
            if not container.streams.video:
                raise CameraError("lost", UNREACHABLE)
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            upright = None
            for picture in container.decode(stream):
                upright = upright or Upright(stream, picture)
                yield upright.to_bgr(picture)
        except (av.FFmpegError, OSError) as error:
            log.info("camera %s stopped: %s", source.name, type(error).__name__)
    raise CameraError("lost", UNREACHABLE)
