"""What to correct, as WebVTT captions for the annotated video."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from pathlib import Path

from posecoach.judging.charts import Caption
from posecoach.storage.whole_files import write_atomically
from posecoach.vocabulary import Text
from posecoach.wording import Language, say


def dump_vtt(captions: Iterable[Caption], language: Language | None = None) -> str:
    """A WebVTT file with a cue a caption, in one language, or in both with the Chinese line first."""
    cues = [f"{_time(c.start_s)} --> {_time(c.end_s)}\n{_words(c.text, language)}\n" for c in captions]
    return "\n".join(["WEBVTT\n", *cues])


def vtt_url(captions: Iterable[Caption], language: Language) -> str:
    """The captions as a ``data:`` URI: a page opened from disk may not load a file as a track."""
    return "data:text/vtt;charset=utf-8;base64," + base64.b64encode(dump_vtt(captions, language).encode()).decode()


def write_vtt(path: Path, captions: Iterable[Caption]) -> None:
    """Write both languages beside a video, where players look for them. Raises `OutputError`."""
    write_atomically(path, dump_vtt(captions).encode())


def _words(text: Text, language: Language | None) -> str:
    lines = [text.zh, text.en] if language is None else [say(text, language)]
    return "\n".join(_escaped(line) for line in lines)


def _escaped(line: str) -> str:
    """On one line, without what WebVTT would take for markup or for the times of a cue."""
    flat = re.sub(r"\s+", " ", line).strip() or "–"
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(at_s: float) -> str:
    ms = max(0, round(1000 * at_s))
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
