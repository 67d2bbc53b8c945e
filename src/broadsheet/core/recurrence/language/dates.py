"""The dates of a sentence: "every 2 weeks on Monday", "third business day of each month", "15 minutes before close"."""

import re
from collections.abc import Callable
from typing import Any

from broadsheet.core.recurrence.language.phrase import PhraseError, Token, Tokens
from broadsheet.core.recurrence.language.values import dates_at, is_date, name_at, number_at
from broadsheet.core.recurrence.language.vocabulary import (
    ADVERBS,
    AFTER_EVERY,
    DEFAULT_FISCAL,
    DISTANCES,
    MONTH_WORDS,
    ORDINAL_WORDS,
    PERIODS,
    STARTS,
    WEEKDAY_WORDS,
    is_free,
)
from broadsheet.core.recurrence.naming import WEEKDAY_KEYS

Enclosed = Callable[[Tokens], dict[str, Any] | None]
BUSINESS = ("business days", "business day", "working days", "working day")
EDGES = {"close": "close", "closing": "close", "open": "open", "opening": "open"}
LAST = {"last": -1, "penultimate": -2}


def base(tokens: Tokens, enclosed: Enclosed) -> dict[str, Any]:
    """The dates that come next; `enclosed` reads a rule in parentheses. Raises PhraseError."""
    for word in ("cron", "rrule"):
        if tokens.take(word):
            return {word: _quoted(tokens, word)}
    if found := _session(tokens) or _beside(tokens, enclosed):
        return found
    if tokens.take("every", "each", "on every", "on each"):
        return _every(tokens)
    if tokens.now.word in ADVERBS:
        return _adverb(tokens)
    tokens.take("on")
    if is_date(tokens):
        return {"dates": dates_at(tokens)}
    if tokens.take("weekdays", "weekday"):
        return {"every": "weekday"}
    if tokens.take(*BUSINESS):
        return {"every": "day", "roll": "skip"}
    if tokens.now.word in WEEKDAY_WORDS:
        return {"every": "week", "on": _weekdays(tokens)}
    return _positions(tokens, None)


def _quoted(tokens: Tokens, word: str) -> str:
    token = tokens.take_kind("text")
    if token is None:
        example = "0 8 * * 1-5" if word == "cron" else "FREQ=MONTHLY;BYDAY=-1FR"
        raise tokens.refusal((), otherwise=f'Write it in quotes: {word} "{example}".')
    return token.text


def _session(tokens: Tokens) -> dict[str, Any] | None:
    """ "at the close" alone; with minutes it is `_beside`'s."""
    mark = tokens.mark()
    if tokens.take("at"):
        tokens.take("the market", "the", "market")
        if edge := EDGES.get(tokens.now.word):
            tokens.next()
            return {"session": {edge: 0}}
    tokens.back_to(mark)
    return None


def _beside(tokens: Tokens, enclosed: Enclosed) -> dict[str, Any] | None:
    """So many days or minutes before or after something."""
    mark = tokens.mark()
    number = number_at(tokens)
    if number is not None:
        business = bool(tokens.take(*BUSINESS))
        unit = "" if business else tokens.take("days", "day", "minutes", "minute", "hours", "hour")
        sign = {"before": -1, "after": 1}.get(tokens.now.word)
        if (business or unit) and sign:
            tokens.next()
            if unit[:3] in ("min", "hou"):
                tokens.take("the market", "the", "market")
                edge = EDGES.get(tokens.now.word)
                if edge is None:
                    raise tokens.refusal(EDGES, otherwise='Write "close" or "open": only days are counted from dates.')
                tokens.next()
                return {"session": {edge: sign * number * (60 if unit[:3] == "hou" else 1)}}
            inner = enclosed(tokens) or base(tokens, enclosed)
            if "offset" in inner or "roll" in inner:
                inner = {"union": [inner]}
            return {**inner, "offset": {"business_days" if business else "days": sign * number}}
    tokens.back_to(mark)
    return None


def _adverb(tokens: Tokens) -> dict[str, Any]:
    every = ADVERBS[tokens.next().word]
    if every == "day":
        return {"every": "day"}
    tokens.take("on")
    return {"every": "week", "on": _weekdays(tokens)} if every == "week" else _positions(tokens, (every, 1, None))


