"""The morning meeting before the server's camera: judges the row while somebody looks, and sends pictures however long that takes.

Models are loaded when the first viewer comes and freed some seconds after the last one has left. Names, results and the one picture that
may be asked for stay in memory.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from posecoach.body.records import Frame
from posecoach.drawing.jpeg import to_jpeg
from posecoach.live.camera import NO_MODELS, LiveCamera
from posecoach.live.drawing import JPEG_QUALITY, no_wider, picture_part
from posecoach.live.memory import give_back
from posecoach.live.messages import CameraCondition, to_bytes
from posecoach.live.pace import Pace
from posecoach.live.row_messages import BoxXyxy, RowResult, RowSetup, RowTold, row_json
from posecoach.live.slots import Broadcast, Rate, Slot
from posecoach.live.threads import POLL_S, Crew, paced
from posecoach.row.autostart import AutoStart
from posecoach.row.judging import warnings_of
from posecoach.row.live import LiveRow, RowNow
from posecoach.row.places import RowEntry
from posecoach.rulebook.schema import RuleSet

BUDGET_S = 0.07
"""People are updated for so long in a frame, at least one of them."""
LINGER_S = 4.0
"""The models stay for so long after the last viewer has left: a page that is loaded again finds everything as it was."""
MOST_FPS = 15.0
"""Pictures sent a second: enough to see that it moves, and the rest of the processor is for judging."""
QUIET_S = 0.5
"""Without frames the state is told this often."""

Command = Callable[[LiveRow], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """Where everybody was in a frame of a check, by the key of their place."""

    boxes: dict[int, BoxXyxy]
    frame: Frame


@dataclass(slots=True)
class _Counters:
    judged: Rate
    shown: Rate
    slowest_s: float = 0.0


class RowSession:
    """Judges the row before one camera for all who look. ``make_row`` loads the models and is called in the thread that uses them."""

    def __init__(self, camera: LiveCamera, rule_set: RuleSet, make_row: Callable[[], LiveRow]) -> None:
        self.rule_set = rule_set
        self.events: Broadcast[bytes] = Broadcast()
        self.view: Broadcast[bytes] = Broadcast()
        self.result: RowResult | None = None
        self.setup = RowSetup()
        self._camera = camera
        self._make_row = make_row
        self._crew = Crew(self._give_up)
        self._commands: deque[Command] = deque()
        self._to_judge: Slot[Frame] = Slot()
        self._to_show: Slot[Frame] = Slot()
        self._auto = AutoStart()
        self._now: RowNow | None = None
        self._sight: _Sight | None = None
        self._models_fail = False
        self._is_at_work = False
        self._wanted_s = -np.inf
        self._counters = _Counters(Rate(), Rate())
        self._pace = Pace()

    # --- for requests: any thread ---------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the threads, which sleep until somebody looks."""
        self._crew.start(self._analyse, self._publish, name="posecoach_row")

    def stop(self) -> None:
        """Stop and join the threads."""
        self._crew.end((self._to_judge, self._to_show), (self.events, self.view))

    @property
    def is_at_work(self) -> bool:
        """Whether the row is being judged, and the camera is not the coach's."""
        return self._is_at_work

    @property
    def has_row(self) -> bool:
        """Whether anybody stands in the row now."""
        return self._now is not None and bool(self._now.people)

    def has_place(self, key: int) -> bool:
        """Whether there is a place of this key."""
        now = self._now
        return now is not None and any(person.key == key for person in now.people)

    def name_person(self, key: int, entry: RowEntry) -> None:
        """Name and profile of the one at a place."""
        self._commands.append(lambda row: self._name(row, key, entry))

    def set_roster(self, entries: Sequence[RowEntry], name: str) -> None:
        """Names and profiles in row order, from a file of this name; nobody has a name with an empty one."""
        self.setup = self.setup.with_roster(tuple(entries), name)
        self._commands.append(lambda row: row.set_roster(entries))

    def set_auto(self, seconds: float | None, keeps_picture: bool = False) -> None:
        """Start a check of so long whenever everybody stands, as `start_check`; None: only when asked."""
        self.setup = self.setup.with_auto(seconds, keeps_picture)

    def start_check(self, seconds: float, keeps_picture: bool) -> None:
        """Count down and judge everybody for so long; ``keeps_picture`` also keeps a picture of its end in memory."""
        self.setup = self.setup.with_check(seconds, keeps_picture)
        self._without_result(lambda row: row.start_check(seconds) if self.has_row else None)

    def drop_check(self) -> None:
        """Break off the check or forget its result; a check that was broken off does not start again by itself."""
        if self.result is None:
            self.set_auto(None)
        self._without_result(LiveRow.drop_check)

    def reset(self) -> None:
        """Count the row anew, and forget the check."""
        self._without_result(self._start_afresh)

    def _without_result(self, command: Command) -> None:
        """Forget the result at once, and again when the command is obeyed: it may just have come anew."""

        def obey(row: LiveRow) -> None:
            self.result = None
            command(row)

        self.result = None
        self._commands.append(obey)

    def state(self) -> bytes:
        """The newest state as JSON."""
        camera = self._condition()
        now = self._now if camera.has_picture else None
        result = self.result
        told = RowTold(now, result, camera, self._is_at_work, self.setup, self.rule_set, self._pace.is_slow)
        return to_bytes(row_json(told))

    def status(self) -> dict[str, float | int | bool]:
        """Counters: frames judged and pictures sent a second, and the longest that a frame took, seconds."""
        counters = self._counters
        return {
            "at_work": self._is_at_work,
            "viewers": self.view.readers,
            "judged_fps": round(counters.judged.per_s, 1),
            "shown_fps": round(counters.shown.per_s, 1),
            "slowest_s": round(counters.slowest_s, 2),
        }

    # --- judging --------------------------------------------------------------------------------------------------------------------------

    def _give_up(self) -> None:
        self._models_fail = True
        self.events.publish(self.state())

    def _is_wanted(self) -> bool:
        now_s = time.monotonic()
        if self.events.readers or self.view.readers:
            self._wanted_s = now_s
        return not self._crew.stop.is_set() and now_s - self._wanted_s < LINGER_S

    def _analyse(self) -> None:
        while not self._crew.stop.wait(POLL_S):
            if self._is_wanted():
                try:
                    self._work()
                finally:
                    self._camera.lend(None)
                    self._is_at_work, self._now, self._sight = False, None, None
                    give_back()

    def _work(self) -> None:
        self._is_at_work = True
        self._camera.lend(self._take)
        self.events.publish(self.state())
        with closing(self._make_row()) as row:
            self._commands.clear()
            self._pace = Pace()
            row.set_roster(self.setup.roster)
            told_s = time.monotonic()
            while self._is_wanted():
                frame = self._to_judge.take(POLL_S)
                while self._commands:
                    self._commands.popleft()(row)
                if frame is not None:
                    self._feed(row, frame)
                if frame is not None or time.monotonic() - told_s > QUIET_S:
                    told_s = time.monotonic()
                    self.events.publish(self.state())

    def _feed(self, row: LiveRow, frame: Frame) -> None:
        start_s = time.monotonic()
        now = row.feed(frame, BUDGET_S)
        self._counters.slowest_s = max(self._counters.slowest_s, time.monotonic() - start_s)
        self._counters.judged.tick()
        self._now = now
        self._keep_sight(frame, now)
        self._keep_pace(frame, now)
        self._keep_result(now)
        auto = self.setup.auto_s
        if self._auto.is_due(now, is_armed=auto is not None and self.result is None) and auto is not None:
            self.start_check(auto, self.setup.keeps_picture)

    def _keep_pace(self, frame: Frame, now: RowNow) -> None:
        """Where it is slow, show the picture that was judged and no newer one."""
        ages = [now.t_ms - person.updated_ms for person in now.people if person.updated_ms is not None]
        self._pace.note(frame.t_ms, self._camera.now_ms() - frame.t_ms + max(ages, default=0.0))
        if self._pace.is_slow and self.view.readers:
            self._to_show.put(frame)

    def _keep_sight(self, frame: Frame, now: RowNow) -> None:
        """Keep the moment of a check at which most people are seen, the last of several: when it is over they walk away."""
        if now.check is None or now.check.phase == "countdown":
            self._sight = None
        elif now.check.phase == "judging":
            boxes = {person.key: person.box_xyxy for person in now.people if person.box_xyxy is not None}
            if self._sight is None or len(boxes) >= len(self._sight.boxes):
                self._sight = _Sight(boxes, frame)

    def _keep_result(self, now: RowNow) -> None:
        """Take over the result of a check, also one judged again after somebody was given a name."""
        people = None if now.check is None else now.check.result
        if people is None:
            return
        old = self.result
        if old is not None and old.people is people:
            return
        if old is not None:
            self.result = replace(old, people=people)
            return
        sight = self._sight
        self._sight = None
        self.result = RowResult(
            people,
            warnings_of(people, now.bystanders, self.setup.roster),
            time.localtime(),
            np.array(sight.frame.image_bgr, np.uint8) if sight is not None and self.setup.keeps_picture else None,
            tuple(None if sight is None else sight.boxes.get(person.place.key) for person in people),
            now.size_wh,
        )

    def _name(self, row: LiveRow, key: int, entry: RowEntry) -> None:
        number = next((person.id for person in self._now.people if person.key == key), None) if self._now is not None else None
        if number is not None:
            row.set_person(number, entry)

    def _start_afresh(self, row: LiveRow) -> None:
        row.reset()
        self._now = None

    def _condition(self) -> CameraCondition:
        return NO_MODELS if self._models_fail else self._camera.camera_condition()

    # --- pictures -------------------------------------------------------------------------------------------------------------------------

    def _take(self, frame: Frame) -> None:
        self._to_judge.put(frame)
        if self.view.readers and not self._pace.is_slow:
            self._to_show.put(frame)

    def _publish(self) -> None:
        for frame in paced(self._to_show, self._crew.stop, MOST_FPS):
            self.view.publish(picture_part(frame.t_ms, to_jpeg(no_wider(np.asarray(frame.image_bgr, np.uint8)), JPEG_QUALITY)))
            self._counters.shown.tick()
