"""One person practising before one camera: settings, judge and calibration behind a lock, so that requests may come from any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from posecoach.body.observed import Neutral
from posecoach.body.records import Landmarks, Track
from posecoach.judging.live import LiveJudge, LiveState, Settings, calibrate
from posecoach.judging.results import PersonResult
from posecoach.live.messages import CameraCondition, state_json, words
from posecoach.live.pace import TOO_SLOW
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.calibrations import Calibration
from posecoach.vocabulary import Profile, Text

ONE_PERSON = Text("请只让一个人入镜，别人请走出画面", "Only one person, please: let the others leave the picture")


class Session(Protocol):
    """What may be asked of a session, wherever it is judged."""

    is_mirrored: bool

    def choose(self, topic: str | None, profile: str | None) -> None:
        """Practise this from now on; None leaves it. Raises ValueError for a topic or profile there is not."""

    def apply(self, calibration: Calibration | None) -> None:
        """Judge with this calibration from now on, or with none."""

    def start_check(self, seconds: float) -> None:
        """Count down and judge so long."""

    def lead(self, what: str) -> bool:
        """The trainer's click: ``next``, ``again`` or ``stop``; False where no drill is practised."""

    @property
    def checked(self) -> tuple[PersonResult, Settings] | None:
        """What the check that is shown came to, and by what it was judged; None where there is none."""

    def drop_check(self) -> None:
        """Break off the check, or forget its result."""

    def neutral(self, seconds: float) -> Neutral | None:
        """The neutral face of the last seconds; None when no face was seen for half of them."""


class LiveSession:
    """A `LiveJudge` for several threads, with what the person chose."""

    too_slow = TOO_SLOW
    """What is said while it is."""

    def __init__(self, rule_sets: Mapping[str, RuleSet]) -> None:
        self._rule_sets = rule_sets
        self._lock = threading.Lock()
        self._judge = LiveJudge(Settings(next(iter(rule_sets.values()))))
        self.is_mirrored = True

    @property
    def settings(self) -> Settings:
        """What is practised now."""
        return self._judge.settings

    def choose(self, topic: str | None, profile: str | None) -> None:
        """Practise this from now on; None leaves it. Raises ValueError for a topic or profile there is not."""
        if topic is not None and topic not in self._rule_sets:
            raise ValueError(f"topic: expected one of {', '.join(self._rule_sets)}")
        with self._lock:
            old = self._judge.settings
            new = replace(
                old,
                rule_set=old.rule_set if topic is None else self._rule_sets[topic],
                profile=old.profile if profile is None else Profile(profile),
            )
            if new.rule_set is not old.rule_set or new.profile is not old.profile:
                self._judge.change(new)

    def apply(self, calibration: Calibration | None) -> None:
        """Judge with this calibration from now on, or with none."""
        known = calibration or Calibration()
        with self._lock:
            self._judge.change(replace(self._judge.settings, neutral=known.neutral, roll_deg=known.roll_deg))

    def push(self, t_ms: float, landmarks: Landmarks) -> None:
        """Take in the landmarks of a frame."""
        with self._lock:
            self._judge.push(t_ms, landmarks)

    def push_track(self, track: Track) -> None:
        """Take in the landmarks of several frames."""
        with self._lock:
            self._judge.push_track(track)

    def state(self, brightness: float) -> LiveState | None:
        """How the person does now; None before the first frame."""
        with self._lock:
            return self._judge.state(brightness)

    def start_check(self, seconds: float) -> None:
        """Count down and judge so long."""
        with self._lock:
            self._judge.start_check(seconds)

    def lead(self, what: str) -> bool:
        """The trainer's click: ``next``, ``again`` or ``stop``; False where no drill is practised."""
        with self._lock:
            run, motion = self._judge.run, self._judge.recent()
            if run is None:
                return False
            t_ms = 0.0 if motion is None else float(motion.t_ms[-1])
            if what == "stop":
                run.stop()
            else:
                (run.go_on if what == "next" else run.again)(t_ms)
            return True

    @property
    def checked(self) -> tuple[PersonResult, Settings] | None:
        """What the check that is shown came to, and by what it was judged; None where there is none."""
        with self._lock:
            done = self._judge.checked
            return None if done is None else (done.person, self._judge.settings)

    def drop_check(self) -> None:
        """Break off the check, or forget its result."""
        with self._lock:
            self._judge.drop_check()

    def neutral(self, seconds: float) -> Neutral | None:
        """The neutral face of the last seconds; None when no face was seen for half of them."""
        with self._lock:
            motion = self._judge.recent()
        return None if motion is None else calibrate(motion, seconds)

    def to_dict(self, state: LiveState | None, camera: CameraCondition, t_ms: float, *, is_slow: bool, has_company: bool) -> dict[str, Any]:
        """The state as the server tells it; ``is_slow``: it is about a moment that has passed, so nothing is praised.

        ``has_company``: somebody else is in the picture, which is said while nothing is to be corrected.
        """
        told = state_json(state, camera, self.settings, t_ms)
        told["company"] = words(ONE_PERSON) if has_company else None
        return told | ({"slow": words(self.too_slow), "praise": None} if is_slow else {})
