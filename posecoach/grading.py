"""Grades one input from file to files: reads it, stores its landmarks, judges, draws the annotated copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from posecoach.annotate import Annotator
from posecoach.body import Body, Neutral
from posecoach.errors import OutputError
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.landmark_store import save_track
from posecoach.pipeline import Graded, GradeOptions, follow, grade_track
from posecoach.posture import observe
from posecoach.records import ClipResult, Frame, Track
from posecoach.resources import font_path
from posecoach.scenes import scene_at
from posecoach.sources.base import Source
from posecoach.sources.inputs import Input, find_inputs, open_source
from posecoach.video_writer import VideoWriter

DEFAULT_FPS = 12.0

OnFrame = Callable[[Source, Frame], None]


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where results go and what is kept: the output folder, the analysed frames a second, whether annotated copies are drawn."""

    folder: Path
    fps: float = DEFAULT_FPS
    annotate: bool = True


def grade_input(item: Input, options: GradeOptions, output: OutputOptions, on_frame: OnFrame | None = None) -> ClipResult:
    """Grade one clip or picture and write its artefacts. Raises `SourceError`, `EstimatorError` or `OutputError`."""
    with open_source(item, output.fps) as source:
        track = _landmarks_of(source, on_frame)
        warnings, kind, fps = tuple(source.warnings), source.kind, source.fps
        duration_s = source.duration_s or 0.0
    graded = grade_track(track, options)
    landmarks = Path("landmarks", f"{item.clip_id}.npz")
    meta: dict[str, str | float | int] = {"path": item.path, "kind": kind, "fps": fps, "duration_s": duration_s}
    save_track(output.folder / landmarks, track, meta)
    annotated = _annotate(item, graded, output) if output.annotate else None
    return ClipResult(
        path=item.path,
        kind=kind,
        warnings=warnings + graded.warnings,
        duration_s=duration_s,
        fps=fps,
        frames_analysed=len(track),
        drill=options.drill,
        profile=options.profile,
        landmarks=landmarks.as_posix(),
        annotated=annotated.as_posix() if annotated else None,
        people=(graded.person,) if "no_person" not in graded.warnings else (),
    )


def _landmarks_of(source: Source, on_frame: OnFrame | None) -> Track:
    with MediaPipeEstimator(still=source.kind == "picture") as estimator:
        return follow(source, estimator, None if on_frame is None else lambda frame: on_frame(source, frame))


def neutral_of(path: str) -> Neutral:
    """The neutral of a person from a picture or clip that the user names: the median of head pitch and face shape."""
    items, errors = find_inputs([path])
    if errors:
        raise errors[0]
    with open_source(items[0], DEFAULT_FPS) as source:
        return neutral_from(observe(_landmarks_of(source, None)))


def neutral_from(body: Body) -> Neutral:
    """The neutral shown in a body over time; fields stay None where no face was seen."""
    pitch = body.head.pitch_down_deg
    if not np.isfinite(pitch).any():
        return Neutral()
    return Neutral(float(np.nanmedian(pitch)), tuple(np.nanmedian(body.expression, axis=0).tolist()))


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
                if i >= len(graded.body.track):
                    break
                writer.write(annotator.annotate(frame.image_bgr, scene_at(graded, i)), frame.t_ms)
    return path


def _write_picture(path: Path, picture: np.ndarray) -> None:  # type: ignore[type-arg]
    ok, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
    try:
        path.write_bytes(data.tobytes() if ok else b"")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose another folder with --out") from error


def with_neutral(options: GradeOptions, neutral: Neutral | None) -> GradeOptions:
    """The options with a person's own neutral."""
    return replace(options, neutral=neutral)
