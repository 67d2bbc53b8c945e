"""How the command speaks: tables for people, JSON for machines, errors with the fix on standard error."""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Collection
from datetime import date
from typing import NoReturn

import typer
from rich.console import Console

# Where there is no terminal, nothing is cut to the width of one: what is listed goes into another command.
console = Console() if sys.stdout.isatty() or "COLUMNS" in os.environ else Console(width=200)
errors = Console(stderr=True)

BAD_INPUT = 2  # exit status where what was asked for cannot be: mend the input, don't try again


def say_json(value: object) -> None:
    """*value* as one JSON document on standard output, never folded or coloured."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    """Instants and dates in ISO 8601; anything else as it says itself."""
    return value.isoformat() if isinstance(value, date) else str(value)


def alike(word: str, known: Collection[str]) -> str:
    """ "Did you mean “…”? " where something alike is known, else nothing."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean “{found[0]}”? " if found else ""


def fail(message: str, *, fix: str = "") -> NoReturn:
    """End with *message* and the *fix* on standard error."""
    errors.print(message, style="bold", markup=False, highlight=False)
    if fix:
        errors.print(fix, markup=False, highlight=False)
    raise typer.Exit(BAD_INPUT)
