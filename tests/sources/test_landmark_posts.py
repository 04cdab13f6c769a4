"""Landmarks that browsers post: exact on the way, and refused in one line where anything is wrong with them."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from posecoach.body.records import Track
from posecoach.sources.landmark_posts import MOST_BYTES, LandmarksError, StaleError, decode_landmarks
from tests.factories import STANDING, still, track_of
from tests.landmark_posts import header, post_of


def seen(seconds: float = 0.3) -> Track:
    """Somebody who stands, with a mesh and a left hand, from 5 s of the page's clock on."""
    track = track_of(still(STANDING, seconds))
    dice = np.random.default_rng(4)
    face = dice.uniform(200, 260, (len(track), 478, 2))
    hands = np.full((len(track), 2, 21, 3), np.nan)
    hands[:, 0] = dice.uniform(-0.1, 0.1, (len(track), 21, 3))
    return replace(track, t_ms=track.t_ms + 5000, face_px=face, hands_m=hands)


TRACK = seen()
POST = post_of(TRACK)
BODY_AT = 16 + 16
"""Where the first frame's numbers begin."""


def test_what_is_posted_comes_out_as_it_was() -> None:
    posted = decode_landmarks(post_of(TRACK, sent_s=5.5, brightness=99.0, flags=16))
    np.testing.assert_array_equal(posted.track.pose_px, TRACK.pose_px)
    np.testing.assert_array_equal(posted.track.pose_world_m, TRACK.pose_world_m)
    np.testing.assert_array_equal(posted.track.pose_visibility, TRACK.pose_visibility)
    np.testing.assert_allclose(posted.track.face_px, TRACK.face_px, atol=0.001)
    np.testing.assert_array_equal(posted.track.hands_m, TRACK.hands_m)
    np.testing.assert_allclose(posted.track.t_ms, TRACK.t_ms)
    assert (posted.track.size_wh, posted.sent_ms, posted.brightness, posted.has_company) == (TRACK.size_wh, 5500.0, 99.0, True)


def test_nobody_is_posted_as_nobody() -> None:
    nothing = np.full_like(TRACK.pose_px, np.nan), np.full_like(TRACK.face_px, np.nan), np.full_like(TRACK.hands_m, np.nan)
    posted = decode_landmarks(post_of(replace(TRACK, pose_px=nothing[0], face_px=nothing[1], hands_m=nothing[2])))
    assert not posted.track.at(0).has_pose
    assert not posted.track.at(0).has_face
    assert not posted.has_company


def changed(at: int, layout: str, value: float) -> bytes:
    """The post with one number changed."""
    data = bytearray(POST)
    struct.pack_into("<" + layout, data, at, value)
    return bytes(data)


REFUSED = {
    "nothing": (b"", "too soon"),
    "half a header": (POST[:9], "too soon"),
    "cut short": (POST[:-1], "too soon"),
    "something after the end": (POST + b"\0", "length"),
    "a picture": (b"\xff\xd8\xff" + bytes(400), "version"),
    "another version": (changed(0, "B", 2), "version"),
    "no frames": (header(0, (640, 480), 5.0), "frames"),
    "too many frames": (changed(1, "B", 17), "frames"),
    "fewer frames than told": (changed(1, "B", 9), "too soon"),
    "no width": (changed(2, "H", 0), "picture size"),
    "too wide": (changed(2, "H", 5000), "picture size"),
    "sent at no time": (changed(8, "d", np.nan), "time of the post"),
    "sent before it was taken": (changed(8, "d", 4.0), "times"),
    "taken at no time": (changed(16, "d", np.nan), "times"),
    "backwards": (changed(16, "d", 5.15), "times"),
    "no brightness": (changed(24, "f", np.nan), "brightness"),
    "too bright": (changed(24, "f", 256.0), "brightness"),
    "unknown flags": (changed(28, "B", 39), "flags"),
    "a body at NaN": (changed(BODY_AT, "f", np.nan), "body points"),
    "a body at infinity": (changed(BODY_AT + 4, "f", np.inf), "body points"),
    "a body far away": (changed(BODY_AT, "f", 1e6), "body points"),
    "a giant": (changed(BODY_AT + 33 * 8, "f", 11.0), "in metres"),
    "visible beyond all": (changed(BODY_AT + 33 * 20, "f", 1.5), "visibility"),
    "a face at NaN": (changed(BODY_AT + 33 * 24, "f", np.nan), "box of the face"),
    "a face from right to left": (changed(BODY_AT + 33 * 24, "f", 300.0), "box of the face"),
    "a hand of no size": (changed(BODY_AT + 33 * 24 + 16 + 478 * 4, "f", np.nan), "hand points"),
    "too long": (bytes(MOST_BYTES + 1), "length"),
}


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED)
def test_a_post_with_anything_wrong_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(LandmarksError, match=said) as refusal:
        decode_landmarks(data)
    assert "\n" not in refusal.value.words.zh + refusal.value.words.en


def test_old_frames_are_left_out_and_a_post_of_nothing_else_is_stale() -> None:
    posted = decode_landmarks(post_of(seen(1.0), sent_s=7.45))
    assert posted.fresh(-np.inf).track.t_ms.tolist() == pytest.approx([5500, 5600, 5700, 5800, 5900])
    assert posted.fresh(5700).track.t_ms.tolist() == pytest.approx([5800, 5900])
    with pytest.raises(StaleError):
        posted.fresh(5900)
