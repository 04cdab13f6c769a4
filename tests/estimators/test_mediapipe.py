"""Real MediaPipe on the rendered clips of `sample_videos/`, whose JSON holds the true places."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posecoach.body.landmarks import Face, Pose
from posecoach.body.records import Array, Frame, Landmarks
from posecoach.errors import EstimatorError
from posecoach.estimators import mediapipe as backend
from posecoach.estimators import mediapipe_graphs as graphs
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.estimators.mediapipe_graphs import PeopleDetection, library
from posecoach.estimators.mediapipe_models import HEAVY
from posecoach.resources import npm_file

pytestmark = pytest.mark.model

SAMPLES = Path(__file__).parents[2] / "sample_videos"
STANDING = "stand_ok_hands_front_f5_front"
SIDE = "stand_lean_forward_m4_side"
CLOSE_UP = "smile_open_f5_face"
TRUE_NAMES = {
    Pose.LEFT_SHOULDER: "left_shoulder",
    Pose.RIGHT_SHOULDER: "right_shoulder",
    Pose.LEFT_KNEE: "left_knee",
    Pose.RIGHT_KNEE: "right_knee",
    Pose.LEFT_ANKLE: "left_ankle",
    Pose.RIGHT_ANKLE: "right_ankle",
    Pose.NOSE: "nose",
}


@cache
def _pictures(name: str, count: int) -> tuple[Array, ...]:
    video = cv2.VideoCapture(str(SAMPLES / f"{name}.mp4"))
    pictures = [video.read()[1] for _ in range(count)]
    video.release()
    return tuple(pictures)


def _true_px(name: str, frame: int) -> dict[str, Array]:
    truth = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    return {key: np.asarray(value) for key, value in truth["people"][0]["frames"][frame]["pixels"].items()}


def _frame(picture: Array, index: int = 0, t_ms: float | None = None) -> Frame:
    return Frame(np.ascontiguousarray(picture), index, index * 100.0 if t_ms is None else t_ms, "test")


def _clip(pictures: Any, start_ms: float = 0.0) -> list[Landmarks]:
    with MediaPipeEstimator() as estimator:
        return [estimator.estimate(_frame(picture, i, start_ms + i * 100.0)) for i, picture in enumerate(pictures)]


@pytest.fixture(scope="module")
def still() -> Any:
    with MediaPipeEstimator(still=True) as estimator:
        yield estimator


def _worst_px(found: Landmarks, true_px: dict[str, Array], offset: tuple[float, float] = (0, 0), scale: float = 1.0) -> float:
    gaps = [np.linalg.norm(found.pose_px[joint] - (true_px[name] * scale + offset)) for joint, name in TRUE_NAMES.items()]
    return float(max(gaps))


def test_a_standing_person_is_found_with_body_and_face() -> None:
    found = _clip(_pictures(STANDING, 8))
    true_px = _true_px(STANDING, 7)
    assert all(item.has_pose and item.has_face for item in found)
    last = found[-1]
    assert last.size_wh == (640, 480)
    assert _worst_px(last, true_px) < 15
    for corners, eye in (
        ((Face.LEFT_EYE_OUTER, Face.LEFT_EYE_INNER), "left_eye"),
        ((Face.RIGHT_EYE_OUTER, Face.RIGHT_EYE_INNER), "right_eye"),
    ):
        assert np.linalg.norm(last.face_px[list(corners)].mean(axis=0) - true_px[eye]) < 3
    assert np.isfinite(last.pose_world_m).all()
    assert ((last.pose_visibility >= 0) & (last.pose_visibility <= 1)).all()


def test_a_picture_gives_what_a_clip_gives(still: MediaPipeEstimator) -> None:
    found = still.estimate(_frame(_pictures(STANDING, 8)[7]))
    assert _worst_px(found, _true_px(STANDING, 7)) < 15
    assert found.has_face


def test_a_face_seen_from_the_side_is_not_invented() -> None:
    found = _clip(_pictures(SIDE, 6))
    assert all(item.has_pose for item in found)
    assert not any(item.has_face for item in found)


def test_the_same_clip_gives_the_same_landmarks_whenever_it_starts() -> None:
    pictures = _pictures(STANDING, 5)
    for one, other in zip(_clip(pictures), _clip(pictures, start_ms=123_456.0), strict=True):
        assert np.array_equal(one.pose_px, other.pose_px)
        assert np.array_equal(one.pose_visibility, other.pose_visibility)
        assert np.allclose(one.face_px, other.face_px, atol=0.01)


def test_a_flipped_view_is_refused_and_its_copy_is_read_as_it_looks(still: MediaPipeEstimator) -> None:
    flipped = _pictures(STANDING, 1)[0][:, ::-1]
    with pytest.raises(ValueError, match="contiguous"):
        Frame(flipped, 0, 0.0, "test")
    found = still.estimate(_frame(np.ascontiguousarray(flipped)))
    nose = _true_px(STANDING, 0)["nose"]
    assert np.linalg.norm(found.pose_px[Pose.NOSE] - (640 - nose[0], nose[1])) < 8


def test_a_view_that_slips_through_is_made_contiguous() -> None:
    rgb = cv2.cvtColor(_pictures(STANDING, 1)[0], cv2.COLOR_BGR2RGB)
    wide = np.zeros((480, 1280, 3), np.uint8)
    wide[:, 320:960] = rgb
    model = backend._BodyModel("IMAGE")
    from_view, from_copy = model.find(wide[:, 320:960], 0), model.find(rgb, 0)
    model.close()
    assert from_view is not None
    assert from_copy is not None
    assert np.array_equal(from_view.px, from_copy.px)


def test_a_picture_of_a_face_only(still: MediaPipeEstimator) -> None:
    picture = _pictures(CLOSE_UP, 1)[0]
    true_px = _true_px(CLOSE_UP, 0)
    left, right = true_px["left_eye"], true_px["right_eye"]
    reach = 1.1 * abs(float(left[0] - right[0]))
    x, y = (left + right) / 2
    top, start = int(y - 0.8 * reach), int(x - reach)
    face_only = picture[top : int(y + 1.4 * reach), start : int(x + reach)]
    for size in (face_only.shape[1], 64):
        small = cv2.resize(face_only, (size, round(size * face_only.shape[0] / face_only.shape[1])), interpolation=cv2.INTER_AREA)
        found = still.estimate(_frame(small))
        assert found.has_face
        eye = found.face_px[[Face.LEFT_EYE_OUTER, Face.LEFT_EYE_INNER]].mean(axis=0)
        assert np.linalg.norm(eye * face_only.shape[1] / size - (left - (start, top))) < 0.1 * 2 * reach


@pytest.mark.parametrize("size_wh", [(1, 1), (3, 400), (15, 15), (16, 16), (40, 2000)])
def test_tiny_and_odd_pictures_show_nobody(still: MediaPipeEstimator, size_wh: tuple[int, int]) -> None:
    found = still.estimate(_frame(np.full((size_wh[1], size_wh[0], 3), 90, np.uint8)))
    assert not found.has_pose
    assert not found.has_face
    assert found.size_wh == size_wh


def test_an_empty_room_and_then_a_person() -> None:
    empty = np.full((480, 640, 3), 128, np.uint8)
    found = _clip([empty] * 3 + list(_pictures(STANDING, 3)) + [empty] * 2)
    assert [item.has_pose for item in found] == [False] * 3 + [True] * 3 + [False] * 2
    assert not any(item.has_face for item in found[:3] + found[-2:])


def test_an_8k_picture_is_answered_in_its_own_pixels(still: MediaPipeEstimator) -> None:
    huge = cv2.resize(_pictures(STANDING, 1)[0], (7680, 5760), interpolation=cv2.INTER_LINEAR)
    found = still.estimate(_frame(huge))
    assert found.size_wh == (7680, 5760)
    assert _worst_px(found, _true_px(STANDING, 0), scale=12.0) < 15 * 12


@pytest.mark.parametrize("large_first", [True, False], ids=["the larger on the left", "the larger on the right"])
def test_of_two_people_the_larger_is_followed(still: MediaPipeEstimator, large_first: bool) -> None:
    pictures = [_side_by_side(picture, large_first) for picture in _pictures(STANDING, 6)]
    offset = (0.0, 0.0) if large_first else (320.0, 0.0)
    for found in (*_clip(pictures), still.estimate(_frame(pictures[0]))):
        assert _worst_px(found, _true_px(STANDING, 3), offset) < 15
        assert found.has_face
        assert abs(float(found.face_px[Face.NOSE_TIP, 0] - found.pose_px[Pose.NOSE, 0])) < 10


def _side_by_side(picture: Array, large_first: bool) -> Array:
    half = cv2.resize(picture, (320, 240), interpolation=cv2.INTER_AREA)
    small = np.repeat(picture[:, :1], 320, axis=1)
    small[240:] = half
    return np.hstack([picture, small] if large_first else [small, picture])


def test_someone_smaller_who_passes_does_not_take_the_track() -> None:
    main = _pictures(STANDING, 24)
    found = _clip([_with_passer_by(picture, i) for i, picture in enumerate(main)])
    for i, item in enumerate(found):
        assert _worst_px(item, _true_px(STANDING, i), (160.0, 0.0)) < 25, f"frame {i}"


def _with_passer_by(picture: Array, index: int) -> Array:
    """A scene 960 wide: the person of ``picture`` in the middle, a smaller one walking from left to right in front of the wall."""
    scene = np.hstack([np.repeat(picture[:, :1], 160, axis=1), picture, np.repeat(picture[:, -1:], 160, axis=1)])
    figure = cv2.resize(_pictures("meeting_ok_hands_behind_m5_front", 1)[0][40:450, 250:390], None, fx=0.6, fy=0.6)
    height, width = figure.shape[:2]
    left = index * (960 - width) // 23
    scene[480 - height :, left : left + width] = figure
    scene[:, 400:560] = np.where(abs(np.arange(400, 560) - 480)[None, :, None] < 75, picture[:, 240:400], scene[:, 400:560])
    return scene


def test_irregular_and_repeated_times_are_accepted() -> None:
    picture = _pictures(STANDING, 1)[0]
    with MediaPipeEstimator() as estimator:
        for i, t_ms in enumerate((0.0, 0.4, 0.9, 33.3, 5000.0, 5000.1)):
            assert estimator.estimate(_frame(picture, i, t_ms)).has_pose


def test_closing_frees_the_memory() -> None:
    """The heap breathes by some 60 MB from clip to clip, so the least of some is compared with the most of some before."""
    sizes_mb = []
    for _ in range(12):
        _clip(_pictures(STANDING, 1))
        sizes_mb.append(_resident_mb())
    assert min(sizes_mb[6:]) - max(sizes_mb[:6]) < 60


@pytest.mark.skipif(npm_file(HEAVY) is None, reason="the heavy model is not installed")
def test_the_heavy_model_sees_the_same_body_and_says_that_it_did(still: Any) -> None:
    (picture,) = _pictures(STANDING, 1)
    full = still.estimate(_frame(picture))
    with MediaPipeEstimator(still=True, model="heavy") as estimator:
        heavy = estimator.estimate(_frame(picture))
    assert (full.model, heavy.model) == ("full", "heavy")
    assert 0 < np.abs(heavy.pose_px - full.pose_px).max() < 40


def test_closing_twice_is_harmless() -> None:
    for is_still in (True, False):
        estimator = MediaPipeEstimator(still=is_still)
        estimator.close()
        estimator.close()


def _resident_mb() -> float:
    if not Path("/proc/self/statm").exists():
        pytest.xfail("the resident size is read from /proc")
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def test_a_model_that_does_not_start_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_mode: str, _model: str) -> None:
        raise RuntimeError("no such\ninstruction")

    monkeypatch.setattr(backend, "pose_landmarker", broken)
    with pytest.raises(
        EstimatorError, match=r"^MediaPipe's pose landmarker does not run here \(.*\): no such instruction; run `posecoach doctor`$"
    ):
        MediaPipeEstimator()


def test_a_missing_library_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    library.cache_clear()
    try:
        with pytest.raises(EstimatorError, match="MediaPipe's library does not run here"):
            MediaPipeEstimator()
    finally:
        monkeypatch.undo()
        library.cache_clear()


def test_nothing_is_written_to_the_error_stream() -> None:
    program = (
        "import sys, cv2, numpy as np\n"
        "from posecoach.estimators.mediapipe import MediaPipeEstimator\n"
        "from posecoach.body.records import Frame\n"
        "picture = cv2.VideoCapture(sys.argv[1]).read()[1]\n"
        "for still in (True, False):\n"
        "    with MediaPipeEstimator(still=still) as estimator:\n"
        "        print(estimator.estimate(Frame(picture, 0, 0.0, 'x')).has_face)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(SAMPLES / f"{STANDING}.mp4")],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.split() == ["True", "True"]
    assert done.stderr == ""


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[Any, Any]:
    """Where models wait, empty, in a process that keeps them."""
    found: dict[Any, Any] = {}
    monkeypatch.setattr(graphs, "_IDLE", found)
    monkeypatch.setattr(graphs, "_KEEPS", threading.Event())
    graphs.keep_idle()
    return found


def _found(names: tuple[str, ...], *, still: bool) -> list[Landmarks]:
    """What one estimator after the other finds in six frames of each clip."""
    found = []
    for name in names:
        with MediaPipeEstimator(still=still) as estimator:
            found += [estimator.estimate(_frame(picture, i)) for i, picture in enumerate(_pictures(name, 6))]
    return found


@pytest.mark.parametrize("still", [True, False])
def test_models_that_have_seen_others_find_the_same(shelf: dict[Any, Any], *, still: bool) -> None:
    first = _found((CLOSE_UP,), still=still)
    assert shelf
    again = _found((STANDING, CLOSE_UP), still=still)[6:]
    assert all(landmarks.has_face for landmarks in first)
    for one, other in zip(first, again, strict=True):
        for array in ("pose_px", "pose_world_m", "pose_visibility", "face_px"):
            assert np.array_equal(getattr(one, array), getattr(other, array), equal_nan=True)


def test_a_model_that_failed_is_left_to_nobody(shelf: dict[Any, Any]) -> None:
    people = PeopleDetection()
    graph = people.loaded()
    with pytest.raises(TypeError, match="uint8"):
        people.find(np.zeros((8, 8, 3), np.float64))
    people.close()
    assert shelf == {}
    assert graph._graph is None


def test_only_one_model_of_a_kind_waits_for_the_next(shelf: dict[Any, Any]) -> None:
    one, other = PeopleDetection(), PeopleDetection()
    kept, freed = one.loaded(), other.loaded()
    one.close()
    one.close()
    other.close()
    assert list(shelf.values()) == [kept]
    assert freed._graph is None
    assert PeopleDetection().loaded() is kept
    assert shelf == {}
