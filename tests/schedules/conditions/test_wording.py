"""What a condition found, in sentences: with its figures, and without."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from broadsheet.core.conditions import Alarm
from broadsheet.core.document.periods import Period
from broadsheet.core.document.tables import Column
from broadsheet.schedules.conditions.evaluating import Asked, told
from broadsheet.schedules.conditions.figures import Figure
from broadsheet.schedules.conditions.threshold_definition import OnlyIf

pytestmark = pytest.mark.feature("SCH-17")
AT = datetime(2026, 11, 24, 13, tzinfo=UTC)
PRICE = Column("price", "Cost per lead", "money", decimals=2, currency="USD")
RATE = Column("rate", "Accepted rate", "percent")
LEADS = Column("leads", "Leads", "integer", unit="leads")
FIRED = Alarm("firing", AT, 3, True, datetime(2026, 11, 23, 13, tzinfo=UTC))

CASES: list[tuple[dict[str, Any], Column, float | None, float | None, Alarm, str, str]] = [
    ({"above": 50}, PRICE, 41.2, None, Alarm(),
     "Cost per lead was $41.20 for 23 Nov 2026, not above $50.00.", "Cost per lead was not above $50.00."),
    ({"above": 50, "clears": 40}, PRICE, 41.2, None, FIRED,
     "Cost per lead was $41.20 for 23 Nov 2026, not back at $40.00 yet.", "Cost per lead was not back at $40.00 yet."),
    ({"below": 0.9}, RATE, 0.874, None, Alarm(),
     "Accepted rate was 87.4 % for 23 Nov 2026, below 90.0 %.", "Accepted rate was below 90.0 %."),
    ({"outside": [100, 200]}, LEADS, 1200, None, Alarm(),
     "Leads was 1,200 for 23 Nov 2026, outside of 100 to 200.", "Leads was outside of 100 to 200."),
    ({"change": {"by": 10, "direction": "down"}}, LEADS, 90, 120, Alarm(),
     "Leads was 90 for 23 Nov 2026, −25.0 % on 120 before.", "Leads was 10 % or more down on the period before."),
    ({"change": {"by": 10}, "clears": 5}, LEADS, 128, 120, FIRED,
     "Leads was 128 for 23 Nov 2026, +6.7 % on 120 before, not 10 % or more up or down, and not back at 5 % yet.",
     "Leads was not 10 % or more up or down on the period before, and not back at 5 % yet."),
    ({"change": {"by": 10, "unit": "absolute"}}, LEADS, 100, 120, Alarm(),
     "Leads was 100 for 23 Nov 2026, −20 on 120 before.", "Leads was 10 or more up or down on the period before."),
    ({"change": {"by": 10}}, LEADS, 100, None, Alarm(),
     "There is too little to compare with of Leads for 23 Nov 2026.", "There is too little to compare with of Leads for 23 Nov 2026."),
    ({"above": 1}, LEADS, None, None, Alarm(),
     "There is no figure of Leads for 23 Nov 2026.", "There is no figure of Leads for 23 Nov 2026."),
    ({"above": 1, "in_a_row": 3}, LEADS, 2, None, Alarm(),
     "Leads was 2 for 23 Nov 2026, above 1; 1 of 3 in a row.", "Leads was above 1; 1 of 3 in a row."),
    ({"above": 1, "cooldown_hours": 48}, LEADS, 2, None, FIRED,
     "Leads was 2 for 23 Nov 2026, above 1; a run went on at 23 Nov 2026, 08:00 EST, so none follows before 25 Nov 2026, 08:00 EST.",
     "Leads was above 1; a run went on at 23 Nov 2026, 08:00 EST, so none follows before 25 Nov 2026, 08:00 EST."),
    ({"above": 1, "once": True}, LEADS, 2, None, FIRED,
     "Leads was 2 for 23 Nov 2026, above 1; a run went on when that began.", "Leads was above 1; a run went on when that began."),
]  # fmt: skip


@pytest.mark.parametrize(("given", "column", "value", "before", "alarm", "reason", "plainly"), CASES)
def test_what_is_said(
    given: dict[str, Any], column: Column, value: float | None, before: float | None, alarm: Alarm, reason: str, plainly: str
) -> None:  # fmt: skip
    from broadsheet.core.conditions import judge

    only_if = OnlyIf(dataset="d", metric="m", **given)
    figure = Figure(column, Period("day", date(2026, 11, 23), date(2026, 11, 24), "America/New_York"), value, before)
    asked = Asked(figure, judge(only_if.threshold, value, before=before))

    found = told(only_if, alarm, asked, at=AT, zone="America/New_York")

    assert (found.reason.replace("\u202f", " ").replace("\u00a0", " "), found.plainly.replace("\u202f", " ").replace("\u00a0", " ")) == (reason, plainly)  # fmt: skip
