"""Addresses that are not sent to, by command."""

from __future__ import annotations

import json

import pytest
from tests.plugins.django import NOW
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.delivery.models import Suppression

pytestmark = pytest.mark.feature("DLV-16")


def test_they_are_listed_and_what_bounced_is_lifted(organization) -> None:
    def said(*given: str):
        return CliRunner().invoke(
            app, ["suppression", *given, "--organization", organization.slug], env={"COLUMNS": "200"}
        )

    Suppression.objects.create(
        organization=organization, address="bo@bo.example", reason="No such mailbox: gone", at=NOW
    )
    lines = said("list", "--find", "BO@").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["Address", "Schedule", "Since", "Reason"],
        ["bo@bo.example", "all", "2026-11-24T09:00", "No", "such", "mailbox:", "gone"],
    ]
    assert json.loads(said("list", "--json").stdout)[0]["bounced"] is True
    refused = said("lift", "bo@bo.example", "ada@ada.example")
    assert (refused.exit_code, Suppression.objects.count()) == (2, 1)
    assert "“ada@ada.example” is not among the addresses that bounced." in refused.stderr
    assert said("lift", "bo@bo.example").stdout.strip() == "1 lifted; the next run sends to them."
    assert not Suppression.objects.exists()
