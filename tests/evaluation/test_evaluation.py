"""Labels in, counts out: each figure on cases small enough to count by hand."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from posecoach.body.motion import Motion
from posecoach.body.posture import observe
from posecoach.cli.main import main
from posecoach.errors import SourceError
from posecoach.evaluation.alarms import watch
from posecoach.evaluation.labelled import LabelledScorer
from posecoach.evaluation.labels import Case, RenderedClip, load_photos, load_sheet, load_smiles
from posecoach.evaluation.mapping import SHIPPED, load_mapping
from posecoach.evaluation.observations import LandmarkStore
from posecoach.evaluation.plots import Points, scatter
from posecoach.evaluation.rendered import RenderedScorer
from posecoach.evaluation.run import EvaluateOptions, evaluate, find_sets
from posecoach.evaluation.scoring import Alarms, Outcome, Score, clause_figures, rater_agreement
from posecoach.evaluation.smiles import DRAWINGS, LabelledFaces, Logistic, best_cut, fitted, measure, single_rule
from posecoach.evaluation.statistics import agreement, balanced_interval, kappa, roc_area
from posecoach.evaluation.true_values import true_values
from posecoach.judging.pipeline import GradeOptions
from posecoach.measures.smile import mouth_features
from posecoach.measures.smile_model import MOUTH, NEUTRAL
from posecoach.storage.landmark_files import save_track
from posecoach.vocabulary import Profile
from tests.factories import LEGS, SMILING, STANDING, still
from tests.golden import FOLDER, expected, unpack
from tests.shipped import ALL_RULES

CLIP = next(
    name
    for name, clip in expected().items()
    if clip["drill"] == "standing" and "stand_ok" in name and "front" in name and clip["states"].get("shoulders_level") == "pass"
)


def said(clause: str, is_met: bool, state: str, case: str = "a", rater: str = "") -> Outcome:
    return Outcome("set", case, "source", clause, is_met, state, None, None, rater)


def test_kappa_is_that_of_the_textbook() -> None:
    first = [True] * 25 + [False] * 25
    second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa([True, True], [True, True]) is None
    assert kappa([], []) is None
    assert str(kappa([True] * 9, [*[True] * 8, False])) == "0.0"  # and not a hair below


def test_roc_area_counts_the_pairs_in_order() -> None:
    assert roc_area(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True])) == pytest.approx(0.75)
    assert roc_area(np.ones(4), np.array([True, True, False, False])) == pytest.approx(0.5)


def test_agreement_of_angles() -> None:
    told = agreement([1.0, 3.0, 5.0], [0.0, 3.0, 4.0])
    assert told["count"] == 3
    assert [told["bias"], told["mae"]] == pytest.approx([2 / 3, 2 / 3])
    assert told["high"] - told["low"] == pytest.approx(2 * 1.959964 * np.std([1, 0, 1], ddof=1))


def test_a_warning_counts_half_and_unjudged_not_at_all() -> None:
    cases = [said("a", True, s) for s in ("pass", "pass", "warn", "fail", "unjudged")] + [said("a", False, s) for s in ("fail", "warn")]
    figures = clause_figures(cases)
    assert figures["correct"] == {"pass": 2, "warn": 1, "fail": 1, "unjudged": 1}
    assert figures["balanced_accuracy"] == pytest.approx((2.5 / 4 + 1.5 / 2) / 2)
    assert (figures["judged"]["hits"], figures["judged"]["count"]) == (6, 7)  # type: ignore[index]
    assert (figures["false_fails"]["hits"], figures["sensitivity"]["hits"]) == (1, 2)  # type: ignore[index]
    assert balanced_interval(0, 0, 1, 1) is None


def test_two_raters_are_compared_where_both_labelled() -> None:
    cases = [said("a", met, "pass", str(i), rater) for rater in ("Li", "Zhao") for i, met in enumerate((True, False, True, False))]
    told = rater_agreement([*cases, said("b", True, "pass", "9", "Li")])
    assert told is not None
    assert (told["count"], told["kappa"]) == (4, 1.0)
    assert rater_agreement([said("a", True, "pass")]) is None


def test_a_logistic_regression_finds_the_side() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 2))
    y = x @ (2.0, -1.0) > 0
    model = Logistic.fit(x, y.astype(float))
    assert np.mean((model.score(x) > 0) == y) > 0.97
    assert model.weight[0] > 0 > model.weight[1]
    assert best_cut(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, False, True, True])) == 2.5
    assert single_rule(x[:, 0], x[:, 0] > 0, np.arange(200) % 5) > 0.95


def faces(count: int) -> LabelledFaces:
    rng = np.random.default_rng(1)
    smiling = np.arange(count) % 2
    shape = np.where(smiling[:, None] == 1, SMILING, NEUTRAL) + rng.normal(0, 0.002, (count, len(NEUTRAL)))
    shape[0] = np.nan
    return LabelledFaces(shape, smiling, (np.arange(count) // 2).astype(str), np.array([f"{i}.jpg" for i in range(count)]))


def test_a_set_of_plain_smiles_is_told_right() -> None:
    told = measure(faces(20), by_person=True, others={"guess": np.zeros(20)})
    assert (told["count"], told["found"]) == (20, 19)
    assert told["out_of_fold"]["accuracy"] == 1.0
    assert told["out_of_fold"]["drawings"] == 1
    assert told["above_own_neutral"] == {"people": 9, "share": 1.0}
    assert told["single"]["guess"]["roc_area"] == 0.5


def test_where_nothing_says_who_is_who_many_drawings_of_folds_are_told() -> None:
    rng = np.random.default_rng(2)
    some = faces(60)
    noisy = LabelledFaces(some.shape + rng.normal(0, 0.05, some.shape.shape), some.smiling, some.person, some.file)
    told = measure(noisy, by_person=False)["out_of_fold"]
    assert told["drawings"] == DRAWINGS
    for name in ("roc_area", "accuracy"):
        low, high = told[f"{name}_range"]
        assert low < told[name] < high


def test_features_of_chance_are_held_back() -> None:
    """Of few cases the finer features tell nothing that holds for others."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 9))
    smiling = x[:, 0] + rng.normal(0, 0.5, 60) > 0
    plain, held_back = Logistic.fit(x, smiling.astype(float)), fitted(x, smiling, np.arange(60))
    assert np.abs(held_back.weight[4:]).max() < np.abs(plain.weight[4:]).max()


