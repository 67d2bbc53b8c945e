"""What each permission lets somebody do, in words, grouped by what it is about: for pages, the REST API and the reference.

The words are marked for translation and told in English; whoever shows them on a page translates them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping


def gettext_noop(text: str) -> str:
    """Marks *text* for the catalogues, as Django's own does, without asking for settings."""
    return text


GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        gettext_noop("Reports"),
        {
            "report.read": gettext_noop("see the list of reports, their definitions and versions"),
            "report.render": gettext_noop("see a report live, with one’s own rows"),
            "report.export": gettext_noop("take a report away as a file, with one’s own rows"),
            "report.edit": gettext_noop("write and change reports"),
            "brand.read": gettext_noop("see brands"),
            "brand.edit": gettext_noop("write and change brands"),
        },
    ),
    (
        gettext_noop("Schedules and deliveries"),
        {
            "schedule.read": gettext_noop("see schedules and their runs"),
            "schedule.edit": gettext_noop("write, change, pause and resume schedules; skip a firing"),
            "schedule.run": gettext_noop("run a schedule by hand, stop a run; tell of events and see them"),
            "delivery.read": gettext_noop("see the ledger and the proof of a delivery"),
            "delivery.resend": gettext_noop("send again"),
            "channel.read": gettext_noop("see channels; their secrets are shown to nobody"),
            "channel.edit": gettext_noop("write and change channels, enter their secrets, send tests"),
            "mail.read": gettext_noop("read what the mail catcher caught"),
        },
    ),
    (
        gettext_noop("Data"),
        {
            "source.read": gettext_noop("see sources and datasets"),
            "source.edit": gettext_noop("write and change sources and datasets"),
            "source.secrets": gettext_noop("enter the secrets of sources"),
            "source.rules": gettext_noop(
                "set, change and remove rules on the tables of sources; where there are any, add and move sources"
            ),
            "dataset.certify": gettext_noop("certify datasets, and change certified ones"),
            "data.confidential": gettext_noop("see fields that are marked confidential, and put them into reports"),
            "data.restricted": gettext_noop("see fields that are marked restricted, and put them into reports"),
            "data.all": gettext_noop(
                "see every row and every field; look through a recipient’s eyes; open files that were sent"
            ),
        },
    ),
    (
        gettext_noop("People and rights"),
        {
            "person.read": gettext_noop("see who belongs to the organization, in which teams and roles"),
            "person.edit": gettext_noop("add, change and remove people, teams and services; give roles"),
            "person.view_as": gettext_noop("look through the eyes of a member, marked and journalled"),
            "contact.read": gettext_noop("see contacts: recipients without an account"),
            "contact.edit": gettext_noop("add, change and remove contacts"),
            "role.edit": gettext_noop("make and change roles of the organization’s own"),
            "workspace.edit": gettext_noop("make, open and close workspaces, and say what stands in them"),
            "workspace.all": gettext_noop("reach what stands in every closed workspace"),
        },
    ),
    (
        gettext_noop("The organization"),
        {
            "token.edit": gettext_noop("issue and revoke tokens"),
            "journal.read": gettext_noop("read, check and export the journal"),
            "definition.apply": gettext_noop("plan and apply definition files"),
            "operation.steer": gettext_noop("steer the queue, plan maintenance, see the processes and run the checks"),
        },
    ),
)
"""Titles of groups, each with its permissions and what they let one do; reading stands before changing."""

SENTENCES: Mapping[str, str] = {name: said for _title, said_of in GROUPS for name, said in said_of.items()}
"""What each permission lets one do, in the order in which they are shown."""

LEANS_ON: Mapping[str, tuple[str, ...]] = {
    "report.render": ("report.read",),
    "report.export": ("report.render",),
    "report.edit": ("report.read",),
    "brand.edit": ("brand.read",),
    "schedule.edit": ("schedule.read", "report.read"),
    "schedule.run": ("schedule.read",),
    "delivery.resend": ("delivery.read",),
    "channel.edit": ("channel.read",),
    "source.edit": ("source.read",),
    "source.secrets": ("source.edit",),
    "source.rules": ("source.edit",),
    "dataset.certify": ("source.edit",),
    "person.edit": ("person.read",),
    "person.view_as": ("person.read",),
    "contact.edit": ("contact.read",),
    "role.edit": ("person.read",),
    "workspace.edit": ("report.read",),
}
"""What is of little use without another: who holds the first alone is refused where the other is asked for, too."""

ROLE_SENTENCES: Mapping[str, str] = {
    "owner": gettext_noop("everything, owners included"),
    "admin": gettext_noop("everything but who is an owner"),
    "editor": gettext_noop("makes and sends reports, edits sources; no channels, people or tokens"),
    "publisher": gettext_noop("schedules, runs and sends reports that others wrote"),
    "viewer": gettext_noop("looks at reports, schedules and deliveries"),
}
"""What the built-in roles that somebody can have are for."""


def missing(permissions: Collection[str]) -> list[tuple[str, str]]:
    """Each of *permissions* that leans on one that is not among them, with that one; as they are shown."""
    held = set(permissions)
    return [(one, on) for one in SENTENCES if one in held for on in LEANS_ON.get(one, ()) if on not in held]
