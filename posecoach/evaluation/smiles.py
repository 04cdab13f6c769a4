"""The smile model measured on labelled faces, beside single-feature rules; and the fit that made its coefficients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from posecoach.body.records import Array
from posecoach.evaluation.statistics import roc_area, roc_interval
from posecoach.measures.smile import mouth_features, smile_strength

HELD_BACK = (1.0, 3.0, 10.0, 30.0)
"""How heavily the last five of the nine features may be regularised, the first four, which tell most, being at 1."""
SETTLED = 1e-10
"""A fit is done where no weight of standardised features moves further in a step: the next would move it by the rounding of numbers."""
INNER_FOLDS = 5
FOLDS = 5
DRAWINGS = 20
"""One drawing of random folds may be lucky by half a per cent: the mean over so many is told."""
FEATURES = (
    "corner lift", "mouth width", "corner to eye", "upper lip",
    "upper edge", "lower edge", "inner upper edge", "inner lower edge", "lip above chin",
)  # fmt: skip
FEATURE_SIGN = (1.0, 1.0, -1.0, -1.0, 1.0, -1.0, 1.0, -1.0, -1.0)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFaces:
    """Labelled faces: ``shape`` (N, 12) as of `describe_faces` (NaN where none was found), ``smiling``, ``person``, ``file``."""

    shape: Array
    smiling: Array
    person: Array
    file: Array

    def found(self) -> LabelledFaces:
        """Those in which a face was found."""
        ok = np.isfinite(self.shape).all(1)
        return LabelledFaces(self.shape[ok], self.smiling[ok], self.person[ok], self.file[ok])


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A logistic regression on standardised features."""

    mean: Array
    scale: Array
    weight: Array
    bias: float

    @classmethod
    def fit(cls, features: Array, smiling: Array, l2: Array | float = 1.0) -> Logistic:
        """Newton's method; ``l2`` weighs the squares of the weights, or of each feature's; the bias is free."""
        mean, scale = features.mean(0), features.std(0)
        a = np.column_stack([(features - mean) / scale, np.ones(len(features))])
        ridge = np.diag([*np.broadcast_to(l2, features.shape[1]), 1e-9])
        b = np.zeros(a.shape[1])
        for _ in range(30):
            p = 1 / (1 + np.exp(-np.clip(a @ b, -30, 30)))
            step = np.linalg.solve(a.T @ (a * (p * (1 - p))[:, None]) + ridge, a.T @ (p - smiling) + ridge @ b)
            b = b - step
            if np.abs(step).max() < SETTLED:
                break
        return cls(mean, scale, b[:-1], float(b[-1]))

    def score(self, features: Array) -> Array:
        """Log odds (N,) of a smile."""
        return (features - self.mean) / self.scale @ self.weight + self.bias


def fitted(features: Array, smiling: Array, group: Array) -> Logistic:
    """A model of `mouth_features` (N, 9), the finer ones held back by what of `HELD_BACK` predicts these cases best in cross-validation.

    Cases of one ``group`` (N,), such as the pictures of a person, are held out together.
    """
    fold = np.unique(group, return_inverse=True)[1] % INNER_FOLDS
    weight = min(HELD_BACK, key=lambda weight: _loss(_scores(features, smiling, fold, _ridge(weight)), smiling))
    return Logistic.fit(features, smiling, _ridge(weight))


def _ridge(weight: float) -> Array:
    return np.array([1.0] * 4 + [weight] * 5)


def _loss(score: Array, smiling: Array) -> float:
    return float(np.logaddexp(0, np.where(smiling, -score, score)).mean())


def _scores(features: Array, smiling: Array, fold: Array, l2: Array) -> Array:
    score = np.empty(len(features))
    for one in np.unique(fold):
        held = fold == one
        score[held] = Logistic.fit(features[~held], smiling[~held], l2).score(features[held])
    return score


def out_of_fold(features: Array, smiling: Array, fold: Array, group: Array) -> Array:
    """Score (N,) of each case by a model `fitted` on the other folds; nothing of it was chosen with the case in sight."""
    score = np.empty(len(features))
    for one in np.unique(fold):
        held = fold == one
        score[held] = fitted(features[~held], smiling[~held], group[~held]).score(features[held])
    return score


