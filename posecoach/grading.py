"""Grades one input from file to files: reads it, stores its landmarks, judges, draws the annotated copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from posecoach.annotate import Annotator
from posecoach.body import Neutral
from posecoach.errors import OutputError, SourceError
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.landmark_store import TrackWriter
from posecoach.motion import Motion
from posecoach.pipeline import NO_PERSON, Graded, GradeOptions, follow, grade_motion
from posecoach.records import ClipResult, Frame
from posecoach.regrade import neutral_to_meta
from posecoach.resources import font_path
from posecoach.scenes import scene_at
from posecoach.sources.base import Source
from posecoach.sources.inputs import Input, find_inputs, open_source
from posecoach.video_writer import VideoWriter

DEFAULT_FPS = 10.0

OnFrame = Callable[[Source, Frame], None]


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where results go and what is kept: the output folder, the analysed frames a second, whether annotated copies are drawn."""

    folder: Path
    fps: float = DEFAULT_FPS
    annotate: bool = True


def grade_input(item: Input, options: GradeOptions, output: OutputOptions, on_frame: OnFrame | None = None) -> ClipResult:
    """Grade one clip or picture and write its artefacts. Raises `SourceError`, `EstimatorError` or `OutputError`."""
    landmarks = Path("landmarks", f"{item.clip_id}.npz")
    with open_source(item, output.fps) as source, TrackWriter(output.folder / landmarks) as writer:
        motion = _motion_of(source, on_frame, writer)
        clip = _clip_of(item, source, motion, options)
        meta = {"path": item.path, "kind": clip.kind, "fps": clip.fps, "duration_s": clip.duration_s, **neutral_to_meta(options.neutral)}
        writer.finish(source.size_wh, meta)
    graded = grade_motion(motion, options)
    annotated = _annotate(item, graded, output) if output.annotate else None
    return replace(
        clip,
        warnings=clip.warnings + graded.warnings,
        landmarks=landmarks.as_posix(),
        annotated=annotated.as_posix() if annotated else None,
        people=(graded.person,) if NO_PERSON not in graded.warnings else (),
    )


def _clip_of(item: Input, source: Source, motion: Motion, options: GradeOptions) -> ClipResult:
    return ClipResult(
        path=item.path,
        kind=source.kind,
        warnings=tuple(source.warnings),
        duration_s=source.duration_s or 0.0,
        fps=source.fps,
        frames_analysed=len(motion),
        drill=options.drill,
        profile=options.profile,
        landmarks=None,
        annotated=None,
    )


def _motion_of(source: Source, on_frame: OnFrame | None = None, writer: TrackWriter | None = None) -> Motion:
    parts = []
    with MediaPipeEstimator(still=source.kind == "picture") as estimator:
        for block in follow(source, estimator, None if on_frame is None else lambda frame: on_frame(source, frame)):
            if writer is not None:
                writer.add(block)
            parts.append(Motion.of(block))
    return Motion.join(parts)


def neutral_of(path: str) -> Neutral:
    """The neutral of a person from a picture or clip that the user names: the median of head pitch and face shape.

    Raises `SourceError` when it cannot be read or shows no face.
    """
    items, problems = find_inputs([path])
    if problems:
        raise SourceError(f"the reference: {problems[0].message}")
    with open_source(items[0], DEFAULT_FPS) as source:
        motion = _motion_of(source)
    if not np.isfinite(motion.face).any():
        raise SourceError(f"{path}: no face is seen in the reference; use a picture or clip of the face from the front")
    return Neutral.of(motion.face)


def _annotate(item: Input, graded: Graded, output: OutputOptions) -> Path:
    """Draw the verdicts into a second reading of the input; returns the path relative to the output folder."""
    with open_source(item, output.fps) as source:
        annotator = Annotator(source.size_wh, font_path(), "zh")
        if source.kind == "picture":
            path = Path("annotated", f"{item.clip_id}.jpg")
            for frame in source:
                _write_picture(output.folder / path, annotator.annotate(frame.image_bgr, scene_at(graded, 0)))
            return path
        path = Path("annotated", f"{item.clip_id}.mp4")
        with VideoWriter(output.folder / path, annotator.output_size_wh, source.fps) as writer:
            for i, frame in enumerate(source):
                if i >= len(graded.body.motion):
                    break
                writer.write(annotator.annotate(frame.image_bgr, scene_at(graded, i)), frame.t_ms)
    return path


def _write_picture(path: Path, picture: np.ndarray) -> None:  # type: ignore[type-arg]
    ok, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    try:
        path.write_bytes(data.tobytes() if ok else b"")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder with --out") from error
