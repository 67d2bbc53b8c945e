"""A session reads only, within its limits, and what it runs ends at the server."""

from __future__ import annotations

import threading
from contextlib import closing
from time import monotonic, sleep

import pytest
from tests.plugins.mariadb import Place

from broadsheet.adapters.engines.mariadb import ENGINE
from broadsheet.adapters.engines.mariadb import session as sessions
from broadsheet.adapters.engines.mariadb.connection import MariaConnection
from broadsheet.adapters.engines.mariadb.session import MODES
from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, SourceError, Unreachable
from broadsheet.sources.ports import Limits

from .conftest import SETTINGS

pytestmark = pytest.mark.database
LONG = "select count(*) from seq_1_to_1000000 a, seq_1_to_1000000 b where a.seq % 7 = b.seq % 11"


def running(place: Place) -> int:
    """How many sessions run the long query at the server."""
    with closing(place.connected()) as session, session.cursor() as cursor:
        cursor.execute(
            "select count(*) from information_schema.processlist where info like 'select count(*) from seq_%'"
        )
        return int((cursor.fetchone() or (0,))[0])


def waited(place: Place, number: int) -> bool:
    end = monotonic() + 3
    while monotonic() < end:
        if running(place) == number:
            return True
        sleep(0.02)
    return False


def test_the_session_is_set_up_whatever_the_servers_own_settings_are(connection: MariaConnection) -> None:
    [row] = connection.query("select @@session.sql_mode m, @@time_zone z, @@tx_read_only r, @@max_statement_time t", ()).to_pylist()  # fmt: skip
    assert set(row["m"].split(",")) >= set(MODES)
    assert (row["z"], row["r"], row["t"]) == ("+00:00", 1, 2.0)


WRITING = [
    "delete from deals",
    "insert into deals values ('x', 1)",
    "create table x (a int)",
    "drop table deals",
    "truncate table deals",
    "alter table deals add column x int",
    "select * from deals into outfile '{folder}/out'",
    "select 1; delete from deals",
    "load data local infile '/etc/passwd' into table deals",
    "lock tables deals write",
]


@pytest.mark.parametrize("sql", WRITING)
def test_even_unguarded_sql_writes_nothing(connection: MariaConnection, kinds: Place, tmp_path, sql: str) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):  # so that the server's own user could write there
        folder.chmod(0o777)
    with pytest.raises((QueryRefused, QueryFailed)):
        connection.query(sql.format(folder=tmp_path), ())
    assert not list(tmp_path.iterdir())
    assert connection.query("select count(*) as n from deals", ()).column(0).to_pylist() == [5]


def test_a_late_query_is_ended_at_the_server(connection: MariaConnection, kinds: Place) -> None:
    with pytest.raises(LimitExceeded, match="took longer than 2 s"):
        connection.query(LONG, ())
    assert waited(kinds, 0)
    assert connection.query("select 1 as one", ()).column(0).to_pylist() == [1]


