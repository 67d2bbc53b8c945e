"""Valid rows become readers; the others are listed with the fix, and do not keep the rest from their report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from broadsheet.core.document.tables import Value
from broadsheet.schedules.audience import Audience, Defaults, Fields, audience

pytestmark = pytest.mark.feature("DLV-07")

FIELDS = Fields("id", "name", "email", "language", "zone", "currency", "formats", ("id", "tier"))
GOOD: dict[str, Value] = {
    "id": "verdant", "name": "Verdant Home Services", "email": "j.hartley@verdanthome.example", "language": "en-GB",
    "zone": "Europe/London", "currency": "GBP", "formats": "pdf|xlsx", "tier": "large",
}  # fmt: skip


def resolved(*rows: dict[str, Value]) -> Audience:
    return audience(rows, FIELDS, defaults=Defaults(zone="America/New_York"), formats=("csv", "pdf", "xlsx"))


def test_a_row_becomes_a_reader() -> None:
    [reader] = resolved(GOOD).readers
    assert (reader.key, reader.language, reader.zone, reader.currency) == ("verdant", "en-GB", "Europe/London", "GBP")
    assert reader.formats == ("pdf", "xlsx")
    assert dict(reader.attributes) == {"id": "verdant", "tier": "large"}
    assert not reader.unrestricted


def test_what_is_not_said_comes_from_the_defaults() -> None:
    [reader] = resolved({"id": "a", "email": "a@b.example"}).readers
    assert (reader.name, reader.language, reader.zone, reader.currency) == ("a", "en", "America/New_York", None)
    assert reader.formats == ("pdf",)


@pytest.mark.parametrize(
    ("change", "message", "fix"),
    [
        ({"email": None}, "There is no address.", "Fill the address, or send to the portal instead."),
        ({"email": "x@y\r\nBcc: z@z.example"}, "is not a mail address", "Write it as name@example.com."),
        ({"zone": "America/San_Paulo"}, "Zone “America/San_Paulo” does not exist.", "Use America/Sao_Paulo."),
        ({"language": "klingonish"}, "“klingonish” is not a language.", "Use a tag such as en-GB, de or pt-BR."),
        ({"currency": "DOLLARS"}, "“DOLLARS” is not a currency.", "Use a three-letter code such as USD or EUR."),
        ({"formats": "pdf|docm"}, "There is no format “docm”.", "Use one of csv, pdf, xlsx."),
        ({"id": ""}, "There is no key.", "Fill the column “id”."),
        ({"id": "x" * 201}, "The key has 201 characters.", "Use at most 200."),
        ({"id": "x\0"}, "The key holds a character that cannot be kept.", "Take it out."),
        ({"tier": "x\0"}, "The attribute “tier” holds a character that cannot be kept.", "Take it out."),
        ({"currency": "x\0"}, "“x�” is not a currency.", "Use a three-letter code such as USD or EUR."),
    ],
)
def test_a_faulty_row_is_listed_and_the_others_go_out(change: dict[str, Value], message: str, fix: str) -> None:
    found = resolved({**GOOD, **change}, {**GOOD, "id": "other"})
    assert [reader.key for reader in found.readers] == ["other"]
    [invalid] = found.invalid
    assert message in invalid.message
    assert invalid.fix == fix
    assert (invalid.row, invalid.who) == (1, "Verdant Home Services")


@pytest.mark.parametrize(
    ("value", "kept"),
    [(Decimal("7"), 7), (Decimal("7.00"), 7), (Decimal("0.5"), 0.5), (date(2026, 11, 2), "2026-11-02"), (True, True)],
)
def test_attributes_are_such_as_a_run_can_keep(value: Value, kept: object) -> None:
    [reader] = resolved({**GOOD, "tier": value}).readers
    assert (reader.attributes["tier"], type(reader.attributes["tier"])) == (kept, type(kept))


def test_one_key_twice_is_sent_once() -> None:
    found = resolved(GOOD, GOOD)
    assert len(found.readers) == 1
    assert [(invalid.row, invalid.message) for invalid in found.invalid] == [(2, "The key “verdant” is there twice.")]


def test_no_rows_are_no_readers() -> None:
    assert resolved() == Audience((), ())
