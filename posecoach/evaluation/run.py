"""`posecoach evaluate`: label sets -> figures. The only part that reads the sets; what it returns is plain data, as in evaluation.json."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

import posecoach
from posecoach.body.motion import Motion
from posecoach.errors import SourceError
from posecoach.evaluation.cascade import cascade_scores
from posecoach.evaluation.drill_steps import WINDOW
from posecoach.evaluation.intervals import interval_figures
from posecoach.evaluation.labelled import LabelledScorer
from posecoach.evaluation.labels import Case, load_photos, load_rendered, load_sheet, load_smiles, read_rows
from posecoach.evaluation.mapping import Labelling, load_mapping
from posecoach.evaluation.moves import EVERYDAY, FAULTS, MoveScore, MovesScorer, load_moves
from posecoach.evaluation.observations import LandmarkStore, brightness_of
from posecoach.evaluation.quiet import QuietScore
from posecoach.evaluation.rendered import RenderedScorer
from posecoach.evaluation.scoring import Score, clause_figures, rater_agreement, share
from posecoach.evaluation.skeletons import Looks, Skeleton, figures, find_all, pictures_of
from posecoach.evaluation.smiles import LabelledFaces, measure
from posecoach.evaluation.statistics import agreement
from posecoach.evaluation.sureness import risk_coverage
from posecoach.evaluation.wrong_verdicts import wrong_verdicts
from posecoach.measures.catalogue import MEASURES
from posecoach.resources import rules_dir
from posecoach.rulebook.drill_loading import load_rulebook
from posecoach.rulebook.schema import RuleSet
from posecoach.storage.plain_json import DAMAGE
from posecoach.vocabulary import Text

KINDS = ("rendered", "moves", "photos", "smiles", "sheet")
SCHEMA = "posecoach.evaluation/1"

LEAST_FACES, LEAST_PEOPLE = 10, 3
"""Of fewer faces nothing is told; of fewer people, each cannot be left out with enough others to fit a model on."""

_UNREADABLE: tuple[type[Exception], ...] = (*DAMAGE, yaml.YAMLError)


@dataclass(frozen=True, slots=True)
class LabelSet:
    """One set of labelled cases: its name, one of `KINDS`, and its folder or file."""

    name: str
    kind: str
    path: Path


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What `posecoach evaluate` was asked for."""

    manifest: Path
    mapping: Path | None = None
    landmarks: Path | None = None
    rules_folder: Path | None = None
    with_alarms: bool = True


def find_sets(manifest: Path) -> list[LabelSet]:
    """The sets of a manifest: a YAML list of them, or one label file or folder. Raises `SourceError`."""
    if manifest.suffix.lower() not in (".yaml", ".yml"):
        return [LabelSet(manifest.parent.name if manifest.is_file() else manifest.name, _kind_of(manifest), manifest)]
    with _readable(manifest):
        listed = yaml.safe_load(manifest.read_text("utf-8"))["sets"]
        sets = [LabelSet(item["name"], item["kind"], manifest.parent / item["path"]) for item in listed]
    for one in sets:
        if one.kind not in KINDS:
            raise SourceError(
                Text(
                    f"{manifest}：{one.name} 的 kind 只能是 {'、'.join(KINDS)} 之一，现在是“{one.kind}”",
                    f"{manifest}: set {one.name}: kind is one of {', '.join(KINDS)}, not {one.kind!r}",
                )
            )
    return sets


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a YAML list says beside its sets.

    ``explained``: of verdicts that are plainly wrong, by case and clause (``a.jpg head_up``). ``seen``: of videos of real people, by file
    or set, the events that are there to be seen, each a kind, or a kind and the second it begins in (``step@3``).
    """

    explained: Mapping[str, str]
    seen: Mapping[str, frozenset[str]]


def find_remarks(manifest: Path) -> Remarks:
    """The remarks of a YAML list; none of other manifests. Raises `SourceError`."""
    if manifest.suffix.lower() not in (".yaml", ".yml"):
        return Remarks({}, {})
    with _readable(manifest):
        listed = yaml.safe_load(manifest.read_text("utf-8"))
        explained = {str(name): str(why) for name, why in (listed.get("explained") or {}).items()}
        seen = {str(name): frozenset(map(str, events)) for name, events in (listed.get("seen") or {}).items()}
        return Remarks(explained, seen)


@contextmanager
def _readable(manifest: Path) -> Iterator[None]:
    """Raises `SourceError` for a list that is damaged."""
    try:
        yield
    except _UNREADABLE as error:
        why = " ".join(str(error).split())[:120]
        raise SourceError(
            Text(
                f"{manifest} 不是标注清单（{why}）；见 docs/evaluate.md",
                f"{manifest}: not a list of label sets ({why}); see docs/evaluate.md",
            )
        ) from error


def _kind_of(path: Path) -> str:
    if path.is_dir():
        return "moves" if (path / FAULTS).exists() else "rendered"
    columns = set(next(iter(read_rows(path)), ())) if path.suffix.lower() == ".csv" else set()
    if not columns:
        raise SourceError(
            Text(
                f"{path}：要一个合成视频的文件夹、一张标注 CSV 或一份标注清单 YAML",
                f"{path}: expected a folder of rendered clips, a CSV of labels or a YAML list of label sets",
            )
        )
    if {"smile", "set"} <= columns:
        return "smiles"
    return "photos" if {"view", "posture"} <= columns else "sheet"


def evaluate(options: EvaluateOptions, on_case: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Grade every case and return the figures (docs/evaluate.md). ``on_case`` hears each case's name.

    Raises `SourceError`, `RulesError`, `EstimatorError`.
    """
    run = _Run(options, load_mapping(options.mapping), on_case)
    sets = find_sets(options.manifest)
    here = [one for one in sets if one.path.exists()]
    if not here:
        paths = [str(one.path) for one in sets]
        raise SourceError(
            Text(f"{options.manifest}：标注都不在这里：{'、'.join(paths)}", f"{options.manifest}: no label set is here: {', '.join(paths)}")
        )
    for one in here:
        run.add(one)
    return run.figures([one.name for one in sets if one not in here])


