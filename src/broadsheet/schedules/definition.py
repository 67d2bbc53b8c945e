"""What a schedule says: report, rule, audience, channels and policies, as a definition file or a form writes it.

The same models check a YAML file, a REST body and a page's form, so that all three refuse the same things in the same
words. The rule itself is `core.recurrence`'s business, rows of an audience `audience`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, field_validator, model_validator
from pydantic_core import core_schema

from broadsheet.core.document.definition.reading import Frozen, read, schema
from broadsheet.core.document.loading import Loaded
from broadsheet.core.recurrence import MONDAY_TO_FRIDAY, RuleError, Timing, timing_from
from broadsheet.core.recurrence.never import never

from .asked import one_rule
from .audience import Defaults, Fields
from .calendars import READY_MADE, Shelf, any_names
from .checks import Checks
from .conditions.readiness_definition import ReadyPart
from .conditions.threshold_definition import OnlyIf
from .limits import LimitsDefinition
from .own_times import own_times
from .planning.windows import Ahead, Floating
from .retrying import FallbackDefinition, RetryDefinition
from .triggers.definition import MilestoneDefinition, OnCall, OneOrMany, OnEvent


class People(Frozen):
    """One person of a list written out. ``attributes`` are what row rules compare; ``at``, ``hours`` and ``calendar``
    are as in `RecipientDefaults`; ``fallback`` is the channel that takes over for them, ``fallback_address`` where to."""

    key: str = ""
    name: str
    address: str = ""
    language: str = ""
    zone: str = ""
    currency: str = ""
    formats: list[str] = Field(default_factory=list)
    at: str = ""
    hours: str = ""
    calendar: str = ""
    fallback: str = ""
    fallback_address: str = ""
    attributes: dict[str, str | int | float | bool] = Field(default_factory=dict)


class RecipientDefaults(Frozen):
    """What a recipient gets where the row does not say. ``at``: the time of day instead of the rule's, on each
    recipient's own clock. ``hours``: the working hours that a delivery waits for, such as "09:00-17:00", on the business
    days of ``calendar``, a calendar's name; a calendar alone means the whole of its days."""

    language: str = "en"
    zone: str = "UTC"
    currency: str | None = None
    formats: list[str] = Field(default_factory=lambda: ["pdf"], min_length=1)
    at: str = ""
    hours: str = ""
    calendar: str = ""

    @model_validator(mode="after")
    def _own_times(self) -> RecipientDefaults:
        try:
            own_times(self.at, self.hours, "", calendars=lambda name: MONDAY_TO_FRIDAY)
        except RuleError as error:
            raise ValueError(f"{error.path}: {error.message}. | {error.fix}") from error
        return self


class AudienceDefinition(Frozen):
    """Either ``dataset`` with the columns that say who a recipient is; or ``people`` written out, ``contacts`` by name, and
    ``teams``: of each its members and contacts. ``fallback`` and ``fallback_address`` are columns too: the channel that takes
    over for a recipient, and their address on it."""

    dataset: str = ""
    key: str = ""
    name: str = ""
    address: str = ""
    language: str = ""
    zone: str = ""
    currency: str = ""
    formats: str = ""
    at: str = ""
    hours: str = ""
    calendar: str = ""
    fallback: str = ""
    fallback_address: str = ""
    attributes: list[str] = Field(default_factory=list)
    where: dict[str, str | int | float | bool] = Field(default_factory=dict)
    people: list[People] = Field(default_factory=list)
    contacts: list[str] = Field(default_factory=list)
    teams: list[str] = Field(default_factory=list)
    defaults: RecipientDefaults = Field(default_factory=RecipientDefaults)

    @model_validator(mode="after")
    def _one_of_two(self) -> AudienceDefinition:
        if bool(self.dataset) == bool(self.people or self.contacts or self.teams):
            raise ValueError("An audience is either a dataset, or people, contacts and teams. | Write one of the two.")
        if self.dataset and not self.key:
            raise ValueError("An audience from a dataset needs its key column. | Write “key: buyer_id”, for instance.")
        return self

    def fields(self) -> Fields:
        return Fields(
            self.key, self.name or self.key, self.address, self.language, self.zone, self.currency, self.formats,
            tuple(dict.fromkeys(self.attributes)), self.at, self.hours, self.calendar, self.fallback,
            self.fallback_address,
        )  # fmt: skip

    def names_fallbacks(self) -> bool:
        """Whether recipients may have channels of their own that take over."""
        return bool(self.fallback) or any(one.fallback for one in self.people)

    def recipient_defaults(self) -> Defaults:
        one = self.defaults
        return Defaults(one.language, one.zone, one.currency, tuple(one.formats), one.at, one.hours, one.calendar)


