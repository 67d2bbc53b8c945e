"""The parameters in the form are those of the report that is chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.pages.schedules.test_form import EDIT, filled, text

Visitor = Callable[[str], Client]
PREVIEW = "/schedule-preview/?of=buyers-monday"
PLACE = '<template data-goes="#parameters">'


@pytest.fixture
def other(shop: object) -> None:
    """A second report: the first one, with a parameter “most” instead of “least”."""
    from broadsheet.reports.models import Report, ReportVersion

    report, version = Report.objects.get(name="purchases"), ReportVersion.objects.get()
    report.pk, report.name = None, "returns"
    report.save()
    version.pk, version.report = None, report
    version.definition = version.definition.replace("purchases", "returns", 1).replace("least", "most")
    version.save()


@pytest.mark.feature("SCH-02")
@pytest.mark.usefixtures("other")
def test_choosing_another_report_brings_its_parameters(visitor: Visitor) -> None:
    client = visitor("editor")
    data = filled(client, EDIT) | {"with-least": "7"}
    assert PLACE not in text(client.post(PREVIEW, data))
    shown = text(client.post(PREVIEW, data | {"report": "returns"})).split(PLACE)[1].split("</template>")[0]
    assert 'name="with-most"' in shown and 'name="with-least"' not in shown
    assert '<input type="hidden" name="parameters-of" value="returns">' in shown
    back = text(client.post(PREVIEW, data | {"parameters-of": "returns"})).split(PLACE)[1]
    assert 'name="with-least"' in back and 'value="7"' not in back.split("</template>")[0]


@pytest.mark.feature("SCH-02")
@pytest.mark.usefixtures("shop")
def test_a_report_that_is_gone_has_no_parameters(visitor: Visitor) -> None:
    client = visitor("editor")
    shown = (
        text(client.post(PREVIEW, filled(client, EDIT) | {"report": "gone"})).split(PLACE)[1].split("</template>")[0]
    )
    assert "with-" not in shown
