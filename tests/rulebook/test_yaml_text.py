"""The two readers of YAML, the fast and the one with our words for mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from posecoach.resources import rules_dir
from posecoach.rulebook import yaml_text


@pytest.mark.parametrize("path", sorted(rules_dir().rglob("*.yaml")), ids=lambda path: path.stem)
def test_both_readers_see_the_same_on_the_same_lines(path: Path) -> None:
    slow, fast = (seen(path.read_text("utf-8"), vars(yaml_text)[name]) for name in ("_Loader", "_FastLoader"))
    assert len(slow) > 20
    assert fast == slow


def seen(text: str, loader: Any) -> list[tuple[str, str, int]]:
    """Tag, value and line of every node."""
    nodes: list[Any] = [yaml.compose(text, Loader=loader)]
    found = []
    while nodes:
        node = nodes.pop()
        is_scalar = isinstance(node, yaml.ScalarNode)
        found.append((node.tag, node.value if is_scalar else "", node.start_mark.line))
        children = [] if is_scalar else node.value
        nodes += [part for child in children for part in (child if isinstance(child, tuple) else (child,))]
    return found
