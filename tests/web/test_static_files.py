"""Static files under ASGI: whole, in ranges, and without Django's warning of synchronous streams."""

from __future__ import annotations

import asyncio
import warnings

import pytest
from django.test import AsyncClient, Client

MARK = "/static/broadsheet-mark.svg"


@pytest.mark.django_db
def test_a_file_is_given_whole_and_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = asyncio.run(_asked())
    assert answer.status_code == 200 and not answer.streaming
    assert answer["Content-Type"].startswith("image/svg+xml")
    assert int(answer["Content-Length"]) == len(answer.content) > 0


async def _asked():  # type: ignore[no-untyped-def]
    return await AsyncClient().get(MARK)


@pytest.mark.django_db
def test_ranges_and_what_is_known_already() -> None:
    whole = Client().get(MARK)
    part = Client().get(MARK, headers={"range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, whole.content[2:6])
    again = Client().get(MARK, headers={"if-modified-since": whole["Last-Modified"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().head(MARK).content == b""
