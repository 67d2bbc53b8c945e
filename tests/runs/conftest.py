"""The shop with a channel in memory, and runs of its schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.adapters.channels.memory import MemoryChannel
from tests.plugins.django import NOW

MEMORY = """\
channel: memory
kind: memory
---
schedule: by-memory
title: Purchases by memory
report: purchases
when: {every: week, on: [mon], at: "08:00", zone: America/New_York}
audience:
  {dataset: buyers, key: buyer_id, name: contact, address: email, language: language, zone: zone, currency: currency,
   formats: formats, attributes: [buyer_id, buyer]}
channels: [{channel: memory, formats: [csv]}]
policies: {retry: {tries: 3, first_seconds: 60}}
"""


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryChannel]:
    """The channel in memory, installed for this test."""
    from broadsheet.delivery.ports import CHANNELS

    channel = MemoryChannel()
    CHANNELS.register(channel)
    yield channel
    CHANNELS._loaded.pop("memory")


@pytest.fixture
def change(shop: dict[str, str], memory: MemoryChannel, organization) -> Callable[[str, str], None]:
    """Apply the schedule by memory, with one text in it replaced by another."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    def applied(old: str = "", new: str = "") -> None:
        apply(system_actor(organization.pk), {"memory.yaml": MEMORY.replace(old, new)}, now=NOW)

    applied()
    return applied


@pytest.fixture
def run(change, organization):
    """A run by hand of the schedule by memory; each call is a new one."""
    from datetime import timedelta

    from broadsheet.access.queries import system_actor
    from broadsheet.runs.actions.run_now import run_now

    made = []

    def asked(**given: object):
        made.append(1)
        at = NOW - timedelta(minutes=len(made))
        return run_now(system_actor(organization.pk), "by-memory", now=NOW, at=at, **given)

    return asked
