"""A report over data that it did not wait for says so, in every format and in the mail."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.plugins.django import NOW

from broadsheet.runs.models import Occurrence
from broadsheet.schedules.models import Schedule, Wait
from broadsheet.schedules.recipients import file_formats

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("SCH-16")]
FIRED = datetime(2026, 11, 23, 13, tzinfo=NOW.tzinfo)
READY = "ready: {probes: [{PROBE}], within_minutes: 60, otherwise: stale}"


def plain(form: str, data: bytes) -> str:
    """The texts of a file, with blanks as they come."""
    if form == "pdf":
        found = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    elif form == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(data))
        found = " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    else:
        found = data.decode("utf-8-sig")
    return " ".join(re.sub(r"</?\w[^>]*>", " ", found).split())


@pytest.mark.parametrize(
    ("probe", "told"),
    [
        # the newest order is of 31 October; a date counts to its end, in New York
        ("fresh: orders, hours: 6", "Data as of 1 Nov 2026, 00:00 EDT, older than it should be."),
        ("rows: orders, at_least: 1, period: 2026-W47", "These data are not complete: not all had come when this was made."),
    ],
)  # fmt: skip
def test_every_format_and_the_mail_say_it(change, finish, memory, organization, probe: str, told: str) -> None:
    forms = file_formats()
    ready = READY.replace("PROBE", probe)
    change(
        "channels: [{channel: memory, formats: [csv]}]", f"{ready}\nchannels: [{{channel: memory, formats: {forms}}}]"
    )
    change_people(organization)
    schedule = Schedule.objects.get(organization=organization, name="by-memory")
    run = Occurrence.objects.create(
        organization=organization, schedule=schedule, fire_at=FIRED, definition=schedule.definition, created_at=FIRED,
        deadline_at=FIRED + timedelta(hours=24),
    )  # fmt: skip

    waiting = finish(run, now=FIRED)
    assert (waiting.state, waiting.wake_at) == ("waiting", FIRED + timedelta(minutes=5))
    assert waiting.error == Wait.objects.get().lacking[0]
    done = finish(run, now=FIRED + timedelta(hours=1))

    assert (done.state, done.error, Wait.objects.get().outcome) == ("accepted", "", "stale")
    [message] = memory.taken
    assert told in plain("html", message.html.encode())
    assert told in " ".join(message.text.split())
    files = {Path(one.filename).suffix[1:]: one.data for one in message.attachments}
    assert set(files) == {"csv", "html", "pdf", "xlsx"}
    for form, data in files.items():
        assert told in plain(form, data), form


def change_people(organization) -> None:
    """One recipient, in New York and in English."""
    schedule = Schedule.objects.get(organization=organization, name="by-memory")
    schedule.definition["audience"] = {
        "people": [
            {"name": "Ada", "address": "ada@ada.example", "zone": "America/New_York", "attributes": {"buyer_id": "b1"}}
        ]
    }
    schedule.save()
