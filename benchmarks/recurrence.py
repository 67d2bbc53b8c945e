"""The next firing of a rule: ours against croniter, cronsim, dateutil and APScheduler, on the same rules in one run.

Method: every library gets the same rule, zone (New York) and instant, and must give the same next five firings first.
"One call" asks for the next firing after an instant with the rule read beforehand where the library can keep it;
croniter and cronsim start from an expression each time, as they must for a new instant. "Iterated" is the mean over the
firings that follow. Ours comes in UTC and local time, and with its reason, which is put into words when it is read: "in words"
does that each time. All are warm, on one core, and take turns in
rounds; CPU time counts, and each one's best round, so that what else the machine does is left out. Rules by a calendar, which
no peer has, stand beside croniter's for the last day of the month, which asks none. "Age" is one call of
RRULEs that began 1, 10 and 50 years ago. The batch is 1,000,000 calls over 1,000 rules of ten kinds in twelve zones, at
instants spread over a year.

    python benchmarks/recurrence.py --batch 1000000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from croniter import croniter
from cronsim import CronSim
from dateutil.rrule import rrulestr

from broadsheet.core.recurrence import Timing, firings, next_firing, timing_from
from broadsheet.core.recurrence.calendars import Business, YearlyDays

ZONE = "America/New_York"
HERE = ZoneInfo(ZONE)
NOW = datetime(2026, 3, 2, 12, 7, tzinfo=HERE)
ROUNDS = 5
ITERATED = 300
RESULTS = Path(__file__).parent / "results" / "recurrence.json"
CRONS = {
    "weekdays at eight": "0 8 * * 1-5",
    "every 15 minutes": "*/15 * * * *",
    "last day of the month": "0 7 L * *",
    "second Friday": "30 9 * * 5#2",
    "New Year": "0 0 1 1 *",
}
RRULES = {
    "every 2 weeks": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "last weekday of the month": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "every 5 hours": "FREQ=HOURLY;INTERVAL=5",
}
ZONES = (
    "UTC", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Europe/Berlin",
    "Africa/Cairo", "Asia/Kolkata", "Asia/Tokyo", "Asia/Singapore", "Australia/Sydney", "Pacific/Auckland",
)  # fmt: skip
OURS_IN_WORDS = "ours, in words"
Work = Callable[[], object]
Walk = Callable[[], Iterator[datetime]]


def timing(when: dict[str, object], zone: str = ZONE) -> Timing:
    return timing_from(when, default_zone=zone, calendars=CALENDARS)


def lines(rule: str, year: int) -> str:
    return f"DTSTART;TZID={ZONE}:{year}0105T080000\nRRULE:{rule}"


HOLIDAYS = YearlyDays(closed=(((1, 1), "New Year"), ((7, 4), "Independence Day"), ((12, 25), "Christmas Day")))
CALENDARS = {"office": Business("Office", sources=(HOLIDAYS,))}
CALENDAR_RULES: dict[str, dict[str, object]] = {
    "31st, rolled by a calendar": {"every": "month", "on": 31, "roll": "modified-following", "calendar": "office", "at": "07:00"},
    "third business day": {"every": "month", "on": {"business_day": 3}, "calendar": "office", "at": "07:00"},
    "2 business days before quarter's end": {
        "every": "quarter", "on": {"day": -1}, "offset": {"business_days": -2}, "calendar": "office", "at": "07:00",
    },
}  # fmt: skip


def our_work(mine: Timing) -> dict[str, tuple[Work, Walk]]:
    """The engine alone, and with every reason read."""

    def in_words() -> str:
        firing = next_firing(mine, after=NOW)
        return firing.reason if firing else ""

    return {
        "ours": (lambda: next_firing(mine, after=NOW), lambda: (one.at for one in firings(mine, after=NOW))),
        OURS_IN_WORDS: (in_words, lambda: (one.at for one in firings(mine, after=NOW) if one.reason)),
    }


def cron_work(expression: str) -> dict[str, tuple[Work, Walk]]:
    mine = timing({"cron": expression})

    def croniter_walk() -> Iterator[datetime]:
        found = croniter(expression, NOW)
        while True:
            yield found.get_next(datetime)

    work: dict[str, tuple[Work, Walk]] = {
        **our_work(mine),
        "croniter": (lambda: croniter(expression, NOW).get_next(datetime), croniter_walk),
        "cronsim": (lambda: next(CronSim(expression, NOW)), lambda: iter(CronSim(expression, NOW))),
    }
    if not any(letter in expression for letter in "L#"):
        trigger = CronTrigger.from_crontab(names(expression), timezone=HERE)
        work["APScheduler"] = (lambda: trigger.get_next_fire_time(None, NOW), lambda: fired(trigger))
    return work


def names(expression: str) -> str:
    """APScheduler counts weekdays from Monday, so they go in by name."""
    *fields, weekday = expression.split()
    return " ".join([*fields, "mon-fri" if weekday == "1-5" else weekday])


def fired(trigger: CronTrigger) -> Iterator[datetime]:
    last = None
    while True:
        moment = NOW if last is None else last + timedelta(microseconds=1)
        last = trigger.get_next_fire_time(last, moment)
        yield last


def calendar_work(when: dict[str, object]) -> dict[str, tuple[Work, Walk]]:
    """Rules that no peer has: beside croniter's for the last day of the month, which asks no calendar."""
    mine, expression = timing(when), CRONS["last day of the month"]
    return {
        **our_work(mine),
        "croniter, L": cron_work(expression)["croniter"],
    }


