"""Files into real folders: whole or not at all, below the root, proven by their hash."""

from __future__ import annotations

import email
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from email.policy import default
from pathlib import Path

import pytest
from tests.adapters.channels.worlds import NOW, REPORT

from broadsheet.delivery.ports import CHANNELS, Attachment, Outgoing, Receipt

pytestmark = pytest.mark.feature("DLV-16")
CHANNEL = CHANNELS.get("folder")
PLACE = "buyers-monday/2026-11-23/gruenwald"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    monkeypatch.setenv("BROADSHEET_FOLDER_ROOTS", f"{folder}:relative:{tmp_path / 'second'}")
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path / "home"))
    return folder


def send(
    root: Path | str, outgoing: Outgoing = REPORT, handing_over: Callable[[], None] = lambda: None, **settings: object
) -> Receipt:
    return CHANNEL.send(
        outgoing, settings={"root": str(root), **settings}, secrets={}, clock=lambda: NOW, handing_over=handing_over
    )


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def one(data: bytes) -> Outgoing:
    return replace(REPORT, attachments=(Attachment("a.pdf", "application/pdf", data),))


def test_each_file_lies_where_the_template_says_and_its_hash_proves_it(root: Path) -> None:
    receipt = send(root)
    pdf, csv = REPORT.attachments
    assert files(root) == {f"{PLACE}/Lieferungen.csv": csv.data, f"{PLACE}/Lieferungen.pdf": pdf.data}
    digests = [hashlib.sha256(file.data).hexdigest() for file in (pdf, csv)]
    assert receipt.state == "accepted"
    assert receipt.proof == (
        f"{root}/{PLACE}/Lieferungen.pdf sha256:{digests[0]}; {root}/{PLACE}/Lieferungen.csv sha256:{digests[1]}"
    )
    assert [line.text for line in receipt.transcript] == [
        f"10 bytes as {root}/{PLACE}/Lieferungen.pdf",
        f"5 bytes as {root}/{PLACE}/Lieferungen.csv",
    ]


def test_a_relative_folder_lies_in_the_outbox(root: Path, tmp_path: Path) -> None:
    assert send("", template="{recipient}/{filename}").state == "accepted"
    assert send("partners", template="{recipient}/{filename}").state == "accepted"
    assert sorted(files(tmp_path / "home" / "outbox"))[::2] == [
        "gruenwald/Lieferungen.csv",
        "partners/gruenwald/Lieferungen.csv",
    ]


@pytest.mark.feature("DLV-26")
def test_the_same_bytes_again_are_left_alone(root: Path) -> None:
    first = send(root, one(b"x"))
    path = root / PLACE / "a.pdf"
    before = path.stat().st_ino
    told: list[bool] = []
    assert send(root, one(b"x"), lambda: told.append(True)) == first
    assert path.stat().st_ino == before
    assert told == []


def test_other_bytes_replace_what_was_there(root: Path) -> None:
    send(root, one(b"old"))
    send(root, one(b"new"))
    assert files(root) == {f"{PLACE}/a.pdf": b"new"}


def test_or_are_kept_beside_by_number_each_once(root: Path) -> None:
    for data in (b"1", b"2", b"3", b"2", b"1"):
        receipt = send(root, one(data), existing="number")
    assert files(root) == {f"{PLACE}/a.pdf": b"1", f"{PLACE}/a (2).pdf": b"2", f"{PLACE}/a (3).pdf": b"3"}
    assert "a.pdf sha256:" in receipt.proof


def test_many_at_once_each_get_a_number(root: Path) -> None:
    threads = [
        threading.Thread(target=send, args=(root, one(bytes([n]))), kwargs={"existing": "number"}) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(files(root).values()) == [bytes([n]) for n in range(8)]


@pytest.mark.parametrize("where", ["/etc", "/", "{root}/../elsewhere", "../x", "{root}x", "{second}/../root2"])
def test_no_folder_but_the_allowed_ones(root: Path, tmp_path: Path, where: str) -> None:
    where = where.format(root=root, second=tmp_path / "second")
    receipt = send(where)
    assert receipt.state == "failed"
    assert "outside the folders" in receipt.proof or "“..”" in receipt.proof
    assert not CHANNEL.check({"root": where}, secrets={}).ok
    assert files(tmp_path) == {}


@pytest.mark.parametrize("link", ["buyers-monday", "buyers-monday/2026-11-23", PLACE])
def test_no_link_on_the_way_is_followed(root: Path, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(elsewhere)
    receipt = send(root)
    assert receipt.state == "failed"
    assert "is not followed" in receipt.proof
    assert files(elsewhere) == {}


def test_a_link_in_the_place_of_the_file_is_replaced_and_not_written_through(root: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    (root / PLACE).mkdir(parents=True)
    (root / PLACE / "a.pdf").symlink_to(precious)
    assert send(root, one(b"new")).state == "accepted"
    assert precious.read_bytes() == b"precious"
    assert not (root / PLACE / "a.pdf").is_symlink()


def test_the_operators_own_root_may_be_a_link(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mount").symlink_to(root)
    monkeypatch.setenv("BROADSHEET_FOLDER_ROOTS", str(tmp_path / "mount"))
    for spelling in (tmp_path / "mount", root):
        assert send(spelling, one(b"x")).state == "accepted"
    assert list(files(root)) == [f"{PLACE}/a.pdf"]


def test_a_root_of_the_operators_that_is_not_mounted_is_not_made(root: Path, tmp_path: Path) -> None:
    receipt = send(tmp_path / "second")
    assert receipt.state == "failed"
    assert not (tmp_path / "second").exists()
    assert "mount it" in CHANNEL.check({"root": str(tmp_path / "second")}, secrets={}).fix


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    send(root, one(b"old"))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        receipt = send(root, one(b"new"))
    assert receipt.state == "retry"
    assert receipt.proof == f"The disk of {root} is full. Free space there; nothing half-written was left."
    assert files(root) == {f"{PLACE}/a.pdf": b"old"}
    assert send(root, one(b"new")).state == "accepted"


def test_a_folder_in_the_place_of_the_file_is_told(root: Path) -> None:
    (root / PLACE / "a.pdf").mkdir(parents=True)
    receipt = send(root, one(b"x"))
    assert receipt.state == "failed"
    assert "did not take the file" in receipt.proof
    assert files(root) == {}


def test_the_message_can_be_kept_as_mail_or_page(root: Path) -> None:
    send(root, message="eml")
    mail = email.message_from_bytes(files(root)[f"{PLACE}/lead-performance.eml"], policy=default)
    assert (mail["Subject"], mail["From"]) == (REPORT.subject, "reports@northlight.example")
    send(root, message="html")
    assert files(root)[f"{PLACE}/lead-performance.html"] == (
        b'<p>4.812 Leads <img src="data:image/png;base64,iVBORw==" alt=""></p>'
    )


def test_nothing_to_keep_and_two_files_of_one_path_are_told(root: Path) -> None:
    assert "There is no file" in send(root, replace(REPORT, attachments=())).proof
    twice = replace(REPORT, attachments=REPORT.attachments[:1] * 2)
    assert "have the same path" in send(root, twice).proof
    assert files(root) == {}


def test_a_check_leaves_nothing(root: Path) -> None:
    assert CHANNEL.check({"root": str(root)}, secrets={}).ok
    assert list(root.iterdir()) == []
