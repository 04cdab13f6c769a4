"""WebVTT: times, both languages, nothing in the words that would break a cue."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import av

from posecoach.judging.charts import Caption
from posecoach.reports.captions import dump_vtt, vtt_url, write_vtt
from posecoach.vocabulary import State, Text

SAID = (
    Caption(0.0, 1.25, State.FAIL, Text("请抬头", "Lift your chin")),
    Caption(3661.5, 3662.0, State.FAIL, Text("a --> b\n\n<c.big>&", "x\ty")),
)


def test_a_cue_has_its_times_and_both_languages() -> None:
    text = dump_vtt(SAID)
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:01.250\n请抬头\nLift your chin\n\n01:01:01.500 --> ")


def test_words_cannot_end_a_cue_or_be_markup() -> None:
    last = dump_vtt(SAID).split("\n\n")[-1]
    assert last == "01:01:01.500 --> 01:01:02.000\na --&gt; b &lt;c.big&gt;&amp;\nx y\n"


def test_one_language_as_a_data_url() -> None:
    url = vtt_url(SAID, "en")
    text = base64.b64decode(url.partition("base64,")[2]).decode()
    assert "Lift your chin" in text
    assert not re.search("[一-龥]", text)


def test_another_program_reads_it(tmp_path: Path) -> None:
    write_vtt(tmp_path / "a.vtt", SAID[:1])
    with av.open(str(tmp_path / "a.vtt")) as container:
        (packet, *_) = container.demux(container.streams[0])
        assert packet.pts == 0
        assert float(packet.duration * packet.time_base) == 1.25


def test_nothing_to_say_is_still_a_file() -> None:
    assert dump_vtt(()) == "WEBVTT\n"
