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
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from posecoach.body.records import Frame
from posecoach.drawing.text import text_mask
from posecoach.errors import EstimatorError, PosecoachError, reason_of
from posecoach.resources import RECOGNISER_FILES, font_path, npm_file, rules_dir
from posecoach.vocabulary import Text

PYTHON_RANGE = ((3, 10), (3, 12))
REINSTALL = Text("请按 requirements.lock 重新安装（见 README）", "install again from requirements.lock (README, Start)")
MODELS = (
    "pose_detection/pose_detection.tflite",
    "pose_landmark/pose_landmark_full.tflite",
    "face_detection/face_detection_short_range.tflite",
    "face_landmark/face_landmark_with_attention.tflite",
)
_DLL_MEND = Text(
    "请安装 Microsoft Visual C++ Redistributable 2015-2022 (x64) 再试",
    "install the Microsoft Visual C++ Redistributable 2015-2022 (x64), then try again",
)
_FONT_MEND = Text("请安装软件包 noto-cjk-sans-otc", "install the package noto-cjk-sans-otc")
_PYTHON, _OPENCV = Text("Python", "Python"), Text("OpenCV", "OpenCV")
_PROCESSOR, _MODELS, _RUNS = (
    Text("处理器", "Processor"),
    Text("MediaPipe 模型", "MediaPipe models"),
    Text("MediaPipe 运行", "MediaPipe runs"),
)
_FONT, _H264, _RULES = Text("中文字体", "Chinese font"), Text("H.264 视频", "H.264 video"), Text("规则", "Rules")
_OUTPUT, _CAMERAS = Text("结果文件夹", "Output folder"), Text("摄像头", "Cameras")
_BROWSER = Text("浏览器识别", "Recognition in the browser")
_CAMERAS_TIMEOUT_S = 20.0
_LIST_CAMERAS = """
import json, cv2
cv2.setLogLevel(0)
print(json.dumps([i for i in range(4) if cv2.VideoCapture(i).isOpened()]))
"""


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One thing looked at. ``mend`` says what to do and is None when ``ok``."""

    name: Text
    ok: bool
    detail: Text
    mend: Text | None = None


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
    yield check_browser()
    yield check_output(out)
    yield check_cameras()


def check_python(running: tuple[int, int] = sys.version_info[:2], bits: int = 64 if sys.maxsize > 2**32 else 32) -> DoctorCheck:
    """Python 3.10 to 3.12, 64-bit: MediaPipe 0.10.21 has wheels for no other."""
    lowest, highest = PYTHON_RANGE
    found = Text(f"{running[0]}.{running[1]}，{bits} 位", f"{running[0]}.{running[1]}, {bits}-bit")
    if lowest <= running <= highest and bits == 64:
        return DoctorCheck(_PYTHON, True, found)
    mend = Text(
        "请另装一个 64 位的 Python 3.12，用它安装 posecoach", "install a 64-bit Python 3.12 beside this one and set posecoach up with it"
    )
    return DoctorCheck(_PYTHON, False, found, mend)


def check_processor(system: str = platform.system(), machine: str = platform.machine()) -> DoctorCheck:
    """A processor that MediaPipe 0.10.21 has a wheel for: x86-64 everywhere, Arm on macOS only."""
    found = Text(f"{system}，{machine}", f"{system} on {machine}")
    if machine.lower() in ("x86_64", "amd64") or (system == "Darwin" and machine == "arm64"):
        return DoctorCheck(_PROCESSOR, True, found)
    mend = Text(
        "这种处理器没有 MediaPipe 0.10.21：请用英特尔或 AMD 的 64 位电脑，或者 Mac",
        "MediaPipe 0.10.21 does not exist for this processor: use an Intel or AMD computer (64-bit), or a Mac",
    )
    return DoctorCheck(_PROCESSOR, False, found, mend)


def check_opencv() -> DoctorCheck:
    """Exactly one installed package may own the module ``cv2``: two of them overwrite each other's files."""
    owners = sorted(set(packages_distributions().get("cv2", ())))
    if len(owners) == 1:
        return DoctorCheck(_OPENCV, True, _as_is(f"{owners[0]} {version(owners[0])}"))
    found = ", ".join(owners)
    mend = Text(
        f"请按 requirements.lock 重新建一个环境；只卸载其中一个会弄坏另一个（{found or '一个也没有'}）",
        f"set up a new environment from requirements.lock; uninstalling one of two breaks the other ({found or 'none found'})",
    )
    detail = Text(f"模块 cv2 属于 {len(owners)} 个软件包", f"{len(owners)} packages own the module cv2")
    return DoctorCheck(_OPENCV, False, detail, mend)


