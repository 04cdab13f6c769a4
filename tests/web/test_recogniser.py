"""The scripts that recognise a person in the browser decide as Python does, from the same bodies and meshes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from posecoach.body.landmarks import FACE_COUNT, Face, Pose
from posecoach.body.records import Array
from posecoach.estimators import regions
from posecoach.estimators.bodies import SeenBody
from posecoach.estimators.crops import to_lab
from posecoach.estimators.faces import Faces
from posecoach.estimators.owner import Owner, looks_of
from posecoach.estimators.regions import SeenPerson
from posecoach.sources.landmark_posts import MOST_FRAMES, decode_landmarks
from tests.factories import SIZE_WH, STANDING
from tests.web.test_scripts import deno

STEP_MS = 100.0
COLOURS = np.random.default_rng(3).integers(0, 256, (50, 3), np.uint8)
FRAMES = 40


class Model:
    """Finds the same mesh in every square where there is one to see."""

    def __init__(self, mesh: Array) -> None:
        self._mesh = mesh
        self.sees = False

    def find(self, crop: Array) -> Array | None:
        return self._mesh if self.sees and crop.any() else None

    def close(self) -> None:
        pass


def bodies() -> list[SeenBody | None]:
    """Somebody who sways further and further, is gone for a while, and comes so near that the head fills the picture."""
    found: list[SeenBody | None] = []
    head = regions.head_centre(STANDING.pose_px())
    for i in range(FRAMES):
        scale = 1.0 if i < 30 else 5.0
        px = (STANDING.pose_px() - head) * scale + head + (2.0 * i, 0.37 * i)
        found.append(None if 18 <= i < 22 else SeenBody(px, STANDING.camera_m(), STANDING.visibility()))
    return found


def mesh_for(body: SeenBody) -> Array:
    """A mesh in shares of the head's square, with its eyes where the body has its own."""
    square = regions.head_square(body.px, body.scale)
    points = np.random.default_rng(5).uniform(0.3, 0.7, (FACE_COUNT, 2))
    for corners, eye in (
        ((Face.LEFT_EYE_OUTER, Face.LEFT_EYE_INNER), Pose.LEFT_EYE),
        ((Face.RIGHT_EYE_OUTER, Face.RIGHT_EYE_INNER), Pose.RIGHT_EYE),
    ):
        middle = (body.px[eye] - (square.x, square.y)) / square.side
        points[corners[0]], points[corners[1]] = middle + np.array((0.03, 0)), middle - np.array((0.03, 0))
    return points


def seen_in(i: int) -> list[str]:
    """In which squares there is a face to see at that frame."""
    return [] if i in (5, 6, 7, 8, 12) else ["picture"] if i >= 34 or 18 <= i < 22 else ["head", "picture"]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("recognised")
    first = bodies()[0]
    assert first is not None
    frames = [
        {"t_ms": STEP_MS * (i + 1), "sees": seen_in(i), "large": 1.2 * max(SIZE_WH), "body": None if body is None else as_json(body)}
        for i, body in enumerate(bodies())
    ]
    clip = {"size": SIZE_WH, "mesh": mesh_for(first).tolist(), "frames": frames, "walk": walk(), "colours": COLOURS.tolist()}
    (folder / "clip.json").write_text(json.dumps(clip), "utf-8")
    ended = deno(folder, "run", "--no-check", "--no-remote", f"--allow-read={folder}", "tests/web/recognised.js", str(folder / "clip.json"))
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def as_json(body: SeenBody) -> dict[str, Any]:
    return {"px": body.px.tolist(), "world": body.world_m.tolist(), "visibility": body.visibility.tolist()}


def by_python() -> list[tuple[SeenBody | None, Array | None]]:
    """What Python makes of the same clip."""
    first = bodies()[0]
    assert first is not None
    mesh = mesh_for(first)
    near, whole = Model(mesh), Model(mesh)
    faces = Faces(near, whole, still=False)
    picture = np.full((SIZE_WH[1], SIZE_WH[0], 3), 90, np.uint8)
    found = []
    for i, body in enumerate(bodies()):
        near.sees, whole.sees = ("head" in seen_in(i)), ("picture" in seen_in(i))
        found.append(faces.find(picture, body, STEP_MS * (i + 1)))
    return found


