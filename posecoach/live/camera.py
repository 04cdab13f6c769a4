"""The server's camera, live: one thread takes pictures, one finds landmarks, one judges, one draws for whoever looks.

Nothing queues: each thread takes the newest there is. A camera that goes away is tried again until it is back.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.body.records import AS_IT_IS, Frame, Landmarks
from posecoach.judging.describe import marks_now, scene_now
from posecoach.judging.events import needs_hands
from posecoach.judging.live import LiveState
from posecoach.judging.protocols import Estimator
from posecoach.judging.scene import Mark
from posecoach.live.drawing import LiveDrawing, Shown, picture_part
from posecoach.live.messages import OK, CameraCondition, camera_json, to_bytes
from posecoach.live.pace import JUDGE_EVERY_S, Pace
from posecoach.live.session import LiveSession
from posecoach.live.slots import Broadcast, Rate, Slot
from posecoach.live.threads import POLL_S, Crew, paced
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.camera import STOPPED, CameraAddress, CameraError, pictures
from posecoach.sources.upright import Image, turned
from posecoach.storage.calibrations import Calibration
from posecoach.vocabulary import Text

log = logging.getLogger(__name__)

MOST_FPS = 30.0
"""Pictures drawn and sent a second; more than cameras give and eyes see would cost every viewer."""
STALE_S = 2.0
BLACK_S = 1.5
BLACK_MEAN = 10.0
BLACK_SPREAD = 4.0
MOST_VIEWS = 8
"""Each costs drawing and encoding of every picture."""
RETRY_S = (0.5, 1.0, 2.0, 4.0)

OPENING = CameraCondition("opening", Text("正在打开摄像头……", "Opening the camera…"))
BLACK = CameraCondition("black", Text("画面是黑的：请打开镜头盖或开灯", "The picture is black: open the lens cover or switch on a light"))
NONE = CameraCondition("none", Text("没有接摄像头，可以使用自己的摄像头", "The server has no camera: use your own"))
NO_MODELS = CameraCondition("no_models", Text("模型无法运行，请运行 posecoach doctor", "The models do not run here: run posecoach doctor"))
STALE = CameraCondition("lost", STOPPED)
LENT = CameraCondition("busy", Text("晨会正在使用这台摄像头", "The morning meeting uses this camera now"))

Pictures = Callable[[CameraAddress, Callable[[float], bool]], Generator[Image, None, None]]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A frame with its landmarks; ``brightness`` 0..255; ``has_company``: somebody else is in the picture."""

    frame: Frame
    landmarks: Landmarks
    brightness: float
    has_company: bool


@dataclass(slots=True)
class _Counters:
    captured: int = 0
    reconnected: int = 0
    inference_ms: float = 0.0
    rate: Rate = field(default_factory=Rate)


