"""JSON from strangers: what is read is what can be written again."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.storage.plain_json import (
    MOST_DEPTH,
    as_count,
    as_list,
    as_mapping,
    as_number,
    as_path_within,
    as_text,
    parse_json,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_any_value_is_read_or_refused_and_can_be_written(value: Any) -> None:
    try:
        found = parse_json(json.dumps(value).encode())
    except ValueError:
        assert "NaN" in json.dumps(value) or "Infinity" in json.dumps(value)
    else:
        json.dumps(found, ensure_ascii=False).encode()


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ValueError):
        parse_json(data)


@given(VALUES, st.sampled_from([as_text, as_number, as_count, as_list, as_mapping, as_path_within]))
def test_a_value_is_what_it_should_be_or_refused(value: Any, check: Any) -> None:
    try:
        found = check(value)
    except (TypeError, ValueError):
        return
    assert found == value
    if check in (as_number, as_count):
        float(found)


@pytest.mark.parametrize(
    "data", ["[" * 3000 + "]" * 3000, "[" * 51 + "]" * 51, "NaN", "[Infinity]", "", "\xff", '"'], ids=lambda text: text[:9]
)
def test_what_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_json(data.encode("latin-1"))


def test_what_is_mended() -> None:
    assert parse_json(b'["\\ud800x", "\\ud83d\\ude00", "\\u5f20"]') == ["\ufffdx", "\U0001f600", "张"]
    assert parse_json(b"9" * 400) == float("inf")
    assert parse_json(("[" * MOST_DEPTH + "]" * MOST_DEPTH).encode())


@pytest.mark.parametrize("path", ["/etc/passwd", "../a", "a/../../b", "C:\\a", "\\\\host\\a", "c:a", "..\\a", "", ".", "a\0b"])
def test_paths_that_lead_out_are_refused(path: str) -> None:
    with pytest.raises(ValueError, match="inside"):
        as_path_within(path)