def _every(tokens: Tokens) -> dict[str, Any]:
    """Behind “every”."""
    interval = _interval(tokens)
    if tokens.sees("fiscal") or tokens.now.word in PERIODS:
        every, fiscal = _unit(tokens)
        tokens.take("on")
        return _positions(tokens, (every, interval, fiscal))
    if interval == 1 and tokens.take(*BUSINESS):
        return {"every": "day", "roll": "skip"}
    more = {"interval": interval} if interval > 1 else {}
    if tokens.take("days", "day"):
        return {"every": "day", **more}
    if tokens.take("weekdays", "weekday"):
        return {"every": "weekday", **more}
    if tokens.take("weeks", "week"):
        if not tokens.take("on"):
            raise tokens.refusal(("on",), otherwise='Say on which days: "on Monday and Thursday".')
        return {"every": "week", "on": _weekdays(tokens), **more}
    if tokens.now.word in WEEKDAY_WORDS:
        return {"every": "week", "on": _weekdays(tokens), **more}
    if tokens.now.word in DISTANCES:
        return {"every": _distance(tokens, interval)}
    return _events(tokens)


def _interval(tokens: Tokens) -> int:
    """1, 2 for “other”, or the number that stands there. “second” is 2 before a day or week, else a unit of time."""
    if tokens.take("other"):
        return 2
    if tokens.now.word == "second" and (
        tokens.ahead().word in WEEKDAY_WORDS or tokens.ahead().word in ("week", "day", "month")
    ):
        tokens.next()
        return 2
    if tokens.now.kind == "ordinal":
        return _size(tokens.next())
    return number_at(tokens) or 1


def _distance(tokens: Tokens, number: int) -> dict[str, int]:
    found: dict[str, int] = {}
    while True:
        unit = DISTANCES[tokens.next().word]
        found[unit] = found.get(unit, 0) + number
        by = 1 if tokens.sees("and") else 0
        if tokens.ahead(by).kind != "number" or tokens.ahead(by + 1).word not in DISTANCES:
            return found
        tokens.take("and")
        number = number_at(tokens) or 1


def _events(tokens: Tokens) -> dict[str, Any]:
    """The name of a list of events: in quotes, or any word that is no slip of another."""
    token = tokens.now
    if token.kind == "word" and not is_free(token.word):
        refusal = tokens.refusal(AFTER_EVERY, otherwise='Write the name of events in quotes: each "board-meeting".')
        raise refusal
    name = name_at(tokens)
    if name is None:
        raise tokens.refusal(AFTER_EVERY, otherwise="Write for instance: every weekday, every 2 weeks on Monday.")
    return {"events": name}


def _weekdays(tokens: Tokens) -> list[str]:
    found = {_weekday(tokens)}
    while True:
        by = 0
        while tokens.ahead(by).word in (",", "and"):
            by += 1
        if not by or tokens.ahead(by).word not in WEEKDAY_WORDS:
            if (
                by
                and tokens.ahead(by - 1).word == "and"
                and tokens.ahead(by).kind == "word"
                and tokens.ahead(by).word != "also"
            ):
                raise tokens.refusal(WEEKDAY_WORDS, otherwise="Write a weekday.", at=tokens.ahead(by))
            return sorted(found, key=WEEKDAY_KEYS.index)
        for _ in range(by):
            tokens.next()
        found.add(_weekday(tokens))


def _weekday(tokens: Tokens) -> str:
    key = WEEKDAY_WORDS.get(tokens.now.word)
    if key is None:
        raise tokens.refusal(WEEKDAY_WORDS, otherwise="Write a weekday, such as Monday.")
    tokens.next()
    return key


Period = tuple[str, int, str | None]  # value of `every`, interval, fiscal calendar
Item = tuple[int, str | None, Token]  # nth, "day" | "business_day" | weekday key | None for a number alone, where


def _positions(tokens: Tokens, period: Period | None) -> dict[str, Any]:
    """ "the 1st and 15th", "third business day of each month", "last Friday of March and September"."""
    items = [_item(tokens)]
    while (by := _more_items(tokens)) is not None:
        for _ in range(by):
            tokens.next()
        items.append(_item(tokens))
    noun = items[-1][1]
    items = [(nth, what or noun, where) for nth, what, where in items]
    months = _months(tokens)
    if months:
        interval = _years(tokens) if period is None else period[1]
        shared: dict[str, Any] = {"every": "year", "months": months}
        every, fiscal = "month", None
    else:
        every, interval, fiscal = period or _of(tokens)
        shared = {"every": every}
    if fiscal is not None:
        shared["fiscal"] = fiscal
    if interval > 1:
        shared["interval"] = interval
    rules = [{**shared, "on": _on(item, every)} for item in items]
    return rules[0] if len(rules) == 1 else {"union": rules}


