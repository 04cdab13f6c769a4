"""What is drawn: where, in which colour, mirrored or not, with labels beside the person; the whole of one drawing as it is stored."""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from typing import Any

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.records import Drawing, Landmarks
from posecoach.drawing.text import TextPainter
from posecoach.judging.labels import LabelSheet
from posecoach.judging.marking import passing_angles
from posecoach.judging.scene import Mark, Scene
from posecoach.judging.shapes import COLOURS, Area, Disc, Line, Shape, Words, width_em
from posecoach.judging.sketch import Look, sketch_of, visible_points
from posecoach.resources import font_path
from posecoach.vocabulary import Posture, State, Text, View
from posecoach.wording import without_aside
from tests.drawing.sketches import POINTS, SIZE, Kind, example, mark, person, stored
from tests.shipped import RULE_SETS


def scene(*marks: Mark, landmarks: Landmarks | None = None, view: View = View.FRONT) -> Scene:
    return Scene(landmarks or person(), Posture.STANDING, view, marks, None)


def shapes(*marks: Mark, landmarks: Landmarks | None = None, look: Look | None = None) -> tuple[Shape, ...]:
    return sketch_of(scene(*marks, landmarks=landmarks), look or Look()).shapes


def words(drawn: tuple[Shape, ...]) -> list[str]:
    return [shape.words for shape in drawn if isinstance(shape, Words)]


def flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for key, inner in value.items() for part in (key, *flat(inner))]
    return [part for inner in value for part in flat(inner)] if isinstance(value, list) else [value]


def test_the_drawing_is_the_stored_one() -> None:
    """What Python and the page are both held to paint; `tests.drawing.sketches` stores it anew after a wanted change."""
    told, expected = flat(example().to_dict()), flat(stored())
    numbers = [(a, b) for a, b in zip(told, expected, strict=True) if isinstance(b, int | float)]
    assert [a for a, _ in numbers] == pytest.approx([b for _, b in numbers], abs=0.11)
    assert [a for a in told if isinstance(a, str)] == [b for b in expected if isinstance(b, str)]


def test_every_colour_is_known() -> None:
    assert {shape.colour for shape in example().shapes} <= COLOURS.keys()


@pytest.mark.parametrize("kind", POINTS)
@pytest.mark.parametrize("state", [State.PASS, State.WARN, State.FAIL])
def test_every_kind_is_drawn_in_the_colour_of_its_state(kind: Kind, state: State) -> None:
    drawn = shapes(mark(kind, state, 8.0, "deg", None))
    assert state.word in {shape.colour for shape in drawn if isinstance(shape, Line)}
    assert "8.0°" in words(drawn)


@pytest.mark.parametrize("kind", ["tilt", "lean", "angle", "gap", "across", "height"])
def test_nothing_is_measured_at_hidden_points(kind: Kind) -> None:
    hidden = person(missing=tuple({joint for group in POINTS[kind] for joint in group}))
    assert words(shapes(mark(kind, State.FAIL, 8.0, "deg", (None, 3.0)), landmarks=hidden)) == []


def test_doubtful_and_far_points_count_as_hidden() -> None:
    seen = person()
    visibility = np.ones(33)
    visibility[Pose.LEFT_ANKLE] = 0.2
    px = seen.pose_px.copy()
    px[Pose.RIGHT_ANKLE] = (300, 900)
    points = visible_points(px, visibility, SIZE)
    assert np.isnan(points[[Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE]]).all()
    assert np.isfinite(points[Pose.LEFT_HIP]).all()


def test_nobody_is_drawn_as_nothing() -> None:
    assert shapes(mark("tilt", State.FAIL, 8.0, "deg", None), landmarks=Landmarks.absent(SIZE)) == ()


def test_at_most_three_clauses_are_drawn_in_place_and_the_worst_come_first() -> None:
    passing = [mark(kind, State.PASS, 1.0, "deg", None) for kind in ("tilt", "lean", "angle", "gap")]
    failing = mark("height", State.FAIL, 2.0, "deg", None)
    assert words(shapes(*passing, failing)).count("2.0°") == 1
    assert words(shapes(*passing, failing)).count("1.0°") == 0
    assert words(shapes(*passing)).count("1.0°") == 3


@pytest.mark.parametrize(("value", "inside"), [(8.0, False), (3.0, True), (-2.0, True)])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_band_holds_the_drawn_line_exactly_when_it_holds_the_value(value: float, inside: bool, is_mirrored: bool) -> None:
    """A trunk drawn straight up whose value is corrected by the model's bias: the band moves, not the line."""
    lean = Mark(Text("腰", "Back"), State.PASS, value, "deg", (-3.0, 5.0), Drawing("lean", POINTS["lean"], 4.0), None)
    ((low, high),) = passing_angles(sheet(View.SIDE_RIGHT, is_mirrored), lean, 0.0, 60.0)
    assert (min(low, high) <= 0.0 <= max(low, high)) is inside


def sheet(view: View = View.FRONT, is_mirrored: bool = False) -> LabelSheet:
    found = person((200, 200))
    points = visible_points(found.pose_px, found.pose_visibility, found.size_wh)
    return LabelSheet((200, 200), (0.0, 0.0, 200.0, 200.0), 2.0, 14, "zh", view, is_mirrored, points, np.zeros((0, 2)))