class _Run:
    def __init__(self, options: EvaluateOptions, mapping: Labelling, on_case: Callable[[str], None]) -> None:
        self._options = options
        self._mapping = mapping
        self._on_case = on_case
        book = load_rulebook(options.rules_folder or rules_dir(), MEASURES)
        self._rule_sets: tuple[RuleSet, ...] = tuple(book.rule_sets.values())
        self._visit = book.drills[WINDOW]
        self._landmarks = LandmarkStore(options.landmarks)
        self._score = Score()
        self._moves = MoveScore()
        self._quiet = QuietScore()
        self._looks = Looks(options.landmarks)
        self._skeletons: list[Skeleton] = []
        self._smiles: dict[str, object] = {}
        self._counts: dict[str, int] = {}
        self._remarks = find_remarks(options.manifest)

    def add(self, one: LabelSet) -> None:
        """Grade one set."""
        if one.kind == "rendered":
            self._add_rendered(one)
        elif one.kind == "moves":
            self._add_moves(one)
        elif one.kind == "smiles":
            for name, faces in load_smiles(one.path, self._landmarks).items():
                self._on_case(f"{one.name}/{name}")
                _need_faces(one.path, name, faces)
                others = {"OpenCV smile cascade": cascade_scores(one.path.parent, faces.file)}
                self._smiles[name] = measure(faces, by_person=len(set(faces.person.tolist())) >= LEAST_PEOPLE, others=others)
                self._counts[f"{one.name}/{name}"] = len(faces.smiling)
        else:
            if one.kind == "photos":
                self._skeletons += find_all(one.name, pictures_of(one.path), self._looks, self._on_case)
            clauses = {rule.id for rule_set in self._rule_sets for rule in rule_set.rules}
            self._add_cases(one, load_sheet(one.path, clauses) if one.kind == "sheet" else load_photos(one.path, self._mapping))

    def _add_rendered(self, one: LabelSet) -> None:
        scorer = RenderedScorer(self._score, self._mapping, self._rule_sets, with_alarms=self._options.with_alarms)
        clips = load_rendered(one.path)
        self._counts[one.name] = len(clips)
        for clip in clips:
            self._on_case(f"{one.name}/{clip.file.name}")
            motion = self._landmarks.motion(clip.file)
            scorer.add(one.name, clip, motion, brightness_of(clip.file))
            self._look_for_events(one.name, clip.file, motion)

    def _add_moves(self, one: LabelSet) -> None:
        scorer = MovesScorer(self._score, self._moves, self._rule_sets, self._visit)
        clips = load_moves(one.path)
        self._counts[one.name] = len(clips)
        for clip in clips:
            self._on_case(f"{one.name}/{clip.file.name}")
            if len(clip.people) > 1:
                scorer.add(one.name, clip, self._landmarks.pair(clip.file))
            elif clip.topic == EVERYDAY:
                self._look_for_events(f"{one.name}/{EVERYDAY}", clip.file, self._landmarks.motion(clip.file))
            else:
                scorer.add(one.name, clip, [self._landmarks.motion(clip.file, with_hands=True)])

    def _add_cases(self, one: LabelSet, cases: list[Case]) -> None:
        scorer = LabelledScorer(self._score, self._mapping, self._rule_sets)
        scorer.check(cases)
        self._counts[one.name] = len(cases)
        films: dict[Path, Motion] = {}
        for case in cases:
            self._on_case(f"{one.name}/{case.name}")
            motion = self._landmarks.motion(case.file)
            scorer.add(one.name, case, motion)
            if len(motion) > 1:
                films[case.file] = motion
        for file, motion in films.items():
            self._look_for_events(one.name, file, motion)

    def _look_for_events(self, dataset: str, file: Path, motion: Motion) -> None:
        self._quiet.add(dataset, file.name, motion, self._remarks.seen.get(file.name, frozenset()))

    def figures(self, absent: list[str]) -> dict[str, Any]:
        """Everything counted, as plain data."""
        score = self._score
        sets = sorted({o.dataset for o in score.outcomes})
        return {
            "schema": SCHEMA,
            "generator": f"posecoach {posecoach.__version__}",
            "versions": {"python": platform.python_version(), "mediapipe": version("mediapipe"), "numpy": version("numpy")},
            "rules": [{"file": s.file, "sha256": s.sha256} for s in self._rule_sets],
            "cases": self._counts,
            "absent": absent,
            "clauses": {name: by_clause(o for o in score.outcomes if o.dataset == name) for name in sets},
            "correct_pairs": {name: _pairs(score, name) for name in sets},
            "faults": {name: _faults(score, name) for name in sorted({f.dataset for f in score.faults})},
            "raters": {name: found for name in sets if (found := rater_agreement(o for o in score.outcomes if o.dataset == name))},
            "values": {m: _values(score, m) for m in self._mapping.rendered["values"] if any(v.measure == m for v in score.values)},
            "value_cases": [asdict(value) for value in score.values],
            "moves": self._moves.figures(),
            "quiet": self._quiet.figures(),
            "posture": _confusion(score.posture),
            "view": _confusion(score.view),
            "intervals": interval_figures(score.values),
            "smiles": self._smiles,
            "risk_coverage": {name: risk_coverage(o for o in score.outcomes if o.dataset == name) for name in sets},
            "explained": dict(self._remarks.explained),
            "skeletons": figures(self._skeletons) if self._skeletons else None,
            "wrong_verdicts": wrong_verdicts(self._skeletons, self._rule_sets) if self._skeletons else None,
            "alarms": _alarms(score),
            "hidden_legs": {"cases": score.legs_hidden_cases, "judged": score.legs_judged_hidden},
            "outcomes": [asdict(outcome) for outcome in score.outcomes],
            "notes": sorted(score.notes + self._quiet.notes),
        }


