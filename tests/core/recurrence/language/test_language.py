"""What people write, what it means, how it is said back, and what is told when it means nothing."""

import pickle
from datetime import date

import pytest

from broadsheet.core.recurrence import RuleError, timing_from
from broadsheet.core.recurrence.language import PhraseError, parse, write

SAID = [
    ("every weekday at 08:30", {"every": "weekday", "at": "08:30"}, "every weekday at 08:30 UTC"),
    (
        "third business day of each month at 07:00, rolled forward",
        {"every": "month", "on": {"business_day": 3}, "at": "07:00", "roll": "following"},
        "on the third business day of every month, rolled forward, at 07:00 UTC",
    ),
    (
        "every 2 weeks on Monday and Thursday",
        {"every": "week", "on": ["mon", "thu"], "interval": 2},
        "every 2 weeks on Monday and Thursday, UTC",
    ),
    (
        "last Friday of each fiscal quarter at 17:00 Europe/London",
        {"every": "quarter", "fiscal": "fiscal", "on": {"nth": -1, "weekday": "fri"}, "at": "17:00", "zone": "Europe/London"},
        "on the last Friday of every fiscal quarter at 17:00 Europe/London",
    ),
    (
        "15 minutes before market close on NYSE days",
        {"session": {"close": -15}, "calendar": "nyse"},
        "15 minutes before the close on nyse days, UTC",
    ),
    (
        "on the 1st and 15th at 09:00",
        {"union": [{"every": "month", "on": {"day": 1}}, {"every": "month", "on": {"day": 15}}], "at": "09:00"},
        "on the 1st and 15th of every month at 09:00 UTC",
    ),
    ("every 90 minutes", {"every": {"minutes": 90}}, "every 90 minutes, UTC"),
    (
        "2 business days before each board-meeting",
        {"events": "board-meeting", "offset": {"business_days": -2}},
        "2 business days before each board-meeting, UTC",
    ),
    ("Daily at 8", {"every": "day", "at": "08:00"}, "every day at 08:00 UTC"),
    (
        "every day at 8am and 5:30 pm New York time",
        {"every": "day", "at": ["08:00", "17:30"], "zone": "America/New_York"},
        "every day at 08:00 and 17:30 America/New_York",
    ),
    (
        "every other Friday at noon from 5 January 2026 until 2026-12-31",
        {"every": "week", "on": ["fri"], "interval": 2, "at": "12:00", "from": date(2026, 1, 5), "until": date(2026, 12, 31)},
        "every 2 weeks on Friday at 12:00 UTC, from 2026-01-05, until 2026-12-31",
    ),
    ("thursdays, mondays at 8", {"every": "week", "on": ["mon", "thu"], "at": "08:00"}, "every Monday and Thursday at 08:00 UTC"),
    (
        "last day of the month at 17:00",
        {"every": "month", "on": {"day": 31}, "at": "17:00"},
        "on the 31st of every month at 17:00 UTC",
    ),
    (
        "every month on the 31st, skipping shorter months, at 08:00",
        {"every": "month", "on": {"day": 31, "short": "skip"}, "at": "08:00"},
        "on the 31st of every month, skipping shorter months, at 08:00 UTC",
    ),
    (
        "every day on NYSE days at 9:00",
        {"every": "day", "roll": "skip", "calendar": "nyse", "at": "09:00"},
        "every business day on nyse days at 09:00 UTC",
    ),
    (
        "on the 15th, rolled back within the month, on new-york days, at 09:00",
        {"every": "month", "on": {"day": 15}, "roll": "modified-preceding", "calendar": "new-york", "at": "09:00"},
        "on the 15th of every month, rolled back within the month on new-york days, at 09:00 UTC",
    ),
    (
        "first and third Tuesday at 8:00",
        {"union": [{"every": "month", "on": {"nth": nth, "weekday": "tue"}} for nth in (1, 3)], "at": "08:00"},
        "on the first Tuesday of every month and also on the third Tuesday of every month at 08:00 UTC",
    ),
    (
        "on 15 March and September at 09:00",
        {"every": "year", "months": ["mar", "sep"], "on": {"day": 15}, "at": "09:00"},
        "on the 15th of March and September at 09:00 UTC",
    ),
    (
        "second last business day of every fiscal year by February at 09:00",
        {"every": "year", "fiscal": "feb", "on": {"business_day": -2}, "at": "09:00"},
        "on the second last business day of every fiscal year by february at 09:00 UTC",
    ),
    (
        "every monday at 08:00 and also on the 1st at 09:00 Europe/Paris",
        {
            "union": [{"every": "week", "on": ["mon"], "at": "08:00"}, {"every": "month", "on": {"day": 1}, "at": "09:00"}],
            "zone": "Europe/Paris",
        },
        "(every Monday at 08:00) and also (on the 1st of every month at 09:00), Europe/Paris",
    ),
    (
        "every day but not every monday at 08:00",
        {"except": [{"every": "day"}, {"every": "week", "on": ["mon"]}], "at": "08:00"},
        "every day but not every Monday at 08:00 UTC",
    ),
    (
        "every weekday except 2026-12-24, 2026-12-31 and (the 1st) plus 2026-12-26 at 08:00",
        {
            "every": "weekday", "not_on": [date(2026, 12, 24), date(2026, 12, 31), {"every": "month", "on": {"day": 1}}],
            "also": [date(2026, 12, 26)], "at": "08:00",
        },
        "every weekday, plus 2026-12-26, except 2026-12-24, 2026-12-31 and (on the 1st of every month), at 08:00 UTC",
    ),
    ('cron "0 8 * * 1-5", on days that fit both', {"cron": "0 8 * * 1-5", "cron_days": "both"}, 'cron "0 8 * * 1-5" on days that fit both, UTC'),
    (
        "every day at 02:30, skipped when clocks jump, twice when clocks repeat",
        {"every": "day", "at": "02:30", "gap": "skip", "overlap": "both"},
        "every day at 02:30 UTC, skipped when clocks jump, twice when clocks repeat",
    ),
    (
        "on 5 January 2026 08:00 and 2026-02-05 09:00",
        {"dates": ["2026-01-05 08:00", "2026-02-05 09:00"]},
        "on 2026-01-05 08:00 and 2026-02-05 09:00, UTC",
    ),
    ('each "releases" at 8', {"events": "releases", "at": "08:00"}, 'each "releases" at 08:00 UTC'),
]  # fmt: skip


