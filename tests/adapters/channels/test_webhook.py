"""Webhooks against real servers: signed as the specification says, settled by what was answered."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.channels.worlds import NOW, REPORT, SECRET
from tests.adapters.http_servers import Answer, Asked, certificate, fine, raw, web

from broadsheet.adapters.channels.webhook import signing
from broadsheet.adapters.channels.webhook.channel import WebhookChannel
from broadsheet.adapters.outbound import Client, Policy
from broadsheet.delivery.ports import Attachment, Outgoing, Receipt

pytestmark = pytest.mark.feature("DLV-05")
CHANNEL = WebhookChannel(Client(Policy.parse("127.0.0.1")))
OLD = "whsec_" + base64.b64encode(b"o" * 32).decode()


def send(
    answer: Answer = fine,
    outgoing: Outgoing = REPORT,
    *,
    asked: list[Asked] | None = None,
    before: str = "",
    **settings: object,
) -> Receipt:
    secrets = {"secret": SECRET, "secret_before": before}
    with web(answer) as server:
        receipt = CHANNEL.send(
            outgoing,
            settings={"url": f"http://127.0.0.1:{server.port}/hook", **settings},
            secrets=secrets,
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
        if asked is not None:
            asked += server.asked
    return receipt


def verified(asked: Asked, secret: str, monkeypatch: pytest.MonkeyPatch, *, now: datetime = NOW) -> bool:
    """By the very code that docs/how-to/verify-webhooks.md gives to receivers."""
    page = Path(__file__).parents[3] / "docs/how-to/verify-webhooks.md"
    [code] = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    told: dict[str, Any] = {}
    exec(code, told)
    monkeypatch.setattr("time.time", now.timestamp)
    try:
        return bool(told["is_genuine"](asked.headers, asked.body, secret))
    finally:
        monkeypatch.undo()


def test_the_signature_is_that_of_the_specifications_own_example() -> None:
    body = b'{"test": 2432232314}'
    headers = signing.headers(
        body,
        event="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        keys=(signing.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_receiver_can_verify_and_a_changed_body_or_an_old_call_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []
    assert send(asked=asked).state == "accepted"
    [call] = asked
    assert verified(call, SECRET, monkeypatch)
    assert not verified(call, OLD, monkeypatch)
    assert not verified(replace(call, body=call.body + b" "), SECRET, monkeypatch)
    assert not verified(call, SECRET, monkeypatch, now=NOW + timedelta(minutes=6))


def test_while_secrets_change_both_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []
    send(asked=asked, before=OLD)
    assert verified(asked[0], SECRET, monkeypatch)
    assert verified(asked[0], OLD, monkeypatch)


def test_the_body_tells_what_was_delivered_with_the_files_inside() -> None:
    asked: list[Asked] = []
    send(asked=asked)
    event = json.loads(asked[0].body)
    assert asked[0].headers["content-type"] == "application/json"
    assert (event["type"], event["timestamp"]) == ("report.delivered", "2026-11-23T09:00:00+00:00")
    pdf, csv = event["data"].pop("files")
    assert event["data"] == {
        "organization": "northlight",
        "report": "lead-performance",
        "schedule": "buyers-monday",
        "occurrence": "4711",
        "fired_at": "2026-11-23T09:00:00+00:00",
        "period": "Oktober 2026",
        "recipient": {"key": "gruenwald", "name": "Jörg Grünwald", "address": "einkauf@gruenwald-solar.example"},
        "subject": "Lieferungen: Oktober ✓",
        "language": "de-DE",
    }
    data = REPORT.attachments[0].data
    assert pdf == {
        "name": "Lieferungen.pdf",
        "media_type": "application/pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "content": base64.b64encode(data).decode(),
    }
    assert csv["name"] == "Lieferungen.csv"


def test_large_files_go_by_address_or_not_at_all() -> None:
    file = Attachment("big.pdf", "application/pdf", b"x" * 2001, url="https://r.example/d/1")
    asked: list[Asked] = []
    send(outgoing=replace(REPORT, attachments=(file,)), asked=asked, inline_megabytes=0.002)
    [told] = json.loads(asked[0].body)["data"]["files"]
    assert (told["url"], "content" in told) == ("https://r.example/d/1", False)
    without = replace(REPORT, attachments=(replace(file, url=""),))
    receipt = send(outgoing=without, asked=asked, inline_megabytes=0.002)
    assert receipt.state == "failed"
    assert "“big.pdf” has 2001 bytes; files of up to 2000 go inside" in receipt.proof
    assert len(asked) == 1


@pytest.mark.feature("DLV-26")
def test_each_try_has_the_same_id_and_body() -> None:
    asked: list[Asked] = []
    for _ in range(2):
        send(lambda _: (500, {}, b""), asked=asked)
    send(outgoing=replace(REPORT, message_id="other@northlight.example"), asked=asked)
    ids = [call.headers["webhook-id"] for call in asked]
    assert ids[0] == ids[1] != ids[2]
    assert all("." not in name for name in ids)
    assert asked[0].body == asked[1].body


@pytest.mark.feature("DLV-16")
@pytest.mark.parametrize(
    ("status", "headers", "state", "wait"),
    [
        (200, {}, "accepted", 0),
        (202, {}, "accepted", 0),
        (204, {}, "accepted", 0),
        (301, {"Location": "http://127.0.0.1/"}, "failed", 0),
        (400, {}, "failed", 0),
        (401, {}, "failed", 0),
        (404, {}, "failed", 0),
        (408, {}, "retry", 0),
        (410, {}, "failed", 0),
        (429, {"Retry-After": "120"}, "retry", 120),
        (429, {"Retry-After": "-5"}, "retry", 0),
        (500, {}, "retry", 0),
        (502, {}, "retry", 0),
        (503, {"Retry-After": "Mon, 23 Nov 2026 09:10:00 GMT"}, "retry", 600),
        (503, {"Retry-After": "Mon, 23 Nov 2020 09:10:00 GMT"}, "retry", 0),
        (503, {"Retry-After": "9" * 30}, "retry", 86400),
        (503, {"Retry-After": "soon"}, "retry", 0),
    ],
)
def test_the_status_settles(status: int, headers: dict[str, str], state: str, wait: float) -> None:
    receipt = send(lambda _: (status, headers, b""))
    assert (receipt.state, receipt.wait) == (state, wait)
    assert receipt.proof.startswith(str(status))


@pytest.mark.feature("DLV-26")
@pytest.mark.parametrize(
    ("status", "cause", "blames"),
    [
        (200, "", False),
        (400, "", False),  # it may be this content
        (404, "", True),
        (408, "temporary", False),
        (413, "", False),
        (429, "temporary", True),
        (503, "temporary", True),
    ],
)
def test_what_would_be_answered_to_any_call_blames_the_channel(status: int, cause: str, blames: bool) -> None:
    receipt = send(lambda _: (status, {}, b""))
    assert (receipt.cause, receipt.blames_channel) == (cause, blames)


def test_the_proof_is_the_beginning_of_the_answer_on_one_line() -> None:
    receipt = send(lambda _: (200, {}, b"taken\r\n as\x00 7 " + b"x" * 10_000))
    assert receipt.proof.startswith("200 taken as")
    assert len(receipt.proof) == 204
    assert "\0" not in receipt.proof


def half(peer: socket.socket, over: threading.Event) -> None:
    peer.recv(65536)
    peer.sendall(b"HTTP/1.1 200")


def silence(peer: socket.socket, over: threading.Event) -> None:
    over.wait(5)


@pytest.mark.parametrize(("serve", "said"), [(half, "127.0.0.1"), (silence, "longer than 0.2 seconds")])
def test_a_cut_and_an_answer_that_does_not_come_may_be_tried_again(
    serve: Callable[[socket.socket, threading.Event], None], said: str
) -> None:
    with raw(serve) as port:
        receipt = CHANNEL.send(
            REPORT,
            settings={"url": f"http://127.0.0.1:{port}/", "seconds": 0.2},
            secrets={"secret": SECRET},
            clock=lambda: NOW,
            handing_over=lambda: None,
        )
    assert receipt.state == "retry"
    assert said in receipt.proof


@pytest.mark.parametrize(
    "secret", ["", "swordfish", "whsec_", "whsec_swordfish", "whsec_" + "c3dv" * 30, "whsec_c3dvcmRmaXNo", SECRET[6:]]
)
def test_a_secret_that_cannot_sign_is_told_without_being_shown(secret: str) -> None:
    receipt = CHANNEL.send(
        REPORT,
        settings={"url": "http://127.0.0.1:1/"},
        secrets={"secret": secret},
        clock=lambda: NOW,
        handing_over=lambda: None,
    )
    assert receipt.state == "failed"
    assert "signing secret" in receipt.proof
    assert not secret or secret not in receipt.proof


def test_a_private_address_is_refused_for_good() -> None:
    receipt = WebhookChannel(Client(Policy())).send(
        REPORT,
        settings={"url": "https://127.0.0.1/"},
        secrets={"secret": SECRET},
        clock=lambda: NOW,
        handing_over=lambda: None,
    )
    assert receipt.state == "failed"
    assert "private network" in receipt.proof


def test_the_check_connects_and_sends_nothing(tmp_path: Path) -> None:
    context, trust = certificate(tmp_path, "127.0.0.1")
    channel = WebhookChannel(Client(Policy.parse("127.0.0.1"), trust=trust))
    with web(context=context) as server:
        url = f"https://127.0.0.1:{server.port}/secret-path"
        verdict = channel.check({"url": url}, secrets={"secret": SECRET})
        assert verdict.ok
        assert "secret-path" not in verdict.message
        assert not CHANNEL.check({"url": url}, secrets={"secret": SECRET}).ok  # nobody vouches for its certificate
    assert server.asked == []