def check_models(system: str = platform.system(), package: Path | None = None) -> DoctorCheck:
    """MediaPipe's landmark models are installed, in a folder it can read. ``package``: where mediapipe lies, looked up when None."""
    found = _mediapipe_folder() if package is None else package
    if found is None:
        return DoctorCheck(_MODELS, False, Text("没有安装 mediapipe", "mediapipe is not installed"), REINSTALL)
    missing = [model for model in MODELS if not (found / "modules" / model).is_file()]
    if missing:
        listed = ", ".join(missing)
        return DoctorCheck(_MODELS, False, Text(f"缺少：{listed}", f"missing: {listed}"), REINSTALL)
    if system == "Windows" and not str(found).isascii():
        return DoctorCheck(
            _MODELS,
            False,
            Text(f"MediaPipe 读不了 {found}", f"MediaPipe cannot read {found}"),
            Text("请把 posecoach 移到 C:\\posecoach 这样的文件夹，重新安装", "move posecoach to a folder like C:\\posecoach, set up again"),
        )
    return DoctorCheck(_MODELS, True, _mediapipe_version())


def _mediapipe_folder() -> Path | None:
    spec = find_spec("mediapipe")
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


def _mediapipe_version() -> Text:
    try:
        return _as_is(version("mediapipe"))
    except PackageNotFoundError:
        return Text("版本不明", "version unknown")


def _as_is(said: str) -> Text:
    """A name or a version, which is the same in both languages."""
    return Text(said, said)


def check_estimator() -> DoctorCheck:
    """The models start and look at one grey picture."""
    from posecoach.estimators.mediapipe import MediaPipeEstimator

    frame = Frame(np.full((240, 320, 3), 128, np.uint8), 0, 0.0, "doctor")
    started = time.perf_counter()
    try:
        with MediaPipeEstimator(still=True) as estimator:
            estimator.estimate(frame)
    except EstimatorError as error:
        return DoctorCheck(_RUNS, False, error.words, _DLL_MEND if platform.system() == "Windows" else REINSTALL)
    took_s = time.perf_counter() - started
    return DoctorCheck(_RUNS, True, Text(f"启动用了 {took_s:.1f} 秒", f"started in {took_s:.1f} s"))


def check_font() -> DoctorCheck:
    """Chinese text in pictures: three characters must differ from each other and from the box drawn for a missing one."""
    try:
        path = font_path()
        shapes = {text_mask(path, character, 24).tobytes() for character in "站肩脚\uffff"}
    except PosecoachError as error:
        return DoctorCheck(_FONT, False, error.words, _FONT_MEND)
    if len(shapes) == 4:
        return DoctorCheck(_FONT, True, _as_is(path.name))
    return DoctorCheck(_FONT, False, Text(f"{path.name} 没有汉字", f"{path.name} lacks Chinese characters"), _FONT_MEND)


