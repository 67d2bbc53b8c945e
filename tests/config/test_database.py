"""The database's address becomes Django's settings, or an error that says what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.config.database import DatabaseAddress, database

HOME = Path("/srv/broadsheet")


def test_nothing_means_a_file_in_the_installations_folder() -> None:
    found = database("", folder=HOME)
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.sqlite3", "/srv/broadsheet/broadsheet.sqlite3")


def test_an_address_is_taken_apart_and_its_escapes_undone() -> None:
    found = database("postgresql://us%40er:p%2Fw@db.example:5433/reports?sslmode=require", folder=HOME)
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "us@er", "p/w", "db.example", "5433", "reports",
    ]  # fmt: skip


@pytest.mark.feature("PRF-21")
@pytest.mark.parametrize(("query", "seconds"), [("", "3"), ("?connect_timeout=10", "10")])
def test_a_server_that_is_away_is_not_waited_for_long(query: str, seconds: str) -> None:
    found = database(f"postgresql://db.example/reports{query}", folder=HOME)
    assert found["OPTIONS"] == {"connect_timeout": seconds}


def test_another_kind_of_database_is_refused_with_the_fix() -> None:
    with pytest.raises(DatabaseAddress, match="must begin with postgresql://"):
        database("mysql://db.example/reports", folder=HOME)


@pytest.mark.parametrize(("url", "password"), [("postgresql://u@db/x", "p/w"), ("postgresql://u:own@db/x", "own")])
def test_a_password_of_its_own_counts_where_the_address_has_none(url: str, password: str) -> None:
    assert database(url, folder=HOME, password="p/w")["PASSWORD"] == password
