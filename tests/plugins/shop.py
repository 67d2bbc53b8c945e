"""A tiny business to report on: three buyers, seven orders, a report, a schedule and two channels.

Small enough that a test can name every figure: Ada bought 30 + 12.5 + 7.5 = 50, Bo 20 + 5 = 25, Cy 100 + 1 = 101.
Leaves to others: the sample organization, which is large.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.plugins.django import NOW

if TYPE_CHECKING:
    from broadsheet.access.models import Organization
    from broadsheet.runs.models import Occurrence
    from broadsheet.runs.rendering import Job, Made

BUYERS = """\
buyer_id,buyer,contact,email,language,zone,currency,formats
b1,Ada Ltd,Ada Stone,ada@ada.example,en,Europe/London,GBP,csv
b2,Bo Inc,Bo Reed,bo@bo.example,en,America/Chicago,USD,csv
b3,Cy GmbH,Cy Blum,cy@cy.example,de,Europe/Berlin,EUR,csv html
"""
ORDERS = """\
day,buyer_id,item,price
2026-10-01,b1,Atlas,30
2026-10-09,b1,Novel,12.5
2026-10-30,b1,Poems,7.5
2026-10-02,b2,Novel,20
2026-10-20,b2,Poems,5
2026-10-15,b3,Atlas,100
2026-10-31,b3,Poems,1
"""
DEFINITIONS = """\
source: shop
label: The shop
engine: duckdb
settings: {files: ["FOLDER"]}
---
dataset: orders
source: shop
sql: select * from orders
time: day
rows: [{column: buyer_id, equals: reader.buyer_id}]
dimensions: {day: date, buyer_id: text, item: text}
metrics:
  bought: {expression: count(*), kind: integer, better: up}
  spent: {expression: sum(price), kind: money, currency: EUR, better: up}
---
dataset: buyers
source: shop
sql: select * from buyers
dimensions:
  {buyer_id: text, buyer: text, contact: text, email: text, language: text, zone: text, currency: text, formats: text}
metrics: {buyers: count(*)}
---
brand: harbour
label: Harbour Books
accent: "#025975"
default: true
---
channel: outbox
kind: folder
label: Folder of what was sent
settings: {root: "FOLDER/outbox"}
---
channel: inbox
kind: portal
label: Inbox
---
report: purchases
title: Purchases
description: What a buyer bought in a month.
filename: "purchases-{period.key}"
parameters:
  period: {kind: period, default: last month}
  least: {kind: number, default: 0}
data:
  month: {dataset: orders, metrics: [bought, spent]}
  items: {dataset: orders, by: [item], metrics: [bought, spent], order: [-spent]}
blocks:
  - metrics: month
    show: [bought, spent]
  - table: items
    name: by-item
    title: By item
    columns: [item, bought, spent]
---
schedule: buyers-monday
title: Purchases, Mondays
report: purchases
when: {every: week, on: [mon], at: "08:00", zone: America/New_York}
audience:
  {dataset: buyers, key: buyer_id, name: contact, address: email, language: language, zone: zone, currency: currency,
   formats: formats, attributes: [buyer_id, buyer]}
channels: [{channel: inbox}]
"""


@pytest.fixture
def shop_files(tmp_path: Path) -> dict[str, str]:
    """The definitions as ``broadsheet apply`` would read them; their data lies in the test's folder."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "buyers.csv").write_text(BUYERS, "utf-8")
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    return {"shop.yaml": DEFINITIONS.replace("FOLDER", str(folder))}


@pytest.fixture
def shop(organization: Organization, shop_files: dict[str, str]) -> dict[str, str]:
    """The shop's definitions, applied to `organization`; their texts."""
    from broadsheet.access.queries import system_actor
    from broadsheet.operations.definitions.apply import apply

    apply(system_actor(organization.pk), shop_files, now=NOW)
    return shop_files


class InProcess:
    """A render pool without processes, for tests that are not about them: the job is done when it is submitted."""

    def submit(self, job: Job) -> Future[Made]:
        from broadsheet.runs.rendering import render

        done: Future[Made] = Future()
        try:
            done.set_result(render(job))
        except Exception as error:  # as a pool does: whatever a job raises is its future's
            done.set_exception(error)
        return done

    def close(self) -> None:
        pass


@pytest.fixture
def finish(transactional_db: None) -> Callable[..., Occurrence]:
    """``finish(run)`` carries it to its end, or until it sleeps, and gives its row anew.

    Deliveries are sent by threads with connections of their own, so the test's rows must be committed.
    """
    from broadsheet.runs import claims
    from broadsheet.runs.actions.work import Tools, carry
    from broadsheet.runs.models import Occurrence
    from broadsheet.runs.store import artifact_store

    def carried(run: Occurrence, *, now: datetime = NOW) -> Occurrence:
        tools = Tools("test", InProcess(), artifact_store(), clock=lambda: now, alone=False)
        for _ in range(5):  # a run with several waves of retries that are due at once
            claimed = claims.claim(owner="test", now=now)
            if claimed is None:
                break
            carry(claimed, tools)
        return Occurrence.objects.get(pk=run.pk)

    return carried
