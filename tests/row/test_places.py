"""Places in a row: who has one, whose number it is, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.landmarks import MIRROR_PARTNER
from posecoach.body.records import Landmarks
from posecoach.row.places import Place, RowPlaces, Sighting, Status, clear
from tests.row_people import head_only, sighting

STEP_MS = 100.0
Path = Callable[[float], "float | None"]


def stands(x: float) -> Path:
    return lambda _t_ms: x


def watch(paths: Mapping[int, Path], seconds: float, row: RowPlaces | None = None, since_ms: float = 0.0) -> RowPlaces:
    """A row in which everybody is where their path says; None is not seen."""
    row = row or RowPlaces()
    for i in range(round(seconds * 1000 / STEP_MS)):
        t_ms = since_ms + i * STEP_MS
        at = {key: path(t_ms) for key, path in paths.items()}
        row.update(t_ms, [sighting(key, x, t_ms) for key, x in at.items() if x is not None])
    return row


def ids(row: RowPlaces) -> dict[int, int | None]:
    return {place.id: place.sighting.key if place.sighting else None for place in row.places()}


def test_numbers_run_from_left_to_right_whoever_was_found_first() -> None:
    assert ids(watch({7: stands(1500), 2: stands(300), 5: stands(900)}, 2)) == {1: 2, 2: 5, 3: 7}


def test_nobody_has_a_place_before_standing_still() -> None:
    assert watch({1: stands(500)}, 1.4).places() == ()
    assert len(watch({1: stands(500)}, 1.7).places()) == 1


def test_in_a_single_picture_everybody_has_one_at_once() -> None:
    row = RowPlaces(still=True)
    row.update(0.0, [sighting(1, 500), sighting(2, 900), head_only(3, 700)])
    assert [place.status for place in row.places()] == [Status.JUDGED, Status.HIDDEN, Status.JUDGED]


def turned(key: int, x: float) -> Sighting:
    """Somebody with the back to the camera: left and right change places."""
    front = sighting(key, x)
    seen = front.landmarks
    px = seen.pose_px[list(MIRROR_PARTNER)]
    return replace(front, landmarks=Landmarks(px, seen.pose_world_m, seen.pose_visibility, seen.face_px, seen.size_wh))


def test_who_alone_turns_the_back_is_not_judged_but_a_row_from_behind_is() -> None:
    def statuses(*sightings: Sighting) -> list[Status]:
        return [status for _, status in clear(sightings)]

    assert statuses(sighting(1, 400), turned(2, 800), sighting(3, 1200)) == [Status.JUDGED, Status.TURNED, Status.JUDGED]
    assert statuses(turned(1, 400), turned(2, 800), turned(3, 1200)) == [Status.JUDGED] * 3
    assert statuses(turned(1, 400)) == [Status.JUDGED]
    assert statuses(sighting(1, 400), turned(2, 800)) == [Status.JUDGED, Status.TURNED], "half of a row is not the row"
    assert statuses(turned(1, 400), turned(2, 800), sighting(3, 1200)) == [Status.JUDGED] * 3


def statuses_among(row_people: list[Sighting], passers_by: list[Sighting]) -> list[Status]:
    """What can be done with those who have stood for 3 s when others come by."""
    row = RowPlaces()
    for t_ms in np.arange(0.0, 3000.0, STEP_MS):
        row.update(t_ms, [replace(seen, t_ms=t_ms) for seen in row_people])
    row.update(3000.0, [replace(seen, t_ms=3000.0) for seen in (*row_people, *passers_by)])
    return [place.status for place in row.places()]


def test_passers_by_do_not_tell_whether_a_row_is_seen_from_behind() -> None:
    assert statuses_among([turned(1, 900)], [sighting(2, 300), sighting(3, 1500)]) == [Status.JUDGED]
    assert statuses_among([sighting(1, 600), turned(2, 1000)], [turned(3, 200), turned(4, 1500)]) == [Status.JUDGED, Status.TURNED]


def test_a_short_clip_is_enough_for_who_stood_for_half_of_it() -> None:
    row = watch({1: stands(500)}, 1.2)
    row.finish()
    assert len(row.places()) == 1


def test_swaying_and_leaning_keep_the_number() -> None:
    def sways(x: float, way: float) -> Path:
        return lambda t_ms: x + way * 42.0 * ((t_ms // 700) % 3 - 1)

    row = RowPlaces()
    for second in range(10):
        watch({1: sways(500, 1), 2: sways(700, -1), 3: sways(900, 1)}, 1, row, second * 1000.0)
        if second >= 3:
            assert ids(row) == {1: 1, 2: 2, 3: 3}


def test_who_leaves_and_comes_back_has_the_same_number_again() -> None:
    paths: dict[int, Path] = {1: stands(500), 2: stands(900), 3: stands(1300)}
    row = watch(paths, 3)
    row = watch({**paths, 2: lambda t_ms: 900 + (t_ms - 3000) * 0.5}, 1, row, 3000)
    del paths[2]
    row = watch(paths, 3, row, 4000)
    assert ids(row) == {1: 1, 2: None, 3: 3}
    assert row.places()[1].status is Status.AWAY
    row = watch({**paths, 9: stands(880)}, 1, row, 7000)
    assert ids(row) == {1: 1, 2: 9, 3: 3}
    assert [stay.key for stay in row.places()[1].stays] == [2, 9]


def test_who_walks_off_stops_counting_while_still_followed() -> None:
    row = watch({1: stands(500), 2: stands(900)}, 3)
    row = watch({1: stands(500), 2: lambda t_ms: 900 + (t_ms - 3000) * 0.6}, 0.6, row, 3000)
    assert row.places()[1].status is Status.AWAY
    assert [sighting.key for sighting in row.bystanders()] == [2]
    stay = row.places()[1].stays[0]
    assert stay.end_ms is not None
    assert stay.end_ms < 3300


def test_one_step_aside_is_moving_and_not_judged() -> None:
    row = watch({1: stands(500)}, 3)
    row.update(3000.0, [sighting(1, 500 + 0.45 * 300, 3000.0)])
    assert row.places()[0].status is Status.MOVING


def test_places_and_records_are_told_the_same_of_everybody() -> None:
    row = watch({1: stands(500), 2: stands(900)}, 3)
    for i, away_m in enumerate((0.0, 0.2, 0.35, 0.5, 0.35, 0.1)):
        t_ms = 3000.0 + i * STEP_MS
        row.update(t_ms, [sighting(1, 500 + away_m * 300, t_ms), sighting(2, 900, t_ms)])
        expected = [Status.MOVING if away_m > 0.3 else Status.JUDGED, Status.JUDGED]
        assert [place.status for place in row.places()] == [status for _, status in row.cleared().values()] == expected


def test_who_stays_where_they_stepped_to_has_the_place_there() -> None:
    row = watch({1: stands(500), 2: stands(900)}, 3)
    row = watch({1: stands(500 + 0.45 * 300), 2: stands(900)}, 1.4, row, 3000)
    assert row.places()[0].status is Status.MOVING
    row = watch({1: stands(500 + 0.45 * 300), 2: stands(900)}, 0.4, row, 4400)
    assert row.places()[0].status is Status.JUDGED
    assert row.places()[0].x == pytest.approx(635)
    assert len(row.places()[0].stays) == 1


@pytest.mark.parametrize("speed_m_s", [0.4, 0.5, 0.8])
def test_a_step_that_is_walked_counts_as_moving_until_they_have_stood(speed_m_s: float) -> None:
    def walks(t_ms: float) -> float:
        return 500 + 300 * min(0.5, max(0.0, (t_ms - 5000) / 1000 * speed_m_s))

    row = watch({1: walks, 2: stands(900)}, 5)
    for i in range(30):
        t_ms = 5000 + i * STEP_MS
        watch({1: walks, 2: stands(900)}, STEP_MS / 1000, row, t_ms)
        place = row.places()[0]
        was_aside = abs(walks(t_ms) - 500) > 0.4 * 300
        assert place.status is Status.MOVING or not was_aside or t_ms - 5000 > 1500, t_ms
    row = watch({1: walks, 2: stands(900)}, 1.0, row, 8000)
    assert row.places()[0].status is Status.JUDGED


def test_nobody_takes_the_place_of_a_neighbour_along() -> None:
    row = watch({1: stands(500), 2: stands(650)}, 3)
    row = watch({1: stands(500 + 0.45 * 300), 2: stands(650)}, 4, row, 3000)
    assert [place.x for place in row.places()] == pytest.approx([500, 650])
    assert row.places()[0].status is Status.MOVING


def test_a_neighbour_does_not_slip_into_an_empty_place() -> None:
    row = watch({1: stands(500), 2: stands(680), 3: stands(860)}, 3)
    row = watch({1: stands(500), 3: stands(840)}, 5, row, 3000)
    assert ids(row) == {1: 1, 2: None, 3: 3}


def test_passers_by_get_no_place() -> None:
    row = watch({1: stands(500), 2: stands(900), 8: lambda t_ms: 100 + t_ms * 0.3}, 5)
    assert ids(row) == {1: 1, 2: 2}
    assert [sighting.key for sighting in row.bystanders()] == [8]


def test_somebody_small_in_the_background_gets_no_place_even_standing_still() -> None:
    row = RowPlaces()
    for i in range(30):
        t_ms = i * STEP_MS
        row.update(t_ms, [sighting(k, x, t_ms) for k, x in ((1, 300), (2, 700), (3, 1100))] + [sighting(4, 1500, t_ms, ratio=0.5)])
    assert ids(row) == {1: 1, 2: 2, 3: 3}
    assert [sighting.key for sighting in row.bystanders()] == [4]


def test_newcomers_between_others_shift_numbers_but_not_keys() -> None:
    row = watch({1: stands(400), 3: stands(1200)}, 3)
    keys = {place.sighting.key: place.key for place in row.places() if place.sighting}
    row = watch({1: stands(400), 3: stands(1200), 2: stands(800)}, 3, row, 3000)
    assert ids(row) == {1: 1, 2: 2, 3: 3}
    assert {place.sighting.key: place.key for place in row.places() if place.sighting and place.sighting.key != 2} == keys


def test_a_place_left_for_a_minute_is_given_up() -> None:
    row = watch({1: stands(400), 2: stands(900)}, 3)
    row = watch({1: stands(400)}, 64, row, 3000)
    assert ids(row) == {1: 1}


@pytest.mark.parametrize("behind", [sighting(2, 850, y=-60), head_only(2, 850)], ids=["body seen", "only the face seen"])
def test_people_one_behind_the_other_keep_numbers_and_neither_is_judged(behind: Sighting) -> None:
    row = RowPlaces()
    for i in range(30):
        t_ms = i * STEP_MS
        row.update(t_ms, [sighting(1, 800, t_ms), replace(behind, t_ms=t_ms), sighting(3, 1300, t_ms)])
    statuses = {place.sighting.key: place.status for place in row.places() if place.sighting}
    assert statuses == {1: Status.HIDDEN, 2: Status.HIDDEN, 3: Status.JUDGED}, "the pose model mixes the two bodies"


def test_shoulder_to_shoulder_is_not_too_near() -> None:
    row = watch({i: stands(400 + i * 0.42 * 300) for i in range(1, 6)}, 3)
    assert [place.status for place in row.places()] == [Status.JUDGED] * 5


@pytest.mark.parametrize(("x", "status"), [(40.0, Status.EDGE), (960.0, Status.JUDGED)])
def test_who_is_cut_by_the_edge_is_not_judged(x: float, status: Status) -> None:
    def place(row: RowPlaces) -> Place:
        return row.places()[0]

    assert place(watch({1: stands(x)}, 2)).status is status


def test_a_box_leaves_out_guessed_limbs_beyond_the_picture() -> None:
    seen: Sighting = sighting(1, 960, ratio=2.0)
    assert seen.box_xyxy[3] <= 1080 + 0.2 * 600


def test_who_was_not_looked_for_is_not_taken_for_gone() -> None:
    row = RowPlaces()
    for t_ms in range(0, 2100, 100):
        row.update(t_ms, [sighting(1, 500, t_ms), sighting(2, 900, t_ms)])
    for t_ms in range(2100, 6000, 100):
        row.update(t_ms, [sighting(1, 500, t_ms)], waiting={2})
    assert [place.status for place in row.places()] == [Status.JUDGED, Status.JUDGED]
    row.update(6100, [sighting(1, 500, 6100)])
    assert row.places()[1].status is Status.AWAY
