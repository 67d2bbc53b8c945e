"""The journal's page: its chain can be checked and taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.feature("SEC-17")
Visitor = Callable[[str], Client]
CHECK, EXPORT = "/settings/journal/check/", "/settings/journal/export/"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_whole_chain_is_said_with_its_last_hash(shop: object, visitor: Visitor) -> None:
    page = text(visitor("owner").post(CHECK, follow=True))
    assert "as they were written. The last hash is" in page
    assert "Sealed to number" in page


def test_a_changed_entry_is_said(shop: object, visitor: Visitor) -> None:
    visitor("owner").post(CHECK)
    with connection.cursor() as cursor:
        cursor.execute("update compliance_entry set actor = 'Nobody' where seq = 2")
    page = text(visitor("owner").post(CHECK, follow=True))
    assert "The journal is not what was written: it holds up to number 1." in page


def test_it_can_be_taken_away_and_that_is_in_it_too(shop: object, visitor: Visitor) -> None:
    answer = visitor("owner").get(EXPORT)
    lines = answer.getvalue().decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="journal.jsonl"'
    assert "journal.exported" in lines[-1]


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_who_may_not_read_it_gets_neither(shop: object, visitor: Visitor, role: str) -> None:
    assert [visitor(role).post(CHECK).status_code, visitor(role).get(EXPORT).status_code] == [403, 403]
