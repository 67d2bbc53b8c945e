"""Whether a run's content looks right before it is sent: pure judgements with the figures they rest on."""

from .findings import CHECKS, Checked, Finding, Past
from .judge import judge_batch, judge_files, judge_slice, judge_stale
from .limits import Limits

__all__ = [
    "CHECKS",
    "Checked",
    "Finding",
    "Limits",
    "Past",
    "judge_batch",
    "judge_files",
    "judge_slice",
    "judge_stale",
]
