"""All visitors with cameras of their own, whether they post pictures or landmarks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from statistics import median

from posecoach.judging.protocols import Estimator
from posecoach.live.judges import Judges
from posecoach.live.landmark_visitor import LandmarkVisitor
from posecoach.live.picture_visitor import PictureVisitor
from posecoach.live.threads import join
from posecoach.live.turnover import Turnover
from posecoach.live.visitor import NoRoomError, Visitor
from posecoach.rulebook.schema import RuleSet
from posecoach.runners.processes import usable_cores
from posecoach.vocabulary import Text

MOST_WAIT_MS = 300.0
"""Nobody more is let in while half of those who are in wait longer for an answer."""


class Visitors:
    """All sessions of visitors: at most ``limit`` who post pictures at a time, and no more models than that, those of sessions just ended
    included.
    """

    def __init__(
        self, rule_sets: Mapping[str, RuleSet], make_estimator: Callable[[], Estimator], limit: int = 3, processes: int | None = None
    ) -> None:
        self.limit = limit
        self._rule_sets = rule_sets
        self._make_estimator = make_estimator
        self._room = threading.BoundedSemaphore(limit)
        self._judges = Judges(rule_sets, processes or usable_cores())
        self._turnover = Turnover()
        self._lock = threading.Lock()
        self._visitors: dict[str, Visitor] = {}

    def open(self) -> PictureVisitor:
        """A new session of somebody who posts pictures. Raises `NoRoomError` when there is no room."""
        with self._lock:
            self._forget()
            if sum(isinstance(visitor, PictureVisitor) for visitor in self._visitors.values()) >= self.limit:
                raise self._full(Text(f"同时练习的人已满（{self.limit} 人）", f"{self.limit} people practise already"))
            visitor = PictureVisitor(self._rule_sets, self._make_estimator, self._room)
            self._visitors[visitor.id] = visitor
            return visitor

    def open_landmarks(self) -> LandmarkVisitor:
        """A new session of somebody who posts landmarks. Raises `NoRoomError` while more would not be judged often enough."""
        with self._lock:
            self._forget()
            judge = None if self._is_late() else self._judges.take()
            if judge is None:
                raise self._full(Text("同时练习的人已满", "as many practise already as this computer can judge"))
            visitor = LandmarkVisitor(judge)
            self._visitors[visitor.id] = visitor
            return visitor

    def _full(self, why: Text) -> NoRoomError:
        wait_s = self._turnover.wait_s(time.monotonic())
        return NoRoomError(Text(f"{why.zh}，大约 {wait_s} 秒后再试", f"{why.en}: try again in about {wait_s} s"), wait_s)

    def _is_late(self) -> bool:
        """Whether those who post landmarks wait too long for their answers."""
        waited_ms = [visitor.waits_ms for visitor in self._visitors.values() if isinstance(visitor, LandmarkVisitor)]
        return bool(waited_ms) and median(waited_ms) > MOST_WAIT_MS

    def get(self, visitor_id: str) -> Visitor | None:
        """The session with this id, None when it has ended or never was."""
        visitor = self._visitors.get(visitor_id)
        return None if visitor is None or visitor.is_over else visitor

    def end(self, visitor_id: str) -> None:
        """End a session; nothing happens when it has ended already."""
        with self._lock:
            visitor = self._visitors.get(visitor_id)
            if visitor is not None:
                visitor.stop()
            self._forget()

    @property
    def count(self) -> int:
        """How many practise now."""
        return sum(not visitor.is_over for visitor in list(self._visitors.values()))

    def stop(self) -> None:
        """End all sessions and join their threads."""
        with self._lock:
            visitors = list(self._visitors.values())
            for visitor in visitors:
                visitor.stop()
            self._judges.stop()
            join([thread for visitor in visitors for thread in visitor.threads])

    def _forget(self) -> None:
        """Let go of sessions that are over, also of those that nobody ended."""
        for visitor in [visitor for visitor in self._visitors.values() if visitor.is_over]:
            visitor.stop()
            del self._visitors[visitor.id]
            self._turnover.note(time.monotonic())
