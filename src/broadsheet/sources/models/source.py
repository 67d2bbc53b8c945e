"""A connection to where data lives, and the datasets over it, as their definition files say."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """``settings`` are plain, ``sealed`` holds the secrets encrypted by the keyring. ``verdict`` is the last test's."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    engine = models.CharField(max_length=64)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    definition = models.TextField(blank=True)
    checked_at = models.DateTimeField(null=True)
    ok = models.BooleanField(null=True)
    verdict = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_source_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name


class StoredDataset(models.Model):
    """``definition`` is the YAML text that it was read from; the truth about its columns and rules stands there."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="datasets")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    definition = models.TextField()
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_dataset_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name
