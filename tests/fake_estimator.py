"""An estimator for tests in which landmarks do not matter: somebody stands in every picture that is not black.

python -m tests.fake_estimator grade CLIP ...     the command line with this estimator, in one process; prints its peak memory in KB at the
                                                  end
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType

import numpy as np

from posecoach.body.landmarks import FACE_COUNT, POSE_COUNT, Face, Pose
from posecoach.body.records import Array, Frame, Landmarks
from posecoach.cli.main import main
from posecoach.jobs.tools import Tools
from posecoach.runners.processes import InlineRunner

BLACK = 8

# Right side of a person seen from the front: metres from the middle of the hips, y down.
_RIGHT = {
    "EYE": (-0.03, -0.66),
    "EAR": (-0.07, -0.65),
    "SHOULDER": (-0.18, -0.50),
    "ELBOW": (-0.22, -0.22),
    "WRIST": (-0.22, 0.02),
    "HIP": (-0.10, 0.0),
    "KNEE": (-0.10, 0.42),
    "ANKLE": (-0.10, 0.82),
    "HEEL": (-0.10, 0.87),
    "FOOT_INDEX": (-0.12, 0.88),
}
HEIGHT_M = 1.9


_SLOW = (
    "import sys, functools; from posecoach.jobs.tools import Tools; from tests.fake_estimator import FakeEstimator; "
    "from posecoach.cli.main import main; "
    "main(sys.argv[1:], prog_name='posecoach', obj=Tools(functools.partial(FakeEstimator, {})))"
)


def slow_posecoach(*arguments: str | Path, delay_s: float) -> list[str]:
    """The command line, in a process of its own and with worker processes, with an estimator that takes its time."""
    return [sys.executable, "-c", _SLOW.format(delay_s), *map(str, arguments)]


def standing_m() -> Array:
    """(33, 2) metres; points without a place of their own are in the face."""
    points = np.full((POSE_COUNT, 2), (0.0, -0.63))
    for name, (x, y) in _RIGHT.items():
        points[Pose[f"RIGHT_{name}"]] = x, y
        points[Pose[f"LEFT_{name}"]] = -x, y
    return points


class FakeEstimator:
    """Somebody who stands in the middle and fills the picture's height; nobody in a black picture. ``delay_s`` is slept in each frame."""

    warnings: tuple[str, ...] = ()
    is_in_company = False
    with_hands = False

    def __init__(self, delay_s: float = 0.0, *, still: bool = False) -> None:
        self._delay_s = delay_s
        self._points_m = standing_m()
        self._face_m = np.random.default_rng(0).uniform(-0.08, 0.08, (FACE_COUNT, 2)) + np.array([0.0, -0.62])
        self._face_m[[Face.MOUTH_RIGHT, Face.MOUTH_LEFT]] = (-0.03, -0.6), (0.03, -0.6)

    def estimate(self, frame: Frame) -> Landmarks:
        """The standing person, or nobody."""
        time.sleep(self._delay_s)
        if frame.image_bgr.max() <= BLACK:
            return Landmarks.absent(frame.size_wh)
        width, height = frame.size_wh
        scale, middle = height / HEIGHT_M, (width / 2, height / 2)
        return Landmarks(
            pose_px=self._points_m * scale + middle,
            pose_world_m=np.column_stack([self._points_m, np.zeros(POSE_COUNT)]),
            pose_visibility=np.ones(POSE_COUNT),
            face_px=self._face_m * scale + middle,
            size_wh=frame.size_wh,
        )

    def __enter__(self) -> FakeEstimator:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to free."""


def here(_count: int) -> InlineRunner:
    """A runner in this process."""
    return InlineRunner()


HERE = Tools(FakeEstimator, here)
"""A job with this estimator in this process."""


def peak_memory_kb() -> int:
    """The most memory this process has held. Not `getrusage`: that begins with what the parent process held."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


if __name__ == "__main__":
    try:
        main(sys.argv[1:], prog_name="posecoach", obj=HERE)
    finally:
        sys.stdout.write(f"{peak_memory_kb()}\n")
