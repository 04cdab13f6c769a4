"""YAML text -> `RuleSet`. Every problem of a file is reported, one line each: file, line, key, what was expected, what came."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from posecoach.errors import RulesError
from posecoach.rulebook.encodings import decode_text
from posecoach.rulebook.schema import Bands, Check, Correction, Group, Rule, RuleFile, RuleSet, did_you_mean, show
from posecoach.vocabulary import Profile, Text

Loc = tuple[str | int, ...]
Problem = tuple[Loc, str]


def _ids(prefix: str, names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}.{name}" for name in names.split())


_STANCE = (
    "head_up head_level face_forward trunk_upright trunk_lateral neck_forward shoulders_level abdomen_in legs_straight centred "
    "no_fault_arms"
)
_FEET_AND_HANDS = " feet_apart legs_together toes_v hands_front hands_back"

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "standing": _ids("stand", _STANCE + _FEET_AND_HANDS + " arms_down"),
    "morning_meeting": _ids("meeting", _STANCE + _FEET_AND_HANDS),
    "sitting": _ids(
        "sit",
        "gentle seat_depth back_rest trunk trunk_lateral shoulders_level head_level head_up face_forward knees feet_slant skirt "
        "legs_forward hands crossed_leg_down",
    ),
    "desk": _ids(
        "desk",
        "head_level gaze_level trunk_upright trunk_lateral shoulders_level hands_on_desk shins_vertical knees smile gentle headset_mic "
        "headset_worn weight_at_waist",
    ),
    "crouching": _ids("crouch", "staggered front_foot_flat front_shin_vertical rear_heel_up hips_down trunk_upright knees_together"),
    "smile": (*_ids("smile", "present eyes_join held symmetric"), "gaze.facing_share"),
}
"""The clauses a rule file of each topic must hold, judged or not."""

PREFIXES: Mapping[str, tuple[str, ...]] = {topic: tuple(sorted({f"{i.split('.')[0]}." for i in ids})) for topic, ids in REQUIRED.items()}
"""How the ids of a topic begin; no two topics share a beginning, so ids are unique across files."""

_PLAIN_WORDS = {
    "Input should be a valid tuple": "expected a list",
    "Input should be a valid string": "expected text",
    "Input should be a valid number": "expected a number",
    "Input should be a valid integer": "expected a whole number",
}


def parse_rule_set(text: str, name: str, known_measures: Collection[str] | None = None, sha256: str = "") -> RuleSet:
    """The rule set written in ``text``; ``name`` is the file's name, its stem the topic.

    Measure names are checked against ``known_measures`` unless it is None. Raises `RulesError` with one line a problem.
    """
    node = _compose(text, name)
    source = _Source(name)
    data = source.value_of(node, ())
    if not isinstance(data, dict):
        source.report([((), f"expected a mapping with the keys {', '.join(RuleFile.model_fields)}, got {show(data)}")])
        raise source.error()
    source.report(_set_problems(data, Path(name).stem))
    try:
        parsed = RuleFile.model_validate(data, context={"measures": known_measures})
    except ValidationError as error:
        source.report(_schema_problems(error))
        raise source.error() from None
    source.report(_group_problems(parsed))
    if source.has_problems:
        raise source.error()
    return RuleSet.model_construct(**dict(parsed), file=name, sha256=sha256)


def load_rule_sets(folder: Path, known_measures: Collection[str] | None = None) -> dict[str, RuleSet]:
    """The rule sets of all topics, read from ``folder``/TOPIC.yaml, by topic. Raises `RulesError` naming every problem of every file."""
    sets: dict[str, RuleSet] = {}
    problems: list[str] = []
    for topic in REQUIRED:
        try:
            sets[topic] = _load(folder / f"{topic}.yaml", known_measures)
        except RulesError as error:  # noqa: PERF203 - every broken file is reported, not only the first
            problems.append(str(error))
    if folder.is_dir():
        problems += [_unknown_file(path.name) for path in sorted(folder.glob("*.y*ml")) if path.name not in {f"{t}.yaml" for t in REQUIRED}]
    if problems:
        raise _rules_error("\n".join(problems))
    return sets


def _rules_error(said: str) -> RulesError:
    return RulesError(Text(said, said))


def _load(path: Path, known_measures: Collection[str] | None) -> RuleSet:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _rules_error(f"{path.name}: expected this rule file in {path.parent}, got: {error.strerror or error}") from None
    text = decode_text(raw)
    if text is None:
        raise _rules_error(f"{path.name}: expected text, got bytes that are none; save the file as UTF-8")
    return parse_rule_set(text, path.name, known_measures, hashlib.sha256(raw).hexdigest())


def _unknown_file(name: str) -> str:
    files = [f"{topic}.yaml" for topic in REQUIRED]
    return f"{name}: expected only the rule files {', '.join(files)}{did_you_mean(name, files)}"


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


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"{name}:{mark.line + 1}" if mark else name
        hint = "; indent with spaces, not tabs" if "\\t" in str(error.problem) else ""
        raise _rules_error(f"{line}: expected YAML, got: {str(error.problem or error.context).removeprefix('but ')}{hint}") from None
    except yaml.reader.ReaderError as error:
        line_number = text.count("\n", 0, error.position) + 1
        raise _rules_error(f"{name}:{line_number}: expected YAML, got: a character that is not allowed in it") from None
    except RecursionError:
        raise _rules_error(f"{name}: expected YAML, got: brackets nested too deeply") from None


class _Source:
    """Where in the text each value stands, and what is wrong with it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._problems: dict[tuple[Loc, str], int] = {}
        self._unread: set[Loc] = set()
        self._lines: dict[Loc, int] = {(): 1}
        self._ids: dict[Loc, str] = {}
        self._constructor = _Loader("")

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
                self._problems[(*loc, key), "expected this key once, got it twice"] = key_node.start_mark.line + 1
                continue
            out[key] = self._placed(value_node, (*loc, key), key_node)
        if isinstance(out.get("id"), str):
            self._ids[loc] = out["id"]
        return out

    def _scalar(self, node: yaml.Node, loc: Loc) -> Any:
        try:
            return self._constructor.construct_object(node, deep=True)
        except (yaml.constructor.ConstructorError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
            self.report([(loc, f"expected text or a number, got {node.value!r} tagged {node.tag}")])
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
        found = [(line, ": ".join(filter(None, (self._key(loc), message)))) for (loc, message), line in self._problems.items()]
        return _rules_error("\n".join(f"{self.name}:{line}: {what}" for line, what in sorted(found)))


def _schema_problems(error: ValidationError) -> Iterator[Problem]:
    for item in error.errors(include_url=False):
        loc, kind = item["loc"], item["type"]
        if kind == "extra_forbidden":
            keys = _keys_at(loc[:-1])
            yield loc, f"expected one of the keys {', '.join(keys)}; got {loc[-1]!r}{did_you_mean(str(loc[-1]), keys)}"
        elif kind == "missing":
            yield loc, f"expected the key {loc[-1]!r}, got none"
        elif kind == "rule":
            yield loc, item["msg"]
        elif kind == "too_short":
            if len(item["input"]) < item["ctx"]["min_length"]:
                yield loc, f"expected at least {item['ctx']['min_length']} in the list, got {len(item['input'])}"
        else:
            yield loc, f"{_expectation(item['msg'])}, got {show(item['input'])}"


def _expectation(message: str) -> str:
    if message.startswith("Input should be a valid dictionary"):
        return "expected a mapping"
    return _PLAIN_WORDS.get(message) or message.replace("Input should be", "expected").replace(" should ", " expected to ")


def _keys_at(loc: Sequence[str | int]) -> list[str]:
    """The keys a mapping may have, told by the last name on the way to it."""
    models: dict[str, type[BaseModel]] = {"rules": Rule, "checks": Check, "bands": Bands, "bands_without_neutral": Bands, "groups": Group}
    names = [part for part in loc if isinstance(part, str)]
    if not names:
        model: type[BaseModel] | None = RuleFile
    elif "bands_for" in names:
        model = Bands
    else:
        model = models.get(names[-1])
    if model is None:
        return ["zh", "en", *(Correction.model_fields if "correction" in names else ())]
    return [field.alias or name for name, field in model.model_fields.items()]


def _items(data: Mapping[str, Any], key: str) -> list[tuple[Loc, dict[str, Any]]]:
    listed = data.get(key)
    return [((key, i), item) for i, item in enumerate(listed) if isinstance(item, dict)] if isinstance(listed, tuple) else []


def _set_problems(data: Mapping[str, Any], stem: str) -> Iterator[Problem]:
    """What is wrong with the ids of a set; works on data that may be wrong otherwise."""
    if stem not in REQUIRED:
        yield (), f"expected the file name of a topic ({', '.join(REQUIRED)}), got {stem!r}{did_you_mean(stem, REQUIRED)}"
        return
    if "topic" in data and data["topic"] != stem:
        yield ("topic",), f"expected {stem!r} as in the file's name, got {show(data['topic'])}"
    rule_ids = [(loc, item["id"]) for loc, item in _items(data, "rules") if isinstance(item.get("id"), str)]
    group_ids = [(loc, item["id"]) for loc, item in _items(data, "groups") if isinstance(item.get("id"), str)]
    yield from _id_problems([*rule_ids, *group_ids], PREFIXES[stem])
    present = {rule_id for _, rule_id in rule_ids}
    for missing in REQUIRED[stem]:
        if missing not in present:
            yield ("rules",), f"missing clause: expected a rule with the id {missing!r}, got none"
    known = present | {i for ids in REQUIRED.values() for i in ids}
    for loc, item in _items(data, "rules"):
        parent = item.get("parent")
        if isinstance(parent, str) and " " not in parent and parent not in known:
            hint = did_you_mean(parent, known)
            yield (*loc, "parent"), f"expected a rule id, or a document and a section, got {parent!r}{hint}"


def _id_problems(found: Sequence[tuple[Loc, str]], prefixes: tuple[str, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for loc, name in found:
        if name in seen:
            yield (*loc, "id"), f"duplicate id: expected {name!r} once, got it again"
        if not name.startswith(prefixes):
            yield (*loc, "id"), f"expected an id that begins with {' or '.join(prefixes)}, got {name!r}"
        seen.add(name)


def _group_problems(rules: RuleFile) -> Iterator[Problem]:
    profiles_of = {rule.id: rule.profiles for rule in rules.rules}
    taken: set[tuple[str, Profile]] = set()
    for i, group in enumerate(rules.groups):
        for loc, member in [(("groups", i, "any_of", a, m), name) for a, alt in enumerate(group.any_of) for m, name in enumerate(alt)]:
            if member not in profiles_of:
                yield loc, f"expected the id of a rule in this file, got {member!r}{did_you_mean(member, profiles_of)}"
                continue
            lacking = [p.value for p in group.profiles if p not in profiles_of[member]]
            if lacking:
                yield loc, f"expected a rule for every profile of the group, got {member!r}, which is not for {', '.join(lacking)}"
            if any((member, p) in taken for p in group.profiles):
                yield loc, f"expected a rule to be a member of one group for a profile, got {member!r} in two"
        twice = [name for name, n in Counter(group.members).items() if n > 1]
        if twice:
            yield ("groups", i, "any_of"), f"expected each rule once in a group, got {', '.join(twice)} again"
        taken |= {(member, p) for member in group.members for p in group.profiles}
