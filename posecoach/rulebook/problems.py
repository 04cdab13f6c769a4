"""What is wrong with the data of a rule file: against the schema, in its ids, its groups and its topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from posecoach.rulebook.complaints import did_you_mean, expected, same, show
from posecoach.rulebook.schema import AUTO, Bands, Correction, Group, MeasureCheck, Outline, Rule, RuleFile
from posecoach.rulebook.yaml_text import Loc, Problem
from posecoach.vocabulary import Profile, Text

_TOPIC = re.compile(r"[a-z][a-z0-9_]*")

_PLAIN_WORDS = {
    "Input should be a valid tuple": "expected a list",
    "Input should be a valid string": "expected text",
    "Input should be a valid number": "expected a number",
    "Input should be a valid integer": "expected a whole number",
    "Input should be a valid boolean": "expected true or false",
}
_CHINESE = {
    "model_type": "键值",
    "dict_type": "键值",
    "tuple_type": "列表",
    "string_type": "文字",
    "float_type": "数字",
    "int_type": "整数",
    "bool_type": " true 或 false",
    "finite_number": "有限的数字",
    "greater_than": "大于 {gt} 的数",
    "greater_than_equal": "不小于 {ge} 的数",
    "less_than": "小于 {lt} 的数",
    "less_than_equal": "不大于 {le} 的数",
    "literal_error": " {expected} 之一",
    "enum": " {expected} 之一",
    "string_too_short": "至少 {min_length} 个字",
    "string_pattern_mismatch": "符合 {pattern} 的文字",
}
"""What the schema expects, by its kind of problem."""


Models = Mapping[str, type[BaseModel]]
"""What stands under each key that holds mappings; the file itself under the empty key."""

RULE_FILE: Models = {
    "": RuleFile,
    "rules": Rule,
    "checks": MeasureCheck,
    "bands": Bands,
    "bands_without_neutral": Bands,
    "groups": Group,
    "outline": Outline,
}


def schema_problems(error: ValidationError, models: Models = RULE_FILE) -> Iterator[Problem]:
    """What does not fit the schema, whose ``models`` tell the keys of each mapping."""
    for item in error.errors(include_url=False):
        words = _schema_words(item["loc"], item, models)
        if words is not None:
            yield item["loc"], words


def _schema_words(loc: Loc, item: Mapping[str, Any], models: Models) -> Text | None:
    kind = item["type"]
    if kind == "extra_forbidden":
        keys, key = _keys_at(loc[:-1], models), str(loc[-1])
        hint = did_you_mean(key, keys)
        listed = ", ".join(keys)
        return Text(f"应为 {listed} 之一，现在是 {key!r}{hint.zh}", f"expected one of the keys {listed}; got {key!r}{hint.en}")
    if kind == "missing":
        return Text(f"缺少键 {loc[-1]!r}", f"expected the key {loc[-1]!r}, got none")
    if kind == "rule":
        return Text(item["ctx"]["zh"], item["ctx"]["en"])
    if kind == "too_short":
        least, count = item["ctx"]["min_length"], len(item["input"])
        return None if count >= least else expected(Text(f"至少 {least} 项", f"at least {least} in the list"), same(str(count)))
    got, plain = show(item["input"]), _expectation(item["msg"])
    zh = _CHINESE.get(kind, " " + plain.removeprefix("expected ")).format_map(item.get("ctx", {}))
    return Text(f"应为{zh.replace(', ', '、').replace(' or ', '、')}，现在是 {got.zh}", f"{plain}, got {got.en}")


def _expectation(message: str) -> str:
    if message.startswith("Input should be a valid dictionary"):
        return "expected a mapping"
    return _PLAIN_WORDS.get(message) or re.sub(r"^\w+ should (be|match|have)", r"expected to \1", message).replace(
        "expected to be", "expected"
    )


def _keys_at(loc: Sequence[str | int], models: Models) -> list[str]:
    """The keys a mapping may have, told by the last name on the way to it."""
    names = [part for part in loc if isinstance(part, str)]
    model = Bands if "bands_for" in names else models.get(names[-1] if names else "")
    if model is None:
        return ["zh", "en", *(Correction.model_fields if "correction" in names else ())]
    return [field.alias or name for name, field in model.model_fields.items()]


def _items(data: Mapping[str, Any], key: str) -> list[tuple[Loc, dict[str, Any]]]:
    listed = data.get(key)
    return [((key, i), item) for i, item in enumerate(listed) if isinstance(item, dict)] if isinstance(listed, tuple) else []


def ids_of(data: Mapping[str, Any], key: str = "rules") -> list[tuple[Loc, str]]:
    """The ids of the rules or groups of a file, and where they stand; works on data that may be wrong otherwise."""
    return [(loc, item["id"]) for loc, item in _items(data, key) if isinstance(item.get("id"), str)]


def prefixes_of(data: Mapping[str, Any], stem: str) -> tuple[str, ...]:
    """How the ids of a file begin, without the dot; works on data that may be wrong otherwise."""
    given = data.get("prefixes")
    return given if isinstance(given, tuple) and given and all(isinstance(item, str) for item in given) else (stem,)


def topic_problems(data: Mapping[str, Any], stem: str, key: str = "topic") -> Iterator[Problem]:
    """What is wrong with the name of a topic or drill, under ``key``, which is that of its file."""
    if not _TOPIC.fullmatch(stem) or stem == AUTO:
        what = Text(
            f"由小写字母、数字和下划线组成的文件名，不用 {AUTO}", f"a file name of small letters, digits and underscores, not {AUTO}"
        )
        yield (), expected(what, same(repr(stem)))
    elif key in data and data[key] != stem:
        yield (key,), expected(Text(f"文件名里的 {stem!r}", f"{stem!r} as in the file's name"), show(data[key]))


def id_problems(data: Mapping[str, Any], stem: str, required: Collection[str], known: Collection[str] | None) -> Iterator[Problem]:
    """What is wrong with the ids of a file; works on data that may be wrong otherwise.

    ``required``: rules it must hold. ``known``: the ids that other files have or must hold, None where they are not known. A rule that
    must be there is told as missing once, and not again at each rule whose parent it is.
    """
    rules, prefixes = ids_of(data), tuple(f"{prefix}." for prefix in prefixes_of(data, stem))
    yield from _doubles([*rules, *ids_of(data, "groups")], prefixes)
    present = {rule_id for _, rule_id in rules}
    for missing in required:
        if missing not in present:
            yield (
                ("rules",),
                Text(f"缺少条款：应有 id 为 {missing!r} 的规则", f"missing clause: expected a rule with the id {missing!r}, got none"),
            )
    yield from _parent_problems(data, prefixes, present.union(required), known)


def _parent_problems(
    data: Mapping[str, Any], prefixes: tuple[str, ...], own: Collection[str], known: Collection[str] | None
) -> Iterator[Problem]:
    """Parents that no file has; where the other files are not known, only those that would have to be in this one."""
    for loc, item in _items(data, "rules"):
        parent = item.get("parent")
        if not isinstance(parent, str) or " " in parent or parent in own or (known is None and not parent.startswith(prefixes)):
            continue
        if known is None or parent not in known:
            what = Text("规则的 id，或文件和章节", "a rule id, or a document and a section")
            yield (*loc, "parent"), expected(what, same(repr(parent)), did_you_mean(parent, {*own, *(known or ())}))


def _doubles(found: Sequence[tuple[Loc, str]], prefixes: tuple[str, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for loc, name in found:
        if name in seen:
            yield (*loc, "id"), Text(f"id 重复：{name!r} 应只写一次", f"duplicate id: expected {name!r} once, got it again")
        if not name.startswith(prefixes):
            what = Text(f"以 {' 或 '.join(prefixes)} 开头的 id", f"an id that begins with {' or '.join(prefixes)}")
            yield (*loc, "id"), expected(what, same(repr(name)))
        seen.add(name)


def group_problems(rules: RuleFile) -> Iterator[Problem]:
    """Members of groups that are no rules, not for everybody, or in several groups."""
    profiles_of = {rule.id: rule.profiles for rule in rules.rules}
    taken: set[tuple[str, Profile]] = set()
    for i, group in enumerate(rules.groups):
        for loc, member in [(("groups", i, "any_of", a, m), name) for a, alt in enumerate(group.any_of) for m, name in enumerate(alt)]:
            if member not in profiles_of:
                yield (
                    loc,
                    expected(
                        Text("本文件里规则的 id", "the id of a rule in this file"), same(repr(member)), did_you_mean(member, profiles_of)
                    ),
                )
                continue
            yield from ((loc, words) for words in _member_problems(member, group, profiles_of, taken))
        twice = ", ".join(name for name, n in Counter(group.members).items() if n > 1)
        if twice:
            yield (
                ("groups", i, "any_of"),
                Text(f"每条规则在一组里应只有一次，{twice} 重复了", f"expected each rule once in a group, got {twice} again"),
            )
        taken |= {(member, p) for member in group.members for p in group.profiles}


def _member_problems(
    member: str, group: Group, profiles_of: Mapping[str, tuple[Profile, ...]], taken: Collection[tuple[str, Profile]]
) -> Iterator[Text]:
    lacking = ", ".join(p.value for p in group.profiles if p not in profiles_of[member])
    if lacking:
        yield Text(
            f"应为适用于本组所有对象的规则，{member!r} 不适用于 {lacking}",
            f"expected a rule for every profile of the group, got {member!r}, which is not for {lacking}",
        )
    if any((member, p) in taken for p in group.profiles):
        yield Text(
            f"对同一对象，一条规则应只属于一组，{member!r} 在两组里",
            f"expected a rule to be a member of one group for a profile, got {member!r} in two",
        )
