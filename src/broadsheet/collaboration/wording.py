"""Notifications in words: a subject, a sentence, and what it is about, thing by thing. In the language that is active.

Pages, mails, the API and the command line show the same words, each in its own form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from broadsheet.access.models import Organization, User
from broadsheet.core.recurrence.places import place

from . import calendar_moved as moved
from . import channel_back, channel_out
from . import data_late as late
from . import maintenance as standstill
from . import run_held as held
from .findings import findings_words
from .models import Notification


@dataclass(frozen=True, slots=True)
class Line:
    """``state``: moved, skipped or new. ``text`` on the thing's own clock; ``yours`` on the reader's where that shows
    another time, else empty; ``reason`` may be empty."""

    state: str
    text: str
    yours: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing: ``path`` is its page, ``clock`` says whose clock its lines are on, ``rest`` counts what is not listed,
    ``trouble`` is what is wrong with it."""

    title: str
    path: str
    clock: str
    lines: tuple[Line, ...]
    rest: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A notification in words; ``rest`` counts the parts that are not listed."""

    subject: str
    lead: str
    parts: tuple[Part, ...] = ()
    rest: str = ""

    def text(self) -> str:
        """All of it in plain text, without the subject."""
        return "\n".join(_plain(self))


def said(notification: Notification, *, zone: str) -> Said:
    """In the active language; *zone* (IANA) is the reader's. A kind of a later release has its name alone."""
    tell = KINDS.get(notification.kind)
    return tell(notification.data, zone, notification.created_at) if tell else Said(notification.kind, "")


def reader_zone(person: User, organization: Organization) -> str:
    """The zone of a reader's clock."""
    return person.zone or organization.zone


@contextmanager
def in_language_of(person: User, organization: Organization) -> Iterator[str]:
    """Words are in the person's language inside, or the organization's, or English; its name."""
    try:
        language = translation.get_supported_language_variant(person.language or organization.language)
    except LookupError:
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        yield language


def _calendar_moved(data: Mapping[str, Any], zone: str, at: datetime) -> Said:
    found = moved.calendar_moved(data)
    rest = ngettext("And %(n)d more schedule.", "And %(n)d more schedules.", found.more) % {"n": found.more}
    return Said(
        _subject(found),
        _lead(found) % {"who": found.by, "calendar": found.label},
        tuple(_schedule(one, zone, at) for one in found.schedules),
        rest if found.more else "",
    )


def _subject(found: moved.CalendarMoved) -> str:
    number = sum(one.number for one in found.schedules)
    broken = sum(bool(one.trouble) for one in found.schedules)
    if number:
        words = ngettext(
            "Calendar “%(calendar)s” moved %(n)d coming firing", "Calendar “%(calendar)s” moved %(n)d coming firings", number
        )  # fmt: skip
    elif broken:
        words = ngettext(
            "Calendar “%(calendar)s” stopped %(n)d schedule", "Calendar “%(calendar)s” stopped %(n)d schedules", broken
        )  # fmt: skip
    else:
        words = ngettext(
            "Calendar “%(calendar)s” lets %(n)d schedule fire again",
            "Calendar “%(calendar)s” lets %(n)d schedules fire again",
            len(found.schedules),
        )
    return words % {"calendar": found.label, "n": number or broken or len(found.schedules)}


def _lead(found: moved.CalendarMoved) -> str:
    words = {
        "added": _("%(who)s added the calendar “%(calendar)s”."),
        "changed": _("%(who)s changed the calendar “%(calendar)s”."),
        "refreshed": _("%(who)s read the events of the calendar “%(calendar)s” anew."),
    }
    return words[found.act]


def _schedule(one: moved.MovedSchedule, zone: str, at: datetime) -> Part:
    rest = ngettext("and %(n)d more within 90 days", "and %(n)d more within 90 days", one.more) % {"n": one.more}
    again = _("Its rule can be read again.") if one.again else ""
    trouble = _("Its rule can be read no more, so it does not fire. %(why)s") % {"why": one.trouble}
    walls = any(moment and moment.tzinfo is None for line in one.firings for moment in (line.was, line.now))
    clock = _("each recipient’s own clock") if walls else place(one.zone, get_language() or "en")
    return Part(
        one.title or one.name,
        f"/schedules/{quote(one.name, safe='')}/",
        clock,
        tuple(_line(line, one.zone, zone, at) for line in one.firings),
        rest if one.more else again,
        trouble if one.trouble else "",
    )