@pytest.mark.model
@pytest.mark.fit
def test_the_shipped_smile_model_is_the_fitted_one(shared_data: Path, tmp_path: Path) -> None:
    labels = shared_data / "smiles" / "labels.csv"
    rows = [line.replace("london/", f"{labels.parent}/london/") for line in labels.read_text("utf-8").splitlines() if "grey64" not in line]
    found = load_smiles(write(tmp_path / "labels.csv", "\n".join(rows)), LandmarkStore())["london"].found()
    model = fitted(mouth_features(found.shape), found.smiling.astype(bool), found.person)
    assert model.weight == pytest.approx(np.asarray(MOUTH["weight"]), abs=0.02)


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_filled_by_hand(encoding: str, tmp_path: Path) -> None:
    rows = (
        "file,rater,drill,start_s,end_s,stand.head_up,stand.centred,remark",
        "w.mp4,Li,standing,0,8,Yes,na,x",
        "w.mp4,Zhao,standing,,,no,否,",
    )
    text = "\n".join(rows)
    (tmp_path / "s.csv").write_bytes(text.encode(encoding))
    first, second = load_sheet(tmp_path / "s.csv", {"stand.head_up", "stand.centred"})
    assert [(label.clause, label.is_met, label.rater) for label in first.labels] == [("head_up", True, "Li")]
    assert [(label.clause, label.is_met) for label in second.labels] == [("head_up", False), ("centred", False)]
    assert (first.start_s, first.end_s, second.start_s) == (0.0, 8.0, None)


def test_a_sheet_names_no_clause_that_is_none(tmp_path: Path) -> None:
    sheet = write(tmp_path / "s.csv", "file,stand.hed_up\nw.mp4,yes\n")
    with pytest.raises(SourceError, match=r"there is no clause 'stand\.hed_up'"):
        load_sheet(sheet, {"stand.head_up"})


