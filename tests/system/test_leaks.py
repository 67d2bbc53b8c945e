"""Every file of a burst is read back, in every format: it holds its own reader's rows and nobody else's."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from .conftest import Installation, Witness

# Besides the sample's own report: single leads by their number, so that a leak of one row would be seen.
LEADS = """\
dataset: leads-one-by-one
source: leads
sql: select e.*, b.name as buyer from events e join buyers b using (buyer_id)
time: submitted_at
rows: [{column: buyer_id, equals: reader.buyer_id}]
dimensions: {submitted_at: instant, buyer_id: text, buyer: text, event_id: text, region: text}
metrics: {delivered: {expression: count(*), kind: integer}}
---
report: single-leads
title: Single leads
subtitle: "{reader.buyer}"
parameters: {period: {kind: period, default: last month}}
data:
  leads: {dataset: leads-one-by-one, by: [event_id, buyer], metrics: [delivered], order: [event_id], limit: 60}
blocks:
  - table: leads
    title: Leads
    columns: [event_id, buyer, delivered]
---
schedule: single-leads
report: single-leads
when: {every: day, at: "06:00", zone: UTC}
audience:
  {dataset: buyers, key: buyer_id, name: contact, address: email, language: language, zone: zone, currency: currency,
   attributes: [buyer_id, buyer]}
channels: [{channel: mail, formats: [pdf, xlsx, html, csv]}]
"""
AT = "2026-11-23T13:00:00+00:00"


@pytest.mark.feature("BEY-05")
@pytest.mark.feature("DLV-15")
@pytest.mark.feature("SEC-07")
def test_no_file_of_a_burst_holds_a_row_of_another_buyer(installation: Installation, witness: Witness) -> None:
    installation.apply(f"{witness.channel()}---\n{LEADS}")
    told = installation.json("run", "single-leads", "--at", AT, "--wait")
    assert told["deliveries"] == {"accepted": 40}
    owners, names, addresses = _truth(installation)
    assert len(witness.messages) == 40
    for message in witness.messages:
        buyer = addresses[message["To"].addresses[0].addr_spec]
        kinds = set()
        for kind, text in _texts(message):
            kinds.add(kind)
            squeezed = "".join(text.split())  # a PDF may break a number at a line's end
            strangers = [other for other, name in names.items() if other != buyer and "".join(name.split()) in squeezed]
            assert not strangers, f"{kind} of {buyer} names {strangers}"
            found = {owners[event] for event in _events(squeezed) if event in owners}
            assert found == {buyer}, f"{kind} of {buyer} holds rows of {found - {buyer}}"
        assert kinds == {"pdf", "xlsx", "html", "csv", "mail text", "mail html"}


def _events(text: str) -> Iterator[str]:
    """Everything in *text* that could be an event's number: 24 hexadecimal digits, wherever they begin."""
    for run in re.findall(r"[0-9a-f]{24,}", text):
        yield from (run[start : start + 24] for start in range(len(run) - 23))


def _truth(installation: Installation) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Buyer by event for those of October that a report may show; name by buyer; buyer by address."""
    folder = installation.folder / "sample"
    events = pq.read_table(folder / "events.parquet", columns=["event_id", "buyer_id", "day"]).to_pylist()
    buyers = pq.read_table(folder / "buyers.parquet").to_pylist()
    owners = {one["event_id"]: one["buyer_id"] for one in events if one["day"].month == 10 and one["day"].year == 2026}
    return (
        owners,
        {one["buyer_id"]: one["name"] for one in buyers},
        {one["email"]: one["buyer_id"] for one in buyers},
    )


def _texts(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for part in message.walk():
        name, data = part.get_filename() or "", part.get_payload(decode=True)
        assert data is None or isinstance(data, bytes)
        if name.endswith(".pdf"):
            yield "pdf", "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data or b"")).pages)
        elif name.endswith(".xlsx"):
            book = load_workbook(io.BytesIO(data or b""))
            yield "xlsx", "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value)
        elif name.endswith((".html", ".csv")):
            yield name.rsplit(".", 1)[1], (data or b"").decode("utf-8-sig")
        elif part.get_content_type() in {"text/plain", "text/html"}:
            yield f"mail {part.get_content_subtype().replace('plain', 'text')}", part.get_content()
