"""Fits the coefficients of `smile_model.py` anew.

    python -m posecoach.evaluation.fit_smile ../shared/data/smiles/labels.csv [FOLDER]

Reads the pictures of set ``london`` (or their landmarks kept in FOLDER/london) and prints the data of `smile_model.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from posecoach.body.records import Array
from posecoach.evaluation.labels import load_smiles
from posecoach.evaluation.observations import LandmarkStore
from posecoach.evaluation.smiles import LabelledFaces, fitted
from posecoach.measures.smile import mouth_features


def model_text(faces: LabelledFaces) -> str:
    """The data lines of `smile_model.py` for labelled faces."""
    seen = faces.found()
    model = fitted(mouth_features(seen.shape), seen.smiling.astype(bool), seen.person)
    neutral = np.median(seen.shape[~seen.smiling.astype(bool)], axis=0)
    parts = {"mean": model.mean, "scale": model.scale, "weight": model.weight}
    lines = [f'    "{name}": {_tuple(values)},' for name, values in parts.items()]
    head = "MOUTH: dict[str, tuple[float, ...] | float] = {"
    return "\n".join([head, *lines, f'    "bias": {model.bias:.4f},', "}", f"NEUTRAL: tuple[float, ...] = {_tuple(neutral)}"])


def _tuple(values: Array) -> str:
    return f"({', '.join(f'{value:.4f}' for value in values)})"


def main() -> None:
    """Fit and print."""
    labels = Path(sys.argv[1])
    stored = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    faces = load_smiles(labels, LandmarkStore(stored))["london"]
    sys.stdout.write(f"{model_text(faces)}\n")


if __name__ == "__main__":
    main()
