"""The nouns of ``accounts``: who exists, in what capacity, and since when."""

from accounts.models.body import Body, BodyKind, College, Seat, Voice
from accounts.models.event import AccountEvent
from accounts.models.organisation import LegalForm, Membership, MembershipRole, Organisation
from accounts.models.post import Post, PostRole
from accounts.models.region import Region
from accounts.models.user import User

__all__ = [
    "AccountEvent",
    "Body",
    "BodyKind",
    "College",
    "LegalForm",
    "Membership",
    "MembershipRole",
    "Organisation",
    "Post",
    "PostRole",
    "Region",
    "Seat",
    "User",
    "Voice",
]
