"""Who is asking. It comes from the login, never from the conversation or a caller's context."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from langgraph.runtime import Runtime

__all__ = ["LocalAccount", "NoAccessError", "Role", "User", "store_label", "user_of"]


class NoAccessError(PermissionError):
    """Nobody is logged in, or the thread belongs to somebody else."""


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


@dataclass(frozen=True)
class LocalAccount:
    """A user in the form that LangGraph hands to a graph: the person at this machine's terminal."""

    user: User

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def identity(self) -> str:
        return self.user.identity

    @property
    def display_name(self) -> str:
        return self.user.display_name

    @property
    def permissions(self) -> Sequence[str]:
        return ()

    def __getitem__(self, key: str) -> Any:
        return getattr(self.user, key)

    def __contains__(self, key: str) -> bool:
        return key in User.__slots__

    def __iter__(self) -> Iterator[str]:
        return iter(User.__slots__)


def store_label(part: str) -> str:
    """An identity or thread id as a part of a store namespace: namespaces refuse dots."""
    return part.replace("%", "%25").replace(".", "%2E")


def user_of(runtime: Runtime[Any]) -> User:
    """The user of this run. Raises NoAccessError when nobody is logged in."""
    account = runtime.server_info.user if runtime.server_info else None
    if account is None or not account.identity:
        raise NoAccessError("nobody is logged in: no access (set up authentication on the server)")

    def claim(name: str) -> str:
        return str(account[name] or "") if name in account else ""

    role = claim("role") or Role.PUBLIC
    if role not in set(Role):
        raise NoAccessError(f"role: {role!r} is not known; accepted: {', '.join(Role)}")
    return User(account.identity, Role(role), account.display_name or "", claim("email"))
