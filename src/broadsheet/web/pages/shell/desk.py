"""The desk around each page: `base.html`'s ``shell``. Each part is asked when a template uses it, so that partials
cost nothing."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from broadsheet.access.models import Organization
from broadsheet.collaboration.queries import unread as notices
from broadsheet.core.policy import Actor, may, may_somewhere
from broadsheet.delivery.queries import unread

from .clocks import clocks

# What each part of the rail asks for; who holds less of it finds no link there.
OPENED_BY = {
    "today": ("delivery.read", "schedule.read"), "reports": ("report.read",), "schedules": ("schedule.read",),
    "deliveries": ("delivery.read",), "data": ("source.read",),
    "operations": ("delivery.read",),
}  # fmt: skip


class Desk:
    """See the list of variables on top of `base.html`."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._actor: Actor = request.actor  # type: ignore[attr-defined]

    @property
    def now(self) -> datetime:
        return timezone.localtime(self._request.now)  # type: ignore[attr-defined]

    @property
    def home(self) -> str:
        return timezone.get_current_timezone_name()

    @cached_property
    def clocks(self) -> list[dict[str, str]]:
        return clocks(self._actor, now=self._request.now)  # type: ignore[attr-defined]

    @property
    def organization(self) -> Organization:
        return self._request.organization  # type: ignore[attr-defined,no-any-return]

    @property
    def account(self) -> dict[str, str]:
        return {"name": self._actor.name, "role": role_words(self._actor.role)}

    @cached_property
    def shut(self) -> dict[str, bool]:
        """Parts that are not the reader's to open: the names of `OPENED_BY`, and “notices”."""
        found = {
            part: True
            for part, permissions in OPENED_BY.items()
            if not all(may_somewhere(self._actor, one) for one in permissions)
        }
        return found if may(self._actor, "schedule.read") else {**found, "notices": True}

    @cached_property
    def needs(self) -> int:
        """How many things wait for the reader: as many as Today lists."""
        if "today" in self.shut:
            return 0
        from broadsheet.web.pages.today.needs import needs

        return len(needs(self._actor, now=self._request.now))  # type: ignore[attr-defined]

    @property
    def mail(self) -> bool:
        """Whether the mail catcher works here and its page is the reader's to open."""
        return bool(settings.CATCHER_PORT and may(self._actor, "mail.read"))

    @property
    def places(self) -> str:
        return reverse("web:places")

    @property
    def inbox(self) -> str:
        return reverse("web:inbox") if may(self._actor, "report.read") else ""

    @cached_property
    def unread(self) -> int:
        """How much of the inbox was never opened."""
        if not self.inbox:
            return 0
        return unread(self._actor, self._request.user.email)  # type: ignore[union-attr]

    @cached_property
    def notices(self) -> int:
        """How many notifications are not read."""
        return notices(self._actor) if may(self._actor, "schedule.read") else 0

    @cached_property
    def standstill(self) -> dict[str, str] | None:
        """Maintenance that goes on, or that comes within a day; it came with the organization, so it costs nothing."""
        key = getattr(self.organization, "standstill", None)
        if key is None or not may_somewhere(self._actor, "schedule.read"):
            return None
        from broadsheet.web.pages.operations.banner import banner

        return banner(key, now=self._request.now)  # type: ignore[attr-defined]

    @property
    def sign_out(self) -> str:
        return reverse("web:sign-out")


def role_words(role: str) -> str:
    """The role's name as it stands beside a person."""
    words = {
        "owner": _("Owner"), "admin": _("Admin"), "editor": _("Editor"), "publisher": _("Publisher"),
        "viewer": _("Viewer"),
    }  # fmt: skip
    return words.get(role, role)