def _line(line: moved.MovedFiring, zone: str, mine: str, at: datetime) -> Line:
    language = get_language() or "en"
    reason = line.reasons.get(language.split("-")[0]) or line.reasons.get("en", "")
    state = "new" if line.was is None else "skipped" if line.now is None else "moved"
    there, here = _change(line, zone, at), _change(line, mine, at)
    return Line(state, there, here if here != there else "", reason)


def _change(line: moved.MovedFiring, zone: str, at: datetime) -> str:
    """*at*: when it was told; its year goes without saying."""
    was, now = (_moment(one, zone, at) for one in (line.was, line.now))
    if line.was is None:
        return _("%(at)s is new") % {"at": now}
    if line.now is None:
        return _("%(at)s is left out") % {"at": was}
    return f"{was} → {now}"


def _moment(moment: datetime | None, zone: str, at: datetime) -> str:
    if moment is None:
        return ""
    local = moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(zone))
    return format_date(local, "D j M H:i" if local.year == at.astimezone(ZoneInfo(zone)).year else "D j M Y H:i")


def _maintenance(data: Mapping[str, Any], zone: str, at: datetime) -> Said:
    found = standstill.maintenance(data)
    number = sum(one.number for one in found.schedules)
    subject = {
        "planned": ngettext(
            "Maintenance planned: %(n)d firing of yours is late", "Maintenance planned: %(n)d firings of yours are late", number
        ),
        "begun": ngettext(
            "Maintenance goes on: %(n)d firing of yours is late", "Maintenance goes on: %(n)d firings of yours are late", number
        ),
        "ended": _("The maintenance is over"),
        "called_off": _("The maintenance was called off"),
    }[found.act] % {"n": number}  # fmt: skip
    rest = ngettext("And %(n)d more schedule.", "And %(n)d more schedules.", found.more) % {"n": found.more}
    parts = tuple(_delayed(one, found, zone, at) for one in found.schedules)
    return Said(subject, _why_late(found, zone, at), parts, rest if found.more else "")


def _why_late(found: standstill.Maintenance, zone: str, at: datetime) -> str:
    """Who lets what stand still, from when to when, and why; on the reader's clock."""
    who = found.by or _("Whoever runs the server")
    what = _("all that asks the source “%(source)s”") % {"source": found.source} if found.source else _("everything")
    values = {
        "who": who, "what": what, "reason": found.reason, "start": _moment(found.starts_at, zone, at),
        "end": _moment(found.over_at, zone, at) if found.over_at else _("somebody ends it"),
    }  # fmt: skip
    words = {
        "planned": _("%(who)s lets %(what)s stand still from %(start)s until %(end)s: %(reason)s"),
        "begun": _("%(who)s lets %(what)s stand still from now until %(end)s: %(reason)s"),
        "ended": _("%(who)s ended it at %(end)s. What waited goes out now."),
        "called_off": _("%(who)s called it off before it began at %(start)s. Everything goes out on time."),
    }
    return words[found.act] % values


def _delayed(one: standstill.DelayedSchedule, found: standstill.Maintenance, mine: str, at: datetime) -> Part:
    rest = ngettext("and %(n)d more", "and %(n)d more", one.more) % {"n": one.more} if one.more else ""
    dropped = found.act in ("planned", "begun") and one.dropped
    trouble = _("It does not make up for what it could not do on time, so these do not go out.") if dropped else ""
    clock = place(one.zone, get_language() or "en")
    state = "skipped" if dropped else "due"
    lines = []
    for firing in one.firings:
        there, here = _moment(firing, one.zone, at), _moment(firing, mine, at)
        lines.append(Line(state, there, here if here != there else ""))
    return Part(one.title or one.name, f"/schedules/{quote(one.name, safe='')}/", clock, tuple(lines), rest, trouble)


