"""What every estimator of landmarks offers."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from posecoach.records import Frame, Landmarks


class Estimator(Protocol):
    """Finds the landmarks of one person, frame by frame in order of time. Belongs to one thread; leaving the context frees its memory."""

    def estimate(self, frame: Frame) -> Landmarks:
        """Landmarks of the main person in ``frame``, or `Landmarks.absent` when nobody is there."""
        ...

    def __enter__(self) -> Estimator: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
