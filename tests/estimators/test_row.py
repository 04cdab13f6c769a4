"""Following everybody, with models that know where everybody is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from posecoach.body.landmarks import Pose
from posecoach.body.records import Array, Frame
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.faces import Faces
from posecoach.estimators.people import OUTREACH_M, Crowd, Head, Region, Search, SeenPeople, head_of
from posecoach.estimators.regions import SeenPerson
from posecoach.estimators.row import FACE_MARGIN, FACE_SCORE, LOST_MS, RowEstimator
from posecoach.row.places import Sighting
from tests.factories import PX_PER_M
from tests.row_people import SIZE_WH, STANDING, body_px


def mapped_picture() -> Array:
    """A BGR picture whose pixels say where they are, so that a model that sees a part of it knows which part."""
    y, x = np.mgrid[: SIZE_WH[1], : SIZE_WH[0]]
    return np.ascontiguousarray(np.stack([((x & 7) << 3) | (y & 7), y >> 3, x >> 3], -1).astype(np.uint8))


PICTURE = mapped_picture()


def corner_of(picture: Array) -> Array:
    """Where the part's top left lies in the whole picture."""
    high_x, high_y, low = (int(value) for value in picture[0, 0])
    return np.array([high_x * 8 + (low >> 3), high_y * 8 + (low & 7)])


class World:
    """People at x, those with a face, and the models that look at them."""

    def __init__(
        self,
        people: dict[str, float],
        faceless: tuple[str, ...] = (),
        bodiless: tuple[str, ...] = (),
        undetected: tuple[str, ...] = (),
    ) -> None:
        self.people = dict(people)
        self.faceless, self.bodiless, self.undetected = (*faceless, *undetected), bodiless, undetected
        self.seen_in_mesh: float | None = None
        self.score = 0.9
        self.looked: list[float] = []
        self.searches: list[str] = []
        self.closed = 0

    # the models, all in one

    @property
    def search(self) -> Search:
        return self  # type: ignore[return-value]

    @property
    def bodies(self) -> World:
        return self

    @property
    def mesh(self) -> Mesh:
        return Mesh(self.seen_in_mesh)

    def faces(self) -> Faces:
        return NoFace()  # type: ignore[return-value]

    def close(self) -> None:
        self.closed += 1

    def everywhere(self, picture: Array) -> Crowd:
        self.searches.append("everywhere")
        return Crowd(self.heads(), tuple(SeenPerson(*hips(x), OUTREACH_M * PX_PER_M) for x in self._detected()))

    def along(self, picture: Array, heads: object, *, bodies: bool = False) -> Crowd:
        self.searches.append("along, bodies" if bodies else "along")
        return Crowd(self.heads(), ())

    def _detected(self) -> list[float]:
        return [x for name, x in self.people.items() if name not in self.undetected]

    def heads(self) -> tuple[Head, ...]:
        with_face = [x for name, x in self.people.items() if name not in self.faceless]
        return tuple(head_of(body(x))._replace(score=self.score) for x in with_face)

    def find(self, picture: Array, region: Region) -> SeenPeople | None:
        corner = corner_of(picture)
        place = np.array([region.x, region.y]) + corner
        shown = [x for name, x in self.people.items() if name not in self.bodiless and corner[0] <= x <= corner[0] + picture.shape[1]]
        if not shown:
            return None
        x = min(shown, key=lambda x: float(np.linalg.norm(place - hips(x))))
        self.looked.append(x)
        if np.linalg.norm(place - hips(x)) > 0.6 * PX_PER_M:
            return None
        found, (left, top) = body(x), corner.tolist()
        at_x, at_y = hips(x)
        region = Region(at_x - left, at_y - top, 2.5 * OUTREACH_M * PX_PER_M)
        return SeenPeople(SeenBody(found.px - corner, found.world_m, found.visibility), region)


class Mesh:
    """Sees a face at a share of each crop's width, or none."""

    def __init__(self, share: float | None) -> None:
        self._share = share

    def find(self, crop: Array) -> Array | None:
        return None if self._share is None else np.tile([self._share, 0.5], (478, 1))

    def close(self) -> None:
        pass


class NoFace:
    def find(self, picture: Array, body: SeenBody, t_ms: float) -> tuple[SeenBody, None]:
        return body, None