def _channel_out(data: Mapping[str, Any], zone: str, at: datetime) -> Said:
    found = channel_out.channel_out(data)
    subject = _("Channel “%(channel)s” fails and is left alone") % {"channel": found.label}
    lead = _("It is tried only now and then, until it works again. It last said: %(word)s") % {"word": found.last_word}
    waiting = ngettext(
        "%(n)d delivery waits for it, and goes on by itself then.",
        "%(n)d deliveries wait for it, and go on by themselves then.",
        found.waiting,
    ) % {"n": found.waiting}
    return Said(subject, lead, rest=waiting if found.waiting else "")


def _channel_back(data: Mapping[str, Any], zone: str, at: datetime) -> Said:
    found = channel_back.channel_back(data)
    subject = _("Channel “%(channel)s” works again") % {"channel": found.label}
    lead = _("It was left alone for %(time)s, since it failed.") % {"time": _lasted(found.seconds)}
    late = ngettext(
        "%(n)d delivery waited for it and goes now.", "%(n)d deliveries waited for it and go now.", found.late
    ) % {"n": found.late}  # fmt: skip
    over = ngettext("A fallback took over from %(n)d.", "Fallbacks took over from %(n)d.", found.taken_over) % {
        "n": found.taken_over
    }
    lost = ngettext(
        "%(n)d failed or expired meanwhile: see whether to resend it.",
        "%(n)d failed or expired meanwhile: see whether to resend them.",
        found.lost,
    ) % {"n": found.lost}  # fmt: skip
    told = [text for text, n in ((late, found.late), (over, found.taken_over), (lost, found.lost)) if n]
    return Said(subject, lead, rest=" ".join(told))


def _lasted(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(h)d h %(m)d min") % {"h": minutes // 60, "m": minutes % 60}
    return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}


def _plain(found: Said) -> Iterator[str]:
    yield found.lead
    for part in found.parts:
        yield ""
        yield f"{part.title} ({part.clock})" if part.lines else part.title
        for line in part.lines:
            yours = f" ({_('yours: %(change)s') % {'change': line.yours}})" if line.yours else ""
            yield f"- {line.text}{yours}{f': {line.reason}' if line.reason else ''}"
        yield from (f"  {text}" for text in (part.rest, part.trouble) if text)
    if found.rest:
        yield from ("", found.rest)


def _run_held(data: Mapping[str, Any], zone: str, at: datetime) -> Said:
    found = held.run_held(data)
    if found.deliveries:
        subject = ngettext(
            "%(name)s: %(n)d delivery is held", "%(name)s: %(n)d deliveries are held", found.deliveries
        ) % {"name": found.title, "n": found.deliveries}  # fmt: skip
    else:
        subject = _("%(name)s is held") % {"name": found.title}
    lead = _("Nothing that is held goes out until a person releases it: the run of %(at)s.") % {
        "at": _moment(found.fire_at, zone, at)
    }  # fmt: skip
    reason = findings_words(found.findings) or found.reason
    return Said(subject, lead, (Part(_("See what was found"), f"/runs/{found.run}/", "", (), rest=reason),))


def _data_late(data: Mapping[str, Any], zone: str, at: datetime) -> Said:
    found = late.data_late(data)
    subject = _("%(name)s was left out: its data had not come") % {"name": found.title}
    lead = _("The run of %(at)s waited for its data until %(until)s, and was skipped then.") % {
        "at": _moment(found.fire_at, zone, at), "until": _moment(found.until, zone, at),
    }  # fmt: skip
    part = Part(_("See the run"), f"/runs/{found.run}/", "", (), rest=" ".join(found.lacking))
    return Said(subject, lead, (part,))


KINDS: dict[str, Callable[[Mapping[str, Any], str, datetime], Said]] = {
    moved.KIND: _calendar_moved,
    held.KIND: _run_held,
    channel_out.KIND: _channel_out,
    channel_back.KIND: _channel_back,
    late.KIND: _data_late,
    standstill.KIND: _maintenance,
}
