"""Every measure recovers what the figure was built with, in the person's own left and right, and says why when it cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from posecoach.body.face_geometry import SHAPE_COLUMNS
from posecoach.body.landmarks import Pose
from posecoach.body.motion import Motion
from posecoach.body.observed import Neutral
from posecoach.body.posture import observe
from posecoach.body.records import Array
from posecoach.measures.catalogue import MEASURES, Series, take, take_all
from posecoach.measures.face import PITCH_GAIN
from posecoach.measures.upper_body import TRUNK_LEAN_BIAS_DEG
from posecoach.vocabulary import Reason
from tests.factories import (
    CROUCHING,
    HIPS_M,
    LEGS,
    NO_FACE,
    SHIN_M,
    SHOULDERS_M,
    SITTING,
    SMILING,
    STANDING,
    THIGH_M,
    TRUNK_M,
    Figure,
    Leg,
    Shot,
    face,
    mirrored,
    motion_of,
    moving,
    sitting_down,
    still,
)
from tests.golden import FOLDER, unpack

LEFT, RIGHT, BACK, ANGLED = 90.0, -90.0, 180.0, 40.0
PLAIN = Shot()
WRISTS = (Pose.LEFT_WRIST, Pose.RIGHT_WRIST)
FLIPPED = {"shoulder_tilt_deg", "trunk_lean_left_deg", "centre_offset_sw", "head_roll_deg"}
"""Measures that are positive to the person's left; all others are the same in the mirror."""


def wrists(x: float, y: float, z: float, middle_x: float = 0.0) -> dict[Pose, tuple[float, float, float]]:
    """Both wrists ``x`` beside ``middle_x``, from the middle of the hips."""
    return {Pose.LEFT_WRIST: (middle_x + x, y, z), Pose.RIGHT_WRIST: (middle_x - x, y, z)}


def hands(x: float, y: float, z: float, middle_x: float = 0.0) -> dict[Pose, tuple[float, float, float]]:
    """`wrists`, with the knuckles where the wrists are."""
    places = wrists(x, y, z, middle_x)
    return places | {Pose.LEFT_INDEX: places[Pose.LEFT_WRIST], Pose.RIGHT_INDEX: places[Pose.RIGHT_WRIST]}


def arms(elbow: tuple[float, float], wrist: tuple[float, float]) -> dict[Pose, tuple[float, float, float]]:
    """Both arms alike; the wrists before the body, with negative x past the middle."""
    sides = {Pose.LEFT_ELBOW: 1, Pose.RIGHT_ELBOW: -1}
    places = {joint: (side * elbow[0], elbow[1], 0.05) for joint, side in sides.items()}
    return places | wrists(wrist[0], wrist[1], 0.2)


FOLDED = arms((0.22, 0.22), (-0.15, 0.3))
ON_HIPS = arms((0.40, 0.28), (0.15, 0.05))
BENT_AND_STRAIGHT = Figure(left=Leg(80.0, -10.0))
STRAIGHT_DOWN = Figure(knee_gap_sw=HIPS_M / SHOULDERS_M, ankle_gap_sw=HIPS_M / SHOULDERS_M)
SPLAYED = replace(STRAIGHT_DOWN, ankle_gap_sw=2 * (HIPS_M / 2 + SHIN_M * np.tan(np.radians(15))) / SHOULDERS_M)
CROUCH_STEP = (THIGH_M * np.cos(np.radians(10)) - THIGH_M * np.cos(np.radians(55)) + SHIN_M * np.sin(np.radians(80))) / SHIN_M
CROSSED = Figure(left=Leg(0.0, 60.0, foot_pitch_deg=30.0), right=Leg(0.0, 0.0, foot_pitch_deg=5.0))
THIGH_HEIGHT = THIGH_M / 2 * np.sin(np.radians(25))


@dataclass(frozen=True)
class Case:
    """A measure, the figure it is taken of, and what it was built with."""

    measure: str
    figure: Figure
    value: float