def body(x: float) -> SeenBody:
    return SeenBody(body_px(x), STANDING.pose_world_m[0].astype(float), np.ones(33))


def hips(x: float) -> tuple[float, float]:
    place = body_px(x)[[Pose.LEFT_HIP, Pose.RIGHT_HIP]].mean(0)
    return float(place[0]), float(place[1])


def run(world: World, frames: int, act: Callable[[int], None] = lambda i: None, *, still: bool = False) -> list[tuple[Sighting, ...]]:
    estimator = RowEstimator(world, still=still)
    out = []
    for i in range(frames):
        act(i)
        out.append(estimator.estimate(Frame(PICTURE, i, 100.0 * i, "world")))
    estimator.close()
    return out


def where(sightings: tuple[Sighting, ...]) -> dict[int, int]:
    return {sighting.key: round(sighting.x) for sighting in sightings}


def test_everybody_is_found_in_the_first_frame_and_keeps_the_key() -> None:
    seen = run(World({"a": 300, "b": 700, "c": 1100, "d": 1600}), 25)
    assert sorted(where(seen[0]).values()) == [300, 700, 1100, 1600]
    assert all(where(frame) == where(seen[0]) for frame in seen)


def test_landmarks_are_in_pixels_of_the_frame() -> None:
    (found,) = run(World({"a": 700}), 1)[0]
    np.testing.assert_allclose(found.landmarks.pose_px, body_px(700), atol=0.01)
    assert found.scale_px_m == pytest.approx(PX_PER_M, rel=0.02)


def test_people_close_together_are_not_mixed_up_while_they_sway() -> None:
    world = World({"a": 600, "b": 760, "c": 920})

    def sway(i: int) -> None:
        world.people = {name: x + 25 * np.sin(0.5 * i + k) for k, (name, x) in enumerate({"a": 600, "b": 760, "c": 920}.items())}

    for frame in run(world, 40, sway):
        assert len(frame) == 3
        order = sorted(where(frame).items(), key=lambda item: item[1])
        assert [key for key, _ in order] == sorted(key for key, _ in order)


def test_somebody_without_a_face_is_found_by_the_body() -> None:
    seen = run(World({"a": 400, "b": 1200}, faceless=("b",)), 3)
    assert sorted(where(seen[-1]).values()) == [400, 1200]


@pytest.mark.parametrize(
    "people",
    [
        pytest.param({"a": 400, "b": 620, "x": 840, "c": 1060, "d": 1280}, id="in the row"),
        pytest.param({"a": 400, "b": 620, "c": 840, "x": 1060}, id="at the end"),
    ],
)
def test_somebody_turned_away_whom_nothing_detects_is_found_where_the_row_has_room(people: dict[str, float]) -> None:
    seen = run(World(people, undetected=("x",)), 1, still=True)[0]
    assert sorted(where(seen).values()) == sorted(people.values())
    seen = run(World(people, undetected=("x",)), 12)[-1]
    assert sorted(where(seen).values()) == sorted(people.values())


def test_two_beside_each_other_whom_nothing_detects_are_both_found() -> None:
    people: dict[str, float] = {"a": 300, "b": 520, "x": 740, "y": 960, "c": 1180}
    assert sorted(where(run(World(people, undetected=("x", "y")), 1, still=True)[0]).values()) == sorted(people.values())


def test_in_a_film_one_place_is_looked_at_in_a_frame() -> None:
    world = World({"a": 300, "b": 520, "x": 1250, "c": 1470}, undetected=("x",))
    seen = run(world, 40)
    first = next(i for i, frame in enumerate(seen) if 1250 in where(frame).values())
    assert 2 < first < 15
    assert sorted(where(seen[-1]).values()) == [300, 520, 1250, 1470]


def test_what_lies_elsewhere_each_time_it_is_asked_for_is_no_body() -> None:
    class Furniture(World):
        def find(self, picture: Array, region: Region) -> SeenPeople | None:
            found = super().find(picture, region)
            if found is None and corner_of(picture)[0] + region.x > 900:
                at = body(region.x)
                found = SeenPeople(at, Region(*at.hips, 2.5 * OUTREACH_M * PX_PER_M))
            return found

    seen = run(Furniture({"a": 400, "b": 620}), 1, still=True)[0]
    assert sorted(where(seen).values()) == [400, 620]


