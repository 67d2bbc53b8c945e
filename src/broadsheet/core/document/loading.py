"""Definition files: YAML in, plain data with the line of every key out; what is wrong names file, line and fix.

The first key of a document says its kind and name (``dataset: lead-events``); several documents in a file are parted
by ``---``. What a kind's keys mean is the business of the app that owns it; `Loaded.problem` lets it complain with the
right line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

KINDS = (
    "source", "dataset", "calendar", "report", "schedule", "channel", "brand", "role", "contact", "team", "workspace", "grants", "limits",
)  # fmt: skip
Path = tuple[str | int, ...]
DEEPEST = 40  # levels; deeper nesting is a mistake or an attack
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")  # it stands in addresses, file names and commands
UNKEPT = re.compile(r"[\0\ud800-\udfff]")  # what neither a database nor UTF-8 takes


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where (``line`` from 1, ``path`` as ``metrics.cost.label``), what, and how to mend it."""

    file: str
    line: int
    path: str
    message: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {f'{self.path}: ' if self.path else ''}{self.message} {self.fix}".rstrip()


class DefinitionError(ValueError):
    """A file that cannot be taken as it is; carries every problem found. Its author must mend it."""

    def __init__(self, problems: Collection[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One document: its kind and name, its data without the first key, and the line of every path in it."""

    kind: str
    name: str
    data: Mapping[str, Any]
    lines: Mapping[Path, int]
    file: str

    def problem(self, path: Path, message: str, fix: str = "") -> Problem:
        """A problem at *path*, or at the nearest key above it that stands in the file."""
        nearest = path
        while nearest and nearest not in self.lines:
            nearest = nearest[:-1]
        return Problem(self.file, self.lines.get(nearest, 1), ".".join(map(str, path)), message, fix)

    def unknown_keys(self, known: Collection[str], *, path: Path = ()) -> list[Problem]:
        """A problem for each key at *path* that is not *known*, with the likely meaning."""
        data: Any = self.data
        for step in path:
            data = data[step]
        return [self._unknown(str(key), known, path=path) for key in data if key not in known]

    def _unknown(self, key: str, known: Collection[str], *, path: Path) -> Problem:
        near = difflib.get_close_matches(key, known, n=1)
        fix = f"Did you mean “{near[0]}”?" if near else f"Known are: {', '.join(sorted(known))}."
        return self.problem((*path, key), f"“{key}” is not known here.", fix)


def load(text: str, *, file: str) -> list[Loaded]:
    """The documents of *text*. Raises DefinitionError with all problems that YAML itself and the first keys show."""
    try:
        _refuse_bombs(text, file=file)
        nodes = [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        fix = "Check the indentation, quotes and brackets there."
        raise DefinitionError([Problem(file, line, "", f"This is not YAML: {error.problem}.", fix)]) from error
    except (yaml.YAMLError, RecursionError) as error:
        fix = "Save the file as UTF-8 text without control characters."
        raise DefinitionError([Problem(file, 1, "", "This is not text that YAML can read.", fix)]) from error
    problems: list[Problem] = []
    found = [_document(node, file=file, problems=problems) for node in nodes]
    if problems:
        raise DefinitionError(problems)
    return [one for one in found if one is not None]


def _refuse_bombs(text: str, *, file: str) -> None:
    """Refuse what grows or sinks without bound when it is read: aliases of aliases, and endless nesting.

    Works on the lazy stream of events, so that it stops where the trouble begins.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise DefinitionError(
                [Problem(file, line, "", f"“*{event.anchor}” is an alias.", "Write its content out.")]
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise DefinitionError([Problem(file, line, "", "This is nested too deeply.", f"At most {DEEPEST} levels.")])


def _document(node: yaml.Node, *, file: str, problems: list[Problem]) -> Loaded | None:
    lines: dict[Path, int] = {}
    data = _plain(node, (), lines=lines, file=file, problems=problems)
    line = node.start_mark.line + 1
    first = next(iter(data), None) if isinstance(data, dict) else None
    if first not in KINDS:
        said = f"It begins with “{first}”." if first else "It is not a mapping."
        fix = f"Begin with one of {', '.join(f'“{kind}: name”' for kind in KINDS)}."
        problems.append(Problem(file, line, "", f"This is not a definition. {said}", fix))
        return None
    name = data.pop(first)
    if not isinstance(name, str) or not name:
        problems.append(Problem(file, line, first, "The name is missing.", f"Write “{first}: some-name”."))
        return None
    if not NAME.fullmatch(name):
        fix = "Use up to 100 small letters, digits, hyphens and underscores."
        problems.append(Problem(file, line, first, f"“{name[:100]}” cannot be a name.", fix))
        return None
    return Loaded(first, name, data, lines, file)


def _plain(node: yaml.Node, path: Path, *, lines: dict[Path, int], file: str, problems: list[Problem]) -> Any:
    """Plain data of *node*, the line of each path into *lines*."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        items = enumerate(node.value)
        return [_plain(item, (*path, index), lines=lines, file=file, problems=problems) for index, item in items]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node, path, file=file, problems=problems)
    mapping: dict[str, Any] = {}
    for key_node, value in node.value:
        key = UNKEPT.sub("�", str(key_node.value))
        line = key_node.start_mark.line + 1
        if key in mapping:
            at = ".".join(map(str, (*path, key)))
            problems.append(
                Problem(file, line, at, f"“{key}” is there twice.", f"The first is on line {lines[*path, key]}.")
            )
        lines.setdefault((*path, key), line)
        mapping[key] = _plain(value, (*path, key), lines=lines, file=file, problems=problems)
    return mapping


def _scalar(node: yaml.Node, path: Path, *, file: str, problems: list[Problem]) -> Any:
    """The value of one word or text; None with a problem for what cannot be one, such as the 31st of February."""
    line, at = node.start_mark.line + 1, ".".join(map(str, path))
    try:
        value = yaml.SafeLoader("").construct_object(node)
        if isinstance(value, bytes):
            raise ValueError("no place for bytes")
    except (yaml.YAMLError, ValueError, OverflowError):
        problems.append(Problem(file, line, at, "This value cannot be read.", "Put it between quotes, or correct it."))
        return None
    if isinstance(value, str) and UNKEPT.search(value):
        problems.append(Problem(file, line, at, "The text holds a character that cannot be kept.", "Take it out."))
        return None
    return value


class _Writer(yaml.SafeDumper):
    """Writes texts of several lines as blocks, so that SQL stays readable."""


def _block_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text.strip() else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _block_text)


def dump(kind: str, name: str, data: Mapping[str, Any]) -> str:
    """The YAML text of one document, which `load` reads back to equal data; keys keep their order."""
    return yaml.dump(
        {kind: name, **data}, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
    )
