from .mailing import Mailing
from .notification import Notification

__all__ = ["Mailing", "Notification"]
