"""Why somebody may do or see something, or may not: the same decisions that are taken when they ask, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from broadsheet.access.errors import UnknownPerson, UnknownThing
from broadsheet.access.models import Contact, Membership
from broadsheet.access.reach import placed
from broadsheet.access.standing import actor_of_member, standing
from broadsheet.access.things import thing_of, things
from broadsheet.core.policy import Actor, Circumstances, Reader, Thing, may, require
from broadsheet.core.policy.grants import KINDS
from broadsheet.core.policy.reader import Scalar
from broadsheet.core.policy.roles import ADMIN, hidden_classes
from broadsheet.sources import queries as sources
from broadsheet.sources.models import StoredDataset


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was decided on the way: ``about`` what, whether it ``holds``, and ``why`` in a sentence."""

    about: str
    holds: bool
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """``question`` in words; ``allowed`` when every step holds; the steps in the order in which they are decided."""

    question: str
    steps: tuple[Step, ...] = field(default=())

    @property
    def allowed(self) -> bool:
        return all(step.holds for step in self.steps)

    @property
    def answer(self) -> str:
        """“Yes.”, or “No: ” and the first thing that stands against it."""
        against = [step.why for step in self.steps if not step.holds]
        return f"No: {against[0]}" if against else "Yes."


def may_do(
    actor: Actor, who: str, permission: str, *, kind: str = "", name: str = "", given: Circumstances
) -> Explanation:
    """May the member with the mail address *who* do what *permission* says, in the organization or on the thing called
    *name* of *kind*, under the circumstances *given*? Raises UnknownPerson, UnknownThing, Refused."""
    if permission not in ADMIN:
        raise UnknownThing(f"There is no permission “{permission}”. There are: {', '.join(sorted(ADMIN))}.")
    membership = _member(actor, who)
    on = _thing(actor, kind, name) if name else None
    where = f" on the {kind} “{name}”" if name else ""
    steps = [_active(membership)]
    if steps[0].holds:
        asker = actor_of_member(membership, given, name=str(membership.user), via=actor.via)
        decision = may(asker, permission, on)
        steps.append(Step(permission, decision.allowed, decision.reason))
    return Explanation(f"May {membership.user} do “{permission}”{where}?", tuple(steps))


def may_see(
    actor: Actor,
    who: str,
    dataset: str,
    *,
    fields: Collection[str] = (),
    where: Mapping[str, Scalar] | None = None,
    given: Circumstances,
) -> Explanation:
    """May *who*, a member's mail address or a contact's name, see *fields* of the dataset, in the rows where its columns have
    the values *where*? Raises UnknownPerson, UnknownThing, Refused."""
    found = sources.datasets(actor).filter(name=dataset).first()
    if found is None:
        raise UnknownThing(f"There is no dataset “{dataset}” here. Look at the list of datasets.")
    reader, steps = _reader(actor, who, found, given=given)
    rows = ", ".join(f"{column} = {value}" for column, value in (where or {}).items())
    asked = f"May {reader.name} see {', '.join(fields) or 'rows'} of “{dataset}”{f' where {rows}' if rows else ''}?"
    if all(step.holds for step in steps):
        steps += [*_rows(found, reader, where or {}), *_fields(found, reader, fields)]
    return Explanation(asked, tuple(steps))


def _reader(actor: Actor, who: str, dataset: StoredDataset, *, given: Circumstances) -> tuple[Reader, list[Step]]:
    if "@" not in who:
        return _contact(actor, who)
    membership = _member(actor, who)
    steps = [_active(membership)]
    asker = actor_of_member(membership, given, name=str(membership.user), via=actor.via)
    on = placed(actor.organization_id, "dataset", dataset.pk, dataset.name)
    if steps[0].holds:
        decision = may(asker, "source.read", on)
        steps.append(Step("the dataset", decision.allowed, decision.reason))
    every = bool(may(asker, "data.all"))
    reader = Reader(who, str(membership.user), attributes=dict(asker.attributes), unrestricted=every)
    return replace(reader, hidden_classes=hidden_classes(asker)), steps


def _contact(actor: Actor, name: str) -> tuple[Reader, list[Step]]:
    require(actor, "contact.read")
    found = Contact.objects.filter(organization_id=actor.organization_id, name=name).first()
    if found is None:
        raise UnknownPerson(f"There is no contact “{name}” here. Name a member by the mail address.")
    said = "is an active contact, and gets what is sent" if found.active else "is a contact who is not active"
    own = {key: value for key, value in found.attributes.items() if "." not in key}  # as an audience takes them
    return Reader(name, str(found), attributes=own), [Step("contact", found.active, f"{found} {said}.")]


