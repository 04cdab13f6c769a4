"""Visitors who post pictures: each has a thread and an estimator of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any

from posecoach.body.records import Frame, Landmarks
from posecoach.errors import EstimatorError
from posecoach.judging.describe import marks_now, scene_now
from posecoach.judging.events import needs_hands
from posecoach.judging.live import LiveState
from posecoach.judging.protocols import Estimator
from posecoach.judging.scene import Mark
from posecoach.judging.sketch import Look, sketch_of
from posecoach.live.memory import give_back
from posecoach.live.messages import OK, landmarks_json
from posecoach.live.pace import JUDGE_EVERY_S, Pace
from posecoach.live.session import LiveSession
from posecoach.live.slots import Slot
from posecoach.live.threads import POLL_S
from posecoach.live.visitor import Visitor
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.upright import Image
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

ANSWER_S = 20.0
"""The first answer waits for the models to load."""


class PictureVisitor(Visitor):
    """One session; its thread owns the estimator, and waits for one of the places in ``room`` to make it."""

    def __init__(self, rule_sets: Mapping[str, RuleSet], make_estimator: Callable[[], Estimator], room: threading.BoundedSemaphore) -> None:
        super().__init__()
        self.session = self._live = LiveSession(rule_sets)
        self._make_estimator = make_estimator
        self._room = room
        self._slot: Slot[tuple[Frame, Look, Future[dict[str, Any]]]] = Slot()
        self._state: LiveState | None = None
        self._marks: tuple[Mark, ...] = ()
        self._judged_at_ms = -1000.0
        self._pace = Pace()
        self._took_ms = 0.0
        self._count = 0
        self.threads = (threading.Thread(target=self._run, name="posecoach_visitor", daemon=True),)
        self.threads[0].start()

    def see(self, picture: Image, look: Look, took_ms: float = 0.0) -> dict[str, Any]:
        """Landmarks found in a picture, the state after it and what to draw on it where it is shown like this.

        ``took_ms``: how long the visitor waited for the last answer. Raises `NoRoomError` while another is in flight, `EstimatorError`.
        """
        with self._posting():
            answer: Future[dict[str, Any]] = Future()
            self._took_ms = took_ms
            frame = Frame(picture, self._count, (self._used_at_s - self._start_s) * 1000, "visitor")
            self._count += 1
            self._slot.put((frame, look, answer))
            try:
                return answer.result(ANSWER_S)
            except FutureTimeoutError as error:
                raise EstimatorError(Text("模型没有及时应答，请稍后再试", "no answer in time: try again")) from error

    def stop(self) -> None:
        """End the session; its thread frees the models."""
        super().stop()
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
            estimator.with_hands = needs_hands((self._live.settings.rule_set,))
            landmarks = estimator.estimate(frame)
            answer.set_result(self._judge(frame, landmarks, look, estimator.is_in_company))
        except Exception as error:  # whatever went wrong belongs to the one who asked
            answer.set_exception(error)

    def _judge(self, frame: Frame, landmarks: Landmarks, look: Look, has_company: bool) -> dict[str, Any]:
        self._live.push(frame.t_ms, landmarks)
        if frame.t_ms - self._judged_at_ms >= 1000 * JUDGE_EVERY_S or self._state is None:
            self._state = self._live.state(float(frame.image_bgr[::16, ::16].mean()))
            self._marks = marks_now(self._state)
            self._judged_at_ms = frame.t_ms
        sketch = sketch_of(scene_now(landmarks, self._state, self._marks), look)
        self._pace.note(frame.t_ms, max(self._took_ms, (time.monotonic() - self._start_s) * 1000 - frame.t_ms))
        answer = self._live.to_dict(self._state, OK, frame.t_ms, is_slow=self._pace.is_slow, has_company=has_company)
        return answer | {"t_ms": round(frame.t_ms, 1), "landmarks": landmarks_json(landmarks), "sketch": sketch.to_dict()}
