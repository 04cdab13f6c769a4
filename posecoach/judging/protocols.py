"""What every source of pictures and every estimator of landmarks offers."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Literal, Protocol

from posecoach.body.records import Frame, Landmarks


class Source(Protocol):
    """A clip or still picture that hands out frames once, in order of time.

    ``name`` is what messages call it; ``duration_s`` is None while unknown; ``fps`` is the rate at which frames are handed out;
    ``warnings`` grows while frames are read (codes of `results.json`, for example ``damaged``).
    """

    name: str
    kind: Literal["video", "picture"]
    size_wh: tuple[int, int]
    duration_s: float | None
    fps: float
    warnings: list[str]

    def __iter__(self) -> Iterator[Frame]: ...

    def __enter__(self) -> Source: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class Estimator(Protocol):
    """Finds the landmarks of one person, frame by frame in order of time. Belongs to one thread; leaving the context frees its memory.

    ``with_hands``: whether hands are looked for too. ``warnings`` are codes of `results.json` for what was met so far:
    ``several_people``, ``person_unsure``.
    """

    with_hands: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be told of the frames so far."""
        ...

    @property
    def is_in_company(self) -> bool:
        """Whether somebody else was in the picture a moment ago."""
        ...

    def estimate(self, frame: Frame) -> Landmarks:
        """Landmarks of the main person in ``frame``, or `Landmarks.absent` when nobody is there."""
        ...

    def __enter__(self) -> Estimator: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
