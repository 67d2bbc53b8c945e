"""What each check does when it finds something, and from where on it finds something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Do = Literal["hold", "warn", "off"]


@dataclass(frozen=True, slots=True)
class Limits:
    """``failed_block`` … ``size`` say what each check does.

    ``percent``: rows below this share of what is usual are a collapse. ``usual_least``: where fewer rows are usual, a
    share of them says nothing. ``runs``: so many earlier runs are needed to know what is usual. ``stale_hours``: data may
    be so old; None: as it used to be. ``megabytes``: files of one delivery, together; None: what e-mail carries, and
    anything elsewhere. ``share``: more than this percent of the slices held at once hold the whole run.
    """

    failed_block: Do = "hold"
    blank_block: Do = "hold"
    collapse: Do = "hold"
    percent: float = 25.0
    usual_least: int = 10
    runs: int = 3
    stale: Do = "hold"
    stale_hours: float | None = None
    size: Do = "hold"
    megabytes: float | None = None
    share: float = 25.0
