"""The readers of a run who may see the same, and the files made for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from broadsheet.core.lifecycle import SLICE, VERDICT

from .occurrence import Occurrence
from .stateful import Machines, Stateful


class Slice(Stateful):
    """``key`` is a SHA-256 over all that decides what is seen; ``reader`` is one of its readers, as plain data.

    ``state``: due, made or failed. ``rows`` counts the data's rows over all its requests, ``counts`` those of each.
    ``identity`` is a SHA-256 that stays over runs: who sees the same rows. ``findings`` are what checks of its content
    found, ``verdict`` what came of it: empty before it was checked, passed, warned, held, released or dropped.
    """

    MACHINES: ClassVar[Machines] = {"state": SLICE, "verdict": VERDICT}

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="slices")
    key = models.CharField(max_length=64)
    reader = models.JSONField()
    formats = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="due")
    error = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    identity = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    verdict = models.CharField(max_length=16, blank=True)
    made_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occurrence", "key"], name="one_slice_of_a_key")]

    def __str__(self) -> str:
        return f"slice {self.key[:8]}"


class Artifact(models.Model):
    """Bytes kept once, by the hash of their content, in the artifact store."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "sha256"], name="one_artifact_of_a_hash")]

    def __str__(self) -> str:
        return self.sha256


class SliceFile(models.Model):
    """One file of a slice in one format; ``made_from`` says what of: versions, parameters, cut-off, fingerprint."""

    slice = models.ForeignKey(Slice, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=32)
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="files")
    filename = models.CharField(max_length=200)
    made_from = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slice", "format"], name="one_file_of_a_format")]

    def __str__(self) -> str:
        return self.filename
