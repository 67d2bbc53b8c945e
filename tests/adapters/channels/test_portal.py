"""Into the inbox: there must be a recipient, and something to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.adapters.channels.worlds import NOW, REPORT

from broadsheet.delivery.ports import CHANNELS, Attachment, Outgoing, Receipt

pytestmark = pytest.mark.feature("DLV-02")


def send(outgoing: Outgoing) -> Receipt:
    return CHANNELS.get("portal").send(outgoing, settings={}, secrets={}, clock=lambda: NOW, handing_over=lambda: None)


def test_the_proof_says_whose_inbox() -> None:
    receipt = send(REPORT)
    assert (receipt.state, receipt.proof) == ("accepted", "In the inbox of Jörg Grünwald")
    assert receipt.transcript[0].text.endswith("Lieferungen.pdf (10 bytes), Lieferungen.csv (5 bytes)")


def test_a_message_alone_can_be_read() -> None:
    assert send(replace(REPORT, attachments=())).state == "accepted"


@pytest.mark.parametrize(
    ("outgoing", "said"),
    [
        (replace(REPORT, attachments=(), text=" ", html=""), "nothing to read"),
        (replace(REPORT, attachments=(Attachment("a.pdf", "application/pdf", b""),)), "“a.pdf” is empty"),
        (replace(REPORT, recipient_key="", recipient_address=""), "names no recipient"),
    ],
)
def test_nothing_to_read_or_nobody_to_read_it_is_no_delivery(outgoing: Outgoing, said: str) -> None:
    receipt = send(outgoing)
    assert receipt.state == "failed"
    assert said in receipt.proof
