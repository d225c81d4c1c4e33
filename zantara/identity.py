"""Who is asking. It comes from the login, never from the conversation or a caller's context."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Role", "User"]


class Role(StrEnum):
    PUBLIC = "public"
    CLIENT = "client"
    STAFF = "staff"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class User:
    """The authenticated user. `identity` keys everything that is stored for them."""

    identity: str
    role: Role = Role.PUBLIC
    display_name: str = ""
    email: str = ""