def rrule_work(rule: str, year: int = 2016) -> dict[str, tuple[Work, Walk]]:
    mine = timing({"rrule": lines(rule, year)})
    theirs = rrulestr(lines(rule, year))
    return {
        **our_work(mine),
        "dateutil": (lambda: theirs.after(NOW), lambda: theirs.xafter(NOW)),
    }


def alike(rule: str, work: dict[str, tuple[Work, Walk]]) -> None:
    """End unless all give the same firings: otherwise the figures would mean nothing."""
    found = {name: [one.astimezone(UTC) for one in islice(walk(), 5)] for name, (_, walk) in work.items()}
    if len({tuple(moments) for moments in found.values()}) > 1:
        sys.exit(f"{rule}: {found}")


def measured(work: dict[str, tuple[Work, Walk]]) -> dict[str, dict[str, float]]:
    """Microseconds of one call and of one step of a walk, the best of some rounds."""
    best = {name: {"one_call_us": 1e9, "iterated_us": 1e9} for name in work}
    for _ in range(ROUNDS):
        for name, (call, walk) in work.items():
            calls = calibrated(call)
            best[name]["one_call_us"] = min(
                best[name]["one_call_us"], timed(lambda c=call, n=calls: repeat(c, n)) / calls
            )
            steps = ITERATED if name != "dateutil" else 50
            took = timed(lambda w=walk, n=steps: sum(1 for _ in islice(w(), n)))
            best[name]["iterated_us"] = min(best[name]["iterated_us"], took / steps)
    return {name: {what: round(value, 2) for what, value in one.items()} for name, one in best.items()}


def calibrated(call: Work) -> int:
    """As many calls as take some 20 ms."""
    return max(1, min(3000, int(20_000 / timed(call))))


def repeat(call: Work, number: int) -> None:
    for _ in range(number):
        call()


def timed(work: Work) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e6


def aged() -> dict[str, dict[str, float]]:
    """One call of rules that began so many years ago."""
    found: dict[str, dict[str, float]] = {}
    for years in (1, 10, 50):
        for name, rule in RRULES.items():
            work = rrule_work(rule, 2026 - years)
            for who, figures in measured(work).items():
                found.setdefault(f"{who}, {name}", {})[f"{years} years"] = figures["one_call_us"]
    return found


