"""Makes tests/golden_rows anew from rendered rows.

python -m tests.golden_rows.make CLIPS FAULTS      CLIPS: a folder with NAME.mp4 and NAME.json; FAULTS: faults.json of the shared clips
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from posecoach.estimators.mediapipe_row import RowModels
from posecoach.estimators.row import RowEstimator
from posecoach.sources.video import VideoSource
from tests.golden_rows import FOLDER, Frames, pack

ROWS = {"row5_leave_end": False, "row4_passer": False, "row5_hidden": False, "row8_c": True}
"""The rows, and whether their faces are kept: verdicts are tested on those."""
FPS = 10.0


def main() -> None:
    """Write all files of the folder."""
    clips, faults = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text("utf-8"))["faults"]
    truth = {}
    for name, with_faces in ROWS.items():
        pack(FOLDER / f"{name}.npz", _watch(clips / f"{name}.mp4"), with_faces=with_faces)
        truth[name] = _truth(json.loads((clips / f"{name}.json").read_text("utf-8")), faults)
    (FOLDER / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _watch(path: Path) -> Frames:
    with VideoSource(path, FPS) as source, RowEstimator(RowModels()) as estimator:
        return [(frame.t_ms, estimator.estimate(frame)) for frame in source]


def _truth(rendered: dict[str, Any], faults: dict[str, Any]) -> list[dict[str, Any]]:
    people = [person for person in rendered["people"] if not person["bystander"]]
    people.sort(key=lambda person: person["frames"][0]["x"])
    return [
        {
            "character": person["character"],
            "profile": person["gender"],
            "fault": person["fault"],
            "x_px": round(sum(person["frames"][0]["pixels"][f"{side}_hip"][0] for side in ("left", "right")) / 2),
            "faulty": faults[person["fault"]]["faulty"] if person["fault"] else [],
            "tolerated": faults[person["fault"]]["tolerated"] if person["fault"] else [],
        }
        for person in people
    ]


if __name__ == "__main__":
    main()
