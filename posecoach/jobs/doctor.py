"""What works on this machine and what does not: each check says what it found and, where something is wrong, the way out."""

from __future__ import annotations

import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from posecoach.body.records import Frame
from posecoach.drawing.text import text_mask
from posecoach.errors import EstimatorError, PosecoachError
from posecoach.resources import font_path, rules_dir

PYTHON_RANGE = ((3, 10), (3, 12))
REINSTALL = "install again from requirements.lock (README, Start)"
MODELS = (
    "pose_detection/pose_detection.tflite",
    "pose_landmark/pose_landmark_full.tflite",
    "face_detection/face_detection_short_range.tflite",
    "face_landmark/face_landmark_with_attention.tflite",
)
_DLL_MEND = "install the Microsoft Visual C++ Redistributable 2015-2022 (x64), then try again"
_CAMERAS_TIMEOUT_S = 20.0
_LIST_CAMERAS = """
import json, cv2
cv2.setLogLevel(0)
print(json.dumps([i for i in range(4) if cv2.VideoCapture(i).isOpened()]))
"""


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One thing looked at. ``mend`` says what to do and is empty when ``ok``."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def run_checks(out: Path, rules: Path | None = None) -> Iterator[DoctorCheck]:
    """All checks, one after the other as they finish; ``out`` is the output folder to be, ``rules`` the shipped ones when None."""
    yield check_python()
    yield check_processor()
    yield check_opencv()
    yield check_models()
    yield check_estimator()
    yield check_font()
    yield check_h264()
    yield check_rules(rules)
    yield check_output(out)
    yield check_cameras()


def check_python(running: tuple[int, int] = sys.version_info[:2], bits: int = 64 if sys.maxsize > 2**32 else 32) -> DoctorCheck:
    """Python 3.10 to 3.12, 64-bit: MediaPipe 0.10.21 has wheels for no other."""
    lowest, highest = PYTHON_RANGE
    found = f"{running[0]}.{running[1]}, {bits}-bit"
    if lowest <= running <= highest and bits == 64:
        return DoctorCheck("Python", True, found)
    return DoctorCheck("Python", False, found, "install a 64-bit Python 3.12 beside this one and set posecoach up with it")


def check_processor(system: str = platform.system(), machine: str = platform.machine()) -> DoctorCheck:
    """A processor that MediaPipe 0.10.21 has a wheel for: x86-64 everywhere, Arm on macOS only."""
    found = f"{system} on {machine}"
    if machine.lower() in ("x86_64", "amd64") or (system == "Darwin" and machine == "arm64"):
        return DoctorCheck("Processor", True, found)
    mend = "MediaPipe 0.10.21 does not exist for this processor: use an Intel or AMD computer (64-bit), or a Mac"
    return DoctorCheck("Processor", False, found, mend)


def check_opencv() -> DoctorCheck:
    """Exactly one installed package may own the module ``cv2``: two of them overwrite each other's files."""
    owners = sorted(set(packages_distributions().get("cv2", ())))
    if len(owners) == 1:
        return DoctorCheck("OpenCV", True, f"{owners[0]} {version(owners[0])}")
    mend = (
        f"set up a new environment from requirements.lock; uninstalling one of two breaks the other ({', '.join(owners) or 'none found'})"
    )
    return DoctorCheck("OpenCV", False, f"{len(owners)} packages own the module cv2", mend)


def check_models(system: str = platform.system(), package: Path | None = None) -> DoctorCheck:
    """MediaPipe's landmark models are installed, in a folder it can read. ``package``: where mediapipe lies, looked up when None."""
    found = _mediapipe_folder() if package is None else package
    if found is None:
        return DoctorCheck("MediaPipe models", False, "mediapipe is not installed", REINSTALL)
    missing = [model for model in MODELS if not (found / "modules" / model).is_file()]
    if missing:
        return DoctorCheck("MediaPipe models", False, f"missing: {', '.join(missing)}", REINSTALL)
    if system == "Windows" and not str(found).isascii():
        return DoctorCheck(
            "MediaPipe models", False, f"MediaPipe cannot read {found}", "move posecoach to a folder like C:\\posecoach, set up again"
        )
    return DoctorCheck("MediaPipe models", True, _mediapipe_version())


def _mediapipe_folder() -> Path | None:
    spec = find_spec("mediapipe")
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def _mediapipe_version() -> str:
    try:
        return version("mediapipe")
    except PackageNotFoundError:
        return "version unknown"


