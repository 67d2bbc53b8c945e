"""Roles, teams, contacts, workspaces and grants as definition files write them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Any, Literal

from pydantic import Field, field_validator

from broadsheet.core.document.definition.reading import Frozen, near, read, schema
from broadsheet.core.document.loading import DefinitionError, Loaded, Problem
from broadsheet.core.policy.roles import ADMIN, ROLES
from broadsheet.core.recurrence import RuleError
from broadsheet.core.recurrence.working_hours import working_hours
from broadsheet.core.recurrence.zones import zone_names

OWNED = frozenset({"schedule.read", "schedule.edit", "schedule.run", "delivery.read", "delivery.resend"})
"""Permissions that a condition can limit to what somebody owns: schedules have owners."""


class ConditionSpec(Frozen):
    """All that is said here must hold."""

    for_: tuple[str, ...] = Field((), alias="for")
    """The permissions that it is about; by default all of the role’s."""
    networks: tuple[str, ...] = Field((), examples=[["10.0.0.0/8", "2001:db8::/32"]])
    """Only from one of these networks, as CIDR blocks."""
    hours: str = Field("", examples=["mon-fri 08:00-18:00"])
    """Only at these times."""
    zone: str = "UTC"
    """The IANA zone of the hours."""
    second_factor: bool = False
    """Only for who signed in with a second factor."""
    own: bool = False
    """Only for schedules that the person owns, their runs and deliveries."""

    @field_validator("networks")
    @classmethod
    def _blocks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one, strict=False)
            except ValueError as error:
                raise ValueError(f"“{one}” is not a network. | Write a CIDR block such as 10.0.0.0/8.") from error
        return value

    @field_validator("hours")
    @classmethod
    def _times(cls, value: str) -> str:
        try:
            return working_hours(value).text if value else ""
        except RuleError as error:
            raise ValueError(f"{error.message[:1].upper()}{error.message[1:]}. | {error.fix}") from error

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        if value not in zone_names():
            raise ValueError(f"Zone “{value}” does not exist. | {_zone_like(value)}")
        return value


class RoleFile(Frozen):
    """A role of the organization’s own."""

    name: str
    label: str = ""
    """Shown in lists; by default the name."""
    description: str = ""
    permissions: tuple[str, ...] = Field(min_length=1, examples=[["report.read", "report.render"]])
    """What it carries."""
    conditions: tuple[ConditionSpec, ...] = ()
    """Each holds back what it is about, unless all that it says is so at the moment of asking."""


class TeamFile(Frozen):
    """People who are reached and given rights together."""

    name: str
    label: str = ""
    description: str = ""
    members: tuple[str, ...] = Field((), examples=[["ana@harbour.example"]])
    """Mail addresses of members."""
    contacts: tuple[str, ...] = ()
    """Names of contacts."""


class ContactFile(Frozen):
    """Somebody who gets reports and has no account."""

    name: str
    label: str
    """The person’s or company’s name."""
    address: str
    """Where mail goes."""
    language: str = ""
    """BCP 47 tag; empty: as the schedule says. So with all that follows."""
    zone: str = ""
    currency: str = ""
    formats: tuple[str, ...] = ()
    attributes: dict[str, str | int | float | bool] = Field(default_factory=dict, examples=[{"buyer_id": 12}])
    """What row rules and masks compare."""
    active: bool = True
    """Who is not active gets nothing."""


class WorkspaceFile(Frozen):
    """A room for reports, datasets and channels."""

    name: str
    label: str = ""
    description: str = ""
    open: bool = True
    """In a closed one, only roles that are granted on it, or on what stands in it, count."""
    reports: tuple[str, ...] = ()
    """Names; their schedules, runs and deliveries stand where they do."""
    datasets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class GivenRole(Frozen):
    """Either a person or a team."""

    person: str = ""
    """Mail address of a member."""
    team: str = ""
    role: str = Field(examples=["viewer"])
    """A built-in role or one of the organization’s own."""


class GrantsFile(Frozen):
    """Who has which role on one thing, whatever their role in the organization is."""

    name: str
    on: Literal["workspace", "report", "dataset", "channel", "schedule"]
    """What kind of thing it is."""
    thing: str
    """Its name."""
    to: tuple[GivenRole, ...] = ()
    """All who have one; who is not named here has none."""


def role_from(loaded: Loaded) -> RoleFile:
    """Raises DefinitionError with every problem."""
    found = read(loaded, RoleFile, kind="role")
    problems = list(_role_problems(loaded, found))
    if problems:
        raise DefinitionError(problems)
    return found


def team_from(loaded: Loaded) -> TeamFile:
    return read(loaded, TeamFile, kind="team")


def contact_from(loaded: Loaded) -> ContactFile:
    return read(loaded, ContactFile, kind="contact")


def workspace_from(loaded: Loaded) -> WorkspaceFile:
    return read(loaded, WorkspaceFile, kind="workspace")


def grants_from(loaded: Loaded) -> GrantsFile:
    """Raises DefinitionError with every problem; the name must be the thing's kind and name."""
    found = read(loaded, GrantsFile, kind="grants")
    problems = []
    if loaded.name != grants_name(found.on, found.thing):
        fix = f"Write “grants: {grants_name(found.on, found.thing)}”."
        problems.append(loaded.problem((), "Grants are named by the kind and name of what they are on.", fix))
    for index, one in enumerate(found.to):
        if bool(one.person) == bool(one.team):
            problems.append(loaded.problem(("to", index), "A role is given to a person or to a team.", "Name one."))
    if problems:
        raise DefinitionError(problems)
    return found


