"""What the stamps of a track say of time."""

from __future__ import annotations

import pytest

from posecoach.sources.packet_times import PacketTimes


@pytest.mark.parametrize(("stamps", "rate"), [([0, 40, 80, 120], 25.0), ([7, 7, 7], 0.0), ([7], 0.0), ([], 0.0)])
def test_packets_a_second(stamps: list[int], rate: float) -> None:
    assert PacketTimes.of(stamps, 0.001).rate == pytest.approx(rate)
