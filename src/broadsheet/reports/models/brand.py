"""How an organization's reports and pages look."""

from __future__ import annotations

from django.db import models


class Brand(models.Model):
    """``accent`` as #RRGGBB; ``logo`` an SVG, PNG or JPEG; ``footer`` stands on every page of a file."""

    organization = models.ForeignKey("access.Organization", on_delete=models.CASCADE, related_name="+")
    name = models.SlugField(max_length=100)
    label = models.CharField(max_length=200)
    accent = models.CharField(max_length=7, default="#025975")
    logo = models.BinaryField(null=True)
    logo_type = models.CharField(max_length=40, blank=True)
    footer = models.CharField(max_length=300, blank=True)
    default = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_brand_of_a_name"),
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(default=True), name="one_default_brand"
            ),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label
