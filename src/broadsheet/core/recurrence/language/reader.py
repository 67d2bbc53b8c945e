"""From plain English to the `when:` mapping that `timing_from` reads.

This module reads what holds a sentence together: members, joiners, and what comes behind the dates. The dates
themselves are `dates`'s.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from broadsheet.core.recurrence.language.dates import base
from broadsheet.core.recurrence.language.phrase import PhraseError, Token, Tokens
from broadsheet.core.recurrence.language.values import date_at, dates_at, is_date, moment_at, name_at, times_at, zone_at
from broadsheet.core.recurrence.language.vocabulary import (
    CRON_DAYS,
    FOLLOWING,
    GAPS,
    JOINED_BY,
    JOINERS,
    OVERLAPS,
    ROLLS,
    SHORTS,
    STARTS,
)
from broadsheet.core.recurrence.naming import listed

SHORT = "short"  # a key of `on`, gathered with the modifiers and put where it belongs at the end
NAMES = ("word", "text")  # kinds of tokens that name a calendar
LIFTED = ("zone", "from", "until")  # said once behind several rules, they hold for all of them


def parse(text: str, *, default_zone: str, count_from: date | None = None) -> dict[str, Any]:
    """The mapping that the text means; `default_zone` (IANA) where it names none.

    count_from: what an interval counts from where the text says nothing. What a rule needs besides, such as a time of
    day, is `timing_from`'s to ask for. Raises PhraseError, a RuleError, with the place in the text and the nearest word.
    """
    tokens = Tokens(text)
    found = _whole(tokens)
    if tokens.now.kind != "end":
        raise tokens.refusal(
            FOLLOWING, otherwise="Here may stand for instance: at 08:00, rolled forward, from 2026-01-05."
        )
    found.setdefault("zone", default_zone)
    if count_from is not None and "from" not in found and "anchor" not in found and _counts(found):
        found["anchor"] = count_from
    return found


def _whole(tokens: Tokens) -> dict[str, Any]:
    """One rule, or several joined, with all that qualifies them."""
    tokens.deeper()
    first, enclosed = _member(tokens)
    own = _modifiers(tokens)
    joiner = tokens.take(*JOINERS)
    if not joiner:
        tokens.higher()
        if enclosed and own:
            return _applied(nested(first), own)
        return first if enclosed else _applied(first, own)
    each = bool(own)  # then every member has its own modifiers
    members = [_applied(nested(first), own) if enclosed and own else _applied(first, own)]
    while joiner:
        member, closed = _member(tokens)
        more = _modifiers(tokens) if each and not closed else {}
        members.append(_applied(member, more))
        following = tokens.take(*(one for one in JOINERS if JOINERS[one] == JOINERS[joiner]))
        if not following:
            break
    tokens.higher()
    found: dict[str, Any] = {JOINERS[joiner]: members}
    if each:
        found |= {
            key: members[-1].pop(key)
            for key in LIFTED
            if key in members[-1] and not any(key in one for one in members[:-1])
        }
    return _applied(found, _modifiers(tokens))


def _member(tokens: Tokens) -> tuple[dict[str, Any], bool]:
    """A rule, and whether it stands in parentheses."""
    if not tokens.take("("):
        return base(tokens, _enclosed), False
    return _rest_of_enclosed(tokens), True


def _enclosed(tokens: Tokens) -> dict[str, Any] | None:
    """A rule in parentheses, as one that more is said about; None where none comes."""
    return nested(_rest_of_enclosed(tokens)) if tokens.take("(") else None


def _rest_of_enclosed(tokens: Tokens) -> dict[str, Any]:
    found = _whole(tokens)
    if not tokens.take(")"):
        raise tokens.refusal(FOLLOWING, otherwise='Close the parentheses with ")".')
    return found


def nested(inner: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping that keys can be added to, so that they are applied after all of the inner one's own."""
    only = next(iter(inner)) if len(inner) == 1 else ""
    return dict(inner) if only in JOINED_BY and len(inner[only]) > 1 else {"union": [dict(inner)]}


def _modifiers(tokens: Tokens) -> dict[str, Any]:
    """Everything behind the dates, in any order; commas between them are optional."""
    found: dict[str, Any] = {}
    while True:
        mark = tokens.mark()
        comma = tokens.take(",")
        start = tokens.now
        more = next((one for reader in READERS if (one := reader(tokens))), None)
        if more is None:
            if comma and tokens.now.kind != "end" and not tokens.sees("("):
                raise tokens.refusal((*FOLLOWING, *STARTS), otherwise="Behind a comma stands for instance: at 08:00.")
            tokens.back_to(mark)
            return found
        if twice := next((key for key in more if key in found), None):
            raise tokens.refusal((), otherwise=f'Say "{twice}" only once.', at=start)
        found |= more


def _at(tokens: Tokens) -> dict[str, Any] | None:
    return {"at": times_at(tokens)} if tokens.take("at") else None


