"""No face survives: of the person who is graded, of others, and in frames where one is not found again."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.records import Frame, Landmarks, Track
from posecoach.drawing.face_blur import CELLS, KEEP_S, FaceBlur, blurred, head_box
from posecoach.drawing.text import Picture
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.people import Head
from posecoach.estimators.regions import Box
from posecoach.jobs import grading
from posecoach.jobs.grading import ClipWork, OutputOptions, grade_clip
from posecoach.judging.pipeline import GradeOptions
from posecoach.sources.inputs import find_inputs
from posecoach.sources.video import VideoSource
from tests.shipped import ALL_RULES

SAMPLES = Path(__file__).parents[2] / "sample_videos"
SIZE = (320, 240)


def noise(size_wh: tuple[int, int] = SIZE) -> Picture:
    return np.random.default_rng(3).integers(0, 255, (size_wh[1], size_wh[0], 3), np.uint8)


def body(x: float, y: float, size: float) -> Landmarks:
    """A head of ``size`` pixels with its middle at x, y, above shoulders and hips."""
    landmarks = Landmarks.absent(SIZE)
    px = landmarks.pose_px.copy()
    px[Pose.NOSE], px[Pose.LEFT_EAR], px[Pose.RIGHT_EAR] = (x, y), (x + size / 3, y), (x - size / 3, y)
    px[Pose.LEFT_SHOULDER], px[Pose.RIGHT_SHOULDER] = (x + 0.7 * size, y + size), (x - 0.7 * size, y + size)
    px[Pose.LEFT_HIP], px[Pose.RIGHT_HIP] = (x + 0.5 * size, y + 3 * size), (x - 0.5 * size, y + 3 * size)
    return Landmarks(px, landmarks.pose_world_m, landmarks.pose_visibility, landmarks.face_px, SIZE)


def part(picture: Picture, box: Box) -> Picture:
    left, top, right, bottom = (round(edge) for edge in box.clipped((picture.shape[1], picture.shape[0])))
    return picture[top:bottom, left:right]


def roughness(picture: Picture) -> float:
    """How much neighbouring pixels differ."""
    return float(np.abs(np.diff(picture.astype(float), axis=1)).mean())


def test_a_box_is_flat_afterwards_and_the_rest_is_untouched() -> None:
    picture, box = noise(), Box(100, 50, 180, 130)
    out = blurred(picture, [box])
    assert roughness(part(out, box)) < 0.05 * roughness(part(picture, box))
    outside = np.ones(picture.shape[:2], bool)
    outside[50:130, 100:180] = False
    assert np.array_equal(out[outside], picture[outside])
    assert not np.array_equal(picture, out)


def test_no_more_is_left_than_a_few_colours() -> None:
    box = Box(0, 0, 80, 80)
    two = [noise(), noise()]
    block = 80 // CELLS
    for i in range(CELLS):  # shuffled inside every patch: the same averages, another face
        for j in range(CELLS):
            place = np.s_[i * block : (i + 1) * block, j * block : (j + 1) * block]
            two[1][place] = two[0][place][::-1, ::-1]
    assert not np.array_equal(two[0], two[1])
    assert np.array_equal(part(blurred(two[0], [box]), box), part(blurred(two[1], [box]), box))


@pytest.mark.parametrize("box", [Box(-50, -50, 20, 20), Box(300, 200, 400, 400), Box(500, 500, 600, 600), Box(10, 10, 10.2, 10.2)])
def test_boxes_over_the_edge_are_no_trouble(box: Box) -> None:
    assert blurred(noise(), [box]).shape == noise().shape


@pytest.mark.parametrize("size", [12.0, 40.0])
def test_the_box_holds_the_whole_head(size: float) -> None:
    box = head_box(body(160, 90, size))
    assert box is not None
    assert box.left <= 160 - 0.5 * size
    assert box.right >= 160 + 0.5 * size
    assert box.top <= 90 - 0.6 * size
    assert box.bottom >= 90 + 0.5 * size


def test_nobody_has_no_head() -> None:
    assert head_box(Landmarks.absent(SIZE)) is None


def test_everybody_is_blurred_from_a_while_before_to_a_while_after() -> None:
    times_ms = [float(t_ms) for t_ms in range(0, 2000, 100)]
    track = Track.from_landmarks(times_ms, [Landmarks.absent(SIZE)] * 5 + [body(80, 90, 30)] + [Landmarks.absent(SIZE)] * 14, SIZE)
    others = iter([*[[]] * 9, [Head(240, 60, 20, 0.9)], *[[]] * 10])
    picture = noise()
    frames = [Frame(picture, i, t_ms, "a") for i, t_ms in enumerate(times_ms)]
    shown = list(FaceBlur([track], lambda _picture: next(others))(frames))
    assert [(frame.index, frame.t_ms) for frame in shown] == [(frame.index, frame.t_ms) for frame in frames]
    for box, found_ms in ((Box(70, 80, 90, 100), 500), (Box(230, 50, 250, 70), 900)):
        clear = roughness(part(picture, box))
        hidden = [frame.t_ms for frame in shown if roughness(part(np.asarray(frame.image_bgr, np.uint8), box)) < 0.2 * clear]
        assert hidden == [t_ms for t_ms in times_ms if abs(t_ms - found_ms) <= 1000 * KEEP_S]


@pytest.mark.model
@pytest.mark.slow
def test_no_face_is_found_in_the_annotated_copy_or_the_stills(tmp_path: Path) -> None:
    for name in ("landmarks", "annotated"):
        (tmp_path / name).mkdir()
    [item] = find_inputs([str(SAMPLES / "smile_none_m4_face.mp4")]).inputs
    options = GradeOptions(ALL_RULES, "smile")
    counts = {}
    for blur in (False, True):
        clip = grade_clip(ClipWork(item, options, OutputOptions(tmp_path, 2.0, blur_faces=blur)))
        assert not isinstance(clip, grading.Pieces)
        assert clip.annotated is not None
        with VideoSource(tmp_path / clip.annotated) as copy:
            pictures = [frame.image_bgr for frame in copy][::3]
        stills = sorted((tmp_path / "stills" / item.clip_id).iterdir())
        assert stills
        pictures += [np.asarray(cv2.imdecode(np.fromfile(still, np.uint8), cv2.IMREAD_COLOR), np.uint8) for still in stills]
        counts[blur] = faces_in(pictures)
    assert counts[False] > 0
    assert counts[True] == 0


LARGEST_DOT_PX = 12
"""The dot on a joint may pass for the face of a doll."""


def faces_in(pictures: list[Picture]) -> int:
    """In how many pictures either model sees a face."""
    models = RowModels()
    with MediaPipeEstimator(still=True) as estimator:
        found = sum(
            any(head.side > LARGEST_DOT_PX for head in models.search.heads(np.ascontiguousarray(picture[..., ::-1])))
            or estimator.estimate(Frame(np.ascontiguousarray(picture), 0, 0.0, "a")).has_face
            for picture in pictures
        )
    models.close()
    return found