class Destination(Frozen):
    """A channel by name, and what goes along: each recipient's own formats, or those listed."""

    channel: str
    formats: Literal["recipient"] | list[str] = "recipient"


PRIORITIES = {"highest": 1, "high": 2, "normal": 3, "low": 4, "lowest": 5}


class Policies(Frozen):
    """``priority``: which runs begin first when many are due; who waits moves up with time. ``weight``: which workers take
    them; ``auto`` goes by how long the last ones took. ``at_once``: runs of the schedule that may go on side by side. ``misfire``: what becomes of firings that passed while nothing ran. ``overlap``: when as many as may are still going.
    ``catch_up_hours``: firings older than this are missed whatever the misfire policy says. ``deadline_hours``: sending
    ends so long after the firing. ``ahead``: how long before the firing the run is made, which leaves at the firing then.
    ``float``: a window after the firing in which the run may begin. ``empty``: whether a recipient without any row gets a report that says so."""

    priority: Literal["highest", "high", "normal", "low", "lowest"] = "normal"
    weight: Literal["auto", "light", "heavy"] = "auto"
    at_once: int = Field(1, ge=1, le=20)
    misfire: Literal["once", "all", "skip"] = "once"
    overlap: Literal["queue", "skip", "cancel"] = "queue"
    catch_up_hours: float = Field(72, ge=0, le=24 * 366)
    deadline_hours: float = Field(24, gt=0, le=24 * 31)
    ahead: Ahead = "none"
    floating: Floating | None = Field(None, alias="float")
    empty: Literal["send", "skip"] = "send"
    retry: RetryDefinition = Field(default_factory=RetryDefinition)
    limits: LimitsDefinition = Field(default_factory=LimitsDefinition)
    fallback: FallbackDefinition | None = None


class MailText(Frozen):
    """``subject`` may hold placeholders as a report's title does; ``why`` says why the recipient gets it."""

    subject: str = ""
    why: str = ""


