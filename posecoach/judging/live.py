"""Judges a person as the landmarks come in, with the code that grades clips. No IO, no clock: time comes with the landmarks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from posecoach.body.motion import Motion
from posecoach.body.observed import Body, Neutral
from posecoach.body.posture import observe
from posecoach.body.records import Array, Landmarks, Track
from posecoach.body.timeline import frame_durations_s
from posecoach.judging.coach import Advice, Coach, Fault
from posecoach.judging.judge import Moment, judge_moment
from posecoach.judging.outcomes import score
from posecoach.judging.pipeline import Graded, GradeOptions, grade_motion
from posecoach.judging.placement import Item, check_placement
from posecoach.judging.results import ClauseVerdict
from posecoach.rulebook.schema import RuleSet
from posecoach.vocabulary import Posture, Profile, Reason, State, View

WINDOW_MS = 6000.0
READY_MS = 800.0
LOST_MS = 1000.0
COUNTDOWN_MS = 3000.0
CLOSE_CALL_MS = 600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What is practised: the topic's rule file, profile, and what is known of the person and the camera.

    ``roll_deg``: how far the camera is tilted, positive when the picture's vertical edges lean to the right; landmarks are turned back.
    """

    rule_set: RuleSet
    profile: Profile = Profile.UNSPECIFIED
    neutral: Neutral | None = None
    roll_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check under way or done: ``phase`` countdown, judging or done; ``graded`` when done."""

    phase: str
    left_s: float
    graded: Graded | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LiveState:
    """All that is known of the person at the last frame."""

    t_ms: float
    settings: Settings
    posture: Posture
    view: View
    placement: tuple[Item, ...]
    is_ready: bool
    moments: tuple[Moment, ...]
    advice: Advice
    score: float | None
    check: CheckState | None
    body: Body


@dataclass
class _Check:
    starts_ms: float
    ends_ms: float
    parts: list[Motion] = field(default_factory=list)
    graded: Graded | None = None


class LiveJudge:
    """Takes landmarks frame by frame and says how the person does. Belongs to one thread."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._recent: deque[Motion] = deque()
        self._coach = Coach()
        self._ready_since_ms: float | None = None
        self._is_ready = False
        self._last_ok_ms = -np.inf
        self._check: _Check | None = None
        self._shown: dict[str, tuple[State, float]] = {}

    def change(self, settings: Settings) -> None:
        """Practise something else, or with another profile or calibration: judging starts anew."""
        if settings.rule_set.topic != self.settings.rule_set.topic:
            self._check = None
        self.settings = settings
        self._coach.reset()

    def push(self, t_ms: float, landmarks: Landmarks) -> None:
        """Add the landmarks of a frame; ``t_ms`` increases from frame to frame (a frame that is not later is dropped)."""
        if self._recent and t_ms <= self._recent[-1].t_ms[-1]:
            return
        turned = turn_back(landmarks, self.settings.roll_deg)
        motion = Motion.of(Track.from_landmarks([t_ms], [turned], landmarks.size_wh))
        if self._recent and self._recent[-1].size_wh != motion.size_wh:
            self._recent.clear()
        self._recent.append(motion)
        while self._recent[0].t_ms[0] < t_ms - WINDOW_MS:
            self._recent.popleft()
        if self._check is not None and self._check.starts_ms <= t_ms < self._check.ends_ms:
            self._check.parts.append(motion)

    def start_check(self, seconds: float) -> None:
        """Count down, then judge this long."""
        now = float(self._recent[-1].t_ms[-1]) if self._recent else 0.0
        self._check = _Check(now + COUNTDOWN_MS, now + COUNTDOWN_MS + 1000 * seconds)

    def recent(self) -> Motion | None:
        """The last seconds, None before the first frame."""
        return Motion.join(list(self._recent)) if self._recent else None

    def state(self, brightness: float) -> LiveState | None:
        """How the person does now; ``brightness``: mean of the picture, 0..255. None before the first frame."""
        motion = self.recent()
        if motion is None:
            return None
        body = observe(motion, self.settings.neutral)
        t_ms = float(motion.t_ms[-1])
        placement = check_placement(body, self.settings.rule_set.topic, brightness)
        self._update_ready(t_ms, placement)
        judged = judge_moment(body, self.settings.rule_set, self.settings.profile) if self._is_ready else self._unjudged()
        moments = tuple(self._steadied(t_ms, moment) for moment in judged)
        return LiveState(
            t_ms=t_ms,
            settings=self.settings,
            posture=Posture(int(body.posture[-1])),
            view=View(int(body.view[-1])),
            placement=placement,
            is_ready=self._is_ready,
            moments=moments,
            advice=self._advise(t_ms, moments),
            score=_score_of(moments, self.settings.rule_set),
            check=self._check_state(t_ms),
            body=body,
        )

    def _update_ready(self, t_ms: float, placement: Sequence[Item]) -> None:
        if all(item.ok for item in placement):
            self._last_ok_ms = t_ms
            self._ready_since_ms = t_ms if self._ready_since_ms is None else self._ready_since_ms
            self._is_ready = self._is_ready or t_ms - self._ready_since_ms >= READY_MS
            return
        self._ready_since_ms = None
        here = any(item.id == "person" and item.ok for item in placement)
        if self._is_ready and (not here or t_ms - self._last_ok_ms > LOST_MS):
            self._is_ready = False
            self._coach.reset()

    def _steadied(self, t_ms: float, moment: Moment) -> Moment:
        """A clause at the border of pass and warn keeps its state until the other has lasted; faults are told at once."""
        name = moment.rule.id
        shown, since_ms = self._shown.get(name, (moment.state, t_ms))
        if moment.state is shown:
            self._shown[name] = (shown, t_ms)
            return moment
        is_close_call = {moment.state, shown} == {State.PASS, State.WARN}
        if is_close_call and t_ms - since_ms < CLOSE_CALL_MS:
            return replace(moment, state=shown)
        self._shown[name] = (moment.state, t_ms)
        return moment

    def _unjudged(self) -> tuple[Moment, ...]:
        rules = self.settings.rule_set.for_profile(self.settings.profile).rules
        return tuple(Moment(r, State.UNJUDGED, Reason.NEVER if r.never else Reason.NOT_APPLICABLE) for r in rules)

    def _advise(self, t_ms: float, moments: Sequence[Moment]) -> Advice:
        if not self._is_ready:
            return Advice()
        faults = [Fault(m.rule.id, m.rule.priority, m.correction) for m in moments if m.correction is not None]
        met = {m.rule.id: m.rule.praise for m in moments if m.state in (State.PASS, State.WARN)}
        return self._coach.update(t_ms, faults, met)

    def _check_state(self, t_ms: float) -> CheckState | None:
        check = self._check
        if check is None:
            return None
        if t_ms < check.starts_ms:
            return CheckState("countdown", (check.starts_ms - t_ms) / 1000)
        if t_ms < check.ends_ms:
            return CheckState("judging", (check.ends_ms - t_ms) / 1000)
        if check.graded is None and check.parts:
            settings = self.settings
            options = GradeOptions((settings.rule_set,), settings.rule_set.topic, settings.profile, settings.neutral)
            check.graded = grade_motion(Motion.join(check.parts), options)
            check.parts = []
        return CheckState("done", 0.0, check.graded)


def calibrate(motion: Motion, seconds: float) -> Neutral | None:
    """The neutral of the last ``seconds`` of a person's motion; None when no face was seen for at least half of them."""
    recent = motion.t_ms >= motion.t_ms[-1] - 1000 * seconds
    seconds_seen = frame_durations_s(motion.t_ms)[recent & np.isfinite(motion.face).any(1)].sum()
    if seconds_seen < seconds / 2:
        return None
    return Neutral.of(motion.face[recent])


def turn_back(landmarks: Landmarks, roll_deg: float) -> Landmarks:
    """Landmarks as a camera held straight would see them: turned about the picture's middle by ``roll_deg`` anticlockwise."""
    if roll_deg == 0.0:
        return landmarks
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array(landmarks.size_wh) / 2

    def turned(points: Array) -> Array:
        return np.asarray((points - middle) @ turn.T + middle)

    return replace(landmarks, pose_px=turned(landmarks.pose_px), face_px=turned(landmarks.face_px))


def _score_of(moments: Sequence[Moment], rule_set: RuleSet) -> float | None:
    verdicts = [ClauseVerdict(m.rule.id, m.state, m.reason, m.value, "", 0.0, None, None, None, "") for m in moments]
    return score(verdicts, (rule_set,))
