"""What acts refuse, told by a command: the message with its fix on standard error, and the exit status of bad input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from .output import BAD_INPUT, errors, fail


@contextmanager
def refusals() -> Iterator[None]:
    """Ends the command where something inside is refused or cannot be. Django must be set up."""
    from broadsheet.access.errors import AccessError
    from broadsheet.core.document.loading import DefinitionError
    from broadsheet.core.policy.roles import Refused
    from broadsheet.delivery.errors import DeliveryError
    from broadsheet.operations.errors import OperationsError
    from broadsheet.runs.errors import RunError

    try:
        yield
    except DefinitionError as error:
        for problem in error.problems:
            where = f"{problem.path}: " if problem.path else ""
            errors.print(
                f"{where}{problem.message} {problem.fix}".rstrip(), markup=False, highlight=False, soft_wrap=True
            )
        raise typer.Exit(BAD_INPUT) from error
    except (AccessError, DeliveryError, OperationsError, Refused, RunError) as error:
        fail(str(error))
