from .feed import FeedAddress
from .organization import Membership, Organization
from .role import Role
from .tally import Tally
from .team import Contact, Team
from .token import Token
from .user import User
from .workspace import GrantedRole, Placement, Workspace

__all__ = [
    "Contact",
    "FeedAddress",
    "GrantedRole",
    "Membership",
    "Organization",
    "Placement",
    "Role",
    "Tally",
    "Team",
    "Token",
    "User",
    "Workspace",
]
