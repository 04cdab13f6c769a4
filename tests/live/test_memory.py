"""Visitors who have left leave no memory behind, and there are never more models than places."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from posecoach.live.visitors import Visitors
from tests.shipped import RULE_SETS
from tests.waiting import until
from tests.webapp.fakes import GreyEstimator

ROOT = Path(__file__).parents[2]
COME_AND_GO = """
import re, threading
import numpy as np
from pathlib import Path
from posecoach.estimators.mediapipe import MediaPipeEstimator
from posecoach.live.drawing import Look
from posecoach.live.memory import share_pools
from posecoach.live.visitors import Visitors
from posecoach.sources.video import VideoSource
from posecoach.live import picture_visitor, visitor
from tests.shipped import RULE_SETS

picture_visitor.ANSWER_S = visitor.IDLE_S = 600.0

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

share_pools()
with VideoSource("sample_videos/meeting_arms_folded_f4_front.mp4", 5) as clip:
    pictures = [np.array(frame.image_bgr) for frame in clip][:8]
visitors = Visitors(RULE_SETS, MediaPipeEstimator, 5)
look = Look(True, "zh")
stays = visitors.open()
[stays.see(picture, look) for picture in pictures]
before = resident()
for _ in range(2):
    come = [visitors.open() for _ in range(4)]
    threads = [threading.Thread(target=lambda v=v: [v.see(picture, look) for picture in pictures]) for v in come]
    [thread.start() for thread in threads]; [thread.join() for thread in threads]
    [visitors.end(v.id) for v in come]; [v.threads[0].join(60) for v in come]
print(before, resident())
visitors.stop()
"""


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and asks glibc")
def test_memory_comes_back_when_visitors_leave() -> None:
    done = subprocess.run([sys.executable, "-c", COME_AND_GO], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    before, after = map(float, done.stdout.split())
    assert after < 1.25 * before


def test_a_visitor_waits_for_the_models_of_one_who_leaves() -> None:
    alive, most, gate = 0, 0, threading.Event()

    class Lingering(GreyEstimator):
        def __enter__(self) -> Lingering:
            nonlocal alive, most
            alive += 1
            most = max(most, alive)
            return self

        def __exit__(self, *_: object) -> None:
            nonlocal alive
            gate.wait(60)
            alive -= 1

    visitors = Visitors(RULE_SETS, Lingering, 1)
    first = visitors.open()
    until(lambda: alive == 1)
    visitors.end(first.id)
    second = visitors.open()
    gate.set()
    first.threads[0].join(60)
    until(lambda: alive == 1)
    visitors.end(second.id)
    second.threads[0].join(60)
    assert most == 1
