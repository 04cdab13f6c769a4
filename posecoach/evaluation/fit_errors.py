"""Fits `measures.error_table` anew, and for the heavy pose model `measures.error_table_heavy`.

    python -m posecoach.evaluation.fit_errors full LANDMARKS LONDON FOLDER... > posecoach/measures/error_table.py
    python -m posecoach.evaluation.fit_errors heavy LANDMARKS LONDON FOLDER... > posecoach/measures/error_table_heavy.py

With `--new` before the folders only measures that the table lacks are fitted, and all of the others stays as it is.

Reads folders of rendered clips, keeps landmarks in LANDMARKS and prints the table, fitted on all people in them; LONDON is the folder of
smiling and unsmiling faces, which are looked at for the full model alone: faces are found alike with both. Of each clip the last posture is
compared as a whole, one frame of it as a picture of its own, and, of every fourth clip, a copy of a quarter of its size. Where few such
copies show what is measured (faces do from 10 pixels between the eyes on), the size that they were to tell stays as it is in the table, and
that is said.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from posecoach.body.face_geometry import FaceColumn
from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.body.records import Array, Frame, Track
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.evaluation.intervals import NEEDED
from posecoach.evaluation.labels import RenderedClip, load_rendered
from posecoach.evaluation.mapping import Labelling, load_mapping
from posecoach.evaluation.observations import FPS, LandmarkStore
from posecoach.evaluation.scoring import ValueOutcome
from posecoach.evaluation.true_values import value_outcomes
from posecoach.judging.shares import Z_95
from posecoach.measures.error_model import APART, TABLES, Law, Part, Table, is_of_face, law_of, uneven_face_deg, wider
from posecoach.measures.error_table import RESTING_FACES
from posecoach.measures.smile import smile_strength
from posecoach.sources.inputs import find_inputs, open_source
from posecoach.storage.landmark_files import load_blocks, save_track
from posecoach.vocabulary import PoseModel

PICTURE_AT = 0.85
"""Which frame of a clip is taken for the picture, as a share of its length: in the last posture, settled."""
SMALL = 0.25
EVERY = 4
FEWEST = 5
"""So many clips of either kind are needed to tell the two apart."""
FEWEST_COPIES = 20
"""So many small copies are needed to tell what being small adds."""

LEARNED, LEARNED_FROM = ("head_pitch_down_deg", "face_away_deg"), ("f1", "f2", "f3", "m1", "m2", "m3")
LEFT_OUT = 1.5
"""The weights of `head_pitch_model` are fitted on these people: their errors are widened to those of people left out in turn."""

HEAD = '''"""Half widths of 95 % intervals: data, not code. Made anew by `python -m posecoach.evaluation.fit_errors`.