def test_what_the_server_does_not_end_by_itself_we_do(kinds: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.adapters.engines.mariadb.connection.LATER_SECONDS", 0.1)
    opened = ENGINE.open({**SETTINGS, "socket": kinds.socket}, secrets={}, limits=Limits(seconds=0.2))
    with opened._session.cursor() as cursor:
        cursor.execute("set session max_statement_time = 0")
    with pytest.raises(LimitExceeded):
        opened.query(LONG, ())
    assert waited(kinds, 0)
    assert opened.query("select 1 as one", ()).num_rows == 1
    opened.close()


def test_cancelling_reaches_the_server(connection: MariaConnection, kinds: Place) -> None:
    raised: list[Exception] = []

    def ask() -> None:
        try:
            connection.query(LONG, ())
        except SourceError as error:
            raised.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    assert waited(kinds, 1)
    connection.cancel()
    asking.join(timeout=1.5)
    assert [type(one) for one in raised] == [LimitExceeded]
    assert running(kinds) == 0


def test_who_goes_away_ends_the_query(connection: MariaConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(connection, "_fetched", leave)
    start = monotonic()
    with pytest.raises(KeyboardInterrupt):
        connection.query("select a.seq from seq_1_to_1000000 a, seq_1_to_1000 b", ())
    assert monotonic() - start < 1.5  # the rest of a thousand million rows was not read
    monkeypatch.undo()
    assert connection.query("select 1 as one", ()).num_rows == 1


def test_rows_beyond_the_limit_are_not_fetched(kinds: Place) -> None:
    with closing(
        ENGINE.open({**SETTINGS, "socket": kinds.socket}, secrets={}, limits=Limits(seconds=5, rows=10))
    ) as few:
        assert few.query("select seq from seq_1_to_1000000", ()).num_rows == 11
        assert few.query("select seq from seq_1_to_1000000 limit 1000000", ()).num_rows == 11
        assert few.query("select seq from seq_1_to_10 limit 10", ()).num_rows == 10


def test_a_result_larger_than_its_bytes_is_an_error(kinds: Place) -> None:
    limits = Limits(seconds=5, bytes=1_000_000)
    with closing(ENGINE.open({**SETTINGS, "socket": kinds.socket}, secrets={}, limits=limits)) as small:
        with pytest.raises(LimitExceeded, match="more than 1 MB"):
            small.query("select repeat('x', 100000) as t from seq_1_to_1000", ())
        assert small.query("select 1 as one", ()).num_rows == 1


def test_missing_zones_are_told_with_how_to_mend(mariadb_server: Place, connection: MariaConnection) -> None:
    cut = ENGINE.cut("at", "day", zone="$1", instant=True)
    with closing(mariadb_server.connected()) as session, session.cursor() as cursor:
        cursor.execute("select count(*) from mysql.time_zone_name")
        loaded = bool((cursor.fetchone() or (0,))[0])
    with pytest.raises(QueryRefused, match="does not know the time zone “Europe/Nowhere”"):
        connection.query(f"select {cut} as d from kinds", ("Europe/Nowhere",))
    assert bool(connection.notes()) is not loaded
    if not loaded:
        assert "mysql_tzinfo_to_sql" in connection.notes()[0]
        with pytest.raises(QueryRefused, match="mariadb-tzinfo-to-sql"):
            connection.query(f"select {cut} as d from kinds", ("Europe/Berlin",))


def test_the_account_sees_what_it_may(kinds: Place) -> None:
    kinds.run(
        "create or replace user 'reader'@'%' identified by 'se''cret'",
        "grant select on kinds.deals to 'reader'@'%'",
    )
    settings = {"host": kinds.host, "port": kinds.port, "database": "kinds", "user": "reader"}
    with pytest.raises(Unreachable, match="did not let us in") as caught:
        ENGINE.open(settings, secrets={"password": "wrong-one"}, limits=Limits(seconds=2))
    assert "wrong-one" not in f"{caught.value}{caught.value.detail}"
    with closing(ENGINE.open(settings, secrets={"password": "se'cret"}, limits=Limits(seconds=2))) as mine:
        assert mine.tables() == ("deals",)
        with pytest.raises(QueryRefused, match="may read"):
            mine.query("select * from kinds", ())
        with pytest.raises(SourceError):
            mine.query("select * from mysql.global_priv", ())


def test_words_of_the_server_that_quote_values_are_kept_from_readers(connection: MariaConnection) -> None:
    with pytest.raises(QueryRefused) as caught:
        connection.query("select $1 from from", ("very-secret",))
    assert b"very-secret".hex() not in str(caught.value)


class TestEncryption:
    """On this machine it is not asked for, so it is made to look like another here."""

    @pytest.fixture(autouse=True)
    def _elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions.Place, "here", property(lambda self: False))

    @staticmethod
    def cipher(place: Place, **settings: str) -> str:
        where = {**SETTINGS, "host": place.host, "port": place.port, **settings}
        with closing(ENGINE.open(where, secrets={}, limits=Limits(seconds=2))) as opened:
            sql = "select variable_value as v from information_schema.session_status where variable_name = 'Ssl_cipher'"
            return str(opened.query(sql, ()).column(0).to_pylist()[0])

    def test_a_certificate_of_an_unknown_authority_is_refused(self, kinds: Place) -> None:
        with pytest.raises(Unreachable, match="encryption"):
            self.cipher(kinds)

    def test_a_known_authority_is_trusted(self, kinds: Place) -> None:
        assert self.cipher(kinds, ca=kinds.authority)

    def test_a_certificate_for_another_name_is_refused(self, kinds: Place) -> None:
        with pytest.raises(Unreachable, match="encryption"):
            self.cipher(kinds, ca=kinds.authority, host="localhost")

    def test_none_has_to_be_said(self, kinds: Place) -> None:
        assert self.cipher(kinds, sslmode="disable") == ""

    def test_another_word_for_it_is_refused(self, kinds: Place) -> None:
        with pytest.raises(QueryRefused, match="is not an encryption"):
            self.cipher(kinds, sslmode="prefer")


def test_where_nothing_listens_is_told_apart_from_who_refuses(kinds: Place) -> None:
    settings = {"host": kinds.host, "port": 1, "database": "kinds", "user": "reader"}
    with pytest.raises(Unreachable, match="Nothing answers at"):
        ENGINE.open(settings, secrets={"password": "x"}, limits=Limits(seconds=2))
