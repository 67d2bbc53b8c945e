"""Rows of artifacts: one of a content, whoever writes it, and however often."""

from __future__ import annotations

import pytest
from tests.plugins.django import NOW

from broadsheet.runs.kept import keep_rows
from broadsheet.runs.models import Artifact

pytestmark = [pytest.mark.django_db, pytest.mark.feature("PRF-21")]


@pytest.fixture
def artifact(organization):
    def made(sha256: str) -> Artifact:
        return Artifact(organization=organization, sha256=sha256, size=3, media_type="text/csv", made_at=NOW)

    return made


def test_what_was_kept_before_is_the_same_row(artifact) -> None:
    first = keep_rows([artifact("b" * 64)])["b" * 64]
    again = keep_rows([artifact("a" * 64), artifact("b" * 64), artifact("b" * 64)])
    assert again["b" * 64].pk == first.pk
    assert sorted(Artifact.objects.values_list("sha256", flat=True)) == ["a" * 64, "b" * 64]


def test_all_are_written_by_one_statement(artifact, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        keep_rows([artifact(letter * 64) for letter in "abc"])
    assert keep_rows([]) == {}
