"""One schedule out of what somebody wrote as text."""

from __future__ import annotations

from broadsheet.core.document.loading import DefinitionError, Loaded, Problem, load
from broadsheet.schedules.models import Schedule

from . import drafts

FILE = "schedule"
LONGEST = 200_000  # characters of a definition


def one_schedule(written: str, saved: Schedule | None) -> list[Loaded]:
    """The one schedule in *written*, of the name that is being changed. Raises DefinitionError."""
    if len(written) > LONGEST:
        raise DefinitionError([Problem(FILE, 1, "", "This text is too long.", f"At most {LONGEST:,} characters.")])
    documents = load(written, file=FILE)
    if len(documents) != 1:
        fix = "Write one document that begins with “schedule: name”."
        raise DefinitionError([Problem(FILE, 1, "", f"There are {len(documents)} definitions here.", fix)])
    [loaded] = documents
    if saved is not None and (loaded.kind, loaded.name) != (FILE, saved.name):
        fix = f"Begin with “schedule: {saved.name}”; for another schedule, choose New schedule."
        raise DefinitionError([loaded.problem((), f"This is {loaded.kind} “{loaded.name}”.", fix)])
    if loaded.kind == FILE and drafts.name_problem(loaded.name):
        raise DefinitionError([loaded.problem((FILE,), drafts.name_problem(loaded.name))])
    return documents
