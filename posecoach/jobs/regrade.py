"""Judges stored landmarks again: the same code path as grading, without reading a video."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from posecoach.body.face_geometry import SHAPE_COUNT
from posecoach.body.motion import Motion
from posecoach.body.observed import Neutral
from posecoach.errors import SourceError
from posecoach.judging.charts import Charts, charts_of
from posecoach.judging.pipeline import JUDGED_WARNINGS, NO_PERSON, GradeOptions, grade_motion
from posecoach.judging.results import ClipResult
from posecoach.row.pair import grade_pair, is_for_two, told_of_pair
from posecoach.storage.landmark_files import Meta, load_blocks, load_meta, load_pair
from posecoach.storage.results_json import as_written
from posecoach.vocabulary import Text

_NO_NEUTRAL = Text("特征点文件里的自然表情已损坏；请重新评分", "the neutral face in the landmark file is damaged; grade the clip again")


def regrade_clip(clip: ClipResult, folder: Path, base: GradeOptions) -> tuple[ClipResult, Charts]:
    """A clip of an earlier grading in ``folder``, judged by the rules of ``base``, and its charts.

    Drill, profile, name and neutral stay the clip's own.

    Raises `SourceError` when its landmarks were not kept, are gone or damaged.
    """
    if clip.landmarks is None:
        raise SourceError(Text(f"{clip.path} 的骨架没有保存；请重新评分", f"{clip.path}: its landmarks were not kept; grade it again"))
    stored = folder / clip.landmarks
    read = tuple(code for code in clip.warnings if code not in JUDGED_WARNINGS)
    if is_for_two(replace(base, drill=clip.drill)):
        pair = grade_pair([motion for motion in load_pair(stored) if len(motion)], replace(base, drill=clip.drill, profile=clip.profile))
        people = tuple(one.person for one in pair)
        return as_written(replace(clip, warnings=read + told_of_pair(pair), people=people)), Charts(clip.duration_s, (), ())
    motion = Motion.join([Motion.of(block) for block in load_blocks(stored)])
    name = clip.people[0].name if clip.people else None
    options = replace(base, drill=clip.drill, profile=clip.profile, name=name, neutral=neutral_from_meta(load_meta(stored)))
    graded = grade_motion(motion, options)
    people = (graded.person,) if NO_PERSON not in graded.warnings else ()
    return as_written(replace(clip, warnings=read + graded.warnings, people=people)), charts_of(graded)


def neutral_to_meta(neutral: Neutral | None) -> Meta:
    """A neutral as entries for the meta of a landmark file; nothing when there is none."""
    if neutral is None or neutral.head_pitch_down_deg is None or neutral.face_shape is None:
        return {}
    return {"neutral_pitch_deg": neutral.head_pitch_down_deg, "neutral_shape": " ".join(map(repr, neutral.face_shape))}


def neutral_from_meta(meta: Meta) -> Neutral | None:
    """The neutral a clip was graded with. Raises `SourceError` where it is not what `neutral_to_meta` made."""
    if "neutral_pitch_deg" not in meta:
        return None
    try:
        pitch_deg, shape = float(meta["neutral_pitch_deg"]), tuple(float(number) for number in str(meta["neutral_shape"]).split())
    except (KeyError, ValueError) as error:
        raise SourceError(_NO_NEUTRAL) from error
    if not all(map(math.isfinite, (pitch_deg, *shape))) or len(shape) != SHAPE_COUNT:
        raise SourceError(_NO_NEUTRAL)
    return Neutral(pitch_deg, shape)
