"""What every channel must keep, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.adapters.channels.worlds import MEMORY, NOW, REPORT, SECRET, WORLDS, World

from broadsheet.delivery.ports import CHANNELS, Attachment, Batching, Channel, Outgoing, Receipt, Verdict, opened

EVERY = [*CHANNELS.ids(), "memory"]
IDEMPOTENT = [name for name in EVERY if name != "email"]
pytestmark = [pytest.mark.feature("BEY-17"), pytest.mark.feature("DLV-16")]
HOSTILE = (
    "../../../../etc/cron.d/x",
    "/etc/passwd",
    "a\r\nBcc: all@example.com",
    "nul\0byte",
    "…/“‮fdp.exe",
    "x" * 5000,
    "\udcff",
    "{0.__class__}%s${HOME}`id`",
    "",
    " ",
    ".",
)
STRANGE_SETTINGS: tuple[dict[str, object], ...] = (
    {},
    {"host": None, "port": "x", "url": None, "root": None, "template": None, "from": None},
    {"host": "127.0.0.1", "port": -1, "from": "a@b.example", "encryption": "none"},
    {"host": "127.0.0.1", "port": 1, "from": "a@b.example", "encryption": "rot13"},
    {"host": "a\r\nb", "url": "http://\r\n", "root": "/\0", "from": "a@b.example"},
    {"host": "nowhere.invalid", "url": "https://nowhere.invalid/", "root": "/nowhere", "from": "a@b.example"},
    {"url": "https://127.0.0.1:1/", "root": "../..", "seconds": "nan"},
    {"url": "https://127.0.0.1:1/", "template": "{filename.__class__}", "seconds": [], "total_seconds": {}},
    {"url": 7, "root": 7, "template": 7, "host": 7, "from": 7, "existing": 7, "inline_megabytes": "inf"},
)


def channel(name: str) -> Channel:
    return MEMORY if name == "memory" else CHANNELS.get(name)


@pytest.fixture(params=sorted(WORLDS))
def named(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with WORLDS[named](tmp_path, monkeypatch) as made:
        yield made


def sent(name: str, world: World, outgoing: Outgoing = REPORT, told: list[int] | None = None) -> Receipt:
    heard = told if told is not None else []
    return channel(name).send(
        outgoing,
        settings=world.settings,
        secrets=world.secrets,
        clock=lambda: NOW,
        handing_over=lambda: heard.append(world.arrived()),
    )


@pytest.mark.parametrize("name", EVERY)
def test_it_describes_itself(name: str) -> None:
    descriptor = channel(name).descriptor
    assert descriptor.id == name
    assert descriptor.label
    assert descriptor.summary.endswith(".")
    for setting in descriptor.settings:
        assert setting.label
        assert setting.kind in {"text", "number", "flag", "choice", "lines"}
        assert (setting.kind == "choice") == bool(setting.choices)
        assert not (setting.secret and setting.default)
    assert isinstance(channel(name).idempotent({}), bool)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("settings", STRANGE_SETTINGS, ids=range(len(STRANGE_SETTINGS)))
def test_strange_settings_are_told_and_never_raise(
    name: str, settings: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path))
    for secrets in ({}, {"secret": "x", "password": "x"}, {"secret": SECRET}):
        verdict = channel(name).check(settings, secrets=secrets)
        assert isinstance(verdict, Verdict)
        assert verdict.ok or (verdict.message and verdict.fix)
        receipt = channel(name).send(
            REPORT, settings=settings, secrets=secrets, clock=lambda: NOW, handing_over=lambda: None
        )
        assert receipt.state != "unconfirmed"
        assert receipt.proof


def test_it_works_where_it_should(named: str, world: World) -> None:
    verdict = channel(named).check(world.settings, secrets=world.secrets)
    assert verdict.ok, verdict
    assert world.arrived() == 0  # a check sends nothing
    told: list[int] = []
    receipt = sent(named, world, told=told)
    assert receipt.state == "accepted", receipt
    assert receipt.proof
    assert told == [0]  # told once, before anything had arrived


def test_no_secret_is_in_what_is_kept(named: str, world: World) -> None:
    receipt = sent(named, world)
    kept = " ".join([receipt.proof, *(line.text for line in receipt.transcript)])
    for secret in ("swordfish", *world.secrets.values()):
        assert secret not in kept
    assert all(line.text.isprintable() and line.at == NOW for line in receipt.transcript)


def test_a_lost_claim_goes_through_and_nothing_is_handed_over(named: str, world: World) -> None:
    class LostError(Exception):
        pass

    def lost() -> None:
        raise LostError

    with pytest.raises(LostError):
        channel(named).send(
            REPORT, settings=world.settings, secrets=world.secrets, clock=lambda: NOW, handing_over=lost
        )
    assert world.arrived() == 0


def test_what_calls_itself_idempotent_has_the_effect_of_once(named: str, world: World) -> None:
    first, second = sent(named, world), sent(named, world)
    assert (first.state, second.state) == ("accepted", "accepted")
    if channel(named).idempotent(world.settings):
        assert world.arrived() <= 1


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "field",
    ["recipient_name", "recipient_address", "recipient_key", "subject", "report", "schedule", "language", "text"],
)
def test_hostile_words_are_refused_or_made_harmless(
    named: str, world: World, tmp_path: Path, field: str, bad: str
) -> None:
    receipt = sent(named, world, replace(REPORT, **{field: bad}))
    assert receipt.state in {"accepted", "failed"}, receipt
    assert receipt.proof.isprintable()
    assert all(line.text.isprintable() for line in receipt.transcript)
    assert not (tmp_path.parent / "x").exists()


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_file_names_are_refused_or_made_harmless(named: str, world: World, bad: str) -> None:
    file = Attachment(bad, "application/pdf", b"%PDF")
    assert sent(named, world, replace(REPORT, attachments=(file,))).state in {"accepted", "failed"}


def test_many_can_be_sent_through_one_opening(named: str, world: World) -> None:
    mails = [replace(REPORT, message_id=f"m{n}@northlight.example", recipient_key=f"r{n}") for n in range(3)]
    bad = replace(REPORT, recipient_address="", recipient_key="", attachments=(), html="", text="")
    with opened(channel(named), world.settings, secrets=world.secrets, clock=lambda: NOW) as sender:
        receipts = [sender.send(mail, handing_over=lambda: None) for mail in (mails[0], bad, *mails[1:])]
    assert [receipts[n].state for n in (0, 2, 3)] == ["accepted"] * 3
    assert isinstance(channel(named), Batching) == ("batch" in channel(named).descriptor.capabilities)
