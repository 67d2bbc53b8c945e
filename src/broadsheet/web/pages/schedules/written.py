"""One schedule out of what somebody wrote as text."""

from __future__ import annotations

from broadsheet.core.document.loading import Loaded
from broadsheet.schedules.models import Schedule
from broadsheet.web.definitions import one_document

FILE = "schedule"


def one_schedule(written: str, saved: Schedule | None) -> Loaded:
    """The one schedule in *written*, of the name that is being changed. Raises DefinitionError."""
    return one_document(written, kind=FILE, name=saved.name if saved else "")