def batch(number: int) -> dict[str, float]:
    """So many next firings of mixed rules, one after the other."""
    timings = [
        timing(when, zone)
        for zone in ZONES
        for hour in range(6, 18)
        for when in (
            {"every": "day", "at": f"{hour:02}:00"},
            {"every": "weekday", "at": [f"{hour:02}:00", f"{hour:02}:30"]},
            {"every": "week", "on": ["mon", "thu"], "interval": 2, "anchor": "2016-01-04", "at": f"{hour:02}:15"},
            {
                "every": "month",
                "on": {"day": 31},
                "at": f"{hour:02}:00",
                "roll": "modified-following",
                "calendar": "office",
            },
            {"every": "month", "on": {"business_day": 3}, "calendar": "office", "at": f"{hour:02}:00"},
            {"every": "quarter", "on": {"nth": -1, "weekday": "fri"}, "fiscal": "apr", "at": f"{hour:02}:00"},
            {"cron": f"0 {hour} * * 1-5"},
            {"cron": f"*/15 {hour}-20 L * *"},
            {"rrule": f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR={hour};BYMINUTE=0;BYSECOND=0"},
            {"every": {"minutes": 90}, "anchor": f"2016-01-04 {hour:02}:00"},
        )
    ][:1000]
    instants = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=8.7 * n) for n in range(1000)]
    start = time.process_time()
    for index in range(number):
        next_firing(timings[index % len(timings)], after=instants[(index * 7 + index // 1000) % 1000])
    seconds = time.process_time() - start
    return {"firings": number, "seconds": round(seconds, 2), "per_second": round(number / seconds)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--batch", type=int, default=1_000_000, help="next firings of the batch (default 1,000,000)")
    chosen = options.parse_args()
    works = {name: cron_work(expression) for name, expression in CRONS.items()}
    works |= {name: rrule_work(rule) for name, rule in RRULES.items()}
    found = {}
    for name, work in works.items():
        alike(name, work)
        found[name] = measured(work)
    found |= {name: measured(calendar_work(when)) for name, when in CALENDAR_RULES.items()}
    report(found, aged(), batch(chosen.batch))


def report(
    found: dict[str, dict[str, dict[str, float]]], age: dict[str, dict[str, float]], many: dict[str, float]
) -> None:
    ratios: dict[str, float] = {}
    print(f"{'':<38}{'':<14}{'one call':>12}{'ours is':>10}{'iterated':>12}{'ours is':>10}")
    for rule, figures in found.items():
        mine = figures["ours"]
        for who, one in figures.items():
            call, step = one["one_call_us"] / mine["one_call_us"], one["iterated_us"] / mine["iterated_us"]
            print(
                f"{rule:<38}{who:<14}{one['one_call_us']:>9.1f} µs{call:>9.1f}×{one['iterated_us']:>9.1f} µs{step:>9.1f}×"
            )
            if who not in ("ours", OURS_IN_WORDS):
                ratios[f"{rule}: one call, {who} to ours"] = round(call, 1)
                ratios[f"{rule}: iterated, {who} to ours"] = round(step, 1)
    for name, years in age.items():
        print(f"{name:<42}" + "".join(f"{what:>10}{value:>10.1f} µs" for what, value in years.items()))
    print(
        f"{many['firings']:,.0f} next firings of mixed rules in {many['seconds']:.1f} s: {many['per_second']:,.0f} a second"
    )
    RESULTS.parent.mkdir(exist_ok=True)
    content = {
        "peers": {
            rule: {who: one for who, one in figures.items() if who not in ("ours", OURS_IN_WORDS)}
            for rule, figures in found.items()
        },
        "ours": {**{rule: figures["ours"] for rule, figures in found.items()}, "age": age, "batch": many},
        OURS_IN_WORDS: {rule: figures[OURS_IN_WORDS] for rule, figures in found.items()},
        "ratios": ratios,
        "method": " ".join((__doc__ or "").split("\n\n")[1].split()),
    }
    RESULTS.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
