from .calendar import Calendar
from .condition import AlarmState, Evaluation, Wait
from .event import Event, Listener
from .hook import Hook, HookCall
from .milestone import Milestone
from .schedule import Schedule
from .start import Start

__all__ = [
    "AlarmState",
    "Calendar",
    "Evaluation",
    "Event",
    "Hook",
    "HookCall",
    "Listener",
    "Milestone",
    "Schedule",
    "Start",
    "Wait",
]