def _rows(dataset: StoredDataset, reader: Reader, where: Mapping[str, Scalar]) -> Iterator[Step]:
    definition = sources.definition_of(dataset).dataset
    if reader.unrestricted:
        yield Step("rows", True, "“data.all” shows every row.")
        return
    rules = [(f"the dataset “{dataset.name}”", rule) for rule in sources.definition_of(dataset).dataset.rows]
    rules += [(f"the table “{table}”", rule) for table, rule in sources.inner_rules(dataset)]
    if not rules:
        yield Step("rows", True, f"“{dataset.name}” has no row policy: all its rows are for everybody who gets it.")
    compared = {rule.column for _place, rule in rules}
    for column in where:
        if column not in compared and column not in definition.askable:
            raise UnknownThing(f"“{dataset.name}” has no field “{column}”. Look at its page.")
        if rules and column not in compared:
            said = f"No policy of “{dataset.name}” compares “{column}”, so it does not tell whose rows they are."
            raise UnknownThing(f"{said} Ask by {', '.join(sorted(compared))}.")
    for place, rule in rules:
        policy = f"policy “{rule}” of {place}"
        if not rule.holds_for(reader):
            yield Step("rows", True, f"{policy}: it does not hold for {reader.name}.")
            continue
        value = rule.value_for(reader)
        if value is None:
            yield Step("rows", False, f"{policy}: {reader.name} has no attribute “{rule.attribute}”, so sees no row.")
        elif rule.column in where and str(where[rule.column]) != str(value):
            yield Step("rows", False, f"{policy}: {reader.name} is “{value}”, not “{where[rule.column]}”.")
        else:
            yield Step("rows", True, f"{policy}: {reader.name} sees the rows of “{value}”.")


def _fields(dataset: StoredDataset, reader: Reader, fields: Collection[str]) -> Iterator[Step]:
    definition = sources.definition_of(dataset).dataset
    hidden = definition.hidden_from(reader)
    for name in fields:
        if name not in definition.dimensions and name not in definition.metrics:
            raise UnknownThing(f"“{dataset.name}” has no field “{name}”. Look at its page.")
        field = definition.dimensions.get(name) or definition.metrics[name]
        if field.sensitivity in reader.hidden_classes:
            why = f"“{name}” is {field.sensitivity}, and the role does not include “data.{field.sensitivity}”."
            yield Step(name, False, why)
        elif name in hidden:
            yield Step(name, False, f"a mask hides “{name}” from {reader.name}, who gets something else in its place.")
        else:
            yield Step(name, True, f"“{name}” is shown as it is.")


def _member(actor: Actor, email: str) -> Membership:
    mine = Membership.objects.filter(organization_id=actor.organization_id, user__email=email.strip().lower())
    found = standing(mine).first()
    if found is None:
        raise UnknownPerson(f"There is no member “{email}” here. Look at the list of people.")
    if found.user_id != actor.user_id:
        require(actor, "person.edit")  # who asks for others learns what these may see
    return found


def _active(membership: Membership) -> Step:
    if membership.active and membership.user.is_active:
        return Step("the account", True, f"{membership.user} is an active member with the role “{membership.role}”.")
    return Step("the account", False, f"{membership.user} is deactivated.")


def _thing(actor: Actor, kind: str, name: str) -> Thing:
    if kind not in KINDS:
        raise UnknownThing(f"“{kind}” is no kind of thing. Use one of {', '.join(KINDS)}.")
    found = things(actor, kind).filter(name=name).first()
    if found is None:
        raise UnknownThing(f"There is no {kind} “{name}” here. Look at the list.")
    return thing_of(actor, kind, found)


def given_of(text: str) -> list[str]:
    """The parts of a list that is written with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def values_of(parts: Collection[str]) -> dict[str, Scalar]:
    """Columns and values of texts such as “buyer_id = 12”. Raises UnknownThing for one that is not so."""
    found: dict[str, Scalar] = {}
    for part in parts:
        column, equals, value = part.partition("=")
        if not equals or not column.strip():
            raise UnknownThing(f"“{part}” is no condition. Write it as column = value.")
        found[column.strip()] = value.strip()
    return found
