"""Finds what ships with posecoach: the rules, the page's assets, npm packages fetched at set-up and a font with Chinese characters."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

from posecoach.errors import PosecoachError
from posecoach.vocabulary import Text

_PACKAGE = Path(__file__).resolve().parent

RECOGNISER_FILES = (
    "@mediapipe/tasks-vision/vision_bundle.mjs",
    "@mediapipe/tasks-vision/wasm/vision_wasm_internal.js",
    "@mediapipe/tasks-vision/wasm/vision_wasm_internal.wasm",
    "@mediapipe/face_mesh/face_mesh.js",
    "@mediapipe/face_mesh/face_mesh.binarypb",
    "@mediapipe/face_mesh/face_mesh_solution_packed_assets.data",
    "@mediapipe/face_mesh/face_mesh_solution_packed_assets_loader.js",
    "@mediapipe/face_mesh/face_mesh_solution_simd_wasm_bin.data",
    "@mediapipe/face_mesh/face_mesh_solution_simd_wasm_bin.js",
    "@mediapipe/face_mesh/face_mesh_solution_simd_wasm_bin.wasm",
)
"""What a browser loads to recognise a person by itself, see `npm_file`."""

_SYSTEM_FONTS = (
    "{windows}/Fonts/msyh.ttc",
    "{windows}/Fonts/simhei.ttf",
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


def rules_dir() -> Path:
    """The folder of the shipped rule files. Raises `PosecoachError` when it is missing."""
    return find_data("rules")


def web_dir() -> Path:
    """The folder of the page's templates and static files. Raises `PosecoachError` when it is missing."""
    return find_data("web")


def npm_file(name: str) -> Path | None:
    """A file of an npm package, such as ``@mediapipe/pose/pose_landmark_heavy.tflite``; None where set-up did not fetch it."""
    path = web_dir() / "node_modules" / name
    return path if path.is_file() else None


def find_data(name: str, package: Path = _PACKAGE) -> Path:
    """The folder ``name`` inside an installed wheel, else in a checkout: beside ``package``, and only with ``pyproject.toml`` beside it."""
    installed = package / "_data" / name
    if installed.is_dir():
        return installed
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise PosecoachError(
        Text(
            f"安装不完整，缺少 {name}/（{package}）；请重新安装 posecoach",
            f"{name}/ is missing from this installation of posecoach ({package}); install posecoach again",
        )
    )


def font_path() -> Path:
    """A font file with Simplified Chinese: the declared dependency's, else the system's. Raises `PosecoachError` when there is none.

    The file may be a collection whose first face draws Japanese forms: `posecoach.drawing.text.face_index` picks the right one.
    """
    packaged = _packaged_font()
    if packaged is not None:
        return packaged
    windows = os.environ.get("WINDIR", "C:/Windows")
    for pattern in _SYSTEM_FONTS:
        path = Path(pattern.format(windows=windows))
        if path.is_file():
            return path
    raise PosecoachError(
        Text(
            "找不到中文字体；请安装 noto-cjk-sans-otc（在 requirements.lock 里）",
            "no font with Chinese characters found; install the package noto-cjk-sans-otc (it is in requirements.lock)",
        )
    )


def _packaged_font() -> Path | None:
    try:
        package = import_module("noto_cjk_sans_otc")
    except ModuleNotFoundError:
        return None
    path = Path(str(package.FONT_PATH))
    return path if path.is_file() else None