def cases() -> dict[str, Case]:
    return {
        "left shoulder higher": Case("shoulder_tilt_deg", Figure(shoulder_tilt_deg=20), 20),
        "right shoulder higher": Case("shoulder_tilt_deg", Figure(shoulder_tilt_deg=-7), -7),
        "left shoulder higher, from behind": Case("shoulder_tilt_deg", Figure(shoulder_tilt_deg=20, turn_deg=BACK), 20),
        "forward lean": Case("trunk_lean_forward_deg", Figure(lean_forward_deg=20, turn_deg=LEFT), 20 - TRUNK_LEAN_BIAS_DEG),
        "backward lean": Case("trunk_lean_forward_deg", Figure(lean_forward_deg=-9, turn_deg=RIGHT), -9 - TRUNK_LEAN_BIAS_DEG),
        "lean to the left": Case("trunk_lean_left_deg", Figure(lean_left_deg=20), 20),
        "lean to the right": Case("trunk_lean_left_deg", Figure(lean_left_deg=-6), -6),
        "lean to the left, from behind": Case("trunk_lean_left_deg", Figure(lean_left_deg=20, turn_deg=BACK), 20),
        "neck forward": Case("neck_forward_deg", Figure(neck_forward_deg=20, turn_deg=LEFT), 20),
        "neck back": Case("neck_forward_deg", Figure(neck_forward_deg=-5, turn_deg=RIGHT), -5),
        "arms out": Case("upper_arm_out_deg", Figure(arm_out_deg=25), 25),
        "arms out, from behind": Case("upper_arm_out_deg", Figure(arm_out_deg=25, turn_deg=BACK), 25),
        "arms forward": Case("upper_arm_out_deg", Figure(arm_out_deg=30, is_arm_sideways=False, turn_deg=LEFT), 30),
        "elbows bent": Case("elbow_min_deg", Figure(elbow_deg=120), 120),
        "elbows bent forward": Case("elbow_min_deg", Figure(elbow_deg=100, is_arm_sideways=False, turn_deg=RIGHT), 100),
        "wrists apart": Case("wrists_apart_sw", Figure(at=wrists(0.09, 0.1, 0.15)), 0.18 / SHOULDERS_M),
        "wrists beside the middle": Case("wrists_off_midline_sw", Figure(at=wrists(0.05, 0.1, 0.1, middle_x=0.09)), 0.09 / SHOULDERS_M),
        "wrists at the belly": Case("wrists_below_shoulders_tl", Figure(at=wrists(0.05, 0.1, 0.15)), 0.8),
        "wrists under the hips": Case("wrists_below_shoulders_tl", Figure(at=wrists(0.2, -0.1, 0.0)), 1.2),
        "hands behind": Case("wrists_behind_hips_tl", Figure(at=wrists(0.05, 0.1, -0.15), turn_deg=LEFT), 0.3),
        "hands before": Case("wrists_behind_hips_tl", Figure(at=wrists(0.05, 0.1, 0.2), turn_deg=RIGHT), -0.4),
        "hands in the small of the back": Case("wrists_behind_hips_tl", Figure(at=wrists(0.05, 0.1, -0.15), turn_deg=BACK), 0.2),
        "hands hanging": Case("wrists_in_front", Figure(at=wrists(0.25, -0.1, 0.0)), 1),
        "hands joined before the belly": Case("wrists_in_front", Figure(at=wrists(0.05, 0.1, 0.15)), 1),
        "hands guessed at the hips": Case("wrists_in_front", Figure(at=wrists(0.12, 0.0, -0.1)), 0),
        "arms folded": Case("arms_folded", Figure(at=FOLDED), 1),
        "arms hanging, not folded": Case("arms_folded", STANDING, 0),
        "hands joined before the belly, not folded": Case("arms_folded", Figure(at=arms((0.22, 0.22), (0.03, 0.1))), 0),
        "hands on the hips": Case("hands_on_hips", Figure(at=ON_HIPS), 1),
        "arms hanging, not on the hips": Case("hands_on_hips", STANDING, 0),
        "hands together on the left thigh": Case(
            "hands_in_lap_sw", replace(SITTING, at=hands(0.02, -THIGH_HEIGHT, 0.2, middle_x=0.105)), 0.04 / SHOULDERS_M
        ),
        "hands before the belly, not in the lap": Case(
            "hands_in_lap_sw", replace(SITTING, at=hands(0.02, 0.2, 0.2)), np.hypot(0.12, 0.2) / SHOULDERS_M
        ),
        "wrists together in folded arms, not the hands": Case(
            "hands_in_lap_sw",
            replace(SITTING, at=wrists(0.0, 0.0, 0.2) | {Pose.LEFT_INDEX: (-0.12, 0.0, 0.2), Pose.RIGHT_INDEX: (0.12, 0.0, 0.2)}),
            0.24 / SHOULDERS_M,
        ),
        "knees side by side though one is lower": Case("knee_gap_sw", CROUCHING, 0.4),
        "near hand on the desk": Case("hands_on_desk_tl", replace(SITTING, at=wrists(0.18, 0.15, 0.3), turn_deg=LEFT), 0.3),
        "lower hand": Case("hands_on_desk_tl", replace(SITTING, at={WRISTS[0]: (0.2, 0.15, 0.3), WRISTS[1]: (-0.2, 0.05, 0.3)}), 0.1),
        "bent left knee from the left": Case("knee_angle_deg", BENT_AND_STRAIGHT.seen_from(LEFT), 160),
        "straight right knee from the right": Case("knee_angle_deg", BENT_AND_STRAIGHT.seen_from(RIGHT), 180),
        "straight knees from the front": Case("knee_angle_deg", STRAIGHT_DOWN, 180),
        "knock knees": Case("knee_angle_deg", SPLAYED, 165),
        "knees apart": Case("knee_gap_sw", Figure(knee_gap_sw=0.55), 0.55),
        "ankles apart": Case("ankle_gap_sw", Figure(ankle_gap_sw=0.7), 0.7),
        "ankles apart, from behind": Case("ankle_gap_sw", Figure(ankle_gap_sw=0.7, turn_deg=BACK), 0.7),
        "toes in a V": Case("toe_v_deg", Figure(toe_v_deg=50), 50),
        "toes inwards": Case("toe_v_deg", Figure(toe_v_deg=-20), -20),
        "toes in a V, from behind": Case("toe_v_deg", Figure(toe_v_deg=50, turn_deg=BACK), 50),
        "weight on the left": Case("centre_offset_sw", Figure(lean_left_deg=10), TRUNK_M / 2 * np.sin(np.radians(10)) / SHOULDERS_M),
        "weight on the right, from behind": Case(
            "centre_offset_sw", Figure(lean_left_deg=-10, turn_deg=BACK), -TRUNK_M / 2 * np.sin(np.radians(10)) / SHOULDERS_M
        ),
        "shin forward": Case("shin_lean_deg", Figure(left=Leg(10, 12), right=Leg(10, 40), turn_deg=LEFT), 12),
        "shin back": Case("shin_lean_deg", Figure(left=Leg(10, 12), right=Leg(10, -15), turn_deg=RIGHT), 15),
        "seated knee": Case("seated_knee_deg", Figure(left=Leg(10, 5), right=Leg(10, 40), turn_deg=LEFT), 105),
        "shins slanted to the left": Case("shanks_slant_deg", Figure(left=Leg(25, 0, 20), right=Leg(25, 0, 30)), 20),
        "shins slanted apart": Case("shanks_slant_deg", Figure(left=Leg(25, 0, 20), right=Leg(25, 0, -20)), 0),
        "seated feet apart": Case("ankle_gap_sw", replace(SITTING, ankle_gap_sw=0.6), 0.6),
        "left foot in front": Case("foot_stagger_shank", CROUCHING.seen_from(LEFT), CROUCH_STEP),
        "left foot in front, from an angle": Case("foot_stagger_shank", CROUCHING.seen_from(ANGLED), CROUCH_STEP),
        "front foot flat": Case("front_foot_pitch_deg", CROUCHING.seen_from(LEFT), 0),
        "front heel up": Case("front_foot_pitch_deg", replace(CROUCHING, left=Leg(-10, 0, 0, 15), turn_deg=RIGHT), 15),
        "front shin forward": Case("front_shin_lean_deg", replace(CROUCHING, left=Leg(-10, 12), turn_deg=LEFT), 12),
        "front shin back": Case("front_shin_lean_deg", replace(CROUCHING, left=Leg(-10, -18), turn_deg=RIGHT), 18),
        "rear heel up": Case("rear_heel_pitch_deg", CROUCHING.seen_from(LEFT), 50),
        "rear heel up, from the other side": Case("rear_heel_pitch_deg", CROUCHING.seen_from(RIGHT), 50),
        "hips below the knee": Case("hips_below_knee_tl", CROUCHING.seen_from(LEFT), THIGH_M * np.sin(np.radians(10)) / TRUNK_M),
        "hips above the knee": Case("hips_below_knee_tl", STANDING.seen_from(LEFT), -THIGH_M / TRUNK_M),
        "toes of the upper foot down": Case("crossed_foot_down_deg", CROSSED.seen_from(LEFT), 30),
        "feet in step": Case("foot_stagger_shank", STANDING.seen_from(LEFT), 0),
    }


