"""Whole tracks from landmark files; the program reads them block by block."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np

from posecoach.body.records import Track
from posecoach.storage.landmark_files import Meta, load_blocks, load_meta


def load_track(path: Path) -> tuple[Track, Meta]:
    """The track and meta of a file. Raises `SourceError` as `load_blocks`."""
    blocks = list(load_blocks(path))
    names = [field.name for field in fields(Track) if field.name not in ("size_wh", "model")]
    arrays = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in names}
    return Track(**arrays, size_wh=blocks[0].size_wh, model=blocks[0].model), load_meta(path)
