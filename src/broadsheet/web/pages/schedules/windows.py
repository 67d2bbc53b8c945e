"""When a run is made and may begin around its firing, in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext as _

from broadsheet.schedules.definition import Policies
from broadsheet.schedules.models import Schedule


def windows_words(policies: Policies, schedule: Schedule) -> str:
    """Empty where it is made at its firing."""
    said = []
    if policies.ahead != "none":
        said.append(_("Made %(n)d min before its firing, and sent at it.") % {"n": -(-schedule.ahead_seconds // 60)})
    if policies.floating is not None:
        words = {"n": schedule.offset_seconds // 60, "most": policies.floating.minutes}
        said.append(_("Begins %(n)d min after its firing, of %(most)d in which it may.") % words)
    return " ".join(said)
