"""People and services of the organization, and their roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import SecretStr, StrictBool, StrictFloat, StrictInt, StrictStr

from broadsheet.access import rosters
from broadsheet.access.actions.add_person import add_person, add_service
from broadsheet.access.actions.change_person import change_member, remove_person
from broadsheet.access.models import Membership
from broadsheet.core.policy import Actor
from broadsheet.schedules.actions.hand_over import hand_over

from ..authentication import asker
from ..paging import LARGEST_ID, Asked, Order, Page, Paging, integer, page
from ..telling import told

router = Router()
ROLE = "owner, admin, editor, publisher, viewer, or a role of the organization’s own."
Attribute = StrictStr | StrictInt | StrictFloat | StrictBool


class Person(Schema):
    """A member."""

    id: int
    email: str
    name: str
    role: str = Field(description=ROLE)
    since: datetime
    active: bool = Field(description="Who is not active can do nothing here, and neither can their tokens.")
    service: bool = Field(description="A service never signs in: it has tokens alone.")
    teams: list[str]
    attributes: dict[str, Any] | None = Field(
        description="What row rules and masks compare. Null for who is neither the person nor holds `person.edit`."
    )


class Leaving(Schema):
    heir: int | None = Field(
        None, ge=1, description="Id of the member who takes over their schedules; without one these pause."
    )


class HandOver(Asked):
    heir: int = Field(ge=1, description="Id of the member who takes over.")


class HandedOver(Schema):
    schedules: list[str] = Field(description="Their names.")


class NewPerson(Asked):
    """Somebody to let in."""

    email: str = Field(max_length=254, examples=["priya@northlight.example"])
    name: str = Field("", max_length=200, examples=["Priya Shah"])
    role: str = Field("viewer", max_length=32, description=ROLE)
    password: SecretStr = Field(
        max_length=200, description="To sign in with; at least 12 characters. Not used when the person has one already."
    )


class NewService(Asked):
    """A program that is to act by tokens of its own."""

    name: str = Field(min_length=1, max_length=200, examples=["Nightly export"])
    role: str = Field("viewer", max_length=32, description=ROLE)


class Changes(Asked):
    """What is left out, or null, stays."""

    role: str | None = Field(None, max_length=32, description=ROLE, examples=["editor"])
    attributes: dict[str, Attribute] | None = Field(
        None, description="All of them: those that are not named are gone.", examples=[{"buyer_id": 12}]
    )
    active: StrictBool | None = Field(
        None, description="False: the person can do nothing from now on; their schedules pass to the heir, or pause."
    )
    heir: int | None = Field(None, ge=1, description="Id of the member who takes over, beside `active: false`.")


def shape(one: Membership, actor: Actor) -> Person:
    return Person(
        id=one.user_id, email=one.user.email, name=one.user.name, role=one.role, since=one.since, active=one.active,
        service=one.service, teams=[team.name for team in one.user.teams_here],  # type: ignore[attr-defined]
        attributes=rosters.attributes_of(actor, one),
    )  # fmt: skip


def _one(actor: Actor, membership: Membership) -> Person:
    """A member who was just made, as `Person`."""
    membership.user.teams_here = []  # type: ignore[attr-defined]
    return shape(membership, actor)


@router.get("/people", **told("listPeople", "List people", permission="person.read", response=Page[Person]))
def list_people(request: HttpRequest, paging: Query[Paging]) -> object:
    """Members and services with their roles and teams, by name."""
    actor = asker(request)
    order = (Order("user__name"), Order("pk", read=integer))
    return page(rosters.people(actor), paging, order=order, shape=lambda one: shape(one, actor))


@router.post(
    "/people", **told("addPerson", "Add a person", permission="person.edit", response={201: Person}, conflict=True)
)
def add(request: HttpRequest, new: NewPerson) -> Status[Person]:
    """Let somebody in. Only an owner makes an owner."""
    made = add_person(
        asker(request), email=new.email, name=new.name, role=new.role,
        password=new.password.get_secret_value(), now=timezone.now(),
    )  # fmt: skip
    return Status(201, _one(asker(request), made))


@router.post(
    "/services",
    **told("addService", "Add a service", permission="person.edit", response={201: Person}, conflict=True),
)
def add_a_service(request: HttpRequest, new: NewService) -> Status[Person]:
    """A service identity: it never signs in, and acts by tokens that are issued for it. It is changed and removed as
    people are."""
    actor = asker(request)
    return Status(201, _one(actor, add_service(actor, name=new.name, role=new.role, now=timezone.now())))


@router.patch(
    "/people/{int:person_id}",
    **told("changeRole", "Change a person", permission="person.edit", response={204: None}, conflict=True),
)
def change(request: HttpRequest, person_id: int, new: Changes) -> Status[None]:
    """Role, attributes and whether they may do anything, all that is given at once. It holds from the person's next
    request on, tokens included. The last owner stays."""
    heir = None if new.heir is None else bounded(new.heir)
    change_member(
        asker(request), bounded(person_id), role=new.role, attributes=new.attributes, active=new.active, heir=heir,
        now=timezone.now(),
    )  # fmt: skip
    return Status(204, None)


@router.delete(
    "/people/{int:person_id}",
    **told("removePerson", "Remove a person", permission="person.edit", response={204: None}, conflict=True),
)
def remove(request: HttpRequest, person_id: int, leaving: Query[Leaving]) -> Status[None]:
    """Ends the membership and every token it carried, at once. Their schedules pass to the heir, or pause."""
    heir = None if leaving.heir is None else bounded(leaving.heir)
    remove_person(asker(request), bounded(person_id), now=timezone.now(), heir=heir)
    return Status(204, None)


@router.post(
    "/people/{int:person_id}/hand-over",
    **told("handOver", "Hand over schedules", permission="person.edit", response=HandedOver, conflict=True),
)
def pass_on(request: HttpRequest, person_id: int, body: HandOver) -> object:
    """All schedules of the person are the heir's from now on."""
    return {"schedules": hand_over(asker(request), bounded(person_id), to=bounded(body.heir), now=timezone.now())}


def bounded(number: int) -> int:
    """*number*, or one that no row has, where the database could not even compare it."""
    return number if number <= LARGEST_ID else 0
