from .feed import FeedAddress
from .organization import Membership, Organization
from .token import Token
from .user import User

__all__ = ["FeedAddress", "Membership", "Organization", "Token", "User"]