def check_estimator() -> DoctorCheck:
    """The models start and look at one grey picture."""
    from posecoach.estimators.mediapipe import MediaPipeEstimator

    frame = Frame(np.full((240, 320, 3), 128, np.uint8), 0, 0.0, "doctor")
    started = time.perf_counter()
    try:
        with MediaPipeEstimator(still=True) as estimator:
            estimator.estimate(frame)
    except EstimatorError as error:
        return DoctorCheck("MediaPipe runs", False, str(error), _DLL_MEND if platform.system() == "Windows" else REINSTALL)
    return DoctorCheck("MediaPipe runs", True, f"started in {time.perf_counter() - started:.1f} s")


def check_font() -> DoctorCheck:
    """Chinese text in pictures: three characters must differ from each other and from the box drawn for a missing one."""
    try:
        path = font_path()
        shapes = {text_mask(path, character, 24).tobytes() for character in "站肩脚\uffff"}
    except PosecoachError as error:
        return DoctorCheck("Chinese font", False, str(error), "install the package noto-cjk-sans-otc")
    if len(shapes) == 4:
        return DoctorCheck("Chinese font", True, path.name)
    return DoctorCheck("Chinese font", False, f"{path.name} lacks Chinese characters", "install the package noto-cjk-sans-otc")


def check_h264() -> DoctorCheck:
    """Write a few H.264 pictures to memory and read them back."""
    try:
        import av
    except ImportError as error:
        return DoctorCheck("H.264 video", False, f"PyAV does not load: {error}", REINSTALL)
    try:
        decoded = _round_trip_h264(pictures=5)
    except (av.FFmpegError, ValueError) as error:
        return DoctorCheck("H.264 video", False, f"PyAV {av.__version__}: {error}", REINSTALL)
    if decoded == 5:
        return DoctorCheck("H.264 video", True, f"PyAV {av.__version__}")
    return DoctorCheck("H.264 video", False, f"PyAV {av.__version__} read {decoded} of 5 pictures back", REINSTALL)


def _round_trip_h264(pictures: int) -> int:
    import av

    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as writer:
        stream = writer.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, np.uint8), format="bgr24")
        for i in range(pictures):
            frame.pts = i
            writer.mux(stream.encode(frame))
        writer.mux(stream.encode())
    memory.seek(0)
    with av.open(memory) as reader:
        return sum(1 for _ in reader.decode(video=0))


def check_rules(folder: Path | None = None) -> DoctorCheck:
    """The rule files load; ``folder`` is the shipped one when None."""
    from posecoach.rulebook.loading import load_rule_sets

    try:
        where = rules_dir() if folder is None else folder
        sets = load_rule_sets(where)
    except PosecoachError as error:
        return DoctorCheck("Rules", False, str(error), "correct the line named, or use the shipped rules")
    return DoctorCheck("Rules", True, f"{len(sets)} files in {where}")


def check_output(out: Path) -> DoctorCheck:
    """Results can be written to ``out``, or to the nearest folder above it when it is not there yet."""
    folder = next(parent for parent in (out.absolute(), *out.absolute().parents) if os.path.lexists(parent))
    try:
        with suppress(FileNotFoundError):
            out.stat()  # the system may refuse the path itself
        with tempfile.TemporaryFile(dir=folder):
            return DoctorCheck("Output folder", True, f"{out} can be written")
    except OSError as error:
        return DoctorCheck("Output folder", False, f"{folder}: {error.strerror}", "choose another folder with --out")


def check_cameras(command: tuple[str, ...] = (sys.executable, "-c", _LIST_CAMERAS), timeout_s: float = _CAMERAS_TIMEOUT_S) -> DoctorCheck:
    """Cameras 0 to 3, opened in a process of their own because a broken driver can hang. Grading needs none, so none is no fault."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout_s, check=True, env={**os.environ, "OPENCV_LOG_LEVEL": "SILENT"})  # noqa: S603
        cameras = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        mend = "grading works without; for the camera: unplug it, plug it in again, close other programs that use it"
        return DoctorCheck("Cameras", False, f"no answer within {timeout_s:.0f} s", mend)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return DoctorCheck("Cameras", True, "could not be listed (grading needs none)")
    return DoctorCheck("Cameras", True, f"found: {', '.join(map(str, cameras))}" if cameras else "none found (grading needs none)")