CASES = cases()


def taken(measure: str, figure: Figure, shot: Shot = PLAIN) -> Series:
    return take(measure, observe(still(figure, 1.0, shot)))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_measure_recovers(case: Case) -> None:
    series = taken(case.measure, case.figure)
    assert series.reason.tolist() == [Reason.NONE] * 10
    assert series.value == pytest.approx(np.full(10, case.value), abs=0.02)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_mirror_image_of(case: Case) -> None:
    expected = -case.value if case.measure in FLIPPED else case.value
    assert taken(case.measure, mirrored(case.figure)).value == pytest.approx(np.full(10, expected), abs=0.02)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_far_away_and_elsewhere_in_the_picture(case: Case) -> None:
    far = replace(case.figure, px_per_m=90.0, offset_px=(230.0, -60.0))
    assert taken(case.measure, far).value == pytest.approx(np.full(10, case.value), abs=0.02)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_pixel_of_noise_does_no_harm_to(case: Case) -> None:
    series = take(case.measure, observe(still(case.figure, 6.0, Shot(noise_px=1.0))))
    unit = MEASURES[case.measure].unit
    assert float(np.nanmedian(series.value)) == pytest.approx(case.value, abs={"deg": 3.0}.get(unit, 0.05))


@pytest.mark.parametrize("clip", ["stand_shoulder_tilt_m5_front_13", "crouch_rear_heel_down_f4_side_99", "smile_ok_f6_front_109"])
def test_measures_taken_together_are_those_taken_one_by_one(clip: str) -> None:
    body, names = observe(Motion.of(unpack(FOLDER / f"{clip}.npz"))), tuple(MEASURES)
    together = take_all(names, body)
    for name, value, reason in zip(names, together.value, together.reason, strict=True):
        alone = take(name, body)
        assert np.array_equal(value, alone.value, equal_nan=True), name
        assert np.array_equal(reason, alone.reason), name