def test_a_face_whose_body_is_not_seen_is_a_person_without_landmarks() -> None:
    found = run(World({"a": 400, "b": 1200}, bodiless=("b",)), 1)[0]
    assert [sighting.landmarks.has_pose for sighting in sorted(found, key=lambda s: s.x)] == [True, False]


def test_a_face_right_beside_somebodys_head_stays_a_person_of_its_own() -> None:
    seen = run(World({"a": 700, "b": 733}, bodiless=("b",)), 41)
    (key,) = {sighting.key for sighting in seen[0] if not sighting.landmarks.has_pose}
    assert [i for i, frame in enumerate(seen) if key in where(frame)] == [0, 10, 20, 30, 40]
    assert all(len(frame) <= 2 for frame in seen)


@pytest.mark.parametrize(("off_px", "people"), [(0, 2), (-33, 1)], ids=["a face of its own", "the face beside it"])
def test_a_doubtful_face_beside_somebodys_head_counts_when_the_mesh_sees_it_there(off_px: float, people: int) -> None:
    world = World({"a": 700, "b": 733}, bodiless=("b",))
    world.score = FACE_SCORE - 0.1
    world.seen_in_mesh = 0.5 + off_px / (FACE_MARGIN * world.heads()[1].side)
    assert max(map(len, run(world, 21))) == people


def test_a_newcomer_is_found_within_a_second_or_so() -> None:
    world = World({"a": 400, "b": 1600})

    def act(i: int) -> None:
        if i == 12:
            world.people["c"] = 1000

    seen = run(world, 30, act)
    assert len(seen[11]) == 2
    assert len(seen[24]) == 3


def test_who_is_gone_is_dropped_and_not_found_elsewhere() -> None:
    world = World({"a": 400, "b": 700})

    def act(i: int) -> None:
        if i == 10:
            del world.people["b"]

    seen = run(world, 60, act)
    assert [len(frame) for frame in seen[10:]] == [1] * 50


def test_who_comes_back_after_a_while_is_somebody_new_to_follow() -> None:
    world = World({"a": 400, "b": 900})

    def act(i: int) -> None:
        if i == 10:
            world.people.pop("b")
        if i == 10 + round(LOST_MS / 100) + 25:
            world.people["b"] = 900

    seen = run(world, 75, act)
    assert len(where(seen[-1])) == 2
    assert set(where(seen[-1]).values()) == {400, 900}


def test_the_whole_picture_is_searched_rarely() -> None:
    world = World({"a": 400, "b": 900})
    run(world, 150)
    assert world.searches[:3] == ["everywhere", "along, bodies", "along"]
    assert world.searches.count("everywhere") == 2
    assert world.searches.count("along") == 12


def test_without_time_for_all_everybody_has_a_turn() -> None:
    world = World({name: 200 + 220 * i for i, name in enumerate("abcdefgh")})
    estimator = RowEstimator(world)
    updates: dict[int, list[int]] = {}
    for i in range(40):
        for sighting in estimator.estimate(Frame(PICTURE, i, 100.0 * i, "world"), iter((True, False)).__next__):
            updates.setdefault(sighting.key, []).append(i)
    assert len(updates) == 8
    assert max(np.diff(frames).max() for frames in updates.values()) <= 4


def test_who_has_not_had_a_turn_for_long_is_kept_and_said_to_wait() -> None:
    world = World({"a": 300, "b": 900, "c": 1500})
    with RowEstimator(world) as estimator:
        for i, t_ms in enumerate((0.0, 100.0, 3000.0, 6000.0, 9000.0)):
            seen = estimator.estimate(Frame(PICTURE, i, t_ms, "clip"), (lambda: True) if i < 2 else (lambda: False))
            assert len(seen) == (3 if i < 2 else 1)
            assert len({sighting.key for sighting in seen} | estimator.waiting) == 3


def test_an_empty_room_is_an_empty_room() -> None:
    assert run(World({}), 12) == [()] * 12


def test_closing_frees_the_models() -> None:
    world = World({})
    with RowEstimator(world):
        pass
    assert world.closed == 1