def _zone(tokens: Tokens) -> dict[str, Any] | None:
    zone = zone_at(tokens)
    return {"zone": zone} if zone else None


def _limits(tokens: Tokens) -> dict[str, Any] | None:
    if tokens.take("counted from", "counting from"):
        return {"anchor": moment_at(tokens)}
    if tokens.take("from", "starting on", "starting"):
        return {"from": date_at(tokens)}
    return {"until": date_at(tokens)} if tokens.take("until", "through") else None


def _phrases(tokens: Tokens) -> dict[str, Any] | None:
    for key, phrases in (
        ("roll", ROLLS),
        (SHORT, SHORTS),
        ("gap", GAPS),
        ("overlap", OVERLAPS),
        ("cron_days", CRON_DAYS),
    ):
        if phrase := tokens.take(*phrases):
            if key == "roll" and phrase == "rolled to the nearest":
                tokens.take("business day")
            return {key: phrases[phrase]}
    return None


def _calendar(tokens: Tokens) -> dict[str, Any] | None:
    """ "on nyse days", "only on nyse days", "on business days"."""
    only = tokens.sees("only on")
    if not only and not tokens.sees("on"):
        return None
    by = 2 if only else 1
    _one_calendar(tokens, by)
    if tokens.ahead(by).kind not in NAMES or tokens.ahead(by + 1).word != "days":
        return None
    tokens.take("only on", "on")
    name = name_at(tokens)
    tokens.take("days")
    if name == "business":
        return {"roll": "skip"}
    return {"calendar": name, "roll": "skip"} if only else {"calendar": name}


def _one_calendar(tokens: Tokens, by: int) -> None:
    """Refuse several calendars: "on us and gb-eng days", "on us days, de days and gb-eng days"."""
    first = by + 1 if tokens.ahead(by).word == "both" and tokens.ahead(by + 1).word != "days" else by
    names: list[Token] = []
    at = first
    while tokens.ahead(at).kind in NAMES and tokens.ahead(at).word != "also":
        names.append(tokens.ahead(at))
        last, at = at, at + 1
        if tokens.ahead(at).word == "days":
            last, at = at, at + 1
        joined = at
        while tokens.ahead(at).word in (",", "and"):
            at += 1
        if at == joined:
            break
    while len(names) > 1 and tokens.ahead(last).word != "days":
        names, last = names[:-1], last - 1  # what follows a comma may be no calendar: "on us days, rolled forward"
        while tokens.ahead(last).word in (",", "and"):
            last -= 1
    if len(names) < 2:
        return
    said, start, end = listed([f'"{one.text}"' for one in names]), tokens.ahead(first).start, tokens.ahead(last).end
    members = ", ".join(one.text if one.kind == "text" else one.word for one in names)
    raise PhraseError(
        f"{said} at character {start + 1} are {len(names)} calendars, and a rule takes one",
        "Make one calendar of them, in Settings, Calendars or in a file "
        f'("calendar: both" with "all_of: [{members}]"), and name that: "on both days".',
        start=start,
        end=end,
    )


def _sets(tokens: Tokens) -> dict[str, Any] | None:
    if tokens.take("plus on", "plus"):
        return {"also": dates_at(tokens)}
    if not tokens.take("except on", "except"):
        return None
    items: list[Any] = []
    while True:
        items += [_rest_of_enclosed(tokens)] if tokens.take("(") else [moment_at(tokens)]
        by = 0
        while tokens.ahead(by).word in (",", "and"):
            by += 1
        if not by or not (tokens.ahead(by).word == "(" or is_date(tokens, by)):
            return {"not_on": items}
        for _ in range(by):
            tokens.next()


READERS: tuple[Callable[[Tokens], dict[str, Any] | None], ...] = (_at, _limits, _phrases, _calendar, _sets, _zone)


def _applied(rule: dict[str, Any], modifiers: dict[str, Any]) -> dict[str, Any]:
    found = {**rule, **modifiers}
    short = found.pop(SHORT, None)
    if short is not None and short != "clamp":
        _shorten(found, short)
    if "calendar" in modifiers and "roll" not in found and not _asks(found):
        found["roll"] = "skip"  # “every day on NYSE days” means only those
    return found


def _shorten(rule: dict[str, Any], short: str) -> None:
    for one in [rule, *rule.get("union", ())]:
        if isinstance(one.get("on"), dict) and "day" in one["on"]:
            one["on"] = {**one["on"], "short": short}


def _asks(rule: Mapping[str, Any]) -> bool:
    """Whether the rule, before it is rolled, counts business days."""
    on, offset = rule.get("on"), rule.get("offset")
    counts = (isinstance(on, dict) and "business_day" in on) or (isinstance(offset, dict) and "business_days" in offset)
    return counts or "session" in rule or any(_asks(one) for one in rule.get("union", ()))


def _counts(rule: Mapping[str, Any]) -> bool:
    return "interval" in rule or isinstance(rule.get("every"), dict)
