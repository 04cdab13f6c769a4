"""Animated pictures (WebP, PNG, AVIF) as clips; an animated GIF is read as a video."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from PIL import Image

from posecoach.body.records import AS_IT_IS, Frame, Turn
from posecoach.errors import SourceError
from posecoach.sources.files import DAMAGED
from posecoach.sources.grid import nearest_to_grid
from posecoach.sources.picture import UNREADABLE, to_bgr
from posecoach.sources.upright import turned
from posecoach.vocabulary import Text

_FORMATS = ("PNG", "WEBP", "AVIF")
_STARTS = ((0, b"\x89PNG"), (8, b"WEBP"), (4, b"ftypavis"), (4, b"ftypavif"))
_USUAL_MS = 100.0
"""What browsers take where a picture says nothing of how long it is shown."""


def is_animation(path: Path) -> bool:
    """Whether a file is a picture that moves, whatever it is called; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
        if not any(head.startswith(mark, at) for at, mark in _STARTS):
            return False
        with Image.open(path, formats=_FORMATS) as picture:
            return bool(getattr(picture, "is_animated", False))
    except (*UNREADABLE, Image.DecompressionBombError):
        return False


class AnimationSource:
    """A picture that moves as a `Source`; arguments and times as for `VideoSource`, what is transparent becomes white.

    ``duration_s`` is None until the last picture has been read. A file that breaks off gets the warning ``damaged``. Raises `SourceError`
    on opening where no picture can be read.
    """

    kind: Literal["video", "picture"] = "video"

    def __init__(self, path: str | Path, fps: float | None = None, name: str | None = None, turn: Turn = AS_IT_IS) -> None:
        self.name = name or Path(path).name
        self.duration_s: float | None = None
        self.warnings: list[str] = []
        self._grid_fps, self._turn = fps, turn
        with ExitStack() as stack:
            try:
                self._picture: Any = stack.enter_context(Image.open(path, formats=_FORMATS))
                self.size_wh = self._at(0).size_wh
            except (*UNREADABLE, Image.DecompressionBombError) as error:
                words = Text(
                    f"照片损坏：{self.name} 读不出来；请重新拷贝", f"the picture is damaged: {self.name} cannot be read; copy it again"
                )
                raise SourceError(words) from error
            self._stack = stack.pop_all()
        rate = 1000 / self._shown_ms()
        self.fps = min(fps, rate) if fps else rate

    def __enter__(self) -> AnimationSource:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        shown = nearest_to_grid(self._timed(), self._grid_fps) if self._grid_fps else self._timed()
        for index, (t_s, frame) in enumerate(shown):
            yield Frame(frame.image_bgr, index, t_s * 1000, self.name)

    def _timed(self) -> Iterator[tuple[float, Frame]]:
        t_ms = 0.0
        for i in range(self._picture.n_frames):
            try:
                frame = self._at(i)
            except UNREADABLE:
                self.warnings.append(DAMAGED)
                break
            yield t_ms / 1000, frame
            t_ms += self._shown_ms()
        self.duration_s = t_ms / 1000

    def _at(self, i: int) -> Frame:
        self._picture.seek(i)
        return Frame(turned(to_bgr(self._picture), self._turn), i, 0.0, self.name)

    def _shown_ms(self) -> float:
        """How long the picture at hand is shown."""
        return float(self._picture.info.get("duration") or _USUAL_MS)
