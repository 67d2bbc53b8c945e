"""People of the organization, and their roles."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import SecretStr

from broadsheet.access import queries
from broadsheet.access.actions.add_person import add_person
from broadsheet.access.actions.change_person import change_role, remove_person
from broadsheet.access.models import Membership
from broadsheet.schedules.actions.hand_over import hand_over

from ..authentication import asker
from ..paging import LARGEST_ID, Asked, Order, Page, Paging, integer, page
from ..telling import told

router = Router()
ROLE = "owner, admin, editor or viewer."


class Person(Schema):
    """A member."""

    id: int
    email: str
    name: str
    role: str = Field(description=ROLE)
    since: datetime


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


class NewRole(Asked):
    role: str = Field(max_length=32, description=ROLE, examples=["editor"])


def shape(one: Membership) -> Person:
    return Person(id=one.user_id, email=one.user.email, name=one.user.name, role=one.role, since=one.since)


@router.get("/people", **told("listPeople", "List people", permission="person.read", response=Page[Person]))
def list_people(request: HttpRequest, paging: Query[Paging]) -> object:
    """Members with their roles, by name."""
    order = (Order("user__name"), Order("pk", read=integer))
    return page(queries.people(asker(request)), paging, order=order, shape=shape)


@router.post(
    "/people", **told("addPerson", "Add a person", permission="person.edit", response={201: Person}, conflict=True)
)
def add(request: HttpRequest, new: NewPerson) -> Status[Person]:
    """Let somebody in. Only an owner makes an owner."""
    made = add_person(
        asker(request), email=new.email, name=new.name, role=new.role,
        password=new.password.get_secret_value(), now=timezone.now(),
    )  # fmt: skip
    return Status(201, shape(made))


@router.patch(
    "/people/{int:person_id}",
    **told("changeRole", "Change a role", permission="person.edit", response={204: None}, conflict=True),
)
def change(request: HttpRequest, person_id: int, new: NewRole) -> Status[None]:
    """It holds from the person's next request on, tokens included. The last owner stays."""
    change_role(asker(request), bounded(person_id), role=new.role, now=timezone.now())
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
