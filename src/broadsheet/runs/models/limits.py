"""How many runs may go on at once."""

from __future__ import annotations

from django.db import models


class Limits(models.Model):
    """Of one organization, or of the whole installation where ``organization`` is None. ``runs``: at once; None: as many
    as there are workers for. ``sources``: of runs that ask one source, by its name. The row is locked while a run is
    given out against it, so that two who look at once do not both see the last place free."""

    organization = models.OneToOneField(
        "access.Organization", null=True, on_delete=models.CASCADE, related_name="run_limits"
    )
    runs = models.PositiveIntegerField(null=True)
    sources = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(organization__isnull=True), name="one_installation_limits"
            )
        ]

    def __str__(self) -> str:
        return f"limits of {self.organization or 'the installation'}"