def test_every_measure_of_the_body_has_a_case() -> None:
    of_the_body = {name for name, spec in MEASURES.items() if spec.function.__module__.endswith((".upper_body", ".legs"))}
    assert of_the_body == {case.measure for case in CASES.values()} | {"seat_descent_s"}


def test_a_measure_says_what_it_is() -> None:
    for name, spec in MEASURES.items():
        assert spec.name == name
        assert spec.about.endswith("."), name
        assert spec.unit in {"deg", "sw", "tl", "shin", "s", "per_min", "share", ""}, name
        assert not name.endswith(("_deg", "_sw", "_tl", "_s")) or name.endswith(f"_{spec.unit}"), name


# --- gates ------------------------------------------------------------------------------------------------------------------------------


def reasons(measure: str, figure: Figure, shot: Shot = PLAIN) -> set[Reason]:
    series = taken(measure, figure, shot)
    assert np.isnan(series.value[series.reason != Reason.NONE]).all()
    return {Reason(int(code)) for code in series.reason}


ONE_CASE = {case.measure: case for case in reversed(CASES.values())}
WITH_LEGS = [name for name in ONE_CASE if MEASURES[name].legs]


@pytest.mark.parametrize("case", ONE_CASE.values(), ids=ONE_CASE)
def test_out_of_the_picture_is_not_visible(case: Case) -> None:
    assert reasons(case.measure, replace(case.figure, offset_px=(2000.0, 0.0))) == {Reason.NOT_VISIBLE}