def check_h264() -> DoctorCheck:
    """Write a few H.264 pictures to memory and read them back."""
    try:
        import av
    except ImportError as error:
        return DoctorCheck(_H264, False, Text(f"PyAV 加载不了：{error}", f"PyAV does not load: {error}"), REINSTALL)
    try:
        decoded = _round_trip_h264(pictures=5)
    except (av.FFmpegError, ValueError) as error:
        return DoctorCheck(_H264, False, _as_is(f"PyAV {av.__version__}: {error}"), REINSTALL)
    if decoded == 5:
        return DoctorCheck(_H264, True, _as_is(f"PyAV {av.__version__}"))
    detail = Text(f"PyAV {av.__version__} 只读回 5 幅里的 {decoded} 幅", f"PyAV {av.__version__} read {decoded} of 5 pictures back")
    return DoctorCheck(_H264, False, detail, REINSTALL)


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
    from posecoach.rulebook.drill_loading import load_rulebook

    try:
        where = rules_dir() if folder is None else folder
        book = load_rulebook(where)
    except PosecoachError as error:
        mend = Text("请改好所说的那一行，或用自带的规则", "correct the line named, or use the shipped rules")
        return DoctorCheck(_RULES, False, error.words, mend)
    count = len(book.asked)
    return DoctorCheck(_RULES, True, Text(f"{count} 个文件，在 {where}", f"{count} files in {where}"))


def check_browser(find: Callable[[str], Path | None] = npm_file) -> DoctorCheck:
    """The files with which browsers recognise a person themselves; without them they send pictures, so a missing one is no fault."""
    missing = [name for name in RECOGNISER_FILES if find(name) is None]
    if not missing:
        return DoctorCheck(_BROWSER, True, Text("文件齐全", "all files are there"))
    detail = Text(
        f"缺 {len(missing)} 个文件，浏览器会改为发送画面；联网后重新安装即可取到",
        f"{len(missing)} files missing, so browsers send pictures instead; set up again with a network to fetch them",
    )
    return DoctorCheck(_BROWSER, True, detail)


def check_output(out: Path) -> DoctorCheck:
    """Results can be written to ``out``, or to the nearest folder above it when it is not there yet."""
    folder = next(parent for parent in (out.absolute(), *out.absolute().parents) if os.path.lexists(parent))
    try:
        with suppress(FileNotFoundError):
            out.stat()  # the system may refuse the path itself
        with tempfile.TemporaryFile(dir=folder):
            return DoctorCheck(_OUTPUT, True, Text(f"{out} 可以写", f"{out} can be written"))
    except OSError as error:
        why = reason_of(error)
        mend = Text("请用 --out 换一个文件夹", "choose another folder with --out")
        return DoctorCheck(_OUTPUT, False, Text(f"{folder}：{why.zh}", f"{folder}: {why.en}"), mend)


def check_cameras(command: tuple[str, ...] = (sys.executable, "-c", _LIST_CAMERAS), timeout_s: float = _CAMERAS_TIMEOUT_S) -> DoctorCheck:
    """Cameras 0 to 3, opened in a process of their own because a broken driver can hang. Grading needs none, so none is no fault."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout_s, check=True, env={**os.environ, "OPENCV_LOG_LEVEL": "SILENT"})  # noqa: S603
        cameras = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        mend = Text(
            "评分不受影响；要用摄像头请拔下重插，并关掉占用它的程序",
            "grading works without; for the camera: unplug it, plug it in again, close other programs that use it",
        )
        return DoctorCheck(_CAMERAS, False, Text(f"{timeout_s:.0f} 秒内没有回答", f"no answer within {timeout_s:.0f} s"), mend)
    except (OSError, subprocess.CalledProcessError, ValueError):
        return DoctorCheck(_CAMERAS, True, Text("列不出来（评分不需要摄像头）", "could not be listed (grading needs none)"))
    if not cameras:
        return DoctorCheck(_CAMERAS, True, Text("没有找到（评分不需要摄像头）", "none found (grading needs none)"))
    found = ", ".join(map(str, cameras))
    return DoctorCheck(_CAMERAS, True, Text(f"找到：{found}", f"found: {found}"))
