"""The addresses that the secret of a person's feed opens; `api.secret_feeds` answers there."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings


@dataclass(frozen=True, slots=True)
class FeedUrls:
    """Whole addresses, to be shown to the secret's owner alone. *all*: of every schedule that they may see; *mine*: of
    those that belong to them."""

    all: str
    mine: str
    base: str

    def of(self, schedule: str) -> str:
        """The address of one schedule, by its name."""
        return f"{self.base}/{quote(schedule, safe='{}')}.ics"


def feed_urls(secret: str) -> FeedUrls:
    base = f"{settings.BASE_URL}/api/v1/feeds/{secret}"
    return FeedUrls(f"{base}.ics", f"{base}.ics?mine=true", base)