@pytest.mark.parametrize("case", ONE_CASE.values(), ids=ONE_CASE)
def test_a_tiny_person_is_too_small(case: Case) -> None:
    assert reasons(case.measure, replace(case.figure, px_per_m=20.0)) == {Reason.TOO_SMALL}


@pytest.mark.parametrize("case", [ONE_CASE[name] for name in WITH_LEGS], ids=WITH_LEGS)
def test_hidden_legs_are_occluded(case: Case) -> None:
    assert reasons(case.measure, replace(case.figure, hidden=frozenset(LEGS))) == {Reason.OCCLUDED}


def covered(other: tuple[float, float, float]) -> Figure:
    """Seated, the right hand on the left thigh, the left one, which is hidden, somewhere."""
    left = {Pose.LEFT_WRIST: other, Pose.LEFT_INDEX: other}
    on_thigh = hands(0.0, -THIGH_HEIGHT, 0.2, middle_x=0.105)
    return replace(SITTING, at=on_thigh | left, hidden=frozenset({Pose.LEFT_WRIST}))


def test_a_hand_that_the_other_covers_is_where_it_is_guessed_beside_it() -> None:
    assert taken("hands_in_lap_sw", covered((0.135, -THIGH_HEIGHT, 0.2))).value == pytest.approx(0.03 / SHOULDERS_M, abs=0.03)
    assert reasons("hands_in_lap_sw", covered((0.4, -THIGH_HEIGHT, 0.2))) == {Reason.OCCLUDED}


def test_of_the_far_leg_on_top_nothing_is_said() -> None:
    assert reasons("crossed_foot_down_deg", CROSSED.seen_from(RIGHT)) == {Reason.NOT_APPLICABLE}


def test_feet_without_knees_are_occluded() -> None:
    knees = frozenset({Pose.LEFT_KNEE, Pose.RIGHT_KNEE})
    assert reasons("ankle_gap_sw", replace(STANDING, hidden=knees)) == {Reason.OCCLUDED}


@pytest.mark.parametrize("measure", ["ankle_gap_sw", "centre_offset_sw"])
@pytest.mark.parametrize(("down_px", "expected"), [(90.0, Reason.NONE), (105.0, Reason.NOT_VISIBLE)], ids=["whole feet", "feet cut off"])
def test_where_feet_stand_is_not_told_of_feet_cut_by_the_edge(measure: str, down_px: float, expected: Reason) -> None:
    assert reasons(measure, replace(STANDING, offset_px=(0.0, down_px))) == {expected}


@pytest.mark.parametrize(
    ("measure", "turn", "hidden", "expected"),
    [
        pytest.param("shoulder_tilt_deg", 0, Pose.RIGHT_SHOULDER, Reason.OCCLUDED, id="a tilt needs both shoulders"),
        pytest.param("knee_angle_deg", LEFT, Pose.RIGHT_KNEE, Reason.NONE, id="from the left the right knee may be hidden"),
        pytest.param("knee_angle_deg", LEFT, Pose.LEFT_KNEE, Reason.OCCLUDED, id="from the left the left knee may not"),
        pytest.param("knee_angle_deg", RIGHT, Pose.RIGHT_KNEE, Reason.OCCLUDED, id="from the right the right knee may not"),
        pytest.param("trunk_lean_forward_deg", LEFT, Pose.RIGHT_HIP, Reason.NONE, id="from the left the right hip may be hidden"),
        pytest.param("rear_heel_pitch_deg", LEFT, Pose.RIGHT_HEEL, Reason.OCCLUDED, id="the rear foot must be half seen"),
        pytest.param("rear_heel_pitch_deg", LEFT, Pose.LEFT_HEEL, Reason.NONE, id="the rear foot does not need the front one"),
        pytest.param("front_foot_pitch_deg", LEFT, Pose.LEFT_FOOT_INDEX, Reason.OCCLUDED, id="the front foot must be half seen"),
        pytest.param("front_foot_pitch_deg", LEFT, Pose.RIGHT_FOOT_INDEX, Reason.NONE, id="the front foot does not need the rear one"),
    ],
)
def test_which_joints_are_needed(measure: str, turn: float, hidden: Pose, expected: Reason) -> None:
    assert reasons(measure, replace(CROUCHING, turn_deg=turn, hidden=frozenset({hidden}))) == {expected}


