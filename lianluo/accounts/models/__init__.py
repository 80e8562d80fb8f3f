from .grant import RoleGrant
from .proof import ApiToken, OneTimeCode, PersonalLink, UserSession
from .user import User

__all__ = ["ApiToken", "OneTimeCode", "PersonalLink", "RoleGrant", "User", "UserSession"]
