"""Visitors whose browsers recognise people themselves: they post landmarks, and no model runs for them here."""

from __future__ import annotations

import time
from collections import deque
from contextlib import suppress
from typing import Any

from posecoach.body.observed import Neutral
from posecoach.judging.live import Settings
from posecoach.judging.results import PersonResult
from posecoach.judging.sketch import Look
from posecoach.live.allowance import Allowance
from posecoach.live.judges import GoneError, Judge
from posecoach.live.visitor import Visitor
from posecoach.sources.landmark_posts import count_of
from posecoach.storage.calibrations import Calibration

MOST_FRAMES_PER_S = 15.0
BURST = 30.0
WAITS = 3


class FarSession:
    """A session in another process."""

    def __init__(self, judge: Judge, key: str) -> None:
        self.is_mirrored = True
        self._judge = judge
        self._key = key
        self._chosen: tuple[str | None, str | None] = (None, None)

    def _ask(self, name: str, *arguments: Any) -> Any:
        return self._judge.ask(self._key, name, *arguments)

    def choose(self, topic: str | None, profile: str | None) -> None:
        """Practise this from now on; asked only when it is something else than before. Raises ValueError for what there is not."""
        if (topic, profile) != self._chosen:
            self._ask("choose", topic, profile)
            self._chosen = topic, profile

    def apply(self, calibration: Calibration | None) -> None:
        """Judge with this calibration from now on, or with none."""
        self._ask("apply", calibration)

    def start_check(self, seconds: float) -> None:
        """Count down and judge so long."""
        self._ask("start_check", seconds)

    def lead(self, what: str) -> bool:
        """The trainer's click: ``next``, ``again`` or ``stop``; False where no drill is practised."""
        return bool(self._ask("lead", what))

    @property
    def checked(self) -> tuple[PersonResult, Settings] | None:
        """What the check that is shown came to, and by what it was judged; None where there is none."""
        found: tuple[PersonResult, Settings] | None = self._ask("checked")
        return found

    def drop_check(self) -> None:
        """Break off the check, or forget its result."""
        self._ask("drop_check")

    def neutral(self, seconds: float) -> Neutral | None:
        """The neutral face of the last seconds; None when no face was seen for half of them."""
        found: Neutral | None = self._ask("neutral", seconds)
        return found


class LandmarkVisitor(Visitor):
    """One session; ``judge`` has counted it already."""

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self.session = FarSession(judge, self.id)
        self._took_ms: deque[float] = deque(maxlen=WAITS)
        self._judge = judge
        self._allowance = Allowance(MOST_FRAMES_PER_S, BURST)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, nothing was posted for long, or its process is gone."""
        return super().is_over or self._judge.is_gone

    @property
    def waits_ms(self) -> float:
        """How long an answer takes at least, of the last `WAITS`; 0 before there were so many: the first wait for their process to load."""
        return min(self._took_ms) if len(self._took_ms) == WAITS else 0.0

    def see(self, data: bytes, look: Look, took_ms: float = 0.0) -> bytes:
        """The state after the posted landmarks, and what to draw on the last picture where it is shown like this, as JSON.

        ``took_ms``: how long the visitor waited for the last answer. Raises `NoRoomError` while another post is in flight,
        `TooFastError`, `LandmarksError`, `GoneError`.
        """
        with self._posting():
            self._took_ms.append(took_ms)
            self._allowance.take(count_of(data), time.monotonic())
            return self._judge.see(self.id, data, look, took_ms, self._judge.post_ms)

    def stop(self) -> None:
        """End the session."""
        if not self._stop.is_set():
            super().stop()
            self._judge.count -= 1
            with suppress(GoneError):
                self._judge.ask(self.id, "end")
