from .calendar import Calendar
from .event import Event, Listener
from .hook import Hook, HookCall
from .milestone import Milestone
from .schedule import Schedule
from .start import Start

__all__ = ["Calendar", "Event", "Hook", "HookCall", "Listener", "Milestone", "Schedule", "Start"]
