"""Dates, times, zones, numbers and names out of tokens."""

import re
from datetime import date, time
from typing import Any

from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.language.phrase import PhraseError, Token, Tokens
from broadsheet.core.recurrence.language.vocabulary import MONTH_WORDS, NUMBER_WORDS, OWN_CLOCKS, TIMES
from broadsheet.core.recurrence.naming import MONTH_KEYS
from broadsheet.core.recurrence.zones import zone_named, zone_names

LONGEST_CITY = 4  # words
CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?\s?(am|pm)?", re.IGNORECASE)


def number_at(tokens: Tokens) -> int | None:
    """A number in digits or words; None, and nothing taken, for anything else."""
    if tokens.now.kind == "number":
        token = tokens.next()
        if len(token.text) > 6:
            raise PhraseError(f"{token.text} is too large", "Write a smaller number.", start=token.start, end=token.end)
        return int(token.text)
    found = NUMBER_WORDS.get(tokens.now.word)
    if found is not None:
        tokens.next()
    return found


def times_at(tokens: Tokens) -> str | list[str]:
    """One or more times of day, as "HH:MM"."""
    found = [_time(tokens)]
    while _more(tokens, lambda by: _is_time(tokens.ahead(by))):
        found.append(_time(tokens))
    return found[0] if len(found) == 1 else found


def dates_at(tokens: Tokens) -> list[Any]:
    """One or more dates (`date`) or moments ("2026-01-05 08:00")."""
    found = [moment_at(tokens)]
    while _more(tokens, lambda by: is_date(tokens, by)):
        found.append(moment_at(tokens))
    return found


def moment_at(tokens: Tokens) -> Any:
    """A date, or the text of a date and time where a time comes behind it."""
    day = date_at(tokens)
    return f"{day} {_time(tokens)}" if tokens.now.kind == "time" else day


def is_date(tokens: Tokens, by: int = 0) -> bool:
    """Whether a date comes `by` tokens ahead: 2026-01-05, or 5 January 2026."""
    first = tokens.ahead(by)
    return first.kind == "date" or (
        first.kind in ("number", "ordinal")
        and tokens.ahead(by + 1).word in MONTH_WORDS
        and tokens.ahead(by + 2).kind == "number"
    )


def date_at(tokens: Tokens) -> date:
    """A date. Raises PhraseError."""
    first = tokens.now
    if not is_date(tokens):
        raise tokens.refusal((), otherwise="Write a date such as 2026-01-05, or 5 January 2026.")
    try:
        if first.kind == "date":
            return date.fromisoformat(tokens.next().text)
        day, month, year = tokens.next(), tokens.next(), tokens.next()
        return date(int(year.text), MONTH_KEYS.index(MONTH_WORDS[month.word]) + 1, int(re.sub(r"\D", "", day.text)))
    except ValueError:
        end = tokens.ahead(-1).end if tokens.mark() else first.end
        message = f"there is no such date at character {first.start + 1}"
        raise PhraseError(
            message, "Write a date such as 2026-01-05.", start=first.start, end=max(first.end, end)
        ) from None


def zone_at(tokens: Tokens) -> str | None:
    """A zone by its IANA name, as UTC, as “New York time”, or each recipient's; None, and nothing taken, where none comes."""
    mark = tokens.mark()
    if tokens.take(*OWN_CLOCKS):
        return "recipient"
    tokens.take("in")
    token = tokens.now
    if token.kind in ("zone", "text"):
        tokens.next()
        return _known(token)
    if token.word == "utc":
        tokens.next()
        return "UTC"
    if place := _city(tokens):
        return place
    _refuse_bare_city(tokens)
    tokens.back_to(mark)
    return None


def name_at(tokens: Tokens) -> str | None:
    """A name, quoted or not; None where none comes. Unquoted ones are in lower case, as definitions have them."""
    if tokens.now.kind not in ("word", "text"):
        return None
    token = tokens.next()
    return token.text if token.kind == "text" else token.word


def _more(tokens: Tokens, fits: Any) -> bool:
    """Steps over a comma or “and” when another item comes behind it."""
    by = 0
    while tokens.ahead(by).word in (",", "and"):
        by += 1
    if not by or by > 2 or not fits(by):
        return False
    for _ in range(by):
        tokens.next()
    return True


def _is_time(token: Token) -> bool:
    return token.kind == "time" or token.word in TIMES


def _time(tokens: Tokens) -> str:
    token = tokens.now
    if token.word in TIMES:
        return TIMES[tokens.next().word]
    if token.kind == "number" and len(token.text) <= 2:
        found = CLOCK.fullmatch(token.text)
    else:
        found = CLOCK.fullmatch(token.text) if token.kind == "time" else None
    if not found:
        raise tokens.refusal(TIMES, otherwise="Write a time such as 08:00, or 8 am.")
    tokens.next()
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half = (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        hour = 99  # refused below
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        moment = time(hour, minute, second)
    except ValueError:
        message = f'"{token.text}" at character {token.start + 1} is not a time of day'
        raise PhraseError(message, "Write a time such as 08:00, or 8 am.", start=token.start, end=token.end) from None
    return f"{moment:%H:%M:%S}" if second else f"{moment:%H:%M}"


def _known(token: Token) -> str:
    try:
        zone_named(token.text)
    except RuleError as error:
        message = f"{error.message} (character {token.start + 1})"
        raise PhraseError(message, error.fix, start=token.start, end=token.end) from None
    return token.text


def _city(tokens: Tokens) -> str | None:
    """ "New York time"."""
    words: list[str] = []
    while tokens.ahead(len(words)).kind == "word" and len(words) < LONGEST_CITY:
        if words and tokens.ahead(len(words)).word == "time":
            zone = _zone_of(words)
            for _ in range(len(words) + 1 if zone else 0):
                tokens.next()
            return zone
        words.append(tokens.ahead(len(words)).word)
    return None


def _zone_of(words: list[str]) -> str | None:
    """The zone whose city is called so."""
    wanted = "_".join(words)
    found = [name for name in zone_names() if name.rpartition("/")[2].casefold() == wanted and "/" in name]
    areas = [name for name in found if not name.startswith(("Etc/", "US/", "posix/", "right/"))]
    return min(areas, default=None)


def _refuse_bare_city(tokens: Tokens) -> None:
    """ "in Berlin": a place alone might be meant for something else, so its zone is suggested."""
    for number in range(1, LONGEST_CITY):
        tokens_of_it = [tokens.ahead(by) for by in range(number)]
        if any(one.kind != "word" for one in tokens_of_it):
            return
        if zone := _zone_of([one.word for one in tokens_of_it]):
            name, first = " ".join(one.text for one in tokens_of_it), tokens.now
            message = f'"{name}" at character {first.start + 1} is a place, not a time zone'
            fix = f'Write "{zone}" or "{zone.rpartition("/")[2].replace("_", " ")} time".'
            raise PhraseError(message, fix, start=first.start, end=tokens_of_it[-1].end)
