"""What is known of a camera and the person before it: the camera's tilt and the numbers of a neutral face. Never a picture."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from posecoach.body.face_geometry import SHAPE_COUNT
from posecoach.body.observed import Neutral
from posecoach.errors import OutputError, reason_of
from posecoach.storage.plain_json import DAMAGE, as_list, as_number, as_number_or_none, as_text, parse_json
from posecoach.storage.whole_files import replace_whole
from posecoach.vocabulary import Text

SERVER = "server:"
"""Begins what a camera of the server itself is stored under."""
MOST_VISITORS = 200
"""Cameras of visitors remembered at a time."""
UNDO_S = 12.0
"""So long a deletion can be undone: the ten seconds a page offers it, and the way there."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """``roll_deg`` as in `posecoach.judging.live.Settings`; ``neutral`` None without a face; ``made`` the time in ISO 8601."""

    roll_deg: float = 0.0
    neutral: Neutral | None = None
    made: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As it is stored and shown."""
        neutral = self.neutral
        face = None if neutral is None else {"head_pitch_down_deg": neutral.head_pitch_down_deg, "face_shape": neutral.face_shape}
        return {"roll_deg": self.roll_deg, "neutral": face, "made": self.made}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Calibration:
        """Raises what is in `DAMAGE` for anything else than `to_dict` wrote."""
        face = data["neutral"]
        neutral = None if face is None else Neutral(as_number_or_none(face["head_pitch_down_deg"]), _shape(face["face_shape"]))
        return cls(as_number(data["roll_deg"]), neutral, as_text(data["made"]))


class CalibrationStore:
    """One small JSON file for each camera in ``folder``, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._deleted: dict[str, tuple[float, Calibration]] = {}

    def load(self, camera: str) -> Calibration | None:
        """The calibration of a camera; None when there is none, or none that can be read."""
        try:
            return Calibration.from_dict(parse_json(self._file(camera).read_bytes()))
        except DAMAGE:
            return None

    def save(self, camera: str, calibration: Calibration) -> None:
        """Write it, whole or not at all. Raises `OutputError`."""
        file = self._file(camera)
        content = json.dumps({"camera": camera, **calibration.to_dict()}, ensure_ascii=False, indent=1)
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._lock:
                replace_whole(file, content.encode())
                self._deleted.pop(camera, None)
                self._forget_oldest()
        except OSError as error:
            why = reason_of(error)
            raise OutputError(
                Text(
                    f"校准存不进 {self._folder}：{why.zh}；请用 --state-dir 换一个文件夹",
                    f"the calibration cannot be stored in {self._folder}: {why.en}; name another --state-dir",
                )
            ) from error

    def delete(self, camera: str) -> None:
        """Forget the camera; nothing happens when it is not known. The file is gone at once, its numbers stay in memory for `UNDO_S`."""
        known = self.load(camera)
        with suppress(FileNotFoundError):
            self._file(camera).unlink()
        with self._lock:
            self._drop_old()
            if known is not None:
                self._deleted[camera] = time.monotonic(), known

    def undelete(self, camera: str) -> Calibration | None:
        """Take back a deletion: what is kept again, None where nothing was deleted lately. Raises `OutputError`."""
        with self._lock:
            self._drop_old()
            _, known = self._deleted.pop(camera, (0.0, None))
        if known is not None:
            self.save(camera, known)
        return known

    def _drop_old(self) -> None:
        since = time.monotonic() - UNDO_S
        self._deleted = {camera: kept for camera, kept in self._deleted.items() if kept[0] >= since}

    def _forget_oldest(self) -> None:
        """Strangers' cameras beyond `MOST_VISITORS`, those longest not calibrated first; the server's own are kept."""
        files = list((self._folder / "calibration").glob("*.json"))
        if len(files) <= MOST_VISITORS:
            return
        visitors = sorted((file.stat().st_mtime_ns, file) for file in files if _is_visitors(file))
        for _, file in visitors[: max(0, len(visitors) - MOST_VISITORS)]:
            file.unlink(missing_ok=True)

    def _file(self, camera: str) -> Path:
        return self._folder / "calibration" / f"{hashlib.sha256(camera.encode()).hexdigest()[:24]}.json"


def _is_visitors(file: Path) -> bool:
    try:
        camera = json.loads(file.read_text("utf-8"))["camera"]
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return not str(camera).startswith(SERVER)


def state_folder(given: Path | None = None) -> Path:
    """The folder ``given``, else the usual one of this system; made where there is none, for its owner alone: it holds names of staff."""
    folder = given or state_dir()
    with suppress(OSError):  # whoever writes into it tells
        folder.mkdir(mode=0o700, parents=True)
    return folder


def state_dir() -> Path:
    """Where programs keep what they remember for a user on this system."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "posecoach"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "posecoach"
    return Path(os.environ.get("XDG_STATE_HOME") or home / ".local" / "state") / "posecoach"


def now() -> str:
    """The time as it is stored."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _shape(values: object) -> tuple[float, ...] | None:
    """An older version stored fewer numbers of a face, none stored more."""
    if values is None:
        return None
    shape = tuple(map(as_number, as_list(values)))
    if len(shape) > SHAPE_COUNT:
        raise ValueError(f"expected at most {SHAPE_COUNT} numbers of a face, got {len(shape)}")
    return shape
