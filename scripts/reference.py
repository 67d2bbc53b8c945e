"""Write the pages of the reference that only the code can know: commands, roles, query engines.

With ``--check`` nothing is written; exit code 1 if a page is not what the code says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperArgument

from broadsheet.access.permissions import SENTENCES
from broadsheet.cli import doctor, output, run
from broadsheet.cli.main import app
from broadsheet.core.policy.roles import ROLES
from broadsheet.plugins import Setting
from broadsheet.sources.ports import ENGINES

FOLDER = Path(__file__).resolve().parent.parent / "docs/reference"
MADE = "<!-- Made by scripts/reference.py; do not edit. -->\n"
SHOWN_ROLES = ("viewer", "publisher", "editor", "admin", "owner")
STATUSES = {
    0: "done",
    output.BAD_INPUT: "what was asked for cannot be; the message says what to mend",
    run.NOT_ALL_ACCEPTED: "`run`: the run ended, and not every delivery was accepted",
    doctor.SICK: "`doctor`: something needs mending",
}
MEANINGS = SENTENCES


def commands() -> str:
    """Every command with its arguments and options, as its own help says."""
    root = typer.main.get_command(app)
    lines = [
        MADE, "# Command line\n", f"{_plain(root.help)}\n",
        "Whoever may run commands on the machine acts for the whole organization, without a sign-in. `--json` gives one "
        "JSON document on standard output; what went wrong is told on standard error. `broadsheet COMMAND --help` shows "
        "the same as this page.\n",
        "## Exit statuses\n", "| status | meaning |", "|---|---|",
        *(f"| {status} | {meaning} |" for status, meaning in sorted(STATUSES.items())), "",
    ]  # fmt: skip
    for path, command in sorted(_walk(root, ("broadsheet",)), key=lambda found: found[0]):
        lines += [f"## `{' '.join(path[1:])}`\n", f"{_plain(command.help)}\n", *_usage(path, command)]
    return "\n".join(lines).rstrip() + "\n"


def _walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if not children:
        yield path, command
        return
    for name, child in children.items():
        yield from _walk(child, (*path, name))


def _usage(path: tuple[str, ...], command: Any) -> Iterator[str]:
    visible = [one for one in command.params if one.name != "help"]
    arguments = [one for one in visible if isinstance(one, TyperArgument)]
    options = [one for one in visible if one not in arguments]
    shown = [_bracketed(one) for one in arguments]
    yield f"```\n{' '.join([*path, *(['[OPTIONS]'] if options else []), *shown])}\n```\n"
    if not visible:
        return
    yield "| name | meaning | default |"
    yield "|---|---|---|"
    for one in (*arguments, *options):
        name = (
            _shape(one)
            if one in arguments
            else " ".join([", ".join(one.opts), *([] if one.is_flag else [_shape(one)])])
        )
        yield f"| `{name}` | {_cell(getattr(one, 'help', None))} | {_default(one)} |"
    yield ""


def _shape(one: Any) -> str:
    """What stands for the value: an argument's own name, an option's kind."""
    if isinstance(one, TyperArgument):
        return str(one.name).upper()
    return {int: "N", Path: "PATH"}.get(one.type_descriptor.annotation, "TEXT")


def _bracketed(one: Any) -> str:
    shape = f"{_shape(one)}…" if one.nargs != 1 else _shape(one)
    return shape if one.required else f"[{shape}]"


def _default(one: Any) -> str:
    if one.required:
        return "required"
    return "" if one.default in (None, "", False) else f"`{one.default}`"


def roles() -> str:
    """Which role may do what."""
    known = sorted(set().union(*(ROLES[role] for role in SHOWN_ROLES)))
    lines = [
        MADE, "# Roles and permissions\n",
        "A person has one role in an organization: a built-in one of this table, or one of the organization's own, made of "
        "the same permissions. Roles given on single things add to it there: see [Give rights to a team]"
        "(../how-to/give-rights-to-a-team.md). A token has scopes, which are permissions of its owner's role, and may do no "
        "more than both allow. The command line acts as the owner of the machine, with everything below.\n",
        f"| permission | lets one | {' | '.join(SHOWN_ROLES)} |", f"|---|---|{':-:|' * len(SHOWN_ROLES)}",
    ]  # fmt: skip
    for permission in known:
        marks = " | ".join("●" if permission in ROLES[role] else "" for role in SHOWN_ROLES)
        lines.append(f"| `{permission}` | {MEANINGS[permission]} | {marks} |")
    lines += [
        "",
        "Editors see every row of a report. Viewers see what the datasets' row rules leave to a reader without attributes: "
        "where a dataset has a rule, nothing. Why so is told in [Whose rows](../explanation/whose-rows.md).",
        "",
        "A refusal names the permission that is missing and who can give it.",
    ]
    return "\n".join(lines) + "\n"


def engines() -> str:
    """The settings of every installed query engine."""
    lines = [
        MADE, "# Sources\n",
        "A source is an engine with its settings. They stand under `settings:` in the definition file; a secret is named under "
        "`secrets:`, and its value never stands in a file: give it on the Settings page or over the API. Of the installation's "
        "own folder only `data` and `sample` may be read.\n",
    ]  # fmt: skip
    for name in ENGINES.ids():
        descriptor = ENGINES.get(name).descriptor
        lines += [f"## {descriptor.label}: `{name}`\n", f"{descriptor.summary}\n"]
        lines += ["| setting | meaning | default |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {_meaning(one)} | {_given(one)} |" for one in descriptor.settings]
        lines.append("")
    lines += [
        "A source is opened for reading alone, with a limit on time and rows. See "
        "[Secured queries](../explanation/secured-queries.md).",
    ]
    return "\n".join(lines) + "\n"


def _meaning(one: Setting) -> str:
    words = [one.label]
    if one.choices:
        words.append(", ".join(f"`{value}` ({label})" for value, label in one.choices))
    if one.kind == "lines":
        words.append("a list")
    if one.secret:
        words.append("a secret")
    return _cell("; ".join(words) + (f". {one.help}" if one.help else ""))


def _given(one: Setting) -> str:
    if one.required:
        return "required"
    return "" if one.default is None else f"`{one.default}`"


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str | None) -> str:
    return _plain(text).replace("|", "\\|")


PAGES: dict[str, Callable[[], str]] = {"commands.md": commands, "roles.md": roles, "sources.md": engines}


def stale(folder: Path = FOLDER) -> list[str]:
    """Names of the pages that are missing or old."""
    return [
        name
        for name, make in PAGES.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    old = stale()
    if "--check" in arguments:
        if old:
            print(f"Out of date: {', '.join(old)}. Run scripts/reference.py.")
        return 1 if old else 0
    for name in old:
        (FOLDER / name).write_text(PAGES[name](), "utf-8")
        print(f"Wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