@pytest.mark.parametrize("turn", [LEFT, RIGHT])
def test_a_foot_that_is_not_crossed_has_no_angle(turn: float) -> None:
    assert reasons("crossed_foot_down_deg", SITTING.seen_from(turn)) == {Reason.NOT_APPLICABLE}


def test_hands_before_the_chest_may_or_may_not_be_folded() -> None:
    gesture = Figure(at=arms((0.22, 0.22), (0.03, 0.3)))
    assert reasons("arms_folded", gesture) == {Reason.NOT_VISIBLE}


def test_nobody_has_no_measure() -> None:
    body = observe(motion_of([None] * 5))
    for name in MEASURES:
        series = take(name, body)
        assert np.isnan(series.value).all(), name
        assert (series.reason != Reason.NONE).all(), name


def test_no_frames_give_no_values() -> None:
    body = observe(motion_of([]))
    assert {name: len(take(name, body).value) for name in MEASURES} == dict.fromkeys(MEASURES, 0)


def test_an_unknown_measure_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        take("shoulder_tlit_deg", observe(still(STANDING)))


# --- sitting down -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0.6, 1.0, 2.0])
@pytest.mark.parametrize("fps", [10, 25])
def test_the_time_of_sitting_down_is_recovered_at_every_frame_after_it(seconds: float, fps: float) -> None:
    series = take("seat_descent_s", observe(sitting_down(seconds, shot=Shot(fps=fps))))
    seated = np.isfinite(series.value)
    assert seated[-round(2.5 * fps) :].all()
    assert not seated[: round(3.0 * fps)].any()
    assert series.value[-1] == pytest.approx(0.9 * seconds, abs=0.05)


def test_someone_who_leaves_the_picture_right_after_sitting_down_has_no_time_of_zero() -> None:
    motion = sitting_down(1.0, after_s=0.6)
    nobody = motion_of([None] * 20)
    body = observe(Motion.join([motion, replace(nobody, t_ms=nobody.t_ms + motion.t_ms[-1] + 100)]))
    values = take("seat_descent_s", body).value
    assert (values[np.isfinite(values)] > 0.8).all()


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([(STANDING, 6)], id="who stands throughout"),
        pytest.param([(SITTING, 6)], id="who sits throughout"),
        pytest.param([(SITTING, 3), (STANDING, 3)], id="who stands up"),
    ],
)
def test_who_never_sat_down(parts: list[tuple[Figure | None, float]]) -> None:
    series = take("seat_descent_s", observe(moving(parts)))
    assert set(series.reason.tolist()) == {Reason.NOT_APPLICABLE}


# --- faces ------------------------------------------------------------------------------------------------------------------------------


def of_face(measure: str, row: Array, neutral: Neutral | None = None) -> float:
    value: float = take(measure, observe(still(STANDING, 1.0, Shot(face=row)), neutral)).value[0]
    return value


def test_a_nod_is_measured_from_a_level_head_of_the_population() -> None:
    assert of_face("head_pitch_down_deg", face(pitch_down_deg=9.0, head_pitch_deg=20.0)) == 20


def test_a_nod_is_measured_from_the_persons_own_neutral() -> None:
    neutral = Neutral.of(np.stack([NO_FACE, *(face(pitch_down_deg=pitch) for pitch in (6, 7, 30))]))
    assert neutral.head_pitch_down_deg == 7
    assert of_face("head_pitch_down_deg", face(pitch_down_deg=7 + 20 * PITCH_GAIN), neutral) == pytest.approx(20)
    assert of_face("head_pitch_down_deg", face(pitch_down_deg=7), neutral) == pytest.approx(0)


@pytest.mark.parametrize("row", [face(yaw_left_deg=50.0), face(yaw_left_deg=-50.0), face(head_pitch_deg=70.0)])
def test_a_face_turned_too_far_has_no_pitch(row: Array) -> None:
    assert reasons("head_pitch_down_deg", STANDING, Shot(face=row)) == {Reason.NOT_VISIBLE}