def test_the_same_faces_are_found_held_smoothed_and_dropped(told: dict[str, Any]) -> None:
    expected = by_python()
    seen = [face is not None for _, face in expected]
    assert any(seen)
    assert not all(seen)
    for i, ((body, face), found) in enumerate(zip(expected, told["told"], strict=True)):
        assert (body is not None, face is not None) == (found["owner"], found["face"] is not None), i
        if body is not None:
            assert found["scale"] == pytest.approx(body.scale)
        if face is not None:
            np.testing.assert_allclose(found["face"], face, atol=1e-6, err_msg=str(i))


def test_a_post_holds_what_was_found(told: dict[str, Any]) -> None:
    posted = decode_landmarks(bytes(told["post"]))
    assert len(posted.track.t_ms) == MOST_FRAMES
    assert posted.track.size_wh == SIZE_WH
    assert (posted.brightness, posted.has_company) == (100, True)
    np.testing.assert_allclose(posted.track.t_ms, STEP_MS * np.arange(FRAMES - MOST_FRAMES + 1, FRAMES + 1))
    for i, (body, face) in enumerate(by_python()[-MOST_FRAMES:]):
        found = posted.track.at(i)
        expected = np.full((33, 2), np.nan) if body is None else body.px
        np.testing.assert_allclose(found.pose_px, expected, rtol=1e-5)
        np.testing.assert_allclose(found.face_px, np.full((FACE_COUNT, 2), np.nan) if face is None else face, atol=0.02)


def walk() -> list[dict[str, Any]]:
    """Somebody who stays, others who come, cover, dress alike, and a tracker that takes one for another; now and then nobody."""
    rng = np.random.default_rng(8)
    clothes = rng.uniform(60, 200, (3, 16, 3))
    places = np.array(((320.0, 240.0), (420.0, 250.0), (340.0, 240.0)))
    scales = (100.0, 104.0, 150.0)
    found, t_ms = [], 0.0
    for i in range(900):
        t_ms += STEP_MS if rng.random() < 0.97 else rng.choice((700.0, 6000.0))
        there = [0] if i < 60 else [n for n in range(3) if n == 0 or (i // 40 + n) % 3 == 0]
        who = int(rng.choice(there)) if rng.random() < 0.2 else 0
        looks = clothes[who] + rng.normal(0, 1.5, (16, 3))
        if rng.random() < 0.15:
            looks[: rng.integers(1, 16)] = clothes[2][0]
        people = [{"x": places[n][0], "y": places[n][1], "radius": 0.9 * scales[n]} for n in there]
        found.append(
            {
                "people": people if i % 5 == 0 or rng.random() < 0.1 else None,
                "t_ms": t_ms,
                "hips": (places[who] + rng.normal(0, 1 if rng.random() < 0.9 else 40, 2)).tolist(),
                "scale": scales[who] * rng.normal(1, 0.02),
                "looks": [colour.tolist() if rng.random() < 0.97 else None for colour in looks],
                "shouldersY": 190.0 + rng.normal(0, 5),
            }
        )
    return found


def test_the_same_bodies_are_taken_for_somebody_elses(told: dict[str, Any]) -> None:
    owner, expected = Owner(), []
    for step in walk():
        t_ms = step["t_ms"]
        if step["people"]:
            owner.meet([SeenPerson(**person) for person in step["people"]], t_ms)
        looks = np.array([(np.nan,) * 3 if colour is None else colour for colour in step["looks"]])
        uneasy = owner.is_uneasy(looks)
        owns = owner.owns(tuple(step["hips"]), step["scale"], looks, t_ms, step["shouldersY"])
        expected.append([uneasy, owns, owner.is_in_company(t_ms)])
    for column in range(3):
        assert 50 < sum(row[column] for row in expected) < len(expected) - 50, "all is tried"
    assert told["owned"] == expected


def test_the_same_clothes_are_seen_in_the_same_colours(told: dict[str, Any]) -> None:
    np.testing.assert_allclose(told["labs"], to_lab(COLOURS).astype(float), atol=1.5)
    body = bodies()[0]
    assert body is not None
    picture = np.random.default_rng(4).integers(0, 256, (SIZE_WH[1], SIZE_WH[0], 3), np.uint8)
    patches = [[to_lab(picture[int(y), int(x)][None])[0] for x, y in places] for places in told["patches"]]
    np.testing.assert_allclose([np.mean(patch, axis=0) for patch in patches], looks_of(picture, body.px), atol=1e-6)
