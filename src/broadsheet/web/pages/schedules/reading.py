"""Definitions and rules of stored schedules, read once for each state of them: lists show many."""

from __future__ import annotations

import json
from functools import lru_cache

from broadsheet.core.document.loading import dump
from broadsheet.core.recurrence import Timing
from broadsheet.schedules.calendars import READY_MADE, kept
from broadsheet.schedules.definition import ScheduleDefinition, arranged
from broadsheet.schedules.models import Schedule


def definition(schedule: Schedule) -> ScheduleDefinition:
    """What the schedule says now."""
    return _definition(schedule.name, json.dumps(schedule.definition))


def timing(schedule: Schedule, *, zone: str) -> Timing:
    """Its rule, in *zone* (the organization's) where it names none."""
    shelf = kept.shelf_for(schedule.definition.get("when"), schedule.organization_id)
    if shelf is not READY_MADE:  # a calendar may change while the schedule does not
        return definition(schedule).timing(zone=zone, shelf=shelf)
    return _timing(schedule.name, json.dumps(schedule.definition), zone)


def text(schedule: Schedule) -> str:
    """The schedule as a definition file has it."""
    return dump("schedule", schedule.name, arranged(schedule.definition))


@lru_cache(maxsize=1024)
def _definition(name: str, stored: str) -> ScheduleDefinition:
    return ScheduleDefinition.model_validate({**json.loads(stored), "name": name})


@lru_cache(maxsize=1024)
def _timing(name: str, stored: str, zone: str) -> Timing:
    return _definition(name, stored).timing(zone=zone)
