"""Rooms for reports, datasets and channels, and roles that are given on single things."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .organization import Organization
from .team import Team


class Workspace(models.Model):
    """In an ``open`` one everybody's role in the organization counts. In a closed one only roles granted on it, or on what
    stands in it, do."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    open = models.BooleanField(default=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_workspace_of_a_name")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label or self.name


class Placement(models.Model):
    """A report, dataset or channel (``kind``, ``object_id``) stands in a workspace; it may stand in several."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kind", "object_id"], name="once_in_a_workspace"),
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="placement_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} in {self.workspace}"


class GrantedRole(models.Model):
    """``role``, built in or the organization's own, on one thing (`core.policy.grants.KINDS`), for a member or a team."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "object_id", "user"], name="one_grant_a_person"),
            models.UniqueConstraint(fields=["organization", "kind", "object_id", "team"], name="one_grant_a_team"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(team__isnull=True), name="for_a_person_or_a_team"
            ),
        ]
        ordering = ["kind", "object_id", "pk"]

    def __str__(self) -> str:
        return f"{self.team or self.user} is {self.role} of {self.kind} {self.object_id}"
