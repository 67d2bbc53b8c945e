"""The query by which a cluster counts its workers' work: what waits and what is in work, as the product has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.db import connection

from broadsheet.runs import claims
from broadsheet.runs.models import Occurrence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.feature("PRF-03")]
RENDERED = Path(__file__).parents[1] / "deploy/rendered/production.yaml"


def depth() -> dict[str, int]:
    """What the autoscaler of each pool is told."""
    if connection.vendor == "sqlite":  # in production this is PostgreSQL's alone
        connection.ensure_connection()
        connection.connection.create_function("now", 0, lambda: f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
    found = {}
    for one in yaml.safe_load_all(RENDERED.read_text("utf-8")):
        if one["kind"] == "ScaledObject":
            with connection.cursor() as cursor:
                cursor.execute(one["spec"]["triggers"][0]["metadata"]["query"].replace("%", "%%"))
                found[one["metadata"]["name"].rpartition("-")[2]] = cursor.fetchone()[0]
    return found


def test_nothing_to_do_is_nought(run) -> None:
    assert depth() == {"light": 0, "heavy": 0}


def test_it_counts_what_waits_and_what_is_in_work_by_weight(run) -> None:
    now = datetime.now(UTC)
    asked = [run() for _ in range(6)]
    for one, fields in zip(
        asked,
        (
            {},
            {"weight": "heavy"},
            {"wake_at": now - timedelta(hours=1)},
            {"wake_at": now + timedelta(hours=1)},
            {"state": "held"},
            {"state": "skipped", "finished_at": now},
        ),
        strict=True,
    ):
        Occurrence.objects.filter(pk=one.pk).update(**fields)
    waiting = claims.ready(now=now).filter(weight="light").count()
    assert depth() == {"light": waiting, "heavy": 1} == {"light": 2, "heavy": 1}
    assert claims.claim(owner="one", now=now, weights=["light"]) is not None
    assert claims.ready(now=now).filter(weight="light").count() == 1
    assert depth() == {"light": 2, "heavy": 1}  # who is at work must not be taken away
