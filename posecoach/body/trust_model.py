"""Coefficients of `trust`: data, not code. Made anew by `python -m posecoach.evaluation.fit_trust`.

Fitted by L2-regularised logistic regression on pictures of one person each from public repositories, of half of the sources (fx, ly, pf,
ss, tf, vm of the label sets `people` and `photos`), whole and spoilt in seven ways, as if there were as many of either. `LENGTH_MEANS` and
`LENGTH_SPREADS` are the median and the spread (half of the middle two thirds, at least 0.05) of `trust.log_lengths` in the whole ones; the
others are for the columns of `trust.clues`.
"""

from __future__ import annotations

import numpy as np

LENGTH_MEANS = np.array([-3.4217, -1.9320, -1.1188, -1.4510, -0.7953, -0.8222, -1.4758, -1.4226])
LENGTH_SPREADS = np.array([0.0746, 0.0730, 0.0707, 0.1650, 0.0618, 0.0841, 0.1231, 0.1040])
CENTRES = np.array([1.2748, 0.1742, 0.0472, 0.9923, 0.4780, 59.1286])
SCALES = np.array([0.8972, 0.0382, 0.2047, 0.0409, 0.4995, 50.8767])
WEIGHTS = np.array([-0.5040, 0.2771, -1.0689, 0.6836, 0.5452, -5.5633])
INTERCEPT = -4.2007
