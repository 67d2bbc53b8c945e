"""Bring a copy up to date: pages of events after the last id, oldest first, until a short one; then the statistics."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from .counts import counts_of
from .plan import Plan
from .rows import page_of
from .store import Copy, Writer
from .vendor import PAGE, SMALL_PAGE, TooLarge, Vendor

SETTLE_SECONDS = 10  # ids of events that are younger may still be overtaken by others of the same moment


def pull(copy: Copy, plan: Plan, vendor: Vendor, *, now: datetime, over: Callable[[], bool]) -> tuple[int, bool]:
    """How many events are new, and whether all were fetched; *over* tells that time ran out.

    Raises what `Vendor` and `Copy.writing` raise. What was kept before stays, and the next pull goes on after it.
    """
    with copy.writing() as writer:
        before = writer.manifest.rows
        whole = _events(writer, plan, vendor, settled=now - timedelta(seconds=SETTLE_SECONDS), over=over)
        if whole:
            refresh(writer, plan, vendor, now=now)
        return writer.manifest.rows - before, whole


def refresh(writer: Writer, plan: Plan, vendor: Vendor, *, now: datetime) -> None:
    """Ask anew for every statistics table of the plan."""
    writer.keep_tables([table.name for table in plan.tables])
    for table in plan.tables:
        start = (now - timedelta(days=table.days)).date().isoformat()
        rows = vendor.statistics(replace(table.asked, start=start, end=now.date().isoformat()))
        writer.put_table(table.name, counts_of(rows, table.asked), digest=table.digest)


def _events(writer: Writer, plan: Plan, vendor: Vendor, *, settled: datetime, over: Callable[[], bool]) -> bool:
    limit = PAGE
    while True:
        after = writer.manifest.last_id
        try:
            page = page_of(vendor.events(after=after, start=plan.start, limit=limit), after=after, settled=settled)
        except TooLarge:
            if limit <= SMALL_PAGE:
                raise
            limit = max(SMALL_PAGE, limit // 4)
            continue
        if page.events:
            wanted = [event for event in page.events if plan.wants(str(event.get("type") or ""))]
            last = page.events[-1]
            writer.append(wanted, last_id=str(last["id"]).lower())
            writer.join_small()
        if page.held_back or page.count < limit or not page.events:
            return True
        if over():
            return False


def until(seconds: float) -> tuple[float, Callable[[], bool]]:
    """The moment of the monotonic clock in *seconds*, and whether it has passed."""
    end = time.monotonic() + seconds
    return end, lambda: time.monotonic() >= end
