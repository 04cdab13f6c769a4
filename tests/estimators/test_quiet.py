"""Chatter of native libraries is dropped, everything else comes through."""

from __future__ import annotations

import os

import pytest

from posecoach.estimators.quiet import quiet_native

CHATTER = b"W0000 00:00:1 x.cc:1] no matter\nI0000 00:00:1 x.cc:1] no matter\nINFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n"
ERROR = b"E0000 00:00:1 x.cc:1] it matters\n"


def test_notes_and_warnings_are_dropped_and_errors_kept(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native():
        os.write(2, CHATTER + ERROR + b"a line of the program")
    assert capfd.readouterr().err == "E0000 00:00:1 x.cc:1] it matters\na line of the program"


def test_what_was_held_comes_out_when_the_body_raises(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with quiet_native():
            os.write(2, CHATTER + ERROR)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == ERROR.decode() + "after\n"


def test_one_inside_another(capfd: pytest.CaptureFixture[str]) -> None:
    with quiet_native():
        os.write(2, ERROR)
        with quiet_native():
            os.write(2, CHATTER)
    assert capfd.readouterr().err == ERROR.decode()


def test_without_an_error_stream_it_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_descriptor: int) -> int:
        raise OSError("bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    with quiet_native():
        pass
