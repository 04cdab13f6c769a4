"""The text of a rule file as plain data, with the place of each value in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import copy
from typing import Any

import yaml

from posecoach.errors import RulesError
from posecoach.rulebook.complaints import NOTHING, expected, same
from posecoach.vocabulary import Text

Loc = tuple[str | int, ...]
"""The keys and indices that lead to a value."""

Problem = tuple[Loc, Text]
"""What is wrong, and where."""

_TWICE = Text("这个键应只写一次，现在写了两次", "expected this key once, got it twice")


class _Loader(yaml.SafeLoader):
    """Safe YAML without dates and aliases: a rule is written where it is read."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="an alias (*name), which rule files do not take", problem_mark=mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _FastLoader(getattr(yaml, "CSafeLoader", _Loader)):  # type: ignore[misc]
    """The same in C, where it was built: many times as fast, with other words for mistakes."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def compose(text: str, name: str) -> yaml.Node | None:
    """The nodes of a rule file; None where it is empty. Raises `RulesError` with the line of what is no YAML."""
    with suppress(yaml.YAMLError):  # the other loader says what is wrong
        if not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_FastLoader)):
            return yaml.compose(text, Loader=_FastLoader)
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = same(str(error.problem or error.context).removeprefix("but "))
        hint = Text("；缩进用空格，不用制表符", "; indent with spaces, not tabs") if "\\t" in problem.en else NOTHING
        raise _no_yaml(f"{name}:{mark.line + 1}" if mark else name, problem, hint) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _no_yaml(f"{name}:{line}", Text("不允许的字符", "a character that is not allowed in it")) from None
    except RecursionError:
        raise _no_yaml(name, Text("嵌套太深的括号", "brackets nested too deeply")) from None


def _no_yaml(place: str, got: Text, hint: Text = NOTHING) -> RulesError:
    return RulesError(Text(f"{place}: 应为 YAML，现在是：{got.zh}{hint.zh}", f"{place}: expected YAML, got: {got.en}{hint.en}"))


class YamlText:
    """Where in the text each value stands, and what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._problems: dict[tuple[Loc, Text], int] = {}
        self._unread: set[Loc] = set()
        self._lines: dict[Loc, int] = {(): 1}
        self._ids: dict[Loc, str] = {}
        self._constructor = _Loader("")

    def afresh(self) -> YamlText:
        """The same text, to note problems in that this one does not have."""
        twin = copy(self)
        twin._problems, twin._unread = dict(self._problems), set(self._unread)
        return twin

    def value_of(self, node: yaml.Node | None, loc: Loc) -> Any:
        """Plain data of a node, sequences as tuples; remembers the line of each value."""
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._placed(item, (*loc, i), item) for i, item in enumerate(node.value))
        return None if node is None else self._scalar(node, loc)

    def _placed(self, node: yaml.Node, loc: Loc, beginning: yaml.Node) -> Any:
        self._lines[loc] = beginning.start_mark.line + 1
        return self.value_of(node, loc)

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in out:
                self._problems[(*loc, key), _TWICE] = key_node.start_mark.line + 1
                continue
            out[key] = self._placed(value_node, (*loc, key), key_node)
        if isinstance(out.get("id"), str):
            self._ids[loc] = out["id"]
        return out

    def _scalar(self, node: yaml.Node, loc: Loc) -> Any:
        try:
            return self._constructor.construct_object(node, deep=True)
        except (yaml.constructor.ConstructorError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
            got = f"{node.value!r} ({node.tag})"
            self.report([(loc, expected(Text("文字或数字", "text or a number"), same(got)))])
            self._unread.add(loc)
            return None

    def report(self, problems: Iterator[Problem] | Sequence[Problem]) -> None:
        """Note problems at the nearest place that stands in the text."""
        for loc, message in problems:
            known = self._known(loc)
            if known not in self._unread:
                self._problems[known, message] = self._lines[known]

    def _known(self, loc: Loc) -> Loc:
        known: Loc = ()
        for part in loc:
            if (*known, part) in self._lines:
                known = (*known, part)
        return known

    def _key(self, loc: Loc) -> str:
        out = ""
        for i, part in enumerate(loc):
            label = self._ids.get(loc[: i + 1], part)
            out += f"[{label}]" if isinstance(part, int) else f".{label}"
        return out.lstrip(".")

    @property
    def has_problems(self) -> bool:
        """Whether anything was noted."""
        return bool(self._problems)

    def error(self) -> RulesError:
        """All problems noted, by line."""
        found = sorted((line, self._key(loc), words.en, words.zh) for (loc, words), line in self._problems.items())
        zh, en = ([f"{self.name}:{line}: " + ": ".join(filter(None, (key, said[which]))) for line, key, *said in found] for which in (1, 0))
        return RulesError(Text("\n".join(zh), "\n".join(en)))
