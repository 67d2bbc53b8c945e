"""What each permission lets somebody do, in words; reading first, then what changes things."""

from __future__ import annotations

from django.utils.translation import gettext as _


def permission_words() -> dict[str, str]:
    """By the names of `core.policy.roles`, in the order in which they are shown."""
    return {
        "report.read": _("look at the list of reports and their definitions"),
        "report.render": _("make reports"),
        "schedule.read": _("look at schedules"),
        "delivery.read": _("look at deliveries and open what was sent"),
        "source.read": _("look at sources and datasets"),
        "channel.read": _("look at channels"),
        "brand.read": _("look at the brand"),
        "person.read": _("look at people"),
        "mail.read": _("read caught mail"),
        "journal.read": _("read the journal"),
        "schedule.run": _("run schedules"),
        "delivery.resend": _("send again"),
        "report.edit": _("write reports, and see them through others’ eyes"),
        "schedule.edit": _("write schedules"),
        "source.edit": _("change sources and datasets"),
        "brand.edit": _("change the brand"),
        "channel.edit": _("change channels and send tests"),
        "source.secrets": _("give sources their passwords"),
        "source.rules": _("set rules on the tables of sources"),
        "definition.apply": _("apply definition files"),
        "person.edit": _("add, change and remove people"),
        "token.edit": _("issue and revoke tokens"),
    }
