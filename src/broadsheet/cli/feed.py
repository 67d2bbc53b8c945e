"""`broadsheet feed`: the secret addresses under which calendar programs find coming firings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .output import console, fail, say_json
from .people import member
from .ready import machine_owner, ready

feed = typer.Typer(help="Secret addresses of people's calendar feeds.", no_args_is_help=True)
Person = Annotated[str, typer.Option("--as", help="Address of the person whose feed it is.")]
Where = Annotated[str, typer.Option("--organization", help="Its short name, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@feed.command()
def new(person: Person, organization: Where = "", as_json: AsJson = False) -> None:
    """Make a person's address. One that they had before opens nothing any more."""
    ready()
    from broadsheet.access.actions.feed_address import make_feed_address
    from broadsheet.access.errors import AccessError
    from broadsheet.core.policy.roles import Refused
    from broadsheet.schedules.feed_urls import feed_urls

    actor = member(machine_owner(organization), person)
    try:
        urls = feed_urls(make_feed_address(actor, now=datetime.now(UTC)))
    except (AccessError, Refused) as error:
        fail(str(error))
    if as_json:
        say_json({"all": urls.all, "mine": urls.mine, "schedule": urls.of("{name}")})
        return
    for title, url in (("All schedules", urls.all), ("Theirs", urls.mine), ("One schedule", urls.of("{name}"))):
        console.print(f"{title}: {url}", highlight=False, markup=False, soft_wrap=True)


@feed.command()
def end(person: Person, organization: Where = "", as_json: AsJson = False) -> None:
    """End a person's address: it opens nothing from this moment on."""
    ready()
    from broadsheet.access.actions.feed_address import end_feed_address
    from broadsheet.core.policy.roles import Refused

    actor = member(machine_owner(organization), person)
    try:
        ended = end_feed_address(actor, now=datetime.now(UTC))
    except Refused as error:
        fail(str(error))
    if as_json:
        say_json({"ended": ended})
    else:
        console.print("The address has ended." if ended else "There was none.", highlight=False)
