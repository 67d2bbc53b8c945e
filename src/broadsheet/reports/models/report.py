"""A report and its versions."""

from __future__ import annotations

from django.db import models


class Report(models.Model):
    """``latest`` is the number of the version that runs and pages use."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    latest = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_report_of_a_name")]
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ReportVersion(models.Model):
    """One state of a definition, whole, as YAML text; never changed afterwards."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_version_of_a_number")]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.report.name} v{self.number}"