@pytest.mark.parametrize("roll", [-20.0, 5.0])
def test_a_tipped_head(roll: float) -> None:
    assert of_face("head_roll_deg", face(roll_deg=roll)) == roll
    assert of_face("face_away_deg", face(yaw_left_deg=17.0, roll_deg=roll)) == pytest.approx(17.0)


def test_a_neutral_serves_only_what_it_knows() -> None:
    nothing, whole = Neutral.of(np.stack([NO_FACE])), Neutral.of(np.stack([face()]))
    assert not nothing.serves("head_pitch_down_deg")
    assert not nothing.serves("smile_strength")
    assert [whole.serves(name) for name in ("head_pitch_down_deg", "smile_eyes", "smile_held_share")] == [True] * 3
    assert not whole.serves("shoulder_tilt_deg")
    assert whole.face_shape == tuple(face()[SHAPE_COLUMNS])


@pytest.mark.parametrize("measure", ["head_pitch_down_deg", "head_roll_deg", "face_away_deg", "smile_strength"])
def test_faces_have_a_least_size(measure: str) -> None:
    least = MEASURES[measure].eye_gap_px
    assert reasons(measure, STANDING, Shot(face=face(least - 0.1))) == {Reason.TOO_SMALL}
    assert reasons(measure, STANDING, Shot(face=face(least))) == {Reason.NONE}
    assert reasons(measure, STANDING, Shot(face=NO_FACE)) == {Reason.NOT_VISIBLE}


def test_a_face_is_judged_when_the_body_is_out_of_sight() -> None:
    nobody = motion_of([None] * 10)
    body = observe(replace(nobody, face=np.stack([face(roll_deg=8)] * 10)))
    assert take("head_roll_deg", body).value.tolist() == [8] * 10


@pytest.mark.parametrize("measure", ["smile_eyes", "smile_asymmetry"])
def test_what_belongs_to_a_smile_is_not_asked_of_a_neutral_face(measure: str) -> None:
    assert reasons(measure, STANDING) == {Reason.NOT_APPLICABLE}
    assert reasons(measure, STANDING, Shot(face=face(shape=SMILING))) == {Reason.NONE}


def test_a_lopsided_smile_is_the_same_either_way() -> None:
    left = (SMILING[0], SMILING[1] / 2, *SMILING[2:])
    right = (SMILING[0] / 2, SMILING[1], *SMILING[2:])
    values = [of_face("smile_asymmetry", face(shape=shape)) for shape in (SMILING, left, right)]
    assert values[0] < 0.1 < 0.4 < values[1]
    assert values[1] == pytest.approx(values[2], abs=0.08)


def shares(measure: str, rows: list[Array], fps: float = 10.0) -> Series:
    motion = motion_of([STANDING] * len(rows), Shot(fps=fps))
    return take(measure, observe(replace(motion, face=np.stack(rows))))


@pytest.mark.parametrize("fps", [5, 10, 30])
def test_the_share_of_smiling_counts_the_time_with_a_face(fps: int) -> None:
    rows = [face(shape=SMILING)] * (3 * fps) + [face()] * (2 * fps) + [NO_FACE] * (5 * fps)
    series = shares("smile_held_share", rows, fps)
    assert series.value[: 5 * fps] == pytest.approx(np.full(5 * fps, 0.6))
    assert np.isnan(series.value[5 * fps :]).all()


@pytest.mark.parametrize(("measure", "least_s"), [("smile_held_share", 3), ("facing_share", 30)])
def test_shares_need_time(measure: str, least_s: int) -> None:
    rows = [face(shape=SMILING)] * (least_s * 10)
    assert set(shares(measure, rows).value.tolist()) == {1.0}
    assert set(shares(measure, rows[1:]).reason.tolist()) == {Reason.TOO_SHORT}


def test_a_share_of_faces_too_small_to_tell_is_not_called_too_short() -> None:
    assert set(shares("smile_held_share", [face(20.0, SMILING)] * 40).reason.tolist()) == {Reason.TOO_SMALL}


def test_the_share_of_facing_counts_turned_faces_against() -> None:
    rows = [face(yaw_left_deg=10.0)] * 200 + [face(yaw_left_deg=20.0)] * 200
    assert shares("facing_share", rows).value == pytest.approx(np.full(400, 0.5))