def test_columns_of_photos_tell_about_clauses(tmp_path: Path) -> None:
    head = "file,kind,view,posture,smile,trunk_upright,lower_body_visible"
    text = f"{head}\nx_1.jpg,photo,side,sitting,na,no,yes\nx_2.jpg,photo,front,sitting,no,no,no\n"
    side, front = load_photos(write(tmp_path / "manifest.csv", text), load_mapping())
    assert [(label.clause, label.is_met) for label in side.labels] == [("trunk", False)]
    assert [(label.clause, label.drill) for label in front.labels] == [("present", "smile")]
    assert (side.has_legs, front.has_legs, side.source) == (True, False, "x")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.csv", "a,b\n1,2\n"),
        ("m.csv", "file,stand.head_up\n"),
        ("m.yaml", "sets: 3\n"),
        ("m.yaml", "sets: [{name: a, kind: b, path: c}]\n"),
        ("m.txt", ""),
    ],
)
def test_what_is_no_manifest_is_refused_by_name(name: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=name.replace(".", r"\.")):
        find_sets(write(tmp_path / name, text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file,stand.head_up\nnot-there.mp4,yes\n", "no such file.*not-there"),
        ("file,drill,stand.head_up\nw.mp4,sleeping,yes\n", "w.mp4: drill is one of.*standing.*not 'sleeping'"),
        ("file,profile,stand.head_up\nw.mp4,women,yes\n", "w.mp4: profile is one of female.*not 'women'"),
        ("file,start_s,stand.head_up\nw.mp4,0:08,yes\n", "w.mp4: start_s is in seconds, not '0:08'"),
        ("file,stand.head_up\n\nv.mp4,yes\nw.mp4,ye\n", "labels.csv:4: column stand.head_up has yes, no, na or nothing, not 'ye'"),
        ("file,view,posture\nw.jpg,front,standing\n", "no column 'kind'"),
        ("file,smile,person,set\nw.jpg,yes,1,ours\n", "w.jpg: smile is 0 or 1"),
    ],
)
def test_a_slip_in_a_sheet_is_named(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=why):
        evaluate(EvaluateOptions(write(tmp_path / "labels.csv", text)))


def test_landmarks_of_two_files_are_not_kept_as_one(tmp_path: Path, sheet: Path) -> None:
    other = tmp_path / "other" / tmp_path.name / f"{CLIP}.mp4"
    store = LandmarkStore(sheet.parent / "kept")
    for _ in range(2):
        store.motion(sheet.parent / f"{CLIP}.mp4")
    with pytest.raises(SourceError, match="would be kept as"):
        store.motion(other)


@pytest.mark.parametrize("smiling", [[1] * 12, [0, 1]])
def test_too_few_faces_or_one_kind_of_them_are_refused(smiling: list[int], tmp_path: Path) -> None:
    """Nothing can be measured on them."""
    folder = tmp_path / "kept" / tmp_path.name
    folder.mkdir(parents=True)
    track = unpack(FOLDER / f"{CLIP}.npz")
    rows = [f"{i}.jpg,{smiles},{i},ours" for i, smiles in enumerate(smiling)]
    for i in range(len(smiling)):
        save_track(folder / f"{i}.npz", track, {})
    sheet = write(tmp_path / "labels.csv", "\n".join(["file,smile,person,set", *rows]))
    with pytest.raises(SourceError, match="at least 10 faces"):
        evaluate(EvaluateOptions(sheet, landmarks=tmp_path / "kept"))


def test_nobody_seen_both_ways_is_set_above_their_own_neutral() -> None:
    alone = faces(20)
    told = measure(LabelledFaces(alone.shape, alone.smiling, np.arange(20).astype(str), alone.file), by_person=True)
    assert "above_own_neutral" not in told