def random_folds(count: int) -> list[Array]:
    """A fold for each case, evenly, in `DRAWINGS` drawings (seeds from 0)."""
    return [np.random.default_rng(seed).permutation(count) % FOLDS for seed in range(DRAWINGS)]


def best_cut(value: Array, smiling: Array) -> float:
    """The cut of a single-feature rule that tells most of its cases right."""
    order = np.sort(value)
    cuts = np.r_[order[0] - 1, (order[1:] + order[:-1]) / 2]
    return float(cuts[np.argmax([np.mean((value > cut) == smiling) for cut in cuts])])


def single_rule(value: Array, smiling: Array, fold: Array) -> float:
    """Accuracy of a single-feature rule whose cut comes from the other folds."""
    told = np.empty(len(value), bool)
    for one in np.unique(fold):
        held = fold == one
        told[held] = value[held] > best_cut(value[~held], smiling[~held])
    return float(np.mean(told == smiling))


def measure(faces: LabelledFaces, by_person: bool, others: Mapping[str, Array] | None = None) -> dict[str, Any]:
    """Figures on one set: the shipped model, the same features fitted out of fold, and each feature alone.

    ``by_person``: one fold a person (the set the model was fitted on); else random folds, and the mean over several drawings of them.
    ``others``: scores (N,) of other programs.
    """
    ok = np.isfinite(faces.shape).all(1)
    seen = faces.found()
    features, smiling = mouth_features(seen.shape), seen.smiling.astype(bool)
    group = np.unique(seen.person, return_inverse=True)[1] if by_person else np.arange(len(smiling))
    folds = [group] if by_person else random_folds(len(smiling))
    own = [out_of_fold(features, smiling, fold, group) for fold in folds]
    shipped = smile_strength(seen.shape, None) - 0.5
    single = {name: sign * column for name, sign, column in zip(FEATURES, FEATURE_SIGN, features.T, strict=True)}
    single |= {name: values[ok] for name, values in (others or {}).items()}
    out: dict[str, Any] = {
        "count": len(faces.smiling),
        "found": len(smiling),
        "out_of_fold": _mean_figures([_figures(score, smiling) for score in own]),
        "shipped": _figures(shipped, smiling),
        "single": {
            name: {
                "roc_area": roc_area(values, smiling),
                "accuracy": float(np.mean([single_rule(values, smiling, fold) for fold in folds])),
            }
            for name, values in single.items()
        },
    }
    above = _above_own_neutral(own[0], smiling, seen.person) if by_person else []
    if above:
        out["above_own_neutral"] = {"people": len(above), "share": float(np.mean(above))}
    return out


def _mean_figures(drawings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The mean of the figures of some drawings, and the lowest and highest ROC area and accuracy."""
    return {
        "roc_area": float(np.mean([one["roc_area"] for one in drawings])),
        "interval": np.mean([one["interval"] for one in drawings], axis=0).tolist(),
        "right": round(float(np.mean([one["right"] for one in drawings]))),
        "accuracy": float(np.mean([one["accuracy"] for one in drawings])),
        "drawings": len(drawings),
        "roc_area_range": [float(edge([one["roc_area"] for one in drawings])) for edge in (min, max)],
        "accuracy_range": [float(edge([one["accuracy"] for one in drawings])) for edge in (min, max)],
    }


def _figures(score: Array, smiling: Array) -> dict[str, Any]:
    right = int(((score > 0) == smiling).sum())
    return {
        "roc_area": roc_area(score, smiling),
        "interval": roc_interval(score, smiling),
        "right": right,
        "accuracy": right / len(smiling),
    }


def _above_own_neutral(score: Array, smiling: Array, person: Array) -> list[bool]:
    """Of each person seen with and without a smile, whether all smiles score above all other pictures."""
    pairs = [(score[(person == p) & smiling], score[(person == p) & ~smiling]) for p in np.unique(person)]
    return [bool(high.min() > low.max()) for high, low in pairs if len(high) and len(low)]