@pytest.mark.feature("SCH-05")
@pytest.mark.parametrize(("text", "mapping", "written"), SAID, ids=[text for text, *_ in SAID])
def test_a_sentence_means_its_mapping_and_is_said_back(text, mapping, written):
    whole = {"zone": "UTC", **mapping}
    assert parse(text, default_zone="UTC") == whole
    assert write(whole) == written
    assert parse(written, default_zone="Asia/Tokyo") == whole


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(
    ("text", "place", "told"),
    [
        ("every tusday at 8:00", "tusday", '"tusday" at character 7 is not understood. Did you mean "tuesday"?'),
        ("every monday and thrusday at 8", "thrusday", '"thrusday" at character 18 is not understood. Did you mean "thursday"?'),
        ("every weekday att 8:00", "att", '"att" at character 15 is not understood. Did you mean "at"?'),
        ("every weekday at 25:00", "25:00", '"25:00" at character 18 is not a time of day. Write a time such as 08:00, or 8 am.'),
        ("every weekday at 8:00, rolld forward", "rolld", '"rolld" at character 24 is not understood. Did you mean "rolled"?'),
        ("last fryday of each month", "fryday", '"fryday" at character 6 is not understood. Did you mean "friday"?'),
        ("last friday of each quater", "quater", '"quater" at character 21 is not understood. Did you mean "quarter"?'),
        ("every day at 8 Europe/Londn", "Europe/Londn", 'there is no time zone "Europe/Londn" (character 16). Did you mean "Europe/London"?'),
        ("every weekday at 8 in Berlin", "Berlin", '"Berlin" at character 23 is a place, not a time zone. Write "Europe/Berlin" or "Berlin time".'),
        ("every weekday at 8 new york", "new york", '"new york" at character 20 is a place, not a time zone. Write "America/New_York" or "New York time".'),
        ("evry day at 8", "evry", '"evry" at character 1 is not understood. Did you mean "every"?'),
        ("every bord at 8", "bord", '"bord" at character 7 is not understood. Write the name of events in quotes: each "board-meeting".'),
        ("every week", "", 'the text ends too early. Say on which days: "on Monday and Thursday".'),
        ("every day at 8 at 9", "at", '"at" at character 16 is not understood. Say "at" only once.'),
        ("every day from 2026-02-31", "2026-02-31", "there is no such date at character 16. Write a date such as 2026-01-05."),
        ("every day @ 8", "@", '"@" at character 11 is not understood. Put names with signs in them between quotes.'),
        ("(every day at 8", "", 'the text ends too early. Close the parentheses with ")".'),
        ("second last day of the month", "second", '"second" at character 1 cannot be counted from the end of a month. Write a weekday or "business day" with it, or "of every period".'),
        ("", "", "the text ends too early. Begin for instance with: every weekday, on the 15th."),
        ("(" * 50, "(", '"(" at character 21 is not understood. Use fewer parentheses.'),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_with_its_place_and_the_near_word(text, place, told):
    with pytest.raises(PhraseError) as caught:
        parse(text, default_zone="UTC")
    error = caught.value
    assert str(error) == told
    assert text[error.start : error.end] == place
    assert str(pickle.loads(pickle.dumps(error))) == told


@pytest.mark.feature("SCH-06")
@pytest.mark.parametrize(
    ("text", "place", "members"),
    [
        ("every day at 8, rolled forward on us and gb-eng days", "us and gb-eng days", "us, gb-eng"),
        ("every day at 8 on US days and gb-eng days", "US days and gb-eng days", "us, gb-eng"),
        ("every day only on both us and gb-eng days, at 8", "us and gb-eng days", "us, gb-eng"),
        ('every day on us, de and "our days" days at 8', 'us, de and "our days" days', "us, de, our days"),
    ],
)
def test_two_calendars_in_one_rule_become_one_that_is_named(text, place, members):
    with pytest.raises(PhraseError) as caught:
        parse(text, default_zone="UTC")
    error = caught.value
    assert text[error.start : error.end] == place
    assert "a rule takes one" in error.message
    assert f'"all_of: [{members}]"' in error.fix
    assert "Did you mean" not in error.fix


@pytest.mark.parametrize(
    "text",
    [
        "every day on us days, rolled forward, at 8",
        "every day on us days at 8 and also on the 1st, rolled forward on gb-eng days, at 9",
        "every day on us days and also on de-he days",
        "every day on us days but not on gb-eng days every monday",
    ],
)
def test_one_calendar_for_each_rule_is_no_second_one(text):
    try:
        parse(text, default_zone="UTC")
    except PhraseError as error:
        assert "a rule takes one" not in error.message


def test_a_word_that_stands_in_the_wrong_place_is_not_suggested_away():
    for word in ("on", "only"):
        with pytest.raises(PhraseError) as caught:
            parse(f"every day at 8 {word} us", default_zone="UTC")
        assert "Did you mean" not in str(caught.value)


@pytest.mark.feature("SCH-05")
def test_shorter_months_of_one_of_several_rules_are_read_back():
    members = [{"every": "day"}, {"every": "month", "on": {"day": 29, "short": "skip"}}, {"events": "board-meeting"}]
    whole = {"union": members, "at": "08:00", "zone": "UTC"}
    assert "(on the 29th of every month, skipping shorter months)" in write(whole)
    assert parse(write(whole), default_zone="UTC") == whole


def test_an_endless_text_is_refused():
    with pytest.raises(PhraseError, match="too long"):
        parse("every day " * 1000, default_zone="UTC")


def test_an_interval_counts_from_a_day_that_the_caller_may_give():
    with pytest.raises(RuleError, match="date to count from"):
        timing_from(parse("every 2 days at 8", default_zone="UTC"), default_zone="UTC")
    found = parse("every 90 minutes", default_zone="UTC", count_from=date(2026, 11, 24))
    assert timing_from(found, default_zone="UTC").rule.seconds == 5400
    assert "anchor" not in parse("every day at 8", default_zone="UTC", count_from=date(2026, 11, 24))


def test_what_has_no_words_is_refused():
    with pytest.raises(RuleError, match="has no words"):
        write({"every": "fortnight"})
