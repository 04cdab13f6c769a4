"""The models of the pose: the one in the wheel, and the one that set-up fetches."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecoach.errors import EstimatorError
from posecoach.estimators import mediapipe_models
from posecoach.estimators.mediapipe_models import HEAVY, check_installed, pose_model_file
from posecoach.jobs.batch import BatchOptions, grade_all
from posecoach.jobs.tools import by_model


def test_without_the_heavy_model_one_line_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mediapipe_models, "npm_file", lambda _name: None)
    check_installed("full")
    for ask in (check_installed, pose_model_file):
        with pytest.raises(
            EstimatorError, match=r"^the heavy model is not installed \(.*\); run `make setup` .*, or leave out --model heavy$"
        ):
            ask("heavy")


def test_a_batch_that_asks_for_it_is_refused_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mediapipe_models, "npm_file", lambda _name: None)
    with pytest.raises(EstimatorError):
        grade_all(BatchOptions((str(tmp_path),), out=tmp_path / "out", model="heavy"), listener=None)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_heavy_model_is_the_file_that_set_up_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(mediapipe_models, "npm_file", lambda name: tmp_path / name)
    assert pose_model_file("heavy") == tmp_path / HEAVY


def test_an_estimator_is_asked_for_a_model_only_where_it_is_not_the_usual_one() -> None:
    def estimator(**asked: object) -> dict[str, object]:
        return asked

    assert by_model(estimator, "full")(still=True) == {"still": True}
    assert by_model(estimator, "heavy")(still=True) == {"still": True, "model": "heavy"}
