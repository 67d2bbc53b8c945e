"""A driver's own words go to the log, on one line, and never into what is shown."""

from __future__ import annotations

import logging

import pytest
from tests.plugins.django import NOW

from broadsheet.core.document.tables import Ask
from broadsheet.core.policy import Reader
from broadsheet.sources.actions.ask import Request, answer_all
from broadsheet.sources.errors import QueryRefused, Unreachable
from broadsheet.sources.models import StoredDataset


def test_words_are_logged_on_one_line_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    error = Unreachable("It does not answer.", detail="refused by 10.0.0.7\nforged=line")
    error.logged(action="ask", dataset="orders")
    assert str(error) == "It does not answer."
    assert caplog.messages == ["Unreachable action=ask dataset=orders: refused by 10.0.0.7 forged=line"]


@pytest.mark.django_db
def test_a_query_that_fails_leaves_its_words_in_the_log(shop, organization, caplog: pytest.LogCaptureFixture) -> None:
    stored = StoredDataset.objects.get(name="orders")
    stored.definition = stored.definition.replace("select * from orders", "select * from gone")
    stored.save()
    caplog.set_level(logging.WARNING)
    request = Request("q", Ask("orders", ("bought",)), Reader("e", "Edda", unrestricted=True))
    with pytest.raises(QueryRefused):
        answer_all(organization.pk, [request], as_of=NOW)
    assert any("dataset=orders" in message and "gone" in message for message in caplog.messages)
