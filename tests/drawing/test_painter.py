"""Every shape of the stored drawing is painted where it says, in its colour; the page's painter is held to the same in tests/web."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.drawing.painter import bgr, paint
from posecoach.drawing.text import Picture, TextPainter
from posecoach.judging.shapes import XY, Area, Disc, Line, Shape, Words
from posecoach.resources import font_path
from tests.drawing.sketches import SIZE, example

GREY = 128
TEXT = TextPainter(font_path())


def painted(*shapes: Shape) -> Picture:
    picture = np.full((SIZE[1], SIZE[0], 3), GREY, np.uint8)
    paint(picture, shapes, TEXT)
    return picture


def place(shape: Line | Disc | Area) -> XY:
    """A point that the shape covers."""
    if isinstance(shape, Disc):
        return shape.centre
    if isinstance(shape, Area):
        return float(np.mean([x for x, _ in shape.points])), float(np.mean([y for _, y in shape.points]))
    (x, y), (to_x, to_y) = shape.points[:2]
    share = 0.5 if shape.dash is None else 0.5 * shape.dash[0] / max(np.hypot(to_x - x, to_y - y), 1e-6)
    return x + share * (to_x - x), y + share * (to_y - y)


@pytest.mark.parametrize("shape", [s for s in example().shapes if not isinstance(s, Words)], ids=lambda shape: type(shape).__name__)
def test_lines_discs_and_areas(shape: Line | Disc | Area) -> None:
    x, y = place(shape)
    opacity = shape.opacity if isinstance(shape, Area) else 1.0
    expected = opacity * np.array(bgr(shape.colour)) + (1 - opacity) * GREY
    near = painted(shape)[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2].astype(float)
    is_thin = isinstance(shape, Line) or (isinstance(shape, Disc) and shape.radius < 2)
    assert np.abs(near - expected).max(axis=2).min() <= (60 if is_thin else 3), "what is thin lies across two pixels"
    assert (painted(shape) != GREY).any(axis=2).mean() < 0.1


@pytest.mark.parametrize("shape", [shape for shape in example().shapes if isinstance(shape, Words)], ids=lambda shape: shape.words)
def test_words_stand_on_their_line_within_the_room_kept_for_them(shape: Words) -> None:
    ys, xs = np.nonzero((painted(shape) != GREY).any(axis=2))
    assert shape.at[0] - 1 <= xs.min() <= xs.max() <= shape.at[0] + shape.width + 1
    assert shape.at[1] - 1.1 * shape.size <= ys.min() <= ys.max() <= shape.at[1] + 0.35 * shape.size


def test_shapes_are_painted_one_over_the_other() -> None:
    shapes = Disc((50.0, 50.0), 20.0, "fail"), Disc((50.0, 50.0), 10.0, "pass")
    picture = painted(*shapes)
    assert picture[50, 50].tolist() == list(bgr("pass"))
    assert picture[50, 65].tolist() == list(bgr("fail"))


def test_what_lies_outside_the_picture_is_cut_off() -> None:
    far = ((-500.0, -500.0), (5000.0, -20.0), (-300.0, 9000.0))
    area = painted(Line(far, "fail", 3.0, (4.0, 2.0)), Area(far, "pass", 0.5, 1.0))
    assert (area[0, 0] != GREY).any()
    assert (painted(Disc((-50.0, 900.0), 5.0, "ink"), Words((-900.0, -20.0), "肩", 17.0, "ink", 17.0)) == GREY).all()


def test_round_corners_are_smooth() -> None:
    """The plate of a label: its corner pixels are neither the plate's colour nor the picture's."""
    plate = next(shape for shape in example().shapes if isinstance(shape, Area) and shape.colour == "ink")
    left, top = (round(min(axis)) for axis in zip(*plate.points, strict=True))
    corner = painted(plate)[top : top + 6, left : left + 6, 0]
    solid = plate.opacity * bgr("ink")[0] + (1 - plate.opacity) * GREY
    assert corner[0, 0] == GREY
    assert ((corner > solid + 8) & (corner < GREY - 8)).any()
