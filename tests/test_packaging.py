"""What an installation holds: one OpenCV, no registry named, rules and page in the wheel, and a wheel that runs elsewhere."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from posecoach.resources import RECOGNISER_FILES, npm_file

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-cluster.lock")
NPM_FILES = (*RECOGNISER_FILES, "@mediapipe/pose/pose_landmark_heavy.tflite")
NOT_INSTALLED = ("jax", "jaxlib", "scipy", "sentencepiece", "sounddevice", "opencv-contrib-python")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    return next(folder.glob("*.whl"))


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_exactly_one_package_owns_cv2() -> None:
    assert set(packages_distributions()["cv2"]) == {"opencv-contrib-python-headless"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry_and_hashes_everything(name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in lock
    assert not re.search(r"^\s*-", lock.replace("    --hash=", ""), re.MULTILINE)
    packages = re.split(r"\n(?=[a-z0-9])", lock.split("\n", 2)[2])
    assert all("--hash=sha256:" in package for package in packages)


def test_the_lock_of_the_npm_packages_names_no_host_and_hashes_everything() -> None:
    text = (ROOT / "web" / "deno.lock").read_text(encoding="utf-8")
    locked = json.loads(text)["npm"]
    wanted = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert "://" not in text
    assert set(locked) == {f"{name}@{version}" for name, version in wanted.items()}
    assert all(package["integrity"].startswith("sha512-") for package in locked.values())


def test_only_the_lock_for_a_cluster_holds_dask_and_the_rest_is_the_same() -> None:
    plain, cluster = (set(re.findall(r"^([a-z0-9-]+)==([^ ;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)) for name in LOCKS)
    added = {name for name, _ in cluster} - {name for name, _ in plain}
    assert {"dask", "distributed"} <= added
    assert {pin for pin in cluster if pin[0] not in added} <= plain


@pytest.mark.parametrize(
    ("package", "name"), [*((package, name) for package in NOT_INSTALLED for name in LOCKS), ("playwright", "requirements.lock")]
)
def test_what_nothing_uses_is_locked_out(package: str, name: str) -> None:
    lock = (ROOT / name).read_text(encoding="utf-8")
    lines = re.findall(rf"^{package}==.*$", lock, re.MULTILINE)
    assert lines
    assert all("sys_platform == 'never'" in line for line in lines)


def test_the_locks_satisfy_the_declared_dependencies() -> None:
    locked = {name for lock in LOCKS for name in re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = {name.lower() for name in re.findall(r'^    "([A-Za-z0-9-]+)(?:[<>=]|",)', project, re.MULTILINE)}
    assert {"mediapipe", "av", "ruff", "distributed"} <= declared
    assert declared <= locked


def test_the_roster_of_the_sample_videos_agrees_with_the_manifest() -> None:
    with (ROOT / "sample_videos" / "roster.csv").open(encoding="utf-8") as file:
        roster = {row["file"]: (row["profile"], row["drill"]) for row in csv.DictReader(file)}
    clips = yaml.safe_load((ROOT / "sample_videos" / "manifest.yaml").read_text(encoding="utf-8"))["clips"]
    assert roster == {clip["file"]: (clip["profile"], clip["drill"]) for clip in clips}


def test_windows_scripts_have_windows_line_ends() -> None:
    for script in ("setup.bat", "start.bat", "practise.bat"):
        lines = (ROOT / script).read_bytes().split(b"\n")[:-1]
        assert lines
        assert all(line.endswith(b"\r") for line in lines)


@pytest.mark.slow
def test_the_wheel_holds_rules_page_and_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("rules", "web"):
        shipped = {f"posecoach/_data/{folder}/{path.relative_to(ROOT / folder).as_posix()}" for path in tracked(folder)}
        assert shipped <= set(names)
    assert {f"posecoach/_data/web/node_modules/{name}" for name in NPM_FILES if npm_file(name)} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/NOTICE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "sample_videos/", "web/", "rules/"))]


def tracked(folder: str) -> list[Path]:
    return [ROOT / name for name in run("git", "-c", "core.quotepath=off", "ls-files", folder, cwd=ROOT).splitlines()]


@pytest.mark.slow
@pytest.mark.model
def test_the_wheel_runs_in_another_environment(wheel: Path, tmp_path: Path) -> None:
    """The new environment borrows dependencies and pip of this one, so that no network is needed; `make smoke` installs the lock."""
    python = new_environment(tmp_path / "venv")
    run(python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", str(wheel), cwd=tmp_path)
    where = run(python, "-c", "from posecoach import resources; print(resources.rules_dir())", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(tmp_path / "venv")
    posecoach = str(Path(python).with_name("posecoach"))
    run(posecoach, "doctor", cwd=tmp_path)
    run(posecoach, "rules", "check", cwd=tmp_path)
    clip = ROOT / "sample_videos" / "stand_ok_hands_front_f5_front.mp4"
    run(posecoach, "grade", str(clip), "--drill", "standing", "--profile", "female", "--out", "out", cwd=tmp_path)
    assert (tmp_path / "out" / "results.json").stat().st_size > 0


def new_environment(folder: Path) -> str:
    run(sys.executable, "-m", "venv", "--without-pip", str(folder), cwd=folder.parent)
    python = next(path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists())
    site = run(str(python), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])", cwd=folder.parent).strip()
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return str(python)