`ERRORS`: by measure and condition (`error_model.condition_of`), over three seconds or more, and of a single picture, in the measure's unit.
Fitted on rendered people, all of them in `PEOPLE`. `SIZE_TRUNK_PX`, `SIZE_EYE_GAP_PX`: at so many pixels of
the trunk, or between the eyes, being small adds as much to the error as there is of it already; fitted on clips and copies of a quarter of
their size.{resting}
"""

from __future__ import annotations
'''
RESTING = """ `RESTING_FACES`: by how much the log odds of a smile differ between people at rest, half of their 95 % interval; 40 people of
the London set, with either model."""


class Case(NamedTuple):
    """A value against the truth, the size that its measure goes by (pixels of the trunk, or between the eyes), and what an uneven face
    adds to its interval."""

    value: ValueOutcome
    px: float
    uneven_deg: float = 0.0

    @property
    def is_apart(self) -> bool:
        """Whether it is of the kind that is told apart."""
        return self.value.condition.endswith(APART)

    def error(self, lost_px: float) -> float:
        """The size of the error, as it would be of a body that fills the picture and has an even face."""
        size = abs(self.value.measured - self.value.true)
        if self.value.measure in LEARNED and self.value.person in LEARNED_FROM:
            size *= LEFT_OUT
        return max(size - self.uneven_deg, 0.0) / wider(self.px, lost_px)


class Errors(NamedTuple):
    """Errors of whole clips, of pictures from them and of small copies."""

    clips: list[Case]
    pictures: list[Case]
    small: list[Case]


def half_width(sizes: Sequence[float], people: Sequence[str]) -> float:
    """Half of an interval that holds 95 % of errors of these sizes, made on these ``people``: the mean of what a normal one of their mean
    needs and of their 95 % quantile. Everybody counts alike, however many errors there are of them.

    The quantile alone hangs on the worst of few people, and errors are not normal where hair or clothes that few wear make them. Of 22
    people left out in turn the mean of both holds 90 to 97 % of each measure (all of one with 31 values).
    """
    count = Counter(people)
    weight = np.array([1 / count[person] for person in people])
    order = np.argsort(sizes)
    below = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    quantile = np.interp(0.95, below, np.asarray(sizes)[order])
    return float((NEEDED * np.average(sizes, weights=weight) + quantile) / 2)


def fit_laws(errors: Errors, measures: Mapping[str, Sequence[str]], lost_px: float) -> dict[str, dict[str, Law]]:
    """By measure (with its views) and condition half widths of a clip and of a picture, which is never surer."""
    laws: dict[str, dict[str, Law]] = {}
    for measure, views in measures.items():
        clips, pictures = ([case for case in cases if case.value.measure == measure] for cases in (errors.clips, errors.pictures))
        count = sum(case.is_apart for case in clips)
        groups = (False, True) if min(count, len(clips) - count) >= FEWEST else (None,)
        for apart in groups:
            of_clips, of_pictures = (
                _half_of([case for case in cases if apart in (None, case.is_apart)], lost_px) for cases in (clips, pictures)
            )
            law = of_clips, max(of_clips, of_pictures)
            laws.setdefault(measure, {}).update({view + (APART if apart else ""): law for view in views})
    return laws


def _half_of(cases: Sequence[Case], lost_px: float) -> float:
    return half_width([case.error(lost_px) for case in cases], [case.value.person for case in cases])


def lost_px(errors: Errors, laws: Mapping[str, Mapping[str, Law]]) -> float | None:
    """The size in pixels at which being small adds as much to the error as there is of it already; None where too few small copies tell.

    A small copy differs from its clip by what it adds, which grows as the size shrinks.
    """
    whole = {(case.value.case, case.value.measure): case.value for case in errors.clips}
    added, copies = [], set()
    for small in errors.small:
        clip = whole.get((small.value.case, small.value.measure))
        law = law_of(laws[small.value.measure], clip.condition) if clip else None
        if clip and law:
            added.append((small.value.measured - clip.measured) / (law[0] / Z_95) * small.px)
            copies.add(clip.case)
    return float(np.sqrt(np.mean(np.square(added)))) if len(copies) >= FEWEST_COPIES else None


def table_text(errors: Errors, mapping: Labelling, resting: float | None, before: Table, *, only_new: bool = False) -> str:
    """The module `measures.error_table`, or without ``resting`` that of the heavy model; ``before`` is the table as it was, of which all is
    kept where ``only_new``.
    """
    laws = dict(before.errors) if only_new else {}
    sizes = [before.trunk_px, before.eye_gap_px]
    for of_face, what in enumerate(("trunk", "face")):
        measures = {name: truth.views for name, truth in mapping.truths.items() if is_of_face(name) == of_face and name not in laws}
        own = Errors(*([case for case in cases if case.value.measure in measures] for cases in errors))
        if not only_new:
            size_px = lost_px(own, fit_laws(own, measures, 0.0))
            if size_px is None:
                sys.stderr.write(f"too few small copies show a {what} large enough: {sizes[of_face]:g} px stays as it was\n")
            else:
                sizes[of_face] = size_px
        laws |= fit_laws(own, measures, sizes[of_face])
    people = {case.value.person for case in errors.clips} | (set(before.people) if only_new else set())
    rows = (
        (measure, ", ".join(f'"{condition}": ({clip:.3g}, {picture:.3g})' for condition, (clip, picture) in own.items()))
        for measure, own in laws.items()
    )
    return "\n".join(
        [
            HEAD.format(resting="" if resting is None else RESTING),
            *([] if resting is None else [f"RESTING_FACES = {resting:.3g}"]),
            f"SIZE_TRUNK_PX, SIZE_EYE_GAP_PX = {sizes[0]:.3g}, {sizes[1]:.3g}",
            "PEOPLE = ({})".format(", ".join(f'"{name}"' for name in sorted(people))),
            "ERRORS: dict[str, dict[str, tuple[float, float]]] = {",
            *(f'    "{measure}": {{{row}}},' for measure, row in rows),
            "}\n",
        ]
    )


def cases_of(clip: RenderedClip, motion: Motion, mapping: Labelling) -> list[Case]:
    """All values of a clip, or of a picture of it, with their sizes."""
    body = observe(motion)
    trunk_px, eye_gap_px = _typical(body.trunk_px), _typical(body.face(FaceColumn.EYE_GAP_PX))
    whole = Part(body, np.ones(len(motion), bool))
    return [
        Case(value, eye_gap_px if is_of_face(value.measure) else trunk_px, uneven_face_deg(value.measure, whole))
        for value in value_outcomes(clip, body, mapping)
    ]


class Reader:
    """Finds the landmarks of clips, of pictures from them and of small copies; keeps them in a folder."""

    def __init__(self, folder: Path, model: PoseModel) -> None:
        self._folder = folder
        self._model = model
        self._store = LandmarkStore(folder, model)
        self._still = MediaPipeEstimator(still=True, model=model)

    def errors(self, folders: Iterable[Path], mapping: Labelling) -> Errors:
        """The errors of all clips in some folders."""
        found = Errors([], [], [])
        clips = (clip for folder in folders for clip in load_rendered(folder))
        for clip in (clip for clip in clips if any(truth.is_of(*clip.kind) for truth in mapping.truths.values())):
            found.clips.extend(cases_of(clip, self._store.motion(clip.file), mapping))
            found.pictures.extend(cases_of(clip, self._picture(clip), mapping))
            if sum(clip.file.stem.encode()) % EVERY == 0:
                found.small.extend(cases_of(clip, self._small(clip), mapping))
        return found

    def _picture(self, clip: RenderedClip) -> Motion:
        """The landmarks of one frame of a clip as if it were a picture of its own, at its time in the clip."""

        def find() -> Track:
            frames = list(_frames(clip))
            frame = frames[int(len(frames) * PICTURE_AT)]
            landmarks = self._still.estimate(Frame(frame.image_bgr, 0, frame.t_ms, frame.source))
            return Track.from_landmarks([frame.t_ms], [landmarks], landmarks.size_wh)

        return self._kept(clip, "pictures", find)

    def _small(self, clip: RenderedClip) -> Motion:
        """The landmarks of a small copy of a clip."""

        def find() -> Track:
            frames = list(_frames(clip))
            with MediaPipeEstimator(model=self._model) as estimator:
                found = [estimator.estimate(Frame(_smaller(f.image_bgr), f.index, f.t_ms, f.source)) for f in frames]
            return Track.from_landmarks([frame.t_ms for frame in frames], found, found[0].size_wh)

        return self._kept(clip, "small", find)

    def _kept(self, clip: RenderedClip, kind: str, find: Callable[[], Track]) -> Motion:
        kept = self._folder / clip.file.parent.name / kind / f"{clip.file.stem}.npz"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            save_track(kept, find(), {"path": clip.file.name})
        return Motion.join([Motion.of(block) for block in load_blocks(kept)])


def _frames(clip: RenderedClip) -> Iterator[Frame]:
    with open_source(find_inputs([str(clip.file)]).only, FPS) as source:
        yield from source


def _smaller(picture: Array) -> Array:
    return np.ascontiguousarray(cv2.resize(picture, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA))


def _typical(values: Array) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")


def resting_faces(pictures: Iterable[Path], store: LandmarkStore) -> float:
    """Half the 95 % interval of the log odds that people show at rest, from their neutral pictures."""
    shapes = np.vstack([observe(store.motion(file)).face_shape for file in pictures])
    strength = smile_strength(shapes[np.isfinite(shapes).all(1)], None)
    return float(Z_95 * np.std(np.log(strength / (1 - strength)), ddof=1))


def _resting(model: PoseModel, london: Path, landmarks: Path, *, only_new: bool) -> float | None:
    """What the table of a model says of faces at rest; None for that of the heavy one."""
    if model == "heavy":
        return None
    return RESTING_FACES if only_new else resting_faces(sorted(london.glob("*_neutral.jpg")), LandmarkStore(landmarks))


def main() -> None:
    """Fit and print."""
    model: PoseModel = "heavy" if sys.argv[1] == "heavy" else "full"
    landmarks, london = Path(sys.argv[2]), Path(sys.argv[3])
    only_new = sys.argv[4] == "--new"
    mapping, before = load_mapping(None), TABLES[model]
    if only_new:
        mapping = mapping.without(before.errors)
    errors = Reader(landmarks, model).errors(map(Path, sys.argv[4 + only_new :]), mapping)
    resting = _resting(model, london, landmarks, only_new=only_new)
    sys.stdout.write(table_text(errors, load_mapping(None), resting, before, only_new=only_new))


if __name__ == "__main__":
    main()
