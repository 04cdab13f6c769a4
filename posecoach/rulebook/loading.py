"""A folder of rule files -> `RuleSet` by topic. Every problem is reported, one line each: file, line, key, what was expected, what came."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from posecoach.errors import RulesError, reason_of
from posecoach.resources import rules_dir
from posecoach.rulebook.complaints import expected, show
from posecoach.rulebook.encodings import decode_text
from posecoach.rulebook.problems import group_problems, id_problems, ids_of, prefixes_of, schema_problems, topic_problems
from posecoach.rulebook.schema import RuleFile, RuleSet
from posecoach.rulebook.yaml_text import YamlText, compose
from posecoach.vocabulary import Text

_ENDING = ".yaml"


def parse_rule_set(text: str, name: str, known_measures: Collection[str] | None = None) -> RuleSet:
    """The rule set written in ``text``; ``name`` is the file's name, its stem the topic.

    Measure names are checked against ``known_measures`` unless it is None. Raises `RulesError` with one line a problem.
    """
    return _validated(parse_file(text, name), known_measures)


def load_rule_sets(folder: Path, known_measures: Collection[str] | None = None) -> dict[str, RuleSet]:
    """The rule sets of all topics of a folder, one for each ``TOPIC.yaml``, by topic in their own order.

    All topics that are shipped have to be there, with all their clauses. Raises `RulesError` naming every problem of every file.
    """
    files, problems = read_folder(folder)
    missing = list(_missing_files(folder))
    known = None if problems or missing else {rule_id for file in files for rule_id in _ids(file)}
    sets: list[RuleSet] = []
    for file in files:
        try:
            sets.append(_validated(file, known_measures, known))
        except RulesError as error:  # noqa: PERF203 - every broken file is reported, not only the first
            problems.append(error.words)
    problems += [*missing, *_shared_prefixes(files)]
    refuse(problems)
    return {rule_set.topic: rule_set for rule_set in sorted(sets, key=lambda rule_set: (rule_set.order, rule_set.topic))}


def refuse(problems: Sequence[Text]) -> None:
    """Raises `RulesError` with one line a problem, where there is any."""
    if problems:
        raise RulesError(Text("\n".join(words.zh for words in problems), "\n".join(words.en for words in problems)))


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that is a mapping in YAML, before it is held against the schema."""

    source: YamlText
    data: Mapping[str, Any]
    sha256: str

    @property
    def stem(self) -> str:
        return Path(self.source.name).stem


def read_folder(folder: Path, keys: Collection[str] = tuple(RuleFile.model_fields)) -> tuple[list[ReadFile], list[Text]]:
    """The files of a folder, and what is wrong with those that cannot be read; ``keys`` are those that a file may have."""
    files: list[ReadFile] = []
    problems: list[Text] = []
    for path in sorted(folder.glob("*.y*ml")) if folder.is_dir() else []:
        try:
            files.append(_load(path, keys))
        except RulesError as error:  # noqa: PERF203 - every broken file is reported, not only the first
            problems.append(error.words)
    return files, problems


def _load(path: Path, keys: Collection[str]) -> ReadFile:
    if path.suffix != _ENDING:
        raise RulesError(
            Text(f"{path.name}: 规则文件应以 {_ENDING} 结尾；请改名", f"{path.name}: expected a rule file to end in {_ENDING}; rename it")
        )
    text, sha256 = text_of(path)
    return parse_file(text, path.name, sha256, keys)


def text_of(path: Path) -> tuple[str, str]:
    """The text of a rule file, whichever editor of an office saved it, and the SHA-256 of its bytes. Raises `RulesError`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = reason_of(error)
        raise RulesError(Text(f"{path.name}: 读不了：{why.zh}", f"{path.name}: cannot be read: {why.en}")) from None
    text = decode_text(raw)
    if text is None:
        raise RulesError(
            Text(
                f"{path.name}: 应为文字，现在读不出文字；请存成 UTF-8",
                f"{path.name}: expected text, got bytes that are none; save the file as UTF-8",
            )
        )
    return text, hashlib.sha256(raw).hexdigest()


def parse_file(text: str, name: str, sha256: str = "", keys: Collection[str] = tuple(RuleFile.model_fields)) -> ReadFile:
    """The data of a rule file with their places. Raises `RulesError` for what is no mapping in YAML."""
    read, data = _read(text, name)
    source = read.afresh()
    if not isinstance(data, dict):
        listed = ", ".join(keys)
        source.report([((), expected(Text(f"有这些键的文件：{listed}", f"a mapping with the keys {listed}"), show(data)))])
        raise source.error()
    return ReadFile(source, data, sha256)


@lru_cache(maxsize=64)
def _read(text: str, name: str) -> tuple[YamlText, Any]:
    """The data of a text and their places, which nothing changes: most are read many times, and reading is most of the work."""
    source = YamlText(name)
    return source, source.value_of(compose(text, name), ())


def _validated(file: ReadFile, known_measures: Collection[str] | None, known_ids: Collection[str] | None = None) -> RuleSet:
    source = file.source
    source.report(topic_problems(file.data, file.stem))
    source.report(id_problems(file.data, file.stem, _required(file), known_ids))
    try:
        parsed = RuleFile.model_validate(file.data, context={"measures": known_measures})
    except ValidationError as error:
        source.report(schema_problems(error))
        raise source.error() from None
    source.report(group_problems(parsed))
    if source.has_problems:
        raise source.error()
    return RuleSet.model_construct(**dict(parsed), file=source.name, sha256=file.sha256)


def _ids(file: ReadFile) -> Iterator[str]:
    """The ids that a file has, and those that it lacks, which are complained of in itself and not wherever they are named."""
    yield from _required(file)
    for _, rule_id in ids_of(file.data):
        yield rule_id


def _required(file: ReadFile) -> tuple[str, ...]:
    """The clauses that a file has to hold: those of the shipped file of its name."""
    shipped = rules_dir() / file.source.name
    if not shipped.is_file() or hashlib.sha256(shipped.read_bytes()).hexdigest() == file.sha256:
        return ()
    return _shipped_ids(shipped)


@cache
def _shipped_ids(path: Path) -> tuple[str, ...]:
    return tuple(rule_id for _, rule_id in ids_of(_load(path, ()).data))


def _missing_files(folder: Path) -> Iterator[Text]:
    if not any(folder.glob(f"*{_ENDING}")):
        zh, en = (
            f"{folder} 里没有规则文件；请写 rules 文件夹的副本",
            f"there are no rule files in {folder}; give a copy of the folder rules",
        )
        yield Text(zh, en)
        return
    for path in sorted(rules_dir().glob(f"*{_ENDING}")):
        if not (folder / path.name).is_file():
            yield Text(f"{path.name}: {folder} 里应有这个规则文件", f"{path.name}: expected this rule file in {folder}, got none")


def _shared_prefixes(files: Sequence[ReadFile]) -> Iterator[Text]:
    """No two topics share a beginning of ids, so that an id is unique in the folder."""
    owner: dict[str, str] = {}
    for file in files:
        for prefix in prefixes_of(file.data, file.stem):
            other = owner.setdefault(prefix, file.source.name)
            if other != file.source.name:
                yield Text(
                    f"{file.source.name}: prefixes: {prefix!r} 已被 {other} 使用",
                    f"{file.source.name}: prefixes: expected one of its own, got {prefix!r}, which is that of {other}",
                )
