"""Makes tests/golden anew from rendered clips and their stored landmarks.

    python -m tests.golden.make CLIPS LANDMARKS      CLIPS: a folder of rendered clips; LANDMARKS/CLIPS/NAME.npz as of `posecoach evaluate`

Look at the difference of expected.json before committing it: it says which verdicts changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from posecoach.body.motion import Motion
from posecoach.body.records import Track
from posecoach.evaluation.labels import RenderedClip, load_rendered
from posecoach.evaluation.mapping import load_mapping
from posecoach.evaluation.observations import find_landmarks
from posecoach.evaluation.rendered import RenderedScorer
from posecoach.evaluation.scoring import Score
from tests.golden import FOLDER, pack, results, unpack
from tests.shipped import ALL_RULES
from tests.tracks import load_track

MOST_BYTES = 10_000_000


def main() -> None:
    """Write all files of the folder."""
    clips, landmarks = Path(sys.argv[1]), Path(sys.argv[2])
    said = {}
    for old in FOLDER.glob("*.npz"):
        old.unlink()
    for clip in load_rendered(clips):
        path = FOLDER / f"{clip.file.stem}.npz"
        pack(path, _track(clip, landmarks / clips.resolve().name))
        score = Score()
        scorer = RenderedScorer(score, load_mapping(), ALL_RULES)
        graded = scorer.add("golden", clip, Motion.of(unpack(path)))
        states = {v.id.split(".", 1)[1]: v.state.word for v in graded.judgement.verdicts}
        truth: dict[str, bool | None] = dict.fromkeys(sorted(scorer.hidden_clauses(clip) & states.keys()))
        truth |= {outcome.clause: outcome.is_met for outcome in score.outcomes}
        said[clip.file.stem] = {
            "drill": clip.drill,
            "profile": clip.person["gender"],
            "truth": truth,
            "states": {clause: states[clause] for clause in truth},
        }
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in said.items())
    (FOLDER / "expected.json").write_text(f"{{\n{text}\n}}\n", "utf-8")
    results.write_anew()
    total = sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file())
    if total > MOST_BYTES:
        sys.exit(f"{total} bytes are more than {MOST_BYTES}")


def _track(clip: RenderedClip, stored: Path) -> Track:
    path = stored / f"{clip.file.stem}.npz"
    if path.exists():
        return load_track(path)[0]
    (track,) = find_landmarks(clip.file)
    return track


if __name__ == "__main__":
    main()
