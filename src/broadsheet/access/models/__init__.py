from .organization import Membership, Organization
from .token import Token
from .user import User

__all__ = ["Membership", "Organization", "Token", "User"]
