"""A drawing with everything in it, and as what it is stored for those who paint it: ``python -m tests.drawing.sketches`` stores it anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np

from posecoach.body.landmarks import FACE_COUNT
from posecoach.body.records import Drawing, Landmarks
from posecoach.judging.scene import Mark, Scene
from posecoach.judging.sketch import Look, Sketch, sketch_of
from posecoach.vocabulary import Posture, State, Text, View

STORED = Path(__file__).with_name("sketch.json")
SIZE = (640, 480)
Groups = tuple[tuple[int, ...], ...]
Kind = Literal["tilt", "lean", "angle", "gap", "across", "height", "limbs", "head"]
POINTS: dict[Kind, Groups] = {
    "tilt": ((11,), (12,)),
    "lean": ((23, 24), (11, 12)),
    "angle": ((23,), (25,), (27,)),
    "gap": ((27,), (28,)),
    "across": ((27, 28), (11, 12, 23, 24)),
    "height": ((11, 12), (15, 16)),
    "limbs": ((13, 14), (15, 16)),
    "head": (),
}


def person(size_wh: tuple[int, int] = SIZE, missing: tuple[int, ...] = (), has_face: bool = False) -> Landmarks:
    """Someone standing in the middle of the picture, facing the camera."""
    px = np.full((33, 2), np.nan, np.float32)
    px[0:11] = [(320, 80)]
    px[1:4], px[4:7] = (330, 72), (310, 72)
    px[[11, 12, 13, 14, 15, 16]] = [(370, 130), (270, 120), (380, 190), (260, 190), (385, 250), (255, 250)]
    px[[23, 24, 25, 26, 27, 28]] = [(345, 240), (295, 240), (348, 330), (292, 330), (350, 410), (290, 410)]
    px[[29, 30, 31, 32]] = [(350, 415), (290, 415), (365, 430), (275, 430)]
    px[list(missing)] = np.nan
    absent = Landmarks.absent(size_wh)
    turns = np.linspace(0, 2 * np.pi, FACE_COUNT)
    face = np.stack([320 + 22 * np.cos(turns), 80 + 30 * np.sin(turns)], axis=1) if has_face else absent.face_px
    return Landmarks(px * (size_wh[0] / 640), absent.pose_world_m, np.ones(33), face * (size_wh[0] / 640), size_wh)


def mark(kind: Kind, state: State, value: float | None, unit: str, limits: tuple[float | None, float | None] | None) -> Mark:
    """A clause named after its kind."""
    return Mark(Text(f"要求 {kind}", f"Clause {kind}"), state, value, unit, limits, Drawing(kind, POINTS[kind]), None)


def example(is_mirrored: bool = False) -> Sketch:
    """Faults with a band, with a bar and with words only; limbs near the limit, met and unjudged."""
    marks = (
        mark("lean", State.FAIL, 8.4, "deg", (-3.0, 5.0)),
        mark("across", State.FAIL, 0.3, "sw", (-0.1, 0.1)),
        mark("angle", State.WARN, 171.0, "deg", (172.0, None)),
        mark("head", State.PASS, None, "", None),
        mark("limbs", State.PASS, None, "", None),
    )
    scene = Scene(person(has_face=True), Posture.STANDING, View.FRONT, marks, 72.0)
    return sketch_of(scene, Look(is_mirrored))


def stored() -> dict[str, Any]:
    """The example as it is stored."""
    return dict(json.loads(STORED.read_text("utf-8")))


if __name__ == "__main__":
    content = example().to_dict()
    rows = [json.dumps(shape, ensure_ascii=False) for shape in content["shapes"]]
    head = json.dumps({"size": content["size"], "colours": content["colours"]}, ensure_ascii=False)
    STORED.write_text(head[:-1] + ', "shapes": [\n  ' + ",\n  ".join(rows) + "\n]}\n", "utf-8")
