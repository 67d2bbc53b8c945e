"""What is wrong with a calendar, where in its definition, and how to mend it."""

from __future__ import annotations


class CalendarError(ValueError):
    """A calendar that cannot be built as written. Never worth a retry: ask its author.

    path: keys and positions inside the definition, ("countries", 0, "country"). message: what is wrong. fix: what to
    write instead, one sentence.
    """

    def __init__(self, path: tuple[str | int, ...], message: str, fix: str) -> None:
        self.path, self.message, self.fix = path, message, fix
        super().__init__(path, message, fix)  # as given, so that it can cross processes

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{where}: {self.message} {self.fix}" if where else f"{self.message} {self.fix}"


class Circle(CalendarError):
    """Calendars that name each other."""