def test_mirrored_everything_but_the_words_lies_on_the_other_side() -> None:
    """What is measured lies at the mirrored place; no words are turned over, they only stand elsewhere."""
    plain, mirrored = example(), example(is_mirrored=True)
    discs = [[shape for shape in sketch.shapes if isinstance(shape, Disc) and shape.colour == "white"] for sketch in (plain, mirrored)]
    assert [(SIZE[0] - disc.centre[0], disc.centre[1]) for disc in discs[0]] == [disc.centre for disc in discs[1]]
    assert words(plain.shapes) == words(mirrored.shapes)
    assert plain != mirrored


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("value", [0.02, 0.4])
def test_where_an_offset_may_lie_does_not_depend_on_how_much_it_is_off(value: float, is_mirrored: bool) -> None:
    """Near zero the drawing cannot tell which way values grow: positive ones are to the picture's right until it is mirrored."""
    landmarks = person()
    px = landmarks.pose_px.copy()
    px[[Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE], 0] += 320 - px[[Pose.LEFT_ANKLE, Pose.RIGHT_ANKLE], 0].mean()
    middle = px[[11, 12, 23, 24], 0].mean()
    px[[11, 12, 23, 24], 0] += 320 + 100 * value - middle
    drawn = shapes(mark("across", State.FAIL, value, "sw", (0.0, 0.8)), landmarks=replace(landmarks, pose_px=px), look=Look(is_mirrored))
    band = next(shape for shape in drawn if isinstance(shape, Area) and shape.colour == "pass")
    reach = max((x for x, _ in band.points), key=lambda x: abs(x - 320)) - 320
    assert (reach < 0) is is_mirrored
    assert abs(reach) == pytest.approx(80, abs=3)


def test_labels_do_not_cover_the_face_or_each_other() -> None:
    drawn = sketch_of(scene(*[mark(kind, State.FAIL, 8.0, "deg", (None, 3.0)) for kind in ("tilt", "lean", "gap")]), Look())
    boxes = [shape.points for shape in drawn.shapes if isinstance(shape, Area) and shape.colour == "ink"]
    edges = [(min(x for x, _ in box), min(y for _, y in box), max(x for x, _ in box), max(y for _, y in box)) for box in boxes]
    assert len(edges) == 3
    taken = [*edges, (310.0, 72.0, 330.0, 80.0)]
    apart = [a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1] for i, a in enumerate(taken) for b in taken[i + 1 :]]
    assert all(apart)
    assert all(left >= 0 and top >= 0 and right <= SIZE[0] and bottom <= SIZE[1] for left, top, right, bottom in edges)


def test_labels_lie_in_what_is_seen_of_the_picture() -> None:
    marks = [mark(kind, State.FAIL, 8.0, "deg", (None, 3.0)) for kind in ("tilt", "lean", "gap")]
    drawn = sketch_of(scene(*marks), Look(seen=(0.25, 0.1, 0.8, 0.9)))
    plates = [shape.points for shape in drawn.shapes if isinstance(shape, Area) and shape.colour == "ink"]
    assert len(plates) == 3
    for x, y in (corner for plate in plates for corner in plate):
        assert 0.25 * SIZE[0] <= x <= 0.8 * SIZE[0]
        assert 0.1 * SIZE[1] <= y <= 0.9 * SIZE[1]


def test_with_no_room_beside_the_person_a_label_hides_no_limb_where_it_need_not() -> None:
    """As on a phone held upright."""
    narrow = sheet()
    narrow.points[:] = np.nan
    legs = {Pose.LEFT_HIP: (140, 90), Pose.RIGHT_HIP: (60, 90), Pose.LEFT_KNEE: (140, 140), Pose.RIGHT_KNEE: (60, 140)}
    for joint, place in (legs | {Pose.LEFT_ANKLE: (140, 190), Pose.RIGHT_ANKLE: (60, 190)}).items():
        narrow.points[joint] = place
    narrow.body_x = (50.0, 150.0)
    narrow.label((60.0, 140.0), mark("tilt", State.FAIL, 8.0, "deg", None))
    plate = next(shape.points for shape in narrow.shapes if isinstance(shape, Area) and shape.colour == "ink")
    assert max(y for _, y in plate) < 90


def test_a_label_with_no_free_place_is_left_out() -> None:
    full = sheet()
    full.taken.append((0.0, 0.0, 200.0, 200.0))
    full.label((100.0, 100.0), mark("tilt", State.FAIL, 8.0, "deg", None))
    assert full.shapes == []


def test_the_line_to_a_label_begins_at_the_edge_of_the_face() -> None:
    drawn = shapes(mark("head", State.FAIL, None, "", None), landmarks=person(has_face=True))
    tie = next(shape for shape in drawn if isinstance(shape, Line) and shape.colour == "white" and shape.width == 1.4)
    assert hypot(tie.points[0][0] - 320, tie.points[0][1] - 80) > 25


def test_words_are_as_high_as_asked_for() -> None:
    values = {px: shapes(mark("tilt", State.FAIL, 8.0, "deg", None), look=Look(font_px=px)) for px in (0.0, 30.0)}
    assert [next(s.size for s in drawn if isinstance(s, Words) and s.colour == "white") for drawn in values.values()] == [17.0, 30.0]


def test_no_words_of_a_label_are_wider_than_the_room_kept_for_them() -> None:
    text, size = TextPainter(font_path()), 40
    clauses = [rule.clause for rule_set in RULE_SETS.values() for rule in rule_set.rules]
    told = [without_aside(name) for clause in clauses for name in (clause.zh, clause.en)]
    told += ["8.1°", "-12.5°", "≥155°", "±3°", "-3~5.5°", "0.45 肩宽", "0.45 SW", "0.62 trunk", "0.45~1", "98%", "1.2 秒"]
    for line in told:
        assert text.width_px(line, size) <= size * width_em(line) + 1, line
