"""A person who stands still keeps every verdict, whatever the landmarks tremble."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.body.geometry import distance_px, midpoint
from posecoach.body.records import Landmarks, Track
from posecoach.judging.live import LiveJudge, Settings
from posecoach.vocabulary import Profile, Reason, State
from tests.golden import FOLDER, unpack
from tests.shipped import RULE_SETS

# Nine tenths of the body points of a real man standing tremble less than this about their running median (a public squat video).
TREMBLE_TL = 0.0186
SECONDS = 30.0
SETTLED_MS = 3000.0
STANDING = RULE_SETS["standing"]


def trembling(track: Track, seed: int) -> list[tuple[float, Landmarks]]:
    random = np.random.default_rng(seed)
    trunk_px = float(
        np.median(distance_px(midpoint(track.pose_px[:, 11], track.pose_px[:, 12]), midpoint(track.pose_px[:, 23], track.pose_px[:, 24])))
    )
    step_ms, row = float(np.median(np.diff(track.t_ms))), len(track) // 2
    pose_px, world_m, visibility = track.pose_px[row], track.pose_world_m[row], track.pose_visibility[row]
    shots = []
    for i in range(int(SECONDS * 1000 / step_ms)):
        shaken = pose_px + random.normal(0, TREMBLE_TL * trunk_px, pose_px.shape)
        shots.append((i * step_ms, Landmarks(shaken, world_m, visibility, track.face_px[row], track.size_wh)))
    return shots


@pytest.mark.parametrize("seed", [0, 1])
def test_no_verdict_changes_while_a_person_stands_still(seed: int) -> None:
    judge, changes = LiveJudge(Settings(STANDING, Profile.MALE)), []
    said: dict[str, State] = {}
    for i, (t_ms, landmarks) in enumerate(trembling(unpack(FOLDER / "stand_ok_m6_front_00.npz"), seed)):
        judge.push(t_ms, landmarks)
        state = judge.state(128.0) if i % 2 else None
        if state is None or not state.is_ready or t_ms < SETTLED_MS:
            continue
        assert state.advice.fault is None
        for moment in state.moments:
            if said.get(moment.rule.id, moment.state) is not moment.state:
                changes.append((t_ms, moment.rule.id, said[moment.rule.id].word, moment.state.word))
            if moment.reason is not Reason.TOO_SHORT:
                said[moment.rule.id] = moment.state
    assert said
    assert changes == []
