"""What would go out of something held, and what is unsure about it, in the words of the page's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from broadsheet.runs.held import Goes
from broadsheet.web import telling

Shown = dict[str, Any]


def goes_words(one: Goes) -> str:
    """How many deliveries, by channel."""
    by = ", ".join(f"{label} {number:,}" for label, number in one.deliveries.items())
    if one.foreseen:
        return (
            _("about %(n)s as last time: %(by)s") % {"n": f"{one.number:,}", "by": by}
            if by
            else _("not known: it never ran")
        )
    return by or _("nothing: all of it was sent or skipped")


def made_words(one: Goes) -> str:
    """Whether its files are there already."""
    if one.run.made_at is not None:
        return _("files of %(at)s, as they are") % {"at": telling.moment(one.run.made_at)}
    if one.made:
        return _("files that are made go as they are; those still missing are made when it goes on")
    return _("files are made when it goes on")


def unsure(one: Goes) -> list[Shown]:
    """What a person should think of before it goes, worst first."""
    found = []
    if one.run.held_for == "restored":
        found.append(
            ("unconfirmed", _("It may have gone out before the database was restored: ask a recipient first."))
        )
    if one.run.held_for == "quarantine":
        found.append(("conflict", _("It ended the processes that worked on it, and may do so again.")))
    if one.unsure:
        words = ngettext(
            "%(n)d delivery may have arrived; it is not sent again.", "%(n)d deliveries may have arrived; they are not sent again.", one.unsure
        )  # fmt: skip
        found.append(("unconfirmed", words % {"n": one.unsure}))
    if one.late:
        found.append(("expired", _("Its deadline has passed; it gets a new one.")))
    if one.sent:
        words = ngettext("%(n)d was accepted before and does not go again.", "%(n)d were accepted before and do not go again.", one.sent)  # fmt: skip
        found.append(("accepted", words % {"n": one.sent}))
    return [{"state": state, "text": text} for state, text in found]
