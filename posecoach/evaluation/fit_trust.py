"""Fits the coefficients of `body.trust_model` anew.

    python -m posecoach.evaluation.fit_trust FOLDER MANIFEST.csv...

Reads the pictures of one person each of the manifests, spoils them (`skeletons`), keeps all landmarks in FOLDER and prints the data of
`trust_model.py`, fitted on half of the sources.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from posecoach.body.lying import turned_deg
from posecoach.body.records import Array
from posecoach.body.trust import clues, log_lengths
from posecoach.evaluation.skeletons import Looks, Skeleton, find_all, is_fitted_on, pictures_of
from posecoach.evaluation.smiles import Logistic

RIDGE = 1.0
SPREAD_MIN = 0.05


def model_text(found: Sequence[Skeleton]) -> str:
    """The data lines of `trust_model.py`."""
    fitted = [one for one in found if is_fitted_on(one.source)]
    lengths = np.concatenate([log_lengths(one.motion) for one in fitted if one.is_right])
    low, means, high = np.percentile(lengths, [100 / 6, 50, 500 / 6], axis=0)
    spreads = np.maximum((high - low) / 2, SPREAD_MIN)
    features = np.concatenate([clues(one.motion, turned_deg(one.motion), means, spreads) for one in fitted])
    right = np.array([one.is_right for one in fitted])
    model = Logistic.fit(features, right, np.full(features.shape[1], RIDGE))
    parts = {"LENGTH_MEANS": means, "LENGTH_SPREADS": spreads, "CENTRES": model.mean, "SCALES": model.scale, "WEIGHTS": model.weight}
    lines = [f"{name} = np.array({_numbers(values)})" for name, values in parts.items()]
    even = np.log((~right).sum() / right.sum())  # as if there were as many of either
    return "\n".join([*lines, f"INTERCEPT = {model.bias + even:.4f}"])


def _numbers(values: Array) -> str:
    return f"[{', '.join(f'{value:.4f}' for value in values)}]"


def main() -> None:
    """Fit and print."""
    looks = Looks(Path(sys.argv[1]))
    found = [one for path in sys.argv[2:] for one in find_all(Path(path).parent.name, pictures_of(Path(path)), looks, lambda _: None)]
    sys.stdout.write(f"{model_text(found)}\n")


if __name__ == "__main__":
    main()