def _item(tokens: Tokens) -> Item:
    tokens.take("the")
    where = tokens.now
    if tokens.take("day") and (number := number_at(tokens)):
        return number, None, where
    nth = _nth(tokens)
    if nth is None:
        raise tokens.refusal(
            (*STARTS, *ORDINAL_WORDS, *WEEKDAY_WORDS), otherwise="Begin for instance with: every weekday, on the 15th."
        )
    if tokens.take(*BUSINESS):
        return nth, "business_day", where
    if tokens.take("day"):
        return nth, "day", where
    if key := WEEKDAY_WORDS.get(tokens.now.word):
        tokens.next()
        return nth, key, where
    if where.kind == "word" and not (tokens.now.word in (",", "and") or tokens.now.word == ""):
        raise tokens.refusal(("day", "business", *WEEKDAY_WORDS), otherwise='Write "day", "business day" or a weekday.')
    return nth, None, where


def _nth(tokens: Tokens) -> int | None:
    """ "15th", "third", "last", "second last"; None where none comes."""
    token = tokens.now
    if token.word in LAST:
        return LAST[tokens.next().word]
    if token.kind == "number" and tokens.ahead().word in MONTH_WORDS:
        return _size(tokens.next())
    size = _size(token) if token.kind == "ordinal" else ORDINAL_WORDS.get(token.word)
    if size is None:
        return None
    tokens.next()
    return -size if tokens.take("to last", "last") else size


def _size(token: Token) -> int:
    digits = re.sub(r"\D", "", token.text)
    if len(digits) > 4 or not int(digits):
        message = f'"{token.text}" at character {token.start + 1} is no position'
        raise PhraseError(message, "Write for instance 1st.", start=token.start, end=token.end)
    return int(digits)


def _more_items(tokens: Tokens) -> int | None:
    by = 0
    while tokens.ahead(by).word in (",", "and"):
        by += 1
    if not by:
        return None
    after = tokens.ahead(by + 1) if tokens.ahead(by).word == "the" else tokens.ahead(by)
    fits = after.kind == "ordinal" or after.word in ORDINAL_WORDS or after.word in LAST
    return by if fits else None


def _months(tokens: Tokens) -> list[str]:
    """Months by name, behind “of” or a number."""
    if tokens.sees("of") and tokens.ahead().word in MONTH_WORDS:
        tokens.next()
    found = []
    while tokens.now.word in MONTH_WORDS:
        found.append(MONTH_WORDS[tokens.next().word])
        by = 0
        while tokens.ahead(by).word in (",", "and"):
            by += 1
        if by and tokens.ahead(by).word in MONTH_WORDS:
            for _ in range(by):
                tokens.next()
    return found


def _years(tokens: Tokens) -> int:
    """ "of every 2 years"; 1 where nothing is said."""
    mark = tokens.mark()
    tokens.take("of")
    if tokens.take("every", "each"):
        interval = _interval(tokens)
        if tokens.take("years", "year"):
            return interval
    tokens.back_to(mark)
    return 1


def _of(tokens: Tokens) -> Period:
    """ "of every 3 months", "of each fiscal quarter"; every month where nothing is said."""
    mark = tokens.mark()
    of = tokens.take("of")
    if tokens.take("every", "each"):
        interval = _interval(tokens)
        every, fiscal = _unit(tokens)
        return every, interval, fiscal
    if of and tokens.take("the", "a"):
        every, fiscal = _unit(tokens)
        return every, 1, fiscal
    if of:
        raise tokens.refusal(("every", "each", "the", *MONTH_WORDS), otherwise='Write "of every month".')
    tokens.back_to(mark)
    return "month", 1, None


def _unit(tokens: Tokens) -> tuple[str, str | None]:
    """ "month", "fiscal quarter by retail"."""
    fiscal = bool(tokens.take("fiscal"))
    every = PERIODS.get(tokens.now.word)
    if every is None:
        raise tokens.refusal((*PERIODS, "fiscal"), otherwise="Write month, quarter, half or year.")
    tokens.next()
    if not fiscal:
        return every, None
    if tokens.take("by"):
        name = name_at(tokens)
        if name is None:
            raise tokens.refusal(MONTH_WORDS, otherwise="Write the name of the fiscal calendar, or its first month.")
    else:
        name = DEFAULT_FISCAL
    return "period" if every == "month" else every, MONTH_WORDS.get(name, name)


def _on(item: Item, every: str) -> dict[str, Any]:
    nth, what, where = item
    if what == "business_day":
        return {"business_day": nth}
    if what in WEEKDAY_KEYS:
        return {"nth": nth, "weekday": what}
    if every == "month" and nth < 0:
        if nth == -1 and what == "day":
            return {"day": 31}
        message = f'"{where.text}" at character {where.start + 1} cannot be counted from the end of a month'
        fix = 'Write a weekday or "business day" with it, or "of every period".'
        raise PhraseError(message, fix, start=where.start, end=where.end)
    return {"day": nth}