def test_a_mapping_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert load_mapping(SHIPPED).leg_clauses
    with pytest.raises(SourceError, match="not a mapping file"):
        load_mapping(write(tmp_path / "m.yaml", "[1]\n"))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet about one stored clip, and its landmarks."""
    (tmp_path / "kept" / tmp_path.name).mkdir(parents=True)
    save_track(tmp_path / "kept" / tmp_path.name / f"{CLIP}.npz", unpack(FOLDER / f"{CLIP}.npz"), {})
    row = "standing,yes,no"
    text = f"file,rater,drill,stand.shoulders_level,stand.head_level\n{CLIP}.mp4,Li,{row}\n{CLIP}.mp4,Zhao,{row}\n"
    return write(tmp_path / "sheet.csv", text)


def test_evaluating_a_sheet_counts_the_verdicts(sheet: Path) -> None:
    figures = evaluate(EvaluateOptions(sheet, landmarks=sheet.parent / "kept"))
    level = figures["clauses"][sheet.parent.name]["stand.shoulders_level"]
    assert level["correct"] == {"pass": 2, "warn": 0, "fail": 0, "unjudged": 0}
    assert figures["clauses"][sheet.parent.name]["stand.head_level"]["faulty"]["pass"] == 2
    assert figures["raters"][sheet.parent.name]["kappa"] == 1.0


def test_the_command_writes_table_figures_and_page(sheet: Path, tmp_path: Path) -> None:
    page = tmp_path / "docs" / "accuracy.md"
    options = ["--landmarks", str(tmp_path / "kept"), "--out", str(tmp_path / "out"), "--docs", str(page)]
    result = CliRunner().invoke(main, ["evaluate", str(sheet), *options])
    assert result.exit_code == 0, result.output
    assert "shoulders_level" in result.output
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text("utf-8"))["schema"] == "posecoach.evaluation/1"
    assert "shoulders_level | 2/0/0/0" in page.read_text("utf-8")


def test_a_correct_clip_raises_no_alarm() -> None:
    alarms, clip = Alarms(), expected()[CLIP]
    motion = Motion.of(unpack(FOLDER / f"{CLIP}.npz"))
    watch(alarms, motion, GradeOptions(ALL_RULES, "standing", Profile(clip["profile"])), set(), set())
    assert (alarms.false, alarms.waited_s) == (0, [])
    assert alarms.seconds > 1


@pytest.mark.parametrize(("eye", "heading_deg", "away_deg"), [((0, 1.6, 3), -20, 20), ((3, 1.6, 3), 0, 45), ((3, 1.6, 3), 45, 0)])
def test_a_face_is_turned_away_from_where_the_camera_stands(eye: tuple[float, ...], heading_deg: float, away_deg: float) -> None:
    frame = {"t": 0.0, "angles": {"head_pitch_down": 0.0, "head_yaw_left": 0.0}, "joints": {"nose": (0, 1.6, 0)}}
    person = {"heading_deg": heading_deg, "location_m": (0.0, 0.0), "frames": [frame]}
    clip = RenderedClip(Path("clip.mp4"), {"camera": {"eye": eye}, "people": [person]}, {})
    true = true_values(clip, "face_away_deg", "head_away_from_camera", body=observe(still(STANDING, 0.1)))
    assert true == pytest.approx(away_deg, abs=1e-4)


@pytest.mark.parametrize(
    ("quantity", "ahead_m", "true_deg"),
    [
        ("rear_heel_lift", 0.3, 30.0),
        ("front_heel_lift", 0.3, 0.0),
        ("rear_heel_lift", -0.3, 0.0),
        ("front_heel_lift", 0.05, np.nan),
        ("front_shin_tilt", 0.3, 6.0),
        ("front_shin_tilt", -0.3, 40.0),
    ],
)
def test_the_front_leg_is_the_one_ahead_and_a_heel_on_the_floor_is_not_lifted(quantity: str, ahead_m: float, true_deg: float) -> None:
    feet = {
        f"{side}_{part}": (x, 0.03 * (part == "heel"), 0.2 * (part == "toe"))
        for side, x in (("left", 0), ("right", 1))
        for part in ("heel", "toe")
    }
    foot_m = float(np.hypot(0.03, 0.2))
    angles = {
        "foot_ahead_m": ahead_m,
        "heel_raise_left_m": 0.0,
        "heel_raise_right_m": foot_m / 2,
        "shin_tilt_left": -6.0,
        "shin_tilt_right": 40.0,
    }
    person = {"frames": [{"t": 0.0, "angles": angles, "joints": feet}]}
    clip = RenderedClip(Path("clip.mp4"), {"people": [person]}, {})
    true = true_values(clip, "rear_heel_pitch_deg", quantity, body=observe(still(STANDING, 0.1)))
    assert true == pytest.approx(true_deg, abs=1e-4, nan_ok=True)


@pytest.mark.parametrize(("topic", "yaw_deg", "is_strong"), [("standing", 33, True), ("standing", 19, False), ("desk", 33, False)])
def test_a_fault_that_the_rules_only_warn_of_is_not_strong(topic: str, yaw_deg: float, is_strong: bool) -> None:
    person = {"fault": "head_turned", "gender": "female", "frames": [{"angles": {"head_yaw_left": yaw_deg}}]}
    faults = {"faults": {"head_turned": {"faulty": ["face_forward", "gaze_level"]}}, "drill_of_topic": {}}
    clip = RenderedClip(Path("clip.mp4"), {"topic": topic, "people": [person]}, faults)
    assert RenderedScorer(Score(), load_mapping(), ALL_RULES).is_strong(clip) is is_strong


def test_a_plot_is_well_formed() -> None:
    root = ET.fromstring(scatter("a < b", "x", "y", [Points("one & two", [0.0, 90.0], [-1.0, 7.5]), Points("none", [], [])]))
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 4


def test_the_posture_of_a_part_of_a_film_is_the_one_said_when_all_of_it_is_graded() -> None:
    """Knees hardly seen in a part are where they were before it; a part cut out of its film would not tell."""
    motion = still(STANDING, 4.0)
    seen = motion.pose_visibility.copy()
    seen[20:24, list(LEGS)] = 0.4
    case = Case(Path("a.mp4"), "a", "unspecified", (), 2.0, 2.4, "front", "standing", has_legs=True)
    score = Score()
    LabelledScorer(score, load_mapping(), ()).add("films", case, replace(motion, pose_visibility=seen))
    assert dict(score.posture["films"]) == {("standing", "standing"): 1}
    assert dict(score.view["films"]) == {("front", "front"): 1}
