"""The words of the plain language, and what they stand for."""

from broadsheet.core.recurrence.naming import MONTH_KEYS, MONTHS, WEEKDAY_KEYS, WEEKDAYS

WEEKDAY_WORDS: dict[str, str] = {
    **{name.lower(): key for name, key in zip(WEEKDAYS, WEEKDAY_KEYS, strict=True)},
    **{f"{name.lower()}s": key for name, key in zip(WEEKDAYS, WEEKDAY_KEYS, strict=True)},
    **{key: key for key in WEEKDAY_KEYS},
    **{"tues": "tue", "thur": "thu", "thurs": "thu", "weds": "wed"},
}
MONTH_WORDS: dict[str, str] = {
    **{name.lower(): key for name, key in zip(MONTHS, MONTH_KEYS, strict=True)},
    **{key: key for key in MONTH_KEYS},
    "sept": "sep",
}
ORDINAL_WORDS = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1
    )
}
NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
PERIODS = {  # word -> value of `every`
    **{"month": "month", "months": "month", "quarter": "quarter", "quarters": "quarter"},
    **{"half": "half", "halves": "half", "half-year": "half", "half-years": "half", "year": "year", "years": "year"},
    **{"period": "period", "periods": "period"},
}
ADVERBS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annually": "year",
}
DISTANCES = {
    **{"second": "seconds", "seconds": "seconds", "minute": "minutes", "minutes": "minutes"},
    **{"hour": "hours", "hours": "hours"},
}
JOINERS = {"and also": "union", ";": "union", "where also": "all_of", "but not": "except"}
JOINED_BY = {"union": "and also", "all_of": "where also", "except": "but not"}
OWN_CLOCKS = (  # of the recipients; the first is the one that is written
    "in each recipient's zone",
    *(
        f"{who} {what}"
        for who in ("in each recipient's own", "in the recipient's own", "in the recipient's")
        for what in ("zone", "time")
    ),
    "in each recipient's time",
    "each recipient's zone",
    "each recipient's time",
    "each recipient's own time",
    "recipient's zone",
    "recipient's time",
    "recipient's own time",
    "in recipients' zones",
    "in local time",
    "local time",
)
ROLLS = {  # the first phrase of each convention is the one that is written
    "rolled forward within the month": "modified-following",
    "rolled back within the month": "modified-preceding",
    "rolled forward": "following",
    "rolled back": "preceding",
    "rolled to the nearest": "nearest",
    "only on business days": "skip",
    "moved to the next business day": "following",
    "moved to the business day before": "preceding",
    "moved to the nearest business day": "nearest",
    "rolled forwards": "following",
    "rolled backwards": "preceding",
    "rolled backward": "preceding",
}
SHORTS = {
    "skipping shorter months": "skip",
    "leaving out shorter months": "skip",
    "or the first of the next month": "next",
    "or the last day of a shorter month": "clamp",
    "or the last day": "clamp",
}
GAPS = {
    "skipped when clocks jump": "skip",
    "shifted when clocks jump": "shift",
    "at once when clocks jump": "first-valid",
}
OVERLAPS = {
    "the second time when clocks repeat": "second",
    "twice when clocks repeat": "both",
    "once when clocks repeat": "first",
}
CRON_DAYS = {"on days that fit both": "both", "on days that fit either": "either"}
TIMES = {"noon": "12:00", "midnight": "00:00"}
DEFAULT_FISCAL = "fiscal"  # the calendar that “fiscal quarter” means, when it does not say by which

STARTS = (
    "every", "each", "on", "the", "daily", "weekly", "monthly", "quarterly", "yearly", "first", "second", "third", "last",
    "cron", "rrule", "weekdays",
)  # fmt: skip
AFTER_EVERY = (
    "day", "days", "weekday", "weekdays", "business", "week", "weeks", "other", "fiscal",
    *WEEKDAY_WORDS, *PERIODS, *DISTANCES,
)  # fmt: skip
FOLLOWING = (
    "at", "from", "until", "counted", "rolled", "in", "on", "plus", "except", "and", "but", "where", "skipped", "shifted",
    "twice", "once", "skipping", "only", "starting", "moved", "of",
)  # fmt: skip


def is_free(name: str) -> bool:
    """Whether the name can stand without quotes: letters, digits and hyphens, with a hyphen, so that it is no slip of
    one of the words above."""
    return (
        name.replace("-", "").replace("_", "").isalnum()
        and "-" in name.strip("-")
        and name == name.lower()
        and (name[0].isalpha() and name[-1].isalnum() and name not in PERIODS)
    )
