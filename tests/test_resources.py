"""The shipped folders and the font are found in a checkout and in an installed wheel, and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import ImageFont

from posecoach import resources
from posecoach.drawing.text import face_index
from posecoach.errors import PosecoachError


def test_a_checkout_uses_the_folders_beside_the_package() -> None:
    root = Path(__file__).parents[1]
    assert resources.rules_dir() == root / "rules"
    assert resources.web_dir() == root / "web"


def test_an_installed_wheel_uses_the_folder_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "posecoach"
    (package / "_data" / "web").mkdir(parents=True)
    assert resources.find_data("web", package) == package / "_data" / "web"


def test_a_stray_folder_in_site_packages_is_not_taken(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "posecoach"
    package.mkdir(parents=True)
    (tmp_path / "site-packages" / "web").mkdir()
    with pytest.raises(PosecoachError, match="web/ is missing"):
        resources.find_data("web", package)


def test_the_font_has_a_simplified_chinese_face() -> None:
    path = resources.font_path()
    name, _style = ImageFont.truetype(str(path), 10, index=face_index(path)).getname()
    assert name == "Noto Sans CJK SC"


def test_without_the_font_package_the_systems_font_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Fonts").mkdir()
    (tmp_path / "Fonts" / "msyh.ttc").touch()
    monkeypatch.setenv("WINDIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "noto_cjk_sans_otc", None)
    assert resources.font_path() == tmp_path / "Fonts" / "msyh.ttc"


def test_no_font_at_all_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_packaged_font", lambda: None)
    monkeypatch.setattr(resources, "_SYSTEM_FONTS", ())
    with pytest.raises(PosecoachError, match="noto-cjk-sans-otc"):
        resources.font_path()
