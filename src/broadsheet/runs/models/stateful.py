"""The one place where states are written: a change that the machines of `core.lifecycle` do not know never matches.

Every conditional update of a row with states goes through `StatefulQuerySet.update`, which asks besides that the row is in
a state from which there is a way. Who writes looks at how many rows were changed, as with any condition; what came too late,
or was never possible, changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from broadsheet.core.lifecycle import InvalidTransition, Machine

M = TypeVar("M", bound="Stateful")
Machines = dict[str, Machine[Any]]


class StatefulQuerySet(models.QuerySet[M]):
    """``strict``: an update that would have changed a row against the machines is a fault of ours, and raises. For tests:
    between a look and the change another process may have changed the row."""

    strict: ClassVar[bool] = False

    def update(self, **fields: Any) -> int:
        """How many rows were changed: of those that were asked for, the ones that may change so. Raises ValueError for what is
        no state; an expression is none."""
        found = self
        for name, machine in self.model.MACHINES.items():
            if name not in fields:
                continue
            to = machine.states(fields[name])
            if self.strict:
                _refuse(self, name, machine, to)
            found = found.filter(**{f"{name}__in": machine.before(to)})
        return models.QuerySet.update(found, **fields)


class Stateful(models.Model):
    """A row whose fields in ``MACHINES`` are states. `save` refuses a change of state that there is no way for. ``unchecked``
    writes whatever it is told: for tests that set a scene."""

    MACHINES: ClassVar[Machines] = {}
    objects = models.Manager.from_queryset(StatefulQuerySet)()
    unchecked = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        made = super().from_db(db, field_names, values, **how)
        made._note()
        return made

    def save(self, *args: Any, **how: Any) -> None:
        """Raises InvalidTransition."""
        written: Sequence[str] | None = how.get("update_fields")
        for name, was in getattr(self, "_was", {}).items():
            now = getattr(self, name)
            if now != was and (written is None or name in written):
                machine = self.MACHINES[name]
                machine.moved(machine.states(was), machine.states(now))
        super().save(*args, **how)
        self._note(written)

    def _note(self, written: Collection[str] | None = None) -> None:
        """What the row says of its states, to compare with when it is saved: of those that were *written*, or of all."""
        said = {name: self.__dict__[name] for name in self.MACHINES if name in self.__dict__}
        kept: dict[str, Any] = {} if written is None else getattr(self, "_was", {})
        self._was = {**kept, **{name: one for name, one in said.items() if written is None or name in written}}


def _refuse(found: models.QuerySet[Any], name: str, machine: Machine[Any], to: StrEnum) -> None:
    wrong = found.exclude(**{f"{name}__in": machine.before(to)}).values_list(name, flat=True).first()
    if wrong is not None:
        raise InvalidTransition(f"A {machine.noun} that is {wrong or 'new'} cannot become {to or 'new'}.")
