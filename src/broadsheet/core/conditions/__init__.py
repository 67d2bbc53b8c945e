"""Whether a figure is what somebody waits to hear of: levels, changes and anomalies, and the state that they leave."""

from .alarm import Alarm, Answer, Failed, NoData, Policy, Seen, Verdict, answer
from .anomaly import robust_z
from .rehearsal import Rehearsed, rehearse
from .threshold import Anomaly, Change, Judged, Level, Threshold, judge

__all__ = [
    "Alarm", "Anomaly", "Answer", "Change", "Failed", "Judged", "Level", "NoData", "Policy", "Rehearsed", "Seen", "Threshold", "Verdict",
    "answer", "judge", "rehearse", "robust_z",
]  # fmt: skip
