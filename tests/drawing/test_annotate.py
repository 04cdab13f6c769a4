"""Annotated frames: size, what is drawn where, what is left alone, and Chinese that is Chinese."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pytest

from posecoach.body.records import Landmarks
from posecoach.drawing.annotate import Annotator, Drawing, Mark, Scene, _message, annotate
from posecoach.drawing.painter import COLOURS, badge
from posecoach.drawing.text import Picture, TextPainter, face_index, text_mask
from posecoach.resources import font_path
from posecoach.vocabulary import Posture, State, Text, View
from posecoach.wording import Limits
from tests.drawing.sketches import POINTS, SIZE, Kind, person

FONT = font_path()


def mark(kind: Kind | None = "tilt", state: State = State.FAIL, limits: Limits | None = (None, 3.0), value: float | None = 8.1) -> Mark:
    drawing = None if kind is None else Drawing(kind, POINTS[kind])
    correction = Text("右肩低了，请放平", "Level your shoulders") if state is State.FAIL else None
    return Mark(Text("肩平", "Shoulders level"), state, value, "deg", limits, drawing, correction)


def scene(*marks: Mark, landmarks: Landmarks | None = None) -> Scene:
    return Scene(landmarks or person(), Posture.STANDING, View.FRONT, marks, 72.0)


def blank(size_wh: tuple[int, int] = SIZE) -> Picture:
    return np.full((size_wh[1], size_wh[0], 3), 128, np.uint8)


def drawn(result: Picture, size_wh: tuple[int, int] = SIZE) -> Picture:
    """The part of an annotated picture that held the original."""
    return result[: size_wh[1], : size_wh[0]]


def has_colour(picture: Picture, state: State) -> bool:
    return bool((picture == np.array(COLOURS[state])).all(axis=2).any())


def test_simplified_chinese_is_chosen_by_name() -> None:
    assert "CJK" not in FONT.name or face_index(FONT) > 0


@pytest.mark.parametrize("char", ["站", "肩", "脚", "…", "≤"])
def test_glyphs_are_in_the_font(char: str) -> None:
    assert not np.array_equal(text_mask(FONT, char, 32), text_mask(FONT, "\U000ffffd", 32))


def test_chinese_characters_differ_from_each_other() -> None:
    masks = [text_mask(FONT, char, 32).tobytes() for char in "站肩脚"]
    assert len(set(masks)) == 3


@pytest.mark.parametrize("words", ["47.5° ±2.1°", "-3~5°", "1.05 倍肩宽", "另有 12 项未列出", "100%"])
@pytest.mark.parametrize("size", [14, 17, 23])
def test_numbers_put_together_of_digits_look_as_if_drawn_in_one_go(words: str, size: int) -> None:
    painter, picture, mask = TextPainter(FONT), np.zeros((60, 300, 3), np.uint8), text_mask(FONT, words, size)
    assert painter.paint(picture, words, (10, 5), (size, (255, 255, 255))) == painter.width_px(words, size) == mask.shape[1]
    assert np.abs(picture[5 : 5 + mask.shape[0], 10 : 10 + mask.shape[1], 0].astype(int) - mask).max() <= 1


def test_a_new_number_of_known_digits_is_not_drawn_anew() -> None:
    painter = TextPainter(FONT)
    painter.paint(blank(), "1234567890.1°", (0, 0), (17, (255, 255, 255)))
    known = text_mask.cache_info().misses
    for number in ("47.5°", "112.3°", "9.0°"):
        painter.paint(blank(), number, (0, 0), (17, (255, 255, 255)))
    assert text_mask.cache_info().misses == known


def test_text_is_cut_at_the_edges() -> None:
    picture = blank((60, 20))
    painter = TextPainter(FONT)
    for place in ((-20, -5), (50, 10), (500, 500), (-500, 3)):
        painter.paint(picture, "站姿", place, (16, (255, 255, 255)))
    assert (picture != 128).any()


def test_text_is_shortened_and_wrapped_to_fit() -> None:
    painter = TextPainter(FONT)
    assert painter.shorten("双手合起放在腹前", 16, 80).endswith("…")
    assert painter.width_px(painter.shorten("双手合起放在腹前", 16, 80), 16) <= 80
    lines = painter.wrap("上身前倾太多，请把腰背挺直 stand tall now。", 16, 120)
    assert "".join(lines).replace(" ", "") == "上身前倾太多，请把腰背挺直standtallnow。"
    assert all(painter.width_px(line, 16) <= 130 and line[0] not in "，。" for line in lines)


@pytest.mark.parametrize("size_wh", [(640, 480), (1920, 1080), (1080, 1920), (641, 359), (1, 1), (60, 900)])
@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_output_is_even_and_keeps_every_pixel_of_an_empty_scene(size_wh: tuple[int, int], language: Literal["zh", "en", "both"]) -> None:
    annotator = Annotator(size_wh, FONT, language)
    result = annotator.annotate(blank(size_wh), Scene(Landmarks.absent(size_wh), Posture.ABSENT, View.UNKNOWN, (), None))
    assert (result.shape[1], result.shape[0]) == annotator.output_size_wh
    assert result.shape[0] % 2 == result.shape[1] % 2 == 0
    assert (drawn(result, size_wh) == 128).all()


def test_given_picture_stays_as_it_is() -> None:
    picture = blank()
    annotate(picture, scene(mark()), FONT)
    assert (picture == 128).all()


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a picture of"):
        Annotator(SIZE, FONT).annotate(blank((320, 240)), scene())


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("state", [State.PASS, State.WARN, State.FAIL])
def test_every_kind_is_drawn_in_the_colour_of_its_state(kind: Kind, state: State) -> None:
    assert has_colour(drawn(annotate(blank(), scene(mark(kind, state)), FONT)), state)


@pytest.mark.parametrize("kind", ["tilt", "lean", "angle", "gap"])
@pytest.mark.parametrize(
    ("limits", "value"),
    [((None, 8.0), 12.0), ((20.0, None), 12.0), ((-9.0, 15.0), 22.0), ((-9.0, 15.0), 0.0), ((float("-inf"), 8.0), 12.0)],
)
def test_the_passing_band_is_shaded(kind: Kind, limits: Limits, value: float) -> None:
    with_band = drawn(annotate(blank(), scene(mark(kind, State.FAIL, limits, value)), FONT)).astype(int)
    shaded = with_band[..., 1] - with_band[..., 2] >= 48
    assert shaded.sum() > 40 or (kind == "gap" and value == 0)


@pytest.mark.parametrize(("kind", "limits"), [("across", (-0.08, 0.08)), ("height", (0.45, 1.1)), ("height", (None, 0.2))])
def test_where_an_offset_may_lie_is_shaded(kind: Kind, limits: Limits) -> None:
    off = Mark(Text("居中", "Centred"), State.FAIL, 0.3, "sw", limits, Drawing(kind, POINTS[kind]), None)
    assert has_green(drawn(annotate(blank(), scene(off), FONT)))


def has_green(picture: Picture) -> bool:
    return int((picture[..., 1].astype(int) - picture[..., 2] >= 40).sum()) > 40


def test_unjudged_limbs_are_grey_and_unjudged_clauses_not_in_place() -> None:
    picture = drawn(annotate(blank(), scene(mark(state=State.UNJUDGED, value=None)), FONT))
    assert has_colour(picture, State.UNJUDGED)
    assert not any(has_colour(picture, state) for state in (State.PASS, State.WARN, State.FAIL))


def test_at_most_three_clauses_are_drawn_in_place_and_the_worst_come_first() -> None:
    passing = [mark(kind, State.PASS, None) for kind in ("lean", "angle", "head")]
    few = drawn(annotate(blank(), scene(*passing[:2], mark("gap", State.FAIL, None)), FONT))
    many = drawn(annotate(blank(), scene(*passing, mark("gap", State.FAIL, None)), FONT))
    assert np.array_equal(few, many)


def test_the_list_follows_changing_values_as_if_drawn_afresh() -> None:
    annotator = Annotator(SIZE, FONT)
    last = blank()
    for value in (8.1, 8.2, 12.0):
        last = annotator.annotate(blank(), scene(mark(value=value), mark("gap", State.WARN)))
    assert np.array_equal(last, annotate(blank(), scene(mark(value=12.0), mark("gap", State.WARN)), FONT))


def test_the_list_shows_the_plus_minus_of_a_value() -> None:
    plain, doubted = (annotate(blank(), scene(replace(mark(), error_95=half)), FONT) for half in (None, 2.5))
    assert np.array_equal(drawn(plain), drawn(doubted))
    assert not np.array_equal(plain, doubted)


def test_the_first_fault_is_told_large_below_the_picture() -> None:
    failing, passing = annotate(blank(), scene(mark()), FONT), annotate(blank(), scene(mark(state=State.PASS)), FONT)
    assert has_colour(failing[SIZE[1] :], State.FAIL)
    assert has_colour(passing[SIZE[1] :], State.PASS)
    assert not has_colour(passing[SIZE[1] :], State.FAIL)


def test_more_clauses_than_rows_are_counted() -> None:
    many = annotate(blank(), scene(*[mark(None, State.UNJUDGED)] * 60), FONT)
    assert many.shape == annotate(blank(), scene(), FONT).shape


def test_badges_differ_in_shape() -> None:
    shapes = set()
    for state in State:
        picture = np.zeros((40, 40, 3), np.uint8)
        badge(picture, (20, 20), 12, state)
        shapes.add((picture.max(axis=2) > 60).tobytes())
    assert len(shapes) == len(State)


def test_a_text_is_drawn_once_however_many_frames_show_it() -> None:
    size = (1920, 1080)
    annotator = Annotator(size, FONT)

    def show(value: float, visible: float = 1.0) -> int:
        """Draw a frame; how many texts were drawn so far."""
        marks = [mark(kind, State.FAIL, value=value) for kind in get_args(Kind)] * 3
        someone = person(size)
        someone = replace(someone, pose_px=someone.pose_px * visible)
        assert annotator.annotate(blank(size), scene(*marks, landmarks=someone)).shape == (*annotator.output_size_wh[::-1], 3)
        return text_mask.cache_info().misses

    text_mask.cache_clear()
    first = show(8.1)
    assert first > 3
    assert [show(8.1), show(8.1, 0.9)] == [first, first]
    assert 0 < show(8.2) - first <= 4, "the new value in the sizes in which it is shown"


def test_a_missing_font_says_so(tmp_path: Path) -> None:
    from posecoach.errors import EstimatorError

    with pytest.raises(EstimatorError, match=r"none\.ttc"):
        text_mask(tmp_path / "none.ttc", "站", 20)


def test_what_is_close_is_named() -> None:
    (_, text) = _message(scene(mark(state=State.WARN)))
    assert "肩平" in text.zh
    assert "Shoulders level" in text.en
