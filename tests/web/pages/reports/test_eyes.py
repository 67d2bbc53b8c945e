"""Through whose eyes a report opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from broadsheet.runs.readers import Eyes
from broadsheet.web.pages.reports.eyes import by_name

Visitor = Callable[[str], Client]
SHOWN = "/reports/purchases/"


def chosen(client: Client, address: str = SHOWN) -> str:
    page = client.get(address).content.decode()
    options = page.split('id="id_reader"')[1].split("</select>")[0]
    return options.split(" selected")[0].rpartition('value="')[2].rstrip('"')


@pytest.fixture
def personal(shop: object) -> None:
    from broadsheet.reports.models import ReportVersion

    version = ReportVersion.objects.get()
    ReportVersion.objects.update(definition=version.definition.rstrip() + "\nsubtitle: '{reader.buyer}'\n")


def test_a_report_that_speaks_to_nobody_opens_with_every_row(shop: object, visitor: Visitor) -> None:
    assert chosen(visitor("editor")) == ""


def test_a_personal_one_opens_as_a_reader_of_the_lookers_language(
    personal: None, visitor: Visitor, tmp_path: Any, cast: Any
) -> None:
    from broadsheet.access.models import User

    buyers = tmp_path / "shop" / "buyers.csv"
    buyers.write_text(buyers.read_text("utf-8").replace("Ada Stone,ada@ada.example,en", "Ada Stone,ada@ada.example,fr"))
    client = visitor("editor")
    assert chosen(client) == "b2"  # Bo reads English; Ada, who comes first, does not
    User.objects.filter(pk=cast.editor.pk).update(language="de")
    assert chosen(client) == "b3"


def test_the_last_choice_is_remembered(personal: None, visitor: Visitor) -> None:
    client = visitor("editor")
    assert chosen(client) == "b1"
    assert chosen(client, f"{SHOWN}?reader=b3") == "b3"
    assert chosen(client) == "b3"
    assert chosen(client, f"{SHOWN}?reader=") == ""
    assert chosen(client) == ""
    client.get(f"{SHOWN}?reader=nobody-known")
    assert chosen(client) == ""


def test_names_are_in_order_whatever_their_accents() -> None:
    eyes = [Eyes(name, name, "") for name in ("Zoë", "Émile", "anna", "Øyvind", "Eva", "Åsa")]
    assert [one.name for one in by_name(eyes)][:4] == ["anna", "Åsa", "Émile", "Eva"]
