from .calendar import Calendar
from .schedule import Schedule

__all__ = ["Calendar", "Schedule"]
