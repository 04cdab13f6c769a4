"""axe-core in a page: what keeps people from reading or using it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.webapp.browser import Screen

_RUN = """
const [rules, done] = [arguments[0], arguments[arguments.length - 1]];
const options = {resultTypes: ["violations"], ...(rules && {runOnly: {type: "rule", values: rules}})};
axe.run(document, options).then((found) => done(found.violations), (error) => done(String(error)));
"""
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules whose answer depends on colours."""
SERIOUS = ("serious", "critical")


@cache
def _source() -> str:
    """The script, out of a package that brings it; nothing else of that package is used."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None, "axe-playwright-python is not installed: make setup"
    assert spec.submodule_search_locations
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


def serious_issues(screen: Screen, rules: Sequence[str] | None = None) -> list[str]:
    """Each as ``rule: the first elements``, empty where there is none; ``rules``: only these, not all."""
    if not screen.js("return 'axe' in window"):
        screen.js(_source())
    found: Any = screen.driver.execute_async_script(_RUN, rules)
    assert isinstance(found, list), found
    return [f"{issue['id']}: {_where(issue)}" for issue in found if issue["impact"] in SERIOUS]


def _where(issue: dict[str, Any]) -> str:
    shown = [" ".join(node["html"].split())[:110] + " " + "; ".join(c["message"] for c in node["any"])[:160] for node in issue["nodes"][:3]]
    return f"{len(issue['nodes'])} x {shown}"
