"""Judges a person as the landmarks come in, with the code that grades clips. No IO, no clock: time comes with the landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.observed import Body, Neutral
from posecoach.body.posture import observe
from posecoach.body.records import Array, Landmarks, Track
from posecoach.body.timeline import frame_durations_s
from posecoach.judging.coach import Advice
from posecoach.judging.drill_run import DrillNow, DrillRun
from posecoach.judging.judge import Moment
from posecoach.judging.pipeline import SIZE_CHANGED, Graded, GradeOptions, grade_motion
from posecoach.judging.placement import PlacementItem, check_placement
from posecoach.judging.raised_hand import raised_hand
from posecoach.judging.recent import RecentMotion
from posecoach.judging.timed_check import CheckNow, TimedCheck
from posecoach.judging.verdicts_now import VerdictsNow
from posecoach.rulebook.drill_schema import DrillTopic
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Posture, Profile, View

READY_MS = 800.0
LOST_MS = 1000.0
LEFT_MS = 4000.0
"""Who has not been seen for so long has left, and the check under way with them."""
TOLD_MS = 4000.0
"""So long it is told that the picture has changed its size."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is practised: the topic's rule file, profile, and what is known of the person and the camera.

    ``roll_deg``: how far the camera is tilted, positive when the picture's vertical edges lean to the right; landmarks are turned back.
    """

    rule_set: RuleSet
    profile: Profile = Profile.UNSPECIFIED
    neutral: Neutral | None = None
    roll_deg: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class LiveState:
    """All that is known of the person at the last frame; ``has_new_size``: the picture has changed its size, and judging begun anew."""

    t_ms: float
    settings: Settings
    posture: Posture
    view: View
    placement: tuple[PlacementItem, ...]
    is_ready: bool
    moments: tuple[Moment, ...]
    advice: Advice
    score: float | None
    check: CheckNow[Graded] | None
    drill: DrillNow | None
    body: Body
    has_new_size: bool


class LiveJudge:
    """Takes landmarks frame by frame and says how the person does. Belongs to one thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._recent = RecentMotion()
        self._verdicts = VerdictsNow()
        self._ready_since_ms: float | None = None
        self._is_ready = False
        self._last_ok_ms = -np.inf
        self._check: TimedCheck[Graded] | None = None
        self._recorded: list[Motion] = []
        self._seen_ms = 0.0
        self._resized_ms = -np.inf
        self._check_resized = False
        self._run: DrillRun | None = None

    def change(self, settings: Settings) -> None:
        """Practise something else, or with another profile or calibration: judging starts anew. A check is of one topic and profile."""
        old = self.settings
        if (settings.rule_set.topic, settings.profile) != (old.rule_set.topic, old.profile):
            self.drop_check()
        if settings != old:
            self._run = self._new_run(settings)
        self.settings = settings
        self._verdicts.forget()

    def push(self, t_ms: float, landmarks: Landmarks) -> None:
        """Add the landmarks of a frame; ``t_ms`` increases from frame to frame (a frame that is not later is dropped)."""
        self.push_track(Track.from_landmarks([t_ms], [landmarks], landmarks.size_wh))

    def push_track(self, track: Track) -> None:
        """Add several frames that came together; nothing is taken unless the first of them is later than all before."""
        t_ms = float(track.t_ms[0])
        if not self._recent.is_new(t_ms):
            return
        if self._recent.is_of_another_size(track.size_wh):
            self._resized_ms, self._check_resized, self._recorded = t_ms, self._check_resized or bool(self._recorded), []
            if self._run is not None:
                self._run.stop()
        part = self._recent.add(turn_back(track, self.settings.roll_deg))
        is_seen = np.isfinite(track.pose_px).any((1, 2)) | np.isfinite(track.face_px).any((1, 2))
        for now_ms, seen in zip(track.t_ms.tolist(), is_seen.tolist(), strict=True):
            self._drop_check_if_left(now_ms)
            self._seen_ms = now_ms if seen else self._seen_ms
        self._record(part)
        if self._run is not None:
            self._run.push(part)

    @staticmethod
    def _new_run(settings: Settings) -> DrillRun | None:
        """What leads through the drill that is practised; None where a topic is."""
        if not isinstance(settings.rule_set, DrillTopic):
            return None
        drill, profile, neutral = settings.rule_set.drill, settings.profile, settings.neutral
        options = GradeOptions(drill.rule_sets, drill.topic, profile, neutral, drills=(drill,))
        return DrillRun(drill, lambda motion: observe(motion, neutral), lambda motion, spans: grade_motion(motion, options, spans=spans))

    @property
    def run(self) -> DrillRun | None:
        """What leads through the drill that is practised; None where a topic is."""
        return self._run

    def _record(self, part: Motion) -> None:
        kept = np.array([self._check is not None and self._check.records(t_ms) for t_ms in part.t_ms.tolist()])
        if kept.any():
            self._recorded.append(part.where(kept))

    def start_check(self, seconds: float) -> None:
        """Count down, then judge this long; it ends without a result when the person leaves meanwhile."""
        now_ms = self._recent.t_ms or 0.0
        self._check, self._recorded, self._seen_ms = TimedCheck(now_ms, seconds, self._grade_recorded), [], now_ms
        self._check_resized = False

    @property
    def checked(self) -> Graded | None:
        """The result of the check or drill that is shown now; None where none is done, or nobody was seen in it."""
        if self._run is not None:
            return self._run.result
        return None if self._check is None else self._check.result

    def drop_check(self) -> None:
        """Break off the check or forget its result."""
        self._check, self._recorded = None, []

    def recent(self) -> Motion | None:
        """The last seconds, None before the first frame."""
        return self._recent.motion()

    def state(self, brightness: float) -> LiveState | None:
        """How the person does now; ``brightness``: mean of the picture, 0..255. None before the first frame."""
        motion = self.recent()
        if motion is None:
            return None
        body, rule_set, profile = observe(motion, self.settings.neutral), self._practised(), self.settings.profile
        t_ms = float(motion.t_ms[-1])
        placement = check_placement(body, rule_set, brightness)
        self._update_ready(t_ms, placement)
        drill = self._lead(t_ms, body)
        counts = self._is_ready and (drill is None or drill.phase == "step")
        said = self._verdicts.judge(body, rule_set, profile) if counts else self._verdicts.wait(rule_set, profile)
        return LiveState(
            t_ms=t_ms,
            settings=self.settings,
            posture=Posture(int(body.posture[-1])),
            view=View(int(body.view[-1])),
            placement=placement,
            is_ready=self._is_ready,
            moments=said.moments,
            advice=said.advice,
            score=said.score,
            check=None if self._check is None else self._check.now(t_ms),
            drill=drill,
            body=body,
            has_new_size=t_ms - self._resized_ms < TOLD_MS,
        )

    def _practised(self) -> RuleSet:
        """What counts now: the topic, or what the open step of a drill is about."""
        whole = self.settings.rule_set
        number = None if self._run is None else self._run.open_step
        return whole.of_step(number) if isinstance(whole, DrillTopic) and number is not None else whole

    def _lead(self, t_ms: float, body: Body) -> DrillNow | None:
        if self._run is None:
            return None
        is_here = bool(body.posture[-1] != Posture.ABSENT)
        return self._run.update(t_ms, is_here=is_here, is_ready=self._is_ready, hand=raised_hand(body))

    def _drop_check_if_left(self, t_ms: float) -> None:
        if self._check is not None and t_ms - self._seen_ms > LEFT_MS and self._check.now(self._seen_ms).phase != "done":
            self.drop_check()

    def _update_ready(self, t_ms: float, placement: Sequence[PlacementItem]) -> None:
        if all(item.ok for item in placement):
            self._last_ok_ms = t_ms
            self._ready_since_ms = t_ms if self._ready_since_ms is None else self._ready_since_ms
            self._is_ready = self._is_ready or t_ms - self._ready_since_ms >= READY_MS
            return
        self._ready_since_ms = None
        here = any(item.id == "person" and item.ok for item in placement)
        if self._is_ready and (not here or t_ms - self._last_ok_ms > LOST_MS):
            self._is_ready = False
            self._verdicts.forget()

    def _grade_recorded(self) -> Graded | None:
        """The check as graded; None where no frame came in its time. Of a picture that changed its size what came after counts."""
        recorded, self._recorded = self._recorded, []
        settings = self.settings
        options = GradeOptions((settings.rule_set,), settings.rule_set.topic, settings.profile, settings.neutral)
        if not recorded:
            return None
        graded = grade_motion(Motion.join(recorded), options)
        return replace(graded, warnings=(SIZE_CHANGED, *graded.warnings)) if self._check_resized else graded


def calibrate(motion: Motion, seconds: float) -> Neutral | None:
    """The neutral of the last ``seconds`` of a person's motion; None when no face was seen for at least half of them."""
    recent = motion.t_ms >= motion.t_ms[-1] - 1000 * seconds
    seconds_seen = frame_durations_s(motion.t_ms)[recent & np.isfinite(motion.face).any(1)].sum()
    if seconds_seen < seconds / 2:
        return None
    return Neutral.of(motion.face[recent])


def turn_back(track: Track, roll_deg: float) -> Track:
    """A track as a camera held straight would see it: turned about the picture's middle by ``roll_deg`` anticlockwise."""
    if roll_deg == 0.0:
        return track
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array(track.size_wh) / 2

    def turned(points: Array) -> Array:
        return np.asarray((points - middle) @ turn.T + middle)

    return replace(track, pose_px=turned(track.pose_px), face_px=turned(track.face_px))