class Rules:
    """A rule's mapping, or a list of them, which is kept as their union."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_rule, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        one = handler(schema)
        many = {"type": "array", "items": one, "minItems": 1, "description": "Fires when any of the rules does."}
        return {"anyOf": [one, many]}


def _rule(value: object) -> object:
    """Raises ValueError for what is no rule, at its place in the mapping or the list."""
    if not isinstance(value, Mapping | list):
        return value  # refused by its type
    try:
        timing_from(value, default_zone="UTC", **any_names())  # whose calendars they are is seen when it is kept
    except RuleError as error:
        where = f"{error.path}: " if error.path else ""
        raise ValueError(f"{where}{error.message}. | {error.fix}") from error
    return one_rule(value)


class ScheduleDefinition(Frozen):
    """A schedule, whole. ``when`` is the rule's mapping, or a list of rules (see the reference), ``given`` the report's parameters.
    ``on_event``, ``on_call`` and ``milestone`` start it instead of a rule, or beside it."""

    name: str
    title: str = ""
    report: str
    when: Annotated[dict[str, Any], Rules()] = Field(default_factory=dict)
    on_event: Annotated[list[OnEvent], OneOrMany()] = Field(default_factory=list)
    on_call: OnCall | None = None
    milestone: MilestoneDefinition | None = None
    given: dict[str, str] = Field(default_factory=dict, alias="with")
    audience: AudienceDefinition
    channels: list[Destination] = Field(min_length=1)
    brand: str = ""
    mail: MailText = Field(default_factory=MailText)
    ready: ReadyPart | None = None
    only_if: OnlyIf | None = None
    policies: Policies = Field(default_factory=Policies)
    checks: Checks = Field(default_factory=Checks)

    @field_validator("given", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        return {str(key): str(one) for key, one in value.items()} if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _starts(self) -> ScheduleDefinition:
        if not self.when and not self.on_event and self.on_call is None and self.milestone is None:
            raise ValueError("Nothing starts the schedule. | Add “when:”, “on_event:”, “on_call:” or “milestone:”.")
        return self

    @model_validator(mode="after")
    def _channels_once(self) -> ScheduleDefinition:
        names = [one.channel for one in self.channels]
        if len(set(names)) < len(names):
            raise ValueError("A channel stands there twice. | Name each channel once, with all its formats.")
        return self

    @model_validator(mode="after")
    def _fallback_is_another(self) -> ScheduleDefinition:
        fallback = self.policies.fallback
        if fallback is None:
            return self
        if fallback.channel in [one.channel for one in self.channels]:
            raise ValueError(
                f"The fallback “{fallback.channel}” is one of the channels, so its recipients have it already. "
                "| Name another channel, or take this one off the channels."
            )
        if not (fallback.channel or fallback.at or self.audience.names_fallbacks()):
            raise ValueError("The fallback names neither a channel nor a time. | Add “channel:”, “at:”, or both.")
        return self

    def timing(self, *, zone: str, shelf: Shelf = READY_MADE) -> Timing:
        """The rule; *zone* where it names none, *shelf* for the calendars that it names: without one, those of countries
        and markets. Raises RuleError for a calendar that is not there."""
        return timing_from(self.when, default_zone=zone, **shelf.names()) if self.when else never(zone)

    def has_own_hours(self) -> bool:
        """Whether a recipient's own hour can stand for the rule's: each clock counts, and shows one time of day."""
        timing = self.bare_timing()
        return timing.personal and len(timing.times) == 1

    def on_own_clocks(self) -> bool:
        """Whether the rule fires for each recipient on their own clock."""
        return self.bare_timing().personal

    def bare_timing(self) -> Timing:
        """The rule for its clocks and times of day alone: its dates go by no calendar."""
        return timing_from(self.when, default_zone="UTC", **any_names()) if self.when else never("UTC")

    def stored(self) -> dict[str, Any]:
        """Plain data without the name, which reads back to an equal definition; defaults are left out."""
        plain: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"name"})
        return plain


def schedule_from(loaded: Loaded) -> ScheduleDefinition:
    """The schedule that a document describes. Raises DefinitionError with every problem."""
    return read(loaded, ScheduleDefinition, kind="schedule")


def schedule_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a schedule's file."""
    return schema(ScheduleDefinition, kind="schedule", title="Schedule")


# As people write a rule; what is not here follows in the order of the alphabet.
RULE_KEYS = (
    "every", "interval", "on", "rrule", "cron", "dates", "union", "all_of", "except", "at", "zone", "calendar", "fiscal",
    "roll", "from", "anchor", "until", "gap", "overlap",
)  # fmt: skip


def arranged(stored: Mapping[str, Any]) -> dict[str, Any]:
    """*stored* with its keys as people write them, and a rule that is nothing but a union as the list of its rules.

    PostgreSQL keeps a mapping's keys in an order of its own.
    """
    plain = ScheduleDefinition.model_validate({**stored, "name": "any"}).stored()
    if "on_event" in plain:
        listed = [{"event": one["event"], **one} for one in plain["on_event"]]
        plain["on_event"] = listed if len(listed) > 1 else listed[0]
    if "when" not in plain:
        return plain
    when = _rule_arranged(plain["when"])
    return {**plain, "when": when["union"] if when.keys() == {"union"} else when}


def _rule_arranged(value: Any) -> Any:
    if isinstance(value, list):
        return [_rule_arranged(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    known = {key: place for place, key in enumerate(RULE_KEYS)}
    keys = sorted(value, key=lambda key: (known.get(key, len(known)), key))
    return {key: _rule_arranged(value[key]) for key in keys}
