"""Visitors with their own cameras: each posts pictures, has its own session, thread and estimator, and is gone when it stops posting."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any

from posecoach.body.records import Frame, Landmarks
from posecoach.errors import EstimatorError, PosecoachError
from posecoach.judging.describe import marks_now, scene_now
from posecoach.judging.events import needs_hands
from posecoach.judging.live import LiveState
from posecoach.judging.protocols import Estimator
from posecoach.judging.scene import Mark
from posecoach.judging.sketch import Look, sketch_of
from posecoach.live.camera import JUDGE_EVERY_S, OK
from posecoach.live.memory import give_back
from posecoach.live.messages import landmarks_json
from posecoach.live.pace import Pace
from posecoach.live.session import LiveSession
from posecoach.live.slots import Slot
from posecoach.live.threads import POLL_S, join
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.upright import Image
from posecoach.storage.calibrations import Calibration
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

IDLE_S = 15.0
ANSWER_S = 20.0
"""The first answer waits for the models to load."""


class NoRoomError(PosecoachError):
    """No room: all sessions are taken, or the last picture of this one is still being looked at."""


class Visitor:
    """One session; its thread owns the estimator, and waits for one of the places in ``room`` to make it."""

    def __init__(self, rule_sets: Mapping[str, RuleSet], make_estimator: Callable[[], Estimator], room: threading.BoundedSemaphore) -> None:
        self.id = secrets.token_urlsafe(18)
        self.session = LiveSession(rule_sets)
        self.camera: str | None = None
        self._make_estimator = make_estimator
        self._room = room
        self._slot: Slot[tuple[Frame, Look, Future[dict[str, Any]]]] = Slot()
        self._in_flight = threading.Lock()
        self._stop = threading.Event()
        self._start_s = self._used_at_s = time.monotonic()
        self._state: LiveState | None = None
        self._marks: tuple[Mark, ...] = ()
        self._judged_at_ms = -1000.0
        self._pace = Pace()
        self._took_ms = 0.0
        self._count = 0
        self.thread = threading.Thread(target=self._run, name="posecoach_visitor", daemon=True)
        self.thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, or nothing was posted for so long that it ends now."""
        return self._stop.is_set() or time.monotonic() - self._used_at_s > IDLE_S

    def see(self, picture: Image, look: Look, took_ms: float = 0.0) -> dict[str, Any]:
        """Landmarks found in a picture, the state after it and what to draw on it where it is shown like this.

        ``took_ms``: how long the visitor waited for the last answer. Raises `NoRoomError` while another is in flight, `EstimatorError`.
        """
        if not self._in_flight.acquire(blocking=False):
            raise NoRoomError(Text("上一张画面还在处理", "The last picture is still being looked at"))
        try:
            self._used_at_s = time.monotonic()
            answer: Future[dict[str, Any]] = Future()
            self._took_ms = took_ms
            frame = Frame(picture, self._count, (self._used_at_s - self._start_s) * 1000, "visitor")
            self._count += 1
            self._slot.put((frame, look, answer))
            return answer.result(ANSWER_S)
        except FutureTimeoutError as error:
            raise EstimatorError(Text("模型没有及时应答，请稍后再试", "no answer in time: try again")) from error
        finally:
            self._used_at_s = time.monotonic()
            self._in_flight.release()

    def apply(self, calibration: Calibration | None) -> None:
        """Judge with this calibration."""
        self.session.apply(calibration)

    def stop(self) -> None:
        """End the session; its thread frees the models."""
        self._stop.set()
        self._slot.wake()

    def _run(self) -> None:
        try:
            while not self.is_over:
                if self._room.acquire(timeout=POLL_S):
                    self._work()
        except EstimatorError as error:
            log.warning("a visitor's session ends: %s", error)
        finally:
            self._stop.set()
            left = self._slot.take(0.0)
            if left is not None:
                left[-1].set_exception(EstimatorError(Text("练习已结束，请重新开始", "the session has ended: start again")))

    def _work(self) -> None:
        """Answer until the session is over, in a place of the room, which is free when the models are."""
        try:
            with self._make_estimator() as estimator:
                while not self.is_over:
                    item = self._slot.take(POLL_S)
                    if item is not None:
                        self._answer(estimator, *item)
        finally:
            self._room.release()
            give_back()

    def _answer(self, estimator: Estimator, frame: Frame, look: Look, answer: Future[dict[str, Any]]) -> None:
        try:
            estimator.with_hands = needs_hands((self.session.settings.rule_set,))
            landmarks = estimator.estimate(frame)
            answer.set_result(self._judge(frame, landmarks, look, estimator.is_in_company))
        except Exception as error:  # whatever went wrong belongs to the one who asked
            answer.set_exception(error)

    def _judge(self, frame: Frame, landmarks: Landmarks, look: Look, has_company: bool) -> dict[str, Any]:
        self.session.push(frame.t_ms, landmarks)
        if frame.t_ms - self._judged_at_ms >= 1000 * JUDGE_EVERY_S or self._state is None:
            self._state = self.session.state(float(frame.image_bgr[::16, ::16].mean()))
            self._marks = marks_now(self._state)
            self._judged_at_ms = frame.t_ms
        sketch = sketch_of(scene_now(landmarks, self._state, self._marks), look)
        self._pace.note(frame.t_ms, max(self._took_ms, (time.monotonic() - self._start_s) * 1000 - frame.t_ms))
        answer = self.session.to_dict(self._state, OK, frame.t_ms, is_slow=self._pace.is_slow, has_company=has_company)
        return answer | {"t_ms": round(frame.t_ms, 1), "landmarks": landmarks_json(landmarks), "sketch": sketch.to_dict()}


class Visitors:
    """All sessions of visitors, at most ``limit`` at a time, and no more models than that, those of sessions just ended included."""

    def __init__(self, rule_sets: Mapping[str, RuleSet], make_estimator: Callable[[], Estimator], limit: int = 3) -> None:
        self.limit = limit
        self._rule_sets = rule_sets
        self._make_estimator = make_estimator
        self._room = threading.BoundedSemaphore(limit)
        self._lock = threading.Lock()
        self._visitors: dict[str, Visitor] = {}

    def open(self) -> Visitor:
        """A new session. Raises `NoRoomError` when there is no room."""
        with self._lock:
            self._forget()
            if len(self._visitors) >= self.limit:
                raise NoRoomError(
                    Text(f"同时练习的人已满（{self.limit} 人），请稍等", f"{self.limit} people practise already: please wait")
                )
            visitor = Visitor(self._rule_sets, self._make_estimator, self._room)
            self._visitors[visitor.id] = visitor
            return visitor

    def get(self, visitor_id: str) -> Visitor | None:
        """The session with this id, None when it has ended or never was."""
        visitor = self._visitors.get(visitor_id)
        return None if visitor is None or visitor.is_over else visitor

    def end(self, visitor_id: str) -> None:
        """End a session; nothing happens when it has ended already."""
        visitor = self._visitors.get(visitor_id)
        if visitor is not None:
            visitor.stop()
        with self._lock:
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
            join([visitor.thread for visitor in visitors])

    def _forget(self) -> None:
        self._visitors = {key: visitor for key, visitor in self._visitors.items() if not visitor.is_over}