class LiveCamera:
    """Runs the server's camera; without an address there is none and only the state is told.

    ``make_estimator`` is called in the thread that uses the estimator.
    """

    def __init__(
        self,
        address: CameraAddress | None,
        rule_sets: Mapping[str, RuleSet],
        make_estimator: Callable[[], Estimator],
        font_path: Path,
        source: Pictures = pictures,
    ) -> None:
        self.address = address
        self.session = LiveSession(rule_sets)
        self.turn = AS_IT_IS
        """What is done to every picture, for a camera that hangs on its side."""
        self.events: Broadcast[bytes] = Broadcast()
        self._views: dict[Shown, Broadcast[bytes]] = {}
        self._views_lock = threading.Lock()
        self._make_estimator = make_estimator
        self._drawing = LiveDrawing(font_path)
        self._source = source
        self._crew = Crew(self._give_up, may_tell=address is None or address.kind != "network")
        self._clock: Callable[[], float] = time.monotonic
        self._start_s = self._clock()
        self._condition = OPENING if address else NONE
        self._captured_at_s = self._lit_at_ms = 0.0
        self._models_fail = False
        self._borrower: Callable[[Frame], None] | None = None
        self._frames: Slot[Frame] = Slot()
        self._to_draw: Slot[_Seen] = Slot()
        self._to_judge: deque[_Seen] = deque(maxlen=100)
        self._newest: _Seen | None = None
        self._judged: tuple[LiveState | None, tuple[Mark, ...]] = (None, ())
        self._counters = _Counters()
        self._pace = Pace()

    @property
    def name(self) -> str:
        """What the camera is called; never with a password in it."""
        return self.address.name if self.address else ""

    def start(self) -> None:
        """Start all threads."""
        work = [self._judge] if self.address is None else [self._capture, self._infer, self._judge, self._publish]
        self._crew.start(*work, name="posecoach")

    def stop(self) -> None:
        """Stop and join the threads; one that hangs in a driver is left behind."""
        self._crew.end((self._frames, self._to_draw), (self.events, *self._views.values()))

    def now_ms(self) -> float:
        """Milliseconds since the start, the clock of all states."""
        return (self._clock() - self._start_s) * 1000

    def lend(self, borrower: Callable[[Frame], None] | None) -> None:
        """Hand every frame to ``borrower``, in the camera's thread, and look at nobody oneself; None takes the camera back."""
        self._borrower = borrower

    def condition(self) -> CameraCondition:
        """How the coach's camera does."""
        if self._models_fail:
            return NO_MODELS
        found = self.camera_condition()
        return LENT if self._borrower is not None and found.has_picture else found

    def camera_condition(self) -> CameraCondition:
        """How the camera itself does, whoever uses its pictures."""
        if self._condition.has_picture and self._clock() - self._captured_at_s > STALE_S:
            return STALE
        return self._condition

    def trouble(self, wait_s: float) -> Text | None:
        """What is the matter with the camera, waiting so long for it to open; None when nothing is, or it is still being opened."""
        until_s = time.monotonic() + wait_s
        while self.camera_condition() is OPENING and not self._crew.stop.wait(POLL_S):
            if time.monotonic() > until_s:
                return None
        condition = self.camera_condition()
        return None if condition.state in ("ok", "opening", "none") else condition.words

    def watch(self, shown: Shown) -> tuple[Broadcast[bytes], Callable[[], None]]:
        """The pictures shown in one way, as parts of a stream, with a reader's place in it and how to give that back.

        Beyond `MOST_VIEWS` ways at a time all see the whole picture's.
        """
        with self._views_lock:
            views = {known: view for known, view in self._views.items() if view.readers}
            is_free = shown in views or len(views) < MOST_VIEWS
            view = views.setdefault(shown if is_free else shown.plain, Broadcast())
            leave, self._views = view.join(), views  # never changed once it is there: pictures are drawn for its views meanwhile
            return view, leave

    @property
    def viewers(self) -> int:
        """How many look at pictures."""
        return sum(view.readers for view in self._views.values())

    def apply(self, calibration: Calibration | None) -> None:
        """Judge with this calibration."""
        self.session.apply(calibration)

    def status(self) -> dict[str, Any]:
        """Counters for `/api/status`."""
        counters = self._counters
        return {
            "name": self.name,
            **camera_json(self.condition()),
            "fps": round(counters.rate.per_s, 1),
            "captured": counters.captured,
            "dropped": self._frames.dropped,
            "reconnected": counters.reconnected,
        }

    @property
    def inference_ms(self) -> float:
        """How long finding landmarks takes, smoothed."""
        return round(self._counters.inference_ms, 1)

    def state(self) -> dict[str, Any]:
        """The newest state."""
        condition = self.condition()
        state = self._judged[0] if condition.has_picture else None
        return self.session.to_dict(
            state, condition, self.now_ms(), is_slow=self._pace.is_slow, has_company=state is not None and self._has_company
        )

    @property
    def _has_company(self) -> bool:
        return self._newest is not None and self._newest.has_company

    def _give_up(self) -> None:
        self._models_fail = True

    # --- capture --------------------------------------------------------------------------------------------------------------------------

    def _capture(self) -> None:
        attempt = 0
        while not self._crew.stop.is_set():
            before = self._counters.captured
            trouble = self._stream()
            if self._crew.stop.is_set():
                return
            if self._condition.state != trouble.state:
                log.info("camera %s is %s", self.name, trouble.state)
            self._condition = trouble
            attempt = 0 if self._counters.captured > before else attempt + 1
            self._crew.stop.wait(RETRY_S[min(attempt, len(RETRY_S) - 1)])

    def _stream(self) -> CameraCondition:
        """Take pictures as long as they come; what then is the matter."""
        assert self.address is not None
        is_back = self._counters.captured > 0
        try:
            with closing(self._source(self.address, self._crew.stop.wait)) as stream:
                for picture in stream:
                    self._counters.reconnected += is_back
                    is_back = False
                    self._take(picture)
                    if self._crew.stop.is_set():
                        break
        except CameraError as error:
            return CameraCondition(error.state, error.words)
        return STALE

    def _take(self, picture: Image) -> None:
        now_s, counters = self._clock(), self._counters
        frame = Frame(turned(picture, self.turn), counters.captured, (now_s - self._start_s) * 1000, self.name)
        counters.captured += 1
        self._captured_at_s = now_s
        borrower = self._borrower
        if not self._condition.has_picture or (borrower is not None and self._condition is BLACK):
            self._condition = OK  # nobody looks whether it is black while it is lent
        if borrower is None:
            self._frames.put(frame)
        else:
            borrower(frame)

    # --- inference ------------------------------------------------------------------------------------------------------------------------

    def _infer(self) -> None:
        with self._make_estimator() as estimator:
            while not self._crew.stop.is_set():
                frame = self._frames.take(POLL_S)
                if frame is not None:
                    self._estimate(estimator, frame)

    def _estimate(self, estimator: Estimator, frame: Frame) -> None:
        start_s, counters = time.perf_counter(), self._counters
        estimator.with_hands = needs_hands((self.session.settings.rule_set,))
        landmarks = estimator.estimate(frame)
        taken_ms = (time.perf_counter() - start_s) * 1000
        counters.inference_ms += (taken_ms - counters.inference_ms) * (0.1 if counters.inference_ms else 1.0)
        counters.rate.tick()
        few = frame.image_bgr[::16, ::16]
        seen = _Seen(frame, landmarks, float(few.mean()), estimator.is_in_company)
        self._notice_black(seen, float(few.std()))
        self._to_judge.append(seen)
        if self.viewers and not self._pace.is_slow:
            self._to_draw.put(seen)

    def _notice_black(self, seen: _Seen, spread: float) -> None:
        t_ms = seen.frame.t_ms
        if seen.brightness >= BLACK_MEAN or spread >= BLACK_SPREAD:
            self._lit_at_ms = t_ms
        if self._condition.has_picture:
            self._condition = BLACK if t_ms - self._lit_at_ms > 1000 * BLACK_S else OK

    # --- judging and drawing --------------------------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        while not self._crew.stop.wait(JUDGE_EVERY_S):
            self._judge_newest()

    def _judge_newest(self) -> None:
        """Judge what has been seen since the last time, and tell it."""
        while self._to_judge:
            self._newest = self._to_judge.popleft()
            self.session.push(self._newest.frame.t_ms, self._newest.landmarks)
        if self._newest is not None and self.condition().has_picture:
            state = self.session.state(self._newest.brightness)
            self._judged = (state, marks_now(state))
            self._keep_pace(self._newest)
        else:
            self._judged = (None, ())
        self.events.publish(to_bytes(self.state()))

    def _keep_pace(self, judged: _Seen) -> None:
        """Where it is slow, show the picture that was judged and no newer one."""
        self._pace.note(judged.frame.t_ms, self.now_ms() - judged.frame.t_ms)
        if self._pace.is_slow and self.viewers:
            self._to_draw.put(judged)

    def _publish(self) -> None:
        for seen in paced(self._to_draw, self._crew.stop, MOST_FPS):
            state, marks = self._judged
            scene = scene_now(seen.landmarks, state, marks)
            for shown, view in self._views.items():
                if view.readers:
                    jpeg = self._drawing.jpeg(np.asarray(seen.frame.image_bgr, np.uint8), scene, shown)
                    view.publish(picture_part(seen.frame.t_ms, jpeg))
