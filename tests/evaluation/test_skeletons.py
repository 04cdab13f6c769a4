"""Spoilt pictures, and what is counted of the skeletons found in them."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.evaluation.skeletons import Skeleton, figures, is_fitted_on, spoilt
from posecoach.evaluation.trust_page import trust_page
from posecoach.evaluation.wrong_verdicts import wrong_verdicts
from tests.factories import SIZE_WH, STANDING, still
from tests.shipped import ALL_RULES

MOTION = still(STANDING, 0.1)
POINTS = MOTION.pose_px[0].astype(float)
APART = next(name for name in "abcdefgh" if not is_fitted_on(name))


def test_points_stay_on_what_they_mark() -> None:
    width, height = SIZE_WH
    picture = np.zeros((height, width, 3), np.uint8)
    x, y = POINTS[27].astype(int)
    picture[y - 4 : y + 5, x - 4 : x + 5] = 255
    ways = list(spoilt(picture, POINTS))
    assert [way.how for way in ways if way.how.startswith("turned")] == ["turned 60", "turned 90", "turned 120", "turned 180"]
    assert len(ways) == 7
    for way in ways:
        at_x, at_y = way.points[27].astype(int)
        assert way.picture[at_y, at_x].min() > 200, way.how


@pytest.mark.parametrize(("trusts", "area"), [((0.9, 0.8, 0.2, 0.1), 1.0), ((0.9, 0.2, 0.8, 0.1), 0.75)])
def test_figures_are_of_sources_apart(trusts: tuple[float, ...], area: float) -> None:
    fitted_on = next(name for name in "abcdefgh" if is_fitted_on(name))
    kinds = [("whole", True), ("whole", True), ("turned 90", False), ("turned 90", False)]
    found = [Skeleton("a", APART, "a.jpg", how, MOTION, trust, right) for trust, (how, right) in zip(trusts, kinds, strict=True)]
    said = figures([*found, Skeleton("a", fitted_on, "b.jpg", "whole", MOTION, 0.0, True)])
    assert said["roc_area"] == area
    assert said["right"] == {"count": 2, "trusted": int(area == 1.0) + 1}
    assert f"**{area:.3f}**" in trust_page({"skeletons": said})


def test_verdicts_on_spoilt_pictures_are_counted_and_those_off_the_body_apart() -> None:
    ways = [("whole", 0.0), ("turned 60", 0.2), ("turned 60", 0.9), ("turned 90", 0.9)]
    found = [Skeleton("a", APART, "a.jpg", how, MOTION, 0.9, how == "whole", off) for how, off in ways]
    counted = wrong_verdicts(found, ALL_RULES)
    sixty, ninety = counted["spoilt"]["turned 60"], counted["spoilt"]["turned 90"]
    assert (sixty["skeletons"], sixty["off"], ninety["skeletons"], ninety["off"]) == (2, 1, 1, 1)
    assert sixty["pass"] == 2 * sixty["off_pass"] == 2 * ninety["pass"] > 0
    assert counted["clauses"]["stand.shoulders_level"] == {"pass": 3, "off_pass": 2}
    assert f"| turned 60 | 2 | {sixty['pass']} |" in trust_page({"wrong_verdicts": counted})
