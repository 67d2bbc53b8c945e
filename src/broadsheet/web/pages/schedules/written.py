"""One schedule out of what somebody wrote as text."""

from __future__ import annotations

from broadsheet.core.document.loading import DefinitionError, Loaded
from broadsheet.schedules.models import Schedule
from broadsheet.web.definitions import one_document

from . import drafts

FILE = "schedule"


def one_schedule(written: str, saved: Schedule | None) -> Loaded:
    """The one schedule in *written*, of the name that is being changed. Raises DefinitionError."""
    loaded = one_document(written, kind=FILE, name=saved.name if saved else "")
    problem = drafts.name_problem(loaded.name)
    if problem and saved is None:
        raise DefinitionError([loaded.problem((FILE,), problem)])
    return loaded
