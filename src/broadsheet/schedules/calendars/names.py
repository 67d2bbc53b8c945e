"""A shelf as the mappings of names that rules are read with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from broadsheet.core.recurrence import RuleError

from .errors import CalendarError

Found = TypeVar("Found")


class Anything(Mapping[str, Found]):
    """Every name stands for *value*: to check the form of a rule before anybody knows whose calendars it means."""

    def __init__(self, value: Found) -> None:
        self._value = value

    def __getitem__(self, name: str) -> Found:
        return self._value

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True  # more is known than is listed


class Names(Mapping[str, Found]):
    """Name → what it stands for, made when asked for. Iterates over *listed* names only; *find* may know more.

    A name whose definition is wrong is there, and raises RuleError when it is taken.
    """

    def __init__(self, find: Callable[[str], Found], listed: Sequence[str], *, key: str) -> None:
        self._find, self._listed, self._key = find, listed, key

    def __getitem__(self, name: str) -> Found:
        try:
            return self._find(name)
        except CalendarError as error:
            raise RuleError(self._key, error.message.rstrip("."), error.fix) from error

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name in self._listed:
            return True
        try:
            self._find(name)
        except CalendarError:
            return False
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __bool__(self) -> bool:
        return True  # more is known than is listed
