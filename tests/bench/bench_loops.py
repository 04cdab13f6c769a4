"""What grading is measured against: a bare loop over MediaPipe's models, and the script one would write in an afternoon."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from posecoach.body.records import Array
from posecoach.estimators.crops import cut
from posecoach.estimators.faces import CROP_PX
from posecoach.estimators.mediapipe import pose_landmarker
from posecoach.estimators.quiet import quiet_native
from posecoach.estimators.regions import Square, head_square, px_per_m
from posecoach.jobs.clips import DEFAULT_FPS
from posecoach.sources.video import VideoSource
from tests.whole_model import whole_landmarker

SIDE_OF_CLOSE_UP_PX = 480


def bare_loop(clips: Sequence[Path], *, make_landmarker: Callable[[], Any] = whole_landmarker) -> int:
    """Decode and run the models, as they come, on every frame that grading analyses; returns their number."""
    library: Any = importlib.import_module("mediapipe")
    cv2.setNumThreads(1)
    count = 0
    for clip in clips:
        with quiet_native():
            landmarker = make_landmarker()
            mesh = library.solutions.face_mesh.FaceMesh(refine_landmarks=True, max_num_faces=1)
        with VideoSource(clip, DEFAULT_FPS) as source, landmarker, mesh:
            square = None
            for frame in source:
                picture = cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2RGB)
                image = library.Image(image_format=library.ImageFormat.SRGB, data=picture)
                found = landmarker.detect_for_video(image, 1000 + int(frame.t_ms))
                square = square or head_of(found, source.size_wh)
                mesh.process(cut(picture, square, CROP_PX))
                count += 1
    return count


def bare_loop_as_used_here(clips: Sequence[Path]) -> int:
    """The same with the landmark model that posecoach runs, which draws no silhouette."""
    return bare_loop(clips, make_landmarker=partial(pose_landmarker, "VIDEO"))


def head_of(found: Any, size_wh: tuple[int, int]) -> Square:
    """Where the head is in the first picture with a body; the crop is held there. Without a body the picture shows a face."""
    if not found.pose_landmarks:
        return Square.around(np.asarray(size_wh) / 2, SIDE_OF_CLOSE_UP_PX)
    px: Array = np.array([(p.x, p.y) for p in found.pose_landmarks[0]]) * size_wh
    world_m: Array = np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]])
    return head_square(px, px_per_m(px, world_m))


def usual_script(clips: Sequence[Path]) -> int:
    """Holistic on every frame, drawn and written; returns the number of frames."""
    library: Any = importlib.import_module("mediapipe")
    draw, holistic = library.solutions.drawing_utils, library.solutions.holistic
    count = 0
    for clip in clips:
        video = cv2.VideoCapture(str(clip))
        size_wh = int(video.get(cv2.CAP_PROP_FRAME_WIDTH)), int(video.get(cv2.CAP_PROP_FRAME_HEIGHT))
        with tempfile.TemporaryDirectory() as folder, quiet_native(), holistic.Holistic() as model:
            out = cv2.VideoWriter(f"{folder}/out.mp4", cv2.VideoWriter.fourcc(*"mp4v"), video.get(cv2.CAP_PROP_FPS), size_wh)
            while True:
                is_there, picture = video.read()
                if not is_there:
                    break
                found = model.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
                draw.draw_landmarks(picture, found.face_landmarks, holistic.FACEMESH_CONTOURS)
                draw.draw_landmarks(picture, found.pose_landmarks, holistic.POSE_CONNECTIONS)
                out.write(picture)
                count += 1
            out.release()
    return count