def grants_name(kind: str, name: str) -> str:
    """The name of the definition of the grants on a thing."""
    return f"{kind}-{name}"


SCHEMAS: dict[str, tuple[type[Frozen], str]] = {
    "role": (RoleFile, "Broadsheet role"),
    "team": (TeamFile, "Broadsheet team"),
    "contact": (ContactFile, "Broadsheet contact"),
    "workspace": (WorkspaceFile, "Broadsheet workspace"),
    "grants": (GrantsFile, "Broadsheet grants"),
}


def _zone_like(value: str) -> str:
    """The zone that was likely meant, by its city too: all that there are would be a page of names."""
    word = value.strip().replace(" ", "_").casefold()
    cities = {name.rpartition("/")[2].casefold(): name for name in sorted(zone_names(), reverse=True) if "/" in name}
    found = get_close_matches(word, [*cities, *(name.casefold() for name in zone_names())], n=1, cutoff=0.8)
    meant = cities.get(found[0]) or next(name for name in zone_names() if name.casefold() == found[0]) if found else ""
    return f"Did you mean {meant}?" if meant else "Use an IANA name such as America/New_York."


def access_schema(kind: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of a file of *kind*."""
    model, title = SCHEMAS[kind]
    return schema(model, kind=kind, title=title)


def _role_problems(loaded: Loaded, found: RoleFile) -> Iterator[Problem]:
    if loaded.name in ROLES:
        yield loaded.problem((), f"“{loaded.name}” is a built-in role.", "Give yours another name.")
    if len(loaded.name) > 32:
        yield loaded.problem((), "The name of a role has at most 32 letters.", "Shorten it.")
    for index, one in enumerate(found.permissions):
        if one not in ADMIN:
            yield loaded.problem(("permissions", index), f"There is no permission “{one}”.", near(one, ADMIN))
    for index, condition in enumerate(found.conditions):
        path = ("conditions", index)
        for place, one in enumerate(condition.for_):
            if one not in found.permissions:
                message = f"The role does not carry “{one}”."
                yield loaded.problem((*path, "for", place), message, near(one, found.permissions))
        about = set(condition.for_ or found.permissions)
        if condition.own and not about <= OWNED:
            fix = f"Say “for:” with some of {', '.join(sorted(OWNED & set(found.permissions))) or sorted(OWNED)}."
            yield loaded.problem((*path, "own"), "Only schedules have owners.", fix)
        if not (condition.networks or condition.hours or condition.second_factor or condition.own):
            yield loaded.problem(path, "This condition says nothing.", "Add networks, hours, second_factor or own.")
