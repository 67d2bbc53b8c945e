"""`broadsheet key`: the secret key of an installation."""

from __future__ import annotations

from broadsheet.home import home
from broadsheet.secret import make_key

from .output import console


def key() -> None:
    """Make the secret key that sessions and links are signed with, unless there is one."""
    file = make_key(home())
    console.print(f"The secret key is in {file}", markup=False, highlight=False, soft_wrap=True)
