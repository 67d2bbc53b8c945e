"""The judgements. Each compares with what the schedule itself used to make, by the median, so that one odd run in the past
neither hides a fault nor makes one. A first run has nothing to be compared with, and passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from .findings import Checked, Finding, Past
from .limits import Limits

MEGABYTE = 1_000_000
MAIL_MEGABYTES = 25.0  # what most mail servers take
AGES = 1.5  # data so many times as old as it ever was before a run is stale
AGE_HOURS = 1.0  # and at least so much older
LEAST_HELD = 2  # slices; one of a few is its own affair, unless it is the only one


def judge_slice(
    limits: Limits,
    counts: Mapping[str, int],
    *,
    rows: int,
    failed: Mapping[str, str],
    blocks: Mapping[str, str],
    past: Sequence[Past],
    weekday: int | None = None,
) -> list[Finding]:
    """What looks wrong with one slice. *counts*: rows by request name; *rows*: over all; *failed*: why a request has no
    answer, by its name; *blocks*: what the block over a request is called. *weekday* (0 is Monday): of all of *past*."""
    return [
        *_failed(limits, failed, blocks),
        *_blank(limits, counts, blocks, past, weekday),
        *_collapsed(limits, rows, [one.rows for one in past], weekday),
    ]


def _failed(limits: Limits, failed: Mapping[str, str], blocks: Mapping[str, str]) -> Iterator[Finding]:
    if limits.failed_block == "off":
        return
    for name, why in failed.items():
        yield Finding(
            "failed_block", limits.failed_block, {"data": name, "block": blocks.get(name.partition(".")[0], name), "why": why}
        )  # fmt: skip


def _blank(
    limits: Limits, counts: Mapping[str, int], blocks: Mapping[str, str], past: Sequence[Past], weekday: int | None
) -> Iterator[Finding]:
    """A block that had rows in every earlier run; one that is empty now and then is empty by its nature."""
    if limits.blank_block == "off":
        return
    for name, title in blocks.items():
        before = [one.counts[name] for one in past if name in one.counts]
        if counts.get(name) == 0 and len(before) >= limits.runs and all(before):
            figures = {"data": name, "block": title, "usual": round(median(before)), "runs": len(before), "weekday": weekday}  # fmt: skip
            yield Finding("blank_block", limits.blank_block, figures)


def _collapsed(limits: Limits, rows: int, past: Sequence[int], weekday: int | None) -> Iterator[Finding]:
    if limits.collapse == "off" or len(past) < limits.runs:
        return
    usual = median(past)
    if usual >= limits.usual_least and rows < usual * limits.percent / 100:
        figures = {"rows": rows, "usual": round(usual), "runs": len(past), "weekday": weekday}
        yield Finding("collapse", limits.collapse, figures)


def judge_batch(limits: Limits, slices: Sequence[Checked], *, weekday: int | None = None) -> list[Finding]:
    """What looks wrong with all of *slices* together: their rows collapsed, or too many of them are held."""
    known = [one for one in slices if len(one.past) >= limits.runs]
    found: list[Finding] = []
    if known:
        rounds = min(len(one.past) for one in known)
        totals = [sum(one.past[index].rows for one in known) for index in range(rounds)]
        found += _collapsed(limits, sum(one.rows for one in known), totals, weekday)
    held = sum(one.held for one in slices)
    if held and (held == len(slices) or (held >= LEAST_HELD and held * 100 > limits.share * len(slices))):
        found.append(Finding("share", "hold", {"held": held, "slices": len(slices)}))
    return found


def judge_stale(limits: Limits, ages: Mapping[str, float], past: Mapping[str, Sequence[float]]) -> list[Finding]:
    """Datasets whose newest row is too old. *ages*: hours at the cut-off, by dataset; *past*: those of earlier runs.

    Without a limit that somebody set, data is stale when it is half as old again as it ever was.
    """
    if limits.stale == "off":
        return []
    found = []
    for name, age in ages.items():
        before, limit = past.get(name, ()), limits.stale_hours
        if limit is None and len(before) >= limits.runs:
            limit = max(before) * AGES + AGE_HOURS
        if limit is not None and age > limit:
            figures = {"dataset": name, "age": round(age), "limit": round(limit), "set": limits.stale_hours is not None}
            found.append(Finding("stale", limits.stale, figures))
    return found


def judge_files(
    limits: Limits, sizes: Mapping[str, int], *, mailed: bool, channel: str = "", most: float | None = None
) -> list[Finding]:
    """Files of one delivery that are empty, or too large together. *sizes*: bytes by file name; *mailed*: they go by e-mail;
    *most*: the MB that *channel* takes at most, where it says so. Of that and the schedule's own the less counts."""
    if limits.size == "off":
        return []
    found = [Finding("empty_file", limits.size, {"file": name}) for name, size in sizes.items() if size == 0]
    said = [one for one in (limits.megabytes, most) if one is not None]
    limit = min(said) if said else MAIL_MEGABYTES if mailed else None
    total = sum(sizes.values()) / MEGABYTE
    if limit is not None and total > limit:
        by = {"channel": channel} if most == limit else {}
        found.append(Finding("size", limits.size, {"megabytes": round(total, 1), "limit": limit, **by}))
    return found
