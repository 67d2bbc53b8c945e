"""Puts the subcommands together. Each lives in a module of its own; none holds rules."""

from __future__ import annotations

import typer

from .sample import sample
from .when import when

app = typer.Typer(
    name="broadsheet",
    help="Schedules reports, makes each one personal, delivers it and accounts for it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold secrets
)
app.command()(sample)
app.command()(when)


@app.callback()
def main() -> None:
    """Broadsheet."""


def run() -> None:
    """The console script's entry."""
    app()
