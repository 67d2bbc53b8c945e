"""The message of one delivery: the slice's body and files, and what is this recipient's alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from broadsheet.core.markup.mail_body import MailBody, finish, read_body
from broadsheet.core.markup.words import known, word_in
from broadsheet.core.recurrence import Firing, OwnClock, Spread, Timing, next_over, words
from broadsheet.core.recurrence.spoken import has_words
from broadsheet.delivery.models import Delivery
from broadsheet.delivery.ports import Attachment, Inline, Outgoing
from broadsheet.delivery.unsubscribing import unsubscribe_url
from broadsheet.runs.models import SliceFile
from broadsheet.runs.ports import ArtifactStore
from broadsheet.schedules.calendars import kept
from broadsheet.schedules.definition import ScheduleDefinition
from broadsheet.schedules.triggers.wording import started_words

BODY = "mail"


def outgoing(delivery: Delivery, *, definition: ScheduleDefinition, store: ArtifactStore) -> Outgoing:
    """The finished message. Raises StoreError when a file cannot be read."""
    slice = delivery.slice
    assert slice is not None  # `send` has looked
    files = {file.format: file for file in slice.files.select_related("artifact")}
    attached = [files[name] for name in delivery.formats if name in files]
    made_from: Mapping[str, object] = next(iter(files.values())).made_from if files else {}
    title, period = str(made_from.get("title", "")), str(made_from.get("period", ""))
    subject = definition.mail.subject or ": ".join(filter(None, (title, period)))
    unsubscribe = unsubscribe_url(delivery.pk)
    shelf = kept.shelf_for(definition.when, delivery.organization_id)
    timing = definition.timing(zone=delivery.organization.zone, shelf=shelf)
    body = _body(
        files, timing, store=store, delivery=delivery, definition=definition, attached=attached, unsubscribe=unsubscribe
    )
    return Outgoing(
        message_id=delivery.message_id,
        recipient_name=delivery.recipient_name,
        recipient_address=delivery.address,
        subject=_subject(subject, title=title, period=period, name=delivery.recipient_name),
        text=body.text,
        html=body.html,
        language=delivery.language,
        made_at=max(filter(None, (slice.made_at, delivery.due_at)), default=delivery.occurrence.fire_at),
        inline=tuple(Inline(one.cid, one.media_type, one.data) for one in body.inline),
        attachments=tuple(
            Attachment(file.filename, file.artifact.media_type, store.get(file.artifact.sha256)) for file in attached
        ),
        unsubscribe_url=unsubscribe,
        organization=delivery.organization.slug,
        report=delivery.occurrence.schedule.report.name,
        schedule=delivery.occurrence.schedule.name,
        occurrence_id=str(delivery.occurrence_id),
        fire_at=_fired(delivery, timing),
        recipient_key=delivery.recipient_key,
        period_text=period,
        kind="test" if delivery.occurrence.kind == "test" else "report",
    )


def _body(
    files: Mapping[str, SliceFile],
    timing: Timing,
    *,
    store: ArtifactStore,
    delivery: Delivery,
    definition: ScheduleDefinition,
    attached: list[SliceFile],
    unsubscribe: str,
) -> MailBody:
    if BODY not in files:
        return MailBody(subject="", html="", text="", inline=(), preheader="")
    following = _following(delivery, timing)
    why = definition.mail.why or why_of(
        delivery.organization.name, timing, language=delivery.language, definition=definition
    )
    values = {
        "recipient_name": delivery.recipient_name,
        "why": why,
        "next": _day(following.at, delivery) if following else "",
        "attachments": ", ".join(file.filename for file in attached),
        "open_url": "",
        "unsubscribe_url": unsubscribe,
        "preferences_url": "",
    }
    return finish(read_body(store.get(files[BODY].artifact.sha256)), values)


def _following(delivery: Delivery, timing: Timing) -> Firing | Spread | None:
    """The firing after this one, on the recipient's own clock where that counts."""
    run = delivery.occurrence
    past = datetime.fromisoformat(run.wall) if run.wall else None
    after = max(run.fire_at, delivery.due_at or run.fire_at)
    return next_over(timing, (OwnClock(delivery.zone),), after=after, past=past)


def _fired(delivery: Delivery, timing: Timing) -> datetime:
    """When it fired, on the clock that its rule means: each recipient's own, or that of the schedule."""
    run = delivery.occurrence
    if run.wall:
        return datetime.fromisoformat(run.wall).replace(tzinfo=ZoneInfo(delivery.zone))
    return run.fire_at.astimezone(ZoneInfo(timing.zone))


def why_of(organization: str, timing: Timing, *, language: str, definition: ScheduleDefinition | None = None) -> str:
    """Why the mail comes, in *language*; and by what rule, or what else starts it, where that has words in the language."""
    who = word_in(language, "sent_by").format(name=organization)
    if not has_words(known(language)):
        return who
    tongue = known(language)
    rule = started_words(definition, timing, tongue) if definition else words(timing, tongue)
    return f"{who} {word_in(language, 'when').format(rule=rule)}"


def _day(at: datetime, delivery: Delivery) -> str:
    """The day of *at* on the recipient's calendar, in their words."""
    local = at.astimezone(ZoneInfo(delivery.zone))
    return format_date(local.date(), "full", locale=Locale.parse(delivery.language, sep="-"))


def _subject(template: str, *, title: str, period: str, name: str) -> str:
    """Logic-less: the three names that a subject may hold; anything else stays as it stands."""
    for key, value in (("{title}", title), ("{period}", period), ("{reader.name}", name)):
        template = template.replace(key, value)
    return " ".join(template.split())
