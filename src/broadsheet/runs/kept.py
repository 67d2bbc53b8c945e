"""Rows of artifacts: one for each content of an organization, however many write it at once."""

from __future__ import annotations

from collections.abc import Sequence

from broadsheet.runs.models import Artifact


def keep_rows(wanted: Sequence[Artifact]) -> dict[str, Artifact]:
    """The rows of what the store keeps, by hash, in one statement: those of *wanted*, or as they were kept before. All of one
    organization."""
    once = {one.sha256: one for one in wanted}
    in_order = [once[key] for key in sorted(once)]  # two who write the same two wait for each other in one order
    if not in_order:
        return {}
    Artifact.objects.bulk_create(
        in_order, update_conflicts=True, unique_fields=["organization", "sha256"], update_fields=["sha256"]
    )
    return once
