"""A channel as a definition file writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from broadsheet.core.document.definition.reading import Frozen, near, read, schema
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem
from broadsheet.delivery.limits import BreakerDefinition, Limits
from broadsheet.delivery.ports import CHANNELS
from broadsheet.plugins import Descriptor


class ChannelDefinition(Frozen):
    """A configured destination. Secrets are not written here; give them on the page or with --secret. ``limits``: how much may
    go through it. ``breaker``: when it is left alone because it fails."""

    name: str
    kind: str
    """Id of an installed channel, such as email, folder, webhook or portal."""
    label: str = ""
    settings: Mapping[str, str | int | float | bool | list[str]] = Field(default_factory=dict)
    """As the channel's reference says."""
    limits: Limits = Field(default_factory=Limits)
    breaker: BreakerDefinition = Field(default_factory=BreakerDefinition)


def channel_from(loaded: Loaded) -> ChannelDefinition:
    """The channel that a document describes. Raises DefinitionError with every problem, unknown settings included."""
    definition = read(loaded, ChannelDefinition, kind="channel")
    if definition.kind not in CHANNELS.ids():
        message = f"There is no kind of channel “{definition.kind}”."
        raise DefinitionError([loaded.problem(("kind",), message, near(definition.kind, CHANNELS.ids()))])
    problems = _problems(loaded, definition, CHANNELS.get(definition.kind).descriptor)
    if problems:
        raise DefinitionError(problems)
    return definition


def _problems(loaded: Loaded, definition: ChannelDefinition, descriptor: Descriptor) -> list[Problem]:
    known = {setting.name: setting for setting in descriptor.settings}
    found = []
    for name in definition.settings:
        if name not in known:
            found.append(
                loaded.problem(("settings", name), f"“{name}” is not a setting of it.", near(name, list(known)))
            )
        elif known[name].secret:
            fix = "Take it out of the file; give it on the Settings page or with --secret."
            found.append(loaded.problem(("settings", name), f"“{name}” is a secret.", fix))
    found += [
        loaded.problem(
            ("settings", setting.name), f"“{setting.name}” is missing.", f"Add “{setting.name}:” ({setting.label})."
        )
        for setting in descriptor.settings
        if setting.required and not setting.secret and setting.name not in definition.settings
    ]
    return found


def channel_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a channel's file."""
    return schema(ChannelDefinition, kind="channel", title="Channel")
