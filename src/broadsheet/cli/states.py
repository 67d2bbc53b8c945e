"""States as options take them: names with commas between."""

from __future__ import annotations

from collections.abc import Iterable

from .output import alike, fail


def chosen_states(given: str, states: Iterable[str]) -> list[str]:
    """Those that *given* names. Ends the command with the *states* that there are when one of them is none."""
    known, asked = [str(one) for one in states], [one for one in given.split(",") if one]
    for one in asked:
        if one not in known:
            fail(f"There is no state “{one}”.", fix=f"{alike(one, known)}There are: {', '.join(known)}.")
    return asked