def _need_faces(path: Path, name: str, faces: LabelledFaces) -> None:
    """Raises `SourceError` for faces that nothing can be measured on."""
    smiling = faces.found().smiling
    if len(smiling) < LEAST_FACES or len(set(smiling.tolist())) < 2:
        raise SourceError(
            Text(
                f"{path}：{name} 里至少要看得到 {LEAST_FACES} 张脸，有笑的，也有不笑的",
                f"{path}: at least {LEAST_FACES} faces have to be seen in the set {name}, some that smile and some that do not",
            )
        )


def by_clause(outcomes: Iterable[Any]) -> dict[str, Any]:
    """The figures of each clause, by the ids of the rules."""
    found = list(outcomes)
    return {rule_id: clause_figures(o for o in found if o.rule_id == rule_id) for rule_id in sorted({o.rule_id for o in found})}


def _pairs(score: Score, dataset: str) -> dict[str, object]:
    states = [o.state for o in score.outcomes if o.dataset == dataset and o.is_met]
    judged = [state for state in states if state != "unjudged"]
    return {"judged": share(len(judged), len(states)), **{s: share(judged.count(s), len(judged)) for s in ("pass", "warn", "fail")}}


def _faults(score: Score, dataset: str) -> dict[str, object]:
    states = [(f.state, f.is_strong) for f in score.faults if f.dataset == dataset]
    strong = [state for state, is_strong in states if is_strong]
    found = sum(state in ("warn", "fail") for state, _ in states)
    return {"found": share(found, len(states)), "strong_fail": share(strong.count("fail"), len(strong))}


def _values(score: Score, measure_name: str) -> dict[str, float]:
    cases = [v for v in score.values if v.measure == measure_name]
    return agreement([v.measured for v in cases], [v.true for v in cases])


def _confusion(table: dict[str, Any]) -> dict[str, dict[str, dict[str, int]]]:
    out: dict[str, dict[str, dict[str, int]]] = {}
    for dataset, counts in table.items():
        for (label, said), count in sorted(counts.items()):
            out.setdefault(dataset, {}).setdefault(label, {})[said] = count
    return out


def _alarms(score: Score) -> dict[str, object]:
    alarms, minutes = score.alarms, score.alarms.seconds / 60
    told = sorted(s for s in alarms.waited_s if s is not None)
    return {
        "minutes": minutes,
        "false": alarms.false,
        "false_a_minute": alarms.false / minutes if minutes else None,
        "told": share(len(told), len(alarms.waited_s)),
        "median_s_to_alert": told[len(told) // 2] if told else None,
        "slowest_s_to_alert": told[-1] if told else None,
    }
