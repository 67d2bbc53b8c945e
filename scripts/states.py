"""Draw the machines of `broadsheet.core.lifecycle` for the documentation: ``docs/images/states-*.svg``, and the tables of
events in ``docs/reference/states.md``.

Needs Graphviz's `dot` (Debian: graphviz). Each picture carries the text that it was drawn from, so that a test can tell
without Graphviz whether it still fits. The documentation and its checks need the pictures alone.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broadsheet.core.lifecycle import Machine
from broadsheet.core.lifecycle.machines import MACHINES

DOCS = Path(__file__).resolve().parent.parent / "docs"
IMAGES, PAGE = DOCS / "images", DOCS / "reference" / "states.md"
FONT = "Source Sans 3, Noto Sans, Helvetica, Arial, sans-serif"
LINES = {"worker": "#025975", "scheduler": "#6b6b6b", "person": "#a34700"}
WHO = {"worker": "a worker", "scheduler": "the scheduler", "person": "a person"}
TEXT = re.compile(r"<metadata>(.*?)</metadata>", re.DOTALL)


def dot(machine: Machine[Any]) -> str:
    """The machine as Graphviz reads it. Ends that are reached by the same events are one node, which keeps it readable."""
    return "\n".join(["digraph {", *_head(machine), *_nodes(machine), *_edges(machine), "}"])


def written_in(picture: str) -> str:
    """The text that a picture was drawn from; empty where it says none."""
    found = TEXT.search(picture)
    return html.unescape(found[1]) if found else ""


def _head(machine: Machine[Any]) -> Iterator[str]:
    yield "  rankdir=TB; bgcolor=transparent; nodesep=0.3; ranksep=0.5; pad=0.1;"
    yield f'  node [shape=box, style="rounded,filled", fillcolor="#fdfdfb", color="#1c1c1c", fontname="{FONT}", fontsize=13];'
    yield f'  edge [fontname="{FONT}", fontsize=11, arrowsize=0.7];'


def _groups(machine: Machine[Any]) -> dict[Any, tuple[Any, ...]]:
    """Each state with those that come from the same places and lead to the same, itself among them."""
    alike: dict[Any, list[Any]] = {}
    for state in machine.states:
        key = (
            tuple(number for number, one in enumerate(machine.ways) if state in one.sources),
            tuple(number for number, one in enumerate(machine.ways) if state in one.targets),
        )
        alike.setdefault(key, []).append(state)
    return {state: tuple(group) for group in alike.values() for state in group}


def _nodes(machine: Machine[Any]) -> Iterator[str]:
    for group in dict.fromkeys(_groups(machine).values()):
        final = not machine.after(group[0])
        label = "\\n".join(one or "not checked yet" for one in group)
        yield f'  {_name(group)} [label="{label}"{", penwidth=2.5" if final else ""}];'


def _edges(machine: Machine[Any]) -> Iterator[str]:
    """One for each pair of nodes, with the numbers of the events that lead from one to the other."""
    groups = _groups(machine)
    found: dict[tuple[tuple[Any, ...], tuple[Any, ...]], list[int]] = {}
    for number, one in enumerate(machine.ways, start=1):
        for source in machine.states:
            for target in machine.states:
                pair = (groups[source], groups[target])
                if source in one.sources and target in one.targets and number not in found.setdefault(pair, []):
                    found[pair].append(number)
    for (source, target), numbers in found.items():
        if numbers:
            by = {machine.ways[number - 1].by for number in numbers}
            colour = LINES[by.pop()] if len(by) == 1 else "#1c1c1c"
            label = ", ".join(map(str, numbers))
            yield f'  {_name(source)} -> {_name(target)} [label=" {label} ", color="{colour}", fontcolor="{colour}"];'


def _name(group: tuple[Any, ...]) -> str:
    return "_".join(one or "none" for one in group)


def legend(machine: Machine[Any]) -> str:
    """The events by the numbers in the picture, as a table in Markdown."""
    rows = ["| | event | from | to | by |", "|---|---|---|---|---|"]
    for number, one in enumerate(machine.ways, start=1):
        to = _listed(machine, one.targets) + (f": {one.chosen}" if one.chosen else "")
        rows.append(f"| {number} | {one.event} | {_listed(machine, one.sources)} | {to} | {WHO[one.by]} |")
    return "\n".join(rows)


def _listed(machine: Machine[Any], states: frozenset[Any]) -> str:
    return ", ".join(f"`{one}`" if one else "not checked" for one in machine.states if one in states)


def filled(page: str) -> str:
    """The page with each machine's legend between its marks."""
    for name, machine in MACHINES.items():
        begin, end = f"<!-- states: {name} -->", "<!-- /states -->"
        head, rest = page.split(begin, 1)
        page = f"{head}{begin}\n{legend(machine)}\n{rest[rest.index(end) :]}"
    return page


def main() -> None:
    for name, machine in MACHINES.items():
        text = dot(machine)
        try:
            drawn = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True).stdout
        except FileNotFoundError:
            sys.exit("Graphviz is missing: apt-get install graphviz")
        picture = drawn[drawn.index("<svg") :]
        picture = re.sub(r"<!--.*?-->\n?", "", picture, flags=re.DOTALL)
        kept = f"<metadata>{html.escape(text, quote=False)}</metadata>"
        picture = picture.replace(">", f">{kept}", 1)
        (IMAGES / f"states-{name}.svg").write_text(picture, "utf-8")
        print(f"Drew states-{name}.svg")
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
