"""Periods of reports by the organization's own fiscal years and business days."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.definition.parameters import PeriodSpec
from broadsheet.core.document.loading import load
from broadsheet.core.document.parameters import ParameterError, resolve
from broadsheet.core.document.periods import PLAIN
from broadsheet.core.policy import Reader

pytestmark = pytest.mark.feature("SCH-06")
FISCAL = "calendar: fiscal\nfiscal: {start: 2}\n"
DEFAULT = "calendar: default\nclosed: [{every: '%m-%d', name: Stocktaking}]\n"


@pytest.fixture
def purchases(shop: Any, actor: Any) -> Any:
    from broadsheet.reports import queries as reports

    return reports.definition_of(reports.latest(reports.report(actor("editor"), "purchases")))


def test_the_calendars_called_fiscal_and_default_count(purchases: Any, actor: Any, organization: Any) -> None:
    from broadsheet.core.recurrence.calendars import add_business_days
    from broadsheet.schedules.actions.save_calendar import save_calendar
    from broadsheet.schedules.periods import period_calendars

    name = next(name for name, spec in purchases.parameters.items() if isinstance(spec, PeriodSpec))
    plain_day = add_business_days(NOW.date(), -1, PLAIN.business)
    assert plain_day is not None
    for text in (FISCAL, DEFAULT.replace("%m-%d", f"{plain_day:%m-%d}")):
        save_calendar(actor("editor"), load(text, file="x.yaml")[0], now=NOW)

    def period(words: str) -> Any:
        given = {name: words}
        calendars = period_calendars(organization.pk, purchases, given, now=NOW)
        return resolve(purchases, given, reader=Reader("", ""), now=NOW, calendars=calendars).period(name)

    assert period("last fiscal year").start.month == 2
    assert period("previous business day").start == add_business_days(NOW.date(), -2, PLAIN.business)


def test_nothing_is_asked_where_no_period_needs_it(
    purchases: Any, organization: Any, django_assert_num_queries: Any
) -> None:
    from broadsheet.schedules.periods import period_calendars

    with django_assert_num_queries(0):
        assert period_calendars(organization.pk, purchases, {}, now=NOW) is PLAIN


def test_a_calendar_without_its_events_is_told(purchases: Any, actor: Any, organization: Any) -> None:
    from broadsheet.schedules.models import Calendar
    from broadsheet.schedules.periods import period_calendars

    Calendar.objects.create(
        organization=organization, name="default", label="x", created_at=NOW, updated_at=NOW,
        definition={"events": {"url": "https://x.example/a.ics", "closed": True}},
    )  # fmt: skip
    name = next(name for name, spec in purchases.parameters.items() if isinstance(spec, PeriodSpec))
    with pytest.raises(ParameterError, match="not been fetched"):
        period_calendars(organization.pk, purchases, {name: "previous business day"}, now=NOW)
