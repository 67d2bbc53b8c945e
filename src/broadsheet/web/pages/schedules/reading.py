"""Definitions and rules of stored schedules, read once for each state of them: lists show many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from broadsheet.core.document.loading import dump
from broadsheet.core.recurrence import Timing
from broadsheet.schedules.calendars import READY_MADE, Shelf, kept
from broadsheet.schedules.definition import ScheduleDefinition, arranged
from broadsheet.schedules.models import Schedule


def definition(schedule: Schedule) -> ScheduleDefinition:
    """What the schedule says now."""
    return _definition(schedule.name, json.dumps(schedule.definition))


def shelf(schedules: Sequence[Schedule]) -> Shelf:
    """The calendars that the rules of *schedules*, all of one organization, name: one query for all, or none."""
    rules = [one.definition.get("when") for one in schedules]
    return kept.shelf_for(rules, schedules[0].organization_id) if schedules else READY_MADE


def timing(schedule: Schedule, *, zone: str, shelf: Shelf | None = None) -> Timing:
    """Its rule, in *zone* (the organization's) where it names none, over *shelf* where lists have asked for it."""
    when = schedule.definition.get("when")
    if kept.names_any(when):  # a calendar may change while the schedule does not
        shelf = shelf or kept.shelf_for(when, schedule.organization_id)
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
