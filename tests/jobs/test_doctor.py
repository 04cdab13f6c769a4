"""Each check says what is wrong and the way out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from posecoach.errors import PosecoachError
from posecoach.jobs import doctor
from posecoach.vocabulary import Text


def test_everything_works_on_the_machine_that_runs_the_tests(tmp_path: Path) -> None:
    checks = list(doctor.run_checks(tmp_path / "out"))
    assert [check.name for check in checks if not check.ok] == []
    assert all(check.detail.zh and check.detail.en for check in checks)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("running", "bits", "ok"), [((3, 10), 64, True), ((3, 12), 64, True), ((3, 9), 64, False), ((3, 13), 64, False), ((3, 12), 32, False)]
)
def test_python_versions(running: tuple[int, int], bits: int, ok: bool) -> None:
    check = doctor.check_python(running, bits)
    assert check.ok is ok
    assert bool(check.mend) is not ok


@pytest.mark.parametrize(
    ("system", "machine", "ok"),
    [
        ("Linux", "x86_64", True),
        ("Windows", "AMD64", True),
        ("Darwin", "arm64", True),
        ("Linux", "aarch64", False),
        ("Windows", "ARM64", False),
        ("Linux", "loongarch64", False),
    ],
)
def test_processors(system: str, machine: str, ok: bool) -> None:
    check = doctor.check_processor(system, machine)
    assert check.ok is ok
    assert machine in check.detail.zh
    assert machine in check.detail.en
    assert bool(check.mend) is not ok


def test_two_packages_that_own_cv2_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "packages_distributions", lambda: {"cv2": ["opencv-python", "opencv-contrib-python"]})
    check = doctor.check_opencv()
    assert not check.ok
    assert check.mend is not None
    assert "opencv-contrib-python, opencv-python" in check.mend.zh


def models_in(folder: Path) -> Path:
    for model in doctor.MODELS:
        (folder / "modules" / model).parent.mkdir(parents=True, exist_ok=True)
        (folder / "modules" / model).touch()
    return folder


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    (models_in(tmp_path) / "modules" / doctor.MODELS[0]).unlink()
    check = doctor.check_models(package=tmp_path)
    assert not check.ok
    assert doctor.MODELS[0] in check.detail.zh


def test_a_chinese_folder_name_stops_mediapipe_on_windows_only(tmp_path: Path) -> None:
    package = models_in(tmp_path / "张三")
    assert doctor.check_models("Linux", package).ok
    check = doctor.check_models("Windows", package)
    assert not check.ok
    assert check.mend is not None
    assert "C:\\posecoach" in check.mend.zh


def test_a_missing_font_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_found() -> Path:
        raise PosecoachError(Text("没有字体", "no font"))

    monkeypatch.setattr(doctor, "font_path", none_found)
    assert doctor.check_font() == doctor.DoctorCheck(doctor._FONT, False, Text("没有字体", "no font"), doctor._FONT_MEND)


def test_a_font_without_chinese_characters_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    monkeypatch.setattr(doctor, "font_path", lambda: latin)
    check = doctor.check_font()
    assert not check.ok
    assert "lacks Chinese" in check.detail.en


def test_rules_that_do_not_load_are_reported(tmp_path: Path) -> None:
    (tmp_path / "standing.yaml").write_text("rules: [", encoding="utf-8")
    check = doctor.check_rules(tmp_path)
    assert not check.ok
    assert "standing.yaml" in check.detail.zh


def test_an_output_path_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    assert not doctor.check_output(tmp_path / "out").ok
    assert doctor.check_output(tmp_path / "new" / "out").ok


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_cameras_are_listed_and_none_is_no_fault() -> None:
    assert doctor.check_cameras(python("print('[0, 2]')")) == doctor.DoctorCheck(doctor._CAMERAS, True, Text("找到：0, 2", "found: 0, 2"))
    assert doctor.check_cameras(python("print('[]')")).ok
    assert doctor.check_cameras(python("raise SystemExit(3)")).ok


def test_a_camera_driver_that_hangs_is_cut_off() -> None:
    check = doctor.check_cameras(python("import time; time.sleep(60)"), timeout_s=0.5)
    assert not check.ok
    assert "no answer" in check.detail.en


def test_what_browsers_lack_is_told_and_is_no_fault(tmp_path: Path) -> None:
    assert doctor.check_browser(lambda name: tmp_path).detail.en == "all files are there"
    check = doctor.check_browser(lambda name: None if name.endswith(".wasm") else tmp_path)
    assert check.ok
    assert check.detail.en.startswith("2 files missing, so browsers send pictures instead")
