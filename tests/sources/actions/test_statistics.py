"""The other side's own counts: asked for now, of the whole account, and so not for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugins.django import NOW
from tests.plugins.leadconduit import LeadConduit, keep_source

from broadsheet.core.policy.roles import Refused
from broadsheet.sources.copying import Statistics
from broadsheet.sources.errors import QueryFailed, QueryRefused, UnknownSource
from broadsheet.sources.secured.counted import rows_of

pytestmark = [pytest.mark.feature("BEY-12"), pytest.mark.django_db]
Act = Callable[[str], Any]
BY_SOURCE = Statistics(
    group_by=("source",), interval="daily", zone="America/Chicago", columns=("source-success", "cost", "ping-win-rate"),
    start="2026-11-01", types=("source",), by_lead=False,
)  # fmt: skip
ROW = {
    "source": {"id": "5" * 24, "name": "Sun Compare"}, "source-success": 12, "cost": "240.50", "ping-win-rate": 0.25,
    "start": "2026-11-20T06:00:00Z", "end": "2026-11-21T06:00:00Z", "never heard of": 1,
}  # fmt: skip


def ask(actor: Any, asked: Statistics = BY_SOURCE, *, name: str = "ads") -> list[dict[str, object]]:
    from broadsheet.sources.actions.statistics import statistics

    return rows_of(statistics(actor, name, asked))


def test_they_are_asked_in_the_vendors_words_and_come_typed(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    leadconduit.statistics = [ROW, {"source": None}]
    assert ask(actor("viewer")) == [
        {
            "period_start": "2026-11-20T06:00:00+00:00", "period_end": "2026-11-21T06:00:00+00:00",
            "source": "Sun Compare", "source_success": 12, "cost": 240.5, "ping_win_rate": 0.25,
        },
        {"period_start": None, "period_end": None, "source": None, "source_success": None, "cost": None, "ping_win_rate": None},
    ]  # fmt: skip
    assert leadconduit.queries[-1] == {
        "type": ["source"], "group_by": ["source"], "column": ["source-success", "cost", "ping-win-rate"],
        "interval": ["daily"], "timezone": ["America/Chicago"], "start": ["2026-11-01"], "by_lead": ["false"],
    }  # fmt: skip


def test_an_answer_serves_for_a_minute(
    leadconduit: LeadConduit, ads: Any, actor: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    from broadsheet.sources.actions import statistics

    ask(actor("viewer"))
    ask(actor("viewer"))
    assert leadconduit.calls["/events/stats"] == 1
    monkeypatch.setattr(statistics, "KEPT_SECONDS", 0.0)
    ask(actor("viewer"))
    assert leadconduit.calls["/events/stats"] == 2


@pytest.mark.parametrize("field", ["lead.email", "lead.phone_1", "lead.postal_code", "trustedform.token", "LEAD.EMAIL"])
def test_what_tells_of_persons_needs_more(leadconduit: LeadConduit, ads: Any, actor: Act, field: str) -> None:
    with pytest.raises(Refused, match="single persons"):
        ask(actor("viewer"), Statistics(group_by=("source", field)))
    assert not leadconduit.calls
    ask(actor("editor"), Statistics(group_by=("source", field)))


def test_rules_on_rows_keep_the_whole_account_from_who_has_only_rows(
    leadconduit: LeadConduit, ads: Any, actor: Act
) -> None:
    from broadsheet.core.document.loading import load
    from broadsheet.sources.actions.save import save_dataset

    text = (
        "dataset: mine\nsource: ads\nsql: select * from events\nrows: [{column: source_id, equals: reader.source_id}]\n"
        "dimensions: {source_id: text}\nmetrics: {events: count(*)}\n"
    )
    ask(actor("viewer"))
    [loaded] = load(text, file="x")
    save_dataset(actor("editor"), loaded, now=NOW)
    with pytest.raises(Refused, match="rules on who sees what"):
        ask(actor("viewer"))
    ask(actor("editor"))


def test_another_organizations_source_is_not_there(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    with pytest.raises(UnknownSource):
        ask(actor("outsider"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Statistics(interval="fortnightly"), "minutely, hourly"),
        (Statistics(columns=("drop table",)), "source-submitted"),
        (Statistics(zone="Mars/Base"), "time zone"),
        (Statistics(start="yesterday"), "2026-01-31"),
    ],
)
def test_what_the_vendor_does_not_know_is_not_asked(
    leadconduit: LeadConduit, ads: Any, actor: Act, asked: Statistics, words: str
) -> None:
    with pytest.raises(QueryRefused, match=words):
        ask(actor("editor"), asked)
    assert not leadconduit.calls


def test_an_answer_that_is_none_is_told(leadconduit: LeadConduit, ads: Any, actor: Act) -> None:
    leadconduit.before = lambda _: (200, {}, b'{"rows": []}')
    with pytest.raises(QueryFailed, match="no list of rows"):
        ask(actor("editor"))


def test_a_table_of_them_comes_with_each_sync(leadconduit: LeadConduit, organization: Any, actor: Act) -> None:
    from broadsheet.sources.actions.ask import connection
    from broadsheet.sources.actions.sync import sync_source

    table = {"group_by": ["source"], "interval": "daily", "columns": ["source-success"], "days": 7}
    source = keep_source(organization, leadconduit, statistics={"daily_by_source": table})

    def held() -> list[Any]:
        with connection(source) as opened:
            assert opened.tables() == ("daily_by_source", "events")
            return opened.query("select source, source_success from daily_by_source", []).to_pylist()  # type: ignore[no-any-return]

    assert held() == []
    for count in (12, 13):
        leadconduit.statistics = [{**ROW, "source-success": count}]
        sync_source(actor("editor"), "ads", now=NOW)
        assert held() == [{"source": "Sun Compare", "source_success": count}]
    assert (leadconduit.queries[-1]["start"], leadconduit.queries[-1]["end"]) == (["2026-11-17"], ["2026-11-24"])
    source = keep_source(organization, leadconduit, statistics={"daily_by_source": table | {"days": 8}})
    assert held() == []  # another question, not asked yet


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"base_address": "ftp://x"}, "https://"),
        ({"base_address": "https://x.example/?a=b"}, "host and a path"),
        ({"start": "last year"}, "2026-01-31"),
        ({"include": ["source"], "exclude": ["filter"]}, "one of them"),
        ({"every_minutes": 0}, "1 to 1440"),
        ({"statistics": {"events": {}}}, "table’s name"),
        ({"statistics": {"a-b": {}}}, "table’s name"),
        ({"statistics": {"daily": {"by": "x"}}}, "not known"),
        ({"statistics": {"daily": {"days": 0}}}, "number of days"),
        ({"statistics": {"daily": {"columns": ["x"]}}}, "not a column"),
        ({"statistics": ["daily: [", "x"]}, "cannot be read"),
        ({"statistics": ["daily"]}, "not a name"),
    ],
)
def test_settings_that_cannot_work_are_refused_where_they_are_kept(
    leadconduit: LeadConduit, organization: Any, settings: dict[str, Any], words: str
) -> None:
    from broadsheet.core.document.loading import DefinitionError

    with pytest.raises(DefinitionError, match=words):
        keep_source(organization, leadconduit, **settings)


def test_tables_can_be_told_by_lines(leadconduit: LeadConduit, organization: Any) -> None:
    from broadsheet.sources.actions.ask import connection

    lines = ["daily: {interval: daily}", "{hourly: {interval: hourly}}"]
    with connection(keep_source(organization, leadconduit, statistics=lines)) as opened:
        assert opened.tables() == ("daily", "events", "hourly")
